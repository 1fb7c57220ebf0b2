//! Who may do what: each agent against everything that a row of either table is about, and what it reaches outside.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::{Area, Both, Changes, Side, paired};
use crate::checks::channels::Channels;
use crate::program::{Action, Actor, AgentId, EntityId, FieldId, PermissionObject, Program, Rights, StageKind};

pub(super) fn compare(both: &Both<'_>, changes: &mut Changes) {
    let pairs = paired(&both.before.program.agents, &both.after.program.agents, |agent| agent.name.clone());
    let objects = objects(both);
    for (before, after) in pairs {
        let Some(name) = after.or(before).map(|agent| agent.name.clone()) else { continue };
        match (before, after) {
            (None, _) => changes.added(Area::Rights, name.as_str(), "is a new agent"),
            (_, None) => changes.removed(Area::Rights, name.as_str(), "is no agent any more"),
            _ => {}
        }
        let mut found: Vec<Found> = Vec::new();
        for object in &objects {
            let (old, new) = (rights(&both.before, &name, object), rights(&both.after, &name, object));
            if old == new {
                continue;
            }
            // The ways of doing one thing are told together where they fare alike.
            let verb = object.name.split('.').next().unwrap_or_default();
            let alike = found.iter_mut().find(|known| {
                object.action && known.action && known.verb == verb && known.old == old && known.new == new
            });
            let (names, verb) = (vec![object.name.clone()], verb.to_owned());
            match alike {
                Some(known) => known.names.push(object.name.clone()),
                None => found.push(Found { names, verb, action: object.action, old, new }),
            }
        }
        for found in &found {
            told(&name, found, changes);
        }
        if let (Some(before), Some(after)) = (before, after) {
            let hands = |agent: &crate::program::Agent| {
                let list: Vec<String> =
                    agent.hands.iter().map(|(what, whom)| format!("\"{what}\" to {whom}")).collect();
                if list.is_empty() { "nothing".to_owned() } else { list.join(", ") }
            };
            changes.value(Area::Rights, &name, "hands", &hands(before), &hands(after));
            let runs = |side: &Side<'_>, agent: &crate::program::Agent| {
                let mut list: Vec<&str> = agent.runs.iter().map(|workflow| side.words.workflow(*workflow)).collect();
                list.sort_unstable();
                if list.is_empty() { "nothing beside".to_owned() } else { list.join(", ") }
            };
            changes.value(Area::Rights, &name, "runs", &runs(&both.before, before), &runs(&both.after, after));
        }
    }
    actions(both, changes);
    reach(both, changes);
}

/// A name that both sides understand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Object {
    name: String,
    action: bool,
}

/// What the rows of both tables are about.
fn objects(both: &Both<'_>) -> Vec<Object> {
    let mut objects = Vec::new();
    for side in [&both.after, &both.before] {
        for row in &side.program.permissions.rows {
            let action = matches!(row.about, PermissionObject::Action(_) | PermissionObject::Spend);
            let object = Object { name: side.program.about(&row.about), action };
            if !matches!(row.about, PermissionObject::Undeclared(..)) && !objects.contains(&object) {
                objects.push(object);
            }
        }
    }
    objects
}

/// What an agent may do with it, as a set of words; writing and creating imply reading.
fn rights(side: &Side<'_>, agent: &str, object: &Object) -> BTreeSet<String> {
    let program = side.program;
    let cell = program.agent(agent).and_then(|agent| cell(program, agent, object));
    let Some(rights) = cell else { return BTreeSet::new() };
    let mut set = BTreeSet::new();
    if let Some(role) = &rights.ask {
        set.insert(format!("once {} approves it", if role == "human" { "a person" } else { role }));
    } else if object.action && (rights.write || rights.create) {
        set.insert("freely".to_owned());
    }
    if object.action {
        return set;
    }
    if rights.read || rights.write || rights.create {
        set.insert("read".to_owned());
    }
    let only = |verb: &str, set: &mut BTreeSet<String>| {
        if rights.only.is_empty() {
            set.insert(verb.to_owned());
        }
        set.extend(rights.only.iter().map(|only| format!("{verb} {only}")));
    };
    if rights.write {
        only("write", &mut set);
    }
    if rights.create {
        only("create", &mut set);
    }
    set
}

fn cell<'p>(program: &'p Program, agent: AgentId, object: &Object) -> Option<&'p Rights> {
    let about = about(program, object)?;
    program.permissions.row(&about)?.cells.get(agent.index())
}

/// What the name means in a Program; none where it has no such thing.
fn about(program: &Program, object: &Object) -> Option<PermissionObject> {
    let own = program.permissions.rows.iter().find(|row| program.about(&row.about) == object.name);
    if let Some(row) = own {
        return Some(row.about.clone());
    }
    let (entity, member) = object.name.split_once('.')?;
    let id = program.entity(entity)?;
    let fields = &program.entities.get(id.index())?.fields;
    let field = (0..).zip(fields).find(|(_, field)| field.name == member);
    let score = (0..).zip(&program.scores).find(|(_, score)| score.name == member && score.entity == id);
    match (field, score) {
        (Some((field, _)), _) => Some(PermissionObject::Field(EntityId(id.0), FieldId(field))),
        (None, Some((score, _))) => Some(PermissionObject::Score(id, crate::program::ScoreId(score))),
        (None, None) => None,
    }
}

/// Rights that changed alike.
struct Found {
    names: Vec<String>,
    verb: String,
    action: bool,
    old: BTreeSet<String>,
    new: BTreeSet<String>,
}

