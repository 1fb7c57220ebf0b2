//! Who goes first: the target lines, circles, what is unknown, and agreement with a naive reading of the lines.

use std::cell::RefCell;

use compiler::program::{AgentId, Guard, Loser, Program};
use proptest::prelude::*;
use runtime::gate::{against, first_of};

use crate::team::{AGENTS, agent_named, priority, program};

/// Guards by their number: whether each holds.
fn judge(holds: &[Option<bool>]) -> impl FnMut(&Guard) -> Option<bool> {
    move |guard| match guard {
        Guard::In { workflow, .. } => holds[workflow.index()],
        other => panic!("{other:?}"),
    }
}

/// The lines of the target playbook: customer, deal in proposal, contact in LeadQualification.
fn target() -> Program {
    let mut program = program("");
    program.priorities = vec![
        priority("Lifecycle", &[], Some(0), Loser::Waits, "a customer is not a prospect"),
        priority("Conversion", &["Qualification", "LeadGen"], Some(1), Loser::Waits, "no re-qualifying mid-proposal"),
        priority("Qualification", &["LeadGen"], Some(2), Loser::Stops, "no outreach mid-qualification"),
    ];
    program
}

fn loses(program: &Program, agent: &str, others: &[&str], holds: &[Option<bool>]) -> Option<(String, AgentId)> {
    let others: Vec<AgentId> = others.iter().map(|name| agent_named(name)).collect();
    let line = against(program, agent_named(agent), &others, &mut judge(holds))?;
    Some((line.0.because.clone().unwrap().to_string(), line.1))
}

#[test]
fn the_first_line_that_holds_and_names_both_decides() {
    let program = target();
    let (yes, no) = (Some(true), Some(false));
    let line = |because: &str, winner: &str| Some((because.to_owned(), agent_named(winner)));
    let all = AGENTS;
    assert_eq!(
        loses(&program, "LeadGen", &["Qualification"], &[no, no, yes]),
        line("no outreach mid-qualification", "Qualification")
    );
    assert_eq!(loses(&program, "Qualification", &["LeadGen"], &[no, no, yes]), None);
    assert_eq!(loses(&program, "LeadGen", &all, &[no, yes, yes]), line("no re-qualifying mid-proposal", "Conversion"));
    assert_eq!(loses(&program, "LeadGen", &all, &[yes, yes, yes]), line("a customer is not a prospect", "Lifecycle"));
    assert_eq!(
        loses(&program, "Conversion", &all, &[yes, yes, yes]),
        line("a customer is not a prospect", "Lifecycle")
    );
    assert_eq!(loses(&program, "Conversion", &all, &[no, yes, yes]), None);
    // Nobody is ranked against Lifecycle unless the contact is a customer, nor where it is not known whether it is.
    assert_eq!(loses(&program, "LeadGen", &["Lifecycle"], &[no, yes, yes]), None);
    assert_eq!(loses(&program, "LeadGen", &["Lifecycle"], &[None, yes, yes]), None);
    assert_eq!(loses(&program, "LeadGen", &[], &[yes, yes, yes]), None);
    assert_eq!(loses(&program, "LeadGen", &["LeadGen"], &[yes, yes, yes]), None);
}

#[test]
fn who_came_first_goes_first_where_no_line_says_otherwise() {
    let program = target();
    let first = |came: &[&str], holds: &[Option<bool>]| {
        let came: Vec<AgentId> = came.iter().map(|name| agent_named(name)).collect();
        first_of(&program, &came, &mut judge(holds)).map(|agent| AGENTS[agent.index()])
    };
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(first(&["LeadGen", "Qualification"], &[no, no, yes]), Some("Qualification"));
    assert_eq!(first(&["LeadGen", "Qualification"], &[no, no, None]), Some("LeadGen"));
    assert_eq!(first(&["Lifecycle", "LeadGen", "Qualification"], &[no, no, yes]), Some("Lifecycle"));
    assert_eq!(first(&["LeadGen", "Lifecycle", "Qualification"], &[no, no, yes]), Some("Lifecycle"));
    assert_eq!(first(&["LeadGen", "Qualification", "Conversion", "Lifecycle"], &[yes, yes, yes]), Some("Lifecycle"));
    assert_eq!(first(&["LeadGen"], &[yes, yes, yes]), Some("LeadGen"));
    assert_eq!(first(&[], &[yes, yes, yes]), None);
}

