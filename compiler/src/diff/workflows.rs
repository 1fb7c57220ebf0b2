//! Workflows: what starts them, who runs them, and which stages, handoffs and ends they have. A stage that has another name and does
//! the same is taken for renamed.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{Area, Both, Change, Changes, Kind, Side, Whereabouts, paired, stages, without_equal, workflow_words};
use crate::program::{Maturity, Stage, StageKind, Workflow, WorkflowId};

/// New names of stages, by their old ones.
pub(super) type Renamed = BTreeMap<SmolStr, SmolStr>;

pub(super) fn compare(both: &Both<'_>, changes: &mut Changes) {
    let pairs = paired(&both.before.program.workflows, &both.after.program.workflows, |workflow| workflow.name.clone());
    let mut gone: Vec<&Workflow> = Vec::new();
    let mut new: Vec<&Workflow> = Vec::new();
    let mut kept: Vec<(&Workflow, &Workflow)> = Vec::new();
    for pair in pairs {
        match pair {
            (Some(before), Some(after)) => kept.push((before, after)),
            (Some(before), None) => gone.push(before),
            (None, Some(after)) => new.push(after),
            (None, None) => {}
        }
    }
    for (before, after) in renamed_workflows(both, &mut gone, &mut new) {
        let words = format!("was called {}", before.name);
        changes.push(Area::Workflows, after.name.as_str(), Kind::Renamed, words);
        kept.push((before, after));
    }
    for workflow in new {
        changes.added(
            Area::Workflows,
            workflow.name.as_str(),
            format!("is new: {}", workflow_words(&both.after, workflow)),
        );
    }
    for workflow in gone {
        changes.removed(Area::Workflows, workflow.name.as_str(), "is gone");
    }
    for (before, after) in kept {
        one(both, before, after, changes);
    }
}

fn renamed_workflows<'p>(
    both: &Both<'p>,
    gone: &mut Vec<&'p Workflow>,
    new: &mut Vec<&'p Workflow>,
) -> Vec<(&'p Workflow, &'p Workflow)> {
    let mut found = Vec::new();
    gone.retain(|before| {
        let same = |after: &&Workflow| form(&both.before, before) == form(&both.after, after);
        match new.iter().position(same) {
            Some(place) => {
                found.push((*before, new.remove(place)));
                false
            }
            None => true,
        }
    });
    found
}

/// What a workflow does, without its name.
fn form(side: &Side<'_>, workflow: &Workflow) -> String {
    let stages = workflow.stages.iter().map(|stage| {
        format!("{} {}", stage.name, stages::form(side, workflow, stage, &Renamed::new(), stages::Precision::Exact))
    });
    format!("{} {}", side.words.entity(workflow.entity), stages.collect::<Vec<_>>().join(" "))
}

fn one(both: &Both<'_>, before: &Workflow, after: &Workflow, changes: &mut Changes) {
    let name = after.name.as_str();
    let entity = |side: &Side<'_>, workflow: &Workflow| side.words.entity(workflow.entity).to_owned();
    changes.value(Area::Workflows, name, "runs for", &entity(&both.before, before), &entity(&both.after, after));
    let by = |side: &Side<'_>, workflow: &Workflow| side.words.actor(&workflow.by);
    changes.value(Area::Workflows, name, "is run by", &by(&both.before, before), &by(&both.after, after));
    changes.value(Area::Workflows, name, "is claimed to be", maturity(before.claimed), maturity(after.claimed));
    starts(both, before, after, changes);
    let first = |workflow: &Workflow| workflow.stages.first().map(|stage| stage.name.clone()).unwrap_or_default();
    let renamed = renamed_stages(both, before, after);
    let begins = renamed.get(&first(before)).cloned().unwrap_or_else(|| first(before));
    if begins != first(after) {
        let (old, new) = (first(before), first(after));
        changes.changed(Area::Workflows, name, format!("begins in {new} (was in {old})"), old, new);
    }
    for stage in &after.stages {
        let old = before.stages.iter().find(|known| {
            known.name == stage.name && !renamed.contains_key(&known.name)
                || renamed.get(&known.name) == Some(&stage.name)
        });
        let of = format!("{name}.{}", stage.name);
        match old {
            None => {
                changes.added(Area::Workflows, of, format!("is new: {}", stages::described(&both.after, after, stage)));
            }
            Some(old) => {
                if old.name != stage.name {
                    changes.push(Area::Workflows, of.as_str(), Kind::Renamed, format!("was called {}", old.name));
                }
                stages::compare(both, (before, old), (after, stage), &renamed, changes);
            }
        }
    }
    for stage in &before.stages {
        let stays = after.stages.iter().any(|known| known.name == stage.name);
        if !stays && !renamed.contains_key(&stage.name) {
            changes.removed(
                Area::Workflows,
                format!("{name}.{}", stage.name),
                format!("is gone: {}", kind(&stage.kind)),
            );
        }
    }
}

