//! The two ports: who does work, and who carries letters. They know no workflow and no CRM.

use std::pin::Pin;

use super::{Assignment, Letter, Outcome, PortError, Receipt};

/// What a port gives back at once: the work, to be awaited.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Researches, writes, rates, analyses, schedules, marks. It changes nothing: what it brings is checked and kept by the engine.
pub trait Worker: Send + Sync {
    /// Does it. The same assignment may come again after a crash, under the same key.
    ///
    /// # Errors
    /// See [`super::PortErrorKind`]; what may be tried again says so.
    fn work<'a>(&'a self, assignment: &'a Assignment) -> BoxFuture<'a, Result<Outcome, PortError>>;
}

/// Carries letters that a person has approved.
pub trait Mailer: Send + Sync {
    /// Sends it. A letter with a key that was sent before is not sent again where the carrier can know that, and its
    /// receipt says so.
    ///
    /// # Errors
    /// See [`super::PortErrorKind`]; where it may have been sent and nobody can tell, [`super::PortErrorKind::Uncertain`].
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<Receipt, PortError>>;

    /// Takes a letter back that it still has, because its reader is to be forgotten; whether there was one. What a carrier has passed
    /// on is out of anybody's hands.
    ///
    /// # Errors
    /// Where the letter is there and cannot be removed.
    fn forget(&self, _key: &str) -> Result<bool, PortError> {
        Ok(false)
    }

    /// It knows a letter again by its key and does not send it twice: after a crash it may be asked again.
    fn knows_its_keys(&self) -> bool {
        false
    }
}