#[test]
fn lines_in_a_circle_stop_nobody_for_ever() {
    let mut program = program("");
    program.priorities = vec![
        priority("LeadGen", &["Qualification"], None, Loser::Waits, "one"),
        priority("Qualification", &["Conversion"], None, Loser::Waits, "two"),
        priority("Conversion", &["LeadGen"], None, Loser::Waits, "three"),
    ];
    let came = [agent_named("Conversion"), agent_named("LeadGen"), agent_named("Qualification")];
    assert_eq!(first_of(&program, &came, &mut |_| None), Some(came[0]));
}

/// Of two, who loses, read from the top.
fn naive(program: &Program, agent: AgentId, other: AgentId, holds: &[Option<bool>]) -> Option<usize> {
    let decides = program.priorities.iter().position(|line| {
        let names =
            |one: AgentId, two: AgentId| line.first == one && (line.over.is_empty() || line.over.contains(&two));
        (names(agent, other) || names(other, agent))
            && line.guard.as_ref().is_none_or(|guard| judge(holds)(guard) == Some(true))
    })?;
    (program.priorities[decides].first == other).then_some(decides)
}

fn tables() -> impl Strategy<Value = (Program, Vec<Option<bool>>)> {
    let line = (0..4_usize, any::<[bool; 4]>(), proptest::option::of(0..5_u32));
    let holds = proptest::collection::vec(proptest::sample::select(vec![Some(true), Some(false), None]), 5);
    (proptest::collection::vec(line, 0..7), holds).prop_map(|(lines, holds)| {
        let mut program = program("");
        let line = |(first, over, guard): (usize, [bool; 4], Option<u32>)| {
            let over: Vec<&str> =
                (0..4).filter(|&place| over[place] && place != first).map(|place| AGENTS[place]).collect();
            priority(AGENTS[first], &over, guard, Loser::Waits, "")
        };
        program.priorities = lines.into_iter().map(line).collect();
        (program, holds)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lines_decide_as_read_from_the_top((program, holds) in tables(), came in Just([0, 1, 2, 3_u32].to_vec()).prop_shuffle(), many in 1..5_usize) {
        let came: Vec<AgentId> = came.into_iter().take(many).map(AgentId).collect();
        let mut expected_first = None;
        for &agent in &came {
            let others: Vec<AgentId> = came.iter().copied().filter(|&other| other != agent).collect();
            let expected = others.iter().filter_map(|&other| naive(&program, agent, other, &holds)).min();
            let asked = RefCell::new(Vec::new());
            let mut judge = judge(&holds);
            let found = against(&program, agent, &others, &mut |guard| {
                asked.borrow_mut().push(std::ptr::from_ref(guard));
                judge(guard)
            });
            prop_assert_eq!(found.map(|(line, _)| line), expected.map(|line| &program.priorities[line]));
            prop_assert!(found.is_none_or(|(line, winner)| line.first == winner && others.contains(&winner)));
            let mut once = asked.borrow().clone();
            once.sort_unstable();
            once.dedup();
            prop_assert_eq!(once.len(), asked.borrow().len(), "a line was judged twice");
            if expected.is_none() && expected_first.is_none() {
                expected_first = Some(agent);
            }
        }
        prop_assert_eq!(first_of(&program, &came, &mut judge(&holds)), Some(expected_first.unwrap_or(came[0])));
    }
}
