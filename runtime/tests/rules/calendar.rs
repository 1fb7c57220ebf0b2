//! Time ahead: tables of New Zealand's changes of the clocks, holidays and hours; agreement with a calendar of minutes.

use compiler::program::{Client, Hours, Period, Schedule};
use jiff::civil::{Date, DateTime, Time, date, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use language::syntax::DurationUnit::{self, Day, Hour, Minute, Month, Second, Week, Year};
use proptest::prelude::*;
use runtime::calendar::{self, OpenHours};
use runtime::score::window::ago;

use crate::minutes::{Minutes, clients, instants, times, works, zones};

const EVERY_DAY: [bool; 7] = [true; 7];

fn auckland() -> TimeZone {
    TimeZone::get("Pacific/Auckland").unwrap()
}

/// Monday to friday, 08:30 to 17:30; closed on Good Friday, Easter Monday and Labour Day.
fn client() -> Client {
    let mut client = Client { timezone: "Pacific/Auckland".into(), ..Client::default() };
    client.hours.from = time(8, 30, 0, 0);
    client.hours.to = time(17, 30, 0, 0);
    client.holidays = vec![date(2026, 4, 3), date(2026, 4, 6), date(2026, 10, 26)];
    client
}

fn period(amount: u32, unit: DurationUnit, business: bool) -> Period {
    Period { amount, unit, business }
}

fn instant(local: &str) -> Timestamp {
    local.parse::<DateTime>().unwrap().to_zoned(auckland()).unwrap().timestamp()
}

/// With the offset, which tells the two occurrences of an hour apart.
fn shown(at: Timestamp) -> String {
    at.to_zoned(auckland()).strftime("%a %m-%d %H:%M %:z").to_string()
}

fn after(from: &str, amount: u32, unit: DurationUnit, business: bool) -> String {
    shown(calendar::after(&client(), &auckland(), instant(from), period(amount, unit, business)))
}

fn fires(at: Time, days: [bool; 7], from: &str, times: usize) -> Vec<String> {
    let schedule = Schedule::Days { days, at };
    let next = |after: &Timestamp| calendar::next(&schedule, &client(), &auckland(), *after, Timestamp::UNIX_EPOCH);
    std::iter::successors(next(&instant(from)), next).take(times).map(shown).collect()
}

#[test]
fn days_keep_the_time_of_day_and_hours_do_not() {
    // Clocks go back from 03:00 to 02:00 on April 5, and forward from 02:00 to 03:00 on September 27.
    assert_eq!(after("2026-04-04T12:00", 1, Day, false), "Sun 04-05 12:00 +12:00");
    assert_eq!(after("2026-04-04T12:00", 24, Hour, false), "Sun 04-05 11:00 +12:00");
    assert_eq!(after("2026-09-26T12:00", 1, Day, false), "Sun 09-27 12:00 +13:00");
    assert_eq!(after("2026-09-26T12:00", 24, Hour, false), "Sun 09-27 13:00 +13:00");
    assert_eq!(after("2026-04-04T02:30", 1, Day, false), "Sun 04-05 02:30 +13:00");
    assert_eq!(after("2026-09-26T02:30", 1, Day, false), "Sun 09-27 03:00 +13:00");
    assert_eq!(after("2026-09-26T02:30", 2, Day, false), "Mon 09-28 02:30 +13:00");
    assert_eq!(after("2026-03-29T02:30", 1, Week, false), "Sun 04-05 02:30 +13:00");
    assert_eq!(after("2026-04-05T01:00", 90, Minute, false), "Sun 04-05 02:30 +13:00");
    assert_eq!(after("2026-04-05T01:00", 9000, Second, false), "Sun 04-05 02:30 +12:00");
}

#[test]
fn months_and_years_end_where_the_month_does() {
    assert_eq!(after("2026-01-31T09:00", 1, Month, false), "Sat 02-28 09:00 +13:00");
    assert_eq!(after("2026-01-31T09:00", 2, Month, false), "Tue 03-31 09:00 +13:00");
    assert_eq!(after("2024-02-29T09:00", 1, Year, false), "Fri 02-28 09:00 +13:00");
    assert_eq!(after("2026-01-31T09:00", 1, Month, true), "Sat 02-28 09:00 +13:00");
}

#[test]
fn business_days_go_round_weekends_and_easter() {
    assert_eq!(after("2026-04-02T16:00", 1, Day, true), "Tue 04-07 16:00 +12:00");
    assert_eq!(after("2026-04-04T10:00", 1, Day, true), "Tue 04-07 10:00 +12:00");
    assert_eq!(after("2026-04-04T10:00", 0, Day, true), "Sat 04-04 10:00 +13:00");
    assert_eq!(after("2026-10-23T10:00", 5, Day, true), "Mon 11-02 10:00 +13:00");
    assert_eq!(after("2026-03-23T10:00", 1, Week, true), "Mon 03-30 10:00 +13:00");
}

#[test]
fn business_hours_pass_only_while_open() {
    assert_eq!(after("2026-04-02T16:00", 4, Hour, true), "Tue 04-07 11:00 +12:00");
    assert_eq!(after("2026-04-02T16:00", 90, Minute, true), "Thu 04-02 17:30 +13:00");
    assert_eq!(after("2026-04-02T06:00", 9, Hour, true), "Thu 04-02 17:30 +13:00");
    assert_eq!(after("2026-04-03T12:00", 1, Second, true), "Tue 04-07 08:30 +12:00");
    assert_eq!(after("2026-04-02T20:00", 30, Minute, true), "Tue 04-07 09:00 +12:00");
}

#[test]
fn a_time_that_is_skipped_fires_at_the_jump_and_one_that_comes_twice_fires_once() {
    let at = time(2, 30, 0, 0);
    assert_eq!(
        fires(at, EVERY_DAY, "2026-09-26T00:00", 3),
        ["Sat 09-26 02:30 +12:00", "Sun 09-27 03:00 +13:00", "Mon 09-28 02:30 +13:00"]
    );
    assert_eq!(
        fires(at, EVERY_DAY, "2026-04-04T00:00", 3),
        ["Sat 04-04 02:30 +13:00", "Sun 04-05 02:30 +13:00", "Mon 04-06 02:30 +12:00"]
    );
    // Seen from between its two occurrences, it has fired already.
    let between = "2026-04-05T02:30:00+12:00[Pacific/Auckland]".parse::<jiff::Zoned>().unwrap().timestamp();
    let schedule = Schedule::Days { days: EVERY_DAY, at };
    let next = calendar::next(&schedule, &client(), &auckland(), between - SignedDuration::from_mins(1), between);
    assert_eq!(shown(next.unwrap()), "Mon 04-06 02:30 +12:00");
}

#[test]
fn schedules_name_their_days_and_know_no_holidays() {
    let workdays = [true, true, true, true, true, false, false];
    assert_eq!(
        fires(time(8, 0, 0, 0), workdays, "2026-04-02T08:00", 3),
        ["Fri 04-03 08:00 +13:00", "Mon 04-06 08:00 +12:00", "Tue 04-07 08:00 +12:00"]
    );
    let sundays = [false, false, false, false, false, false, true];
    assert_eq!(fires(time(0, 0, 0, 0), sundays, "2026-04-05T00:00", 1), ["Sun 04-12 00:00 +12:00"]);
    assert_eq!(fires(time(0, 0, 0, 0), [false; 7], "2026-04-05T00:00", 1), [""; 0]);
}

#[test]
fn a_day_that_a_zone_leaves_out_begins_with_the_next() {
    // Samoa had no 2011-12-30, a friday: after thursday midnight came saturday.
    let apia = TimeZone::get("Pacific/Apia").unwrap();
    let from = "2011-12-29T12:00:00-10:00".parse::<Timestamp>().unwrap();
    let friday = Schedule::Days { days: [false, false, false, false, true, false, false], at: time(8, 0, 0, 0) };
    let next = calendar::next(&friday, &client(), &apia, from, from).unwrap();
    assert_eq!(next.to_zoned(apia.clone()).to_string(), "2011-12-31T00:00:00+14:00[Pacific/Apia]");
    let following = calendar::next(&friday, &client(), &apia, next, from).unwrap();
    assert_eq!(following.to_zoned(apia).to_string(), "2012-01-06T08:00:00+14:00[Pacific/Apia]");
}

#[test]
fn intervals_do_not_drift() {
    let monthly = Schedule::Interval(period(1, Month, false));
    let anchor = instant("2026-01-31T09:00");
    let next = |after: Timestamp| calendar::next(&monthly, &client(), &auckland(), after, anchor).unwrap();
    assert_eq!(shown(next(instant("2025-01-01T00:00"))), "Sat 02-28 09:00 +13:00");
    assert_eq!(shown(next(instant("2026-02-28T09:00"))), "Tue 03-31 09:00 +13:00");
    assert_eq!(shown(next(instant("2026-08-15T09:00"))), "Mon 08-31 09:00 +12:00");
    let business = Schedule::Interval(period(4, Hour, true));
    let next =
        calendar::next(&business, &client(), &auckland(), instant("2026-04-02T12:30"), instant("2026-04-02T08:30"));
    assert_eq!(shown(next.unwrap()), "Thu 04-02 16:30 +13:00");
}

#[test]
fn hours_open_on_somebody_elses_clock() {
    let client = client();
    let hours = OpenHours::of(&client);
    let opens = |zone: &str, at: &str| {
        let zone = TimeZone::get(zone).unwrap();
        let at = at.parse::<Timestamp>().unwrap();
        hours.opens_at(&zone, at).to_zoned(zone).strftime("%a %m-%d %H:%M %:z").to_string()
    };
    // Wednesday 18:00 in Auckland.
    let evening = "2026-04-01T05:00:00Z";
    assert_eq!(opens("Pacific/Auckland", evening), "Thu 04-02 08:30 +13:00");
    assert_eq!(opens("Australia/Perth", evening), "Wed 04-01 13:00 +08:00");
    assert_eq!(opens("America/New_York", evening), "Wed 04-01 08:30 -04:00");
    assert_eq!(opens("Asia/Kolkata", evening), "Wed 04-01 10:30 +05:30");
    // The very instant it closes is outside, the one it opens is inside.
    assert_eq!(opens("UTC", "2026-04-02T17:30:00Z"), "Tue 04-07 08:30 +00:00");
    assert_eq!(opens("UTC", "2026-04-02T08:30:00Z"), "Thu 04-02 08:30 +00:00");
}

#[test]
fn hours_reach_over_midnight() {
    let night = OpenHours::daily(time(22, 0, 0, 0), time(6, 0, 0, 0));
    let opens = |at: &str| shown(night.opens_at(&auckland(), instant(at)));
    assert_eq!(opens("2026-04-05T05:59"), "Sun 04-05 05:59 +12:00");
    assert_eq!(opens("2026-04-05T06:00"), "Sun 04-05 22:00 +12:00");
    assert_eq!(opens("2026-04-05T23:00"), "Sun 04-05 23:00 +12:00");
}

#[test]
fn days_weeks_and_months_begin_on_the_clients_clock() {
    let zone = auckland();
    // 2026-04-06 11:00 in Auckland is still the 5th in UTC.
    let at = instant("2026-04-06T11:00");
    assert_eq!(shown(calendar::day_start(&zone, at)), "Mon 04-06 00:00 +12:00");
    assert_eq!(shown(calendar::week_start(&zone, at)), "Mon 04-06 00:00 +12:00");
    assert_eq!(shown(calendar::week_start(&zone, at - SignedDuration::from_hours(12))), "Mon 03-30 00:00 +13:00");
    assert_eq!(shown(calendar::month_start(&zone, at)), "Wed 04-01 00:00 +13:00");
    // In Brazil a summer began at midnight: that day has no 00:00.
    let sao_paulo = TimeZone::get("America/Sao_Paulo").unwrap();
    let noon = date(2018, 11, 4).at(12, 0, 0, 0).to_zoned(sao_paulo.clone()).unwrap().timestamp();
    let start = calendar::day_start(&sao_paulo, noon).to_zoned(sao_paulo);
    assert_eq!(start.to_string(), "2018-11-04T01:00:00-02:00[America/Sao_Paulo]");
}

#[test]
fn what_never_comes_is_the_last_instant() {
    let closed = Client { hours: Hours { days: [false; 7], ..Hours::default() }, ..Client::default() };
    let now = instant("2026-04-02T16:00");
    let never = Timestamp::MAX;
    for unit in [Second, Minute, Hour, Day, Week] {
        assert_eq!(calendar::after(&closed, &auckland(), now, period(1, unit, true)), never);
    }
    for unit in [Second, Minute, Hour, Day, Week, Month, Year] {
        for business in [false, true] {
            for zone in [auckland(), TimeZone::UTC] {
                let open = client();
                assert_eq!(calendar::after(&open, &zone, never, period(1, unit, business)), never);
                let _ = calendar::after(&open, &zone, Timestamp::MIN, period(1, unit, business));
                let longest = calendar::after(&open, &zone, now, period(u32::MAX, unit, business));
                assert!(longest > now, "{unit:?}");
                let schedule = Schedule::Interval(period(u32::MAX, unit, business));
                let next = calendar::next(&schedule, &open, &zone, now, now);
                assert_eq!(next, Some(longest).filter(|&longest| longest < never), "{unit:?}");
                assert_eq!(calendar::next(&schedule, &open, &zone, never, now), None);
            }
        }
        let nothing = Schedule::Interval(period(0, unit, false));
        assert_eq!(calendar::next(&nothing, &client(), &auckland(), now, now), None);
    }
    assert_eq!(OpenHours::of(&closed).opens_at(&auckland(), now), never);
    let schedule = Schedule::Interval(period(1, Day, true));
    assert_eq!(calendar::next(&schedule, &closed, &auckland(), now, now), None);
    let daily = Schedule::Days { days: EVERY_DAY, at: time(8, 0, 0, 0) };
    assert_eq!(calendar::next(&daily, &closed, &auckland(), never, now), None);
    for at in [Timestamp::MIN, never] {
        assert!(calendar::day_start(&auckland(), at) <= at);
        assert!(calendar::week_start(&auckland(), at) <= at);
        assert!(calendar::month_start(&auckland(), at) <= at);
    }
}

#[test]
fn holidays_for_years_end() {
    let mut client = client();
    client.holidays = date(2026, 1, 1).series(jiff::Span::new().days(1)).take(3 * 365).collect::<Vec<Date>>();
    let opens = OpenHours::of(&client).opens_at(&auckland(), instant("2026-04-02T16:00"));
    assert_eq!(opens.to_zoned(auckland()).date(), date(2029, 1, 1));
}

/// How far the naive calendar looks, and how far back it begins.
const DAYS: usize = 30;
const BEFORE: i64 = 3 * 24;

fn minutes(zone: &TimeZone, from: Timestamp) -> Minutes {
    Minutes::new(zone, from - SignedDuration::from_hours(BEFORE), DAYS)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn local_times_are_reached_as_minutes_say(zone in zones(), from in instants(), at in times(), later in 0..20_i64) {
        let minutes = minutes(&zone, from);
        let local = (zone.to_datetime(from).date() + jiff::Span::new().days(later)).to_datetime(at);
        prop_assert_eq!(calendar::reaches(&zone, local), Some(minutes.at(minutes.reaches(local))));
    }

    #[test]
    fn hours_open_as_minutes_say(zone in zones(), from in instants(), client in clients()) {
        let minutes = minutes(&zone, from);
        let open = minutes.open(&client.hours.days, client.hours.from, client.hours.to, &client.holidays);
        let expected = (minutes.number(from)..minutes.count()).find(|&minute| open[minute]).map(|minute| minutes.at(minute));
        prop_assert_eq!(Some(OpenHours::of(&client).opens_at(&zone, from)), expected);
    }

    #[test]
    fn business_time_passes_as_minutes_say(zone in zones(), from in instants(), client in clients(), amount in 1..500_u32) {
        let minutes = minutes(&zone, from);
        let open = minutes.open(&client.hours.days, client.hours.from, client.hours.to, &client.holidays);
        let (mut minute, mut left) = (minutes.number(from), amount);
        while left > 0 && minute < minutes.count() {
            left -= u32::from(open[minute]);
            minute += 1;
        }
        prop_assume!(left == 0);
        let over = calendar::after(&client, &zone, from, period(amount, Minute, true));
        prop_assert_eq!(over, minutes.at(minute));
        prop_assert_eq!(calendar::after(&client, &zone, from, period(amount * 60, Second, true)), over);
        // Where it was open when the period began, looking back from its end finds the beginning.
        if open[minutes.number(from)] {
            prop_assert_eq!(ago(&client, &zone, over, period(amount, Minute, true)), from);
        }
    }

    #[test]
    fn business_days_pass_as_minutes_say(zone in zones(), from in instants(), client in clients(), amount in 1..4_u32) {
        let minutes = minutes(&zone, from);
        let here = minutes.shows(minutes.number(from));
        let mut working = minutes.dates().into_iter()
            .filter(|&day| day > here.date() && works(&client.hours.days, &client.holidays, day));
        let Some(day) = working.nth(amount as usize - 1) else { return Ok(()) };
        let expected = minutes.reaches(day.to_datetime(here.time()));
        prop_assume!(expected < minutes.count());
        let over = calendar::after(&client, &zone, from, period(amount, Day, true));
        prop_assert_eq!(over, minutes.at(expected));
        if works(&client.hours.days, &client.holidays, here.date()) && minutes.reaches(here) == minutes.number(from)
            && minutes.shows(expected).time() == here.time()
        {
            prop_assert_eq!(ago(&client, &zone, over, period(amount, Day, true)), from);
        }
    }

    #[test]
    fn calendar_days_pass_as_minutes_say(zone in zones(), from in instants(), amount in 1..20_u32) {
        let minutes = minutes(&zone, from);
        let here = minutes.shows(minutes.number(from));
        let local = here + jiff::Span::new().days(i64::from(amount));
        let over = calendar::after(&Client::default(), &zone, from, period(amount, Day, false));
        prop_assert_eq!(over, minutes.at(minutes.reaches(local)));
        if minutes.reaches(here) == minutes.number(from) && minutes.shows(minutes.reaches(local)) == local {
            prop_assert_eq!(ago(&Client::default(), &zone, over, period(amount, Day, false)), from);
        }
    }

    #[test]
    fn no_period_is_over_before_the_instant_that_it_is_never_over_before(
        zone in zones(), from in instants(), client in clients(), amount in 0..20_u32,
        unit in proptest::sample::select(vec![Minute, Hour, Day, Week, Month]), business in any::<bool>(),
    ) {
        let period = period(amount, unit, business && unit != Month);
        let (sooner, over) = (calendar::no_sooner_than(from, period), calendar::after(&client, &zone, from, period));
        prop_assert!(from <= sooner && sooner <= over, "{sooner} {over}");
    }

    #[test]
    fn schedules_fire_as_minutes_say(zone in zones(), from in instants(), days in any::<[bool; 7]>(), at in times()) {
        let minutes = minutes(&zone, from);
        let expected = minutes.dates().into_iter().filter(|&day| works(&days, &[], day))
            .map(|day| minutes.reaches(day.to_datetime(at)))
            .find(|&minute| minute > minutes.number(from) && minute < minutes.count());
        let next = calendar::next(&Schedule::Days { days, at }, &Client::default(), &zone, from, from);
        prop_assert_eq!(next, expected.map(|minute| minutes.at(minute)));
    }

    #[test]
    fn intervals_fire_one_after_the_other(
        zone in zones(), anchor in instants(), client in clients(), later in 0..40_000_i64, amount in 1..50_u32,
        unit in proptest::sample::select(vec![Minute, Hour, Day, Week, Month]), business in any::<bool>(),
    ) {
        let after = anchor + SignedDuration::from_mins(later);
        let fires = |count: u32| calendar::after(&client, &zone, anchor, period(amount * count, unit, business));
        let expected = (1..).map(fires).find(|&fires| fires > after);
        let schedule = Schedule::Interval(period(amount, unit, business));
        prop_assert_eq!(calendar::next(&schedule, &client, &zone, after, anchor), expected);
    }

    #[test]
    fn days_weeks_and_months_begin_as_minutes_say(zone in zones(), at in instants()) {
        let minutes = Minutes::new(&zone, at - SignedDuration::from_hours(40 * 24), 41);
        let here = minutes.shows(minutes.number(at)).date();
        let monday = minutes.dates().into_iter().rfind(|day| *day <= here && day.weekday() == jiff::civil::Weekday::Monday);
        let first = minutes.dates().into_iter().rfind(|day| *day <= here && day.day() == 1);
        let begins = |day: Date| minutes.at(minutes.reaches(day.to_datetime(Time::midnight())));
        prop_assert_eq!(calendar::day_start(&zone, at), begins(here));
        prop_assert_eq!(calendar::week_start(&zone, at), begins(monday.unwrap()));
        prop_assert_eq!(calendar::month_start(&zone, at), begins(first.unwrap()));
    }
}
