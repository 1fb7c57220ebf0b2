//! Dates and times: ISO 8601 where the source names no pattern, and what else a column may hold. Pure.

use compiler::program::Fixed;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::strtime;
use jiff::tz::{Offset, TimeZone};

use super::Problem;
use crate::crm::number_of;

/// A way of writing dates that is not the one asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// `2026-04-03`, where a pattern says otherwise.
    Iso,
    /// `31/12/2026`: only the day can come first.
    DayFirst(char),
    /// `12/31/2026`: only the month can come first.
    MonthFirst(char),
    /// `03/04/2026`: either.
    Either(char),
}

/// A day, and a time where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moment {
    date: Date,
    time: Option<Time>,
    offset: Option<Offset>,
}

/// How a source's dates are read.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    pub(super) pattern: Option<String>,
    pub(super) zone: TimeZone,
}

impl Reader {
    /// The day; of a time, the day it is in the client's zone.
    pub(super) fn date(&self, text: &str) -> Result<Fixed, Problem> {
        let moment = self.moment(text, "date")?;
        let date = match (moment.time, moment.offset) {
            (Some(time), Some(offset)) => {
                let at = offset.to_timestamp(DateTime::from_parts(moment.date, time)).map_err(|_| beyond(text))?;
                at.to_zoned(self.zone.clone()).date()
            }
            _ => moment.date,
        };
        Ok(number_of(date))
    }

    /// The instant; of a day alone, its first in the client's zone.
    pub(super) fn time(&self, text: &str) -> Result<Fixed, Problem> {
        let moment = self.moment(text, "time")?;
        let civil = DateTime::from_parts(moment.date, moment.time.unwrap_or(Time::midnight()));
        let at = match moment.offset {
            Some(offset) => offset.to_timestamp(civil),
            None => self.zone.to_ambiguous_timestamp(civil).compatible(),
        };
        at.map(|at| Fixed(at.as_microsecond())).map_err(|_| beyond(text))
    }

    fn moment(&self, text: &str, what: &str) -> Result<Moment, Problem> {
        let Some(pattern) = &self.pattern else {
            return iso(text).ok_or_else(|| match form(text) {
                Some(form) => Problem::date(form, text),
                None => Problem::new(
                    "date",
                    format!("`{text}` is not a {what}: ISO 8601 is read, such as `2026-03-01`; for others say `as {what} \"%d %b %Y\"`"),
                ),
            });
        };
        let Ok(parsed) = strtime::parse(pattern, text) else {
            let other = iso(text).map(|_| Form::Iso).or_else(|| form(text));
            return Err(match other {
                Some(form) => Problem::date(form, text),
                None => Problem::new("date", format!("`{text}` is not a {what} by the pattern `{pattern}`")),
            });
        };
        // Written as asked for, so it is mistyped and not another way of writing.
        let no_day = |_| Problem::new("date", format!("`{text}` names a day that there is not"));
        let date = parsed.to_date().map_err(no_day)?;
        Ok(Moment { date, time: parsed.to_time().ok(), offset: parsed.offset() })
    }
}

fn beyond(text: &str) -> Problem {
    Problem::new("date", format!("`{text}` is beyond the years that are kept, 1 to 9999"))
}

/// Says why a pattern is none; nothing where it is one.
pub(crate) fn pattern_error(pattern: &str) -> Option<String> {
    let sample = jiff::civil::date(2026, 3, 1).at(8, 30, 0, 0).to_zoned(TimeZone::UTC).ok()?;
    match strtime::format(pattern, &sample) {
        Err(error) => Some(error.to_string()),
        Ok(written) => {
            strtime::parse(pattern, written).and_then(|parsed| parsed.to_date()).err().map(|error| error.to_string())
        }
    }
}

/// ISO 8601 as exports write it: `2026-03-01`, with `T` or a blank before the time, hours of one digit, seconds with or
/// without a fraction, and `Z`, `UTC` or an offset behind it.
fn iso(text: &str) -> Option<Moment> {
    let (date, rest) = text.split_at_checked(10)?;
    let mut parts = date.split('-');
    let year = digits(parts.next()?, 4)?;
    let (month, day) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    if rest.is_empty() {
        return Some(Moment { date, time: None, offset: None });
    }
    let rest = rest.strip_prefix(['T', 't']).or_else(|| rest.strip_prefix(' '))?.trim_start();
    let end = rest.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, ':' | '.')).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at_checked(end)?;
    Some(Moment { date, time: Some(clock_of(clock)?), offset: offset(zone.trim())? })
}

fn clock_of(text: &str) -> Option<Time> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = clock.split(':');
    let hour = parts.next().filter(|hour| matches!(hour.len(), 1 | 2)).and_then(|hour| digits(hour, hour.len()))?;
    let minute = digits(parts.next()?, 2)?;
    let second = parts.next().map_or(Some(0), |second| digits(second, 2))?;
    if parts.next().is_some() || fraction.len() > 9 {
        return None;
    }
    let nanos = if fraction.is_empty() {
        0
    } else {
        digits(fraction, fraction.len())? * 10_u32.pow(9 - u32::try_from(fraction.len()).ok()?)
    };
    let small = |number: u32| i8::try_from(number).ok();
    // A leap second is taken for the one before it.
    Time::new(
        small(hour)?,
        small(minute)?,
        small(second.min(if second == 60 { 59 } else { second }))?,
        i32::try_from(nanos).ok()?,
    )
    .ok()
}

