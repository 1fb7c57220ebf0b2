//! Whether every stage ends by itself: a run that waits for a person, a fact or an event goes on when enough time has passed.

use crate::codes::workflows::no_time_limit::{self, Waits};
use crate::diagnostics::Diagnostic;
use crate::program::{Actor, Guard, Handoff, Program, StageBody, WayWhen};

use super::machine::{Machine, Place, waits_for_a_person};
use super::wanted::{Known, Scene, Wanted, is_never_unknown};

pub(super) fn run(program: &Program, machines: &[Machine<'_>], diagnostics: &mut Vec<Diagnostic>) {
    for machine in machines {
        for (stage, place) in machine.visited() {
            if let Some(body) = place.body()
                && !machine.is_never_left(stage)
                && let Some(waits) = unlimited(program, &place, body)
            {
                diagnostics.push(no_time_limit::diagnostic(place.file, place.name, &waits));
            }
            if let Some(handoff) = place.handoff()
                && waits_for_ever(program, handoff)
            {
                diagnostics.push(no_time_limit::handoff(place.file, place.name));
            }
        }
    }
}

/// A person takes it, and nothing says by when.
fn waits_for_ever(program: &Program, handoff: &Handoff) -> bool {
    let receiver = program.workflows.get(handoff.to.index());
    handoff.within.is_none() && receiver.is_some_and(|to| matches!(to.by, Actor::Human(_)))
}

/// What a run may wait for without an end; none where something always leads on.
fn unlimited(program: &Program, place: &Place<'_>, body: &StageBody) -> Option<Waits> {
    if body.ways.iter().any(|way| matches!(way.when, WayWhen::After(_))) {
        return None;
    }
    if let Some(act) = body.acts.iter().position(|act| waits_for_a_person(program, body, act)) {
        return Some(Waits::Person(place.act(act)));
    }
    let is_of_facts = |guard: &Guard| !matches!(guard, Guard::Message { .. } | Guard::Complete);
    let fact = body.requires.iter().position(|required| is_of_facts(&required.guard));
    let always = fact.is_none() && body.requires.is_empty();
    if is_total(Scene { program, complete: always }, body) {
        return None;
    }
    if let Some(fact) = fact {
        return Some(Waits::Fact(place.requirement(fact)));
    }
    match body.asks.first() {
        Some(ask) if ask.within.is_none() => Some(Waits::Answer(place.ask())),
        // Every question that expires has a way for it.
        Some(_) => None,
        None if body.ways.iter().any(|way| matches!(way.when, WayWhen::Otherwise)) => None,
        None => Some(Waits::Something),
    }
}

/// Whether one of the conditions always holds.
fn is_total(scene: Scene<'_>, body: &StageBody) -> bool {
    let mut left = Wanted::default();
    if scene.complete {
        left.engine.push((Known::Complete, true));
    }
    let guards = body.ways.iter().filter_map(|way| match &way.when {
        WayWhen::When(guard) if is_never_unknown(guard) => Some(guard),
        _ => None,
    });
    guards.into_iter().any(|guard| scene.collect(guard, true, &mut left, 0).is_err())
}
