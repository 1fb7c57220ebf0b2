//! The kill signal of a score: whether so few of those who were scored did what they should that it does not work, how often that
//! verdict is wrong, and which layer tells nothing.
//!
//! Those who count are the first so many records that the score was asked for, each at its first scoring. What is not reported is
//! unknown, not absent: where it could change the verdict there is none.

use std::collections::BTreeSet;

use compiler::program::{Kill, Program, Score};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::journal::{Scored, contact};
use super::observed::Observed;
use super::statistics::{Comparison, Share, compare, fewer_than};
use crate::calendar;

/// True rates, in percent, for which the error rates are given.
const RATES: [u32; 10] = [1, 2, 4, 6, 8, 10, 15, 20, 30, 50];

/// A kill signal as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KillSignal {
    /// Of which score.
    pub score: SmolStr,
    /// The event that should happen.
    pub event: SmolStr,
    /// So many scored records decide.
    pub scored: u32,
    /// Fewer than so many of them with the event are too few.
    pub fewer_than: u32,
    /// What it says.
    pub verdict: KillVerdict,
    /// How many of those who decide there are.
    pub so_far: u64,
    /// How many of them have had their time, or have had the event.
    pub decided: u64,
    /// How many of those who had their time have no event, and nobody reported all of that time.
    pub unreported: u64,
    /// Of the decided ones, those with the event.
    pub seen: Share,
    /// How likely the verdict is kill, were each as likely to have the event.
    pub error_rates: Vec<ErrorRate>,
    /// Layer by layer, the one that fails most first.
    pub layers: Vec<LayerDiagnosis>,
}

/// What a kill signal says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KillVerdict {
    /// All have had their time, and too few have the event.
    Kill,
    /// Enough have it.
    Works,
    /// Too few were scored, or some still have time.
    TooEarly,
    /// Too few are known to have it, and what is not reported could be enough.
    Unknown,
}

/// A true rate, and how often it would be killed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErrorRate {
    /// In percent.
    pub true_rate: u32,
    /// From 0 to 1.
    pub killed: f64,
}

/// A layer's points among those with the event and those without it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerDiagnosis {
    /// `behavioral`; empty for the rules of a score without layers.
    pub layer: SmolStr,
    /// What tells them apart; its figures are absent where they are undefined.
    #[serde(flatten)]
    pub comparison: Comparison,
    /// What can be said of it.
    pub finding: Finding,
}

/// What can be said of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// Those with the event have fewer points, beyond chance.
    WrongWay,
    /// The difference may be nought.
    TellsNothing,
    /// Those with the event have more points, beyond chance.
    TellsApart,
    /// There are too few with the event, or without it, to say.
    Undefined,
}

/// The kill signals of all scores that have one, in source order.
#[must_use]
pub fn kill_signals(program: &Program, zone: &TimeZone, now: Timestamp, observed: &Observed) -> Vec<KillSignal> {
    let of = |score: &Score| score.kill.as_ref().map(|kill| signal(program, zone, now, observed, score, kill));
    program.scores.iter().filter_map(of).collect()
}

/// Somebody who decides.
struct Decider<'j> {
    scored: &'j Scored,
    has: bool,
    time_is_up: bool,
    is_reported: bool,
}

fn signal(
    program: &Program,
    zone: &TimeZone,
    now: Timestamp,
    observed: &Observed,
    score: &Score,
    kill: &Kill,
) -> KillSignal {
    let deciders = deciders(program, zone, now, observed, score, kill);
    let decided: Vec<&Decider<'_>> = deciders.iter().filter(|decider| decider.has || decider.time_is_up).collect();
    let hits = decided.iter().filter(|decider| decider.has).count() as u64;
    let unreported = decided.iter().filter(|decider| !decider.has && !decider.is_reported).count() as u64;
    let (scored, limit) = (u64::from(kill.scored), u64::from(kill.fewer_than));
    let verdict = if hits >= limit {
        KillVerdict::Works
    } else if (decided.len() as u64) < scored {
        KillVerdict::TooEarly
    } else if hits + unreported >= limit {
        KillVerdict::Unknown
    } else {
        KillVerdict::Kill
    };
    // Whoever may have had it without anybody saying so is in neither class.
    let classed = decided.iter().filter(|decider| decider.has || decider.is_reported);
    let (with, without): (Vec<&Decider<'_>>, Vec<&Decider<'_>>) = classed.partition(|decider| decider.has);
    let rate = |&true_rate: &u32| {
        let killed = fewer_than(limit, scored, f64::from(true_rate) / 100.0)?;
        Some(ErrorRate { true_rate, killed })
    };
    KillSignal {
        score: score.name.clone(),
        event: program.events.get(kill.event.index()).map(|event| event.name.clone()).unwrap_or_default(),
        scored: kill.scored,
        fewer_than: kill.fewer_than,
        verdict,
        so_far: deciders.len() as u64,
        decided: decided.len() as u64,
        unreported,
        seen: Share::new(hits, decided.len() as u64),
        error_rates: RATES.iter().filter_map(rate).collect(),
        layers: diagnose(score, &with, &without),
    }
}

fn deciders<'j>(
    program: &Program,
    zone: &TimeZone,
    now: Timestamp,
    observed: &'j Observed,
    score: &Score,
    kill: &Kill,
) -> Vec<Decider<'j>> {
    let entity = program.entities.get(score.entity.index()).map(|entity| &entity.name);
    let mut seen = BTreeSet::new();
    let mut deciders = Vec::new();
    for scored in observed.journal.scored.iter().filter(|scored| scored.score == score.name) {
        if deciders.len() as u64 >= u64::from(kill.scored) {
            break;
        }
        if !seen.insert(scored.whom(entity)) {
            continue;
        }
        let end = calendar::after(&program.client, zone, scored.at, kill.within);
        let contact = contact(&scored.case);
        deciders.push(Decider {
            scored,
            has: contact.is_some_and(|contact| observed.has_happened(kill.event, contact, scored.at, end.min(now))),
            time_is_up: end <= now,
            // Events are a contact's: of whoever is none nothing is known.
            is_reported: contact.is_some() && observed.knows(program, kill.event, scored.at, end.min(now)),
        });
    }
    deciders
}

fn diagnose(score: &Score, with: &[&Decider<'_>], without: &[&Decider<'_>]) -> Vec<LayerDiagnosis> {
    let mut layers: Vec<LayerDiagnosis> = score
        .layers
        .iter()
        .map(|layer| {
            let name = layer.name.clone().unwrap_or_default();
            let comparison = compare(&points(with, &name), &points(without, &name));
            let finding = match comparison.interval {
                None => Finding::Undefined,
                Some(interval) if interval.high < 0.0 => Finding::WrongWay,
                Some(interval) if interval.low > 0.0 => Finding::TellsApart,
                Some(_) => Finding::TellsNothing,
            };
            LayerDiagnosis { layer: name, comparison, finding }
        })
        .collect();
    // Layers of one class only have no order among each other, and come last as they stand.
    let rank = |layer: &LayerDiagnosis| layer.comparison.auc.unwrap_or(f64::INFINITY);
    layers.sort_by(|one, other| rank(one).total_cmp(&rank(other)));
    layers
}

/// What a layer gave each; those are left out who were scored before the playbook had it.
fn points(of: &[&Decider<'_>], layer: &SmolStr) -> Vec<f64> {
    let value = |decider: &&Decider<'_>| {
        let layers = &decider.scored.layers;
        Some(layers.iter().find(|(name, _)| name == layer)?.1.to_f64())
    };
    of.iter().filter_map(value).collect()
}
