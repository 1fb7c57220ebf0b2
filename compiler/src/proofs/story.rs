//! A counterexample told as what happens to a lead: where it enters, what is written, how it goes on, with the places of each step.

use language::Span;

use crate::program::{FileId, Program, Settlement, WayWhen};

use super::gate::{Hole, State};
use super::machine::{Machine, Place, SEND, Step, action};

/// A story, and where it happens.
pub(super) struct Story {
    /// `a contact enters …`
    pub(super) words: String,
    /// Each step that matters, with a few words.
    pub(super) places: Vec<(FileId, Span, String)>,
    /// On the way something approved was written anew.
    pub(super) rewritten: bool,
    /// On the way somebody said yes to something.
    pub(super) answered: bool,
}

/// Of more steps than these, those in the middle are counted, not told.
const MOST: usize = 9;

pub(super) fn of(program: &Program, machine: &Machine<'_>, hole: &Hole) -> Story {
    let mut told = Telling { program, machine, steps: Vec::new(), rewritten: false, answered: false };
    for (number, ((node, state), step)) in hole.path.iter().enumerate() {
        let (stage, _) = machine.stage_of(*node);
        // What is known once the step was taken tells how far the stage's acts had come.
        let then = hole.path.get(number + 1).map(|((_, state), _)| *state);
        let Some(place) = machine.places.get(stage).copied() else { continue };
        match step {
            Step::Enter if number <= 1 && told.steps.is_empty() => {
                told.step(place.file, place.name.span, format!("enters `{}`", place.name.text), String::new());
            }
            Step::Enter => {}
            Step::Way(way) => told.leaves(&place, *way, *state, then.unwrap_or(hole.state)),
            Step::Capped => {
                let times = place.body().and_then(|body| body.cap).map_or(0, |(times, _)| times);
                let label = format!("… but it was there {times} {} already", if times == 1 { "time" } else { "times" });
                told.step(
                    place.file,
                    place.name.span,
                    format!("does not enter `{}` once more", place.name.text),
                    label,
                );
            }
            Step::Skipped => {
                told.step(
                    place.file,
                    place.only_when(),
                    format!("is not one for `{}`", place.name.text),
                    "it is not one of these".to_owned(),
                );
            }
        }
    }
    if let Some(place) = machine.places.get(hole.stage) {
        let acts = place.body().map(|body| body.acts.as_slice()).unwrap_or_default();
        let before = acts.iter().enumerate().take(hole.act);
        before.for_each(|(number, _)| told.does(place, number));
    }
    told.tell(hole)
}

struct Telling<'a, 'm> {
    program: &'a Program,
    machine: &'m Machine<'a>,
    /// What happens, where, and what is said there; nothing where the place is not worth a word.
    steps: Vec<(FileId, Span, String, String)>,
    rewritten: bool,
    answered: bool,
}

impl Telling<'_, '_> {
    fn step(&mut self, file: FileId, span: Span, words: String, label: String) {
        self.steps.push((file, span, words, label));
    }

    /// What is done with the message by that act, if anything.
    fn does(&mut self, place: &Place<'_>, number: usize) {
        let Some(act) = place.body().and_then(|body| body.acts.get(number)) else { return };
        let sends = action(self.program, act).is_some_and(|action| action.name == SEND);
        match &act.object {
            written if written.is_written() => {
                let names: Vec<&str> = self.program.written(written).map(|template| template.name.as_str()).collect();
                let name = names.join("` or `");
                if self.answered {
                    self.rewritten = true;
                }
                self.step(place.file, place.act(number), format!("is written `{name}`"), "written here".to_owned());
            }
            _ if sends => {
                (self.answered, self.rewritten) = (false, false);
                self.step(place.file, place.act(number), "is sent it".to_owned(), "sent here".to_owned());
            }
            _ => {}
        }
    }

    fn leaves(&mut self, place: &Place<'_>, number: usize, before: State, after: State) {
        let Some(body) = place.body() else { return };
        let Some(way) = body.ways.get(number) else { return };
        // A way that waits for nothing may be taken before the acts are done: where what is known did not change, they were not.
        let idle = !super::machine::waits_for_acts(&way.when) && before.is_like(after);
        if !idle {
            (0..body.acts.len()).for_each(|act| self.does(place, act));
        }
        let to = self.machine.places.get(way.to.index()).map_or("", |place| place.name.text.as_str());
        let said = way.words.strip_prefix(to).unwrap_or_default();
        let how = match &way.when {
            WayWhen::When(_) | WayWhen::On(_) | WayWhen::After(_) | WayWhen::Settled(_) => {
                said.split(" because ").next().unwrap_or_default()
            }
            WayWhen::Otherwise => " otherwise",
        };
        if let WayWhen::Settled(answers) = &way.when
            && matches!(after, State::Approved(_))
            && answers.iter().any(|answer| matches!(answer, Settlement::Approved | Settlement::Changed))
        {
            self.rewritten = false;
            self.answered = true;
        }
        if let WayWhen::Settled(answers) = &way.when
            && answers.iter().any(|answer| matches!(answer, Settlement::Approved | Settlement::Changed))
        {
            self.answered = true;
        }
        self.step(place.file, place.way(number), format!("goes on to `{to}`{how}"), "goes on here".to_owned());
    }

    fn tell(self, hole: &Hole) -> Story {
        let machine = self.machine;
        let mut words: Vec<String> = self.steps.iter().map(|(.., words, _)| words.clone()).collect();
        if words.len() > MOST {
            let left_out = words.len() - MOST + 1;
            words.splice(2..2 + left_out, [format!("takes {left_out} more steps")]);
        }
        let act = machine.places.get(hole.stage).and_then(Place::body).and_then(|body| body.acts.get(hole.act));
        let act = act.map_or("", |act| act.words.as_str());
        let record = machine.record(self.program);
        let words = format!("{record} {}; `{act}` runs there", words.join(", "));
        // The last places are the nearest to what goes wrong.
        // What goes wrong has its own words.
        let here = machine.places.get(hole.stage).map(|place| place.act(hole.act));
        let places = self.steps.into_iter().filter(|(_, span, _, label)| !label.is_empty() && Some(*span) != here);
        let mut places: Vec<(FileId, Span, String)> =
            places.map(|(file, span, _, label)| (file, span, label)).collect();
        places.dedup();
        let surplus = places.len().saturating_sub(MOST);
        places.drain(..surplus);
        Story { words, places, rewritten: self.rewritten, answered: self.answered }
    }
}
