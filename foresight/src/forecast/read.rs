//! The records that a forecast is about, with what is known of each when it is decided on: open ones today, decided ones when they began.
//!
//! Scores and events have a history. Fields have none: those of a record that was open at the instant asked about and has closed since say
//! what came of it, and are not read; and a word that stands at decided records alone, all of which came out alike, was written with the
//! outcome (a stage `closed won`) and tells nothing.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use compiler::program::{EntityId, EventId, FieldPath, Fixed, Forecast, Predictor, Program, ScoreRef, Type, Value};
use jiff::Timestamp;
use runtime::crm::{Crm, Needs, RecordId};
use runtime::facts::Facts;
use runtime::records;
use runtime::score::Scorer;

use super::{ForecastError, RARER};

/// A record with what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Case {
    pub(super) id: i64,
    pub(super) name: Option<String>,
    /// When it began.
    pub(super) began: Option<Timestamp>,
    /// Won or lost, and when; none while it is open.
    pub(super) outcome: Option<(bool, Option<Timestamp>)>,
    pub(super) worth: Option<f64>,
    /// When somebody expects it to close.
    pub(super) expected: Option<jiff::civil::Date>,
    pub(super) facts: Vec<Fact>,
}

/// One thing that a forecast reads.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) is: Is,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Is {
    Unknown,
    Number(f64),
    Word(String),
}

impl Fact {
    pub(super) fn said(&self) -> String {
        match &self.is {
            Is::Unknown => "unknown".to_owned(),
            Is::Number(number) => crate::figures::number(*number),
            Is::Word(word) => word.clone(),
        }
    }
}

/// The fields that every deal has, where the entity has them.
struct Standard {
    name: Option<FieldPath>,
    created: Option<FieldPath>,
    status: Option<FieldPath>,
    worth: Option<FieldPath>,
    expected: Option<FieldPath>,
    won: Option<FieldPath>,
    lost: Option<FieldPath>,
}

impl Standard {
    fn of(program: &Program, entity: EntityId) -> Self {
        let field = |name: &str| {
            let fields = &program.entities.get(entity.index())?.fields;
            let place = fields.iter().position(|field| field.name == name)?;
            let field = compiler::program::FieldId(u32::try_from(place).ok()?);
            Some(FieldPath { entity, relations: Vec::new(), field })
        };
        Self {
            name: field("name"),
            created: field("created"),
            status: field("status"),
            worth: field("value"),
            expected: field("close_date"),
            won: field("won_date"),
            lost: field("lost_date"),
        }
    }

    fn all(&self) -> impl Iterator<Item = &FieldPath> {
        [&self.name, &self.created, &self.status, &self.worth, &self.expected, &self.won, &self.lost]
            .into_iter()
            .flatten()
    }
}

/// The records, and what is to be known of how they were read.
pub(super) struct Read {
    /// The oldest first.
    pub(super) cases: Vec<Case>,
    pub(super) remarks: Vec<String>,
}

