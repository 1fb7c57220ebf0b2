//! Proposals for a time: the next free ones inside somebody's hours, in their zone, whatever the clock does there.

use compiler::program::Hours;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};

use crate::agents::{Busy, OpenPoint, Outcome, PortError, Proposal, Slot};

/// What is wished for.
pub(super) struct Wish<'a> {
    pub(super) zone: &'a str,
    pub(super) hours: Hours,
    pub(super) holidays: &'a [Date],
    pub(super) minutes: u32,
    pub(super) count: u32,
    pub(super) earliest: Timestamp,
    pub(super) busy: &'a [Busy],
}

/// Slots begin on the half hours counted from the beginning of the hours.
const STEP_MINUTES: i64 = 30;
/// Whoever has no time within so many days is asked by a person.
const DAYS: i32 = 60;
/// No more than that is proposed a day, so that there is a choice of days.
const A_DAY: usize = 2;

pub(super) fn schedule(now: Timestamp, what: &str, wish: &Wish<'_>) -> Result<Outcome, PortError> {
    let zone = TimeZone::get(wish.zone).map_err(|_| {
        PortError::refused(format!("there is no zone `{}`: name one of IANA's, `Europe/Berlin`", wish.zone))
    })?;
    let earliest = wish.earliest.max(now).to_zoned(zone.clone());
    let mut slots = Vec::new();
    for ahead in 0..DAYS {
        let Ok(day) = earliest.date().checked_add(ahead.days()) else { break };
        let left = usize::try_from(wish.count).unwrap_or(usize::MAX).saturating_sub(slots.len());
        slots.extend(on_day(day, &zone, &earliest, wish).take(A_DAY.min(left)));
    }
    let mut outcome = Outcome::default();
    if slots.is_empty() {
        let why = format!("no {} minutes are free within {DAYS} days", wish.minutes);
        outcome.open.push(OpenPoint { what: what.into(), why });
    } else {
        outcome.proposal = Some(Proposal { what: what.into(), slots });
    }
    Ok(outcome)
}

/// The free ones of a day, none of which overlaps another.
fn on_day<'a>(
    day: Date,
    zone: &'a TimeZone,
    earliest: &'a Zoned,
    wish: &'a Wish<'_>,
) -> impl Iterator<Item = Slot> + 'a {
    let place = usize::from(day.weekday().to_monday_zero_offset().unsigned_abs());
    let open = wish.hours.days.get(place).copied().unwrap_or(false) && !wish.holidays.contains(&day);
    let length = SignedDuration::from_mins(i64::from(wish.minutes));
    let closes = day.to_datetime(wish.hours.to);
    let mut taken_until = None;
    (0..24 * 60 / STEP_MINUTES)
        .map_while(move |step| day.to_datetime(wish.hours.from).checked_add((step * STEP_MINUTES).minutes()).ok())
        .take_while(move |start| open && *start < closes)
        .filter_map(move |start| {
            let slot = slot(start, closes, length, zone)?;
            let free = slot.from >= earliest.timestamp()
                && taken_until.is_none_or(|until| slot.from >= until)
                && wish.busy.iter().all(|busy| slot.to <= busy.from || slot.from >= busy.to);
            if free {
                taken_until = Some(slot.to);
            }
            free.then_some(slot)
        })
}

/// None where the clock skips its beginning, or it would go on behind the hours.
fn slot(start: DateTime, closes: DateTime, length: SignedDuration, zone: &TimeZone) -> Option<Slot> {
    let ambiguous = zone.to_ambiguous_zoned(start);
    if matches!(ambiguous.offset(), jiff::tz::AmbiguousOffset::Gap { .. }) {
        return None;
    }
    let from = ambiguous.earlier().ok()?;
    let to = from.checked_add(length).ok()?;
    if to.datetime() > closes || length <= SignedDuration::ZERO {
        return None;
    }
    let words = format!(
        "{} to {} ({})",
        from.strftime("%A %-d %B %Y, %H:%M"),
        to.strftime("%H:%M"),
        zone.iana_name().unwrap_or("UTC"),
    );
    Some(Slot { from: from.timestamp(), to: to.timestamp(), words })
}