fn starts(both: &Both<'_>, before: &Workflow, after: &Workflow, changes: &mut Changes) {
    let list = |side: &Side<'_>, workflow: &Workflow| -> Vec<(String, String)> {
        let both =
            |start: &crate::program::Start| (side.normal.start(&start.kind), side.words.start(workflow, &start.kind));
        workflow.starts.iter().map(both).collect()
    };
    let (mut old, mut new) = (list(&both.before, before), list(&both.after, after));
    without_equal(&mut old, &mut new, |one, other| one.0 == other.0);
    if let ([(_, old)], [(_, new)]) = (old.as_slice(), new.as_slice()) {
        let words = format!("starts {new} (was {old})");
        return changes.changed(Area::Workflows, after.name.as_str(), words, old.as_str(), new.as_str());
    }
    for (_, words) in new {
        changes.added(Area::Workflows, after.name.as_str(), format!("starts {words}"));
    }
    for (_, words) in old {
        changes.removed(Area::Workflows, after.name.as_str(), format!("no longer starts {words}"));
    }
}

/// Stages of the earlier workflow that have another name in the later one: those that do the very same, again and again until no more
/// are found, then those that do the same and lead elsewhere.
pub(super) fn renamed_stages(both: &Both<'_>, before: &Workflow, after: &Workflow) -> Renamed {
    let mut renamed = Renamed::new();
    for precision in [stages::Precision::Exact, stages::Precision::WithoutWays] {
        loop {
            let gone: Vec<&Stage> = only_in(before, after).filter(|stage| !renamed.contains_key(&stage.name)).collect();
            let new: Vec<&Stage> =
                only_in(after, before).filter(|stage| !renamed.values().any(|name| *name == stage.name)).collect();
            let form_of = |stage: &Stage| stages::form(&both.before, before, stage, &renamed, precision);
            let forms: Vec<(&Stage, String)> = new
                .iter()
                .map(|stage| (*stage, stages::form(&both.after, after, stage, &Renamed::new(), precision)))
                .collect();
            let found = gone.iter().find_map(|stage| {
                let form = form_of(stage);
                let alike = gone.iter().filter(|other| form_of(other) == form).count();
                let mut same = forms.iter().filter(|(_, other)| *other == form);
                let (only, _) = same.next()?;
                let telling = precision == stages::Precision::Exact || stages::is_telling(stage);
                (alike == 1 && same.next().is_none() && telling).then(|| (stage.name.clone(), only.name.clone()))
            });
            match found {
                Some((old, new)) => {
                    renamed.insert(old, new);
                }
                None => break,
            }
        }
    }
    renamed
}

fn only_in<'w>(workflow: &'w Workflow, other: &'w Workflow) -> impl Iterator<Item = &'w Stage> {
    workflow.stages.iter().filter(|stage| other.stage(&stage.name).is_none())
}

pub(super) fn whereabouts(both: &Both<'_>, workflow: &str, stage: &str) -> Whereabouts {
    let find = |side: &Side<'_>, name: &str| side.program.workflow(name).map(WorkflowId::index);
    let old = find(&both.before, workflow).and_then(|at| both.before.program.workflows.get(at));
    let new = find(&both.after, workflow).and_then(|at| both.after.program.workflows.get(at));
    match (old, new) {
        (_, Some(new)) if new.stage(stage).is_some() => {
            let mut list = Changes { list: Vec::new() };
            if let Some(old) = old {
                let by_name = |of: &Workflow| of.stages.iter().find(|known| known.name == stage).cloned();
                if let (Some(was), Some(is)) = (by_name(old), by_name(new)) {
                    let renamed = renamed_stages(both, old, new);
                    stages::compare(both, (old, &was), (new, &is), &renamed, &mut list);
                }
            }
            Whereabouts::Stays { changed: list.list.iter().any(|change: &Change| change.meaning) }
        }
        (Some(old), Some(new)) => {
            let renamed = renamed_stages(both, old, new);
            let likely = renamed.get(stage).map(|name| (new.name.clone(), name.clone()));
            Whereabouts::Gone { likely }
        }
        (Some(old), None) => {
            let (mut gone, mut others) = (vec![old], Vec::new());
            let unknown = |other: &&Workflow| find(&both.before, &other.name).is_none();
            others.extend(both.after.program.workflows.iter().filter(unknown));
            let found = renamed_workflows(both, &mut gone, &mut others);
            let likely = found.first().map(|(_, new)| (new.name.clone(), SmolStr::from(stage)));
            Whereabouts::Gone { likely }
        }
        (None, _) => Whereabouts::Gone { likely: None },
    }
}

const fn kind(kind: &StageKind) -> &'static str {
    match kind {
        StageKind::Stage(_) => "a stage",
        StageKind::Handoff(_) => "a handoff",
        StageKind::End(_) => "an end",
    }
}

const fn maturity(maturity: Maturity) -> &'static str {
    match maturity {
        Maturity::Draft => "draft",
        Maturity::Documented => "documented",
        Maturity::Measured => "measured",
        Maturity::Approved => "approved",
    }
}
