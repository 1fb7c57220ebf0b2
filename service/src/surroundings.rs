//! What the service is given from outside: the clock, the environment and randomness. It reads none of them by itself.

use std::sync::Arc;

use jiff::Timestamp;
use runtime::crm::log::Seeded;

/// What the service is given from outside.
#[derive(Clone)]
pub struct Surroundings {
    /// What time it is.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// A variable of the environment.
    pub environment: Environment,
    /// Randomness of the system's own.
    pub entropy: Entropy,
}

/// Gives a variable of the environment, where it is set.
pub type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Fills bytes with randomness of the system's own.
pub type Entropy = Arc<dyn Fn(&mut [u8]) -> std::io::Result<()> + Send + Sync>;

impl Surroundings {
    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Thirty-two bytes that nobody can guess.
    pub(crate) fn drawn(&self) -> std::io::Result<[u8; 32]> {
        let mut bytes = [0; 32];
        (self.entropy)(&mut bytes)?;
        Ok(bytes)
    }

    /// Salts for a log.
    pub(crate) fn salts(&self) -> std::io::Result<Seeded> {
        Ok(Seeded::of(self.drawn()?))
    }
}
