//! Messages by e-mail to those who are known to have no address: every path to the send asks for exactly them.
//!
//! What was asked is taken to be so until something could have brought an address: time, an event, research, a person's stage.

use crate::checks::channels::Channels;
use crate::checks::domain::{Domain, Subject as Demanded};
use crate::codes::team::send_forbidden;
use crate::diagnostics::Diagnostic;
use crate::program::{Actor, Guard, Program, StageBody, StartKind, Subject, WayWhen};

use super::machine::{Machine, Node, Place, SEND, Step, action, closure};
use super::wanted::Scene;

pub(super) fn run(program: &Program, machines: &[Machine<'_>], diagnostics: &mut Vec<Diagnostic>) {
    for machine in machines {
        let mut found: Option<(Vec<bool>, Channels<'_>)> = None;
        for (stage, place) in machine.visited() {
            let Some(body) = place.body().filter(|body| matches!(body.by, Actor::Agent(_))) else { continue };
            for (number, act) in body.acts.iter().enumerate() {
                if action(program, act).is_none_or(|done| done.name != SEND) {
                    continue;
                }
                let (reached, channels) =
                    found.get_or_insert_with(|| (reached(program, machine), Channels::new(program, machine.workflow)));
                let by_mail = channels.actions(stage, number).iter().all(|way| {
                    let way = program.actions.get(way.index());
                    way.is_some_and(|way| way.variant.as_deref() == Some("email"))
                });
                let inside = machine.inside(stage);
                let at = |missing| reached.get(point(machine, (inside, missing))) == Some(&true);
                if by_mail && at(true) && !at(false) {
                    diagnostics.push(send_forbidden::no_address(place.file, place.act(number)));
                }
            }
        }
    }
}

/// A node, and whether the record is known to have no address there.
type Point = (Node, bool);

fn point(machine: &Machine<'_>, (node, missing): Point) -> usize {
    node + usize::from(missing) * machine.len() * 2
}

/// By point: whether a run comes to it.
fn reached(program: &Program, machine: &Machine<'_>) -> Vec<bool> {
    let scene = Scene { program, complete: false };
    let mut starts = machine.workflow.starts.iter();
    let asked = !machine.workflow.starts.is_empty()
        && starts.all(|start| match &start.kind {
            StartKind::Becomes(guard) | StartKind::Every { guard: Some(guard), .. } => wants_none(scene, guard),
            StartKind::On(_) | StartKind::Every { guard: None, .. } | StartKind::Crosses(_) => false,
        });
    let nodes = machine.len() * 2;
    closure(nodes * 2, [point(machine, (Machine::door(0), asked))], |at| {
        let (node, missing) = (at % nodes.max(1), at >= nodes);
        let (stage, _) = machine.stage_of(node);
        let body = machine.places.get(stage).and_then(Place::body);
        let onward = machine.onward(node).into_iter().map(|(to, step)| {
            let missing = body.map_or(missing, |body| after(scene, body, step, missing));
            point(machine, (to, missing))
        });
        onward.collect()
    })
}

fn after(scene: Scene<'_>, body: &StageBody, step: Step, missing: bool) -> bool {
    match step {
        Step::Enter => missing || body.only_when.as_ref().is_some_and(|(guard, _)| wants_none(scene, guard)),
        Step::Capped | Step::Skipped => missing,
        Step::Way(way) => {
            let stays = missing && !may_bring(scene.program, body);
            match body.ways.get(way).map(|way| &way.when) {
                Some(WayWhen::When(guard)) => stays || wants_none(scene, guard),
                Some(WayWhen::Settled(_) | WayWhen::Otherwise) => stays,
                Some(WayWhen::On(_) | WayWhen::After(_)) | None => false,
            }
        }
    }
}

/// Whether an address may be known once a run has been in the stage.
fn may_bring(program: &Program, body: &StageBody) -> bool {
    let researches = |act| action(program, act).is_some_and(|done| done.name == "research");
    matches!(body.by, Actor::Human(_)) || body.acts.iter().any(researches) || !body.requires.is_empty()
}

/// Whether the guard holds only for contacts without an address.
fn wants_none(scene: Scene<'_>, guard: &Guard) -> bool {
    let Ok(wanted) = scene.wanted(guard, false) else { return false };
    let contact = scene.program.entity("Contact");
    wanted.facts.iter().any(|(of, demands)| {
        let of_contact =
            matches!(of, Subject::Contact) || matches!(of, Subject::Own(entity) if Some(*entity) == contact);
        of_contact
            && demands.iter().any(|(subject, domain)| {
                let Demanded::Field(path) = subject else { return false };
                let field = scene.program.field(path);
                *domain == Domain::Missing
                    && path.relations.is_empty()
                    && field.is_some_and(|field| field.name == "email")
            })
    })
}
