//! Exact decimals: what a playbook's numbers are, from the text to the store.
//!
//! A [`Fixed`] is a whole number of millionths in 64 bits, so that every comparison is one of integers and every machine
//! gives the same answer. It holds about nine trillion in either direction.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A decimal with six places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, derive_visitor::DriveMut)]
pub struct Fixed(#[drive(skip)] pub i64);

/// How many millionths one is.
pub const SCALE: i64 = 1_000_000;

/// Why a text is not a [`Fixed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// It is not a number at all.
    #[error("not a number")]
    NotANumber,
    /// It is beyond nine trillion.
    #[error("too large: numbers reach up to 9 trillion")]
    TooLarge,
    /// It has more than six decimals.
    #[error("too precise: numbers have at most six decimals")]
    TooPrecise,
}

impl Fixed {
    /// Nought.
    pub const ZERO: Self = Self(0);
    /// One.
    pub const ONE: Self = Self(SCALE);
    /// The smallest.
    pub const MIN: Self = Self(i64::MIN);
    /// The largest.
    pub const MAX: Self = Self(i64::MAX);

    /// A whole number; the largest where it does not fit.
    #[must_use]
    pub const fn from_integer(value: i64) -> Self {
        Self(value.saturating_mul(SCALE))
    }

    /// The nearest with six decimals, ties to even; none for what is no number or does not fit.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "the range is checked before the cast"
    )]
    pub fn from_f64(value: f64) -> Option<Self> {
        let scaled = (value * SCALE as f64).round_ties_even();
        (scaled.is_finite() && scaled.abs() < 9.2e18).then_some(Self(scaled as i64))
    }

    /// As a float, for statistics and drawing only.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "for drawing, where fifteen digits are enough")]
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / SCALE as f64
    }

    /// The product, rounded half to even; the largest where it does not fit.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        clamp(divide_half_even(i128::from(self.0) * i128::from(other.0), i128::from(SCALE)))
    }

    /// The quotient, rounded half to even; none by nought.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        (other.0 != 0).then(|| clamp(divide_half_even(i128::from(self.0) * i128::from(SCALE), i128::from(other.0))))
    }

    /// The sum; the largest where it does not fit.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference; the largest or smallest where it does not fit.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range of i64")]
fn clamp(value: i128) -> Fixed {
    Fixed(value.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64)
}

/// `numerator / denominator` rounded half to even. The denominator is not nought.
#[must_use]
pub fn divide_half_even(numerator: i128, denominator: i128) -> i128 {
    let (n, d) = if denominator < 0 { (-numerator, -denominator) } else { (numerator, denominator) };
    let (quotient, rest) = (n.div_euclid(d), n.rem_euclid(d));
    match (rest * 2).cmp(&d) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + 1,
        std::cmp::Ordering::Equal => quotient + (quotient & 1),
    }
}

impl FromStr for Fixed {
    type Err = NumberError;

    /// Reads `12`, `-0.5`, `1234.567891`: digits, one point, an optional sign. Nothing else: separators are the caller's.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let no_digits = whole.is_empty() && fraction.is_empty();
        if no_digits || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
            return Err(NumberError::NotANumber);
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > 6 {
            return Err(NumberError::TooPrecise);
        }
        let mut value: i64 = 0;
        for byte in whole.bytes().chain(fraction.bytes()).chain(std::iter::repeat_n(b'0', 6 - fraction.len())) {
            value = value
                .checked_mul(10)
                .and_then(|value| value.checked_add(i64::from(byte - b'0')))
                .ok_or(NumberError::TooLarge)?;
        }
        Ok(Self(if negative { -value } else { value }))
    }
}

impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, fraction) =
            (self.0.unsigned_abs() / SCALE.unsigned_abs(), self.0.unsigned_abs() % SCALE.unsigned_abs());
        if fraction == 0 {
            return write!(f, "{sign}{whole}");
        }
        let fraction = format!("{fraction:06}");
        write!(f, "{sign}{whole}.{}", fraction.trim_end_matches('0'))
    }
}

impl Serialize for Fixed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fixed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_decimals() {
        for text in ["0", "12", "-0.5", "1234.567891", "9000000000000"] {
            assert_eq!(text.parse::<Fixed>().unwrap().to_string(), text);
        }
        assert_eq!("1.500000000".parse::<Fixed>().unwrap().to_string(), "1.5");
    }

    #[test]
    fn refuses_what_it_cannot_hold() {
        assert_eq!("1.2345678".parse::<Fixed>(), Err(NumberError::TooPrecise));
        assert_eq!("10000000000000".parse::<Fixed>(), Err(NumberError::TooLarge));
        for text in ["", ".", "-", "1,5", "1e5", "0x1", "1.2.3", " 1"] {
            assert_eq!(text.parse::<Fixed>(), Err(NumberError::NotANumber), "{text:?}");
        }
    }

    #[test]
    fn rounds_half_to_even() {
        assert_eq!(divide_half_even(5, 2), 2);
        assert_eq!(divide_half_even(7, 2), 4);
        assert_eq!(divide_half_even(-5, 2), -2);
        assert_eq!(divide_half_even(-7, 2), -4);
        assert_eq!(divide_half_even(7, -2), -4);
        assert_eq!(Fixed(1).times(Fixed(500_000)), Fixed(0));
        assert_eq!(Fixed(3).times(Fixed(500_000)), Fixed(2));
        assert_eq!(Fixed::ONE.over(Fixed::ZERO), None);
    }
}
