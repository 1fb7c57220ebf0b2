//! What else a fact could be: for each fact that the rules read, one value from every range that they tell apart.
//!
//! The values are taken from the constants that the playbook compares with; the facts changed so are judged by the engine
//! itself, so nothing here knows what a rule means.

use std::collections::{BTreeMap, BTreeSet};

use compiler::program::{Asked, Condition, EventId, FieldPath, Fixed, PhrasesId, Term, TextTerm, Type, Value};
use jiff::Timestamp;
use language::SCALE;
use smol_str::SmolStr;

use super::plan::{DerivedHow, FieldSlot, Holds, Op, Output, Plan, TermNode};
use super::scorer::Scorer;
use super::words::{self, Reader};
use crate::facts::{EventFact, Facts, Said};

/// A fact, changed.
#[derive(Clone, Debug)]
pub(super) struct Alternative {
    pub(super) asked: Asked,
    /// `company.employees were from 20 to 250`
    pub(super) words: String,
    how: How,
}

#[derive(Clone, Debug)]
enum How {
    Set(FieldPath, Value),
    Happens(EventId, Vec<(SmolStr, Value)>, usize),
    NeverHappened(EventId),
    Says(SmolStr),
    NeverSaid,
}

impl Alternative {
    /// The facts with this one changed.
    pub(super) fn apply(&self, facts: &Facts, now: Timestamp) -> Facts {
        let mut changed = facts.clone();
        match &self.how {
            How::Set(path, value) => {
                changed.fields.insert(path.clone(), value.clone());
                changed.observed.insert(path.clone(), now);
            }
            How::Happens(event, fields, times) => {
                let event = EventFact { event: *event, at: now, fields: fields.clone() };
                changed.events.extend(std::iter::repeat_n(event, *times));
            }
            How::NeverHappened(event) => changed.events.retain(|known| known.event != *event),
            How::Says(text) => changed.conversations.push(Said { at: now, text: text.clone() }),
            How::NeverSaid => changed.conversations.clear(),
        }
        changed
    }
}

/// All alternatives to one fact. `facts` says what it is compared with elsewhere and whether there is something to undo.
pub(super) fn of(scorer: &Scorer, plan: &Plan, asked: &Asked, facts: &Facts) -> Vec<Alternative> {
    match asked {
        Asked::Field(path) => of_field(scorer.reader(), plan, path, facts),
        Asked::Event(event) => of_event(scorer, plan, *event, facts),
        Asked::Conversation => of_conversations(scorer, plan, facts),
    }
}

fn of_field(reader: &Reader, plan: &Plan, path: &FieldPath, facts: &Facts) -> Vec<Alternative> {
    let Some(slot) = plan.fields.iter().find(|slot| slot.path == *path) else { return Vec::new() };
    let values: Vec<(Value, String)> = match slot.holds {
        Holds::Number(number) => {
            let cuts = cuts(plan, number, facts);
            regions(&cuts)
                .into_iter()
                .map(|region| (Value::Number(region.some_value()), region.words(reader, &slot.ty)))
                .collect()
        }
        Holds::Flag(_) => {
            [true, false].map(|yes| (Value::YesNo(yes), if yes { "yes" } else { "no" }.to_owned())).into()
        }
        Holds::Text(text) => texts(plan, text, slot, facts),
        Holds::List(list) => lists(plan, list, slot, facts),
        Holds::Record => Vec::new(),
    };
    let alternative = |(value, words): (Value, String)| Alternative {
        asked: Asked::Field(path.clone()),
        words: format!("{} were {words}", slot.name),
        how: How::Set(path.clone(), value),
    };
    values.into_iter().filter(|(value, _)| facts.fields.get(path) != Some(value)).map(alternative).collect()
}

/// Where a number's ranges begin, in millionths: each is the first value of a range.
fn cuts(plan: &Plan, number: u32, facts: &Facts) -> BTreeSet<i64> {
    let mut cuts = BTreeSet::new();
    for op in &plan.ops {
        if let Op::Range(test) = op
            && test.number == number
        {
            cuts.insert(test.low);
            cuts.extend(test.low.checked_add_unsigned(test.width).and_then(|high| high.checked_add(1)));
        }
    }
    // Compared with other facts: their values, and constants near them, may be where it turns.
    let reads = |term: u32| reads_number(plan, term, number);
    for op in &plan.ops {
        let Op::Compare { left, right, .. } = *op else { continue };
        if !reads(left) && !reads(right) {
            continue;
        }
        for term in [left, right] {
            turning_points(plan, term, number, facts, &mut cuts);
        }
    }
    cuts.remove(&i64::MIN);
    cuts.remove(&i64::MAX);
    cuts
}

