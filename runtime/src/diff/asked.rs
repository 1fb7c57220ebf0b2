//! What two scores ask about, by name, with the values at which their answers could change: the corners of the cells into which their
//! conditions cut all records.

use std::collections::BTreeMap;

use compiler::program::{
    Aggregate, Condition, EventId, EventQuery, FieldPath, Fixed, Layer, Program, RuleForm, Score, Term, TextOperator,
    TextTerm, Type, Value, Window,
};
use language::SCALE;
use language::syntax::{AggregateFunction, DurationUnit};
use smol_str::SmolStr;

use super::example::{names, resolve};

/// What is asked, by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// Fields, with values worth trying.
    pub(super) fields: BTreeMap<Vec<SmolStr>, Vec<Value>>,
    /// Events.
    pub(super) events: BTreeMap<SmolStr, AskedEvent>,
    /// What could be said.
    pub(super) said: Vec<SmolStr>,
    /// How long ago something could have been said.
    pub(super) said_ago: Vec<Window>,
}

/// How an event is asked about.
#[derive(Clone, Debug, Default)]
pub(super) struct AskedEvent {
    /// How often.
    pub(super) counts: Vec<u32>,
    /// How long ago.
    pub(super) ago: Vec<Window>,
    /// Its facts, with values worth trying.
    pub(super) facts: BTreeMap<SmolStr, Vec<Value>>,
}

/// The contact's field that conversations fill as well.
const OPEN_OBJECTIONS: &str = "objections.open";
/// More of an event than this is not given.
const MOST: u32 = 200;

/// Gathers what is asked of one Program's records.
pub(super) struct Gatherer<'p, 'a> {
    pub(super) program: &'p Program,
    pub(super) asked: &'a mut Asked,
    /// Scores that were looked into already.
    pub(super) seen: Vec<u32>,
}

impl Gatherer<'_, '_> {
    pub(super) fn score(&mut self, id: u32) {
        if self.seen.contains(&id) {
            return;
        }
        self.seen.push(id);
        let Some(score) = self.program.scores.get(id as usize).cloned() else { return };
        for layer in &score.layers {
            self.layer(layer);
        }
        self.routes(&score);
    }

    pub(super) fn routes(&mut self, score: &Score) {
        for condition in score.routes.iter().filter_map(|line| line.condition.as_ref()) {
            self.condition(condition, &[]);
        }
    }

    pub(super) fn layer(&mut self, layer: &Layer) {
        if let Some(event) = layer.once {
            self.event(&[event], None, &[1]);
        }
        for rule in &layer.rules {
            self.rule(rule.points, &rule.form);
        }
        if let Some(half_life) = layer.half_life {
            // Points fade by days: one half-life is an age that tells.
            let days = u32::try_from(half_life.0 / (86_400 * SCALE)).unwrap_or(0);
            let ago = Window { amount: days.clamp(1, 3_000), unit: DurationUnit::Day, business: false };
            for event in self.asked.events.values_mut() {
                push(&mut event.ago, ago);
            }
        }
    }

    pub(super) fn rule(&mut self, points: Fixed, form: &RuleForm) {
        match form {
            RuleForm::When(condition) => self.condition(condition, &[]),
            RuleForm::Each { query, up_to } => {
                let full = up_to.over(points).map_or(1, |times| times.0.abs().div_euclid(SCALE));
                let full = u32::try_from(full).unwrap_or(MOST);
                self.query(query, &[1, full, full.saturating_add(1)]);
            }
        }
    }

