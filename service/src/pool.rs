//! A client's connections for reading, kept as long as somebody reads.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use compiler::program::Program;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use runtime::crm::Crm;
use runtime::metrics::Figures;
use smol_str::SmolStr;

use crate::client::Proofs;
use crate::problem::Problem;

/// A connection that reads, with what it reads by.
pub(crate) struct Reader {
    pub(crate) crm: Crm,
    pub(crate) program: Arc<Program>,
    pub(crate) zone: TimeZone,
    pub(crate) version: SmolStr,
    pub(crate) proofs: Proofs,
}

impl Reader {
    /// All figures of the client.
    ///
    /// # Errors
    /// Where the CRM cannot be read.
    pub(crate) fn figures(&self, now: Timestamp) -> Result<Figures, Problem> {
        let proofs = self.proofs.of(&self.program);
        Ok(Figures::read(&self.crm, &self.program, &self.zone, proofs, now)?)
    }
}

/// Those that nobody reads by at the moment.
#[derive(Default)]
pub(crate) struct Pool {
    idle: Mutex<Vec<Reader>>,
    /// Somebody has read since it was last to rest.
    used: AtomicBool,
}

impl Pool {
    /// One that reads by that version of the playbook, where there is one; those of other versions are closed.
    pub(crate) fn take(&self, version: &SmolStr) -> Option<Reader> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|reader| reader.version == *version);
        idle.pop()
    }

    /// Keeps one for whoever reads next.
    pub(crate) fn put(&self, reader: Reader) {
        self.used.store(true, Ordering::Relaxed);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
    }

    /// Closes them, unless somebody has read since this was called before.
    pub(crate) fn rest(&self) {
        if !self.used.swap(false, Ordering::Relaxed) {
            let closed = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
            drop(closed);
        }
    }
}