fn reads_number(plan: &Plan, term: u32, number: u32) -> bool {
    match plan.terms.get(term as usize) {
        Some(TermNode::Number { number: same, .. }) => *same == number,
        Some(TermNode::Multiple { of, .. }) => reads_number(plan, *of, number),
        Some(TermNode::Arithmetic { left, right, .. }) => {
            reads_number(plan, *left, number) || reads_number(plan, *right, number)
        }
        _ => false,
    }
}

fn turning_points(plan: &Plan, term: u32, except: u32, facts: &Facts, cuts: &mut BTreeSet<i64>) {
    let mut around = |value: i64| {
        cuts.insert(value);
        cuts.extend(value.checked_add(1));
    };
    match plan.terms.get(term as usize) {
        Some(TermNode::Constant(value)) => around(*value),
        Some(TermNode::Number { number, .. }) if *number != except => {
            let slot = plan.fields.iter().find(|slot| slot.holds == Holds::Number(*number));
            if let Some(Value::Number(value)) = slot.and_then(|slot| facts.fields.get(&slot.path)) {
                around(value.0);
            }
        }
        Some(TermNode::Multiple { of, factor }) => {
            around(factor.saturating_mul(SCALE));
            turning_points(plan, *of, except, facts, cuts);
        }
        Some(TermNode::Arithmetic { left, right, .. }) => {
            turning_points(plan, *left, except, facts, cuts);
            turning_points(plan, *right, except, facts, cuts);
        }
        _ => {}
    }
}

/// Numbers that all rules treat alike, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Region {
    low: Option<i64>,
    high: Option<i64>,
}

fn regions(cuts: &BTreeSet<i64>) -> Vec<Region> {
    let mut regions = Vec::new();
    let mut low = None;
    for &cut in cuts {
        regions.push(Region { low, high: cut.checked_sub(1) });
        low = Some(cut);
    }
    if low.is_some() {
        regions.push(Region { low, high: None });
    }
    regions
}

impl Region {
    /// A whole number where there is one.
    fn some_value(self) -> Fixed {
        let whole = |value: i64| value.rem_euclid(SCALE) == 0;
        match (self.low, self.high) {
            (Some(low), _) if whole(low) => Fixed(low),
            (low, Some(high)) => {
                let down = high.saturating_sub(high.rem_euclid(SCALE));
                Fixed(if low.is_none_or(|low| down >= low) { down } else { low.unwrap_or(high) })
            }
            (Some(low), None) => Fixed(low.saturating_add(SCALE - low.rem_euclid(SCALE))),
            (None, None) => Fixed::ZERO,
        }
    }

    fn words(self, reader: &Reader, ty: &Type) -> String {
        let mut out = String::new();
        let ragged = |value: i64| value.rem_euclid(SCALE) != 0;
        let from = |out: &mut String, low: i64, lead: &str| {
            let above = ragged(low) && !ragged(low.saturating_sub(1));
            out.push_str(if above { "above " } else { lead });
            reader.push_of_type(out, Fixed(if above { low.saturating_sub(1) } else { low }), ty);
        };
        let to = |out: &mut String, high: i64, lead: &str| {
            let below = ragged(high) && !ragged(high.saturating_add(1));
            out.push_str(if below { "below " } else { lead });
            reader.push_of_type(out, Fixed(if below { high.saturating_add(1) } else { high }), ty);
        };
        match (self.low, self.high) {
            (Some(low), Some(high)) if low == high => reader.push_of_type(&mut out, Fixed(low), ty),
            (Some(low), Some(high)) => {
                from(&mut out, low, "from ");
                out.push_str(if ragged(high) && !ragged(high.saturating_add(1)) { " and " } else { " to " });
                to(&mut out, high, "");
            }
            (Some(low), None) => from(&mut out, low, "at least "),
            (None, Some(high)) => to(&mut out, high, "at most "),
            (None, None) => out.push_str("known"),
        }
        out
    }
}

fn sorted<T>(words: &BTreeMap<SmolStr, T>) -> Vec<SmolStr> {
    words.keys().cloned().collect()
}

