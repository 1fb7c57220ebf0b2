//! The team: agents and people, what each may touch, who goes first, who decides what, when we may write.

use std::collections::BTreeMap;

use compiler::program::{
    AgentId, Cap, ContactPolicy, Loser, PermissionObject, Priority, Quiet, Rights, Subject, WorkflowId,
};
use serde::Serialize;
use smol_str::SmolStr;

use super::workflows::{Question, Who, Workflow, expiry, question, workflow_anchor};
use super::{Mark, mark, whom};
use crate::doc::words::{Words, clock, hours, listed, number, period, plain, sentence, spaced};

/// Who acts.
#[derive(Debug, Serialize)]
pub(super) struct Team {
    agents: Vec<Agent>,
    rows: Vec<Row>,
    priorities: Vec<PriorityLine>,
}

#[derive(Debug, Serialize)]
struct Agent {
    who: Who,
    docs: Option<SmolStr>,
    /// With their anchors.
    runs: Vec<(String, String)>,
    hands: Vec<String>,
    mark: Mark,
}

/// A row of the table of permissions.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    /// It is about something that is done, not about something that is known.
    does: bool,
    /// A part of the row above.
    part: bool,
    cells: Vec<Cell>,
    mark: Mark,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Cell {
    /// `none`, `read`, `write`, `ask`
    kind: &'static str,
    words: String,
}

#[derive(Debug, Serialize)]
struct PriorityLine {
    first: String,
    over: String,
    guard: Option<String>,
    because: Option<SmolStr>,
    stops: bool,
    mark: Mark,
}

/// A sentence with its reason.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    pub(super) head: String,
    pub(super) words: String,
    pub(super) because: Option<SmolStr>,
}

/// What one person decides.
#[derive(Debug, Serialize)]
pub(super) struct Decisions {
    who: String,
    /// The playbook asks for this role, and the client names nobody for it.
    unnamed: bool,
    lines: Vec<Decision>,
}

#[derive(Debug, Serialize)]
struct Decision {
    /// Where: a workflow and a stage, with the stage's anchor.
    place: String,
    part: String,
    href: String,
    what: String,
    within: Option<String>,
    remind: Option<String>,
    /// By answer, where that leads.
    answers: Vec<(String, String)>,
    otherwise: String,
}

/// Agents, permissions, priorities.
pub(super) fn team(words: Words<'_>) -> Team {
    let program = words.program;
    let agents = (0..).map(AgentId).zip(&program.agents).map(|(id, agent)| Agent {
        who: super::workflows::who(words, &compiler::program::Actor::Agent(id)),
        docs: agent.docs.clone(),
        runs: runs(words, id, &agent.runs),
        hands: agent.hands.iter().map(|(what, whom)| format!("{what} to {}", words.role(Some(whom)))).collect(),
        mark: mark(words, agent.origin),
    });
    Team { agents: agents.collect(), rows: rows(words), priorities: priorities(words) }
}

/// The workflows that an agent runs: those that name it, and those that it names.
fn runs(words: Words<'_>, id: AgentId, named: &[WorkflowId]) -> Vec<(String, String)> {
    let numbered = (0..).map(WorkflowId).zip(&words.program.workflows);
    let is_run = |flow: WorkflowId, by: &compiler::program::Actor| {
        *by == compiler::program::Actor::Agent(id) || named.contains(&flow)
    };
    let runs = numbered.filter(|(flow, workflow)| is_run(*flow, &workflow.by));
    runs.map(|(flow, workflow)| (spaced(&workflow.name), workflow_anchor(words, flow))).collect()
}

/// The rows that decide: of two about the same, the first.
fn rows(words: Words<'_>) -> Vec<Row> {
    let mut seen: Vec<&PermissionObject> = Vec::new();
    let mut rows = Vec::new();
    for row in &words.program.permissions.rows {
        if seen.contains(&&row.about) {
            continue;
        }
        seen.push(&row.about);
        let does = matches!(row.about, PermissionObject::Action(_) | PermissionObject::Spend);
        let name = words.program.about(&row.about);
        let (name, part) = match name.split_once('.') {
            Some((of, part)) => (format!("{}: {}", spaced(of), plain(part)), true),
            None => (spaced(&name), false),
        };
        rows.push(Row {
            name: sentence(&name),
            does,
            part,
            cells: (0..words.program.agents.len())
                .map(|agent| row.cells.get(agent).map_or_else(nothing, |rights| cell(words, rights, does)))
                .collect(),
            mark: mark(words, row.origin),
        });
    }
    // What is known first, what is done after it; each in the order of the table.
    rows.sort_by_key(|row| row.does);
    rows.into_iter().fold(Vec::new(), joined)
}

