//! Changes of gates: the table of permissions, who goes first, whom a stage asks and what it requires.

use compiler::program::{AgentId, Origin, PermissionObject, PermissionRow, Program, Rights, StageBody, StageKind};

use super::{Change, Kind};

/// The changes of all gates.
pub(super) fn changes(program: &Program, changes: &mut Vec<Change>) {
    cells(program, changes);
    priorities(program, changes);
    stages(program, changes);
}

fn gate(words: String, origin: Origin, make: impl Fn(&mut Program) + 'static) -> Change {
    Change { kind: Kind::Gate, words, origin, make: Box::new(make) }
}

/// Each cell the other way round: what it grants is denied, what it denies is granted. A line of the table that stands for several
/// rows, as one about `send` does for each channel, is changed as one.
fn cells(program: &Program, changes: &mut Vec<Change>) {
    let mut lines: Vec<(Origin, Vec<usize>)> = Vec::new();
    for (place, row) in program.permissions.rows.iter().enumerate() {
        match lines.iter_mut().find(|(origin, _)| *origin == row.origin) {
            Some((_, places)) => places.push(place),
            None => lines.push((row.origin, vec![place])),
        }
    }
    for (origin, places) in lines {
        let rows = || places.iter().filter_map(|place| program.permissions.rows.get(*place));
        let about: Vec<String> = rows().map(|row| program.about(&row.about)).collect();
        for (column, agent) in program.agents.iter().enumerate() {
            let Some(row) = rows().next() else { continue };
            let Some(rights) = row.cells.get(column) else { continue };
            let what = about.join("`, `");
            let (words, changed) = if *rights == Rights::default() {
                (format!("`{}` may have to do with `{what}`", agent.name), granted(row))
            } else {
                (format!("`{}` may have nothing to do with `{what}`", agent.name), Rights::default())
            };
            let id = AgentId(u32::try_from(column).unwrap_or(u32::MAX));
            // A cell may stand in another table than its row, the standard library's.
            let file = row.place(id).map_or(origin.file, |(file, _)| file);
            let places = places.clone();
            changes.push(gate(words, Origin { file, ..origin }, move |program| {
                for place in &places {
                    let row = program.permissions.rows.get_mut(*place);
                    if let Some(cell) = row.and_then(|row| row.cells.get_mut(column)) {
                        *cell = changed.clone();
                    }
                }
            }));
        }
    }
}

fn granted(row: &PermissionRow) -> Rights {
    match row.about {
        PermissionObject::Action(_) | PermissionObject::Spend => {
            Rights { ask: Some("human".into()), ..Rights::default() }
        }
        _ => Rights { read: true, write: true, ..Rights::default() },
    }
}

fn priorities(program: &Program, changes: &mut Vec<Change>) {
    for (place, line) in program.priorities.iter().enumerate() {
        changes.push(gate(format!("without `{}`", line.words), line.origin, move |program| {
            if place < program.priorities.len() {
                program.priorities.remove(place);
            }
        }));
    }
}

fn stages(program: &Program, changes: &mut Vec<Change>) {
    for (workflow_place, workflow) in program.workflows.iter().enumerate() {
        for (place, stage) in workflow.stages.iter().enumerate() {
            let StageKind::Stage(body) = &stage.kind else { continue };
            let within = format!("{}.{}", workflow.name, stage.name);
            let mut add = |words: String, origin: Origin, change: fn(&mut StageBody, usize), which: usize| {
                changes.push(gate(words, origin, move |program| {
                    let workflow = program.workflows.get_mut(workflow_place);
                    let stage = workflow.and_then(|workflow| workflow.stages.get_mut(place));
                    if let Some(StageKind::Stage(body)) = stage.map(|stage| &mut stage.kind) {
                        change(body, which);
                    }
                }));
            };
            for (which, ask) in body.asks.iter().enumerate() {
                add(format!("`{within}` does not ask: `{}`", ask.words), ask.origin, without_ask, which);
            }
            for (which, requirement) in body.requires.iter().enumerate() {
                let words = format!("`{within}` does not require `{}`", requirement.words);
                add(words, requirement.origin, without_requirement, which);
            }
            if body.cap.is_some() {
                add(format!("`{within}` without its cap"), stage.origin, without_cap, 0);
            }
            if body.only_when.is_some() {
                add(format!("`{within}` is never left out"), stage.origin, never_left_out, 0);
            }
        }
    }
}

fn without_ask(body: &mut StageBody, which: usize) {
    if which < body.asks.len() {
        body.asks.remove(which);
    }
}

fn without_requirement(body: &mut StageBody, which: usize) {
    if which < body.requires.len() {
        body.requires.remove(which);
    }
}

fn without_cap(body: &mut StageBody, _: usize) {
    body.cap = None;
}

fn never_left_out(body: &mut StageBody, _: usize) {
    body.only_when = None;
}
