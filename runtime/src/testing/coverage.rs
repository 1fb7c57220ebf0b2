//! What a playbook's tests reach: rules that gave points, routes that were taken, stages and the ways out of them that runs went. Only of
//! the client's own files.
//!
//! A rule or route is reached where a test that expects something of its score gets there; that a record walks past it is no proof.

use std::collections::BTreeSet;
use std::sync::Arc;

use compiler::program::{
    Condition, Expectation, ExpectationKind, LabelId, Origin, Program, RuleForm, ScoreId, StageKind, Term, Test,
};
use smol_str::SmolStr;

use super::Given;
use super::mutate::is_own;

/// What kind of place may be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A rule of a score.
    Rules,
    /// A route of a score.
    Routes,
    /// A stage, handoff or end of a workflow.
    Stages,
    /// A way out of a stage.
    Ways,
}

impl Kind {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::Rules, Self::Routes, Self::Stages, Self::Ways];

    /// As a reader writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Routes => "routes",
            Self::Stages => "stages",
            Self::Ways => "ways",
        }
    }
}

/// A place of the playbook and whether a test reaches it.
#[derive(Clone, Debug)]
pub struct Place {
    /// What it is.
    pub kind: Kind,
    /// In words: a rule's condition, a route with its score.
    pub words: String,
    /// Where it stands.
    pub origin: Origin,
    /// Whether a test gets there.
    pub reached: bool,
}

/// All places of the client's own files, in the order of the text.
#[must_use]
pub fn coverage(program: &Program) -> Vec<Place> {
    let shared = Arc::new(program.clone());
    let mut reached = Reached::default();
    for test in &program.tests {
        reached.test(&shared, test);
    }
    let mut places = Vec::new();
    for (id, score) in (0..).map(ScoreId).zip(&program.scores) {
        let rules = score.layers.iter().flat_map(|layer| &layer.rules);
        for (place, rule) in rules.enumerate() {
            places.push(Place {
                kind: Kind::Rules,
                words: format!("{}: {}", rule.id, rule.words),
                origin: rule.origin,
                reached: reached.rules.contains(&(id, place)),
            });
        }
        for (label, name) in (0..).map(LabelId).zip(&score.labels) {
            let line = score.routes.iter().find(|line| line.label == label);
            places.push(Place {
                kind: Kind::Routes,
                words: format!("{} is {name}", score.name),
                origin: line.map_or(score.origin, |line| line.origin),
                reached: reached.routes.contains(&(id, label)),
            });
        }
    }
    workflows(program, &reached, &mut places);
    places.retain(|place| is_own(program, place.origin));
    places.sort_by_key(|place| (place.kind, place.origin.file, place.origin.line));
    places
}

fn workflows(program: &Program, reached: &Reached, places: &mut Vec<Place>) {
    for workflow in &program.workflows {
        for stage in &workflow.stages {
            let name = format!("{}.{}", workflow.name, stage.name);
            if let StageKind::Stage(body) = &stage.kind {
                for way in &body.ways {
                    places.push(Place {
                        kind: Kind::Ways,
                        words: format!("{name}: {}", way.words),
                        origin: way.origin,
                        reached: reached.ways.contains(&(name.clone(), way.words.clone())),
                    });
                }
            }
            let reached = reached.stages.contains(&name);
            places.push(Place { kind: Kind::Stages, words: name, origin: stage.origin, reached });
        }
    }
}

#[derive(Default)]
struct Reached {
    rules: BTreeSet<(ScoreId, usize)>,
    routes: BTreeSet<(ScoreId, LabelId)>,
    /// `LeadGeneration.Research`
    stages: BTreeSet<String>,
    /// Out of which stage, by which way as written.
    ways: BTreeSet<(String, SmolStr)>,
}

impl Reached {
    fn test(&mut self, program: &Arc<Program>, test: &Test) {
        let mut scores = BTreeSet::new();
        for expectation in &test.expectations {
            expected_of(program, expectation, &mut scores);
        }
        let Ok(given) = Given::new(program, test) else { return };
        for step in given.at_work.iter().filter_map(|at_work| at_work.steps().ok()).flatten() {
            let name = |stage: &SmolStr| format!("{}.{stage}", step.workflow);
            self.stages.insert(name(&step.stage));
            if let Some(from) = &step.from {
                self.ways.insert((name(from), step.way.clone()));
            }
        }
        for score in scores {
            self.rules.extend(given.evaluation.fired(score).map(|rule| (score, rule)));
            self.routes.extend(given.evaluation.route(score).map(|label| (score, label)));
        }
    }
}

/// The scores that an expectation is about; with a score, those that its rules ask for.
fn expected_of(program: &Program, expectation: &Expectation, scores: &mut BTreeSet<ScoreId>) {
    match &expectation.kind {
        ExpectationKind::Routes { score, .. } => with_inner(program, *score, scores),
        ExpectationKind::ScoreIs { of, .. } => with_inner(program, of.score, scores),
        ExpectationKind::Holds(condition) => asked_by(program, condition, scores),
        _ => {}
    }
}

fn with_inner(program: &Program, score: ScoreId, scores: &mut BTreeSet<ScoreId>) {
    if !scores.insert(score) {
        return;
    }
    let Some(score) = program.scores.get(score.index()) else { return };
    for rule in score.layers.iter().flat_map(|layer| &layer.rules) {
        if let RuleForm::When(condition) = &rule.form {
            asked_by(program, condition, scores);
        }
    }
}

fn asked_by(program: &Program, condition: &Condition, scores: &mut BTreeSet<ScoreId>) {
    match condition {
        Condition::Not(inner) | Condition::Fresh { condition: inner, .. } => asked_by(program, inner, scores),
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().for_each(|part| asked_by(program, part, scores));
        }
        Condition::Compare { left, right, .. } => {
            [left, right].into_iter().for_each(|term| read_by(program, term, scores));
        }
        Condition::Between { term, low, high } => {
            [term, low, high].into_iter().for_each(|term| read_by(program, term, scores));
        }
        Condition::Routed { score, .. } => with_inner(program, *score, scores),
        _ => {}
    }
}

fn read_by(program: &Program, term: &Term, scores: &mut BTreeSet<ScoreId>) {
    match term {
        Term::Score(of) => with_inner(program, of.score, scores),
        Term::Arithmetic { left, right, .. } => {
            read_by(program, left, scores);
            read_by(program, right, scores);
        }
        _ => {}
    }
}
