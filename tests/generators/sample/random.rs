//! A seeded generator, SplitMix64 (Steele, Lea, Flood 2014): the same numbers everywhere, for ever.

/// The generator's state.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.next() % width).unwrap_or(0)
    }

    /// True in `percent` of a hundred cases.
    pub(crate) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of them; the empty text of none.
    pub(crate) fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        let last = i64::try_from(choices.len()).unwrap_or(1) - 1;
        usize::try_from(self.between(0, last)).ok().and_then(|index| choices.get(index)).copied().unwrap_or("")
    }
}
