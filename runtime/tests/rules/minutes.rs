//! A naive calendar: every minute of some weeks, each with what the clock on the wall shows, looked through one by one.

use compiler::program::Client;
use jiff::civil::{Date, DateTime, Time, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

/// With every kind of clock change: an hour, half an hour, none, offsets of quarters.
pub(crate) const ZONES: [&str; 6] =
    ["Pacific/Auckland", "Pacific/Chatham", "Australia/Lord_Howe", "America/New_York", "Europe/London", "UTC"];

/// Days on which clocks change somewhere, and one on which none does.
const AROUND: [Date; 6] =
    [date(2026, 4, 5), date(2026, 9, 27), date(2026, 3, 8), date(2026, 10, 4), date(2026, 10, 25), date(2026, 12, 24)];

/// Minutes from an instant on.
pub(crate) struct Minutes {
    first: Timestamp,
    shown: Vec<DateTime>,
}

impl Minutes {
    pub(crate) fn new(zone: &TimeZone, first: Timestamp, days: usize) -> Self {
        let count = i64::try_from(days).unwrap() * 24 * 60;
        let shown = (0..count).map(|minute| zone.to_datetime(first + SignedDuration::from_mins(minute))).collect();
        Self { first, shown }
    }

    pub(crate) fn at(&self, minute: usize) -> Timestamp {
        self.first + SignedDuration::from_mins(i64::try_from(minute).unwrap())
    }

    pub(crate) fn number(&self, at: Timestamp) -> usize {
        usize::try_from(at.duration_since(self.first).as_mins()).unwrap()
    }

    pub(crate) fn count(&self) -> usize {
        self.shown.len()
    }

    pub(crate) fn shows(&self, minute: usize) -> DateTime {
        self.shown[minute]
    }

    /// The first minute at which the clock shows that time or a later one.
    pub(crate) fn reaches(&self, local: DateTime) -> usize {
        self.shown.iter().position(|&shown| shown >= local).unwrap_or(self.shown.len())
    }

    /// Every date that the clock shows, and the day before the first, in order.
    pub(crate) fn dates(&self) -> Vec<Date> {
        let last = self.shown[self.shown.len() - 1].date();
        let first = self.shown[0].date().yesterday().unwrap();
        first.series(jiff::Span::new().days(1)).take_while(|&day| day <= last).collect()
    }

    /// For each minute, whether somebody with those hours is open.
    pub(crate) fn open(&self, days: &[bool; 7], from: Time, to: Time, holidays: &[Date]) -> Vec<bool> {
        let mut open = vec![false; self.count()];
        for day in self.dates() {
            if works(days, holidays, day) {
                let last = if from < to { day } else { day.tomorrow().unwrap() };
                let (begin, end) = (self.reaches(day.to_datetime(from)), self.reaches(last.to_datetime(to)));
                open[begin..end.max(begin)].fill(true);
            }
        }
        open
    }
}

pub(crate) fn works(days: &[bool; 7], holidays: &[Date], day: Date) -> bool {
    days[usize::try_from(day.weekday().to_monday_zero_offset()).unwrap()] && !holidays.contains(&day)
}

/// A minute within five days of a change of the clocks.
pub(crate) fn instants() -> impl Strategy<Value = Timestamp> {
    (proptest::sample::select(&AROUND[..]), -5 * 24 * 60_i64..5 * 24 * 60).prop_map(|(day, minutes)| {
        let midnight = day.at(0, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp();
        midnight + SignedDuration::from_mins(minutes)
    })
}

pub(crate) fn zones() -> impl Strategy<Value = TimeZone> {
    proptest::sample::select(&ZONES[..]).prop_map(|name| TimeZone::get(name).unwrap())
}

/// A time of day, now and then within the hours in which clocks change.
pub(crate) fn times() -> impl Strategy<Value = Time> {
    prop_oneof![0..24 * 60_i64, 60..4 * 60_i64]
        .prop_map(|minutes| Time::midnight() + SignedDuration::from_mins(minutes))
}

/// Hours on some days, and holidays close by.
pub(crate) fn clients() -> impl Strategy<Value = Client> {
    let days = any::<[bool; 7]>().prop_map(|mut days| {
        // The naive calendar ends: a client that never opens has tests of its own.
        days[0] = true;
        days
    });
    let holidays = proptest::collection::vec((proptest::sample::select(&AROUND[..]), -7..7_i64), 0..4);
    (days, times(), times(), holidays).prop_map(|(days, from, to, holidays)| {
        let mut client = Client::default();
        client.hours.days = days;
        client.hours.from = from;
        client.hours.to = to;
        client.holidays = holidays.into_iter().map(|(day, offset)| day + jiff::Span::new().days(offset)).collect();
        client
    })
}
