//! The words that the page uses, for who meets them the first time; only those that it does use.

use compiler::program::{Act, FactValue, Program, StageBody, StageKind};

use super::scores;
use crate::doc::words::{Words, hours, plain, sentence};

/// Words and what they mean, sorted.
pub(super) fn glossary(words: Words<'_>) -> Vec<(String, String)> {
    let program = words.program;
    let mut terms: Vec<(String, String)> = Vec::new();
    let mut add = |used: bool, term: &str, means: &str| {
        if used {
            terms.push((term.to_owned(), means.to_owned()));
        }
    };
    let layers = || program.scores.iter().flat_map(|score| &score.layers);
    let has_workflows = !program.workflows.is_empty();
    add(
        has_workflows,
        "Workflow",
        "What is done with a record, stage by stage. It runs once for each record at a time.",
    );
    add(
        has_workflows,
        "Stage",
        "A step of a workflow: what is done, what has to be there, what a person is asked, and the ways out.",
    );
    add(
        has_workflows,
        "Way out",
        "When a run leaves a stage, and where to. They are read from the top, and the first one that is open is taken.",
    );
    add(has_workflows, "Run", "One record’s way through a workflow, from its start to an end or a handoff.");
    add(
        handoffs(program),
        "Handoff",
        "The end of one workflow and the beginning of the next one, with what the next one has to know.",
    );
    add(
        bodies(program).any(|body| !body.requires.is_empty()),
        "Evidence",
        "What must be known before a stage goes on. What is not known does not count as there.",
    );
    add(
        !program.agents.is_empty(),
        "Agent",
        "A program that does a part of the work, and may touch only what it is allowed to.",
    );
    add(
        !program.client.people.is_empty(),
        "Role",
        "Who of the client’s people is asked. Anybody on the team may answer where no role is named.",
    );
    add(
        acts(program).any(|act| is_external(program, act)),
        "Outside",
        "An act that reaches a person outside the team or spends money. It needs a person’s approval of that very thing.",
    );
    add(
        !program.scores.is_empty(),
        "Score",
        "A number that says how well a record fits, made of rules that can be read here and of nothing else.",
    );
    add(
        layers().any(|layer| layer.weight.is_some()),
        "Layer",
        "A part of a score with a weight. A layer goes from 0 to 100, whatever its rules add up to.",
    );
    add(
        layers().any(|layer| layer.half_life.is_some()),
        "Fading",
        "Points that lose half of their worth in the time given, and half of the rest in the same time again.",
    );
    add(
        program.scores.iter().any(|score| !score.routes.is_empty()),
        "Route",
        "What a score leads to. The lines are read from the top, and the first one that holds counts.",
    );
    add(
        !program.scores.is_empty(),
        "Range",
        "From where to where a score could still go, whatever turns out to be true of what is not known yet.",
    );
    add(
        program.scores.iter().any(|score| score.kill.is_some()),
        "Kill signal",
        "The figure at which something is stopped because it does not work.",
    );
    add(
        !program.experiments.is_empty(),
        "Experiment",
        "Several ways of doing the same, drawn by lot for each record and compared by what they bring.",
    );
    add(
        !program.rubrics.is_empty(),
        "Scale",
        "A list of what earns how many points, by which a text or a talk is rated.",
    );
    add(
        program.workflows.iter().any(|flow| flow.claimed > compiler::program::Maturity::Draft),
        "Maturity",
        "How far a workflow has come: draft, documented, measured, approved. Each step is earned by facts; the page shows what its author says.",
    );
    let business = format!("Time within business hours: {}; days off do not count.", hours(program.client.hours));
    add(true, "Business time", &business);
    let mut all = terms;
    all.extend(own(words));
    all.sort_by_key(|(term, _)| term.to_lowercase());
    all
}

/// The client's own words: calculations, phrases, and what its own events say of themselves.
fn own(words: Words<'_>) -> Vec<(String, String)> {
    let program = words.program;
    let facts = program.facts.iter().map(|fact| {
        let means = match &fact.value {
            FactValue::Term(term, ty) => words.spelled(term, Some(ty)),
            FactValue::Condition(condition) => words.condition(condition, false),
        };
        (sentence(&plain(&fact.name)), format!("{}.", sentence(&means)))
    });
    let phrases = scores::phrases(words).into_iter().map(|set| set.definition());
    let phrases = phrases.map(|(name, means)| (sentence(&name), means));
    let events = program.events.iter().filter_map(|event| {
        let docs = event.docs.as_ref()?;
        (words.origin(event.origin) == crate::doc::words::Whose::Own)
            .then(|| (sentence(&plain(&event.name)), docs.to_string()))
    });
    facts.chain(phrases).chain(events).collect()
}

fn bodies(program: &Program) -> impl Iterator<Item = &StageBody> {
    program.workflows.iter().flat_map(|flow| &flow.stages).filter_map(|stage| match &stage.kind {
        StageKind::Stage(body) => Some(&**body),
        _ => None,
    })
}

fn acts(program: &Program) -> impl Iterator<Item = &Act> {
    bodies(program).flat_map(|body| &body.acts)
}

fn is_external(program: &Program, act: &Act) -> bool {
    program.actions.get(act.action.index()).is_some_and(|action| action.external)
}

fn handoffs(program: &Program) -> bool {
    program.workflows.iter().flat_map(|flow| &flow.stages).any(|stage| matches!(stage.kind, StageKind::Handoff(_)))
}
