//! The search for a record that tells two scores apart: first the corners of what changed, alone; then those completed with whatever
//! else is asked, until a route differs; then records drawn from a seed. What is found is made as small as it can be, and was judged by
//! both playbooks as they stand: it is a proof, and its absence is none.

use std::sync::Arc;

use compiler::program::{EntityId, Program, ScoreId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use smol_str::SmolStr;

use super::asked::{Asked, Gatherer};
use super::choices::{Random, Subject, example, subjects};
use super::example::Example;
use super::shared::{Pair, plainly};
use crate::score::{LinkError, Scorer, Standing};
use crate::testing::default_now;

/// One of the two playbooks, and the score of it that is compared.
#[derive(Clone, Debug)]
pub struct Side {
    /// What it means.
    pub program: Arc<Program>,
    /// Which score.
    pub score: ScoreId,
}

/// What a score says of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// As it stands, and how far it could still go.
    pub standing: Standing,
    /// Where it routes.
    pub route: Option<SmolStr>,
    /// Nothing unknown can change the route.
    pub certain: bool,
}

/// How two scores differ about a record; the first is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// They route it otherwise.
    Route,
    /// They give it other points.
    Value,
    /// What it could still become is another.
    Range,
}

/// A record that tells two scores apart.
#[derive(Clone, Debug)]
pub struct Found {
    /// The record: what of it both playbooks can be told.
    pub example: Example,
    /// The whole record in words, where what tells the two apart can be told to one of them only: then no test shows it.
    pub in_words: Option<String>,
    /// How.
    pub difference: Difference,
    /// What the earlier score says.
    pub before: Compared,
    /// What the later one says.
    pub after: Compared,
}

impl Found {
    /// The record in words.
    #[must_use]
    pub fn told(&self, program: &Program, entity: EntityId) -> String {
        let pair = Pair { before: (program, entity), after: (program, entity) };
        self.in_words.clone().unwrap_or_else(|| plainly(&self.example, &pair))
    }

    /// What can be shown comes first, then what tells more, then what is smaller.
    fn rank(&self) -> (bool, Difference, usize, usize) {
        let words = self.in_words.as_ref();
        (words.is_some(), self.difference, self.example.size(), words.map_or(0, String::len))
    }
}

/// So many corners of what changed are looked at, at most.
const CORNERS: usize = 4_096;
/// So many records that differ in points are completed.
const STARTS: usize = 48;
/// So often each.
const COMPLETIONS: usize = 48;
/// So many records are drawn beyond that.
const DRAWN: usize = 4_000;

/// Looks for a record that tells two scores apart; says how many it tried. The same arguments find the same one.
///
/// # Errors
/// Where a Program is damaged.
pub fn search(before: &Side, after: &Side, seed: u64) -> Result<(Option<Found>, u64), LinkError> {
    Search::new(before, after, seed)?.run()
}

struct Judge {
    side: Side,
    entity: EntityId,
    zone: TimeZone,
    now: Timestamp,
    /// Linked for what is reported, the last one first.
    linked: Option<(std::collections::BTreeSet<Option<SmolStr>>, Scorer)>,
}

impl Judge {
    fn new(side: &Side, now: Option<Timestamp>) -> Result<Self, LinkError> {
        let name = &side.program.client.timezone;
        let zone = TimeZone::get(name).map_err(|_| LinkError::Zone(name.clone()))?;
        let score = side.program.scores.get(side.score.index()).ok_or(LinkError::Broken("a score"))?;
        let now = now.unwrap_or_else(|| default_now(&zone));
        Ok(Self { side: side.clone(), entity: score.entity, zone, now, linked: None })
    }

    fn judge(&mut self, example: &Example) -> Result<Option<Compared>, LinkError> {
        let program = &self.side.program;
        let known = self.linked.take().filter(|(silent, _)| *silent == example.silent);
        let (silent, scorer) = match known {
            Some(known) => known,
            None => {
                let scorer = Scorer::link_shared(Arc::clone(program), self.now, &example.coverage(program))?;
                (example.silent.clone(), scorer)
            }
        };
        let facts = example.facts(program, self.entity, self.now, &self.zone);
        let row = scorer.row(self.entity, &facts);
        let evaluation = row.and_then(|row| scorer.evaluate(self.entity, &row));
        let score = self.side.score;
        let compared = evaluation.and_then(|evaluation| {
            let labels = &program.scores.get(score.index())?.labels;
            Some(Compared {
                standing: evaluation.score(score)?,
                route: evaluation.route(score).and_then(|label| labels.get(label.index()).cloned()),
                certain: evaluation.is_certain(score),
            })
        });
        self.linked = Some((silent, scorer));
        Ok(compared)
    }
}

