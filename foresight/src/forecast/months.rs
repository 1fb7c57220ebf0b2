//! What comes in by month: each open record is won or not, many times over, and lands in the month in which it would close.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use runtime::metrics::statistics::Interval;
use serde::{Deserialize, Serialize};

use super::model::Learned;
use super::read::Case;
use crate::statistics::{Random, count, logistic};

/// So many times.
const TIMES: usize = 2_000;

/// No further ahead, in months.
const AHEAD: i32 = 24;

/// What comes in within a month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Month {
    /// `2026-12`
    pub month: String,
    /// On average, in the client's currency.
    pub expected: f64,
    /// From the 5th to the 95th of a hundred.
    pub interval: Interval,
    /// How many are won, on average.
    pub won: f64,
}

/// What comes in, and what is left out of it.
#[derive(Default)]
pub(super) struct Months {
    pub(super) months: Vec<Month>,
    /// Open ones of some worth without anything that says when they would close.
    pub(super) undated: u64,
}

/// Month by month from this one on. A record lands where somebody expects it to close; where nobody does, or the day has passed, as long
/// after it began as one of those that were won, longer than it has been open already.
pub(super) fn months(cases: &[Case], learned: &Learned, zone: &TimeZone, now: Timestamp, seed: u64) -> Months {
    let open: Vec<&Case> = cases.iter().filter(|case| case.outcome.is_none() && case.worth.is_some()).collect();
    if open.is_empty() {
        return Months::default();
    }
    let mut lengths: Vec<i64> = cases
        .iter()
        .filter_map(|case| match case.outcome {
            Some((true, Some(at))) => Some(at.duration_since(case.began?).as_secs().max(0)),
            _ => None,
        })
        .collect();
    lengths.sort_unstable();
    let today = now.to_zoned(zone.clone()).date();
    let is_undated = |case: &&&Case| lengths.is_empty() && case.expected.is_none_or(|day| day < today);
    let undated = open.iter().filter(is_undated).count() as u64;
    let mut random = Random::new(seed);
    let mut sums: BTreeMap<(i16, i8), (Vec<f64>, usize)> = BTreeMap::new();
    for time in 0..TIMES {
        // What all have in common is not known better than this.
        let shift = learned.spread * normal(&mut random);
        for case in &open {
            let is_won = random.unit() < logistic(learned.log_odds(case) + shift);
            let Some(day) = closes(case, &lengths, today, now, zone, &mut random).filter(|_| is_won) else { continue };
            let (sum, won) = sums.entry((day.year(), day.month())).or_insert_with(|| (vec![0.0; TIMES], 0));
            if let Some(sum) = sum.get_mut(time) {
                *sum += case.worth.unwrap_or(0.0);
            }
            *won += 1;
        }
    }
    let told = sums.into_iter().map(|((year, month), (mut sums, won))| {
        let expected = sums.iter().sum::<f64>() / count(TIMES);
        sums.sort_by(f64::total_cmp);
        let at = |place: usize| sums.get(place).copied().unwrap_or(0.0);
        Month {
            month: format!("{year:04}-{month:02}"),
            expected,
            interval: Interval { low: at(TIMES / 20), high: at(TIMES - TIMES / 20 - 1) },
            won: count(won) / count(TIMES),
        }
    });
    Months { months: told.collect(), undated }
}

/// The day on which it would be won; none beyond two years, and where nothing says when.
fn closes(
    case: &Case,
    lengths: &[i64],
    today: Date,
    now: Timestamp,
    zone: &TimeZone,
    random: &mut Random,
) -> Option<Date> {
    let last = today.checked_add(jiff::Span::new().months(AHEAD)).ok()?;
    if let Some(day) = case.expected.filter(|day| *day >= today) {
        return (day <= last).then_some(day);
    }
    let began = case.began.unwrap_or(now);
    let open = now.duration_since(began).as_secs();
    let longer = lengths.partition_point(|length| *length <= open);
    let left = lengths.len() - longer;
    let length = match left {
        0 => *lengths.last()?,
        left => *lengths.get(longer + random.below(left))?,
    };
    let at = began.checked_add(jiff::SignedDuration::from_secs(length)).ok()?.max(now);
    let day = at.to_zoned(zone.clone()).date();
    (day <= last).then_some(day)
}

/// G. E. P. Box and M. E. Muller, "A Note on the Generation of Random Normal Deviates", Annals of Mathematical Statistics 29 (1958).
fn normal(random: &mut Random) -> f64 {
    let (one, other) = (random.unit(), random.unit());
    (-2.0 * (1.0 - one).ln()).sqrt() * (std::f64::consts::TAU * other).cos()
}
