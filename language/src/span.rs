//! Where something stands in a text, in bytes. Knows nothing of lines: those are for whoever draws.

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};

/// A half-open range of bytes in one file's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, DriveMut)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to `end`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether all of the other one lies in it.
    #[must_use]
    pub const fn holds(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two have a place in common: a byte, or where one ends and the other begins.
    #[must_use]
    pub const fn touches(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// As a range to slice the text with.
    #[must_use]
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// As far behind as that, or before where it is negative. A place never leaves the text: at its start it stays.
    #[must_use]
    pub fn moved(self, by: i64) -> Self {
        let moved = |at: u32| u32::try_from(i64::from(at) + by).unwrap_or(0);
        Self { start: moved(self.start), end: moved(self.end) }
    }

    /// Whether nothing is between start and end.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }
}
