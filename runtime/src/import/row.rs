//! What one row says, cell by cell, and what is noted about it on the way.

use std::borrow::Cow;
use std::collections::BTreeSet;

use compiler::program::{EntityId, FieldId, Program, Type, Value};

use super::convert::Problem;
use super::dates::DateForms;
use super::plan::Plan;
use super::records::may_be_empty;
use super::report::Dangling;
use super::rows::Row;
use crate::crm::{CrmError, RecordId, RecordShape, Writer};

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The CRM says now what it says.
    Taken,
    /// Its problems say why not.
    Rejected,
    /// The source says to leave it out.
    Skipped,
    /// It is about somebody who asked to be forgotten.
    Erased,
}

/// Reads the cells of rows by a plan.
pub(super) struct RowReader<'a> {
    pub(super) plan: &'a Plan<'a>,
    /// Of the row at hand, with the mapping each is about.
    pub(super) problems: Vec<(Option<usize>, Problem)>,
    /// Of each mapping.
    pub(super) dates: Vec<DateForms>,
    pub(super) danglings: Vec<Dangling>,
    /// So many values had something in them that nobody sees.
    pub(super) cleaned: u64,
}

impl<'a> RowReader<'a> {
    pub(super) fn new(plan: &'a Plan<'a>) -> Self {
        let danglings = plan.bound.iter().map(|bound| {
            let (entity, by) = plan.looked_up(bound.mapping).unwrap_or_default();
            let field = bound.mapping.words.to_string();
            Dangling { field, header: plan.header.name(bound.column).to_owned(), entity, by, ..Dangling::default() }
        });
        let dates = vec![DateForms::default(); plan.bound.len()];
        Self { plan, problems: Vec::new(), dates, danglings: danglings.collect(), cleaned: 0 }
    }

    /// The value of a mapping's cell; where it means nothing, or is missing and must not be, that is a problem of the row.
    pub(super) fn value(&mut self, index: usize, row: &Row) -> Option<Value> {
        let bound = self.plan.bound.get(index)?;
        let cell = row.cell(bound.column);
        self.cleaned += u64::from(matches!(bound.cells.clean(cell), Cow::Owned(_)));
        match bound.cells.value(cell) {
            Ok(Some(value)) => {
                if matches!(bound.mapping.ty, Type::Date | Type::Time) {
                    self.dates.get_mut(index)?.read(cell);
                }
                Some(value)
            }
            Ok(None) => {
                if !bound.mapping.optional && !may_be_empty(&bound.mapping.ty) {
                    self.problem(
                        Some(index),
                        Problem::new("required", "the cell is empty, and the field may not be missing".into()),
                    );
                }
                None
            }
            Err(problem) => {
                if let Some(form) = problem.form {
                    self.dates.get_mut(index)?.other(form, cell, row.line);
                }
                self.problem(Some(index), problem);
                None
            }
        }
    }

    /// As [`RowReader::value`], but whether it may be missing depends on the event, not on the column.
    pub(super) fn fact(&mut self, index: usize, row: &Row) -> Option<Value> {
        let problems = self.problems.len();
        let value = self.value(index, row);
        if self.problems.get(problems).is_some_and(|(_, problem)| problem.kind == "required") {
            self.problems.truncate(problems);
        }
        value
    }

    /// The keys in a mapping's cell.
    pub(super) fn keys(&mut self, index: usize, row: &Row) -> Vec<Value> {
        let Some(bound) = self.plan.bound.get(index) else { return Vec::new() };
        let cell = row.cell(bound.column);
        self.cleaned += u64::from(matches!(bound.cells.clean(cell), Cow::Owned(_)));
        match bound.cells.keys(cell) {
            Ok(keys) => keys,
            Err(problem) => {
                self.problem(Some(index), problem);
                Vec::new()
            }
        }
    }

    pub(super) fn cell<'r>(&self, index: usize, row: &'r Row) -> &'r str {
        self.plan.bound.get(index).map_or("", |bound| row.cell(bound.column))
    }

    pub(super) fn problem(&mut self, index: Option<usize>, problem: Problem) {
        self.problems.push((index, problem));
    }

    pub(super) fn dangling(&mut self, index: Option<usize>, cell: &str) {
        if let Some(dangling) = index.and_then(|index| self.danglings.get_mut(index)) {
            dangling.missing += 1;
            dangling.example(cell);
        }
    }

    pub(super) fn ambiguous(&mut self, index: usize, cell: &str) {
        if let Some(dangling) = self.danglings.get_mut(index) {
            dangling.ambiguous += 1;
            dangling.example(cell);
        }
    }

    pub(super) fn without_key(&mut self, index: usize) {
        if let Some(dangling) = self.danglings.get_mut(index) {
            dangling.without_key += 1;
        }
    }

    /// All problems of the row on one line.
    pub(super) fn reason(&self) -> String {
        let reasons = self.problems.iter().map(|(index, problem)| {
            let bound = index.and_then(|index| self.plan.bound.get(index));
            bound.map_or_else(
                || problem.reason.clone(),
                |bound| format!("{}: {}", bound.called(&self.plan.header), problem.reason),
            )
        });
        reasons.collect::<Vec<_>>().join("; ")
    }
}

/// The columns whose observation times are kept: those that the Program asks freshness of.
#[derive(Clone, Debug, Default)]
pub(super) struct Fresh {
    /// Table, field and column.
    columns: Vec<(String, FieldId, String)>,
}

impl Fresh {
    /// None for a file that was imported before: nobody looked again.
    pub(super) fn new(program: &Program, seen_before: bool) -> Self {
        if seen_before {
            return Self::default();
        }
        let fields: BTreeSet<(EntityId, FieldId)> = crate::crm::fresh_fields(program);
        let columns = fields.into_iter().filter_map(|(entity, field)| {
            let of = program.entities.get(entity.index())?;
            Some((of.table.to_string(), field, of.fields.get(field.index())?.column.to_string()))
        });
        Self { columns: columns.collect() }
    }

    /// Notes the fields given that are known.
    pub(super) fn observe<'v>(
        &self,
        writer: &mut Writer<'_>,
        table: &str,
        values: impl Iterator<Item = (&'v FieldId, &'v Option<Value>)>,
        record: RecordId,
    ) -> Result<(), CrmError> {
        if self.columns.is_empty() {
            return Ok(());
        }
        for (field, _) in values.filter(|(_, value)| value.is_some()) {
            if let Some((_, _, column)) = self.columns.iter().find(|(of, id, _)| of == table && id == field) {
                writer.observe(table, column, record)?;
            }
        }
        Ok(())
    }

    /// The same for the values of a shape.
    pub(super) fn observe_columns(
        &self,
        writer: &mut Writer<'_>,
        table: &str,
        shape: &RecordShape,
        values: &[Option<Value>],
        record: RecordId,
    ) -> Result<(), CrmError> {
        if self.columns.is_empty() {
            return Ok(());
        }
        for (column, _) in shape.columns().zip(values).filter(|(_, value)| value.is_some()) {
            if self.columns.iter().any(|(of, _, name)| of == table && name == column) {
                writer.observe(table, column, record)?;
            }
        }
        Ok(())
    }
}
