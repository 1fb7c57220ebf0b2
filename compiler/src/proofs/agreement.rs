//! The proofs against a reference that knows no graph: it plays every run, step by step, with everything that is known of it, and looks
//! where the run comes and what goes out.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::gate;
use super::machine::{Machine, machines};
use crate::compile::Input;
use crate::diagnostics::SourceText;
use crate::lower;
use crate::modules::{self, NoModules};
use crate::program::{Actor, Guard, Program, Settlement, StageBody, StageKind, WayWhen, Workflow};

const BEFORE: &str = r#"use std.crm
use std.actions
agent Writer { hands "letters" to human }
template hello { body "Hi there" }
"#;

/// A stage as it is drawn: its acts, its question, its ways by the stages that they lead to, its cap and its door.
#[derive(Clone, Debug)]
struct Drawn {
    acts: Vec<bool>,
    asks: Option<bool>,
    by_person: bool,
    ways: Vec<(u8, usize)>,
    cap: Option<(u32, usize)>,
    only: Option<usize>,
}

fn drawn(stages: usize, capped: bool) -> impl Strategy<Value = Drawn> {
    let to = 0..=stages;
    let cap = if capped { proptest::option::weighted(0.4, (1_u32..3, to.clone())).boxed() } else { Just(None).boxed() };
    (
        proptest::collection::vec(any::<bool>(), 0..3),
        proptest::option::of(any::<bool>()),
        proptest::bool::weighted(0.1),
        proptest::collection::vec((0_u8..6, to.clone()), 1..4),
        cap,
        proptest::option::weighted(0.2, to),
    )
        .prop_map(|(acts, asks, by_person, ways, cap, only)| Drawn { acts, asks, by_person, ways, cap, only })
}

fn workflow(capped: bool) -> impl Strategy<Value = Vec<Drawn>> {
    (2_usize..6).prop_flat_map(move |stages| proptest::collection::vec(drawn(stages, capped), stages))
}

fn written(stages: &[Drawn]) -> String {
    let name = |stage: usize| if stage < stages.len() { format!("S{stage}") } else { "Out".to_owned() };
    let mut text = format!("{BEFORE}workflow Work for Contact by Writer {{\n  start on contact.created\n");
    for (number, stage) in stages.iter().enumerate() {
        let cap = stage.cap.map(|(times, then)| format!(" at most {times} times, then {}", name(then)));
        let only = stage.only.map(|other| format!(" only when email is known, else {}", name(other)));
        let by = if stage.by_person { " by human" } else { "" };
        text += &format!("  stage S{number}{}{by}{} {{\n", cap.unwrap_or_default(), only.unwrap_or_default());
        for act in &stage.acts {
            text += if *act { "    do write hello via email\n" } else { "    do send message\n" };
        }
        if let Some(message) = stage.asks {
            text += &format!(
                "    ask human to approve or change {} within 2 days\n",
                if message { "message" } else { "visit" }
            );
        }
        for (kind, to) in &stage.ways {
            let when = match (kind, stage.asks) {
                (0, Some(_)) => "on approved",
                (1, Some(_)) => "on rejected or expired",
                (2, Some(_)) => "on changed or rejected",
                (0 | 2, None) => "when complete",
                (3, _) => "on reply.received",
                (4, _) => "after 20 days",
                _ => "when job_title is known",
            };
            text += &format!("    next {} {when}\n", name(*to));
        }
        text += "  }\n";
    }
    text + "  end Out as done\n}\n"
}

/// What is known of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Message {
    None,
    Draft,
    /// So many quarters of a day ago at most.
    Approved(i64),
    Sent,
}

/// Everything that is known of a run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    stage: usize,
    message: Message,
    visits: Vec<u32>,
}

#[derive(Default)]
struct Played {
    visited: BTreeSet<usize>,
    holes: BTreeSet<(usize, usize)>,
}

/// Plays all runs.
fn play(program: &Program, workflow: &Workflow) -> Played {
    let mut played = Played::default();
    let mut seen: BTreeSet<Run> = BTreeSet::new();
    let mut open = enter(workflow, 0, Message::None, &vec![0; workflow.stages.len()]);
    while let Some(run) = open.pop() {
        if !seen.insert(run.clone()) {
            continue;
        }
        played.visited.insert(run.stage);
        let StageKind::Stage(body) = &workflow.stages[run.stage].kind else { continue };
        // However far its acts have come, an event or time may lead on.
        let mut message = run.message;
        let mut so_far = vec![message];
        for (number, act) in body.acts.iter().enumerate() {
            let sends = program.actions[act.action.index()].name == "send";
            if sends {
                if !matches!(message, Message::Approved(_)) && matches!(body.by, Actor::Agent(_)) {
                    played.holes.insert((run.stage, number));
                }
                message = Message::Sent;
            } else if act.object.is_written() && matches!(body.by, Actor::Agent(_)) {
                message = Message::Draft;
            }
            so_far.push(message);
        }
        let stayed = |known: Message| match (known, stay(body)) {
            (Message::Approved(age), Some(more)) if age + more < 14 * 4 => Message::Approved(age + more),
            // What was approved fourteen days ago is approved no more.
            (Message::Approved(_), _) => Message::Draft,
            (other, _) => other,
        };
        for way in &body.ways {
            let leaving: Vec<Message> = match &way.when {
                WayWhen::On(_) | WayWhen::After(_) => so_far.iter().copied().map(stayed).collect(),
                WayWhen::When(_) | WayWhen::Otherwise => vec![stayed(message)],
                WayWhen::Settled(answers) => {
                    answers.iter().map(|answer| answered(body, *answer, message, stayed(message))).collect()
                }
            };
            for message in leaving {
                open.extend(enter(workflow, way.to.index(), message, &run.visits));
            }
        }
    }
    played
}