/// Of ways to do the same that are allowed alike, one row: `Send: email, sms`.
fn joined(mut rows: Vec<Row>, row: Row) -> Vec<Row> {
    if let Some(last) = rows.last_mut().filter(|last| last.does && row.does && last.cells == row.cells) {
        let (before, now) = (last.name.split_once(": "), row.name.split_once(": "));
        if last.name == row.name {
            return rows;
        }
        if let (Some((verb, _)), Some((same, variant))) = (before, now)
            && verb == same
        {
            last.name = format!("{}, {variant}", last.name);
            return rows;
        }
    }
    rows.push(row);
    rows
}

fn nothing() -> Cell {
    Cell { kind: "none", words: "no".to_owned() }
}

fn cell(words: Words<'_>, rights: &Rights, does: bool) -> Cell {
    if let Some(role) = &rights.ask {
        let whom = if role == "human" { "somebody".to_owned() } else { words.role(Some(role)) };
        return Cell { kind: "ask", words: format!("once {whom} approves") };
    }
    let only = listed(rights.only.iter().map(|word| plain(word)), "or");
    let only = if only.is_empty() { only } else { format!(" ({only} only)") };
    match (rights.write, rights.create, rights.read) {
        (true, ..) if does => Cell { kind: "write", words: "may".to_owned() },
        (true, true, _) => Cell { kind: "write", words: format!("read, change and add{only}") },
        (true, false, _) => Cell { kind: "write", words: format!("read and change{only}") },
        (false, true, _) => Cell { kind: "write", words: format!("read and add{only}") },
        (false, false, true) => Cell { kind: "read", words: "read".to_owned() },
        (false, false, false) => nothing(),
    }
}

/// The lines, without those that say what a line above has said.
fn priorities(words: Words<'_>) -> Vec<PriorityLine> {
    let lines = &words.program.priorities;
    let is_said = |at: usize, line: &Priority| {
        lines
            .iter()
            .take(at)
            .any(|above| (above.first, &above.over, &above.guard) == (line.first, &line.over, &line.guard))
    };
    lines.iter().enumerate().filter(|(at, line)| !is_said(*at, line)).map(|(_, line)| priority(words, line)).collect()
}

fn priority(words: Words<'_>, line: &Priority) -> PriorityLine {
    let agent =
        |id: &AgentId| words.program.agents.get(id.index()).map(|agent| spaced(&agent.name)).unwrap_or_default();
    PriorityLine {
        first: agent(&line.first),
        over: if line.over.is_empty() {
            "everyone else".to_owned()
        } else {
            listed(line.over.iter().map(agent), "and")
        },
        guard: line.guard.as_ref().map(|guard| words.guard(guard, false)),
        because: line.because.clone(),
        stops: line.loser == Loser::Stops,
        mark: mark(words, line.origin),
    }
}

/// The contact policy, a sentence each.
pub(super) fn policy(words: Words<'_>, policy: &ContactPolicy) -> Vec<Line> {
    let mut lines = Vec::new();
    let line = |head: &str, words: String, because: Option<SmolStr>| Line { head: head.to_owned(), words, because };
    if !policy.consent.is_empty() {
        let channels = listed(policy.consent.iter().map(|channel| plain(channel)), "and");
        let text = format!("By {channels} we write only to who has agreed, and can show when and where they did.");
        lines.push(line("Consent", text, policy.consent_because.clone()));
    }
    if let Some(within) = policy.unsubscribe {
        let text = format!(
            "Every message says how to end them. Whoever does so is not written to again, within {} at the latest.",
            period(within)
        );
        lines.push(line("Unsubscribing", text, policy.unsubscribe_because.clone()));
    }
    for quiet in &policy.quiet {
        let text = match quiet {
            Quiet::OutsideHours { of_contact } => format!(
                "Nothing is sent outside business hours ({}), on {} clock.",
                hours(words.program.client.hours),
                if *of_contact { "the contact’s own" } else { "our" }
            ),
            Quiet::Outside { from, to } => {
                format!("Nothing is sent outside {}, on the contact’s own clock.", clock(*from, *to))
            }
        };
        lines.push(line("Quiet hours", text, policy.quiet_because.clone()));
    }
    for cap in &policy.caps {
        lines.push(line("How much", cap_words(cap), cap.because.clone()));
    }
    lines
}

fn cap_words(cap: &Cap) -> String {
    let over = cap.channel.as_ref().map(|channel| format!(" by {}", plain(channel))).unwrap_or_default();
    let whom = if cap.per_contact { "to one contact" } else { "in all" };
    let messages = if cap.count == 1 { "message" } else { "messages" };
    format!(
        "At most {} {messages}{over} {whom} in any {}.",
        number(compiler::program::Fixed::from_integer(i64::from(cap.count))),
        cap.per.each()
    )
}

