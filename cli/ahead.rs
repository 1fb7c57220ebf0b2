//! Work at an instant that has not come yet: how a sample is shown, and a lasting mistake where a client works in earnest. Then
//! questions expire, stages time out and letters leave that nobody wanted yet, so a person has to say that it is meant.

use std::io::IsTerminal as _;

use jiff::Timestamp;
use runtime::crm::Crm;

use crate::exit::Failure;
use crate::layout::{count, paragraph};
use crate::terminal::Terminal;
use crate::words;

/// The mark of a CRM on which work was done by the clock.
pub(crate) const BY_THE_CLOCK: &str = "by the clock";
/// Zones and clocks that are a little wrong are nobody's mistake.
const HOURS: i64 = 24;

/// Work that lies ahead of the clock, at a client who works in earnest.
pub(crate) struct Ahead {
    /// `--until lies 34 days ahead of the clock …`
    what: String,
}

/// What is to be said first of work until an instant; nothing where it does no harm: the instant is about now, or the CRM has come so
/// far already, or nothing leaves this machine and no work was ever done by the clock, as on samples and rehearsals.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn of(crm: &Crm, outside: &[&str], flag: &str, until: Timestamp) -> anyhow::Result<Option<Ahead>> {
    let clock = words::instant(None, "UTC")?;
    let ahead = until.duration_since(clock).as_hours();
    if ahead <= HOURS {
        return Ok(None);
    }
    let decided = crm.last_logged_at()?;
    if decided.is_some_and(|decided| until.duration_since(decided).as_hours() <= HOURS) {
        return Ok(None);
    }
    let mut why = outside.to_vec();
    if crm.cursor(BY_THE_CLOCK)? > 0 {
        why.push("this CRM is worked on by the clock");
    }
    if why.is_empty() {
        return Ok(None);
    }
    let days = count(u64::try_from(ahead / HOURS).unwrap_or_default(), "day", "days");
    Ok(Some(Ahead { what: format!("{flag} lies {days} ahead of the clock, and {}", why.join(" and ")) }))
}

impl Ahead {
    /// Asks on a terminal whether it is meant.
    ///
    /// # Errors
    /// Where nobody says so.
    pub(crate) fn ask(&self, terminal: &Terminal) -> anyhow::Result<()> {
        if !(std::io::stdin().is_terminal() && terminal.is_interactive()) {
            return Err(self.refusal().into());
        }
        let question = format!("{}: {LASTS}; go on? [y/N] ", self.what);
        terminal.say(paragraph("", &question, terminal.width()).trim_end_matches('\n'));
        terminal.say(" ");
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer)?;
        if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") { Ok(()) } else { Err(self.refusal().into()) }
    }

    /// That it is not done.
    pub(crate) fn refusal(&self) -> Failure {
        Failure::usage(format!("{}: {LASTS}", self.what))
            .help(
                "to see what would come, run it on a copy of the client's folder without its `ports.toml` and `crm.db`",
            )
            .help("to do it in earnest: playbook run … --yes")
    }
}

const LASTS: &str =
    "what is done is kept as done then, questions expire and stages time out, and nothing takes that back";