fn texts(plan: &Plan, text: u32, slot: &FieldSlot, facts: &Facts) -> Vec<(Value, String)> {
    let mut values = plan.texts.get(text as usize).map(|text| sorted(&text.words)).unwrap_or_default();
    for derived in &plan.derived {
        match &derived.how {
            DerivedHow::Text { text: same, value, .. } if *same == text => values.push(value.clone()),
            DerivedHow::Same { left, right } if *left == text || *right == text => {
                let other = Holds::Text(if *left == text { *right } else { *left });
                let other = plan.fields.iter().find(|slot| slot.holds == other);
                if let Some(Value::Text(value)) = other.and_then(|slot| facts.fields.get(&slot.path)) {
                    values.push(value.clone());
                }
            }
            _ => {}
        }
    }
    let other = match &slot.ty {
        Type::OneOf(words) => words.iter().find(|word| !values.contains(word)).cloned(),
        _ => Some(SmolStr::from("something else")),
    };
    let quoted = |value: &SmolStr| {
        let mut words = String::new();
        words::push_text(&mut words, value, &slot.ty);
        words
    };
    let mut all: Vec<(Value, String)> =
        values.iter().map(|value| (Value::Text(value.clone()), quoted(value))).collect();
    all.extend(other.map(|value| (Value::Text(value), "something else".to_owned())));
    all
}

fn lists(plan: &Plan, list: u32, slot: &FieldSlot, facts: &Facts) -> Vec<(Value, String)> {
    let mut values = plan.lists.get(list as usize).map(|list| sorted(&list.words)).unwrap_or_default();
    for derived in &plan.derived {
        if let DerivedHow::HasOf { list: one, other, .. } = derived.how
            && (one == list || other == list)
        {
            let other = Holds::List(if one == list { other } else { one });
            let other = plan.fields.iter().find(|slot| slot.holds == other);
            match other.and_then(|slot| facts.fields.get(&slot.path)) {
                Some(Value::List(list)) => values.extend(list.iter().take(3).cloned()),
                _ => values.push("something".into()),
            }
        }
    }
    let known: &[SmolStr] = match facts.fields.get(&slot.path) {
        Some(Value::List(list)) => list,
        _ => &[],
    };
    let mut candidates: Vec<Vec<SmolStr>> = vec![Vec::new()];
    for value in &values {
        candidates.push(vec![value.clone()]);
        if known.contains(value) {
            candidates.push(known.iter().filter(|other| *other != value).cloned().collect());
        } else if !known.is_empty() {
            candidates.push(known.iter().chain([value]).cloned().collect());
        }
    }
    candidates.push(values);
    let mut all: Vec<(Value, String)> = Vec::new();
    for candidate in candidates {
        let mut words = String::new();
        words::push_list(&mut words, &candidate, &slot.ty);
        let value = Value::List(candidate);
        if all.iter().all(|(known, _)| *known != value) {
            all.push((value, words));
        }
    }
    all
}

/// The most often that something has to happen before a rule counts it is looked at no further than this.
const MOST_TIMES: i64 = 20;

/// How many different kinds of one event are tried.
const MOST_EVENTS: usize = 32;

fn of_event(scorer: &Scorer, plan: &Plan, event: EventId, facts: &Facts) -> Vec<Alternative> {
    let Some(declared) = scorer.program().events.get(event.index()) else { return Vec::new() };
    let queries = plan.by_event.get(event.index()).map(Vec::as_slice).unwrap_or_default();
    let queries: Vec<_> = queries.iter().filter_map(|&query| plan.queries.get(query as usize)).collect();
    let mut fields: Vec<(SmolStr, Vec<Value>)> = Vec::new();
    let mut times = 1;
    for query in &queries {
        if let Some(filter) = &query.query.filter {
            values_in(filter, &mut fields);
        }
        for calculation in &query.calculations {
            let values: Vec<Value> = match calculation.output {
                Output::Number { number, .. } => {
                    let cuts = cuts(plan, number, facts);
                    regions(&cuts).into_iter().map(|region| Value::Number(region.some_value())).collect()
                }
                Output::Flag { .. } => vec![Value::YesNo(true), Value::YesNo(false)],
                Output::Text(text) => {
                    let words = plan.texts.get(text as usize).map(|text| sorted(&text.words)).unwrap_or_default();
                    words.into_iter().map(Value::Text).collect()
                }
            };
            values.into_iter().for_each(|value| add(&mut fields, &calculation.field, value));
        }
        for op in &plan.ops {
            if let Op::Happened { count, at_least, .. } = *op
                && count == query.count
            {
                times = times.max(at_least.min(MOST_TIMES));
            }
        }
    }
    let first: Vec<(SmolStr, Value)> =
        fields.iter().filter_map(|(name, values)| Some((name.clone(), values.first()?.clone()))).collect();
    let mut kinds = vec![first.clone()];
    for (name, values) in &fields {
        for value in values.iter().skip(1) {
            let other =
                first.iter().map(|(known, kept)| (known.clone(), if known == name { value } else { kept }.clone()));
            kinds.push(other.collect());
        }
    }
    let mut all = Vec::new();
    for fields in kinds.into_iter().take(MOST_EVENTS) {
        for times in BTreeSet::from([1, times]) {
            let mut words = format!("{} happened", declared.name);
            if times > 1 {
                words.push_str(&format!(" {times} times"));
            }
            for (place, (name, value)) in fields.iter().enumerate() {
                words.push_str(if place == 0 { " with " } else { ", " });
                words.push_str(name);
                words.push(' ');
                let ty =
                    declared.fields.iter().find(|field| field.name == *name).map_or(&Type::Text, |field| &field.ty);
                scorer.reader().push_value(&mut words, value, ty);
            }
            let how = How::Happens(event, fields.clone(), usize::try_from(times).unwrap_or(1));
            all.push(Alternative { asked: Asked::Event(event), words, how });
        }
    }
    if facts.events.iter().any(|known| known.event == event) {
        let words = format!("{} had not happened", declared.name);
        all.push(Alternative { asked: Asked::Event(event), words, how: How::NeverHappened(event) });
    }
    all
}