/// Everything that a person is asked, by who that is: the client's people in their order, then roles that it names nobody for, then
/// whoever is there.
pub(super) fn decisions(words: Words<'_>, workflows: &[Workflow]) -> Vec<Decisions> {
    let mut by_role: BTreeMap<Option<SmolStr>, Vec<Decision>> = BTreeMap::new();
    let mut add = |role: &Option<SmolStr>, decision: Decision| {
        by_role.entry(role.clone().filter(|role| role != "human")).or_default().push(decision);
    };
    for flow in workflows {
        for stage in &flow.stages {
            let at = |what: String| Decision {
                place: flow.name.clone(),
                part: stage.name.clone(),
                href: stage.id.clone(),
                what,
                within: None,
                remind: None,
                answers: Vec::new(),
                otherwise: String::new(),
            };
            for ask in &stage.asks {
                let answers = stage.ways.iter().filter(|way| way.kind == "answer" || way.kind == "otherwise");
                let late = match (&ask.within, expiry(stage)) {
                    (None, _) => "it stays open until somebody answers".to_owned(),
                    (Some(_), Some(way)) => format!("goes on to {}", way.to),
                    (Some(_), None) => "the run waits".to_owned(),
                };
                let decision = Decision {
                    within: ask.within.clone(),
                    remind: ask.remind.clone(),
                    answers: answers.map(|way| (way.words.clone(), way.to.clone())).collect(),
                    otherwise: late,
                    ..at(ask.what.clone())
                };
                add(&ask.role, decision);
            }
            if let Some(handoff) = stage.handoff.as_ref().filter(|handoff| handoff.else_ask.is_some()) {
                let late = handoff.within.as_ref().map_or_else(
                    || "asked where nobody takes it over".to_owned(),
                    |within| format!("asked where nobody has taken it over within {within}"),
                );
                add(
                    &handoff.role,
                    Decision { otherwise: late, ..at(format!("say who takes over into {}", handoff.to)) },
                );
            }
        }
    }
    beside_workflows(words, &mut add);
    let people = &words.program.client.people;
    let place = |role: &Option<SmolStr>| match role {
        Some(role) => people.iter().position(|(known, _)| known == role).unwrap_or(people.len()),
        None => usize::MAX,
    };
    let mut roles: Vec<(Option<SmolStr>, Vec<Decision>)> = by_role.into_iter().collect();
    roles.sort_by_key(|(role, _)| place(role));
    let named = |role: &SmolStr| people.iter().any(|(known, _)| known == role);
    roles
        .into_iter()
        .map(|(role, lines)| Decisions {
            who: whom(words, role.as_deref()),
            unnamed: role.as_ref().is_some_and(|role| !named(role)),
            lines,
        })
        .collect()
}

/// What is asked beside any stage: by kill signals, by feedback, by scales that a person confirms, by scores that are not trusted yet.
fn beside_workflows(words: Words<'_>, add: &mut impl FnMut(&Option<SmolStr>, Decision)) {
    let program = words.program;
    let decision = |place: &str, part: String, href: &str, what: String, otherwise: String| Decision {
        place: place.to_owned(),
        part,
        href: href.to_owned(),
        what,
        within: None,
        remind: None,
        answers: Vec::new(),
        otherwise,
    };
    for score in &program.scores {
        let name = plain(&score.name);
        if let Some(kill) = &score.kill
            && let Some((role, by_layer)) = &kill.ask
        {
            let how = if *by_layer { ", layer by layer" } else { "" };
            let what = format!("find out why {name} does not work{how}");
            add(role, decision("Kill signal", name.clone(), "success", what, "asked when the signal fires".to_owned()));
        }
        if let Some(after) = score.trust_after {
            let what = format!("confirm what {name} routes to");
            let otherwise = format!("asked until {after} decisions are known");
            add(&None, decision("Score card", name.clone(), "scores", what, otherwise));
        }
    }
    for feedback in &program.feedback {
        let Question { what, role, .. } = question(words, &feedback.ask);
        let row = if feedback.in_a_row { " in a row" } else { " within 30 days" };
        let otherwise = format!("asked when {} {}{row} share a reason", feedback.count, plain(&feedback.outcome));
        let from = format!("From {}", words.workflow(feedback.from));
        add(&role, decision("Feedback", from, "success", what, otherwise));
    }
    for rubric in &program.rubrics {
        if let Some(role) = &rubric.confirmed_by {
            let what = format!("confirm the rating by “{}”", plain(&rubric.name));
            add(
                role,
                decision(
                    "Scale",
                    sentence(&plain(&rubric.name)),
                    "messages",
                    what,
                    "asked each time it is rated".to_owned(),
                ),
            );
        }
    }
}

/// The record that a placeholder is of.
pub(super) const fn of(subject: Subject) -> Option<&'static str> {
    match subject {
        Subject::Own(_) => None,
        Subject::Contact => Some("contact"),
        Subject::Deal => Some("deal"),
    }
}
