//! Guards: conditions of workflows. Facts of a record are conditions like any other; what the engine itself knows is told apart
//! from them here, and a condition about several records is split where it says `and` and `or`.

use language::syntax::{
    ComparisonOperator, Expression, ExpressionKind, LiteralKind, Name, Path, Predicate, PredicateTest, Situation,
};
use smol_str::SmolStr;

use super::Lowering;
use super::measure::count;
use super::path::Found;
use super::recorded::Named;
use super::scope::{DEEPEST, Scope};
use crate::codes::types::too_involved;
use crate::codes::workflows::{mixed_records, only_in_a_stage, unknown_object, unknown_stage};
use crate::program::{
    Certainty, Comparison, Condition, EntityId, FileId, Guard, LabelId, RubricId, ScoreId, StageId, Subject,
};

/// Where a guard stands: what can be asked there.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    pub(super) file: FileId,
    /// What the workflow runs for; none where that is unknown.
    pub(super) entity: Option<EntityId>,
    pub(super) place: Place,
    depth: u16,
}

/// What there is to ask about beside facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Before a stage is entered, or outside of one.
    Outside,
    /// In a stage: there may be a message.
    Requirement,
    /// In a way out: all that is required may be there.
    Way,
}

impl At {
    pub(super) fn new(file: FileId, entity: Option<EntityId>, place: Place) -> Self {
        Self { file, entity, place, depth: 0 }
    }

    fn deeper(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }
}

