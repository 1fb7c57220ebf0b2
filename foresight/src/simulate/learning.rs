//! Learning within a world: what outcomes say by the end of a week is proposed as in production, and adopted where the scenario says that
//! somebody does.

use std::collections::BTreeSet;

use compiler::program::{PersonAct, Program, ScoreId};
use jiff::Timestamp;
use runtime::engine::Entry;
use runtime::score::LinkError;

use super::figures::outcome;
use super::setting::Setting;
use super::world::World;
use crate::learn::{Decision, propose};

/// Whether anybody adopts anything.
pub(super) fn happens(setting: &Setting) -> bool {
    let people = setting.scenario().map(|scenario| scenario.people.as_slice()).unwrap_or_default();
    people.iter().any(|habit| habit.act == PersonAct::Adopts)
}

/// The playbook as it would be once it has learned; none where it would stay as it is, or too little is known.
pub(super) fn learned(world: &mut World<'_>) -> Result<Option<Program>, LinkError> {
    let setting = world.setting();
    let program = setting.program();
    let mut learned: Option<Program> = None;
    for (id, score) in (0..).map(ScoreId).zip(&program.scores) {
        if score.learn.is_none() || Some(score.entity) != setting.book.contact {
            continue;
        }
        let decisions = decisions(world, setting, id)?;
        let proposal = propose(program, id, &decisions);
        let changes = !(proposal.weights.is_empty() && proposal.points.is_empty() && proposal.rules.is_empty());
        if changes && !proposal.provisional {
            learned = Some(proposal.apply(learned.as_ref().unwrap_or(program)));
        }
    }
    Ok(learned)
}

/// Every contact that was scored and whose outcome is known by now, as it was when it was first scored.
fn decisions(world: &mut World<'_>, setting: &Setting, id: ScoreId) -> Result<Vec<Decision>, LinkError> {
    let now = world.now();
    let mut seen = BTreeSet::new();
    let mut scored: Vec<(i64, Timestamp, bool)> = Vec::new();
    let name = setting.program().scores.get(id.index()).map(|score| score.name.clone()).unwrap_or_default();
    for logged in &world.log {
        let (Entry::Scored { score, .. }, Some(record)) = (&logged.entry, &logged.record) else { continue };
        if *score == name
            && seen.insert(record.id)
            && let Some((_, good)) =
                outcome(&world.store, setting, id, record.id, logged.at).filter(|(at, _)| *at <= now)
        {
            scored.push((record.id, logged.at, good));
        }
    }
    let mut decisions = Vec::with_capacity(scored.len());
    for (contact, at, good) in scored {
        let Some(facts) = world.store.facts(contact) else { continue };
        world.link_at(at)?;
        decisions.extend(Decision::of(world.scorer(), id, &facts, good));
    }
    world.link_at(now)?;
    Ok(decisions)
}
