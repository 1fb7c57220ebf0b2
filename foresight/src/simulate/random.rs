//! Draws that depend on whose they are and what they are about, never on what was drawn before.
//!
//! Two playbooks, or two values of a threshold, so see the same buyers: whoever would have answered the second message under one would
//! have answered it under the other. That is what makes their difference small against chance (common random numbers: P. Glasserman and
//! D. Yao, "Some Guidelines and Guarantees for Common Random Numbers", Management Science 38, 1992).

/// The draws of one seed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lots {
    seed: u64,
}

/// What a draw is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum About {
    /// When somebody comes in.
    Arrival,
    /// Which record they are.
    Record,
    /// Whether somebody does what a habit says.
    Habit,
    /// When they do it.
    Delay,
    /// Which value they give.
    Value,
    /// Which arm of an experiment they get.
    Arm,
}

impl Lots {
    pub(super) const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// Evenly from 0 up to, and without, 1: of somebody, about something by the name that [`name`] gives, the so manieth time.
    pub(super) fn share(self, whose: u64, about: About, name: u64, time: u64) -> f64 {
        // The upper 53 bits are all that a float from 0 to 1 has room for.
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit exactly")]
        let share = (self.bits(whose, about, name, time) >> 11) as f64;
        share / 9_007_199_254_740_992.0
    }

    pub(super) fn bits(self, whose: u64, about: About, name: u64, time: u64) -> u64 {
        [whose, about as u64, name, time].into_iter().fold(mix(self.seed), |state, part| mix(state ^ mix(part)))
    }
}

/// What a habit, a question, an experiment is drawn under: FNV-1a of its words.
pub(super) fn name(words: &[&str]) -> u64 {
    let bytes = words.iter().flat_map(|word| word.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// The finisher of `SplitMix64`: G. Steele, D. Lea and C. Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
const fn mix(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_even_and_of_one_another_independent() {
        let lots = Lots::new(7);
        let count = 40_000_u32;
        let (mut sum, mut squares, mut products) = (0.0, 0.0, 0.0);
        for whose in 0..u64::from(count) {
            let (one, next) = (lots.share(whose, About::Habit, 1, 0), lots.share(whose, About::Habit, 1, 1));
            assert!((0.0..1.0).contains(&one));
            (sum, squares, products) = (sum + one, squares + one * one, products + one * next);
        }
        let mean = sum / f64::from(count);
        assert!((mean - 0.5).abs() < 0.01, "{mean}");
        assert!((squares / f64::from(count) - 1.0 / 3.0).abs() < 0.01);
        assert!((products / f64::from(count) - 0.25).abs() < 0.01);
    }

    #[test]
    fn a_draw_is_whose_it_is_whatever_else_is_drawn() {
        let lots = Lots::new(42);
        let before = lots.share(3, About::Habit, name(&["reply.received"]), 1);
        let _ = lots.share(9, About::Delay, 0, 0);
        assert_eq!(before.to_bits(), Lots::new(42).share(3, About::Habit, name(&["reply.received"]), 1).to_bits());
        assert_ne!(name(&["a", "b"]), name(&["ab"]));
    }
}