struct Search {
    before: Judge,
    after: Judge,
    subjects: Vec<Subject>,
    /// Those among them that what changed asks about.
    focus: Vec<usize>,
    random: Random,
    tried: u64,
    best: Option<(Vec<usize>, Found)>,
}

impl Search {
    fn new(before: &Side, after: &Side, seed: u64) -> Result<Self, LinkError> {
        // One instant for both: the later playbook's.
        let after_judge = Judge::new(after, None)?;
        let before_judge = Judge::new(before, Some(after_judge.now))?;
        let mut asked = Asked::default();
        for side in [before, after] {
            Gatherer { program: &side.program, asked: &mut asked, seen: Vec::new() }.score(side.score.0);
        }
        let subjects = subjects(&asked);
        let focus = focus(before, after, &subjects);
        let random = Random(seed);
        Ok(Self { before: before_judge, after: after_judge, subjects, focus, random, tried: 0, best: None })
    }

    fn run(mut self) -> Result<(Option<Found>, u64), LinkError> {
        let starts = self.corners()?;
        if !self.is_found() {
            self.complete(&starts)?;
        }
        if !self.is_found() {
            self.draw()?;
        }
        if let Some((choices, found)) = self.best.take() {
            let found = self.shrink(choices, found)?;
            return Ok((Some(found), self.tried));
        }
        Ok((None, self.tried))
    }

    fn is_found(&self) -> bool {
        self.best.as_ref().is_some_and(|(_, found)| found.in_words.is_none() && found.difference == Difference::Route)
    }

    /// Tries a record; keeps it where it tells more than the best so far. Gives how the two differ.
    fn attempt(&mut self, choices: &[usize]) -> Result<Option<Difference>, LinkError> {
        let record = example(&self.subjects, choices);
        let Some(found) = self.compare(record)? else { return Ok(None) };
        let difference = found.difference;
        let better = self.best.as_ref().is_none_or(|(_, best)| found.rank() < best.rank());
        if better {
            self.best = Some((choices.to_vec(), found));
        }
        Ok(Some(difference))
    }

    /// By what both can be told of the record; where that tells nothing, by what each of them knows.
    fn compare(&mut self, whole: Example) -> Result<Option<Found>, LinkError> {
        self.tried += 1;
        let shared = self.pair().shared(&whole);
        if let Some(found) = self.judged(shared.clone())? {
            return Ok(Some(found));
        }
        if self.pair().apart(&whole).is_empty() {
            return Ok(None);
        }
        let in_words = plainly(&whole, &self.pair());
        let found = self.judged(whole)?;
        Ok(found.map(|found| Found { example: shared, in_words: Some(in_words), ..found }))
    }

