//! THE GATE: on every path to an external act a person has approved that very artifact.
//!
//! A run is followed through all its stages with what is known of its message: nothing is written, it is a draft, it is approved, the
//! approval has lapsed, it is sent. Writing again makes it a draft, whatever was said before; an approval is for one send. The shortest
//! path on which an act would go out without an approval is the counterexample. Who acts themselves needs nobody's approval: a
//! person's stage is a person's doing.

use std::collections::VecDeque;

use smol_str::SmolStr;

use crate::codes::team::unapproved;
use crate::diagnostics::Diagnostic;
use crate::program::{Act, Actor, Ask, Object, PermissionObject, Program, Settlement, StageBody, WayWhen};

use super::machine::{Machine, Node, Place, SEND, Step, action, closure, waits_for_acts};
use super::periods;
use super::story;
use super::ways::{CHANGE, answered_by};

/// What is known of what goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Nothing,
    Draft,
    Approved,
    /// It was approved so long ago that this counts no more.
    Lapsed,
    Sent,
}

const STATES: usize = 5;

impl State {
    const ALL: [Self; STATES] = [Self::Nothing, Self::Draft, Self::Approved, Self::Lapsed, Self::Sent];

    const fn index(self) -> usize {
        self as usize
    }
}

/// An approval that nothing was done with is worth nothing after so many seconds: 14 days, as at run time.
const APPROVAL_HOLDS: i64 = 14 * 24 * 60 * 60;

/// What is followed.
#[derive(Clone, Copy, PartialEq)]
struct Watched<'p> {
    program: &'p Program,
    /// The message of a run; otherwise something that is done, by its verb and its name.
    artifact: Artifact<'p>,
    /// Only this person's word counts; anybody's where absent.
    role: Option<&'p SmolStr>,
}

#[derive(Clone, Copy, PartialEq)]
enum Artifact<'p> {
    Message,
    Named { verb: &'p str, name: Option<&'p str> },
}

/// A place in the search: a node with what is known there.
pub(super) type Point = (Node, State);

/// Where an act would go out without an approval, and how a run gets there.
pub(super) struct Hole {
    pub(super) stage: usize,
    pub(super) act: usize,
    /// What is known when the act is done.
    pub(super) state: State,
    /// From the beginning: each point, and the step away from it.
    pub(super) path: Vec<(Point, Step)>,
}

pub(super) fn run(program: &Program, machines: &[Machine<'_>], diagnostics: &mut Vec<Diagnostic>) {
    for machine in machines {
        // What is followed once serves all acts of its kind.
        let mut searches: Vec<Search<'_>> = Vec::new();
        for (stage, place) in machine.visited() {
            let Some(body) = place.body() else { continue };
            let Actor::Agent(agent) = body.by else { continue };
            for (number, act) in body.acts.iter().enumerate() {
                let Some(done) = action(program, act).filter(|done| done.external) else { continue };
                let artifact = artifact_of(act, done.name.as_str());
                let about = PermissionObject::Action(act.action);
                let cell = program.permissions.row(&about).and_then(|row| row.cells.get(agent.index()));
                let asked = cell.and_then(|cell| cell.ask.as_ref());
                let role = asked.filter(|role| program.client.people.iter().any(|(known, _)| known == *role));
                let watched = Watched { program, artifact, role };
                let known = searches.iter().position(|search| search.watched == watched);
                let at = known.unwrap_or_else(|| {
                    searches.push(watched.search(machine));
                    searches.len() - 1
                });
                let hole = searches.get(at).and_then(|search| search.hole(machine, stage, number));
                diagnostics.extend(hole.map(|hole| diagnostic(&watched, machine, &hole)));
            }
        }
    }
}

fn artifact_of<'p>(act: &'p Act, verb: &'p str) -> Artifact<'p> {
    if verb == SEND {
        return Artifact::Message;
    }
    let name = match &act.object {
        Object::Named(name) => Some(name.as_str()),
        _ => None,
    };
    Artifact::Named { verb, name }
}

/// The sends that may go out without an approval, by stage and act: what the property test compares.
#[cfg(test)]
pub(super) fn holes(program: &Program, machine: &Machine<'_>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let search = Watched { program, artifact: Artifact::Message, role: None }.search(machine);
    for (stage, place) in machine.visited() {
        let Some(body) = place.body() else { continue };
        for (number, act) in body.acts.iter().enumerate() {
            let sends =
                matches!(body.by, Actor::Agent(_)) && action(program, act).is_some_and(|done| done.name == SEND);
            if sends && search.hole(machine, stage, number).is_some() {
                found.push((stage, number));
            }
        }
    }
    found
}

/// All points that a run may come to, nearest first.
struct Search<'p> {
    watched: Watched<'p>,
    /// By point: the one before it, and the step from there.
    from: Vec<Option<(Point, Step)>>,
    /// By point: how many came first; none where no run comes to it.
    order: Vec<Option<usize>>,
}