fn add(fields: &mut Vec<(SmolStr, Vec<Value>)>, name: &SmolStr, value: Value) {
    match fields.iter_mut().find(|(known, _)| known == name) {
        Some((_, values)) if values.contains(&value) => {}
        Some((_, values)) => values.push(value),
        None => fields.push((name.clone(), vec![value])),
    }
}

/// Values of the event's own facts on both sides of what a filter compares them with.
fn values_in(filter: &Condition, fields: &mut Vec<(SmolStr, Vec<Value>)>) {
    let mut text = |term: &TextTerm, value: Value| {
        if let TextTerm::EventField(name) = term {
            add(fields, name, value);
        }
    };
    match filter {
        Condition::Not(inner) => values_in(inner, fields),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| values_in(part, fields)),
        Condition::OneOf { term, values } => values.iter().for_each(|value| text(term, Value::Text(value.clone()))),
        Condition::Text { term, value, .. } => text(term, Value::Text(value.clone())),
        Condition::Yes(term) => {
            text(term, Value::YesNo(true));
            text(term, Value::YesNo(false));
        }
        Condition::Compare { left, right, .. } => near(&[left, right], fields),
        Condition::Between { term, low, high } => near(&[term, low, high], fields),
        _ => {}
    }
}

fn near(terms: &[&Term], fields: &mut Vec<(SmolStr, Vec<Value>)>) {
    for name in terms {
        let Term::EventField(name) = name else { continue };
        for constant in terms {
            let Term::Constant(value) = constant else { continue };
            for value in [value.0, value.0.saturating_sub(SCALE), value.0.saturating_add(SCALE)] {
                add(fields, name, Value::Number(Fixed(value)));
            }
        }
    }
}

fn of_conversations(scorer: &Scorer, plan: &Plan, facts: &Facts) -> Vec<Alternative> {
    let said = |id: PhrasesId| {
        let set = scorer.program().phrases.get(id.index())?;
        Some(Alternative {
            asked: Asked::Conversation,
            words: format!("a conversation mentioned {}", set.name),
            how: How::Says(set.texts.first()?.clone()),
        })
    };
    let mut all: Vec<Alternative> = plan.heard.iter().filter_map(|heard| said(heard.phrases)).collect();
    if !facts.conversations.is_empty() {
        let words = "nothing had been said".to_owned();
        all.push(Alternative { asked: Asked::Conversation, words, how: How::NeverSaid });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(cuts: &[i64]) -> Vec<String> {
        let reader = Reader { zone: jiff::tz::TimeZone::UTC, currency: "NZD".into() };
        let regions = regions(&cuts.iter().copied().collect());
        regions
            .into_iter()
            .map(|region| format!("{}: {}", region.words(&reader, &Type::Number), region.some_value()))
            .collect()
    }

    #[test]
    fn regions_are_told_as_a_reader_would() {
        let twenty_to_250 = [20 * SCALE, 250 * SCALE + 1];
        assert_eq!(words(&twenty_to_250), ["below 20: 19", "from 20 to 250: 20", "above 250: 251"]);
        assert_eq!(words(&[24 * SCALE]), ["below 24: 23", "at least 24: 24"]);
        assert_eq!(words(&[5 * SCALE, 5 * SCALE + 1]), ["below 5: 4", "5: 5", "above 5: 6"]);
        assert_eq!(words(&[SCALE / 2, SCALE]), ["at most 0.499999: 0", "from 0.5 and below 1: 0.5", "at least 1: 1"]);
        assert!(words(&[]).is_empty());
    }
}
