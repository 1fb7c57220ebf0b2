//! The loop that owns all state: takes one thing after the other, and does what can wait while nothing else is to be done.
//!
//! Whatever goes wrong with one of them, the next one is taken: what was worked out before is thrown away then, the texts are kept.

mod pending;

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, mpsc};
use std::thread;

use tower_lsp::ls_types::{MessageType, Uri};

use crate::Settings;
use crate::features::diagnostics;
use crate::features::initialize::Editor;
use crate::features::semantic_tokens::Given;
use crate::live::{self, Live};
use crate::outgoing::Outgoing;
use crate::text::Encoding;
use crate::workspace::Workspace;

pub(crate) use pending::Pending;

/// Something for the loop to do.
pub(crate) type Job = Box<dyn FnOnce(&mut Server) + Send>;

/// The compiler walks trees that a text may nest deeply: bytes of stack.
pub(crate) const STACK: usize = 32 << 20;

/// All that the server knows.
pub(crate) struct Server {
    pub(crate) workspace: Workspace,
    /// The unit that was agreed on.
    pub(crate) encoding: Encoding,
    /// What the editor can.
    pub(crate) editor: Editor,
    pub(crate) outgoing: Outgoing,
    pub(crate) pending: Pending,
    pub(crate) version: &'static str,
    /// What the clients' CRMs say.
    pub(crate) live: Live,
    /// What each file's findings were when they were last told, where they are told without being asked for.
    pub(crate) told: diagnostics::Told,
    /// What each document's colours were when they were last given.
    pub(crate) given: Given,
}

/// Begins the loop; it ends when nobody can give it anything to do.
pub(crate) fn begin(outgoing: Outgoing, settings: Settings, pending: Pending) -> Arc<mpsc::Sender<Job>> {
    let (sender, jobs) = mpsc::channel();
    let sender = Arc::new(sender);
    let world = (Arc::clone(&settings.disk), settings.as_of);
    let live = Live::begin(Arc::downgrade(&sender), world, outgoing.clone(), pending.clone());
    let server = Server {
        workspace: Workspace::new(settings.disk, settings.standard),
        encoding: Encoding::default(),
        editor: Editor::default(),
        outgoing,
        pending,
        version: settings.version,
        live,
        told: diagnostics::Told::default(),
        given: Given::default(),
    };
    let log = server.outgoing.clone();
    let begun = thread::Builder::new().name("playbooks".to_owned()).stack_size(STACK).spawn(move || run(server, &jobs));
    if let Err(error) = begun {
        log.log(MessageType::ERROR, format!("the server could not begin its work: {error}"));
    }
    sender
}

fn run(mut server: Server, jobs: &mpsc::Receiver<Job>) {
    loop {
        let job = match jobs.try_recv() {
            Ok(job) => job,
            Err(mpsc::TryRecvError::Disconnected) => return,
            Err(mpsc::TryRecvError::Empty) => {
                if server.guarded(diagnostics::meanwhile).unwrap_or(true) {
                    continue;
                }
                server.guarded(live::meanwhile);
                let Ok(job) = jobs.recv() else { return };
                job
            }
        };
        server.guarded(job);
    }
}

impl Server {
    /// Does something that may go wrong in ways that nobody has foreseen; none where it has.
    fn guarded<R>(&mut self, work: impl FnOnce(&mut Self) -> R) -> Option<R> {
        let done = std::panic::catch_unwind(AssertUnwindSafe(|| work(self)));
        if done.is_err() {
            self.outgoing.log(
                MessageType::ERROR,
                "something went wrong in the server; it begins anew with the texts that are open",
            );
            self.workspace.forget_all_but_texts();
        }
        done.ok()
    }

    /// Whether something is told without being asked for: to an editor that cannot ask.
    pub(crate) fn tells(&self) -> bool {
        !self.editor.pulls_diagnostics
    }

    /// A path as the editor names it.
    pub(crate) fn uri(&self, path: &std::path::Path) -> Option<Uri> {
        self.workspace.uri(path)
    }
}
