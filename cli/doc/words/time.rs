//! Spans, hours and schedules in words.

use compiler::program::{Hours, Period, Schedule};

use super::listed;

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// `5 business days`
pub(crate) fn period(period: Period) -> String {
    period.to_string()
}

/// `Monday to Friday`, `Monday, Wednesday and Friday`, `every day`
pub(crate) fn days(days: [bool; 7]) -> String {
    let open: Vec<usize> = days.iter().enumerate().filter(|(_, open)| **open).map(|(day, _)| day).collect();
    let name = |day: &usize| DAYS.get(*day).copied().unwrap_or_default();
    match open.as_slice() {
        [] => "never".to_owned(),
        all if all.len() == DAYS.len() => "every day".to_owned(),
        [first, .., last] if last - first + 1 == open.len() && open.len() > 2 => {
            format!("{} to {}", name(first), name(last))
        }
        some => listed(some.iter().map(name), "and"),
    }
}

/// `Monday to Friday, 08:30 to 17:30`
pub(crate) fn hours(hours: Hours) -> String {
    format!("{}, {}", days(hours.days), clock(hours.from, hours.to))
}

/// `08:30 to 17:30`
pub(crate) fn clock(from: jiff::civil::Time, to: jiff::civil::Time) -> String {
    format!("{} to {}", from.strftime("%H:%M"), to.strftime("%H:%M"))
}

/// `Monday to Friday at 08:00`, `every 2 days`
pub(crate) fn schedule(schedule: &Schedule) -> String {
    match schedule {
        Schedule::Days { days: on, at } => format!("{} at {}", days(*on), at.strftime("%H:%M")),
        Schedule::Interval(of) => format!("every {}", of.each()),
    }
}

#[cfg(test)]
mod tests {
    use language::syntax::DurationUnit;

    use super::*;

    #[test]
    fn days_are_joined_where_they_follow_each_other() {
        assert_eq!(days([true, true, true, true, true, false, false]), "Monday to Friday");
        assert_eq!(days([true, false, true, false, false, false, false]), "Monday and Wednesday");
        assert_eq!(days([true; 7]), "every day");
        assert_eq!(days([false, false, false, false, false, true, true]), "Saturday and Sunday");
    }

    #[test]
    fn one_of_a_unit_is_the_unit() {
        let week = Period { amount: 1, unit: DurationUnit::Week, business: false };
        let days = Period { amount: 1, unit: DurationUnit::Day, business: true };
        assert_eq!([week.each(), period(week), days.each()], ["week", "1 week", "1 business day"]);
    }
}
