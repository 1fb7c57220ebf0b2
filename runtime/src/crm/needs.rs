//! What a Program's scores and facts read of a record: which fields, which events, whether conversations.

use std::collections::{BTreeMap, BTreeSet};

use compiler::program::{
    Aggregate, Condition, EntityId, EventId, EventQuery, FactValue, FieldId, FieldPath, Program, RuleForm, Term,
    TextTerm, Type,
};

/// What is read of the records of one entity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Needs {
    /// The fields, in order, each once.
    pub fields: Vec<FieldPath>,
    /// Those of them whose freshness is asked for.
    pub fresh: Vec<FieldPath>,
    /// The events, in order, each once.
    pub events: Vec<EventId>,
    /// Of these events only what is later than this instant, in microseconds from 1970-01-01 UTC.
    pub after: BTreeMap<EventId, i64>,
    /// What was said is read.
    pub conversations: bool,
}

impl Needs {
    /// What the scores of that entity, and the facts named for it, read.
    #[must_use]
    pub fn of(program: &Program, entity: EntityId) -> Self {
        let mut seen = Seen::default();
        for score in program.scores.iter().filter(|score| score.entity == entity) {
            for rule in score.layers.iter().flat_map(|layer| &layer.rules) {
                match &rule.form {
                    RuleForm::When(condition) => seen.condition(condition),
                    RuleForm::Each { query, .. } => seen.query(query),
                }
            }
            score
                .routes
                .iter()
                .filter_map(|line| line.condition.as_ref())
                .for_each(|condition| seen.condition(condition));
        }
        for fact in program.facts.iter().filter(|fact| fact.entity == entity) {
            match &fact.value {
                FactValue::Term(term, _) => seen.term(term),
                FactValue::Condition(condition) => seen.condition(condition),
            }
        }
        Self {
            fields: seen.fields.into_iter().collect(),
            fresh: seen.fresh.into_iter().collect(),
            events: seen.events.into_iter().collect(),
            after: BTreeMap::new(),
            conversations: seen.conversations,
        }
    }
}

/// The fields of any entity whose freshness some score or fact asks for.
pub(crate) fn fresh_fields(program: &Program) -> BTreeSet<(EntityId, FieldId)> {
    let entities = (0..).map(EntityId).take(program.entities.len());
    let paths = entities.flat_map(|entity| Needs::of(program, entity).fresh);
    let mut fields = BTreeSet::new();
    for path in paths {
        let mut at = Some(path.entity);
        for relation in &path.relations {
            let field =
                at.and_then(|at| program.entities.get(at.index())).and_then(|of| of.fields.get(relation.index()));
            at = match field.map(|field| &field.ty) {
                Some(Type::Record(next)) => Some(*next),
                _ => None,
            };
        }
        fields.extend(at.map(|entity| (entity, path.field)));
    }
    fields
}

#[derive(Default)]
struct Seen {
    fields: BTreeSet<FieldPath>,
    fresh: BTreeSet<FieldPath>,
    events: BTreeSet<EventId>,
    conversations: bool,
}

impl Seen {
    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Not(inner) => self.condition(inner),
            Condition::All(all) | Condition::Any(all) => all.iter().for_each(|inner| self.condition(inner)),
            Condition::Compare { left, right, .. } => [left, right].into_iter().for_each(|term| self.term(term)),
            Condition::Between { term, low, high } => [term, low, high].into_iter().for_each(|term| self.term(term)),
            Condition::OneOf { term, .. } | Condition::Text { term, .. } | Condition::Yes(term) => self.text(term),
            Condition::Same { left, right } => [left, right].into_iter().for_each(|term| self.text(term)),
            Condition::Has { list, .. } => self.field(list),
            Condition::HasOf { list, other, .. } => [list, other].into_iter().for_each(|path| self.field(path)),
            Condition::Known(path) => self.field(path),
            Condition::Fresh { condition, fields, .. } => {
                self.condition(condition);
                self.fresh.extend(fields.iter().cloned());
                fields.iter().for_each(|path| self.field(path));
            }
            Condition::Happened { query, .. } => self.query(query),
            Condition::Mentions { .. } => self.conversations = true,
            Condition::Routed { .. } => {}
        }
    }

    fn term(&mut self, term: &Term) {
        match term {
            Term::Field(path) => self.field(path),
            Term::Aggregate(aggregate) => self.aggregate(aggregate),
            Term::Arithmetic { left, right, .. } => [left, right].into_iter().for_each(|term| self.term(term)),
            Term::Constant(_) | Term::EventField(_) | Term::Score(_) | Term::Today | Term::Now => {}
        }
    }

    fn text(&mut self, term: &TextTerm) {
        match term {
            TextTerm::Field(path) => self.field(path),
            TextTerm::Latest(aggregate) => self.aggregate(aggregate),
            TextTerm::EventField(_) => {}
        }
    }

    fn aggregate(&mut self, aggregate: &Aggregate) {
        self.query(&aggregate.query);
    }

    fn query(&mut self, query: &EventQuery) {
        self.events.extend(&query.events);
        if let Some(filter) = &query.filter {
            self.condition(filter);
        }
    }

    fn field(&mut self, path: &FieldPath) {
        self.fields.insert(path.clone());
    }
}
