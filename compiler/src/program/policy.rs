//! When we may write to somebody, resolved.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Origin, Period};

/// The contact policy: one guard that every send passes. Without one, nothing external is sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ContactPolicy {
    /// Channels that need a consent that can be proven.
    pub consent: Vec<SmolStr>,
    /// Why.
    pub consent_because: Option<SmolStr>,
    /// Every send says how to end them; honoured within so long.
    pub unsubscribe: Option<Period>,
    /// Why.
    pub unsubscribe_because: Option<SmolStr>,
    /// When nothing is sent.
    pub quiet: Vec<Quiet>,
    /// Why.
    pub quiet_because: Option<SmolStr>,
    /// How much may be sent, in rolling windows.
    pub caps: Vec<Cap>,
    /// Where it is declared.
    pub origin: Origin,
}

/// When nothing is sent: outside these hours of the contact's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quiet {
    /// `quiet outside hours of contact.timezone`: the client's hours, on the contact's clock; in the client's zone where it has none.
    OutsideHours {
        /// On the contact's own clock; otherwise on the client's.
        of_contact: bool,
    },
    /// `quiet outside 08:00 to 20:00`, every day, on the contact's clock.
    Outside {
        /// From.
        from: jiff::civil::Time,
        /// To.
        to: jiff::civil::Time,
    },
}

/// `at most 1 send per contact per 3 days`, `at most 40 sends per day`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cap {
    /// How many.
    pub count: u32,
    /// Over which channel; all where absent.
    pub channel: Option<SmolStr>,
    /// For each contact; otherwise all together.
    pub per_contact: bool,
    /// In a window of that length that ends now.
    pub per: Period,
    /// As written.
    pub words: SmolStr,
    /// Why.
    pub because: Option<SmolStr>,
}
