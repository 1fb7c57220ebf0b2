//! THE GATE: on every path to an external act a person has approved that very artifact.
//!
//! A run is followed through all its stages with what is known of its message: nothing is written, it is a draft, it is approved, the
//! approval has lapsed, it is sent. Writing again makes it a draft, whatever was said before; an approval is for one send. The shortest
//! path on which an act would go out without an approval is the counterexample. Who acts themselves needs nobody's approval: a
//! person's stage is a person's doing.

use std::collections::VecDeque;

use smol_str::SmolStr;

use crate::checks::channels::Channels;
use crate::codes::team::unapproved;
use crate::diagnostics::Diagnostic;
use crate::program::{Act, Actor, Ask, Guard, Object, PermissionObject, Program, Settlement, StageBody, WayWhen};

use super::machine::{Machine, Node, Place, SEND, Step, action, closure, waits_for_a_person, waits_for_acts};
use super::periods;
use super::story;
use super::ways::{CHANGE, answered_by};

/// What is known of what goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Nothing,
    Draft,
    /// So long ago at most, in [`UNIT`]s.
    Approved(u8),
    /// It may have been approved so long ago that this counts no more.
    Lapsed,
    Sent,
}

/// In so many seconds is counted how old an approval is; what was begun counts whole.
const UNIT: i64 = 6 * 60 * 60;
/// An approval that nothing was done with is worth nothing after so many of them: 14 days, as at run time.
const HOLDS: u8 = 14 * 4;
/// All but those that tell how old an approval is.
const PLAIN: usize = 4;
const STATES: usize = PLAIN + HOLDS as usize;

impl State {
    fn all() -> impl Iterator<Item = Self> {
        [Self::Nothing, Self::Draft, Self::Lapsed, Self::Sent].into_iter().chain((0..HOLDS).map(Self::Approved))
    }

    const fn index(self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Draft => 1,
            Self::Lapsed => 2,
            Self::Sent => 3,
            Self::Approved(age) => PLAIN + age as usize,
        }
    }

    const fn is_approved(self) -> bool {
        matches!(self, Self::Approved(_))
    }

    /// Whether it is the same but for time that has passed.
    pub(super) const fn is_like(self, other: Self) -> bool {
        self.is_approved() && other.is_approved() || self.index() == other.index()
    }

    /// After so many seconds at most; nobody knows how many where absent.
    fn aged(self, seconds: Option<i64>) -> Self {
        let Self::Approved(age) = self else { return self };
        let units =
            seconds.and_then(|seconds| u8::try_from(seconds.div_euclid(UNIT) + i64::from(seconds % UNIT != 0)).ok());
        match units.and_then(|units| age.checked_add(units)) {
            Some(age) if age < HOLDS => Self::Approved(age),
            _ => Self::Lapsed,
        }
    }
}

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
        let channels = Channels::new(program, machine.workflow);
        for (stage, place) in machine.visited() {
            let Some(body) = place.body() else { continue };
            let Actor::Agent(agent) = body.by else { continue };
            for (number, act) in body.acts.iter().enumerate() {
                let Some(done) = action(program, act).filter(|done| done.external) else { continue };
                let artifact = artifact_of(act, done.name.as_str());
                // Whoever has to be asked about any channel that the message may have.
                let mut roles: Vec<Option<&SmolStr>> = Vec::new();
                for way in channels.actions(stage, number) {
                    let row = program.permissions.row(&PermissionObject::Action(way));
                    let asked = row.and_then(|row| row.cells.get(agent.index())).and_then(|cell| cell.ask.as_ref());
                    let role = asked.filter(|role| program.client.people.iter().any(|(known, _)| known == *role));
                    if !roles.contains(&role) {
                        roles.push(role);
                    }
                }
                let found = roles.into_iter().find_map(|role| {
                    let watched = Watched { program, artifact, role };
                    let known = searches.iter().position(|search| search.watched == watched);
                    let at = known.unwrap_or_else(|| {
                        searches.push(watched.search(machine));
                        searches.len() - 1
                    });
                    let hole = searches.get(at)?.hole(machine, stage, number)?;
                    Some(diagnostic(&watched, machine, &hole))
                });
                diagnostics.extend(found);
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
        let points = State::all().filter_map(|before| {
            let point = (machine.inside(stage), before);
            let order = self.order.get(index(point)).copied().flatten()?;
            let state = self.watched.states(body, before).get(act).copied()?;
            (!state.is_approved()).then_some((order, point, state))
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
            let from = State::all().map(|state| index((machine.inside(stage), state)));
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
            // What a person writes by themselves is theirs: no run has it.
            let is_theirs = matches!(body.by, Actor::Human(_)) && act.object.is_written();
            state = if is_theirs { state } else { self.acted(act, state) };
            states.push(state);
        }
        states
    }

    fn acted(&self, act: &Act, state: State) -> State {
        let verb = action(self.program, act).map_or("", |action| action.name.as_str());
        match (self.artifact, &act.object) {
            (Artifact::Message, object) if object.is_written() => State::Draft,
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
        let aged = state.aged(self.longest_stay(body));
        let Some(ask) = body.asks.first().filter(|ask| self.is_about(ask)) else { return vec![aged] };
        let answers = match when {
            WayWhen::Settled(answers) => answered_by(answers),
            WayWhen::Otherwise => left_over(body, ask),
            WayWhen::When(_) | WayWhen::On(_) | WayWhen::After(_) => return vec![aged],
        };
        let mut states = Vec::new();
        let is_yes = |answer: &Settlement| matches!(answer, Settlement::Approved | Settlement::Changed);
        if answers.iter().any(is_yes) {
            states.push(match (self.artifact, state) {
                // Nothing is approved where nothing is written, and what is out is out.
                (Artifact::Message, State::Nothing | State::Sent) => state,
                _ if self.role.is_some() && ask.whom.as_ref() != self.role => aged,
                _ => State::Approved(0),
            });
        }
        if !answers.iter().all(is_yes) {
            states.push(if state.is_approved() { State::Draft } else { state });
        }
        states
    }

    /// How long a run may be in a stage, in seconds; none where nothing says so.
    fn longest_stay(&self, body: &StageBody) -> Option<i64> {
        let client = &self.program.client;
        let is_idle = !body.acts.iter().any(|act| waits_for_a_person(self.program, body, act));
        let leads_on = |when: &WayWhen| match when {
            WayWhen::Otherwise => true,
            WayWhen::When(Guard::Complete) => body.requires.is_empty(),
            _ => false,
        };
        if body.asks.is_empty() && is_idle && body.ways.iter().any(|way| leads_on(&way.when)) {
            return Some(0);
        }
        let ends = body.ways.iter().filter_map(|way| match way.when {
            WayWhen::After(period) => Some(period),
            _ => None,
        });
        ends.chain(body.asks.first().and_then(|ask| ask.within)).map(|period| periods::longest(client, period)).min()
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
    let state = match index % STATES {
        0 => State::Nothing,
        1 => State::Draft,
        2 => State::Lapsed,
        3 => State::Sent,
        approved => State::Approved(u8::try_from(approved.checked_sub(PLAIN)?).ok()?),
    };
    Some((index / STATES, state))
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
        (_, State::Lapsed) => "the approval may be over by then: it holds for 14 days".to_owned(),
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
    let written = !matches!((watched.artifact, hole.state), (Artifact::Message, State::Nothing | State::Sent));
    let at = place.map_or((machine.file, machine.name.span), |place| (place.file, place.act(hole.act)));
    unapproved::diagnostic(at, words, &why, &told.words, &told.places, &question, written)
}
