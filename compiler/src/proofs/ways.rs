//! Ways out that no run ever takes: their condition can never hold, or one above them is taken whenever theirs does. And conditions
//! elsewhere in a workflow that never hold.

use crate::codes::workflows::{never_holds, way_shadowed};
use crate::diagnostics::Diagnostic;
use crate::program::{Condition, EventId, Guard, Object, Program, Settlement, StageBody, StartKind, WayWhen};

use super::machine::{Machine, Place};
use super::possible::Scores;
use super::wanted::{Known, Scene, Wanted, is_never_unknown};

/// Closes what is never open, so that the other proofs go no such way.
pub(super) fn run(program: &Program, machines: &mut [Machine<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let scores = &Scores::new(program);
    for machine in machines {
        starts(program, scores, machine, diagnostics);
        for stage in 0..machine.len() {
            let Some(place) = machine.places.get(stage).copied() else { continue };
            let Some(body) = place.body() else { continue };
            let scene = Scene { program, complete: body.requires.is_empty() };
            around(scene, scores, &place, body, diagnostics);
            let closed = Stage { scene, scores, place, body }.closed(diagnostics);
            if let Some(open) = machine.open.get_mut(stage) {
                open.iter_mut().zip(closed).for_each(|(open, closed)| *open = !closed);
            }
        }
    }
}

fn starts<'p>(program: &'p Program, scores: &Scores<'p>, machine: &Machine<'p>, diagnostics: &mut Vec<Diagnostic>) {
    let scene = Scene { program, complete: false };
    for (start, (file, span)) in machine.workflow.starts.iter().zip(&machine.starts) {
        let guard = match &start.kind {
            StartKind::Becomes(guard) | StartKind::Every { guard: Some(guard), .. } => guard,
            StartKind::On(_) | StartKind::Every { guard: None, .. } | StartKind::Crosses(_) => continue,
        };
        if let Some(why) = never(scene, scores, guard) {
            diagnostics.push(never_holds::diagnostic(*file, *span, "nothing ever starts this way", &why));
        }
    }
}

/// For whom the stage is, and what it requires.
fn around<'p>(
    scene: Scene<'p>,
    scores: &Scores<'p>,
    place: &Place<'p>,
    body: &'p StageBody,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if let Some((guard, _)) = &body.only_when
        && let Some(why) = never(scene, scores, guard)
    {
        let headline = format!("nobody ever enters stage `{}`", place.name.text);
        diagnostics.push(never_holds::diagnostic(place.file, place.only_when(), &headline, &why));
    }
    for (number, required) in body.requires.iter().enumerate() {
        if let Some(why) = never(scene, scores, &required.guard) {
            let headline = "this evidence is never there";
            diagnostics.push(never_holds::diagnostic(place.file, place.requirement(number), headline, &why));
        }
    }
}

/// Why the guard never holds; none where it may.
fn never<'p>(scene: Scene<'p>, scores: &Scores<'p>, guard: &'p Guard) -> Option<String> {
    match scene.wanted(guard, false) {
        Ok(wanted) => scores.never(&wanted),
        Err(why) => Some(scene.words(&why)),
    }
}

struct Stage<'s, 'p> {
    scene: Scene<'p>,
    scores: &'s Scores<'p>,
    place: Place<'p>,
    body: &'p StageBody,
}

