//! The records that a forecast is about, with what is known of each when it is decided on: open ones today, decided ones when they began.
//!
//! Scores and events have a history; fields have none, and are taken as they are, so that a field that is changed after the decision (a stage
//! that ends as `closed won`) tells more than was known. The reader of the figures is told by how well they were foretold.

use std::ops::ControlFlow;
use std::sync::Arc;

use compiler::program::{EntityId, FieldPath, Fixed, Forecast, Predictor, Program, ScoreRef, Type, Value};
use jiff::Timestamp;
use runtime::crm::{Crm, Needs, RecordId};
use runtime::facts::Facts;
use runtime::records;
use runtime::score::Scorer;

use super::ForecastError;

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
            Is::Number(number) => format!("{number:.2}"),
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

/// Every record of the entity, the oldest first.
pub(super) fn cases(
    crm: &Crm,
    program: &Arc<Program>,
    forecast: &Forecast,
    now: Timestamp,
) -> Result<Vec<Case>, ForecastError> {
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
    let mut cases = Vec::new();
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
        let outcome = outcome(forecast, &known, text(&standard.status).as_deref(), began, now, |won| {
            day(if won { &standard.won } else { &standard.lost })
        });
        // What is open is judged today; what is decided as it was when it began, so that what came afterwards does not tell.
        let at = if outcome.is_some() { began.unwrap_or(now) } else { now };
        let mut facts = Vec::new();
        for from in &forecast.from {
            facts.push(match from {
                Predictor::Field(path) => Fact {
                    name: program.path_name(path),
                    is: known.fields.get(path).map_or(Is::Unknown, |value| of_value(program, path, value)),
                },
                Predictor::Score(of) => {
                    Fact { name: named(program, *of), is: score(crm, program, &mut scorer, *of, id, entity, at)? }
                }
            });
        }
        cases.push(Case {
            id: id.0,
            name: text(&standard.name),
            began,
            outcome,
            worth: number(&standard.worth).map(Fixed::to_f64),
            expected: day(&standard.expected),
            facts,
        });
    }
    cases.sort_by_key(|case| (case.began, case.id));
    Ok(cases)
}

/// By what its status says, and else by the first event that decides, after it began.
fn outcome(
    forecast: &Forecast,
    known: &Facts,
    status: Option<&str>,
    began: Option<Timestamp>,
    now: Timestamp,
    dated: impl Fn(bool) -> Option<jiff::civil::Date>,
) -> Option<(bool, Option<Timestamp>)> {
    let decided = match status {
        Some("won") => Some(true),
        Some("lost") => Some(false),
        _ => None,
    };
    let after = |at: &Timestamp| began.is_none_or(|began| *at >= began) && *at <= now;
    if let Some(won) = decided {
        let at = dated(won).and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC).ok()).map(|at| at.timestamp());
        return Some((won, at));
    }
    let good = forecast.learn_from.first();
    let first = known.events.iter().filter(|event| after(&event.at)).min_by_key(|event| event.at);
    first.map(|event| (Some(&event.event) == good, Some(event.at)))
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
