//! A CRM in which time stands: sample data, or an export that nobody adds to. Every verb that names no instant answers as of the last
//! one that anything is known of, so that a run, the answers to its questions and what is read of them all speak of one day.

use jiff::Timestamp;
use runtime::crm::Crm;
use runtime::engine::EntryId;

/// The mark of a CRM in which time stands.
pub(crate) const STANDS: &str = "time stands";
/// Once something is newer than this, somebody adds to it, and time goes on.
const STALE_HOURS: i64 = 24;

/// The last instant that anything is known of, where time stands; otherwise now.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn now(crm: &Crm, now: Timestamp) -> anyhow::Result<Timestamp> {
    // A CRM of an older schema has no such marks: nothing was ever run on it.
    if crm.cursor(STANDS).unwrap_or(0) == 0 {
        return Ok(now);
    }
    let newest = crm.newest(now)?;
    if newest.is_some_and(|newest| now.duration_since(newest).as_hours() < STALE_HOURS) {
        return Ok(now);
    }
    let decided = crm.logged_at(EntryId(crm.next_entry()?.0 - 1))?;
    Ok(newest.max(decided).unwrap_or(now))
}
