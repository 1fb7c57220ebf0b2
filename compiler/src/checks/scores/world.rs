//! One record with all that is known of it, and what a score says of it, as a test of the language would find.
//!
//! Plain, and only as far as witnesses go: what depends on how long ago something was, beyond whether a window reaches so far, is left
//! to the scorer; then nothing is said.

use std::collections::{BTreeMap, BTreeSet};

use language::syntax::{AggregateFunction, DurationUnit};
use smol_str::SmolStr;

use super::formula::{Truth, joined};
use super::model::{HUNDRED, Model, cents};
use crate::checks::domain::has_shape;
use crate::program::{
    Aggregate, Arithmetic, Comparison, Condition, EventId, EventQuery, FieldPath, Fixed, LabelId, Layer, PhrasesId,
    Program, RuleForm, ScoreId, Term, TextTerm, Type, Value, Which, Window,
};

/// A record.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) fields: BTreeMap<FieldPath, Value>,
    pub(crate) events: Vec<Happened>,
    pub(crate) said: Vec<Said>,
    /// What no source reports.
    pub(crate) silent: BTreeSet<EventId>,
    pub(crate) silent_conversations: bool,
}

/// An event.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Happened {
    pub(crate) event: EventId,
    pub(crate) facts: Vec<(SmolStr, Value)>,
    /// As long ago as that; now where absent.
    pub(crate) ago: Option<Window>,
}

/// A conversation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Said {
    pub(crate) text: SmolStr,
    pub(crate) ago: Option<Window>,
}

/// What a score says, in hundredths.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    pub(crate) layers: Vec<i64>,
    pub(crate) score: i64,
    /// Where it stands now; none is nowhere.
    pub(crate) route: Option<LabelId>,
    /// The line that it comes by.
    pub(crate) line: Option<usize>,
    /// By line.
    pub(crate) holds: Vec<Truth>,
    /// By rule, in source order.
    pub(crate) fired: Vec<bool>,
}

/// That it cannot be told here.
pub(crate) struct Unclear;

type Told<T> = Result<T, Unclear>;
type Numbers = Option<(i64, i64)>;

/// Where conditions are judged.
struct At<'w> {
    program: &'w Program,
    world: &'w World,
    /// The score at hand with its layers and what it adds up to.
    own: Option<(ScoreId, &'w [i64], i64)>,
}

pub(crate) fn judge(model: &Model<'_>, world: &World) -> Told<Judged> {
    let mut at = At { program: model.program, world, own: None };
    let (mut layers, mut fired) = (Vec::new(), Vec::new());
    let mut left_out = 0_u32;
    for (number, layer) in (0..).zip(&model.score.layers) {
        let mut sum = 0_i64;
        for rule in &layer.rules {
            let (points, fires) = at.rule(layer, rule)?;
            sum = sum.saturating_add(points);
            fired.push(fires);
        }
        layers.push(if model.score.weighted { sum.clamp(0, HUNDRED) } else { sum });
        if layer.once.is_some_and(|event| world.silent.contains(&event)) {
            left_out |= 1_u32.checked_shl(number).ok_or(Unclear)?;
        }
    }
    let score = model.composite(&layers, left_out);
    at.own = Some((model.id, &layers, score));
    let mut holds = Vec::new();
    for line in &model.score.routes {
        holds.push(match &line.condition {
            Some(condition) => at.holds(condition, None)?,
            None => Some(true),
        });
    }
    let line = holds.iter().position(|holds| *holds == Some(true));
    let route = line.and_then(|line| model.score.routes.get(line)).map(|line| line.label);
    Ok(Judged { layers, score, route, line, holds, fired })
}

/// How many of these there are.
pub(crate) fn count(program: &Program, world: &World, query: &EventQuery) -> Option<usize> {
    At { program, world, own: None }.events(query).ok().map(|(events, _)| events.len())
}

/// Whether one of the phrases was said.
pub(crate) fn is_said(program: &Program, world: &World, phrases: PhrasesId, window: Option<Window>) -> Option<bool> {
    At { program, world, own: None }.mentions(phrases, window).ok()
}

