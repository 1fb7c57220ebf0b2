//! Sends against the contact policy: whether there is one, whether every send says how to end them, and sends to whoever has just
//! asked to be left alone.

use language::Span;
use language::syntax::DeclarationKind;

use crate::checks::demand;
use crate::checks::domain::{Domain, Subject};
use crate::codes::team::{no_contact_policy, no_unsubscribe, send_forbidden};
use crate::diagnostics::Diagnostic;
use crate::modules::Modules;
use crate::program::{Actor, EventId, EventQuery, FileId, Program, StartKind, Via, WayWhen, WorkflowId};

use super::machine::{Machine, Node, Place, SEND, Step, action};

pub(super) fn run(program: &Program, modules: &Modules, machines: &[Machine<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let sends: Vec<Sent> = machines.iter().flat_map(|machine| sends(program, machine)).collect();
    let Some(first) = sends.first() else { return };
    match &program.policy {
        // Only a client sends: a module by itself may leave the policy to those who use it.
        None if modules.client().is_some() => {
            diagnostics.push(no_contact_policy::diagnostic(first.file, first.span));
            return;
        }
        None => {}
        Some(policy) if policy.unsubscribe.is_none() => {
            if let Some((file, keyword)) = declared(modules) {
                diagnostics.push(no_unsubscribe::diagnostic(file, keyword, (first.file, first.span)));
            }
        }
        Some(_) => {}
    }
    for machine in machines {
        let alone = LeftAlone::new(program, machine);
        for sent in sends.iter().filter(|sent| sent.workflow == machine.id) {
            if let Some(event) = alone.at(sent.stage) {
                let name = program.events.get(event.index()).map_or("", |event| event.name.as_str());
                diagnostics.push(send_forbidden::diagnostic(sent.file, sent.span, name, alone.place(event)));
            }
        }
    }
}

/// An act that sends, in a stage that a run may come to.
struct Sent {
    workflow: WorkflowId,
    stage: usize,
    file: FileId,
    span: Span,
}

fn sends(program: &Program, machine: &Machine<'_>) -> Vec<Sent> {
    let mut found = Vec::new();
    for (stage, place) in machine.visited() {
        let acts = place.body().map(|body| body.acts.as_slice()).unwrap_or_default();
        let act = acts.iter().position(|act| action(program, act).is_some_and(|done| done.name == SEND));
        found.extend(act.map(|act| Sent { workflow: machine.id, stage, file: place.file, span: place.act(act) }));
    }
    found
}

/// The policy, the client's own if there is one.
fn declared(modules: &Modules) -> Option<(FileId, Span)> {
    modules.foremost(|kind| matches!(kind, DeclarationKind::ContactPolicy(_)))
}

/// What puts an e-mail address on the suppression list, which no later consent beats.
const LEAVES_ALONE: &[&str] = &["email.unsubscribed", "email.complained"];

/// Whether the event is the end of a consent to be written to by e-mail; of any channel, where the start asks for none.
fn ends_mail(program: &Program, query: &EventQuery, event: EventId) -> bool {
    let withdrawn = program.events.get(event.index()).is_some_and(|event| event.name == "consent.withdrawn");
    let demands = query.filter.as_ref().map(|filter| demand::demands(program, filter, false));
    let of_mail = |(subject, domain): &(Subject<'_>, Domain<'_>)| match (subject, domain) {
        (Subject::EventField(name), Domain::Word(words)) if *name == "channel" => {
            words.only.as_ref().is_none_or(|only| only.contains(&"email")) && !words.not.contains(&"email")
        }
        _ => true,
    };
    withdrawn
        && match demands {
            None => true,
            Some(Ok(demands)) => demands.iter().all(of_mail),
            Some(Err(_)) => false,
        }
}

/// Where a run comes only after such an event, whichever way it takes; messages by e-mail are never sent there.
struct LeftAlone<'m> {
    /// By node: the event that every path to it has gone through.
    by: Vec<Option<EventId>>,
    machine: &'m Machine<'m>,
    all_by_mail: bool,
}

impl<'m> LeftAlone<'m> {
    fn new(program: &Program, machine: &'m Machine<'m>) -> Self {
        let is_one = |event: &EventId| {
            program.events.get(event.index()).is_some_and(|event| LEAVES_ALONE.contains(&event.name.as_str()))
        };
        let starts = &machine.workflow.starts;
        let mut begins = starts.iter().map(|start| match &start.kind {
            StartKind::On(query)
                if query.events.iter().all(|event| is_one(event) || ends_mail(program, query, *event)) =>
            {
                query.events.first().copied()
            }
            _ => None,
        });
        let first = begins.next().flatten().filter(|_| begins.all(|event| event.is_some()));
        // Nodes that are reached without such an event, and then those that are reached at all.
        let free = |node: Node| -> Vec<Node> {
            let (stage, _) = machine.stage_of(node);
            let ways = machine.places.get(stage).map(Place::ways).unwrap_or_default();
            let onward = machine.onward(node).into_iter().filter(|(_, step)| match step {
                Step::Way(way) => !ways
                    .get(*way)
                    .is_some_and(|way| matches!(&way.when, WayWhen::On(events) if events.iter().all(is_one))),
                _ => true,
            });
            onward.map(|(to, _)| to).collect()
        };
        let nodes = machine.len() * 2;
        let unharmed = match first {
            Some(_) => vec![false; nodes],
            None => super::machine::closure(nodes, [Machine::door(0)], free),
        };
        let any = first.or_else(|| {
            let ways = machine.places.iter().flat_map(Place::ways);
            ways.filter_map(|way| match &way.when {
                WayWhen::On(events) if events.iter().all(is_one) => events.first().copied(),
                _ => None,
            })
            .next()
        });
        let by = machine.reached().into_iter().zip(unharmed).map(|(reached, free)| any.filter(|_| reached && !free));
        let written = machine.places.iter().filter_map(Place::body).flat_map(|body| &body.acts);
        let mut channels = written.filter(|act| act.object.is_written()).map(|act| &act.via);
        let all_by_mail = channels.all(|via| match via {
            Some(Via::Channel(channel)) => channel == "email",
            Some(Via::Experiment(experiment)) => program
                .experiments
                .get(experiment.index())
                .is_some_and(|experiment| experiment.arms.iter().all(|arm| arm == "email")),
            None => false,
        });
        Self { by: by.collect(), machine, all_by_mail }
    }

    fn at(&self, stage: usize) -> Option<EventId> {
        let body = self.machine.places.get(stage).and_then(Place::body)?;
        if !self.all_by_mail || matches!(body.by, Actor::Human(_)) {
            return None;
        }
        self.by.get(self.machine.inside(stage)).copied().flatten()
    }

    /// Where that event leads on.
    fn place(&self, event: EventId) -> Option<(FileId, Span)> {
        let starts = self.machine.workflow.starts.iter().zip(&self.machine.starts);
        let mut starts =
            starts.filter(|(start, _)| matches!(&start.kind, StartKind::On(query) if query.events.contains(&event)));
        if let Some((_, place)) = starts.next() {
            return Some(*place);
        }
        self.machine.places.iter().find_map(|place| {
            let way = place
                .ways()
                .iter()
                .position(|way| matches!(&way.when, WayWhen::On(events) if events.contains(&event)))?;
            Some((place.file, place.way(way)))
        })
    }
}
