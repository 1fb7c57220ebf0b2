//! Seeds, played beside each other.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use rayon::prelude::*;
use runtime::engine::{Entry, EntryId};
use runtime::score::LinkError;
use smol_str::SmolStr;

use super::figures::Figures;
use super::learning;
use super::scorers::Scorers;
use super::setting::Setting;
use super::work::Memory;
use super::world::World;

/// Plays so many seeds, the scenario's own first; `each` hears how many are through, from any thread.
///
/// # Errors
/// Where the Program is damaged.
pub fn play(setting: &Setting, seeds: u64, each: &(dyn Fn(u64) + Sync)) -> Result<Vec<Figures>, LinkError> {
    let first = setting.scenario().map_or(1, |scenario| scenario.seed);
    let done = AtomicU64::new(0);
    // To make these ready takes as long as some seeds do: there are as many as seeds are ever played at once, however they are shared out.
    let ready: Mutex<Vec<(Scorers, Memory)>> = Mutex::default();
    let one = |seed: u64| {
        let spare = ready.lock().ok().and_then(|mut ready| ready.pop());
        let (mut scorers, mut memory) = match spare {
            Some(spare) => spare,
            None => (setting.scorers()?, Memory::default()),
        };
        let figures = to_the_end(World::new(setting, &mut scorers, &mut memory, seed)?, seed, 0)?;
        if let Ok(mut ready) = ready.lock() {
            ready.push((scorers, memory));
        }
        each(done.fetch_add(1, Ordering::Relaxed) + 1);
        Ok(figures)
    };
    (first..first.saturating_add(seeds)).into_par_iter().map(one).collect()
}

/// Plays a world to its end. Each week that brings a proposal it goes on under the playbook that adopted it.
fn to_the_end(mut world: World<'_>, seed: u64, week: u64) -> Result<Figures, LinkError> {
    let mut week = week;
    let setting = world.setting();
    while let Some(end) = world.next_week().filter(|_| learning::happens(setting)) {
        world.play_until(end)?;
        week += 1;
        if !world.outside.adopts(week) {
            continue;
        }
        if let Some(program) = learning::learned(&mut world)? {
            let learned = setting.learned(program)?;
            let (mut scorers, mut memory) = (learned.scorers()?, Memory::default());
            let mut world =
                world.under(&learned, &mut scorers, &mut memory).ok_or(LinkError::Broken("the scenario"))?;
            world.link_at(end)?;
            return to_the_end(world, seed, week);
        }
    }
    world.play_until(setting.until)?;
    Ok(world.figures(seed))
}

/// A step of a world: what the log says of one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// When.
    pub at: Timestamp,
    /// Whose case, by number.
    pub contact: i64,
    /// What, in words: the stage that a run entered and by which way, how it ended, what was sent.
    pub what: SmolStr,
}

/// Plays one seed, and tells what happened: every stage entered, every end, every message that went out.
///
/// # Errors
/// Where the Program is damaged.
pub fn trace(setting: &Setting, seed: u64) -> Result<Vec<Step>, LinkError> {
    let (mut scorers, mut memory) = (setting.scorers()?, Memory::default());
    let mut world = World::new(setting, &mut scorers, &mut memory, seed)?;
    world.play_until(setting.until)?;
    Ok(steps(
        world.log.iter().map(|logged| {
            (logged.number, logged.at, logged.record.as_ref().map_or(0, |record| record.id), &logged.entry)
        }),
    ))
}

/// What entries of a log say in steps.
pub fn steps<'e>(entries: impl Iterator<Item = (EntryId, Timestamp, i64, &'e Entry)>) -> Vec<Step> {
    let mut workflows: std::collections::BTreeMap<EntryId, SmolStr> = std::collections::BTreeMap::new();
    let mut steps = Vec::new();
    for (number, at, contact, entry) in entries {
        let of = |run: &EntryId| workflows.get(run).cloned().unwrap_or_default();
        let what = match entry {
            Entry::Started { workflow, .. } => {
                workflows.insert(number, workflow.clone());
                continue;
            }
            Entry::Entered { run, stage, way, .. } => format!("{}.{stage}: {way}", of(run)),
            Entry::Ended { run, outcome, .. } => format!("{} ends: {outcome}", of(run)),
            Entry::Delivered { .. } => "sent".to_owned(),
            Entry::Undelivered { why, .. } => format!("not sent: {why}"),
            Entry::Asked { words, .. } => format!("asked: {words}"),
            Entry::Scored { score, value, route, .. } => {
                format!("{score} is {value}, {}", route.as_deref().unwrap_or("nowhere"))
            }
            _ => continue,
        };
        steps.push(Step { at, contact, what: what.into() });
    }
    steps
}
