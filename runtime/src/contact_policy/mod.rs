//! May we write to this person, over this channel, now? One guard that every send passes, whichever way it comes.
//!
//! Pure: what is known of the recipient, the sends so far and the instant come in. It keeps nothing, and it approves nothing: a send
//! that is put off is asked about again when its time has come, because consent can be withdrawn meanwhile.

mod recipient;
mod rules;
mod suppression;
mod timing;

pub use recipient::{Consent, Recipient, Sent};
pub use suppression::suppression_key;

use compiler::program::{Client, ContactPolicy};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use smol_str::SmolStr;

use timing::Timing;

/// What the contact policy says to a send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyVerdict {
    /// Go ahead.
    Now,
    /// Not now.
    Later {
        /// The first instant at which everything holds, as far as is known now.
        at: Timestamp,
        /// What stands in the way until then.
        reasons: Vec<Reason>,
    },
    /// Not unless something changes.
    Never {
        /// What stands in the way: first what time does not cure, then what it would.
        reasons: Vec<Reason>,
    },
}

/// What stands in the way of a send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Which rule.
    pub rule: Rule,
    /// What is the matter and what to do.
    pub words: String,
    /// The policy's own words.
    pub because: Option<SmolStr>,
}

/// The rules, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// There has to be a policy.
    Policy,
    /// Nobody who asked to be left alone.
    Suppression,
    /// A consent that can be proven.
    Consent,
    /// Every send says how to end them.
    Unsubscribe,
    /// Not outside the hours.
    Quiet,
    /// Not too much.
    Cap,
}

/// Why a recipient must not be written to any more, whatever time brings: their address is on the suppression list, or they took their
/// consent back.
#[must_use]
pub fn left_alone(policy: &ContactPolicy, recipient: &Recipient<'_>, now: Timestamp) -> Option<Reason> {
    let is_withdrawn = |consent: &Consent| {
        consent.channel == recipient.channel && consent.withdrawn.is_some_and(|withdrawn| withdrawn <= now)
    };
    rules::suppression(recipient).or_else(|| {
        let is_withdrawn = recipient.consents.iter().any(is_withdrawn);
        if is_withdrawn { rules::consent(policy, recipient, now) } else { None }
    })
}

/// Asks the policy about a send to a recipient.
///
/// Calendar periods are the client's, in `zone`; quiet hours are the recipient's, or the client's where the recipient has no time
/// zone that is known. A send counts against a cap until the cap's period after it is over. `everybody` has all sends that can
/// still count, those to the recipient too. A send from the future, after a clock was set back, counts.
#[must_use]
pub fn check(
    policy: Option<&ContactPolicy>,
    client: &Client,
    zone: &TimeZone,
    now: Timestamp,
    recipient: &Recipient<'_>,
    everybody: &[Sent],
    has_unsubscribe: bool,
) -> PolicyVerdict {
    let Some(policy) = policy else { return PolicyVerdict::Never { reasons: vec![rules::no_policy()] } };
    let forbidden = [
        rules::suppression(recipient),
        rules::consent(policy, recipient, now),
        rules::unsubscribe(policy, has_unsubscribe),
    ];
    let mut reasons: Vec<Reason> = forbidden.into_iter().flatten().collect();
    let timing = Timing { policy, client, zone, now, recipient, everybody };
    let (at, put_off) = timing.first();
    let is_forbidden = !reasons.is_empty() || (at == Timestamp::MAX && at > now);
    reasons.extend(put_off);
    if is_forbidden {
        PolicyVerdict::Never { reasons }
    } else if at > now {
        PolicyVerdict::Later { at, reasons }
    } else {
        PolicyVerdict::Now
    }
}
