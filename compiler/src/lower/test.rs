//! Tests of a playbook: what they are about and what they expect. What they are given is in `given.rs`.

use language::Fixed;
use language::Span;
use language::syntax::{
    self, Expression, ExpressionKind, Literal, LiteralKind, Name, Path, Predicate, PredicateTest, TestClause,
};

use super::Lowering;
use super::path::Found;
use super::recorded::Named;
use super::scope::Scope;
use crate::codes::names::unknown_route;
use crate::codes::playbook_tests::{
    could_of_no_score, given_twice, nothing_expected, nothing_tried, stands_elsewhere, two_records,
};
use crate::modules::Declared;
use crate::program::{
    Asked, Certainty, EntityId, Expectation, ExpectationKind, FactValue, FileId, ScoreRef, StageId, Test, TestAnswer,
    TestStep, WorkflowId,
};

impl Lowering<'_> {
    pub(super) fn test(&mut self, declared: &Declared, test: &syntax::Test) {
        let file = declared.file;
        let Some(entity) = self.entity_of_test(file, test) else { return };
        let scope = Scope::new(file, Some(entity));
        let mut lowered = Test {
            name: test.name.value.clone(),
            entity,
            now: None,
            fields: Vec::new(),
            events: Vec::new(),
            conversations: Vec::new(),
            silent: Vec::new(),
            standing: Vec::new(),
            tries: None,
            steps: Vec::new(),
            expectations: Vec::new(),
            origin: self.origin(file, test.name.span),
        };
        let mut now_said: Option<Span> = None;
        let (mut tried, mut decided): (Option<Span>, Option<Span>) = (None, None);
        let mut expects = declared.declaration.broken;
        for clause in &test.clauses {
            match clause {
                TestClause::Now { date, time } => {
                    if let Some(first) = now_said {
                        self.report(given_twice::now(file, date.span, first));
                        continue;
                    }
                    now_said = Some(date.span);
                    let day = self.date(file, *date);
                    let clock = match time {
                        Some(time) => self.clock(file, *time),
                        None => Some(jiff::civil::Time::midnight()),
                    };
                    if let (Some(day), Some(clock)) = (day, clock) {
                        lowered.now = self.timestamp(file, date.span, day, clock);
                    }
                }
                TestClause::Record { .. }
                | TestClause::Events { .. }
                | TestClause::Conversation { .. }
                | TestClause::Silent(_) => {
                    self.given(file, clause, &mut lowered);
                }
                TestClause::Asks(..) | TestClause::Routes { .. } | TestClause::Value { .. } | TestClause::Holds(_) => {
                    expects = true;
                    lowered.expectations.extend(self.expectation(clause, scope));
                }
                TestClause::InStage { record, stage, .. } => {
                    lowered.standing.extend(self.standing(file, record, stage));
                }
                TestClause::Tries { agent, act, span } => {
                    if let Some(first) = tried {
                        self.report(nothing_tried::twice(file, *span, first));
                        continue;
                    }
                    tried = Some(*span);
                    let agent = self.agent_named(file, agent);
                    lowered.tries = agent.zip(self.act(file, act, Some(entity)));
                }
                TestClause::Decided { span, .. } => {
                    expects = true;
                    decided = decided.or(Some(*span));
                    lowered.expectations.extend(self.expectation(clause, scope));
                }
                TestClause::IsIn { record, stage, negated, span } => {
                    expects = true;
                    if let Some((workflow, stage)) = self.place_of(file, record, stage) {
                        let kind = ExpectationKind::IsIn { workflow, stage, negated: *negated };
                        lowered.expectations.push(self.expected(file, kind, *span));
                    }
                }
                TestClause::Happens { event, fields, .. } => {
                    if let Some(event) = self.event(file, event) {
                        let fields = self.facts_given(file, event, fields);
                        lowered.steps.push(TestStep::Happens { event, fields });
                    }
                }
                TestClause::Passes { time, .. } => {
                    lowered.steps.extend(self.span_of_time(file, *time).map(TestStep::Passes));
                }
                TestClause::Answers { who, answer, span } => {
                    let answer = match answer {
                        syntax::GivenAnswer::Approves => TestAnswer::Approves,
                        syntax::GivenAnswer::Rejects => TestAnswer::Rejects,
                        syntax::GivenAnswer::Rates(value) => TestAnswer::Rates(*value),
                    };
                    if let Some(whom) = self.person(file, who) {
                        let origin = self.origin(file, *span);
                        lowered.steps.push(TestStep::Answers { whom, answer, origin });
                    }
                }
            }
        }
        match (tried, decided) {
            (None, Some(span)) => self.report(nothing_tried::diagnostic(file, span)),
            (Some(span), None) if !declared.declaration.broken => {
                expects = true;
                self.report(nothing_tried::nothing_decided(file, span));
            }
            _ => {}
        }
        if !expects {
            self.report(nothing_expected::diagnostic(file, &test.name));
        }
        self.said.tests.push(lowered);
    }

    /// The record kind that the scores and facts it expects something of are about; a contact where they say nothing.
    fn entity_of_test(&mut self, file: FileId, test: &syntax::Test) -> Option<EntityId> {
        let mut about: Option<(EntityId, Span)> = None;
        for clause in &test.clauses {
            let mut paths: Vec<&Path> = Vec::new();
            match clause {
                TestClause::InStage { record, .. } | TestClause::IsIn { record, .. } => {
                    let Some(entity) = self.names.tables.get(&record.text).copied() else { continue };
                    match about {
                        Some((first, place)) if first != entity => {
                            let path = Path { parts: vec![record.clone()], span: record.span };
                            let names = (self.entity_name(first), self.entity_name(entity));
                            self.report(two_records::diagnostic(file, &path, place, (&names.0, &names.1)));
                            return None;
                        }
                        Some(_) => {}
                        None => about = Some((entity, record.span)),
                    }
                }
                TestClause::Routes { score: path, .. } | TestClause::Value { path, .. } => paths.push(path),
                TestClause::Holds(condition) => paths_in(condition, &mut paths, 0),
                _ => {}
            }
            for path in paths {
                let Some(entity) = self.entity_of_path(path) else { continue };
                match about {
                    Some((first, place)) if first != entity => {
                        let names = (self.entity_name(first), self.entity_name(entity));
                        self.report(two_records::diagnostic(file, path, place, (&names.0, &names.1)));
                        return None;
                    }
                    Some(_) => {}
                    None => about = Some((entity, path.span)),
                }
            }
        }
        match about {
            Some((entity, _)) => Some(entity),
            None => {
                let contact = Name { text: "Contact".into(), span: test.name.span };
                self.entity_named(file, &contact)
            }
        }
    }

    /// Where the record is: a workflow's first stage, where none is named.
    fn standing(&mut self, file: FileId, record: &Name, stage: &Path) -> Option<(WorkflowId, StageId)> {
        let (workflow, stage) = self.place_of(file, record, stage)?;
        Some((workflow, stage.unwrap_or_default()))
    }

    /// A workflow for that kind of record, or a stage of one.
    fn place_of(&mut self, file: FileId, record: &Name, stage: &Path) -> Option<(WorkflowId, Option<StageId>)> {
        let Some(entity) = self.names.tables.get(&record.text).copied() else {
            self.entity_named(file, record);
            return None;
        };
        self.note(file, record.span, Named::Entity(entity));
        let (workflow, stage_id) = self.place(file, stage)?;
        let shape = self.names.machine(workflow)?;
        if let Some(of) = shape.entity.filter(|of| *of != entity) {
            let (name, of) = (shape.name.clone(), self.entity_name(of));
            self.report(stands_elsewhere::diagnostic(file, record, stage, &name, &of));
            return None;
        }
        Some((workflow, stage_id))
    }

    fn entity_of_path(&self, path: &Path) -> Option<EntityId> {
        let first = path.parts.first()?;
        if let Some(score) = self.names.scores.get(&first.text) {
            return self.names.shape(*score)?.entity;
        }
        match path.parts.as_slice() {
            [name] => self.facts.get(*self.names.facts.get(&name.text)?)?.entity,
            _ => None,
        }
    }

    fn expectation(&mut self, clause: &TestClause, scope: Scope<'_>) -> Option<Expectation> {
        let file = scope.file;
        let (kind, span) = match clause {
            TestClause::Asks(paths, span) => (ExpectationKind::Asks(self.asked_for(paths, scope)?), *span),
            TestClause::Routes { score, certainty, label, span } => {
                (self.expected_route(score, *certainty, label, scope)?, *span)
            }
            TestClause::Value { path, value, could_reach, could_fall_to, span } => {
                (self.expected_value(path, *value, (*could_reach, *could_fall_to), *span, scope)?, *span)
            }
            TestClause::Holds(condition) => (ExpectationKind::Holds(self.condition(condition, scope)?), condition.span),
            TestClause::Decided { allowed, because, span } => {
                let kind = match (allowed, because) {
                    (false, because) => ExpectationKind::Denied(because.as_ref().map(|because| because.value.clone())),
                    (true, None) => ExpectationKind::Allowed,
                    (true, Some(because)) => {
                        self.report(nothing_tried::allowed_because(file, because.span));
                        return None;
                    }
                };
                (kind, *span)
            }
            _ => return None,
        };
        Some(self.expected(file, kind, span))
    }

    fn expected(&self, file: FileId, kind: ExpectationKind, span: Span) -> Expectation {
        let words = self.words(file, span);
        let words = words.strip_prefix("expect ").map_or_else(|| words.clone(), Into::into);
        Expectation { kind, words, origin: self.origin(file, span) }
    }

    fn expected_route(
        &mut self,
        path: &Path,
        certainty: Option<syntax::Certainty>,
        label: &Name,
        scope: Scope<'_>,
    ) -> Option<ExpectationKind> {
        if let Some(Found::Score(score @ ScoreRef { layer: None, .. })) = self.find(path, scope) {
            let Some(found) = self.label(score, &label.text) else {
                if let Some(shape) = self.names.shape(score.score).filter(|shape| !shape.incomplete) {
                    let found =
                        unknown_route::diagnostic(scope.file, label.span, &label.text, &shape.name, &shape.labels);
                    self.report(found);
                }
                return None;
            };
            self.note_score(scope.file, path, score);
            self.note(scope.file, label.span, Named::Label(score.score, found));
            let certainty = certainty.map(|certainty| match certainty {
                syntax::Certainty::Certainly => Certainty::Certain,
                syntax::Certainty::Provisionally => Certainty::Provisional,
            });
            return Some(ExpectationKind::Routes { score: score.score, certainty, label: found });
        }
        // Anything else is a condition: `expect company.industry is agency`.
        let value = Path { parts: vec![label.clone()], span: label.span };
        let value = Expression { kind: ExpressionKind::Path(value), span: label.span };
        let certainty = certainty.map(|certainty| (certainty, label.span));
        self.holds(path, PredicateTest::Is { negated: false, certainty, values: vec![value] }, scope)
    }

    fn holds(&mut self, path: &Path, test: PredicateTest, scope: Scope<'_>) -> Option<ExpectationKind> {
        let subject = Expression { kind: ExpressionKind::Path(path.clone()), span: path.span };
        let predicate = Predicate { subject, test, window: None, fresh: None };
        let condition = Expression { kind: ExpressionKind::Predicate(Box::new(predicate)), span: path.span };
        self.condition(&condition, scope).map(ExpectationKind::Holds)
    }

    fn expected_value(
        &mut self,
        path: &Path,
        value: Fixed,
        (could_reach, could_fall_to): (Option<Fixed>, Option<Fixed>),
        span: Span,
        scope: Scope<'_>,
    ) -> Option<ExpectationKind> {
        let found = self.find(path, scope);
        if let Some(Found::Score(_)) = found {
            // By way of the path, so that a layer of two scores is told apart and another record's score is refused.
            return match self.path(path, scope)? {
                super::operand::Operand::Score(of) => {
                    Some(ExpectationKind::ScoreIs { of, value, could_reach, could_fall_to })
                }
                _ => None,
            };
        }
        if could_reach.is_some() || could_fall_to.is_some() {
            if found.is_some() {
                self.report(could_of_no_score::diagnostic(scope.file, path, span));
            } else {
                self.report_unknown(path, scope);
            }
            return None;
        }
        if let Some(Found::Fact(index)) = found {
            let (of, fact) = self.fact_named(&path.dotted())?;
            if of == scope.entity
                && let Some(fact @ FactValue::Term(_, crate::program::Type::Number)) = fact
            {
                self.note(scope.file, path.span, Named::Fact(super::measure::count(index)));
                return Some(ExpectationKind::FactIs { fact, value });
            }
        }
        let number = Literal { kind: LiteralKind::Number(value), span };
        let number = Expression { kind: ExpressionKind::Literal(number), span: self.after_is(scope.file, path, span) };
        self.holds(path, PredicateTest::Is { negated: false, certainty: None, values: vec![number] }, scope)
    }

    /// Where the number stands in `expect PATH is NUMBER`.
    fn after_is(&self, file: FileId, path: &Path, span: Span) -> Span {
        let rest = Span::new(path.span.end, span.end);
        let text = self.text(file, rest);
        let skipped = text.len() - text.trim_start().trim_start_matches("is").trim_start().len();
        Span::new(rest.start + super::measure::count(skipped), span.end)
    }

    fn asked_for(&mut self, paths: &[Path], scope: Scope<'_>) -> Option<Vec<Asked>> {
        let mut asked = Vec::with_capacity(paths.len());
        for path in paths {
            if path.dotted() == "conversation" {
                asked.push(Asked::Conversation);
                continue;
            }
            if let Some(event) = self.names.events.get(&path.dotted()) {
                self.note(scope.file, path.span, Named::Event(*event));
                asked.push(Asked::Event(*event));
                continue;
            }
            let entity = scope.entity?;
            let Some((field, _)) = self.find_field(path, entity) else {
                self.report_unknown_field(scope.file, path, entity);
                return None;
            };
            self.note_field(scope.file, path, &field);
            asked.push(Asked::Field(field));
        }
        Some(asked)
    }
}

