//! The arithmetic of points: hundredths in whole numbers, rounded half to even, and fading by half.
//!
//! A line is `points × 0.5^(age / half-life)`; `libm` calculates the power, so that every machine gives the same line.

use compiler::program::Fixed;
use language::divide_half_even;

/// Millionths in a hundredth.
const MILLIONTHS: i64 = 10_000;

/// What a layer of a weighted score is at most, in hundredths.
pub(super) const HIGHEST: i32 = 10_000;

/// The most points that the rules of a score may add up to, either way, in hundredths: twenty million points.
pub(super) const MOST: i64 = 2_000_000_000;

/// Points as hundredths, rounded half to even.
#[must_use]
pub(super) fn cents(points: Fixed) -> i64 {
    clamp(divide_half_even(i128::from(points.0), i128::from(MILLIONTHS)))
}

/// Hundredths as a number.
#[must_use]
pub(super) fn fixed(cents: i32) -> Fixed {
    Fixed(i64::from(cents) * MILLIONTHS)
}

/// A positive cap with the sign of the points it caps.
pub(super) const fn signed(cap: i64, points: Fixed) -> i64 {
    if points.0 < 0 { -cap } else { cap }
}

/// Points in millionths, faded by half every `half_life` microseconds for `age` microseconds, as hundredths.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "fading is a real number, rounded to a hundredth at once"
)]
pub(super) fn faded(points: i64, age: i64, half_life: i64) -> i32 {
    let decay = libm::exp2(-(age as f64) / half_life as f64);
    libm::rint(points as f64 * decay / MILLIONTHS as f64) as i32
}

/// The sum of `each` event's points, cut to the cap.
pub(super) fn capped(sum: i64, cap: i64) -> i64 {
    if cap < 0 { sum.max(cap) } else { sum.min(cap) }
}

/// A layer's share of its score: weight (25 for 25%, in millionths) × layer / 100, rounded half to even at the hundredth.
/// Both are positive, and at most a hundred.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "a share is no more than its layer")]
pub(super) fn share(weight: i64, layer: i32) -> i32 {
    const WHOLE: i64 = 100_000_000;
    let product = weight * i64::from(layer);
    let (quotient, rest) = (product / WHOLE, product % WHOLE);
    let up = rest * 2 > WHOLE || (rest * 2 == WHOLE && quotient & 1 == 1);
    (quotient + i64::from(up)) as i32
}

/// The mean of layers by weights that do not add up to 100%: `sum` is of weight × layer, `weights` of the weights.
#[expect(clippy::cast_possible_truncation, reason = "a mean is no more than the largest of what it is of")]
pub(super) fn rescaled(sum: i128, weights: i64) -> i32 {
    if weights == 0 { 0 } else { divide_half_even(sum, i128::from(weights)) as i32 }
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range of i64")]
fn clamp(value: i128) -> i64 {
    value.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    #[test]
    fn points_fade_by_half() {
        assert_eq!(faded(30_000_000, 0, 21 * DAY), 3000);
        assert_eq!(faded(30_000_000, 21 * DAY, 21 * DAY), 1500);
        assert_eq!(faded(-30_000_000, 42 * DAY, 21 * DAY), -750);
        assert_eq!(faded(15_000_000, DAY, 21 * DAY), 1451, "15 × 2^(-1/21) is 14.513");
    }

    #[test]
    fn lines_are_rounded_half_to_even() {
        assert_eq!(cents(Fixed(125_000)), 12);
        assert_eq!(cents(Fixed(135_000)), 14);
        assert_eq!(cents(Fixed(-125_000)), -12);
        assert_eq!(share(12_500_000, 100), 12, "12.5% of 1 is 0.125");
        assert_eq!(share(37_500_000, 100), 38, "37.5% of 1 is 0.375");
        assert_eq!(share(20_000_000, 5500), 1100);
        assert_eq!(share(100_000_000, HIGHEST), HIGHEST);
        assert_eq!(rescaled(60_000_000 * 5000 + 20_000_000 * 10_000, 80_000_000), 6250);
        assert_eq!(rescaled(0, 0), 0);
    }

    #[test]
    fn caps_have_the_points_sign() {
        assert_eq!(capped(4500, 3000), 3000);
        assert_eq!(capped(-4500, signed(3000, Fixed(-1))), -3000);
        assert_eq!(capped(1500, 3000), 1500);
    }
}
