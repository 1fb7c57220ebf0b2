//! The first rows of a file as the CRM would see them. Nothing is written, and no CRM is asked.

use compiler::program::{Fixed, MappingTarget, Type, Value};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::plan::{Bound, Plan};
use super::rows::Row;
use super::{ImportError, Request, run};
use crate::crm::date_of;

/// The first rows of a file as the CRM would see them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Preview {
    /// `hubspot.contacts`
    pub source: String,
    /// Between the cells.
    pub separator: char,
    /// One for each field that is filled.
    pub columns: Vec<PreviewColumn>,
    /// Headers that nothing is taken from.
    pub unused: Vec<String>,
    /// What else there is to know.
    pub notes: Vec<String>,
}

/// A field, with what its column's first cells become.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PreviewColumn {
    /// `company.employees`
    pub field: String,
    /// `Staff`
    pub header: String,
    /// `company` by `domain`, where the cell names a record.
    pub lookup: Option<String>,
    /// The cells as they are, and what they become.
    pub cells: Vec<PreviewCell>,
}

/// A cell as it is, and what it becomes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PreviewCell {
    /// As it is.
    pub cell: String,
    /// What it becomes; none where it is missing.
    pub value: Option<String>,
    /// Why it means nothing.
    pub problem: Option<String>,
}

/// The first rows; see [`super::preview`].
pub(super) fn preview(request: &Request<'_>, count: usize) -> Result<Preview, ImportError> {
    let (plan, mut rows) = run::open(request)?;
    let zone = crate::crm::zone(request.program);
    let mut columns: Vec<PreviewColumn> = plan.bound.iter().map(|bound| column(&plan, bound)).collect();
    let (mut row, mut shown) = (Row::default(), 0);
    while shown < count && rows.next(&mut row)? {
        if row.is_blank() {
            continue;
        }
        shown += 1;
        for (bound, column) in plan.bound.iter().zip(&mut columns) {
            column.cells.push(cell(bound, row.cell(bound.column), &zone));
        }
    }
    let notes = run::notes(&plan);
    Ok(Preview {
        source: request.source.name.to_string(),
        separator: rows.separator(),
        columns,
        unused: plan.unused,
        notes,
    })
}

fn column(plan: &Plan<'_>, bound: &Bound<'_>) -> PreviewColumn {
    let lookup = plan.looked_up(bound.mapping).map(|(entity, by)| format!("{entity} by {by}"));
    let header = plan.header.name(bound.column).to_owned();
    PreviewColumn { field: bound.mapping.words.to_string(), header, lookup, cells: Vec::new() }
}

fn cell(bound: &Bound<'_>, cell: &str, zone: &TimeZone) -> PreviewCell {
    let is_key = matches!(bound.mapping.target, MappingTarget::Relation { .. } | MappingTarget::EventContact { .. });
    let read = if is_key {
        bound.cells.keys(cell).map(|keys| {
            let keys: Vec<String> = keys.iter().map(|key| super::relation::text(key).to_string()).collect();
            (!keys.is_empty()).then(|| keys.join(" or "))
        })
    } else {
        bound.cells.value(cell).map(|value| value.map(|value| shown(&bound.mapping.ty, &value, zone)))
    };
    let cell = cell.to_owned();
    match read {
        Ok(value) => PreviewCell { cell, value, problem: None },
        Err(problem) => PreviewCell { cell, value: None, problem: Some(problem.reason) },
    }
}

/// A value as a person reads it.
fn shown(ty: &Type, value: &Value, zone: &TimeZone) -> String {
    match (ty, value) {
        (Type::Date, Value::Number(number)) => date_of(*number).map_or_else(String::new, |date| date.to_string()),
        (Type::Time, Value::Number(Fixed(micros))) => Timestamp::from_microsecond(*micros)
            .map_or_else(|_| String::new(), |at| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()),
        (Type::Duration, Value::Number(seconds)) => format!("{seconds} s"),
        (Type::Percent, Value::Number(number)) => format!("{number}%"),
        (_, Value::Number(number)) => number.to_string(),
        (_, Value::Text(text)) => text.to_string(),
        (_, Value::YesNo(yes)) => if *yes { "yes" } else { "no" }.into(),
        (_, Value::List(items)) => format!("[{}]", items.join(", ")),
    }
}