/// Nothing, `Z`, `UTC`, `+13`, `+13:00`, `+1300`.
fn offset(text: &str) -> Option<Option<Offset>> {
    if text.is_empty() {
        return Some(None);
    }
    if matches!(text, "Z" | "z" | "UTC" | "GMT") {
        return Some(Some(Offset::UTC));
    }
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix(['-', '−'])?),
    };
    let bare = rest.replace(':', "");
    let (hours, minutes) = bare.split_at_checked(2)?;
    let minutes = if minutes.is_empty() { 0 } else { digits(minutes, 2)? };
    let seconds = sign * i32::try_from(digits(hours, 2)? * 3600 + minutes * 60).ok()?;
    Offset::from_seconds(seconds).ok().map(Some)
}

/// `31/12/2026`, `3.4.26`, `12-31-2026`, with or without a time behind it.
fn form(text: &str) -> Option<Form> {
    let date = text.split_whitespace().next()?;
    let separator = date.chars().find(|letter| matches!(letter, '/' | '.' | '-'))?;
    let parts: Vec<&str> = date.split(separator).collect();
    let [first, second, year] = parts.as_slice() else { return None };
    let small = |part: &str| if matches!(part.len(), 1 | 2) { digits(part, part.len()) } else { None };
    let (first, second) = (small(first)?, small(second)?);
    if !matches!(year.len(), 2 | 4) || digits(year, year.len()).is_none() {
        return None;
    }
    match (first, second) {
        (13..=31, 1..=12) => Some(Form::DayFirst(separator)),
        (1..=12, 13..=31) => Some(Form::MonthFirst(separator)),
        (1..=12, 1..=12) => Some(Form::Either(separator)),
        _ => None,
    }
}

fn digits(text: &str, length: usize) -> Option<u32> {
    (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(pattern: Option<&str>) -> Reader {
        Reader { pattern: pattern.map(str::to_owned), zone: TimeZone::get("Pacific/Auckland").unwrap() }
    }

    fn micros(text: &str) -> Fixed {
        Fixed(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
    }

    #[test]
    fn times_are_read_as_exports_write_them() {
        let cases = [
            ("2026-03-01", "2026-02-28T11:00:00Z"),
            ("2020-12-30 3:15:52", "2020-12-29T14:15:52Z"),
            ("2026-03-01T09:30:00.123456Z", "2026-03-01T09:30:00.123456Z"),
            ("2026-03-01 09:30", "2026-02-28T20:30:00Z"),
            ("2026-03-01 09:30:00 UTC", "2026-03-01T09:30:00Z"),
            ("2026-03-01T09:30:00+13:00", "2026-02-28T20:30:00Z"),
            ("2026-03-01T09:30:00-0330", "2026-03-01T13:00:00Z"),
        ];
        for (text, wanted) in cases {
            assert_eq!(reader(None).time(text).unwrap(), micros(wanted), "{text}");
        }
    }

    #[test]
    fn a_time_that_the_clock_leaps_over_or_has_twice_is_taken_once() {
        let leap = reader(None).time("2026-09-27 02:30").unwrap();
        assert_eq!(leap, micros("2026-09-26T14:30:00Z"));
        let twice = reader(None).time("2026-04-05 02:30").unwrap();
        assert_eq!(twice, micros("2026-04-04T13:30:00Z"));
    }

    #[test]
    fn the_day_of_an_instant_is_the_clients() {
        let day = |date| number_of(date);
        assert_eq!(reader(None).date("2018-02-26 23:58:54").unwrap(), day(jiff::civil::date(2018, 2, 26)));
        assert_eq!(reader(None).date("2026-03-01T20:00:00Z").unwrap(), day(jiff::civil::date(2026, 3, 2)));
        assert_eq!(reader(Some("%d %b %Y")).date("3 Apr 2026").unwrap(), day(jiff::civil::date(2026, 4, 3)));
        assert_eq!(reader(Some("%d/%m/%Y")).date("03/04/2026").unwrap(), day(jiff::civil::date(2026, 4, 3)));
    }

    #[test]
    fn other_ways_of_writing_dates_are_known_for_what_they_are() {
        let form = |pattern, text| reader(pattern).date(text).unwrap_err().form;
        assert_eq!(form(None, "31/12/2026"), Some(Form::DayFirst('/')));
        assert_eq!(form(None, "12/31/2026 9:15 AM"), Some(Form::MonthFirst('/')));
        assert_eq!(form(None, "3.4.26"), Some(Form::Either('.')));
        assert_eq!(form(Some("%d/%m/%Y"), "2026-04-03"), Some(Form::Iso));
        for text in ["tomorrow", "2026-02-30", "20260301", "99/99/2026", "2026-03-01 25:00", "2026-03-01T09:30:00+99"] {
            assert_eq!(form(None, text), None, "{text}");
        }
    }

    #[test]
    fn a_day_that_there_is_not_is_no_other_way_of_writing() {
        for (pattern, text) in [("%d.%m.%Y", "31.02.2026"), ("%m/%d/%Y", "02/30/2026"), ("%d.%m.%Y", "29.02.2027")] {
            let problem = reader(Some(pattern)).date(text).unwrap_err();
            assert_eq!(problem.form, None, "{text}");
            assert_eq!(problem.reason, format!("`{text}` names a day that there is not"));
        }
    }

    #[test]
    fn a_pattern_has_to_give_a_date() {
        assert_eq!(pattern_error("%d/%m/%Y"), None);
        assert_eq!(pattern_error("%Y-%m-%d %H:%M"), None);
        assert!(pattern_error("%H:%M").is_some());
        assert!(pattern_error("%Q!").is_some());
    }
}