    fn condition(&mut self, condition: &Condition, events: &[EventId]) {
        match condition {
            Condition::Not(inner) | Condition::Fresh { condition: inner, .. } => self.condition(inner, events),
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|part| self.condition(part, events));
            }
            Condition::Compare { left, right, .. } => {
                self.compared(left, right, events);
                self.compared(right, left, events);
            }
            Condition::Between { term, low, high } => {
                self.compared(term, low, events);
                self.compared(term, high, events);
                self.compared(low, term, events);
                self.compared(high, term, events);
            }
            Condition::OneOf { term, values } => self.text(term, values.clone(), events),
            Condition::Same { left, right } => {
                self.text(left, vec!["same".into()], events);
                self.text(right, vec!["same".into()], events);
            }
            Condition::Text { term, operator, value } => {
                let other = match operator {
                    TextOperator::Starts => format!("{value}x"),
                    TextOperator::Ends => format!("x{value}"),
                    TextOperator::Contains => format!("x{value}x"),
                };
                self.text(term, vec![value.clone(), other.into(), format!("y{value}y").into()], events);
            }
            Condition::Yes(term) => self.yes(term, events),
            Condition::Has { list, values, .. } => self.list(list, values),
            Condition::HasOf { list, other, .. } => {
                // A word that both can have, where there is one.
                let word = self.word(list).or_else(|| self.word(other)).unwrap_or_else(|| "shared".into());
                self.list(list, std::slice::from_ref(&word));
                self.list(other, &[word]);
            }
            Condition::Known(path) => self.known(path),
            Condition::Happened { query, at_least, at_most } => {
                let most = at_most.unwrap_or(*at_least);
                let counts = [at_least.saturating_sub(1), *at_least, most, most.saturating_add(1)];
                self.query(query, &counts);
            }
            Condition::Mentions { phrases, window } => {
                let texts = self.program.phrases.get(phrases.index()).map(|set| set.texts.clone()).unwrap_or_default();
                self.heard(&texts, *window);
            }
            Condition::Routed { score, .. } => self.score(score.0),
        }
    }

    fn heard(&mut self, texts: &[SmolStr], window: Option<Window>) {
        for text in texts {
            if !self.asked.said.contains(text) {
                self.asked.said.push(text.clone());
            }
        }
        for ago in ages(window) {
            push(&mut self.asked.said_ago, ago);
        }
    }

    /// A term, and what it is compared with.
    fn compared(&mut self, term: &Term, with: &Term, events: &[EventId]) {
        let constant = match with {
            Term::Constant(constant) => Some(*constant),
            _ => None,
        };
        match term {
            Term::Constant(_) | Term::Today | Term::Now => {}
            Term::Field(path) => self.number(path, constant),
            Term::EventField(name) => self.fact(events, name, constant),
            Term::Aggregate(aggregate) => self.aggregate(aggregate, constant),
            Term::Score(of) => self.score(of.score.0),
            Term::Arithmetic { left, right, .. } => {
                self.compared(left, with, events);
                self.compared(right, with, events);
                self.compared(left, right, events);
                self.compared(right, left, events);
            }
        }
    }

    fn aggregate(&mut self, aggregate: &Aggregate, constant: Option<Fixed>) {
        let Some(field) = aggregate.field.as_ref().filter(|_| aggregate.function != AggregateFunction::Count) else {
            let count = constant.map_or(1, |count| u32::try_from(count.0.div_euclid(SCALE)).unwrap_or(0));
            return self.query(&aggregate.query, &[count.saturating_sub(1), count, count.saturating_add(1)]);
        };
        self.query(&aggregate.query, &[1]);
        self.fact(&aggregate.query.events, field, constant);
    }

    fn number(&mut self, path: &FieldPath, constant: Option<Fixed>) {
        let Some(ty) = self.program.field(path).map(|field| field.ty.clone()) else { return };
        for value in around(&ty, constant) {
            self.value(path, value);
        }
    }

    fn fact(&mut self, events: &[EventId], name: &SmolStr, constant: Option<Fixed>) {
        for event in events {
            let Some(declared) = self.program.events.get(event.index()) else { continue };
            let Some(field) = declared.fields.iter().find(|field| field.name == *name) else { continue };
            let values = around(&field.ty, constant);
            let asked = self.asked.events.entry(declared.name.clone()).or_default();
            let facts = asked.facts.entry(name.clone()).or_default();
            for value in values {
                push(facts, value);
            }
        }
    }

    fn text(&mut self, term: &TextTerm, values: Vec<SmolStr>, events: &[EventId]) {
        let mut values = values;
        let ty = match term {
            TextTerm::Field(path) => self.program.field(path).map(|field| field.ty.clone()),
            TextTerm::EventField(name) => self.event_type(events, name),
            TextTerm::Latest(aggregate) => {
                self.query(&aggregate.query, &[1]);
                aggregate.field.as_ref().and_then(|field| self.event_type(&aggregate.query.events, field))
            }
        };
        // One that is asked about nowhere.
        values.extend(match &ty {
            Some(Type::OneOf(words)) => words.iter().find(|word| !values.contains(word)).cloned(),
            _ => Some("something else".into()),
        });
        let (events, name) = match term {
            TextTerm::Field(path) => {
                return values.into_iter().for_each(|value| self.value(path, Value::Text(value)));
            }
            TextTerm::EventField(name) => (events, Some(name.clone())),
            TextTerm::Latest(aggregate) => (aggregate.query.events.as_slice(), aggregate.field.clone()),
        };
        let Some(name) = name else { return };
        let values: Vec<Value> = values.into_iter().map(Value::Text).collect();
        self.facts(events, &name, &values);
    }

    fn yes(&mut self, term: &TextTerm, events: &[EventId]) {
        let both = vec![Value::YesNo(true), Value::YesNo(false)];
        match term {
            TextTerm::Field(path) => both.into_iter().for_each(|value| self.value(path, value)),
            TextTerm::EventField(name) => self.facts(events, name, &both),
            TextTerm::Latest(aggregate) => {
                self.query(&aggregate.query, &[1]);
                if let Some(field) = &aggregate.field {
                    self.facts(&aggregate.query.events, field, &both);
                }
            }
        }
    }

    fn facts(&mut self, events: &[EventId], name: &SmolStr, values: &[Value]) {
        for event in events {
            let Some(declared) = self.program.events.get(event.index()) else { continue };
            if declared.fields.iter().any(|field| field.name == *name) {
                let asked = self.asked.events.entry(declared.name.clone()).or_default();
                let facts = asked.facts.entry(name.clone()).or_default();
                values.iter().for_each(|value| push(facts, value.clone()));
            }
        }
    }

    fn event_type(&self, events: &[EventId], name: &str) -> Option<Type> {
        let events = events.iter().filter_map(|event| self.program.events.get(event.index()));
        events.flat_map(|event| &event.fields).find(|field| field.name == name).map(|field| field.ty.clone())
    }

    /// A word that a list can have.
    fn word(&self, list: &FieldPath) -> Option<SmolStr> {
        match &self.program.field(list)?.ty {
            Type::List(of) => match of.as_ref() {
                Type::OneOf(words) => words.first().cloned(),
                _ => None,
            },
            _ => None,
        }
    }

    fn list(&mut self, list: &FieldPath, values: &[SmolStr]) {
        self.value(list, Value::List(values.to_vec()));
        for value in values {
            self.value(list, Value::List(vec![value.clone()]));
        }
        self.value(list, Value::List(Vec::new()));
        let is_objections = self.program.field(list).is_some_and(|field| field.name == OPEN_OBJECTIONS);
        if is_objections {
            let said: Vec<SmolStr> = self
                .program
                .phrases
                .iter()
                .filter(|set| set.objection && values.contains(&set.name))
                .flat_map(|set| set.texts.iter().take(1).cloned())
                .collect();
            self.heard(&said, None);
        }
    }

    /// Some value, so that it is known.
    fn known(&mut self, path: &FieldPath) {
        let Some(ty) = self.program.field(path).map(|field| field.ty.clone()) else { return };
        match ty {
            Type::Text => self.value(path, Value::Text("something".into())),
            Type::YesNo => self.value(path, Value::YesNo(true)),
            Type::OneOf(words) => {
                words.into_iter().take(1).for_each(|word| self.value(path, Value::Text(word)));
            }
            Type::List(_) => self.value(path, Value::List(Vec::new())),
            Type::Record(entity) => self.related(path, entity),
            _ => self.number(path, None),
        }
    }

    /// A record is known by a name of its own.
    fn related(&mut self, path: &FieldPath, entity: compiler::program::EntityId) {
        let Some(of) = self.program.entities.get(entity.index()) else { return };
        let named = of.fields.iter().find(|field| field.ty == Type::Text && field.name == "name");
        let named = named.or_else(|| of.fields.iter().find(|field| field.ty == Type::Text));
        if let (Some(mut walked), Some(named)) = (names(self.program, path), named) {
            walked.push(named.name.clone());
            push(self.asked.fields.entry(walked).or_default(), Value::Text("something".into()));
        }
    }

    fn value(&mut self, path: &FieldPath, value: Value) {
        let Some(walked) = names(self.program, path) else { return };
        let known = resolve(self.program, path.entity, &walked)
            .is_some_and(|(_, field)| super::example::fits(&field.ty, &value));
        if known {
            push(self.asked.fields.entry(walked).or_default(), value);
        }
    }

    fn query(&mut self, query: &EventQuery, counts: &[u32]) {
        self.event(&query.events, query.window, counts);
        if let Some(filter) = &query.filter {
            self.condition(filter, &query.events);
        }
    }

    fn event(&mut self, events: &[EventId], window: Option<Window>, counts: &[u32]) {
        for event in events {
            let Some(declared) = self.program.events.get(event.index()) else { continue };
            let asked = self.asked.events.entry(declared.name.clone()).or_default();
            for &count in counts.iter().filter(|count| (1..=MOST).contains(*count)) {
                push(&mut asked.counts, count);
            }
            if asked.counts.is_empty() {
                asked.counts.push(1);
            }
            for ago in ages(window) {
                push(&mut asked.ago, ago);
            }
        }
    }
}