/// The paths in a condition, as far as they may name scores and facts.
fn paths_in<'e>(expression: &'e Expression, paths: &mut Vec<&'e Path>, depth: u16) {
    if depth > super::scope::DEEPEST {
        return;
    }
    let depth = depth + 1;
    match &expression.kind {
        ExpressionKind::Path(path) => paths.push(path),
        ExpressionKind::Not(inner) => paths_in(inner, paths, depth),
        ExpressionKind::And(parts) | ExpressionKind::Or(parts) | ExpressionKind::Mixed { operands: parts, .. } => {
            parts.iter().for_each(|part| paths_in(part, paths, depth));
        }
        ExpressionKind::Arithmetic { operands, .. } => {
            paths_in(&operands.0, paths, depth);
            paths_in(&operands.1, paths, depth);
        }
        ExpressionKind::Windowed { term, .. } => paths_in(term, paths, depth),
        ExpressionKind::Predicate(predicate) => {
            paths_in(&predicate.subject, paths, depth);
            match &predicate.test {
                PredicateTest::Compare { right, .. } | PredicateTest::Equals { right, .. } => {
                    paths_in(right, paths, depth);
                }
                PredicateTest::From { low, high, .. } => {
                    paths_in(low, paths, depth);
                    paths_in(high, paths, depth);
                }
                // The values of the others are words first: `industry is agency` names no fact called agency.
                _ => {}
            }
        }
        _ => {}
    }
}