impl At<'_> {
    fn rule(&self, layer: &Layer, rule: &crate::program::Rule) -> Told<(i64, bool)> {
        let points = cents(rule.points);
        let events = match &rule.form {
            RuleForm::When(condition) => {
                if self.holds(condition, None)? != Some(true) {
                    return Ok((0, false));
                }
                if layer.half_life.is_some() && self.is_old(condition)? {
                    return Err(Unclear);
                }
                return Ok((points, true));
            }
            RuleForm::Each { query, .. } => self.events(query)?.0,
        };
        let RuleForm::Each { up_to, .. } = &rule.form else { return Err(Unclear) };
        if layer.half_life.is_some() && events.iter().any(|event| event.ago.is_some()) {
            return Err(Unclear);
        }
        let cap = cents(*up_to).saturating_abs();
        let sum = points.saturating_mul(i64::try_from(events.len()).map_err(|_| Unclear)?);
        Ok((sum.clamp(-cap, cap), !events.is_empty()))
    }

    /// Whether its evidence is older than now.
    fn is_old(&self, condition: &Condition) -> Told<bool> {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                let mut old = false;
                for part in parts {
                    old |= self.is_old(part)?;
                }
                Ok(old)
            }
            Condition::Fresh { condition, .. } => self.is_old(condition),
            Condition::Happened { query, at_least, .. } if *at_least > 0 => {
                Ok(self.events(query)?.0.iter().any(|event| event.ago.is_some()))
            }
            Condition::Mentions { .. } => Ok(self.world.said.iter().any(|said| said.ago.is_some())),
            _ => Ok(false),
        }
    }

    fn holds(&self, condition: &Condition, event: Option<&Happened>) -> Told<Truth> {
        let all = |parts: &[Condition], any: bool| -> Told<Truth> {
            let truths: Told<Vec<Truth>> = parts.iter().map(|part| self.holds(part, event)).collect();
            Ok(joined(truths?.into_iter(), any))
        };
        Ok(match condition {
            Condition::Not(inner) => self.holds(inner, event)?.map(|holds| !holds),
            Condition::All(parts) => all(parts, false)?,
            Condition::Any(parts) => all(parts, true)?,
            // What a test gives is fresh.
            Condition::Fresh { condition, .. } => self.holds(condition, event)?,
            Condition::Compare { left, operator, right } => {
                compared(self.number(left, event)?, *operator, self.number(right, event)?)
            }
            Condition::Between { term, low, high } => {
                let term = self.number(term, event)?;
                let from = compared(term, Comparison::AtLeast, self.number(low, event)?);
                let to = compared(term, Comparison::AtMost, self.number(high, event)?);
                joined([from, to].into_iter(), false)
            }
            Condition::OneOf { term, values } => match self.text(term, event)? {
                Some(Value::Text(text)) => Some(values.contains(&text)),
                _ => None,
            },
            Condition::Same { left, right } => match (self.text(left, event)?, self.text(right, event)?) {
                (Some(left), Some(right)) => Some(left == right),
                _ => None,
            },
            Condition::Text { term, operator, value } => match self.text(term, event)? {
                Some(Value::Text(text)) => Some(has_shape(&text, (*operator, value))),
                _ => None,
            },
            Condition::Yes(term) => match self.text(term, event)? {
                Some(Value::YesNo(yes)) => Some(yes),
                _ => None,
            },
            Condition::Has { list, which, values } => self.list(list)?.map(|list| has(&list, *which, values)),
            Condition::HasOf { list, which, other } => match (self.list(list)?, self.list(other)?) {
                (Some(list), Some(other)) => Some(has(&list, *which, &other)),
                _ => None,
            },
            Condition::Known(path) => Some(match self.program.field(path).map(|field| &field.ty) {
                Some(Type::Record(_)) => {
                    let walked: Vec<_> = path.relations.iter().chain([&path.field]).copied().collect();
                    self.belongs(&walked)
                }
                Some(Type::List(_)) => self.list(path)?.is_some(),
                _ => self.world.fields.contains_key(path),
            }),
            Condition::Happened { query, at_least, at_most } => {
                let (events, complete) = self.events(query)?;
                let seen = u32::try_from(events.len()).unwrap_or(u32::MAX);
                if at_most.is_some_and(|most| seen > most) || (seen < *at_least && complete) {
                    Some(false)
                } else {
                    (seen >= *at_least && (at_most.is_none() || complete)).then_some(true)
                }
            }
            Condition::Mentions { phrases, window } => {
                if self.mentions(*phrases, *window)? {
                    Some(true)
                } else {
                    (!self.world.silent_conversations).then_some(false)
                }
            }
            // Where another score routes is for the scorer to say.
            Condition::Routed { .. } => return Err(Unclear),
        })
    }

    fn number(&self, term: &Term, event: Option<&Happened>) -> Told<Numbers> {
        let exactly = |value: i64| Some((value, value));
        let of = |value: Option<Value>| match value {
            Some(Value::Number(number)) => exactly(number.0),
            _ => None,
        };
        Ok(match term {
            Term::Constant(value) => exactly(value.0),
            Term::Field(path) => of(self.world.fields.get(path).cloned()),
            Term::EventField(name) => of(event.and_then(|event| fact(event, name)).cloned()),
            Term::Score(of) => match self.own {
                Some((id, layers, score)) if of.score == id => {
                    let cents = match of.layer {
                        Some(layer) => *layers.get(layer as usize).ok_or(Unclear)?,
                        None => score,
                    };
                    exactly(super::model::fixed(cents).0)
                }
                _ => return Err(Unclear),
            },
            Term::Aggregate(aggregate) if aggregate.function == AggregateFunction::Count => {
                let (events, complete) = self.events(&aggregate.query)?;
                let count = Fixed::from_integer(i64::try_from(events.len()).map_err(|_| Unclear)?).0;
                Some((count, if complete { count } else { i64::MAX }))
            }
            Term::Aggregate(aggregate) => of(self.aggregate(aggregate)?),
            Term::Arithmetic { operator, left, right } => {
                let (left, right) = (self.number(left, event)?, self.number(right, event)?);
                let (Some((left, left_high)), Some((right, right_high))) = (left, right) else { return Ok(None) };
                if left != left_high || right != right_high {
                    return Err(Unclear);
                }
                let (left, right) = (Fixed(left), Fixed(right));
                let result = match operator {
                    Arithmetic::Plus => Some(left.plus(right)),
                    Arithmetic::Minus => Some(left.minus(right)),
                    Arithmetic::Times => Some(left.times(right)),
                    Arithmetic::Over => left.over(right),
                };
                result.and_then(|result| exactly(result.0))
            }
            Term::Today => exactly(today().0),
            Term::Now => return Err(Unclear),
        })
    }

    fn text(&self, term: &TextTerm, event: Option<&Happened>) -> Told<Option<Value>> {
        Ok(match term {
            TextTerm::Field(path) => self.world.fields.get(path).cloned(),
            TextTerm::EventField(name) => event.and_then(|event| fact(event, name)).cloned(),
            TextTerm::Latest(aggregate) => self.aggregate(aggregate)?,
        })
    }

    fn list(&self, path: &FieldPath) -> Told<Option<Vec<SmolStr>>> {
        let field = self.program.field(path).ok_or(Unclear)?;
        let stored = match self.world.fields.get(path) {
            Some(Value::List(list)) => Some(list.clone()),
            _ => None,
        };
        if field.name == "objections.open" {
            return self.open_objections(stored);
        }
        let empty = !field.optional && (path.relations.is_empty() || self.belongs(&path.relations));
        Ok(stored.or_else(|| empty.then(Vec::new)))
    }

    fn open_objections(&self, stored: Option<Vec<SmolStr>>) -> Told<Option<Vec<SmolStr>>> {
        let answered = self.program.event("objection.answered");
        if self.world.events.iter().any(|event| Some(event.event) == answered) {
            return Err(Unclear);
        }
        let mut known = stored.is_some() || !self.world.silent_conversations;
        let mut open = stored.unwrap_or_default();
        for (id, set) in (0..).zip(&self.program.phrases).filter(|(_, set)| set.objection) {
            if self.mentions(PhrasesId(id), None)? {
                known = true;
                if !open.contains(&set.name) {
                    open.push(set.name.clone());
                }
            }
        }
        Ok(known.then_some(open))
    }

    fn belongs(&self, relations: &[crate::program::FieldId]) -> bool {
        self.world.fields.keys().any(|path| {
            let walked: Vec<_> = path.relations.iter().chain([&path.field]).copied().collect();
            walked.starts_with(relations)
        })
    }

    /// The events that surely count, and whether they are all there are.
    fn events(&self, query: &EventQuery) -> Told<(Vec<&Happened>, bool)> {
        let mut complete = !query.events.iter().any(|event| self.world.silent.contains(event));
        let mut counted = Vec::new();
        for event in self.world.events.iter().filter(|event| query.events.contains(&event.event)) {
            if !reaches(query.window, event.ago)? {
                continue;
            }
            match &query.filter {
                None => counted.push(event),
                Some(filter) => match self.holds(filter, Some(event))? {
                    Some(true) => counted.push(event),
                    Some(false) => {}
                    None => complete = false,
                },
            }
        }
        Ok((counted, complete))
    }

    fn aggregate(&self, aggregate: &Aggregate) -> Told<Option<Value>> {
        let (events, complete) = self.events(&aggregate.query)?;
        let Some(field) = aggregate.field.as_ref().filter(|_| complete) else { return Ok(None) };
        let values: Vec<Value> = events.iter().filter_map(|event| fact(event, field).cloned()).collect();
        let numbers: Vec<i64> = values
            .iter()
            .filter_map(|value| match value {
                Value::Number(number) => Some(number.0),
                _ => None,
            })
            .collect();
        Ok(match (aggregate.function, values.as_slice(), numbers.as_slice()) {
            (AggregateFunction::Sum, _, numbers) => {
                Some(Value::Number(Fixed(numbers.iter().fold(0, |sum, number| sum.saturating_add(*number)))))
            }
            (_, [], _) => None,
            (AggregateFunction::Latest, [only], _) => Some(only.clone()),
            (AggregateFunction::Count | AggregateFunction::Latest, ..) => return Err(Unclear),
            // Of one, or several alike, it is that.
            (_, _, [first, rest @ ..]) if rest.iter().all(|number| number == first) => {
                Some(Value::Number(Fixed(*first)))
            }
            _ => return Err(Unclear),
        })
    }

    fn mentions(&self, phrases: PhrasesId, window: Option<Window>) -> Told<bool> {
        let texts = self.program.phrases.get(phrases.index()).map_or(&[][..], |set| set.texts.as_slice());
        let mut found = false;
        for said in &self.world.said {
            found |= texts.iter().any(|phrase| mentions(&said.text, phrase)) && reaches(window, said.ago)?;
        }
        Ok(found)
    }
}

