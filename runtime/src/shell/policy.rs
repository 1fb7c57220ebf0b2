//! What the contact policy says to a message, from what a shell keeps of its receiver.

use jiff::{SignedDuration, Timestamp};
use smol_str::SmolStr;

use super::kept::Kept;
use crate::contact_policy::{self, PolicyVerdict, Recipient};
use crate::engine::{EntryId, Sending};
use crate::runner::Book;

/// No cap reaches further back.
const LONGEST_CAP: SignedDuration = SignedDuration::from_hours(24 * 400);

/// What the contact policy says to a message to a contact, now. Everything else that is queued counts as sent.
///
/// # Errors
/// Where what is kept cannot be read.
pub fn may_send<K: Kept>(
    kept: &K,
    book: &Book,
    contact: i64,
    channel: &str,
    now: Timestamp,
    but: Option<EntryId>,
) -> Result<Sending, K::Failure> {
    let words = |reasons: Vec<contact_policy::Reason>| -> Vec<SmolStr> {
        reasons.into_iter().map(|reason| SmolStr::from(reason.words)).collect()
    };
    Ok(match policy(kept, book, contact, channel, now, but)? {
        None => Sending::Never(vec!["the contact has no e-mail address".into()]),
        Some(PolicyVerdict::Now) => Sending::Now,
        Some(PolicyVerdict::Later { at, reasons }) => Sending::Later(at, words(reasons).join("; ").into()),
        Some(PolicyVerdict::Never { reasons }) => Sending::Never(words(reasons)),
    })
}

/// Why a contact must not be written to any more: their address is on the suppression list, or they took their consent back.
pub(super) fn left_alone<K: Kept>(
    kept: &K,
    book: &Book,
    contact: i64,
    channel: &str,
    now: Timestamp,
) -> Result<Option<SmolStr>, K::Failure> {
    let reachable = kept.reachable(contact)?;
    let address = if channel == "email" { &reachable.email } else { &reachable.phone };
    let Some(rules) = book.program.policy.as_ref().filter(|_| channel != "email" || address.is_some()) else {
        return Ok(None);
    };
    let consents = kept.consents(contact)?;
    let suppressed = match address {
        Some(address) => kept.suppressed(contact, address, channel)?,
        None => None,
    };
    // When something may be sent is not asked, so that what was sent is not looked up.
    let recipient = Recipient {
        channel,
        timezone: reachable.timezone.as_deref(),
        consents: &consents,
        suppressed: suppressed.as_deref(),
        sends: &[],
    };
    Ok(contact_policy::left_alone(rules, &recipient, now).map(|reason| reason.words.into()))
}

/// The same with the rules that say so; nothing where there is no address to write to.
///
/// # Errors
/// Where what is kept cannot be read.
pub fn policy<K: Kept>(
    kept: &K,
    book: &Book,
    contact: i64,
    channel: &str,
    now: Timestamp,
    but: Option<EntryId>,
) -> Result<Option<PolicyVerdict>, K::Failure> {
    let reachable = kept.reachable(contact)?;
    let address = if channel == "email" { &reachable.email } else { &reachable.phone };
    if channel == "email" && address.is_none() {
        return Ok(None);
    }
    let consents = kept.consents(contact)?;
    let suppressed = match address {
        Some(address) => kept.suppressed(contact, address, channel)?,
        None => None,
    };
    let since = now.checked_sub(LONGEST_CAP).unwrap_or(Timestamp::MIN);
    let everybody = kept.sends(None, since, but)?;
    let own = kept.sends(Some(contact), since, but)?;
    let recipient = Recipient {
        channel,
        timezone: reachable.timezone.as_deref(),
        consents: &consents,
        suppressed: suppressed.as_deref(),
        sends: &own,
    };
    let (program, zone) = (&book.program, &book.zone);
    // Every letter carries its unsubscribe header; what people send by hand says so in its own words.
    let verdict =
        contact_policy::check(program.policy.as_ref(), &program.client, zone, now, &recipient, &everybody, true);
    Ok(Some(verdict))
}
