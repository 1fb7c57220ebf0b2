//! What the log is given from outside: the instant, the client's zone, and salts.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What the log is given from outside.
pub struct Means<'a> {
    /// What the clock says.
    pub now: Timestamp,
    /// The client's: in which week a transition falls.
    pub zone: &'a TimeZone,
    /// Where salts come from.
    pub randomness: &'a mut dyn Randomness,
}

/// Where salts come from: the system's own in production, a seed where two runs are to be the same.
pub trait Randomness {
    /// Fills a salt.
    fn fill(&mut self, salt: &mut [u8; 32]);
}

/// Salts from a seed, for tests and simulations: whoever knows the seed knows them.
#[derive(Clone, Debug)]
pub struct Seeded(blake3::OutputReader);

impl Seeded {
    /// The salts of that seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof())
    }

    /// Salts from a seed that nobody knows: drawn once from the system, so that each salt costs no call to it.
    #[must_use]
    pub fn of(drawn: [u8; 32]) -> Self {
        Self(blake3::Hasher::new_keyed(&drawn).finalize_xof())
    }
}

impl Randomness for Seeded {
    fn fill(&mut self, salt: &mut [u8; 32]) {
        self.0.fill(salt);
    }
}
