//! A linked scorer at another instant: windows begin elsewhere, ages are others, and everything else of a plan stays as it is.
//!
//! Linking anew costs as much as the playbook is long; this costs as much as it has windows. Where more than that changes with time
//! (a plan compares with the day, or what the sources report begins or ends in between), it says so and whoever asks links anew.

use compiler::program::{Client, Window};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::link::{reported, today};
use super::plan::{Op, Plan};
use super::scorer::Scorer;
use super::window;
use crate::facts::Coverage;

/// Where the windows of a playbook begin at an instant, each worked out once.
struct Beginnings<'c> {
    client: &'c Client,
    zone: &'c TimeZone,
    now: Timestamp,
    /// The same on the clocks of the zone.
    local: DateTime,
    known: Vec<(Window, i64)>,
}

impl Beginnings<'_> {
    fn of(&mut self, window: Option<Window>) -> i64 {
        let Some(window) = window else { return i64::MIN };
        if let Some((_, begins)) = self.known.iter().find(|(known, _)| *known == window) {
            return *begins;
        }
        let begins = window::ago_by(self.client, self.zone, (self.now, self.local), window).as_microsecond();
        self.known.push((window, begins));
        begins
    }
}

impl Scorer {
    /// Moves to another instant, so that it says what one that is linked for it says. False where it cannot: then it has to be
    /// linked anew, or moved to another instant: until then what it says is of none. Nobody else may hold a copy of it.
    #[must_use]
    pub fn move_to(&mut self, now: Timestamp) -> bool {
        if self.now == now {
            return true;
        }
        let (program, coverage) = self.shared();
        let Some(entities) = std::sync::Arc::get_mut(&mut self.entities) else { return false };
        let zone = &self.reader.zone;
        let local = zone.to_datetime(now);
        let mut begins = Beginnings { client: &program.client, zone, now, local, known: Vec::new() };
        let today = today(local);
        // What the sources report for all time is no different at another instant.
        let coverage = (!self.is_steady).then_some(&*coverage);
        let moved = entities.iter_mut().all(|linked| move_plan(&mut linked.plan, coverage, today, &mut begins));
        // One that could not is of no instant, and is moved anew whatever comes.
        self.now = if moved { now } else { Timestamp::MIN };
        moved
    }
}

/// `coverage` where what is reported depends on the instant.
fn move_plan(plan: &mut Plan, coverage: Option<&Coverage>, today: i64, begins: &mut Beginnings<'_>) -> bool {
    let now = begins.now;
    if plan.reads_now || plan.reads_today && plan.today != today {
        return false;
    }
    (plan.now, plan.today) = (now.as_microsecond(), today);
    for query in &mut plan.queries {
        query.after = begins.of(query.query.window);
    }
    for freshness in &mut plan.freshness {
        freshness.after = begins.of(Some(freshness.window));
    }
    for &place in &plan.hearing {
        if let Some(Op::Heard { window, after, .. }) = plan.ops.get_mut(place as usize) {
            *after = begins.of(*window);
        }
    }
    coverage.is_none_or(|coverage| is_reported_as_before(plan, coverage, now))
}

fn is_reported_as_before(plan: &Plan, coverage: &Coverage, now: Timestamp) -> bool {
    if reported(coverage.conversations, plan.now, now) != plan.conversations_reported {
        return false;
    }
    for query in &plan.queries {
        for event in &query.query.events {
            let is_silent = !reported(coverage.events.get(event).copied(), query.after, now);
            if is_silent != query.silent.contains(event) {
                return false;
            }
        }
    }
    for &place in &plan.hearing {
        if let Some(Op::Heard { after, reported: was, .. }) = plan.ops.get(place as usize)
            && reported(coverage.conversations, *after, now) != *was
        {
            return false;
        }
    }
    plan.layers.iter().all(|layer| {
        layer.once.is_none_or(|event| reported(coverage.events.get(&event).copied(), plan.now, now) != layer.left_out)
    })
}