/// Every record of the entity that was there at an instant.
pub(super) fn cases(
    crm: &Crm,
    program: &Arc<Program>,
    forecast: &Forecast,
    now: Timestamp,
) -> Result<Read, ForecastError> {
    let entity = forecast.target.entity;
    let standard = Standard::of(program, entity);
    let fields = forecast.from.iter().filter_map(|from| match from {
        Predictor::Field(path) => Some(path),
        Predictor::Score(_) => None,
    });
    let mut paths: Vec<FieldPath> =
        fields.filter(|path| path.entity == entity).chain(standard.all()).cloned().collect();
    paths.sort();
    paths.dedup();
    let mut events = forecast.learn_from.clone();
    events.sort_unstable();
    let needs = Needs { fields: paths, events, ..Needs::default() };
    let mut seen: Vec<(RecordId, Facts)> = Vec::new();
    records::each(crm, program, entity, &needs, |id, facts| {
        seen.push((id, facts));
        ControlFlow::Continue(())
    })?;
    let coverage = crm.coverage(program)?;
    let mut scorer = Scorer::link_shared(Arc::clone(program), now, &coverage)?;
    let said = Said::of(program, forecast);
    let (mut cases, mut undated, mut closed_since) = (Vec::new(), 0_u64, 0_u64);
    for (id, known) in seen {
        let number = |path: &Option<FieldPath>| match known.fields.get(path.as_ref()?)? {
            Value::Number(number) => Some(*number),
            _ => None,
        };
        let text = |path: &Option<FieldPath>| match known.fields.get(path.as_ref()?)? {
            Value::Text(text) => Some(text.to_string()),
            _ => None,
        };
        let instant = |path: &Option<FieldPath>| Timestamp::from_microsecond(number(path)?.0).ok();
        let day = |path: &Option<FieldPath>| runtime::crm::date_of(number(path)?);
        let began = instant(&standard.created);
        if began.is_some_and(|began| began > now) {
            continue;
        }
        let closed = Closed { status: text(&standard.status), won: day(&standard.won), lost: day(&standard.lost) };
        let known_of = outcome(forecast, &said, &known, &closed, began, now);
        undated += u64::from(matches!(known_of, Known::Decided(_, None)));
        let is_closed_since = matches!(known_of, Known::ClosedSince);
        closed_since += u64::from(is_closed_since);
        let outcome = match known_of {
            Known::Decided(won, at) => Some((won, at)),
            Known::Open | Known::ClosedSince => None,
        };
        // What is open is judged today; what is decided as it was when it began, so that what came afterwards does not tell.
        let at = if outcome.is_some() { began.unwrap_or(now) } else { now };
        let mut facts = Vec::new();
        for from in &forecast.from {
            let name = match from {
                Predictor::Field(path) => program.path_name(path),
                Predictor::Score(of) => named(program, *of),
            };
            let is = match from {
                _ if is_closed_since => Is::Unknown,
                Predictor::Field(path) => {
                    known.fields.get(path).map_or(Is::Unknown, |value| of_value(program, path, value))
                }
                Predictor::Score(of) => score(crm, program, &mut scorer, *of, id, entity, at)?,
            };
            facts.push(Fact { name, is });
        }
        cases.push(Case {
            id: id.0,
            name: text(&standard.name),
            began,
            outcome,
            worth: number(&standard.worth).map(Fixed::to_f64),
            // Once it has closed, that is the day on which it did.
            expected: day(&standard.expected).filter(|_| !is_closed_since),
            facts,
        });
    }
    cases.sort_by_key(|case| (case.began, case.id));
    let mut remarks = Vec::new();
    if closed_since > 0 {
        let have = if closed_since == 1 { "one has" } else { "have" };
        remarks.push(format!(
            "of those that were open then, {closed_since} {have} closed since: what their fields say now is not what they said then, and \
             nothing of it is read but what they are worth"
        ));
    }
    if undated > 0 {
        remarks.push(format!("of {undated} decided ones nobody knows when they were: they count as decided by then"));
    }
    remarks.extend(blank_what_comes_with_outcomes(&mut cases));
    Ok(Read { cases, remarks })
}

/// What the outcomes that a forecast names are called by the fields of a deal: nothing where it learns from other events.
struct Said {
    /// The word of a status, and whether it is good.
    words: Vec<(&'static str, bool)>,
}

impl Said {
    fn of(program: &Program, forecast: &Forecast) -> Self {
        let word = |(place, event): (usize, &EventId)| {
            let name = program.events.get(event.index()).map(|event| event.name.as_str())?;
            let word = match name {
                "deal.won" => "won",
                "deal.lost" => "lost",
                _ => return None,
            };
            Some((word, place == 0))
        };
        Self { words: forecast.learn_from.iter().enumerate().filter_map(word).collect() }
    }
}

/// What the fields say of a deal that is closed.
struct Closed {
    status: Option<String>,
    won: Option<jiff::civil::Date>,
    lost: Option<jiff::civil::Date>,
}

/// What is known of an outcome at an instant.
enum Known {
    Open,
    Decided(bool, Option<Timestamp>),
    /// It was open, and is closed by now.
    ClosedSince,
}

/// By what its fields say of the events that decide, and else by the first of these, after it began.
fn outcome(
    forecast: &Forecast,
    said: &Said,
    known: &Facts,
    closed: &Closed,
    began: Option<Timestamp>,
    now: Timestamp,
) -> Known {
    let after = |at: &Timestamp| began.is_none_or(|began| *at >= began) && *at <= now;
    let good = forecast.learn_from.first();
    let first = known.events.iter().filter(|event| after(&event.at)).min_by_key(|event| event.at);
    let by_event = first.map(|event| (Some(&event.event) == good, event.at));
    let fields = said.words.iter().find_map(|(word, good)| {
        let date = if *word == "won" { closed.won } else { closed.lost };
        let is = match &closed.status {
            Some(status) => status == word,
            None => date.is_some(),
        };
        let at = date.and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC).ok()).map(|at| at.timestamp());
        is.then_some((*good, at))
    });
    match (fields, by_event) {
        (Some((_, Some(at))), _) if at > now => Known::ClosedSince,
        (Some((won, Some(at))), _) | (Some(_) | None, Some((won, at))) => Known::Decided(won, Some(at)),
        // Whatever happens later closes it later.
        (_, None) if known.events.iter().any(|event| event.at > now) => Known::ClosedSince,
        (Some((won, None)), None) => Known::Decided(won, None),
        (None, None) => Known::Open,
    }
}