/// How long a run may be in a stage, in quarters of a day: until it is answered or the twenty days are over; for ever where nothing
/// says so, and no time where it goes on at once.
fn stay(body: &StageBody) -> Option<i64> {
    let waits = matches!(body.by, Actor::Human(_)) && !body.acts.is_empty();
    let leaves = body.ways.iter().any(|way| matches!(way.when, WayWhen::When(Guard::Complete)));
    if body.asks.is_empty() && !waits && leaves {
        return Some(0);
    }
    // Two days may have an hour more, as may twenty.
    let ends = body.ways.iter().any(|way| matches!(way.when, WayWhen::After(_)));
    (!body.asks.is_empty()).then_some(2 * 4 + 1).or(ends.then_some(20 * 4 + 1))
}

fn answered(body: &StageBody, answer: Settlement, message: Message, stayed: Message) -> Message {
    let about_message = body.asks[0].message;
    let yes = matches!(answer, Settlement::Approved | Settlement::Changed);
    match message {
        Message::Draft | Message::Approved(_) if about_message && yes => Message::Approved(0),
        Message::Approved(_) if about_message => Message::Draft,
        _ => stayed,
    }
}

/// Where a run is that comes to a stage: past caps, and, whatever is known of its e-mail, past doors.
fn enter(workflow: &Workflow, to: usize, message: Message, visits: &[u32]) -> Vec<Run> {
    let mut found = Vec::new();
    let mut open = vec![(to, 0)];
    while let Some((to, turns)) = open.pop() {
        // Who is sent from door to door without an end is nowhere.
        if turns > workflow.stages.len() * 2 {
            continue;
        }
        let mut visits = visits.to_vec();
        let inside = |mut visits: Vec<u32>, most: u32| {
            visits[to] = (visits[to] + 1).min(most);
            Run { stage: to, message, visits }
        };
        let StageKind::Stage(body) = &workflow.stages[to].kind else {
            found.push(inside(visits, 0));
            continue;
        };
        if let Some((most, then)) = body.cap {
            if visits[to] >= most {
                open.push((then.index(), turns + 1));
                continue;
            }
        } else {
            visits[to] = 0;
        }
        if let Some((_, other)) = &body.only_when {
            open.push((other.index(), turns + 1));
        }
        found.push(inside(visits, body.cap.map_or(0, |(most, _)| most)));
    }
    found
}

/// What the proofs say and what playing says.
fn both(stages: &[Drawn]) -> (Played, Played) {
    let text = written(stages);
    let files = vec![SourceText { name: "work.playbook".into(), text: text.as_str().into() }];
    let mut diagnostics = Vec::new();
    let modules = modules::gather(&Input { files, asked: Vec::new() }, &NoModules, None, &mut diagnostics);
    let (program, _) = lower::lower(&modules, false, &mut diagnostics);
    let machines = machines(&program, &modules);
    let machine: &Machine<'_> = &machines[0];
    assert_eq!(machine.places.len(), stages.len() + 1, "{text}");
    let proven = Played {
        visited: machine.visited().into_iter().map(|(stage, _)| stage).collect(),
        holes: gate::holes(&program, machine).into_iter().collect(),
    };
    (proven, play(&program, &program.workflows[0]))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn without_caps_the_proofs_say_what_playing_says(stages in workflow(false)) {
        let (proven, played) = both(&stages);
        prop_assert_eq!(proven.visited, played.visited, "{}", written(&stages));
        prop_assert_eq!(proven.holes, played.holes, "{}", written(&stages));
    }

    #[test]
    fn with_caps_nothing_that_happens_is_overlooked(stages in workflow(true)) {
        let (proven, played) = both(&stages);
        prop_assert!(proven.visited.is_superset(&played.visited), "{}", written(&stages));
        prop_assert!(proven.holes.is_superset(&played.holes), "{}", written(&stages));
    }
}
