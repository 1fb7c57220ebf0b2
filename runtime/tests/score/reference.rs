//! A second scorer, deliberately naive: it walks the Program for one record and does what the doc comments say.
//!
//! It shares nothing with the engine: no slots, no bits, no streaming; its own numbers, fading, folding and search. Slow, and
//! obvious. Business time is not its matter.

use compiler::program::*;
use jiff::{Span, Timestamp, tz::TimeZone};
use language::syntax::{AggregateFunction, DurationUnit};
use runtime::facts::{Coverage, EventFact, Facts, Reported};
use smol_str::SmolStr;

pub(crate) struct World<'a> {
    pub(crate) program: &'a Program,
    pub(crate) facts: &'a Facts,
    pub(crate) coverage: &'a Coverage,
    pub(crate) now: Timestamp,
}

/// Hundredths: as it stands, and what it could become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Points {
    pub(crate) value: i128,
    pub(crate) low: i128,
    pub(crate) high: i128,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) points: Points,
    pub(crate) layers: Vec<Points>,
    pub(crate) route: Option<u32>,
    pub(crate) possible: Vec<Option<u32>>,
    pub(crate) fired: Vec<usize>,
}

/// A number in millionths between two bounds; equal ones are a value.
type Range = Option<(i128, i128)>;

impl World<'_> {
    pub(crate) fn score(&self, id: usize) -> Outcome {
        let score = &self.program.scores[id];
        let mut fired = Vec::new();
        let mut first = 0;
        let mut layers = Vec::new();
        for layer in &score.layers {
            let (points, of_layer) = self.layer(score, layer);
            fired.extend(of_layer.into_iter().map(|rule| rule + first));
            first += layer.rules.len();
            layers.push(points);
        }
        let (route, possible) = self.route(id);
        Outcome { points: self.total(id), layers, route, possible, fired }
    }

    fn total(&self, id: usize) -> Points {
        let score = &self.program.scores[id];
        let counts =
            |layer: &Layer| layer.once.is_none_or(|event| self.covered(self.coverage.events.get(&event), self.now));
        let counted: Vec<(&Layer, Points)> = score
            .layers
            .iter()
            .filter(|layer| counts(layer))
            .map(|layer| (layer, self.layer(score, layer).0))
            .collect();
        let all_count = counted.len() == score.layers.len();
        let weights: i128 = counted.iter().map(|(layer, _)| i128::from(layer.weight.unwrap_or_default().0)).sum();
        if score.weighted && !all_count && weights == 0 {
            return Points { value: 0, low: 0, high: 10_000 };
        }
        let sum = |pick: fn(&Points) -> i128| -> i128 {
            let weighed =
                counted.iter().map(|(layer, points)| (i128::from(layer.weight.unwrap_or_default().0), pick(points)));
            match (score.weighted, all_count) {
                (false, _) => counted.iter().map(|(_, points)| pick(points)).sum(),
                (true, true) => weighed.map(|(weight, points)| half_even(weight * points, 100_000_000)).sum(),
                (true, false) => half_even(weighed.map(|(weight, points)| weight * points).sum(), weights),
            }
        };
        Points { value: sum(|points| points.value), low: sum(|points| points.low), high: sum(|points| points.high) }
    }

    fn layer(&self, score: &Score, layer: &Layer) -> (Points, Vec<usize>) {
        let mut sum = Points { value: 0, low: 0, high: 0 };
        let mut fired = Vec::new();
        for (place, rule) in layer.rules.iter().enumerate() {
            let (line, fires) = self.rule(layer, rule);
            sum = Points { value: sum.value + line.value, low: sum.low + line.low, high: sum.high + line.high };
            if fires {
                fired.push(place);
            }
        }
        if score.weighted {
            let clamp = |points: i128| points.clamp(0, 10_000);
            sum = Points { value: clamp(sum.value), low: clamp(sum.low), high: clamp(sum.high) };
        }
        (sum, fired)
    }

    fn rule(&self, layer: &Layer, rule: &Rule) -> (Points, bool) {
        let full = half_even(i128::from(rule.points.0), 10_000);
        let exactly = |value| Points { value, low: value, high: value };
        match &rule.form {
            RuleForm::When(condition) => match self.holds(condition, None, false) {
                Some(false) => (exactly(0), false),
                None => (Points { value: 0, low: full.min(0), high: full.max(0) }, false),
                Some(true) => {
                    let Some(half_life) = layer.half_life else { return (exactly(full), true) };
                    let (mut dates, mut more) = (Vec::new(), false);
                    self.evidence(condition, &mut dates, &mut more);
                    let line = dates.iter().max().map_or(full, |at| self.faded(rule.points, *at, half_life));
                    let ends = match (more, dates.is_empty()) {
                        (false, _) => (line, line),
                        (true, true) => (0, full),
                        (true, false) => (line, full),
                    };
                    (
                        Points { value: line, low: line.min(ends.0).min(ends.1), high: line.max(ends.0).max(ends.1) },
                        true,
                    )
                }
            },
            RuleForm::Each { query, up_to } => {
                let (events, complete) = self.events(query);
                let lines = events.iter().map(|event| match layer.half_life {
                    Some(half_life) => self.faded(rule.points, event.at, half_life),
                    None => full,
                });
                let cap = half_even(i128::from(up_to.0), 10_000) * if rule.points.0 < 0 { -1 } else { 1 };
                let sum: i128 = lines.sum();
                let sum = if cap < 0 { sum.max(cap) } else { sum.min(cap) };
                let points =
                    if complete { exactly(sum) } else { Points { value: sum, low: sum.min(cap), high: sum.max(cap) } };
                (points, !events.is_empty())
            }
        }
    }

    /// Dates of the newest event of each affirmed query that holds; `more` where newer ones may have gone unreported.
    fn evidence(&self, condition: &Condition, dates: &mut Vec<Timestamp>, more: &mut bool) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|part| self.evidence(part, dates, more));
            }
            Condition::Fresh { condition, .. } => self.evidence(condition, dates, more),
            Condition::Happened { query, at_least, .. } if *at_least > 0 => {
                let (events, complete) = self.events(query);
                *more |= !complete;
                if self.holds(condition, None, false) == Some(true) {
                    dates.extend(events.iter().map(|event| event.at).max());
                }
            }
            Condition::Mentions { phrases, window } => {
                *more |= !self.covered_since(self.coverage.conversations.as_ref(), *window);
                dates.extend(self.mentions(*phrases, *window));
            }
            _ => {}
        }
    }

    fn faded(&self, points: Fixed, at: Timestamp, half_life: Fixed) -> i128 {
        let age = (self.now.as_microsecond() - at.as_microsecond()) as f64 / half_life.0 as f64;
        (points.0 as f64 * 0.5_f64.powf(age) / 10_000.0).round_ties_even() as i128
    }

    fn route(&self, id: usize) -> (Option<u32>, Vec<Option<u32>>) {
        let score = &self.program.scores[id];
        let mut possible = Vec::new();
        let mut decided = false;
        for line in &score.routes {
            let holds = line.condition.as_ref().map_or(Some(true), |condition| self.holds(condition, None, false));
            if holds != Some(false) && !possible.contains(&Some(line.label.0)) {
                possible.push(Some(line.label.0));
            }
            if holds == Some(true) {
                decided = true;
                break;
            }
        }
        if !decided {
            possible.push(None);
        }
        let stands = |line: &&RouteLine| {
            line.condition.as_ref().is_none_or(|condition| self.holds(condition, None, true) == Some(true))
        };
        (score.routes.iter().find(stands).map(|line| line.label.0), possible)
    }

    /// Kleene's value of a condition; of the event, in a filter; with scores as they stand where `current`.
    pub(crate) fn holds(&self, condition: &Condition, event: Option<&EventFact>, current: bool) -> Option<bool> {
        let value = |condition: &Condition| self.holds(condition, event, current);
        match condition {
            Condition::Not(inner) => value(inner).map(|holds| !holds),
            Condition::All(parts) => {
                let values: Vec<_> = parts.iter().map(value).collect();
                if values.contains(&Some(false)) {
                    Some(false)
                } else if values.contains(&None) {
                    None
                } else {
                    Some(true)
                }
            }
            Condition::Any(parts) => {
                let values: Vec<_> = parts.iter().map(value).collect();
                if values.contains(&Some(true)) {
                    Some(true)
                } else if values.contains(&None) {
                    None
                } else {
                    Some(false)
                }
            }
            Condition::Compare { left, operator, right } => {
                compare(self.number(left, event, current)?, *operator, self.number(right, event, current)?)
            }
            Condition::Between { term, low, high } => value(&Condition::All(vec![
                Condition::Compare { left: term.clone(), operator: Comparison::AtLeast, right: low.clone() },
                Condition::Compare { left: term.clone(), operator: Comparison::AtMost, right: high.clone() },
            ])),
            Condition::OneOf { term, values } => match self.text(term, event)? {
                Value::Text(text) => Some(values.contains(&text)),
                _ => None,
            },
            Condition::Same { left, right } => Some(self.text(left, event)? == self.text(right, event)?),
            Condition::Text { term, operator, value } => match self.text(term, event)? {
                Value::Text(text) => Some(match operator {
                    TextOperator::Starts => text.starts_with(value.as_str()),
                    TextOperator::Ends => text.ends_with(value.as_str()),
                    TextOperator::Contains => text.contains(value.as_str()),
                }),
                _ => None,
            },
            Condition::Yes(term) => match self.text(term, event)? {
                Value::YesNo(yes) => Some(yes),
                _ => None,
            },
            Condition::Has { list, which, values } => Some(has(&self.list(list)?, *which, values)),
            Condition::HasOf { list, which, other } => Some(has(&self.list(list)?, *which, &self.list(other)?)),
            Condition::Known(path) => Some(match self.program.field(path)?.ty {
                Type::Record(_) => {
                    let walked = path.relations.iter().chain([&path.field]).copied().collect::<Vec<_>>();
                    self.belongs(&walked)
                }
                _ => self.value(path).is_some(),
            }),
            Condition::Fresh { condition, fields, window } => {
                let start = self.start(*window);
                let stale = |path: &FieldPath| self.facts.observed.get(path).is_some_and(|at| *at <= start);
                if fields.iter().any(stale) { None } else { value(condition) }
            }
            Condition::Happened { query, at_least, at_most } => {
                let (events, complete) = self.events(query);
                let seen = events.len() as u32;
                if at_most.is_some_and(|most| seen > most) || (seen < *at_least && complete) {
                    Some(false)
                } else if seen >= *at_least && (at_most.is_none() || complete) {
                    Some(true)
                } else {
                    None
                }
            }
            Condition::Mentions { phrases, window } => match self.mentions(*phrases, *window) {
                Some(_) => Some(true),
                None if self.covered_since(self.coverage.conversations.as_ref(), *window) => Some(false),
                None => None,
            },
            Condition::Routed { score, labels, certainty } => {
                let (route, possible) = self.route(score.index());
                let wanted = |route: &Option<u32>| route.is_some_and(|route| labels.contains(&LabelId(route)));
                match certainty {
                    Some(Certainty::Certain) => Some(possible.len() == 1 && wanted(&route)),
                    Some(Certainty::Provisional) => Some(possible.len() > 1 && wanted(&route)),
                    None if current => Some(wanted(&route)),
                    None if possible.iter().all(wanted) => Some(true),
                    None if possible.iter().any(wanted) => None,
                    None => Some(false),
                }
            }
        }
    }

    fn number(&self, term: &Term, event: Option<&EventFact>, current: bool) -> Range {
        let exactly = |value: i64| Some((i128::from(value), i128::from(value)));
        match term {
            Term::Constant(value) => exactly(value.0),
            Term::Field(path) => match self.value(path)? {
                Value::Number(value) => exactly(value.0),
                _ => None,
            },
            Term::EventField(name) => match fact(event?, name)? {
                Value::Number(value) => exactly(value.0),
                _ => None,
            },
            Term::Today => {
                let day = self.now.to_zoned(self.zone()).date();
                exactly(day.to_zoned(TimeZone::UTC).unwrap().timestamp().as_second() * 1_000_000)
            }
            Term::Now => exactly(self.now.as_microsecond()),
            Term::Aggregate(aggregate) if aggregate.function == AggregateFunction::Count => {
                let (events, complete) = self.events(&aggregate.query);
                let count = events.len() as i128 * 1_000_000;
                Some((count, if complete { count } else { i128::from(i64::MAX) }))
            }
            Term::Aggregate(aggregate) => match self.aggregate(aggregate)? {
                Value::Number(value) => exactly(value.0),
                _ => None,
            },
            Term::Score(reference) => {
                let score = &self.program.scores[reference.score.index()];
                let points = match reference.layer {
                    Some(layer) => self.layer(score, &score.layers[layer as usize]).0,
                    None => self.total(reference.score.index()),
                };
                let (low, high) = if current { (points.value, points.value) } else { (points.low, points.high) };
                Some((low * 10_000, high * 10_000))
            }
            Term::Arithmetic { operator, left, right } => {
                let (a, b) = (self.number(left, event, current)?, self.number(right, event, current)?);
                if *operator == Arithmetic::Over && b.0 <= 0 && b.1 >= 0 {
                    return None;
                }
                let corners = [(a.0, b.0), (a.0, b.1), (a.1, b.0), (a.1, b.1)].map(|(x, y)| {
                    let exact = match operator {
                        Arithmetic::Plus => x + y,
                        Arithmetic::Minus => x - y,
                        Arithmetic::Times => half_even(x * y, 1_000_000),
                        Arithmetic::Over => half_even(x * 1_000_000, y),
                    };
                    exact.clamp(i128::from(i64::MIN), i128::from(i64::MAX))
                });
                Some((*corners.iter().min()?, *corners.iter().max()?))
            }
        }
    }

    fn text(&self, term: &TextTerm, event: Option<&EventFact>) -> Option<Value> {
        match term {
            TextTerm::Field(path) => self.value(path),
            TextTerm::EventField(name) => fact(event?, name).cloned(),
            TextTerm::Latest(aggregate) => self.aggregate(aggregate),
        }
    }

    fn list(&self, path: &FieldPath) -> Option<Vec<SmolStr>> {
        match self.value(path)? {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    fn value(&self, path: &FieldPath) -> Option<Value> {
        let field = self.program.field(path)?;
        let stored = self.facts.fields.get(path).cloned();
        if field.name == "objections.open" {
            return self.open_objections(stored);
        }
        match (stored, &field.ty) {
            (None, Type::List(_))
                if !field.optional && (path.relations.is_empty() || self.belongs(&path.relations)) =>
            {
                Some(Value::List(Vec::new()))
            }
            (stored, _) => stored,
        }
    }

    fn open_objections(&self, stored: Option<Value>) -> Option<Value> {
        let known = stored.is_some();
        let mut open = match stored {
            Some(Value::List(list)) => list,
            _ => Vec::new(),
        };
        let mut mentioned = false;
        for (id, set) in self.program.phrases.iter().enumerate().filter(|(_, set)| set.objection) {
            let Some(at) = self.mentions(PhrasesId(id as u32), None) else { continue };
            mentioned = true;
            let answered = self.facts.events.iter().any(|event| {
                let kind = &self.program.events[event.event.index()];
                let about = fact(event, "objection") == Some(&Value::Text(set.name.clone()));
                kind.name == "objection.answered" && about && event.at >= at && event.at <= self.now
            });
            if !answered && !open.contains(&set.name) {
                open.push(set.name.clone());
            }
        }
        let listened = self.covered(self.coverage.conversations.as_ref(), self.now);
        (known || mentioned || listened).then_some(Value::List(open))
    }

    fn belongs(&self, relations: &[FieldId]) -> bool {
        self.facts.fields.keys().any(|path| {
            let walked: Vec<_> = path.relations.iter().chain([&path.field]).copied().collect();
            walked.starts_with(relations)
        })
    }

    /// The events that surely count, and whether they are all there are.
    fn events(&self, query: &EventQuery) -> (Vec<&EventFact>, bool) {
        let start = query.window.map_or(Timestamp::MIN, |window| self.start(window));
        let covered = query.events.iter().all(|event| self.covered(self.coverage.events.get(event), start));
        let mut surely = Vec::new();
        let mut unsure = false;
        for event in &self.facts.events {
            let after_start = query.window.is_none() || event.at > start;
            if !query.events.contains(&event.event) || !after_start || event.at > self.now {
                continue;
            }
            match query.filter.as_ref().map_or(Some(true), |filter| self.holds(filter, Some(event), false)) {
                Some(true) => surely.push(event),
                Some(false) => {}
                None => unsure = true,
            }
        }
        (surely, covered && !unsure)
    }

    fn aggregate(&self, aggregate: &Aggregate) -> Option<Value> {
        let (events, complete) = self.events(&aggregate.query);
        if !complete {
            return None;
        }
        let field = aggregate.field.as_ref()?;
        let mut dated: Vec<(Timestamp, Value)> =
            events.iter().filter_map(|event| Some((event.at, fact(event, field)?.clone()))).collect();
        if aggregate.function == AggregateFunction::Latest {
            // At the same instant the larger value counts.
            dated.sort_by(|(at, value), (other_at, other)| at.cmp(other_at).then(order(value).cmp(&order(other))));
            return dated.pop().map(|(_, value)| value);
        }
        let mut numbers: Vec<i128> = dated
            .iter()
            .filter_map(|(_, value)| match value {
                Value::Number(value) => Some(i128::from(value.0)),
                _ => None,
            })
            .collect();
        numbers.sort_unstable();
        let (count, sum) = (numbers.len(), numbers.iter().sum::<i128>());
        let result = match aggregate.function {
            AggregateFunction::Sum => sum,
            _ if count == 0 => return None,
            AggregateFunction::Average => half_even(sum, count as i128),
            AggregateFunction::Highest => numbers[count - 1],
            AggregateFunction::Lowest => numbers[0],
            AggregateFunction::Median if count % 2 == 1 => numbers[count / 2],
            AggregateFunction::Median => half_even(numbers[count / 2 - 1] + numbers[count / 2], 2),
            AggregateFunction::Count | AggregateFunction::Latest => return None,
        };
        Some(Value::Number(Fixed(result.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64)))
    }

    /// When one of the phrases was last said.
    fn mentions(&self, phrases: PhrasesId, window: Option<Window>) -> Option<Timestamp> {
        let start = window.map(|window| self.start(window));
        let texts = &self.program.phrases[phrases.index()].texts;
        let said = self
            .facts
            .conversations
            .iter()
            .filter(|said| said.at <= self.now && start.is_none_or(|start| said.at > start));
        said.filter(|said| texts.iter().any(|phrase| mentions(&said.text, phrase))).map(|said| said.at).max()
    }

    fn zone(&self) -> TimeZone {
        TimeZone::get(&self.program.client.timezone).unwrap()
    }

    fn start(&self, window: Window) -> Timestamp {
        assert!(!window.business, "the reference does not know business time");
        let amount = i64::from(window.amount);
        let span = match window.unit {
            DurationUnit::Second => Span::new().seconds(amount),
            DurationUnit::Minute => Span::new().minutes(amount),
            DurationUnit::Hour => Span::new().hours(amount),
            DurationUnit::Day => Span::new().days(amount),
            DurationUnit::Week => Span::new().weeks(amount),
            DurationUnit::Month => Span::new().months(amount),
            DurationUnit::Year => Span::new().years(amount),
        };
        (self.now.to_zoned(self.zone()) - span).timestamp()
    }

    fn covered(&self, reported: Option<&Reported>, start: Timestamp) -> bool {
        reported.is_some_and(|reported| reported.since <= start && reported.until.is_none_or(|until| until >= self.now))
    }

    fn covered_since(&self, reported: Option<&Reported>, window: Option<Window>) -> bool {
        self.covered(reported, window.map_or(Timestamp::MIN, |window| self.start(window)))
    }
}

fn fact<'e>(event: &'e EventFact, name: &str) -> Option<&'e Value> {
    event.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