fn push<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if !list.contains(&value) {
        list.push(value);
    }
}

/// Just inside a window, and just outside.
fn ages(window: Option<Window>) -> Vec<Window> {
    let hour = Window { amount: 1, unit: DurationUnit::Hour, business: false };
    let Some(window) = window else { return vec![hour] };
    let inside = match window.amount {
        0 | 1 => hour,
        amount => Window { amount: amount - 1, ..window },
    };
    vec![inside, Window { amount: window.amount.saturating_add(1), ..window }]
}

/// Numbers on both sides of a constant, and it; without one a few that differ.
fn around(ty: &Type, constant: Option<Fixed>) -> Vec<Value> {
    let step = match ty {
        Type::Number | Type::Percent | Type::Money | Type::Score => SCALE,
        Type::Duration => 3_600 * SCALE,
        Type::Date => 86_400 * SCALE,
        _ => return Vec::new(),
    };
    // A day in the reach of tests.
    let base = if *ty == Type::Date { 20_000 * 86_400 * SCALE } else { 0 };
    let numbers = match constant {
        Some(Fixed(constant)) => vec![constant, constant.saturating_sub(step), constant.saturating_add(step)],
        None => vec![base, base.saturating_add(step), base.saturating_add(100 * step)],
    };
    let writable = |number: &i64| match ty {
        Type::Date => number.rem_euclid(step) == 0,
        Type::Duration => *number >= 0 && number.rem_euclid(60 * SCALE) == 0,
        Type::Money => *number >= 0,
        _ => true,
    };
    numbers.into_iter().filter(writable).map(|number| Value::Number(Fixed(number))).collect()
}