/// The day of a test that names no other: 2026-01-05.
pub(super) fn today() -> Fixed {
    const DAYS: i64 = 20_458;
    Fixed::from_integer(DAYS * 86_400)
}

fn fact<'e>(event: &'e Happened, name: &str) -> Option<&'e Value> {
    event.facts.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

fn has(list: &[SmolStr], which: Which, values: &[SmolStr]) -> bool {
    match which {
        Which::Any => values.iter().any(|value| list.contains(value)),
        Which::All => values.iter().all(|value| list.contains(value)),
        Which::None => !values.iter().any(|value| list.contains(value)),
    }
}

/// Whether a window reaches as far back; its own beginning is not in it.
fn reaches(window: Option<Window>, ago: Option<Window>) -> Told<bool> {
    let (Some(window), Some(ago)) = (window, ago) else { return Ok(true) };
    if window.unit == ago.unit && window.business == ago.business {
        return Ok(ago.amount < window.amount);
    }
    let (Some((window_low, window_high)), Some((ago_low, ago_high))) = (hours(window), hours(ago)) else {
        return Err(Unclear);
    };
    if ago_high < window_low {
        Ok(true)
    } else if ago_low > window_high {
        Ok(false)
    } else {
        Err(Unclear)
    }
}

/// The least and the most hours that it may take, whatever the calendar; none for business time.
fn hours(window: Window) -> Option<(u64, u64)> {
    if window.business {
        return None;
    }
    let amount = u64::from(window.amount);
    // Clocks change by an hour, and a day may come on top.
    let about = |low: u64, high: u64| Some(((amount * low).saturating_sub(2), amount * high + 2));
    match window.unit {
        DurationUnit::Second => Some((amount / 3600, amount / 3600 + 1)),
        DurationUnit::Minute => Some((amount / 60, amount / 60 + 1)),
        DurationUnit::Hour => Some((amount, amount)),
        DurationUnit::Day => about(24, 24),
        DurationUnit::Week => about(24 * 7, 24 * 7),
        DurationUnit::Month => about(24 * 28, 24 * 31),
        DurationUnit::Year => about(24 * 365, 24 * 366),
    }
}

