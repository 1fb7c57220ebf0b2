//! Sources, as written: how somebody's file becomes records.

use super::{CalendarDate, DurationUnit, Name, Path, Text};
use crate::Span;
use derive_visitor::DriveMut;

/// `source leads from csv "leads.csv" into Contact by email { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Source {
    /// Its name; may be dotted (`hubspot.contacts`).
    pub name: Path,
    /// `csv`
    pub format: Name,
    /// The files; none for a preset.
    pub files: Vec<Text>,
    /// `into existing …`: updates, never creates.
    pub existing: bool,
    /// An entity or an event.
    pub into: Path,
    /// `by FIELD`: the natural key.
    pub key: Option<Path>,
    /// What is in its block.
    pub clauses: Vec<SourceClause>,
}

/// A line of a source.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum SourceClause {
    /// `signature "Record ID", "Email"`
    Signature(Vec<Text>),
    /// `reports page.viewed, conversation since 2026-03-01 until 2026-06-30`
    Reports {
        /// Event names, or `conversation`.
        events: Vec<Path>,
        /// From this day on.
        since: CalendarDate,
        /// Up to and with this day.
        until: Option<CalendarDate>,
        /// The clause.
        span: Span,
    },
    /// `missing "Select", "n/a"`
    Missing(Vec<Text>),
    /// `decimal comma`
    DecimalComma(Span),
    /// `separator ";"`
    Separator(Text),
    /// `encoding "windows-1252"`
    Encoding(Text),
    /// `email from "Email" …`
    Field(FieldMapping),
}

/// `symptoms from "What have you noticed?" or "Symptoms" split by ";", "Select" means missing`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct FieldMapping {
    /// The field; `company.employees` is one of the record looked up.
    pub target: Path,
    /// The headers, the first one that is there.
    pub columns: Vec<Text>,
    /// What happens to the cell on the way.
    pub conversions: Vec<Conversion>,
    /// The clause.
    pub span: Span,
}

/// What happens to a cell on the way.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum Conversion {
    /// `split by ";"`
    SplitBy(Text),
    /// `"Select", "-" means missing`, `"OPEN" means email.opened`, `"Ja" means yes`
    Means {
        /// The cells.
        cells: Vec<Text>,
        /// What they mean: `missing`, `yes`, `no`, a value or an event.
        meaning: Path,
    },
    /// `others mean missing`, `others mean other`
    OthersMean(Name),
    /// `as seconds`
    AsUnit(DurationUnit, Span),
    /// `as date "%d %b %Y"`
    AsDate(Text),
    /// `as time "%Y-%m-%d %H:%M"`
    AsTime(Text),
    /// `as NZD`
    AsCurrency(Name),
    /// `lookup Company by domain or create`
    Lookup {
        /// The entity looked up.
        entity: Name,
        /// By which of its fields.
        by: Path,
        /// `or create`
        create: bool,
        /// From `lookup` on.
        span: Span,
    },
}
