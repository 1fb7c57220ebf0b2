//! When people may be written to, as written.

use super::{ClockTime, Count, DurationLiteral, Name, Path, Text};
use crate::Span;
use derive_visitor::DriveMut;

/// `contact policy { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct ContactPolicy {
    /// What is in its block, in source order.
    pub clauses: Vec<ContactPolicyClause>,
}

/// A clause of a contact policy.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct ContactPolicyClause {
    /// What it demands.
    pub form: ContactRule,
    /// The words for a denial.
    pub because: Option<Text>,
    /// The clause.
    pub span: Span,
}

/// What a contact policy demands.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum ContactRule {
    /// `consent for [email, sms]`
    Consent(Vec<Name>),
    /// `unsubscribe in every send, honoured within 5 business days`
    Unsubscribe {
        /// In every what.
        act: Name,
        /// How soon it takes effect.
        honoured_within: Option<DurationLiteral>,
    },
    /// `quiet outside hours of contact.timezone`
    QuietOutsideHours {
        /// Whose time zone; the client's where absent.
        of: Option<Path>,
    },
    /// `quiet outside 08:00 to 20:00`
    QuietOutside(ClockTime, ClockTime),
    /// `at most 1 send per contact per 3 days`
    AtMost {
        /// How many.
        count: Count,
        /// Of what.
        act: Name,
        /// One or more.
        per: Vec<Per>,
    },
}

/// `per contact`, `per 3 days`, `per day`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum Per {
    /// A duration with its number.
    Duration(DurationLiteral),
    /// A unit of time without a number, or something to count by.
    Name(Name),
}