impl Search<'_> {
    /// The shortest path on which that act is done without an approval.
    fn hole(&self, machine: &Machine<'_>, stage: usize, act: usize) -> Option<Hole> {
        let body = machine.places.get(stage).and_then(Place::body)?;
        let points = State::ALL.into_iter().filter_map(|before| {
            let point = (machine.inside(stage), before);
            let order = self.order.get(index(point)).copied().flatten()?;
            let state = self.watched.states(body, before).get(act).copied()?;
            (state != State::Approved).then_some((order, point, state))
        });
        let (_, point, state) = points.min_by_key(|(order, ..)| *order)?;
        Some(Hole { stage, act, state, path: path(&self.from, point) })
    }
}

impl<'p> Watched<'p> {
    fn search(self, machine: &Machine<'_>) -> Search<'p> {
        let points = machine.len() * 2 * STATES;
        let mut search = Search { watched: self, from: vec![None; points], order: vec![None; points] };
        let repeated = self.repeated(machine);
        let start: Point = (Machine::door(0), State::Nothing);
        let mut open = VecDeque::from([start]);
        let mut count = 0;
        if let Some(order) = search.order.get_mut(index(start)) {
            *order = Some(count);
        }
        while let Some(point) = open.pop_front() {
            for (next, step) in self.onward(machine, point, &repeated) {
                let at = index(next);
                if let (Some(order @ None), Some(from)) = (search.order.get_mut(at), search.from.get_mut(at)) {
                    count += 1;
                    *order = Some(count);
                    *from = Some((point, step));
                    open.push_back(next);
                }
            }
        }
        search
    }
}

impl Watched<'_> {
    /// By stage with a cap: the points that a run may come to once it has been there. Its cap leads on only from these.
    fn repeated(&self, machine: &Machine<'_>) -> Vec<Option<Vec<bool>>> {
        let nodes = machine.len() * 2;
        let onward = |at: usize| {
            let Some(point) = point(at) else { return Vec::new() };
            self.onward(machine, point, &[]).into_iter().map(|(next, _)| index(next)).collect()
        };
        let of = |(stage, place): (usize, &Place<'_>)| {
            place.body()?.cap?;
            let from = State::ALL.into_iter().map(|state| index((machine.inside(stage), state)));
            Some(closure(nodes * STATES, from, onward))
        };
        machine.places.iter().enumerate().map(of).collect()
    }

    fn onward(&self, machine: &Machine<'_>, point: Point, repeated: &[Option<Vec<bool>>]) -> Vec<(Point, Step)> {
        let (node, state) = point;
        let (stage, is_inside) = machine.stage_of(node);
        let body = machine.places.get(stage).and_then(Place::body);
        let mut onward = Vec::new();
        for (next, step) in machine.onward(node) {
            match (step, body) {
                (Step::Way(way), Some(body)) if is_inside => {
                    let Some(way) = body.ways.get(way) else { continue };
                    let states = self.states(body, state);
                    let last = states.last().copied().unwrap_or(state);
                    // What is likeliest first: that the acts were done.
                    let leaving =
                        if waits_for_acts(&way.when) { vec![last] } else { states.into_iter().rev().collect() };
                    for state in leaving {
                        onward
                            .extend(self.after(body, &way.when, state).into_iter().map(|state| ((next, state), step)));
                    }
                }
                (Step::Capped, _) => {
                    let known = repeated.get(stage).and_then(Option::as_ref);
                    if known.is_none_or(|known| known.get(index(point)) == Some(&true)) {
                        onward.push(((next, state), step));
                    }
                }
                _ => onward.push(((next, state), step)),
            }
        }
        onward
    }

    /// What is known before each act, and, last, after all of them.
    fn states(&self, body: &StageBody, mut state: State) -> Vec<State> {
        let mut states = vec![state];
        for act in &body.acts {
            state = self.acted(act, state);
            states.push(state);
        }
        states
    }

    fn acted(&self, act: &Act, state: State) -> State {
        let verb = action(self.program, act).map_or("", |action| action.name.as_str());
        match (self.artifact, &act.object) {
            (Artifact::Message, Object::Template(_)) => State::Draft,
            // Without an approval a person is asked there, so that it is out in any case.
            (Artifact::Message, _) if verb == SEND => State::Sent,
            (Artifact::Named { verb: watched, name }, object) if verb == watched => match (object, name) {
                (Object::Named(done), Some(name)) if done != name => state,
                _ => State::Nothing,
            },
            _ => state,
        }
    }