fn compared(left: Numbers, operator: Comparison, right: Numbers) -> Truth {
    let ((left_low, left_high), (right_low, right_high)) = (left?, right?);
    let always = |test: fn(&i64, &i64) -> bool| {
        let corners = [
            test(&left_low, &right_low),
            test(&left_low, &right_high),
            test(&left_high, &right_low),
            test(&left_high, &right_high),
        ];
        let some = corners.iter().any(|holds| *holds);
        if corners.iter().all(|holds| *holds) { Some(true) } else { (!some).then_some(false) }
    };
    let equal = if left_low == left_high && right_low == right_high && left_low == right_low {
        Some(true)
    } else {
        (left_high < right_low || right_high < left_low).then_some(false)
    };
    match operator {
        Comparison::Less => always(i64::lt),
        Comparison::AtMost => always(i64::le),
        Comparison::More => always(i64::gt),
        Comparison::AtLeast => always(i64::ge),
        Comparison::Equal => equal,
        Comparison::NotEqual => equal.map(|equal| !equal),
    }
}

/// Whether a text has a phrase: by words, whatever the case and the blanks.
fn mentions(text: &str, phrase: &str) -> bool {
    let fold =
        |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase().replace('\u{2019}', "'");
    let (text, phrase) = (fold(text), fold(phrase));
    let joins = |left: Option<char>, right: Option<char>| {
        left.is_some_and(char::is_alphanumeric) && right.is_some_and(char::is_alphanumeric)
    };
    text.match_indices(&phrase).any(|(at, found)| {
        let (before, behind) = (text.get(..at), text.get(at + found.len()..));
        !joins(before.and_then(|before| before.chars().last()), phrase.chars().next())
            && !joins(phrase.chars().last(), behind.and_then(|behind| behind.chars().next()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_tests_is_a_monday_in_january() {
        let day = jiff::Timestamp::from_second(today().0 / language::SCALE).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
        assert_eq!(day.date(), jiff::civil::date(2026, 1, 5));
    }

    #[test]
    fn windows_reach_as_far_as_can_be_told() {
        let of = |amount, unit| Some(Window { amount, unit, business: false });
        let told = |window, ago| reaches(window, ago).ok();
        assert_eq!(told(of(7, DurationUnit::Day), of(7, DurationUnit::Day)), Some(false));
        assert_eq!(told(of(30, DurationUnit::Day), of(7, DurationUnit::Day)), Some(true));
        assert_eq!(told(of(1, DurationUnit::Month), of(7, DurationUnit::Day)), Some(true));
        assert_eq!(told(of(1, DurationUnit::Month), of(30, DurationUnit::Day)), None);
        assert_eq!(told(None, of(30, DurationUnit::Day)), Some(true));
    }
}
