//! Numbers, days and instants in the words that the command prints and reads.

use compiler::program::Fixed;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::exit::Failure;

/// What the clock says: this is the one place that reads it.
pub(crate) fn clock() -> Timestamp {
    Timestamp::now()
}

/// The instant that `--now` names: RFC 3339, or a day (at 09:00) or a day and a time in the client's time zone. Without one,
/// the clock's.
///
/// # Errors
/// Where it is none of these.
pub(crate) fn instant(named: Option<&str>, timezone: &str) -> anyhow::Result<Timestamp> {
    let Some(text) = named else { return Ok(clock()) };
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    let local = if text.contains([' ', 'T']) {
        text.parse::<DateTime>().ok()
    } else {
        text.parse::<Date>().ok().map(|day| day.at(9, 0, 0, 0))
    };
    let zoned = local.and_then(|local| local.to_zoned(zone(timezone)).ok());
    zoned.map(|zoned| zoned.timestamp()).ok_or_else(|| {
        Failure::usage(format!("`{text}` is not a time"))
            .help("write 2026-11-20, \"2026-11-20 09:00\" or 2026-11-20T09:00:00+13:00")
            .into()
    })
}

/// The time zone of that name; UTC for one that is not known, which `check` has said already.
pub(crate) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// `20 Nov 2026, 09:00 (Pacific/Auckland)`
pub(crate) fn as_of(instant: Timestamp, timezone: &str) -> String {
    format!("{} ({timezone})", instant.to_zoned(zone(timezone)).strftime("%-d %b %Y, %H:%M"))
}

/// How this command is called: by its name, or as whoever has only built it calls it.
pub(crate) fn command() -> &'static str {
    if std::env::var_os("CARGO_MANIFEST_DIR").is_some() { "cargo run --" } else { "playbook" }
}

/// A word of a command line, as a shell takes it: in single quotes where it has a blank or another sign of the shell's.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |letter: char| {
        letter.is_alphanumeric() || matches!(letter, '.' | '/' | '-' | '_' | '+' | ',' | ':' | '@' | '%' | '=')
    };
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Whether a slip of the keyboard explains one word for the other: at most a third of the letters are otherwise.
pub(crate) fn is_slip(typed: &str, known: &str) -> bool {
    let distance = strsim::osa_distance(&typed.to_lowercase(), &known.to_lowercase());
    distance <= (typed.chars().count() / 3).clamp(1, 4) && distance < known.chars().count()
}

/// `+15`, `-7.25`
pub(crate) fn signed(points: Fixed) -> String {
    if points.0 < 0 { points.to_string() } else { format!("+{points}") }
}

/// How long ago, in the largest unit that fits: `just now`, `5 hours ago`, `1 day ago`, `3 weeks ago`.
pub(crate) fn ago(seconds: i64) -> String {
    const UNITS: [(i64, &str); 5] =
        [(365 * 86_400, "year"), (60 * 86_400, "month"), (86_400, "day"), (3_600, "hour"), (60, "minute")];
    for (least, unit) in UNITS {
        if seconds >= least {
            let size = if unit == "month" { 30 * 86_400 } else { least };
            let number = seconds / size;
            return format!("{number} {unit}{} ago", if number == 1 { "" } else { "s" });
        }
    }
    "just now".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_means_nine_in_the_morning_at_the_client() {
        let instant = instant(Some("2026-11-20"), "Pacific/Auckland").unwrap();
        assert_eq!(instant.to_string(), "2026-11-19T20:00:00Z");
    }

    #[test]
    fn an_instant_with_an_offset_is_taken_as_it_is() {
        let instant = instant(Some("2026-11-20T09:00:00+13:00"), "UTC").unwrap();
        assert_eq!(instant.to_string(), "2026-11-19T20:00:00Z");
    }

    #[test]
    fn what_is_no_time_is_wrong_usage() {
        for text in ["yesterday", "2026-13-01", "20/11/2026", ""] {
            assert!(instant(Some(text), "UTC").unwrap_err().downcast_ref::<Failure>().is_some(), "{text}");
        }
    }

    #[test]
    fn ages_are_said_in_the_largest_unit() {
        assert_eq!(ago(30), "just now");
        assert_eq!(ago(3 * 3_600 + 5), "3 hours ago");
        assert_eq!(ago(86_400), "1 day ago");
        assert_eq!(ago(59 * 86_400), "59 days ago");
        assert_eq!(ago(61 * 86_400), "2 months ago");
        assert_eq!(ago(800 * 86_400), "2 years ago");
    }
}