    fn pair(&self) -> Pair<'_> {
        Pair {
            before: (&self.before.side.program, self.before.entity),
            after: (&self.after.side.program, self.after.entity),
        }
    }

    fn judged(&mut self, example: Example) -> Result<Option<Found>, LinkError> {
        let (Some(before), Some(after)) = (self.before.judge(&example)?, self.after.judge(&example)?) else {
            return Ok(None);
        };
        let difference = if before.route != after.route {
            Difference::Route
        } else if before.standing.value != after.standing.value {
            Difference::Value
        } else if before != after {
            Difference::Range
        } else {
            return Ok(None);
        };
        Ok(Some(Found { example, in_words: None, difference, before, after }))
    }

    /// Every corner of what changed, where there are few enough; otherwise some of them. Nothing else is known of the record.
    fn corners(&mut self) -> Result<Vec<Vec<usize>>, LinkError> {
        let sizes: Vec<usize> =
            self.focus.iter().filter_map(|place| self.subjects.get(*place)).map(|subject| subject.len() + 1).collect();
        let all = sizes.iter().try_fold(1_usize, |all, size| all.checked_mul(*size)).unwrap_or(usize::MAX);
        let mut starts = Vec::new();
        for number in 0..all.min(CORNERS) {
            let mut choices = vec![0; self.subjects.len()];
            let mut rest = number;
            for (place, size) in self.focus.clone().iter().zip(&sizes) {
                let choice = if all <= CORNERS { rest % size } else { self.random.below(*size) };
                rest /= size;
                if let Some(chosen) = choices.get_mut(*place) {
                    *chosen = choice;
                }
            }
            if self.attempt(&choices)? == Some(Difference::Value) && starts.len() < STARTS {
                starts.push(choices);
            }
        }
        Ok(starts)
    }

    /// Records that differ in points, with whatever else is asked.
    fn complete(&mut self, starts: &[Vec<usize>]) -> Result<(), LinkError> {
        for start in starts {
            for _ in 0..COMPLETIONS {
                let mut choices = start.clone();
                for place in 0..self.subjects.len() {
                    let size = self.subjects.get(place).map_or(0, |subject| subject.len() + 1);
                    if !self.focus.contains(&place)
                        && self.random.below(3) > 0
                        && let Some(chosen) = choices.get_mut(place)
                    {
                        *chosen = self.random.below(size);
                    }
                }
                if self.attempt(&choices)? == Some(Difference::Route) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn draw(&mut self) -> Result<(), LinkError> {
        for _ in 0..DRAWN {
            let mut choices = Vec::with_capacity(self.subjects.len());
            let often = 2 + self.random.below(3);
            for place in 0..self.subjects.len() {
                let subject = self.subjects.get(place);
                let size = subject.map_or(0, |subject| subject.len() + 1);
                let quiet = matches!(subject, Some(Subject::Silent(_)));
                let nothing = self.random.below(often) == 0 || quiet && self.random.below(8) > 0;
                choices.push(if nothing { 0 } else { self.random.below(size) });
            }
            if self.attempt(&choices)? == Some(Difference::Route) {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Leaves out whatever is not needed for the difference.
    fn shrink(&mut self, choices: Vec<usize>, found: Found) -> Result<Found, LinkError> {
        let (mut choices, mut found) = (choices, found);
        for place in (0..choices.len()).rev() {
            let Some(chosen) = choices.get(place).copied().filter(|chosen| *chosen > 0) else { continue };
            for less in 0..chosen.min(2) {
                let mut fewer = choices.clone();
                if let Some(slot) = fewer.get_mut(place) {
                    *slot = less;
                }
                let smaller = self.compare(example(&self.subjects, &fewer))?;
                if let Some(smaller) = smaller.filter(|smaller| {
                    (smaller.in_words.is_some(), smaller.difference) == (found.in_words.is_some(), found.difference)
                        && smaller.rank() < found.rank()
                }) {
                    (choices, found) = (fewer, smaller);
                    break;
                }
            }
        }
        Ok(found)
    }
}

/// Which subjects the parts ask about that only one of the two has; all of them where the parts are the same and only weights differ.
fn focus(before: &Side, after: &Side, subjects: &[Subject]) -> Vec<usize> {
    let mut asked = Asked::default();
    let (old, new) = (parts(before), parts(after));
    for (side, own, other) in [(before, &old, &new), (after, &new, &old)] {
        let Some(score) = side.program.scores.get(side.score.index()) else { continue };
        let mut gatherer = Gatherer { program: &side.program, asked: &mut asked, seen: vec![side.score.0] };
        for (layer, form) in score.layers.iter().zip(own) {
            for (rule, form) in layer.rules.iter().zip(form) {
                if !other.iter().flatten().any(|known| known == form) {
                    gatherer.rule(rule.points, &rule.form);
                }
            }
        }
    }
    let routes = |side: &Side| side.program.scores.get(side.score.index()).map(|score| score.routes.clone());
    if routes(before) != routes(after) {
        for side in [before, after] {
            let mut gatherer = Gatherer { program: &side.program, asked: &mut asked, seen: vec![side.score.0] };
            if let Some(score) = side.program.scores.get(side.score.index()) {
                gatherer.routes(score);
            }
        }
    }
    let asks = |subject: &Subject| match subject {
        Subject::Field(names, _) => asked.fields.contains_key(names),
        Subject::Event(name, _) => asked.events.contains_key(name),
        Subject::Said(_) => !asked.said.is_empty(),
        Subject::Silent(_) => false,
    };
    let mut seen: Vec<&SmolStr> = Vec::new();
    let mut found = Vec::new();
    for (place, subject) in subjects.iter().enumerate().filter(|(_, subject)| asks(subject)) {
        // The first of those that are there twice.
        if let Subject::Event(name, _) = subject {
            if seen.contains(&name) {
                continue;
            }
            seen.push(name);
        }
        found.push(place);
    }
    if found.is_empty() {
        found.extend(
            subjects
                .iter()
                .enumerate()
                .filter(|(_, subject)| !matches!(subject, Subject::Silent(_)))
                .map(|(place, _)| place),
        );
    }
    found
}

/// The rules of each layer, as they are written.
fn parts(side: &Side) -> Vec<Vec<String>> {
    let words = compiler::diff::words::Words::new(&side.program);
    let score = side.program.scores.get(side.score.index());
    let layers = score.map(|score| score.layers.as_slice()).unwrap_or_default();
    let rule = |rule: &compiler::program::Rule| match &rule.form {
        compiler::program::RuleForm::When(condition) => format!("{} {}", rule.points, words.condition(condition)),
        compiler::program::RuleForm::Each { .. } => format!("{} {:?}", rule.points, rule.form),
    };
    layers.iter().map(|layer| layer.rules.iter().map(rule).collect()).collect()
}