impl<'p> Stage<'_, 'p> {
    /// By way: whether it is never taken. Says so.
    fn closed(&self, diagnostics: &mut Vec<Diagnostic>) -> Vec<bool> {
        let mut closed = Vec::with_capacity(self.body.ways.len());
        // The conditions above that may hold, each with the number of its way.
        let mut above: Vec<(usize, &Guard)> = Vec::new();
        for (number, way) in self.body.ways.iter().enumerate() {
            let mut refused = false;
            let found = match &way.when {
                WayWhen::When(guard) => self.condition(number, guard, &above, &mut refused),
                WayWhen::On(events) => self.events(number, events),
                WayWhen::Settled(answers) => self.answers(number, answers),
                WayWhen::Otherwise => self.otherwise(number, &above),
                WayWhen::After(_) => self.passes(number, &above),
            };
            if let (WayWhen::When(guard), None) = (&way.when, &found) {
                above.push((number, guard));
            }
            closed.push(found.is_some() && !refused);
            diagnostics.extend(found);
        }
        closed
    }

    /// `refused` where it is taken after all once a person has said no to a provisional route above.
    fn condition(
        &self,
        number: usize,
        guard: &'p Guard,
        above: &[(usize, &Guard)],
        refused: &mut bool,
    ) -> Option<Diagnostic> {
        let possible = self.scene.wanted(guard, false).map_err(|why| self.scene.words(&why));
        let possible = possible.and_then(|wanted| self.scores.never(&wanted).map_or(Ok(wanted), Err));
        let wanted = match possible {
            Ok(wanted) => wanted,
            Err(why) => {
                let headline = "this way out is never open";
                let span = self.place.way(number);
                return Some(never_holds::diagnostic(self.place.file, span, headline, &why));
            }
        };
        let first = above.iter().find(|(_, guard)| self.scene.follows(&wanted, guard, false))?;
        if is_routed(first.1) {
            *refused = true;
            let (way, above) = (self.place.way(number), self.place.way(first.0));
            return Some(way_shadowed::refused(self.place.file, way, above));
        }
        Some(self.shadowed(number, first.0, "whenever this holds, that does"))
    }

    /// What happens opens the first way that waits for it.
    fn events(&self, number: usize, events: &[EventId]) -> Option<Diagnostic> {
        let mut taken: Vec<EventId> = Vec::new();
        for (above, way) in self.body.ways.iter().enumerate().take(number) {
            if let WayWhen::On(others) = &way.when {
                taken.extend(others);
                if events.iter().all(|event| taken.contains(event)) {
                    return Some(self.shadowed(number, above, "the same opens that one first"));
                }
            }
        }
        None
    }

    fn answers(&self, number: usize, answers: &[Settlement]) -> Option<Diagnostic> {
        let changes = self.body.asks.first().is_none_or(|ask| ask.options.iter().any(|option| option == CHANGE));
        if answers.iter().all(|answer| *answer == Settlement::Changed) && !changes {
            let why = "the question does not let anybody change it";
            let span = self.place.way(number);
            let found = never_holds::diagnostic(self.place.file, span, "this way out is never open", why);
            return Some(found.label(self.place.file, self.place.ask(), "asked here without `or change`"));
        }
        let mut taken = Vec::new();
        for (above, way) in self.body.ways.iter().enumerate().take(number) {
            if let WayWhen::Settled(others) = &way.when {
                taken.extend(answered_by(others));
                if answers.iter().all(|answer| taken.contains(answer)) {
                    return Some(self.shadowed(number, above, "the same answer opens that one first"));
                }
            }
        }
        None
    }

    fn otherwise(&self, number: usize, above: &[(usize, &'p Guard)]) -> Option<Diagnostic> {
        let Some(ask) = self.body.asks.first() else {
            // All that is required is there, and none of the ways above holds.
            let mut wanted = Wanted { engine: vec![(Known::Complete, true)], ..Wanted::default() };
            for (way, guard) in above {
                let covered = if is_never_unknown(guard) {
                    self.scene.collect(guard, true, &mut wanted, 0).is_err()
                } else {
                    !is_routed(guard) && self.scene.follows(&wanted, guard, false)
                };
                if covered {
                    return Some(self.shadowed(number, *way, "those above leave nothing over"));
                }
            }
            return None;
        };
        let mut left = vec![Settlement::Approved, Settlement::Rejected];
        left.extend(ask.options.iter().any(|option| option == CHANGE).then_some(Settlement::Changed));
        left.extend(ask.within.is_some().then_some(Settlement::Expired));
        for (above, way) in self.body.ways.iter().enumerate().take(number) {
            if let WayWhen::Settled(answers) = &way.when {
                let taken = answered_by(answers);
                left.retain(|answer| !taken.contains(answer));
                if left.is_empty() {
                    return Some(self.shadowed(number, above, "every answer has its way above"));
                }
            }
        }
        None
    }

    /// Time passes only in a stage that a run stays in: nothing is done or asked there, and no condition above always holds.
    fn passes(&self, number: usize, above: &[(usize, &'p Guard)]) -> Option<Diagnostic> {
        let at_once = self.body.acts.iter().all(|act| matches!(act.object, Object::Score(_)));
        if !at_once || !self.body.asks.is_empty() || !self.body.requires.is_empty() {
            return None;
        }
        let mut left = Wanted { engine: vec![(Known::Complete, true)], ..Wanted::default() };
        let always = above
            .iter()
            .find(|(_, guard)| is_never_unknown(guard) && self.scene.collect(guard, true, &mut left, 0).is_err())?;
        Some(self.shadowed(number, always.0, "those above leave nothing over, and nobody waits here"))
    }

    fn shadowed(&self, number: usize, above: usize, why: &str) -> Diagnostic {
        let (way, first) = (self.place.way(number), self.place.way(above));
        way_shadowed::diagnostic(self.place.file, way, first, why)
    }
}

/// Whether a person is asked before a way with this guard is taken, while the score that it routes by is provisional.
fn is_routed(guard: &Guard) -> bool {
    match guard {
        Guard::Not(inner) => is_routed(inner),
        Guard::All(parts) | Guard::Any(parts) => parts.iter().any(is_routed),
        Guard::Facts { condition, .. } => asks_for_a_route(condition),
        Guard::Complete | Guard::Scored(_) | Guard::In { .. } | Guard::Message { .. } => false,
    }
}

fn asks_for_a_route(condition: &Condition) -> bool {
    match condition {
        Condition::Routed { certainty, .. } => certainty.is_none(),
        Condition::Not(inner) | Condition::Fresh { condition: inner, .. } => asks_for_a_route(inner),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(asks_for_a_route),
        _ => false,
    }
}

/// The option that lets a person put their own words.
pub(super) const CHANGE: &str = "change";

/// What such a way is open to: `on approved` to a change as well, where it does not tell the two apart.
pub(super) fn answered_by(answers: &[Settlement]) -> Vec<Settlement> {
    let mut all = answers.to_vec();
    if all.contains(&Settlement::Approved) && !all.contains(&Settlement::Changed) {
        all.push(Settlement::Changed);
    }
    all
}
