//! Kleene's three values, 64 at a time (Kleene 1952, §64, strong tables).

/// For each lane: true, false, or neither, which is unknown. Never both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Truth {
    pub(super) yes: u64,
    pub(super) no: u64,
}

impl Truth {
    pub(super) const UNKNOWN: Self = Self { yes: 0, no: 0 };

    /// The same in every lane.
    pub(super) const fn everywhere(value: Option<bool>) -> Self {
        match value {
            Some(true) => Self { yes: !0, no: 0 },
            Some(false) => Self { yes: 0, no: !0 },
            None => Self::UNKNOWN,
        }
    }

    /// True where `holds`, false elsewhere, unknown where not `known`.
    #[inline]
    pub(super) const fn of(holds: u64, known: u64) -> Self {
        Self { yes: holds & known, no: !holds & known }
    }

    #[inline]
    pub(super) const fn and(self, other: Self) -> Self {
        Self { yes: self.yes & other.yes, no: self.no | other.no }
    }

    #[inline]
    pub(super) const fn not(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }

    /// Unknown in these lanes.
    #[inline]
    pub(super) const fn without(self, lanes: u64) -> Self {
        Self { yes: self.yes & !lanes, no: self.no & !lanes }
    }

    #[inline]
    pub(super) const fn unknown(self) -> u64 {
        !(self.yes | self.no)
    }

    /// The value in the first lane.
    pub(super) const fn first(self) -> Option<bool> {
        match (self.yes & 1, self.no & 1) {
            (1, _) => Some(true),
            (_, 1) => Some(false),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_strong_tables() {
        let values = [Some(true), Some(false), None];
        for left in values {
            for right in values {
                let (a, b) = (Truth::everywhere(left), Truth::everywhere(right));
                let and = match (left, right) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                };
                let or = match (left, right) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                };
                assert_eq!(a.and(b).first(), and, "{left:?} and {right:?}");
                assert_eq!(a.not().and(b.not()).not().first(), or, "{left:?} or {right:?}");
                assert_eq!(a.not().first(), left.map(|value| !value), "not {left:?}");
            }
        }
        assert_eq!(Truth::of(0b01, 0b11).without(0b10).unknown() & 0b11, 0b10);
    }
}