    /// What may be known once the way was taken.
    fn after(&self, body: &StageBody, when: &WayWhen, state: State) -> Vec<State> {
        if let WayWhen::After(period) = when {
            let lapses = state == State::Approved && periods::least(&self.program.client, *period) >= APPROVAL_HOLDS;
            return vec![if lapses { State::Lapsed } else { state }];
        }
        let Some(ask) = body.asks.first().filter(|ask| self.is_about(ask)) else { return vec![state] };
        let answers = match when {
            WayWhen::Settled(answers) => answered_by(answers),
            WayWhen::Otherwise => left_over(body, ask),
            WayWhen::When(_) | WayWhen::On(_) | WayWhen::After(_) => return vec![state],
        };
        let mut states = Vec::new();
        let is_yes = |answer: &Settlement| matches!(answer, Settlement::Approved | Settlement::Changed);
        if answers.iter().any(is_yes) {
            states.push(match (self.artifact, state) {
                // Nothing is approved where nothing is written, and what is out is out.
                (Artifact::Message, State::Nothing | State::Sent) => state,
                _ if self.role.is_some() && ask.whom.as_ref() != self.role => state,
                _ => State::Approved,
            });
        }
        if !answers.iter().all(is_yes) {
            states.push(if state == State::Approved { State::Draft } else { state });
        }
        states
    }

    fn is_about(&self, ask: &Ask) -> bool {
        if !ask.options.iter().any(|option| option == "approve" || option == CHANGE) {
            return false;
        }
        match self.artifact {
            Artifact::Message => ask.message,
            Artifact::Named { verb, name } => {
                let about = ask.about.as_str();
                about == verb || name.is_some_and(|name| about == name)
            }
        }
    }
}

/// The answers that no way but `otherwise` is open to.
fn left_over(body: &StageBody, ask: &Ask) -> Vec<Settlement> {
    let mut left = vec![Settlement::Approved, Settlement::Rejected];
    left.extend(ask.options.iter().any(|option| option == CHANGE).then_some(Settlement::Changed));
    left.extend(ask.within.is_some().then_some(Settlement::Expired));
    for way in &body.ways {
        if let WayWhen::Settled(answers) = &way.when {
            let taken = answered_by(answers);
            left.retain(|answer| !taken.contains(answer));
        }
    }
    left
}

const fn index((node, state): Point) -> usize {
    node * STATES + state.index()
}

fn point(index: usize) -> Option<Point> {
    Some((index / STATES, State::ALL.get(index % STATES).copied()?))
}

fn path(from: &[Option<(Point, Step)>], end: Point) -> Vec<(Point, Step)> {
    let mut path = Vec::new();
    let mut at = end;
    while let Some((before, step)) = from.get(index(at)).copied().flatten() {
        path.push((before, step));
        at = before;
    }
    path.reverse();
    path
}

fn diagnostic(watched: &Watched<'_>, machine: &Machine<'_>, hole: &Hole) -> Diagnostic {
    let told = story::of(watched.program, machine, hole);
    let place = machine.places.get(hole.stage);
    let act = place.and_then(Place::body).and_then(|body| body.acts.get(hole.act));
    let words = act.map_or("", |act| act.words.as_str());
    let why = match (watched.artifact, hole.state) {
        (Artifact::Message, State::Nothing) => "no message has been written by then".to_owned(),
        (Artifact::Message, State::Sent) => "that message is out already, and an approval is for one send".to_owned(),
        (_, State::Lapsed) => "the approval is over by then: it holds for 14 days".to_owned(),
        (Artifact::Message, _) if told.rewritten => "it was written anew after somebody approved it".to_owned(),
        (_, _) if watched.role.is_some() && told.answered => {
            let role = watched.role.map_or("", SmolStr::as_str);
            format!("the table of permissions wants `{role}` to approve it, and `{role}` was not asked")
        }
        _ => "nobody has approved it".to_owned(),
    };
    let whom = watched.role.map_or("human", SmolStr::as_str);
    let question = match watched.artifact {
        Artifact::Message => format!("ask {whom} to approve message"),
        Artifact::Named { verb, name } => format!("ask {whom} to approve {}", name.unwrap_or(verb)),
    };
    let Some(place) = place else {
        return unapproved::diagnostic((machine.file, machine.name.span), words, &why, &told.words, &[], &question);
    };
    let at = (place.file, place.act(hole.act));
    unapproved::diagnostic(at, words, &why, &told.words, &told.places, &question)
}
