//! What lies before the worker: of each client at most one thing to count, the newest, and what the user waits for, which goes first.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::counting::Wanted;

/// Something that the user waits for.
pub(super) type Errand = Box<dyn FnOnce() + Send>;

/// A client to be counted.
#[derive(Clone)]
pub(super) struct Request {
    /// Which of all requests: of two the newer one counts.
    pub(super) ticket: u64,
    pub(super) wanted: Wanted,
}

impl Request {
    fn folder(&self) -> &PathBuf {
        &self.wanted.folder
    }
}

/// What is to be done next.
pub(super) enum Work {
    Errand(Errand),
    /// To be stopped once the flag is up.
    Count(Request, Arc<AtomicBool>),
}

/// Shared by who gives work and who does it.
#[derive(Default)]
pub(super) struct Desk {
    lying: Mutex<Lying>,
    bell: Condvar,
}

#[derive(Default)]
struct Lying {
    requests: VecDeque<Request>,
    errands: VecDeque<Errand>,
    /// The client that is being counted, and the flag that stops it.
    at_work: Option<(PathBuf, Arc<AtomicBool>)>,
    closed: bool,
}

impl Lying {
    fn stop(&self) {
        if let Some((_, stop)) = &self.at_work {
            stop.store(true, Ordering::SeqCst);
        }
    }

    fn is_at_work(&self, folder: &PathBuf) -> bool {
        self.at_work.as_ref().is_some_and(|(at_work, _)| at_work == folder)
    }
}

impl Desk {
    /// A client is to be counted; what was asked of it before is not wanted any more.
    pub(super) fn ask(&self, mut request: Request) {
        let mut lying = self.lock();
        if lying.is_at_work(request.folder()) {
            lying.stop();
            // What is stopped has counted nothing.
            request.wanted.only_if_crm_changed = false;
        }
        lying.requests.retain(|known| {
            let replaced = known.folder() == request.folder();
            request.wanted.only_if_crm_changed &= !replaced || known.wanted.only_if_crm_changed;
            !replaced
        });
        lying.requests.push_back(request);
        drop(lying);
        self.bell.notify_one();
    }

    /// Something that the user waits for: what is being counted is begun anew after it.
    pub(super) fn send(&self, errand: Errand) {
        let mut lying = self.lock();
        lying.stop();
        lying.errands.push_back(errand);
        drop(lying);
        self.bell.notify_one();
    }

    /// Nobody wants anything any more.
    pub(super) fn close(&self) {
        let mut lying = self.lock();
        lying.closed = true;
        lying.stop();
        drop(lying);
        self.bell.notify_one();
    }

    /// Waits for something to do; nothing once the desk is closed.
    pub(super) fn next(&self) -> Option<Work> {
        let mut lying = self.lock();
        loop {
            if lying.closed {
                return None;
            }
            if let Some(errand) = lying.errands.pop_front() {
                return Some(Work::Errand(errand));
            }
            if let Some(request) = lying.requests.pop_front() {
                let stop = Arc::new(AtomicBool::new(false));
                lying.at_work = Some((request.folder().clone(), Arc::clone(&stop)));
                return Some(Work::Count(request, stop));
            }
            lying = self.bell.wait(lying).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// What was being counted is done, or was stopped: then it comes first again, where nothing newer was asked of the client.
    pub(super) fn done(&self, stopped: Option<Request>) {
        let mut lying = self.lock();
        lying.at_work = None;
        if let Some(request) = stopped
            && !lying.requests.iter().any(|newer| newer.folder() == request.folder())
        {
            lying.requests.push_front(request);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Lying> {
        self.lying.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(folder: &str, ticket: u64, only_if_crm_changed: bool) -> Request {
        let (compilation, program) = (std::sync::Weak::new(), Arc::default());
        let wanted = Wanted { compilation, folder: folder.into(), program, open: Vec::new(), only_if_crm_changed };
        Request { ticket, wanted }
    }

    #[track_caller]
    fn counts(desk: &Desk) -> (Request, Arc<AtomicBool>) {
        match desk.next() {
            Some(Work::Count(request, stop)) => (request, stop),
            _ => panic!("a client was to be counted"),
        }
    }

    #[test]
    fn of_each_client_the_newest_is_counted_and_what_is_at_work_is_stopped() {
        let desk = Desk::default();
        desk.ask(request("/a", 1, false));
        desk.ask(request("/b", 2, false));
        desk.ask(request("/a", 3, true));
        let (first, _) = counts(&desk);
        assert_eq!(first.ticket, 2);
        desk.done(None);
        let (second, stop) = counts(&desk);
        assert_eq!((second.ticket, second.wanted.only_if_crm_changed), (3, false), "what it replaced was not counted");
        assert!(!stop.load(Ordering::SeqCst));
        desk.ask(request("/b", 4, true));
        assert!(!stop.load(Ordering::SeqCst), "another client does not stop it");
        desk.ask(request("/a", 5, true));
        assert!(stop.load(Ordering::SeqCst));
        desk.done(Some(second));
        assert_eq!(counts(&desk).0.ticket, 4);
        desk.done(None);
        let (last, _) = counts(&desk);
        assert_eq!((last.ticket, last.wanted.only_if_crm_changed), (5, false), "what it stopped was not counted");
    }

    #[test]
    fn what_the_user_waits_for_goes_first_and_counting_begins_anew_after_it() {
        let desk = Desk::default();
        desk.ask(request("/a", 1, false));
        let (counting, stop) = counts(&desk);
        desk.send(Box::new(|| {}));
        assert!(stop.load(Ordering::SeqCst));
        desk.done(Some(counting));
        assert!(matches!(desk.next(), Some(Work::Errand(_))));
        assert_eq!(counts(&desk).0.ticket, 1);
        desk.close();
        assert!(desk.next().is_none());
    }
}
