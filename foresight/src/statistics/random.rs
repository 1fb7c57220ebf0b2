//! Shuffles for permutation tests: the same for the same seed.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// A seeded source of random numbers.
#[derive(Clone, Debug)]
pub struct Random(ChaCha8Rng);

impl Random {
    /// From a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A place below a number of places, which is not nought.
    #[expect(clippy::cast_possible_truncation, reason = "below a number of places in memory")]
    pub fn below(&mut self, places: usize) -> usize {
        ((u128::from(self.0.next_u64()) * places as u128) >> 64) as usize
    }

    /// From 0 up to 1.
    pub fn unit(&mut self) -> f64 {
        super::float(self.0.next_u64() >> 11) / 9_007_199_254_740_992.0
    }

    /// Into any order, each as likely (R. Durstenfeld, "Algorithm 235", Communications of the ACM 7 (1964)).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let place = self.below(last + 1);
            items.swap(last, place);
        }
    }
}