impl Lowering<'_> {
    /// A guard; none where it was reported, or is silent because of an earlier error.
    pub(super) fn guard(&mut self, expression: &Expression, at: At) -> Option<Guard> {
        if at.depth >= DEEPEST {
            self.report(too_involved::nested(at.file, expression.span));
            return None;
        }
        let entity = at.entity?;
        match &expression.kind {
            ExpressionKind::Not(_) | ExpressionKind::And(_) | ExpressionKind::Or(_)
                if !self.asks_the_engine(expression, entity) && self.subjects(expression, entity).len() <= 1 =>
            {
                self.facts(expression, at)
            }
            ExpressionKind::Not(inner) => Some(Guard::Not(Box::new(self.guard(inner, at.deeper())?))),
            ExpressionKind::And(parts) => Some(Guard::All(self.guards(parts, at.deeper())?)),
            ExpressionKind::Or(parts) => Some(Guard::Any(self.guards(parts, at.deeper())?)),
            ExpressionKind::Mixed { operands, operator } => {
                self.guards(operands, at.deeper());
                self.report_mixed(operands, *operator, at.file);
                None
            }
            ExpressionKind::Predicate(predicate) => match self.of_the_engine(predicate, entity) {
                Some(asked) => self.engine_guard(expression, asked, at),
                None => self.facts(expression, at),
            },
            _ => self.facts(expression, at),
        }
    }

    fn guards(&mut self, parts: &[Expression], at: At) -> Option<Vec<Guard>> {
        // All of them are looked at, so that all their errors are found.
        let found: Vec<Option<Guard>> = parts.iter().map(|part| self.guard(part, at)).collect();
        found.into_iter().collect()
    }

    /// What a stage requires: a bare name has to be known.
    pub(super) fn requirement(&mut self, expression: &Expression, at: At) -> Option<Guard> {
        let Some(path) = bare(expression) else { return self.guard(expression, at) };
        if path.dotted() == "complete" {
            return self.guard(expression, at);
        }
        let subject = Expression { kind: ExpressionKind::Path(path.clone()), span: path.span };
        let predicate = Predicate { subject, test: PredicateTest::Known, window: None, fresh: None };
        let known = Expression { kind: ExpressionKind::Predicate(Box::new(predicate)), span: expression.span };
        self.guard(&known, at)
    }

    /// While a line of priority holds.
    pub(super) fn situation(&mut self, situation: &Situation, at: At) -> Option<Guard> {
        match situation {
            Situation::Holds(condition) => self.guard(condition, at),
            Situation::IsIn { record, place, .. } => {
                let entity = at.entity?;
                let named = match record.parts.as_slice() {
                    [only] => self.names.tables.get(&only.text).copied(),
                    _ => None,
                };
                let place = self.place(at.file, place);
                if named.and_then(|named| self.subject(entity, named)).is_none() {
                    self.report_unknown(record, Scope::new(at.file, Some(entity)));
                    return None;
                }
                self.note_table(at.file, record.parts.first()?);
                let (workflow, stage) = place?;
                Some(Guard::In { workflow, stage })
            }
        }
    }

    /// `LeadQualification`, `LeadQualification.Invite`; reported where there is no such place.
    pub(super) fn place(&mut self, file: FileId, path: &Path) -> Option<(crate::program::WorkflowId, Option<StageId>)> {
        let (first, rest) = path.parts.split_first()?;
        let workflow = self.workflow_named(file, first)?;
        match rest {
            [] => Some((workflow, None)),
            [stage] => Some((workflow, Some(self.stage_named(file, workflow, stage)?))),
            [_, beyond, ..] => {
                self.report(unknown_stage::too_deep(file, path, beyond.span));
                None
            }
        }
    }

    /// About the facts of one record.
    fn facts(&mut self, expression: &Expression, at: At) -> Option<Guard> {
        let entity = at.entity?;
        let subjects = self.subjects(expression, entity);
        if let [(first, one), (second, other), ..] = subjects.as_slice() {
            let names = (self.subject_name(*first), self.subject_name(*second));
            self.report(mixed_records::diagnostic(at.file, expression.span, (*one, &names.0), (*other, &names.1)));
            return None;
        }
        let of = subjects.first().map_or(Subject::Own(entity), |(subject, _)| *subject);
        let own = self.in_own_words(expression, entity, at.file);
        let scope = Scope { depth: at.depth, ..Scope::new(at.file, self.entity_of(of)) };
        Some(Guard::Facts { of, condition: self.condition(&own, scope)? })
    }

    pub(super) fn subject_name(&self, subject: Subject) -> String {
        self.entity_of(subject).map(|entity| self.entity_name(entity).to_lowercase()).unwrap_or_default()
    }

    /// Whether something in it is for the engine to answer.
    fn asks_the_engine(&self, expression: &Expression, entity: EntityId) -> bool {
        match &expression.kind {
            ExpressionKind::Not(inner) => self.asks_the_engine(inner, entity),
            ExpressionKind::And(parts) | ExpressionKind::Or(parts) => {
                parts.iter().any(|part| self.asks_the_engine(part, entity))
            }
            ExpressionKind::Mixed { .. } => true,
            ExpressionKind::Predicate(predicate) => self.of_the_engine(predicate, entity).is_some(),
            _ => false,
        }
    }

    /// What is asked of the engine, where it is.
    fn of_the_engine(&self, predicate: &Predicate, entity: EntityId) -> Option<Asked> {
        let ExpressionKind::Path(path) = &predicate.subject.kind else { return None };
        if self
            .whose(path, entity)
            .is_some_and(|whose| matches!(self.found(&whose.path, whose.entity), Some(Found::Field(..))))
            && !self.is_a_stage_of_life(path, predicate)
        {
            return None;
        }
        match (path.parts.as_slice(), &predicate.test) {
            ([word], PredicateTest::Bare) if word.text == "complete" => Some(Asked::Complete),
            ([word, rubric], _) if word.text == "message" => Some(Asked::Message(rubric.clone())),
            ([_], _) if self.is_a_stage_of_life(path, predicate) => {
                let named = self.names.tables.get(&path.dotted()).copied()?;
                Some(Asked::StageOfLife(self.subject(entity, named)?, named))
            }
            (_, PredicateTest::Missing | PredicateTest::Known) => {
                let (score, _) = self.score_of(path, entity)?;
                Some(Asked::Scored(score, matches!(predicate.test, PredicateTest::Known)))
            }
            (_, PredicateTest::Is { negated, certainty: None, values }) => {
                let (score, of) = self.score_of(path, entity)?;
                let [Expression { kind: ExpressionKind::Path(word), .. }] = values.as_slice() else { return None };
                let certainty = match word.dotted().as_str() {
                    "certain" => Certainty::Certain,
                    "provisional" => Certainty::Provisional,
                    _ => return None,
                };
                Some(Asked::Certainty { score, of, certainty, negated: *negated })
            }
            _ => None,
        }
    }

    /// The score that a path names, and whose it is.
    fn score_of(&self, path: &Path, entity: EntityId) -> Option<(ScoreId, Subject)> {
        let whose = self.whose(path, entity)?;
        match self.found(&whose.path, whose.entity)? {
            Found::Score(score) if score.layer.is_none() => Some((score.score, whose.of)),
            _ => None,
        }
    }

    fn found(&self, path: &Path, entity: EntityId) -> Option<Found> {
        self.find(path, Scope::new(FileId(0), Some(entity)))
    }

    /// `contact is customer`: of a record that has a stage of life.
    fn is_a_stage_of_life(&self, path: &Path, predicate: &Predicate) -> bool {
        let asked = matches!(predicate.test, PredicateTest::Is { certainty: None, .. } | PredicateTest::OneOf { .. });
        let named = match path.parts.as_slice() {
            [only] => self.names.tables.get(&only.text),
            _ => None,
        };
        asked && named.is_some_and(|entity| self.names.field(*entity, STAGE_OF_LIFE).is_some())
    }

    fn engine_guard(&mut self, expression: &Expression, asked: Asked, at: At) -> Option<Guard> {
        let ExpressionKind::Predicate(predicate) = &expression.kind else { return None };
        match asked {
            Asked::Complete if at.place == Place::Way => Some(Guard::Complete),
            Asked::Complete => {
                self.report(only_in_a_stage::complete(at.file, expression.span));
                None
            }
            Asked::Message(_) if at.place == Place::Outside => {
                self.report(only_in_a_stage::message(at.file, predicate.subject.span));
                None
            }
            Asked::Message(rubric) => self.rated(&rubric, predicate, at),
            Asked::Scored(score, known) => {
                self.note_own_score(&predicate.subject, score, at.file);
                let guard = Guard::Scored(score);
                Some(if known { guard } else { Guard::Not(Box::new(guard)) })
            }
            Asked::Certainty { score, of, certainty, negated } => {
                self.note_own_score(&predicate.subject, score, at.file);
                let labels = self.names.shape(score).map_or(0, |shape| shape.labels.len());
                let labels = (0..labels).map(|label| LabelId(count(label))).collect();
                let condition = Condition::Routed { score, labels, certainty: Some(certainty) };
                let condition = if negated { Condition::Not(Box::new(condition)) } else { condition };
                Some(Guard::Facts { of, condition })
            }
            Asked::StageOfLife(of, entity) => {
                let mut own = predicate.clone();
                let span = own.subject.span;
                self.note(at.file, span, Named::Entity(entity));
                let field = Name { text: SmolStr::new_static(STAGE_OF_LIFE), span };
                own.subject.kind = ExpressionKind::Path(Path { parts: vec![field], span });
                let own = Expression { kind: ExpressionKind::Predicate(own), span: expression.span };
                let scope = Scope { depth: at.depth, ..Scope::new(at.file, Some(entity)) };
                Some(Guard::Facts { of, condition: self.condition(&own, scope)? })
            }
        }
    }

    /// `icp`, `deal.health`: a score of the record itself, or of one that is named before it.
    fn note_own_score(&self, subject: &Expression, score: ScoreId, file: FileId) {
        let ExpressionKind::Path(path) = &subject.kind else { return };
        if let Some((name, of)) = path.parts.split_last() {
            of.iter().for_each(|record| self.note_table(file, record));
            self.note(file, name.span, Named::Score(score));
        }
    }

    /// `message.spcl >= 60`
    fn rated(&mut self, rubric: &Name, predicate: &Predicate, at: At) -> Option<Guard> {
        let found = self.rubric_named(at.file, rubric);
        let number = match &predicate.test {
            PredicateTest::Compare { operator, right, .. } => match &right.kind {
                ExpressionKind::Literal(literal) => match literal.kind {
                    LiteralKind::Number(value) => Some((*operator, value)),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        };
        let Some((operator, value)) = number.filter(|_| predicate.window.is_none() && predicate.fresh.is_none()) else {
            self.report(unknown_object::rating(at.file, predicate.subject.span, &rubric.text));
            return None;
        };
        let operator = match operator {
            ComparisonOperator::Less => Comparison::Less,
            ComparisonOperator::AtMost => Comparison::AtMost,
            ComparisonOperator::More => Comparison::More,
            ComparisonOperator::AtLeast => Comparison::AtLeast,
        };
        Some(Guard::Message { rubric: found?, operator, value })
    }

    /// The rubric of that name; reported where there is none.
    pub(super) fn rubric_named(&mut self, file: FileId, name: &Name) -> Option<RubricId> {
        let found = self.program.rubrics.iter().position(|rubric| rubric.name == name.text);
        let found = found.map(|place| RubricId(count(place)));
        if let Some(rubric) = found {
            self.note(file, name.span, Named::Rubric(rubric));
        } else if !self.names.perhaps(&name.text) {
            let known = sorted(self.program.rubrics.iter().map(|rubric| &rubric.name));
            self.report(unknown_object::diagnostic(file, name, "rubric", &known));
        }
        found
    }
}

/// Names in the order in which a message shows them.
pub(super) fn sorted<'n>(names: impl Iterator<Item = &'n SmolStr>) -> Vec<SmolStr> {
    let mut names: Vec<SmolStr> = names.cloned().collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The field that says where in its life a record is.
const STAGE_OF_LIFE: &str = "lifecycle_stage";

/// What only the engine knows.
enum Asked {
    Complete,
    Message(Name),
    /// Whether it is known rather than missing.
    Scored(ScoreId, bool),
    Certainty {
        score: ScoreId,
        of: Subject,
        certainty: Certainty,
        negated: bool,
    },
    StageOfLife(Subject, EntityId),
}

/// The path that an expression consists of, if it is nothing else.
fn bare(expression: &Expression) -> Option<&Path> {
    match &expression.kind {
        ExpressionKind::Path(path) => Some(path),
        ExpressionKind::Predicate(predicate)
            if matches!(predicate.test, PredicateTest::Bare)
                && predicate.window.is_none()
                && predicate.fresh.is_none() =>
        {
            bare(&predicate.subject)
        }
        _ => None,
    }
}
