//! A decision whose outcome is known, as learning sees it, and decisions side by side.

use std::collections::BTreeMap;

use compiler::program::{FieldPath, Fixed, Program, ScoreId, Type, Value};
use runtime::facts::Facts;
use runtime::score::{Evaluation, Line, Row, Scorer};
use smol_str::SmolStr;

use super::card::{Activation, Card, Scored, rules};
use super::routing::Routing;
use crate::history::{Column, Kind, Reader};

/// A decision whose outcome is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// How much of its points each rule gave: over all layers, in source order. 1 is all of them.
    pub rules: Vec<f32>,
    /// What was known of the record.
    pub fields: Vec<(FieldPath, Value)>,
    /// What came of it.
    pub good: bool,
}

impl Decision {
    /// What a score says of a record at the instant that the scorer was linked for. Fields of which nothing can be learned are left out.
    #[must_use]
    pub fn of(scorer: &Scorer, score: ScoreId, facts: &Facts, good: bool) -> Option<Self> {
        let entity = scorer.program().scores.get(score.index())?.entity;
        let row = scorer.row(entity, facts)?;
        let rules = fired(scorer, score, &row, &scorer.evaluate(entity, &row)?)?;
        let fields = facts
            .fields
            .iter()
            .filter(|(path, _)| scorer.program().field(path).is_some_and(|field| kind(&field.ty).is_some()));
        Some(Self { rules, fields: fields.map(|(path, value)| (path.clone(), value.clone())).collect(), good })
    }
}

/// How much of its points each rule gives a record that was judged.
pub(crate) fn fired(scorer: &Scorer, score: ScoreId, row: &Row, evaluation: &Evaluation) -> Option<Vec<f32>> {
    let declared = scorer.program().scores.get(score.index())?;
    let all: Vec<_> = rules(declared).collect();
    let mut fired = vec![0.0; all.len()];
    let is_whole = |place: usize| {
        all.get(place).is_some_and(|(layer, rule)| {
            let fades = declared.layers.get(*layer).is_some_and(|layer| layer.half_life.is_some());
            !fades && matches!(rule.form, compiler::program::RuleForm::When(_))
        })
    };
    let mut has_parts = false;
    for place in evaluation.fired(score) {
        has_parts |= !is_whole(place);
        if let Some(part) = fired.get_mut(place) {
            *part = 1.0;
        }
    }
    if has_parts {
        let ledger = scorer.ledger(score, row, evaluation)?;
        for line in ledger.lines() {
            if let Line::Rule(line) = line
                && let Some(place) = all.iter().position(|(_, rule)| rule.id == line.rule.id)
                && let Some(part) = fired.get_mut(place)
                && line.rule.points != Fixed::ZERO
            {
                *part = narrow(line.points.to_f64() / line.rule.points.to_f64());
            }
        }
    }
    Some(fired)
}

#[expect(clippy::cast_possible_truncation, reason = "seven digits of a share are enough")]
fn narrow(value: f64) -> f32 {
    value as f32
}

/// What can be learned from a field of that type.
pub(crate) fn kind(ty: &Type) -> Option<Kind> {
    match ty {
        Type::Text | Type::OneOf(_) => Some(Kind::Words),
        Type::Number | Type::Percent | Type::Money | Type::Duration | Type::Score => Some(Kind::Number),
        Type::YesNo => Some(Kind::YesNo),
        Type::Date | Type::Time => Some(Kind::Date),
        Type::List(_) | Type::Record(_) => None,
    }
}

/// An empty column for cells of that kind.
pub(crate) fn reader(kind: Kind) -> Reader {
    match kind {
        Kind::YesNo => Reader::yes_no(),
        Kind::Number | Kind::Date => Reader::numbers(),
        Kind::Words | Kind::Name => Reader::levels(),
    }
}

/// Appends a value, or that there is none.
pub(crate) fn push(reader: &mut Reader, kind: Kind, value: Option<&Value>) {
    match (kind, value) {
        (Kind::Number | Kind::Date, Some(Value::Number(number))) => reader.number(number.to_f64()),
        (Kind::Number | Kind::Date, _) => reader.number(f64::NAN),
        (_, Some(Value::YesNo(yes))) => reader.word(Some(if *yes { "yes" } else { "no" })),
        (_, Some(Value::Text(text))) => reader.word(Some(text)),
        (_, _) => reader.word(None),
    }
}

/// Words that hardly come twice are names.
pub(crate) fn settled(mut column: Column) -> Column {
    let known = (0..u32::try_from(column.len()).unwrap_or(u32::MAX)).filter(|record| column.is_known(*record)).count();
    if column.kind == Kind::Words && column.levels().len() * 2 > known.max(40) {
        column.kind = Kind::Name;
    }
    column
}

/// Decisions side by side: what the card found in each, and a column for each field.
pub(super) fn table(program: &Program, score: ScoreId, decisions: &[Decision]) -> (Scored, Vec<Column>) {
    let card = Card::of(program, score, |_| false);
    let part = |place: usize| {
        let parts: Vec<f32> =
            decisions.iter().map(|decision| decision.rules.get(place).copied().unwrap_or(0.0)).collect();
        Activation::of_parts(&parts)
    };
    let rules = (0..card.rules.len()).map(part).collect();
    let mut readers: BTreeMap<&FieldPath, (Kind, Reader)> = BTreeMap::new();
    for (place, decision) in decisions.iter().enumerate() {
        for (path, value) in &decision.fields {
            let Some(kind) = program.field(path).and_then(|field| kind(&field.ty)) else { continue };
            let (_, column) = readers.entry(path).or_insert_with(|| (kind, reader(kind)));
            column.fill(place);
            push(column, kind, Some(value));
        }
    }
    let columns = readers.into_iter().map(|(path, (kind, mut reader))| {
        reader.fill(decisions.len());
        let name = SmolStr::new(program.path_name(path));
        settled(Column { name, kind, cells: reader.finish(), path: Some(path.clone()) })
    });
    (Scored { card, rules, routing: Routing::default(), certain: Vec::new() }, columns.collect())
}
