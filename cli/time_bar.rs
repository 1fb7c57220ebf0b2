//! How far a walk through time has come: a bar on a terminal, a line a minute elsewhere.

use std::cell::RefCell;

use jiff::Timestamp;

use crate::progress::Progress;
use crate::terminal::Terminal;

/// A walk from one instant to another one.
pub(crate) struct TimeBar<'t> {
    from: Timestamp,
    progress: RefCell<Progress<'t>>,
}

impl<'t> TimeBar<'t> {
    /// Nothing is shown yet.
    pub(crate) fn new(from: Timestamp, until: Timestamp, terminal: &'t Terminal) -> Self {
        Self { from, progress: RefCell::new(Progress::new(terminal, "at work", seconds(from, until))) }
    }

    /// It has come so far.
    pub(crate) fn at(&self, now: Timestamp) {
        let done = seconds(self.from, now);
        self.progress.borrow_mut().at(done, done / 86_400, "days");
    }
}

fn seconds(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.duration_since(from).as_secs()).unwrap_or(0)
}
