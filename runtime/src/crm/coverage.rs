//! Which events are reported, and since when: what the Program's sources promise, of those that were imported here.

use std::collections::BTreeMap;

use compiler::program::{EventId, Program, Report};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{Crm, CrmError};
use crate::facts::{Coverage, Reported};

/// A source that says no end tells nothing of the time after its last import; so long it is taken to be up to date.
const FRESH: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Crm {
    /// Which events are reported. A source counts once an import of it read a row, and no longer where that was undone. Where
    /// it says no end, that is 7 days after its last import.
    ///
    /// Where several sources report the same event, periods that touch are one; of periods with a hole between them, the last counts.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn coverage(&self, program: &Program) -> Result<Coverage, CrmError> {
        let imported = self.imported_sources()?;
        let zone = zone(program);
        let mut periods: BTreeMap<Option<EventId>, Vec<Reported>> = BTreeMap::new();
        for source in &program.sources {
            let Some(last) = imported.get(source.name.as_str()) else { continue };
            for report in &source.reports {
                periods.entry(report.event).or_default().extend(period(report, &zone, *last));
            }
        }
        let mut coverage = Coverage::default();
        for (event, periods) in periods {
            match (event, last(periods)) {
                (Some(event), Some(period)) => drop(coverage.events.insert(event, period)),
                (None, period) => coverage.conversations = period,
                (Some(_), None) => {}
            }
        }
        Ok(coverage)
    }

    /// Each with the instant of its last import that read a row.
    fn imported_sources(&self) -> Result<BTreeMap<String, Timestamp>, CrmError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let imported = "SELECT source, max(started) FROM import \
            WHERE finished IS NOT NULL AND undone_at IS NULL AND rows > 0 GROUP BY source";
        let mut statement = self.connection.prepare(imported).map_err(sql)?;
        let rows = statement.query_map([], |row| {
            let at = Timestamp::from_microsecond(row.get(1)?).unwrap_or(Timestamp::UNIX_EPOCH);
            Ok((row.get(0)?, at))
        });
        rows.map_err(sql)?.collect::<Result<_, _>>().map_err(sql)
    }
}

/// The client's zone; UTC where the Program names one that nobody knows, which the compiler does not let pass.
pub(crate) fn zone(program: &Program) -> TimeZone {
    TimeZone::get(&program.client.timezone).unwrap_or(TimeZone::UTC)
}

/// From the first instant of the first day to the last of the last; none where it ends before it begins.
fn period(report: &Report, zone: &TimeZone, imported: Timestamp) -> Option<Reported> {
    let start = |day: jiff::civil::Date| day.to_zoned(zone.clone()).map(|zoned| zoned.timestamp());
    let since = start(report.since).ok()?;
    let until = match report.until {
        Some(day) => day_end(start(day.tomorrow().ok()?).ok()?),
        None => imported.checked_add(FRESH).unwrap_or(Timestamp::MAX),
    };
    (since <= until).then_some(Reported { since, until: Some(until) })
}

fn day_end(next_day: Timestamp) -> Timestamp {
    next_day.checked_sub(jiff::SignedDuration::from_micros(1)).unwrap_or(next_day)
}

fn next_instant(at: Timestamp) -> Timestamp {
    at.checked_add(jiff::SignedDuration::from_micros(1)).unwrap_or(at)
}

/// The last of the periods, together with what it touches.
fn last(mut periods: Vec<Reported>) -> Option<Reported> {
    periods.sort_by_key(|period| period.since);
    periods.into_iter().reduce(|before, next| {
        let touches = before.until.is_none_or(|until| next.since <= next_instant(until));
        if !touches {
            return next;
        }
        let until = before.until.zip(next.until).map(|(one, other)| one.max(other));
        Reported { since: before.since, until }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reported(since: &str, until: Option<&str>) -> Reported {
        let at = |text: &str| text.parse().unwrap();
        Reported { since: at(since), until: until.map(at) }
    }

    #[test]
    fn periods_that_touch_are_one() {
        let (spring, summer) = ("2026-01-01T00:00:00Z", "2026-06-30T23:59:59.999999Z");
        let first = reported(spring, Some(summer));
        let next = reported("2026-07-01T00:00:00Z", None);
        assert_eq!(last(vec![next, first]), Some(reported(spring, None)));
        let inside = reported("2026-02-01T00:00:00Z", Some("2026-03-01T00:00:00Z"));
        assert_eq!(last(vec![inside, first]), Some(first));
    }

    #[test]
    fn over_a_hole_the_last_period_counts() {
        let old = reported("2025-01-01T00:00:00Z", Some("2025-06-01T00:00:00Z"));
        let new = reported("2026-01-01T00:00:00Z", None);
        assert_eq!(last(vec![new, old]), Some(new));
    }

    #[test]
    fn without_an_end_it_is_a_week_after_the_last_import() {
        let report = Report { event: None, since: jiff::civil::date(2026, 3, 1), until: None };
        let found = |imported: &str| period(&report, &TimeZone::UTC, imported.parse().unwrap());
        let wanted = reported("2026-03-01T00:00:00Z", Some("2026-05-08T09:00:00Z"));
        assert_eq!(found("2026-05-01T09:00:00Z"), Some(wanted));
        assert_eq!(found("2026-02-01T09:00:00Z"), None, "imported weeks before it reports anything");
    }

    #[test]
    fn days_are_the_clients() {
        let auckland = TimeZone::get("Pacific/Auckland").unwrap();
        let day = jiff::civil::date(2026, 3, 1);
        let found = period(&Report { event: None, since: day, until: Some(day) }, &auckland, Timestamp::MAX).unwrap();
        assert_eq!(found, reported("2026-02-28T11:00:00Z", Some("2026-03-01T10:59:59.999999Z")));
    }
}
