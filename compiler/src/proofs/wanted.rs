//! What has to be so for a guard to hold: of facts as the checks of scores reason about them, and of what the engine itself knows.
//!
//! An over-approximation, as in `checks/demand.rs`: what can never hold surely never does, and what follows surely follows.

use crate::checks::demand::{self, Demands, Never};
use crate::checks::describe;
use crate::checks::interval::Interval;
use crate::program::{Comparison, Fixed, Guard, Program, RubricId, ScoreId, StageId, Subject, WorkflowId};

/// All of it has to be so at once.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted<'p> {
    pub(super) facts: Vec<(Subject, Demands<'p>)>,
    pub(super) engine: Vec<(Known, bool)>,
    pub(super) ratings: Vec<(RubricId, Interval)>,
}

/// What the engine is never in doubt about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Complete,
    Scored(ScoreId),
    In(WorkflowId, Option<StageId>),
}

/// Why it can never be so.
#[derive(Clone, Debug)]
pub(super) enum Why<'p> {
    Facts(Never<'p>),
    /// Both something and its contrary.
    Contrary,
    /// A rating that the rubric does not give: from, to.
    Rating(RubricId, Fixed, Fixed),
}

/// Where a guard stands.
#[derive(Clone, Copy)]
pub(super) struct Scene<'p> {
    pub(super) program: &'p Program,
    /// Nothing is required there, so that all of it always is.
    pub(super) complete: bool,
}

/// Guards deeper than this are not looked at; they nest less.
const DEEPEST: usize = 200;

impl<'p> Scene<'p> {
    /// What has to be so when the guard holds (or, `negated`, its contrary does).
    pub(super) fn wanted(self, guard: &'p Guard, negated: bool) -> Result<Wanted<'p>, Why<'p>> {
        let mut wanted = Wanted::default();
        self.collect(guard, negated, &mut wanted, 0)?;
        Ok(wanted)
    }

