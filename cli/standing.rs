//! A CRM in which time stands: sample data, or an export that nobody adds to. Every verb that names no instant answers as of the last
//! one that anything is known of, so that a run, the answers to its questions and what is read of them all speak of one day.
//!
//! Where anything can leave this machine, or work was ever done by the clock, time never stands: whoever gets a letter lives by the
//! clock.

use std::path::Path;

use jiff::Timestamp;
use runtime::agents::config;
use runtime::crm::Crm;

use crate::ahead::BY_THE_CLOCK;
use crate::layout::{count, paragraph};
use crate::terminal::Terminal;
use crate::words;

/// The mark of a CRM in which time stands.
pub(crate) const STANDS: &str = "time stands";
/// Once something is newer than this, somebody adds to it, and time goes on.
const STALE_HOURS: i64 = 24;
/// A log that has come further than this is ahead of the clock.
const AHEAD_HOURS: i64 = 24;

/// Where time stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    /// The last instant that anything is known of.
    pub(crate) at: Timestamp,
    /// Work was done after the newest event.
    pub(crate) by_work: bool,
}

/// Where time stands; nothing where it goes by the clock.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn now(crm: &Crm, client: &Path, clock: Timestamp) -> anyhow::Result<Option<Standing>> {
    // A CRM of an older schema has no such marks: nothing was ever run on it.
    if crm.cursor(STANDS).unwrap_or(0) == 0 || !may_stand(crm, client) {
        return Ok(None);
    }
    let newest = crm.newest(clock)?;
    if newest.is_some_and(|newest| clock.duration_since(newest).as_hours() < STALE_HOURS) {
        return Ok(None);
    }
    last(crm, newest)
}

/// The last instant that anything is known of: the newest event, or what was decided after it.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn last(crm: &Crm, newest: Option<Timestamp>) -> anyhow::Result<Option<Standing>> {
    let decided = crm.last_logged_at()?;
    Ok(newest.max(decided).map(|at| Standing { at, by_work: decided > newest }))
}

/// Whether time may stand at all.
pub(crate) fn may_stand(crm: &Crm, client: &Path) -> bool {
    if crm.cursor(BY_THE_CLOCK).unwrap_or(0) > 0 {
        return false;
    }
    match std::fs::read_to_string(client.join(config::FILE)) {
        Ok(text) => config::stays_here(&text),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

/// Says on stderr that time stands, and that the log has come further than the clock; nothing where neither is so.
pub(crate) fn say(crm: &Crm, standing: Option<Standing>, timezone: &str, terminal: &Terminal) {
    if let Some(Standing { at, by_work }) = standing {
        let day = at.to_zoned(words::zone(timezone)).strftime("%-d %b %Y").to_string();
        let what = if by_work { "up to which work was done" } else { "the newest event" };
        let words = format!("time stands at {day}, {what}; nothing leaves this machine, and --now names another day");
        terminal.say(&paragraph("note: ", &words, terminal.width()));
    }
    // A CRM of an older schema has no log.
    let Ok(Some(decided)) = crm.last_logged_at() else { return };
    let ahead = decided.duration_since(words::clock()).as_hours();
    if ahead > AHEAD_HOURS {
        let days = count(u64::try_from(ahead / 24).unwrap_or_default(), "day", "days");
        let words = format!(
            "this CRM is {days} ahead of the clock: work was done in it up to {}, by --now or --until, and what is done before then \
             is kept as done then",
            words::as_of(decided, timezone)
        );
        terminal.say(&paragraph("note: ", &words, terminal.width()));
    }
}
