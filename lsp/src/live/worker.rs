//! The thread that counts. It has what it needs of the loop's state handed to it, and gives its results back as jobs; the loop never
//! waits for it, and it ends with the loop.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::{Arc, Weak, mpsc};
use std::thread;

use tower_lsp::ls_types::MessageType;

use super::AsOf;
use super::counting::{self, Around, Failure, Memory, Outcome};
use super::desk::{Desk, Errand, Request, Work};
use super::quiet::{Quiet, step_back};
use crate::outgoing::Outgoing;
use crate::server::{Job, Pending, STACK};
use crate::workspace::disk::Disk;

/// What the thread needs of the world around it.
pub(super) struct World {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) as_of: AsOf,
    /// To the loop, while there is one.
    pub(super) back: Weak<mpsc::Sender<Job>>,
    pub(super) log: Outgoing,
    /// The keys that it gives way to.
    pub(super) keys: Pending,
}

/// The loop's end of it.
pub(super) struct Worker(Arc<Desk>);

impl Worker {
    pub(super) fn begin(around: World) -> Self {
        let desk = Arc::new(Desk::default());
        let (there, log) = (Arc::clone(&desk), around.log.clone());
        let begun =
            thread::Builder::new().name("counts".to_owned()).stack_size(STACK).spawn(move || run(&there, &around));
        if let Err(error) = begun {
            log.log(MessageType::ERROR, format!("nothing can be counted: {error}"));
        }
        Self(desk)
    }

    pub(super) fn count(&self, request: Request) {
        self.0.ask(request);
    }

    pub(super) fn send(&self, errand: Errand) {
        self.0.send(errand);
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.0.close();
    }
}

fn run(desk: &Desk, around: &World) {
    step_back();
    let rest: &dyn Fn(std::time::Duration) = &|time| thread::sleep(time);
    let quiet = Quiet::new(&around.keys, rest);
    let mut memories: HashMap<PathBuf, Memory> = HashMap::new();
    while let Some(work) = desk.next() {
        let (request, stop) = match work {
            Work::Errand(errand) => {
                if std::panic::catch_unwind(AssertUnwindSafe(errand)).is_err() {
                    around
                        .log
                        .log(MessageType::ERROR, "something went wrong in what was asked for; the server goes on");
                }
                continue;
            }
            Work::Count(request, stop) => (request, stop),
        };
        let folder = request.wanted.folder.clone();
        // What was in the middle of something is not believed any more.
        let mut memory = memories.remove(&folder).unwrap_or_default();
        let goes_on = || quiet.goes_on(&stop);
        let counted = std::panic::catch_unwind(AssertUnwindSafe(|| {
            let around = Around { disk: &around.disk, as_of: &around.as_of, goes_on: &goes_on };
            // Before anything is opened: most of what is asked for while somebody types is asked for anew with the next key.
            let outcome =
                if goes_on() { counting::count(&request.wanted, &mut memory, &around) } else { Ok(Outcome::Stopped) };
            (outcome, memory)
        }));
        let outcome = match counted {
            Ok((outcome, memory)) => {
                memories.insert(folder, memory);
                outcome
            }
            Err(_) => {
                around
                    .log
                    .log(MessageType::ERROR, "something went wrong while a client was counted; the server goes on");
                Err(Failure::Unreadable)
            }
        };
        if matches!(outcome, Ok(Outcome::Stopped)) {
            desk.done(Some(request));
            continue;
        }
        desk.done(None);
        tell(around, &request, outcome);
    }
}

/// Gives the loop what came of a request.
fn tell(around: &World, request: &Request, outcome: Result<Outcome, Failure>) {
    let Some(back) = around.back.upgrade() else { return };
    let (ticket, folder) = (request.ticket, request.wanted.folder.clone());
    // The loop may have ended meanwhile.
    let _ = back.send(Box::new(move |server| server.counted(ticket, &folder, outcome)));
}