/// A word that stands at no open record and at many decided ones, all of which came out alike, was written when they did. Of the words that
/// were left out, what is said.
fn blank_what_comes_with_outcomes(cases: &mut [Case]) -> Vec<String> {
    let places = cases.first().map_or(0, |case| case.facts.len());
    let mut remarks = Vec::new();
    for place in 0..places {
        let mut words: BTreeMap<String, (bool, [usize; 2])> = BTreeMap::new();
        for case in cases.iter() {
            let Some(Fact { is: Is::Word(word), .. }) = case.facts.get(place) else { continue };
            let (is_open, counts) = words.entry(word.clone()).or_default();
            match case.outcome {
                Some((won, _)) => {
                    if let Some(count) = counts.get_mut(usize::from(won)) {
                        *count += 1;
                    }
                }
                None => *is_open = true,
            }
        }
        let tells = |(is_open, [lost, won]): &(bool, [usize; 2])| {
            !is_open && (*lost == 0) != (*won == 0) && lost + won >= RARER
        };
        let name =
            cases.first().and_then(|case| case.facts.get(place)).map(|fact| fact.name.clone()).unwrap_or_default();
        for (word, (_, [_, won])) in words.iter().filter(|(_, counts)| tells(counts)) {
            let outcome = if *won > 0 { "won" } else { "lost" };
            remarks.push(format!(
                "`{name}` is `{word}` for {outcome} ones alone: that is written with the outcome, and says nothing beforehand"
            ));
        }
        for case in cases.iter_mut() {
            if let Some(fact) = case.facts.get_mut(place)
                && let Is::Word(word) = &fact.is
                && words.get(word).is_some_and(tells)
            {
                fact.is = Is::Unknown;
            }
        }
    }
    remarks
}

fn of_value(program: &Program, path: &FieldPath, value: &Value) -> Is {
    let ty = program.field(path).map(|field| &field.ty);
    match (ty, value) {
        (Some(Type::Time), _) => Is::Unknown,
        (_, Value::Number(number)) => Is::Number(number.to_f64()),
        (_, Value::Text(text)) => Is::Word(text.to_string()),
        (_, Value::YesNo(yes)) => Is::Word(if *yes { "yes" } else { "no" }.to_owned()),
        (_, Value::List(_)) => Is::Unknown,
    }
}

fn named(program: &Program, of: ScoreRef) -> String {
    let Some(score) = program.scores.get(of.score.index()) else { return String::new() };
    let layer = of.layer.and_then(|layer| score.layers.get(layer as usize)?.name.clone());
    layer.map_or_else(|| score.name.to_string(), |layer| format!("{}.{layer}", score.name))
}

/// What a score says of the record, or of whose it is, as of an instant.
fn score(
    crm: &Crm,
    program: &Arc<Program>,
    scorer: &mut Scorer,
    of: ScoreRef,
    id: RecordId,
    entity: EntityId,
    at: Timestamp,
) -> Result<Is, ForecastError> {
    let Some(card) = program.scores.get(of.score.index()) else { return Ok(Is::Unknown) };
    let whose = if card.entity == entity { Some(id) } else { crm.contact_of(id)?.map(|contact| RecordId(contact.0)) };
    let Some(whose) = whose else { return Ok(Is::Unknown) };
    if !scorer.move_to(at) {
        let coverage = scorer.coverage().clone();
        *scorer = Scorer::link_shared(Arc::clone(program), at, &coverage)?;
    }
    let facts = records::facts(crm, scorer, card.entity, whose)?;
    let row = facts.and_then(|facts| scorer.row(card.entity, &facts));
    let evaluation = row.and_then(|row| scorer.evaluate(card.entity, &row));
    let standing = evaluation.and_then(|evaluation| scorer.standing(&evaluation, of));
    Ok(standing.map_or(Is::Unknown, |standing| Is::Number(standing.value.to_f64())))
}
