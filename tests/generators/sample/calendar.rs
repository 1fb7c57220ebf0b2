//! Minutes before a fixed instant, as dates. Knows no time zones: the samples are in the client's own.

/// The samples' present: 2026-11-20 09:00, in minutes since 1970.
const NOW: i64 = 20_777 * MINUTES_A_DAY + 9 * 60;
const MINUTES_A_DAY: i64 = 24 * 60;

/// A day and a time, as numbers.
pub(crate) struct Moment {
    pub(crate) year: i64,
    pub(crate) month: i64,
    pub(crate) day: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
}

/// The moment `minutes` before the samples' present.
pub(crate) fn before_now(minutes: i64) -> Moment {
    let instant = NOW - minutes;
    let (days, minute_of_day) = (instant.div_euclid(MINUTES_A_DAY), instant.rem_euclid(MINUTES_A_DAY));
    // Howard Hinnant's "days to civil": years begin in March, so that the leap day is the last of its year.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    Moment {
        year: year_of_era + era * 400 + i64::from(month <= 2),
        month,
        day: day_of_year - (153 * month_from_march + 2) / 5 + 1,
        hour: minute_of_day / 60,
        minute: minute_of_day % 60,
    }
}

impl Moment {
    /// `2026-11-20 09:00`
    pub(crate) fn year_first(&self) -> String {
        let Self { year, month, day, hour, minute } = self;
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
    }

    /// `20/11/2026 09:00`
    pub(crate) fn day_first(&self) -> String {
        let Self { year, month, day, hour, minute } = self;
        format!("{day:02}/{month:02}/{year:04} {hour:02}:{minute:02}")
    }
}
