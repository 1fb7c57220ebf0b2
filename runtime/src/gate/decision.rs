//! What the table says to an attempt.

/// What the table says to an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision<'a> {
    /// Go ahead.
    Allowed,
    /// Once a person has approved it.
    AskHuman {
        /// With that role; anybody where absent.
        role: Option<&'a str>,
    },
    /// No.
    Denied {
        /// The row that decides, into the table's rows; none where there is none.
        row: Option<u32>,
        /// Why.
        reason: Reason,
    },
}

/// Why the table says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// No row is about it.
    NoRow,
    /// The agent's cell is empty.
    Empty,
    /// It may only be read.
    OnlyReads,
    /// It may only create such records, and this one is somebody else's.
    OnlyCreates,
    /// It may do so for other purposes only.
    OtherPurpose,
    /// No such agent, or nothing of that kind.
    Unknown,
}

impl<'a> Decision<'a> {
    /// The answer to who names what is not there.
    pub const UNKNOWN: Self = Self::Denied { row: None, reason: Reason::Unknown };

    /// Nothing is in the way.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed)
    }

    /// Both have to agree: a denial stands, then a question to a person, to the first role that is named.
    #[must_use]
    pub(super) fn and(self, other: Decision<'a>) -> Self {
        match (self, other) {
            (denied @ Self::Denied { .. }, _) | (_, denied @ Self::Denied { .. }) => denied,
            (Self::AskHuman { role }, Self::AskHuman { role: other }) => Self::AskHuman { role: role.or(other) },
            (asks @ Self::AskHuman { .. }, Self::Allowed) | (Self::Allowed, asks) => asks,
        }
    }
}
