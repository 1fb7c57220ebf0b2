//! Rounds that a run makes without a person being asked and without time passing: it would make them for ever, as fast as it can.
//!
//! A stage with a cap is entered so often and no more, so that in the long run only the others count.

use std::collections::VecDeque;

use crate::codes::workflows::endless_round;
use crate::diagnostics::Diagnostic;
use crate::program::{Guard, Object, Program, ScoreId, StageBody, WayWhen};

use super::machine::{Machine, Node, SEND, Step, action, closure, waits_for_a_person};
use super::wanted::{Known, Scene, Wanted};

pub(super) fn run(program: &Program, machines: &[Machine<'_>], diagnostics: &mut Vec<Diagnostic>) {
    for machine in machines {
        let rounds = Rounds { program, machine, quick: quick(program, machine) };
        if let Some(round) = rounds.first() {
            let places: Vec<_> = round
                .iter()
                .filter_map(|(node, step)| {
                    let (stage, _) = machine.stage_of(*node);
                    let place = machine.places.get(stage)?;
                    let span = match step {
                        Step::Way(way) => place.way(*way),
                        Step::Skipped => place.only_when(),
                        Step::Capped => place.cap(),
                        Step::Enter => return None,
                    };
                    Some((place.file, span, place.name.text.as_str()))
                })
                .collect();
            diagnostics.extend(endless_round::diagnostic(&places));
        }
    }
}

/// By node: what a run does next at once.
fn quick(program: &Program, machine: &Machine<'_>) -> Vec<Vec<(Node, Step)>> {
    let nodes = 0..machine.len() * 2;
    let onward = nodes.map(|node| {
        let (stage, is_inside) = machine.stage_of(node);
        let body = machine.places.get(stage).and_then(super::machine::Place::body);
        let mut onward = machine.onward(node);
        // Who does not enter a stage and is sent back to it has been told.
        onward.retain(|(to, step)| {
            *to != node
                && match (step, body) {
                    (Step::Way(way), Some(body)) => {
                        body.ways.get(*way).is_some_and(|way| is_quick(program, body, &way.when))
                    }
                    // Once it is used up, its cap leads on.
                    (Step::Enter, Some(body)) if !is_inside => body.cap.is_none(),
                    (Step::Skipped | Step::Capped, _) => true,
                    _ => false,
                }
        });
        onward
    });
    onward.collect()
}

fn is_quick(program: &Program, body: &StageBody, when: &WayWhen) -> bool {
    let is_slow =
        |act| waits_for_a_person(program, body, act) || action(program, act).is_none_or(|done| done.name == SEND);
    match when {
        WayWhen::When(_) => !body.acts.iter().any(is_slow),
        WayWhen::Otherwise => body.asks.is_empty() && !body.acts.iter().any(is_slow),
        // What a send raises comes once a person approved it.
        WayWhen::On(_) | WayWhen::Settled(_) | WayWhen::After(_) => false,
    }
}

/// So many nodes are looked at; whoever writes more rounds than these has one among them.
const MOST: usize = 1000;

struct Rounds<'a, 'm> {
    program: &'a Program,
    machine: &'m Machine<'a>,
    quick: Vec<Vec<(Node, Step)>>,
}

impl Rounds<'_, '_> {
    fn onward(&self, node: Node) -> &[(Node, Step)] {
        self.quick.get(node).map(Vec::as_slice).unwrap_or_default()
    }

    /// The first round whose conditions can hold together; facts do not change while no time passes.
    fn first(&self) -> Option<Vec<(Node, Step)>> {
        let reached = self.machine.reached();
        let inside = self.machine.len()..self.machine.len() * 2;
        let doors = 0..self.machine.len();
        let from = inside.chain(doors).filter(|node| reached.get(*node) == Some(&true));
        // Most nodes lie on no round: those are left out before any round is looked for.
        let on_a_round = self.on_a_round();
        from.filter(|node| on_a_round.get(*node) == Some(&true)).take(MOST).find_map(|node| self.round(node))
    }

    /// By node: whether it can be gone on from it, and come to it, without an end.
    fn on_a_round(&self) -> Vec<bool> {
        let count = self.quick.len();
        let mut out: Vec<usize> = self.quick.iter().map(Vec::len).collect();
        let mut before: Vec<Vec<Node>> = vec![Vec::new(); count];
        for node in 0..count {
            for (to, _) in self.onward(node) {
                if let Some(before) = before.get_mut(*to) {
                    before.push(node);
                }
            }
        }
        let mut open: Vec<Node> = (0..count).filter(|node| out.get(*node) == Some(&0)).collect();
        let mut on = vec![true; count];
        while let Some(node) = open.pop() {
            if let Some(on) = on.get_mut(node) {
                *on = false;
            }
            for earlier in before.get(node).into_iter().flatten() {
                if let Some(left) = out.get_mut(*earlier) {
                    *left -= 1;
                    if *left == 0 {
                        open.push(*earlier);
                    }
                }
            }
        }
        on
    }

    /// The shortest round from a node back to it, if its conditions can hold together.
    fn round(&self, start: Node) -> Option<Vec<(Node, Step)>> {
        let mut from: Vec<Option<(Node, Step)>> = vec![None; self.quick.len()];
        let mut open = VecDeque::from([start]);
        while let Some(node) = open.pop_front() {
            for (to, step) in self.onward(node) {
                if from.get(*to).is_some_and(Option::is_none) {
                    if let Some(slot) = from.get_mut(*to) {
                        *slot = Some((node, *step));
                    }
                    open.push_back(*to);
                }
            }
            if from.get(start).is_some_and(Option::is_some) {
                break;
            }
        }
        let mut round = Vec::new();
        let mut at = start;
        loop {
            let (before, step) = from.get(at).copied().flatten()?;
            round.push((before, step));
            at = before;
            if at == start {
                break;
            }
        }
        round.reverse();
        self.is_possible(&round).then_some(round)
    }

    fn is_possible(&self, round: &[(Node, Step)]) -> bool {
        let mut wanted = Wanted::default();
        let mut scored: Vec<ScoreId> = Vec::new();
        for (node, step) in round {
            let (stage, _) = self.machine.stage_of(*node);
            let Some(body) = self.machine.places.get(stage).and_then(super::machine::Place::body) else { continue };
            let scene = Scene { program: self.program, complete: body.requires.is_empty() };
            let guard: Option<(&Guard, bool)> = match step {
                Step::Way(way) => match body.ways.get(*way).map(|way| &way.when) {
                    Some(WayWhen::When(guard)) => Some((guard, false)),
                    _ => None,
                },
                Step::Skipped => None,
                Step::Enter => body.only_when.as_ref().map(|(guard, _)| (guard, false)),
                Step::Capped => None,
            };
            if let Some((guard, negated)) = guard
                && scene.collect(guard, negated, &mut wanted, 0).is_err()
            {
                return false;
            }
            // What is complete in one stage says nothing of another one.
            wanted.engine.retain(|(known, _)| *known != Known::Complete);
            if matches!(step, Step::Way(_)) {
                scored.extend(body.acts.iter().filter_map(|act| match act.object {
                    Object::Score(score) => Some(score),
                    _ => None,
                }));
            }
        }
        !wanted.engine.iter().any(|(known, so)| matches!(known, Known::Scored(score) if !so && scored.contains(score)))
    }
}

/// Whether a stage lies on any round at all, whatever it takes.
pub(super) fn comes_again(machine: &Machine<'_>, stage: usize) -> bool {
    let inside = machine.inside(stage);
    let onward = |node: Node| machine.onward(node).into_iter().map(|(to, _)| to).collect::<Vec<_>>();
    closure(machine.len() * 2, onward(inside), onward).get(inside).copied().unwrap_or(false)
}