    /// The same, beside what has to be so already.
    pub(super) fn collect(
        self,
        guard: &'p Guard,
        negated: bool,
        into: &mut Wanted<'p>,
        depth: usize,
    ) -> Result<(), Why<'p>> {
        if depth > DEEPEST {
            return Ok(());
        }
        match (guard, negated) {
            (Guard::Not(inner), _) => self.collect(inner, !negated, into, depth + 1),
            (Guard::All(parts), false) | (Guard::Any(parts), true) => {
                parts.iter().try_for_each(|part| self.collect(part, negated, into, depth + 1))
            }
            (Guard::Any(parts), false) | (Guard::All(parts), true) => {
                let mut possible = Vec::new();
                let mut why = Why::Contrary;
                for part in parts {
                    let mut alone = Wanted::default();
                    match self.collect(part, negated, &mut alone, depth + 1) {
                        Ok(()) => possible.push(part),
                        Err(never) => why = never,
                    }
                }
                match possible.as_slice() {
                    [] => Err(why),
                    [only] => self.collect(only, negated, into, depth + 1),
                    _ => Ok(()),
                }
            }
            (Guard::Facts { of, condition }, _) => {
                let demands = demand::demands(self.program, condition, negated).map_err(Why::Facts)?;
                if !into.facts.iter().any(|(known, _)| known == of) {
                    into.facts.push((*of, Vec::new()));
                }
                let known = into.facts.iter_mut().find(|(known, _)| known == of);
                let Some((_, known)) = known else { return Ok(()) };
                demands
                    .into_iter()
                    .try_for_each(|(subject, domain)| demand::add(known, subject, domain))
                    .map_err(Why::Facts)
            }
            (Guard::Complete, true) if self.complete => Err(Why::Contrary),
            (Guard::Complete, _) => into.know(Known::Complete, !negated),
            (Guard::Scored(score), _) => into.know(Known::Scored(*score), !negated),
            (Guard::In { workflow, stage }, _) => into.know(Known::In(*workflow, *stage), !negated),
            (Guard::Message { rubric, operator, value }, _) => {
                let operator = if negated { operator.opposite() } else { *operator };
                self.rated(*rubric, operator, *value, into)
            }
        }
    }

    fn rated(self, rubric: RubricId, operator: Comparison, value: Fixed, into: &mut Wanted<'p>) -> Result<(), Why<'p>> {
        let lines = self.program.rubrics.get(rubric.index()).map(|rubric| rubric.lines.as_slice()).unwrap_or_default();
        let points = || lines.iter().map(|(points, _)| *points);
        let (Some(low), Some(high)) = (points().min(), points().max()) else { return Ok(()) };
        let Some(wanted) = Interval::of(operator, value) else { return Ok(()) };
        let known = into.ratings.iter_mut().find(|(known, _)| *known == rubric);
        let before = known.as_ref().map_or(Interval::new(low, high), |(_, known)| *known);
        let met = before.meet(wanted);
        if met.is_empty() {
            return Err(Why::Rating(rubric, low, high));
        }
        match known {
            Some((_, known)) => *known = met,
            None => into.ratings.push((rubric, met)),
        }
        Ok(())
    }

    /// Whether the guard surely holds (or, `negated`, its contrary does) where all that is wanted is so.
    pub(super) fn follows(self, given: &Wanted<'p>, guard: &Guard, negated: bool) -> bool {
        let know = |known: Known| given.engine.contains(&(known, !negated));
        match (guard, negated) {
            (Guard::Not(inner), _) => self.follows(given, inner, !negated),
            (Guard::All(parts), false) | (Guard::Any(parts), true) => {
                parts.iter().all(|part| self.follows(given, part, negated))
            }
            (Guard::Any(parts), false) | (Guard::All(parts), true) => {
                parts.iter().any(|part| self.follows(given, part, negated))
            }
            (Guard::Facts { of, condition }, _) => {
                let known = given.facts.iter().find(|(known, _)| known == of);
                known.is_some_and(|(_, demands)| demand::implied(demands, condition, negated))
            }
            (Guard::Complete, false) if self.complete => true,
            (Guard::Complete, _) => know(Known::Complete),
            (Guard::Scored(score), _) => know(Known::Scored(*score)),
            (Guard::In { workflow, stage }, _) => know(Known::In(*workflow, *stage)),
            (Guard::Message { rubric, operator, value }, _) => {
                let operator = if negated { operator.opposite() } else { *operator };
                let known = given.ratings.iter().find(|(known, _)| known == rubric);
                let wanted = Interval::of(operator, *value);
                matches!((known, wanted), (Some((_, known)), Some(wanted)) if known.within(wanted))
            }
        }
    }

    /// In plain words.
    pub(super) fn words(self, why: &Why<'_>) -> String {
        match why {
            Why::Facts(Never::Clash(subject, both)) => {
                let of = describe::subject(self.program, subject);
                let (one, other) = &**both;
                let one = describe::domain(self.program, subject, one);
                let other = describe::domain(self.program, subject, other);
                format!("{of} cannot be {one} and {other} at once")
            }
            Why::Facts(Never::Numbers) => "its numbers do not compare so".to_owned(),
            Why::Facts(Never::EmptyRange) => "the range ends below where it begins".to_owned(),
            Why::Facts(Never::Always) | Why::Contrary => "it contradicts itself".to_owned(),
            Why::Rating(rubric, low, high) => {
                let name = self.program.rubrics.get(rubric.index()).map_or("", |rubric| rubric.name.as_str());
                format!("`{name}` rates from {low} to {high}")
            }
        }
    }
}

impl<'p> Wanted<'p> {
    fn know(&mut self, known: Known, so: bool) -> Result<(), Why<'p>> {
        if self.engine.contains(&(known, !so)) {
            return Err(Why::Contrary);
        }
        self.engine.push((known, so));
        Ok(())
    }
}

/// Whether the guard is true or false of every record, and never unknown.
pub(super) fn is_never_unknown(guard: &Guard) -> bool {
    match guard {
        Guard::Not(inner) => is_never_unknown(inner),
        Guard::All(parts) | Guard::Any(parts) => parts.iter().all(is_never_unknown),
        Guard::Facts { of: Subject::Own(_), condition } => is_certain(condition),
        Guard::Facts { .. } | Guard::Message { .. } => false,
        Guard::Complete | Guard::Scored(_) | Guard::In { .. } => true,
    }
}

fn is_certain(condition: &crate::program::Condition) -> bool {
    use crate::program::Condition;
    match condition {
        Condition::Not(inner) => is_certain(inner),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().all(is_certain),
        Condition::Known(_) => true,
        Condition::Routed { certainty, .. } => certainty.is_some(),
        _ => false,
    }
}