impl Found {
    /// `` `Deal.value` ``, `` `send` by email, sms ``
    fn name(&self) -> String {
        match self.names.as_slice() {
            [only] => format!("`{only}`"),
            several => {
                let ways: Vec<&str> =
                    several.iter().filter_map(|name| name.split_once('.')).map(|(_, way)| way).collect();
                format!("`{}` by {}", self.verb, ways.join(", "))
            }
        }
    }
}

fn told(agent: &str, found: &Found, changes: &mut Changes) {
    let (name, old, new) = (found.name(), &found.old, &found.new);
    let said = |set: &BTreeSet<String>| {
        if set.is_empty() { "nothing".to_owned() } else { set.iter().cloned().collect::<Vec<_>>().join(", ") }
    };
    // Who may write all may write such ones.
    let all = |of: &BTreeSet<String>, right: &str| {
        right.split_once(' ').is_some_and(|(verb, _)| !found.action && of.contains(verb))
    };
    let gained: Vec<&str> = new.difference(old).map(String::as_str).filter(|right| !all(old, right)).collect();
    let lost: Vec<&str> = old.difference(new).map(String::as_str).filter(|right| !all(new, right)).collect();
    let only = |of: &BTreeSet<String>| {
        let only: Vec<&str> = of.iter().filter_map(|right| right.split_once(' ')).map(|(_, only)| only).collect();
        if found.action { String::new() } else { only.join(" and ") }
    };
    let (was_only, is_only) = (only(old), only(new));
    let sentence = match (found.action, gained.is_empty(), lost.is_empty()) {
        (true, false, true) => format!("may now do {name} {}", gained.join(" and ")),
        (true, true, _) => format!("may no longer do {name} at all"),
        (true, false, false) => format!("may do {name} {} (was {})", gained.join(" and "), lost.join(" and ")),
        (false, false, true) if !was_only.is_empty() => {
            format!("may now {} any {name} (was only {was_only})", gained.join(" and "))
        }
        (false, false, true) => format!("may now {} {name}", gained.join(" and ")),
        (false, true, _) if !is_only.is_empty() => {
            format!("may no longer {} any {name}, only {is_only}", lost.join(" and "))
        }
        (false, true, _) => format!("may no longer {} {name}", lost.join(" and ")),
        (false, false, false) => {
            format!("may now {} {name}, and no longer {}", gained.join(" and "), lost.join(" and "))
        }
    };
    let kind = match (gained.is_empty(), lost.is_empty()) {
        (_, true) => super::Kind::Added,
        (true, false) => super::Kind::Removed,
        (false, false) => super::Kind::Changed,
    };
    changes.changed(Area::Rights, agent, sentence, said(old), said(new));
    if let Some(change) = changes.list.last_mut() {
        change.kind = kind;
    }
}

/// What can be done at all, whether it reaches outside, and what it costs.
fn actions(both: &Both<'_>, changes: &mut Changes) {
    let name = |action: &Action| -> SmolStr {
        match &action.variant {
            Some(variant) => format!("{}.{variant}", action.name).into(),
            None => action.name.clone(),
        }
    };
    let kind = |action: &Action| if action.external { "external" } else { "internal" };
    for (before, after) in paired(&both.before.program.actions, &both.after.program.actions, name) {
        match (before, after) {
            (None, Some(new)) => {
                changes.added(Area::Gates, name(new).as_str(), format!("is a new {} action", kind(new)));
            }
            (Some(old), None) => {
                changes.removed(Area::Gates, name(old).as_str(), format!("is no {} action any more", kind(old)));
            }
            (Some(old), Some(new)) => {
                let of = name(new);
                changes.value(Area::Gates, &of, "is", kind(old), kind(new));
                let cost = |side: &Side<'_>, action: &Action| {
                    action.cost.map_or_else(
                        || "nothing".to_owned(),
                        |cost| side.words.number(cost, Some(&crate::program::Type::Money)),
                    )
                };
                changes.value(Area::Gates, &of, "costs", &cost(&both.before, old), &cost(&both.after, new));
            }
            (None, None) => {}
        }
    }
}

/// What agents and people reach outside by their stages, where they did not before.
fn reach(both: &Both<'_>, changes: &mut Changes) {
    let (old, new) = (reached(&both.before), reached(&both.after));
    for (who, action, stage) in &new {
        if !old.iter().any(|(known, done, _)| known == who && done == action) {
            changes.added(Area::Gates, who.as_str(), format!("reaches outside anew: `{action}` in {stage}"));
        }
    }
    for (who, action, stage) in &old {
        if !new.iter().any(|(known, done, _)| known == who && done == action) {
            changes.removed(
                Area::Gates,
                who.as_str(),
                format!("no longer reaches outside by `{action}`, as in {stage}"),
            );
        }
    }
}

/// Who does which external action, and the first stage in which they do.
fn reached(side: &Side<'_>) -> Vec<(String, String, String)> {
    let mut found: Vec<(String, String, String)> = Vec::new();
    for workflow in &side.program.workflows {
        let channels = Channels::new(side.program, workflow);
        for (number, stage) in workflow.stages.iter().enumerate() {
            let StageKind::Stage(body) = &stage.kind else { continue };
            for (at, act) in body.acts.iter().enumerate() {
                if !side.program.actions.get(act.action.index()).is_some_and(|action| action.external) {
                    continue;
                }
                let who = match &body.by {
                    Actor::Agent(agent) => side.words.agent(*agent).to_owned(),
                    person @ Actor::Human(_) => side.words.actor(person),
                };
                // A message is sent the way that it was written for.
                for action in channels.actions(number, at) {
                    let action = side.words.action(action);
                    if !found.iter().any(|(known, done, _)| *known == who && *done == action) {
                        found.push((who.clone(), action, format!("{}.{}", workflow.name, stage.name)));
                    }
                }
            }
        }
    }
    found
}
