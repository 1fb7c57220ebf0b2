//! Where live runs stand under another playbook: they stay, or their stage is gone.

use compiler::diff::{Whereabouts, whereabouts};
use compiler::program::{Program, StageKind, WayWhen};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use smol_str::SmolStr;

use crate::calendar;
use crate::crm::log::Running;

/// The live runs of one stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instances {
    /// Of which workflow.
    pub workflow: SmolStr,
    /// In which stage.
    pub stage: SmolStr,
    /// How many.
    pub runs: u64,
    /// What becomes of them.
    pub standing: Standing,
}

/// What becomes of the runs of a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They stay.
    Stay {
        /// What is done there changed.
        changed: bool,
        /// So many have waited longer than the later playbook lets them: they go on at once.
        overdue: u64,
    },
    /// Their stage is gone.
    Gone {
        /// The stage that does the same, where there is one.
        likely: Option<(SmolStr, SmolStr)>,
    },
}

/// The live runs by stage, in the order of the earlier playbook's names.
#[must_use]
pub fn instances(before: &Program, after: &Program, runs: &[Running], now: Timestamp) -> Vec<Instances> {
    let mut found: Vec<(SmolStr, SmolStr, Vec<Timestamp>)> = Vec::new();
    for run in runs {
        let Some((stage, entered)) = &run.stage else { continue };
        match found.iter_mut().find(|(workflow, known, _)| *workflow == run.workflow && known == stage) {
            Some((.., since)) => since.push(*entered),
            None => found.push((run.workflow.clone(), stage.clone(), vec![*entered])),
        }
    }
    let place = |workflow: &str, stage: &str| {
        let of = before.workflow(workflow);
        let within = of.and_then(|of| before.workflows.get(of.index())?.stage(stage));
        (of.map_or(u32::MAX, |of| of.0), within.map_or(u32::MAX, |within| within.0))
    };
    found.sort_by_key(|(workflow, stage, _)| (place(workflow, stage), workflow.clone(), stage.clone()));
    found
        .into_iter()
        .map(|(workflow, stage, since)| {
            let standing = match whereabouts(before, after, &workflow, &stage) {
                Whereabouts::Gone { likely } => Standing::Gone { likely },
                Whereabouts::Stays { changed } => {
                    let overdue = |program: &Program| overdue(program, &workflow, &stage, &since, now);
                    let more = overdue(after).saturating_sub(if changed { overdue(before) } else { overdue(after) });
                    Standing::Stay { changed, overdue: more }
                }
            };
            Instances { workflow, stage, runs: since.len() as u64, standing }
        })
        .collect()
}

/// How many have been there longer than the stage's shortest time limit.
fn overdue(program: &Program, workflow: &str, stage: &str, since: &[Timestamp], now: Timestamp) -> u64 {
    let zone = TimeZone::get(&program.client.timezone).unwrap_or(TimeZone::UTC);
    let workflow = program.workflow(workflow).and_then(|id| program.workflows.get(id.index()));
    let stage = workflow.and_then(|workflow| workflow.stages.get(workflow.stage(stage)?.index()));
    let Some(StageKind::Stage(body)) = stage.map(|stage| &stage.kind) else { return 0 };
    let passed = |entered: &&Timestamp| {
        body.ways.iter().any(|way| match way.when {
            WayWhen::After(period) => calendar::after(&program.client, &zone, **entered, period) <= now,
            _ => false,
        })
    };
    since.iter().filter(passed).count() as u64
}
