//! What an import did, for a person and for a program.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use super::convert::Problem;
use crate::crm::{Counts, Import, ImportId, Merged};

/// So many kinds of rejections are told; the rest is in the file of rejected rows.
const TOLD: usize = 20;
/// So many keys are shown of those that lead nowhere.
const EXAMPLES: usize = 5;

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// `hubspot.contacts`
    pub source: String,
    /// The file's name.
    pub file: String,
    /// Its number in the CRM; none for a dry run, and where there was nothing to do.
    pub import: Option<ImportId>,
    /// Nothing was kept.
    pub dry_run: bool,
    /// `contact`, `event`
    pub what: String,
    /// Rows that are not blank, the header apart.
    pub rows: u64,
    /// How they fared. `created` and `updated` count records, the others rows; `dangling` counts cells.
    pub counts: Counts,
    /// Of the rows, those whose key an earlier row of the file has: what they say was added to that row's record.
    pub repeated: u64,
    /// Rows of events that the source says to leave out.
    pub skipped: u64,
    /// Rows about people who asked to be forgotten: nothing of them is taken.
    pub erased: u64,
    /// Values that had characters in them which nobody sees: those were taken out.
    pub cleaned: u64,
    /// Events that are dated later than a day from now.
    pub future: u64,
    /// Records of other kinds that rows belong to.
    pub related: Vec<Related>,
    /// Columns whose keys lead nowhere.
    pub dangling: Vec<Dangling>,
    /// Rows whose key is an earlier row's and whose name is somebody else's.
    pub merged: Merged,
    /// Why rows were rejected, the most frequent reason first.
    pub rejections: Vec<Rejection>,
    /// Where the rejected rows are.
    pub rejected_file: Option<PathBuf>,
    /// Why they could not be written down.
    pub rejected_file_error: Option<String>,
    /// Headers that nothing is taken from.
    pub unused: Vec<String>,
    /// What else there is to know.
    pub notes: Vec<String>,
    /// This very file was imported before, and, having no key, is not imported again.
    pub already: Option<Import>,
}

/// Records of another kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Related {
    /// `company`
    pub what: String,
    /// How many were made.
    pub created: u64,
    /// How many say something else than before.
    pub updated: u64,
}

/// A column whose keys lead nowhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Dangling {
    /// `company`
    pub field: String,
    /// `Associated Company IDs`
    pub header: String,
    /// What was looked for: `company` by `external_id`.
    pub entity: String,
    /// By which field.
    pub by: String,
    /// Cells that no record has.
    pub missing: u64,
    /// Cells that several records have.
    pub ambiguous: u64,
    /// Rows that say something of a record without its key.
    pub without_key: u64,
    /// Some of the cells.
    pub examples: Vec<String>,
}

/// Rows rejected for the same reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejection {
    /// The column, as `field` from "Header"; none where the whole row is meant.
    pub column: Option<String>,
    /// The reason for the first of them.
    pub reason: String,
    /// How many rows.
    pub rows: u64,
    /// The line of the first of them.
    pub first_line: u64,
}

impl Rejection {
    /// On one line: `12 rows, the first in line 3: `employees` from "Staff": `x` is not a number`
    #[must_use]
    pub fn line(&self) -> String {
        let rows = if self.rows == 1 {
            format!("line {}", self.first_line)
        } else {
            format!("{} rows, the first in line {}", self.rows, self.first_line)
        };
        match &self.column {
            Some(column) => format!("{rows}: {column}: {}", self.reason),
            None => format!("{rows}: {}", self.reason),
        }
    }
}

/// Collects reasons.
#[derive(Default)]
pub(super) struct Rejections {
    /// By column and kind.
    found: BTreeMap<(usize, &'static str), Rejection>,
}

impl Rejections {
    pub(super) fn add(&mut self, column: Option<usize>, called: Option<String>, problem: &Problem, line: u64) {
        let key = (column.map_or(0, |column| column + 1), problem.kind);
        let first = || Rejection { column: called, reason: problem.reason.clone(), rows: 0, first_line: line };
        self.found.entry(key).or_insert_with(first).rows += 1;
    }

    pub(super) fn told(&self) -> Vec<Rejection> {
        let mut told: Vec<Rejection> = self.found.values().cloned().collect();
        told.sort_by_key(|rejection| (std::cmp::Reverse(rejection.rows), rejection.first_line));
        told.truncate(TOLD);
        told
    }
}

impl Dangling {
    pub(super) fn example(&mut self, cell: &str) {
        let cell = cell.trim();
        if self.examples.len() < EXAMPLES && !self.examples.iter().any(|known| known == cell) {
            self.examples.push(cell.to_owned());
        }
    }

    pub(super) fn any(&self) -> bool {
        self.missing + self.ambiguous + self.without_key > 0
    }
}
