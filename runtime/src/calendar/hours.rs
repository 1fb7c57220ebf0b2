//! When somebody is open: the same hours on some days of the week, and never on holidays.

use compiler::program::{Client, Hours};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use super::reaches;

/// So many days ahead is looked for business time, 400 years: what would be later never comes.
pub(super) const FARTHEST: usize = 400 * 366;

/// Hours on somebody's clock. They reach into the next day where they end no later than they begin; never more than a day.
#[derive(Clone, Copy, Debug)]
pub struct OpenHours<'a> {
    hours: Hours,
    holidays: &'a [Date],
}

/// From an instant, included, to another one, not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// It opens.
    pub from: Timestamp,
    /// It closes. No later than it opens where a change of the clocks skips all of it.
    pub to: Timestamp,
}

impl<'a> OpenHours<'a> {
    /// The client's business hours, closed on its holidays.
    #[must_use]
    pub fn of(client: &'a Client) -> Self {
        Self { hours: client.hours, holidays: &client.holidays }
    }

    /// Every day, holidays or not.
    #[must_use]
    pub const fn daily(from: Time, to: Time) -> Self {
        Self { hours: Hours { days: [true; 7], from, to }, holidays: &[] }
    }

    /// There is no day on which it opens.
    #[must_use]
    pub fn never_opens(&self) -> bool {
        !self.hours.days.contains(&true)
    }

    /// On how many days of a week without holidays it opens.
    #[must_use]
    pub fn days_a_week(&self) -> u8 {
        self.hours.days.iter().map(|&works| u8::from(works)).sum()
    }

    /// It opens on that day.
    #[must_use]
    pub fn works_on(&self, day: Date) -> bool {
        let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
        self.hours.days.get(weekday).copied().unwrap_or(false) && !self.holidays.contains(&day)
    }

    /// Its hours of that day, on the clocks of the zone; none on a day off.
    #[must_use]
    pub fn opening(&self, zone: &TimeZone, day: Date) -> Option<Opening> {
        if !self.works_on(day) {
            return None;
        }
        let last = if self.hours.from < self.hours.to { day } else { day.tomorrow().ok()? };
        let from = reaches(zone, day.to_datetime(self.hours.from))?;
        let to = reaches(zone, last.to_datetime(self.hours.to))?;
        Some(Opening { from, to })
    }

    /// The next instant at which it is open: that instant itself where it is.
    #[must_use]
    pub fn opens_at(&self, zone: &TimeZone, at: Timestamp) -> Timestamp {
        let open = self.openings(zone, at).find(|opening| opening.from < opening.to && at < opening.to);
        open.map_or(Timestamp::MAX, |opening| opening.from.max(at))
    }

    /// In order, from the one that may still be open at an instant, as far ahead as [`FARTHEST`].
    pub(super) fn openings<'z>(
        &self,
        zone: &'z TimeZone,
        at: Timestamp,
    ) -> impl Iterator<Item = Opening> + use<'a, 'z> {
        let hours = *self;
        let today = zone.to_datetime(at).date();
        // What opened yesterday may last into today.
        let first = if hours.never_opens() { None } else { Some(today.yesterday().unwrap_or(today)) };
        let days = std::iter::successors(first, |day| day.tomorrow().ok());
        days.take(FARTHEST).filter_map(move |day| hours.opening(zone, day))
    }
}