fn order(value: &Value) -> (i64, String) {
    match value {
        Value::Number(value) => (value.0, String::new()),
        Value::Text(text) => (0, text.to_string()),
        Value::YesNo(yes) => (i64::from(*yes), String::new()),
        Value::List(_) => (0, String::new()),
    }
}

fn has(list: &[SmolStr], which: Which, values: &[SmolStr]) -> bool {
    match which {
        Which::Any => values.iter().any(|value| list.contains(value)),
        Which::All => values.iter().all(|value| list.contains(value)),
        Which::None => values.iter().all(|value| !list.contains(value)),
    }
}

fn compare(a: (i128, i128), operator: Comparison, b: (i128, i128)) -> Option<bool> {
    let always = |test: fn(i128, i128) -> bool| {
        // Monotone comparisons are settled at the corners.
        let corners = [(a.0, b.0), (a.0, b.1), (a.1, b.0), (a.1, b.1)].map(|(x, y)| test(x, y));
        if corners.iter().all(|&holds| holds) {
            Some(true)
        } else if corners.iter().any(|&holds| holds) {
            None
        } else {
            Some(false)
        }
    };
    let equal = if a.0 == a.1 && b.0 == b.1 && a.0 == b.0 {
        Some(true)
    } else if a.1 < b.0 || b.1 < a.0 {
        Some(false)
    } else {
        None
    };
    match operator {
        Comparison::Less => always(|x, y| x < y),
        Comparison::AtMost => always(|x, y| x <= y),
        Comparison::More => always(|x, y| x > y),
        Comparison::AtLeast => always(|x, y| x >= y),
        Comparison::Equal => equal,
        Comparison::NotEqual => equal.map(|equal| !equal),
    }
}

/// Rounds to the nearest whole, ties to the even one.
fn half_even(numerator: i128, denominator: i128) -> i128 {
    let (n, d) = if denominator < 0 { (-numerator, -denominator) } else { (numerator, denominator) };
    let below = n.div_euclid(d);
    let twice_rest = 2 * (n - below * d);
    if twice_rest > d || (twice_rest == d && below % 2 != 0) { below + 1 } else { below }
}

/// Whether a text has a phrase: by words, whatever the case and the blanks.
fn mentions(text: &str, phrase: &str) -> bool {
    let fold = |text: &str| -> Vec<char> {
        text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase().replace('\u{2019}', "'").chars().collect()
    };
    let (text, phrase) = (fold(text), fold(phrase));
    let joined = |left: Option<&char>, right: Option<&char>| {
        left.is_some_and(|c| c.is_alphanumeric()) && right.is_some_and(|c| c.is_alphanumeric())
    };
    (0..text.len()).any(|at| {
        text[at..].starts_with(&phrase)
            && !joined(at.checked_sub(1).and_then(|before| text.get(before)), phrase.first())
            && !joined(phrase.last(), text.get(at + phrase.len()))
    })
}
