//! Live data: how many contacts each rule, route and stage of a client concerns today, and who would move if what is open were saved.
//!
//! [`Live`] is what the loop has of it: whom it wants counted, and what it was told last. A thread of its own reads the CRM, read-only,
//! and compares with the playbook on the disk; its results come back as jobs, and one that is older than what is known is dropped.
//! Nothing here waits. What the CRM says of people is shown to whoever asks and is in no line of a log.

mod base;
mod counting;
pub(crate) mod counts;
mod desk;
pub(crate) mod places;
mod quiet;
mod shown;
mod stamp;
mod tally;
mod test_run;
#[cfg(test)]
mod tests;
pub(crate) mod words;
mod worker;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak, mpsc};

use compiler::program::Program;
use jiff::Timestamp;
use runtime::crm::Crm;
use tower_lsp::ls_types::MessageType;

use crate::outgoing::{Again, Outgoing};
use crate::server::{Job, Pending, Server};
use crate::workspace::client::Compilation;
use crate::workspace::disk::Disk;

use counting::{Failure, Outcome, Wanted};
use counts::Counts;
use desk::Request;
use worker::{Worker, World};

pub(crate) use shown::{Shown, in_short};

/// The instant that a client's CRM, in its folder, is asked about.
pub type AsOf = Arc<dyn Fn(&Crm, &Path) -> Timestamp + Send + Sync>;

/// What the loop knows of all clients' CRMs.
pub(crate) struct Live {
    clients: BTreeMap<PathBuf, Known>,
    worker: Worker,
    /// Counts requests.
    ticket: u64,
}

/// What it knows of one.
#[derive(Default)]
struct Known {
    /// Somebody has asked about it, also where no file of its own folder is open.
    is_wanted: bool,
    /// The compilation that was last looked at, whatever came of it.
    seen: Weak<Compilation>,
    /// The compilation that was last given to the worker.
    asked: Weak<Compilation>,
    crm_changed: bool,
    /// Of the request that gave the counts.
    ticket: u64,
    counts: Option<Arc<Counts>>,
    failure: Option<Failure>,
}

impl Known {
    /// Whether a compilation was looked at, and nothing has changed since.
    fn has_seen(&self, compilation: &Arc<Compilation>) -> bool {
        !self.crm_changed && is(&self.seen, compilation)
    }
}

fn is(known: &Weak<Compilation>, compilation: &Arc<Compilation>) -> bool {
    std::ptr::eq(known.as_ptr(), Arc::as_ptr(compilation))
}

impl Live {
    /// Begins the thread that counts.
    pub(crate) fn begin(
        back: Weak<mpsc::Sender<Job>>,
        (disk, as_of): (Arc<dyn Disk>, AsOf),
        log: Outgoing,
        keys: Pending,
    ) -> Self {
        let worker = Worker::begin(World { disk, as_of, back, log, keys });
        Self { clients: BTreeMap::new(), worker, ticket: 0 }
    }

    /// The last counts of a client; none before the first ones, and none without a CRM.
    pub(crate) fn counts(&self, folder: &Path) -> Option<&Arc<Counts>> {
        self.clients.get(folder)?.counts.as_ref()
    }

    /// From now on a client is counted, whether or not a file of its own folder is open.
    pub(crate) fn want(&mut self, folder: &Path) {
        if let Some(known) = self.clients.get_mut(folder) {
            if !known.is_wanted {
                known.is_wanted = true;
                known.seen = Weak::new();
            }
        } else {
            self.clients.insert(folder.to_owned(), Known { is_wanted: true, ..Known::default() });
        }
    }

    /// The file of a CRM has changed, or may have; whether the path is one.
    pub(crate) fn file_changed(&mut self, path: &Path) -> bool {
        let is_crm = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(counting::CRM));
        if is_crm && let Some(known) = path.parent().and_then(|folder| self.clients.get_mut(folder)) {
            known.crm_changed = true;
        }
        is_crm
    }

    /// Runs a test on the worker's thread, and gives what came of it to whoever waits; nothing where there is no such test.
    pub(crate) fn run_test(
        &self,
        program: Arc<Program>,
        test: String,
        then: impl FnOnce(Option<(MessageType, String)>) + Send + 'static,
    ) {
        self.worker.send(Box::new(move || then(test_run::run(&program, &test))));
    }

    fn consider(&mut self, compilation: &Arc<Compilation>, open: Vec<(PathBuf, Arc<str>)>) {
        let known = self.clients.entry(compilation.folder.clone()).or_default();
        known.seen = Arc::downgrade(compilation);
        let crm_changed = std::mem::take(&mut known.crm_changed);
        // While there are errors the last counts stay.
        let Some(program) = compilation.program.clone() else { return };
        let only_if_crm_changed = crm_changed && is(&known.asked, compilation);
        known.asked = Arc::downgrade(compilation);
        self.ticket += 1;
        let (folder, compilation) = (compilation.folder.clone(), Arc::downgrade(compilation));
        let wanted = Wanted { compilation, folder, program, open, only_if_crm_changed };
        self.worker.count(Request { ticket: self.ticket, wanted });
    }
}

/// What is done while nothing else is to be done: clients that have changed since they were counted are given to the worker.
pub(crate) fn meanwhile(server: &mut Server) {
    for folder in server.workspace.folders() {
        let Some(compilation) = server.workspace.fresh(&folder) else { continue };
        let known = server.live.clients.get(&folder);
        if known.is_some_and(|known| known.has_seen(&compilation)) {
            continue;
        }
        let files = &server.workspace.files;
        let texts =
            compilation.paths.iter().filter_map(|path| Some((path.clone(), Arc::clone(&files.document(path)?.text))));
        let open: Vec<(PathBuf, Arc<str>)> = texts.collect();
        let is_at_hand = open.iter().any(|(path, _)| path.parent() == Some(&folder));
        if folder.is_absolute() && (is_at_hand || known.is_some_and(|known| known.is_wanted)) {
            server.live.consider(&compilation, open);
        } else if let Some(known) = server.live.clients.get_mut(&folder) {
            known.seen = Arc::downgrade(&compilation);
        }
    }
}

impl Server {
    /// The worker is done with a request.
    fn counted(&mut self, ticket: u64, folder: &Path, outcome: Result<Outcome, Failure>) {
        let Some(known) = self.live.clients.get_mut(folder) else { return };
        if ticket < known.ticket {
            return;
        }
        known.ticket = ticket;
        let counts = match outcome {
            Ok(Outcome::Same | Outcome::Stopped | Outcome::Gone) => return,
            Ok(Outcome::NoCrm) => None,
            Ok(Outcome::Counted(counts)) => Some(Arc::new(counts)),
            Err(failure) => {
                if known.failure.replace(failure) != Some(failure) {
                    self.outgoing.log(MessageType::WARNING, format!("live data is not to be had: {failure}"));
                }
                return;
            }
        };
        known.failure = None;
        let is_as_before = match (&known.counts, &counts) {
            (Some(before), Some(now)) => before.shows_the_same(now),
            (None, None) => true,
            _ => false,
        };
        known.counts = counts;
        if is_as_before {
            return;
        }
        if self.editor.refreshes_code_lenses {
            self.outgoing.ask_again(Again::CodeLenses);
        }
        if self.editor.refreshes_inlay_hints {
            self.outgoing.ask_again(Again::InlayHints);
        }
    }
}
