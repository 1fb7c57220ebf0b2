//! What was known when: records in the order in which they were decided on, what was known of each then, and what came of them.
//!
//! Open is not lost: a record without an outcome teaches nothing and is not judged. Histories come from a CRM or from a table; nothing
//! here knows which, or what is done with them.

mod column;
mod crm;
mod outcome;
mod table;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use column::{Cells, Column, Kind, Reader};
pub use crm::{Clock, HistoryError, from_crm};
pub use table::{Table, TableError, Wanted};

use crate::learn::Scored;

/// Records in the order in which they were decided on.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The records, the oldest decision first.
    pub records: Vec<Record>,
    /// What is known of them, a cell a record.
    pub columns: Vec<Column>,
    /// What the playbook's own card says of them; none where there is no card.
    pub scored: Option<Scored>,
    /// What decisions are ordered by, in words: `row order`, `Created`.
    pub ordered_by: String,
    /// What is to be known of the data before figures are believed.
    pub remarks: Vec<Remark>,
    /// What the card was learned from already; none of one that somebody wrote.
    pub learned_from: Option<LearnedFrom>,
}

/// What a card was learned from, as its playbook says. Of that it knows the outcome: it can neither be judged by it nor learn it once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnedFrom {
    /// From how many decisions.
    pub decisions: u64,
    /// By the end of which day their outcomes were known.
    pub until: jiff::civil::Date,
    /// The first instant after that day; none where order is time, and the first decisions are meant.
    #[serde(skip)]
    pub ends: Option<i64>,
}

/// A record at its decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// By what a person knows it again: an id of the CRM, a line of a file.
    pub name: SmolStr,
    /// When it was decided on: microseconds, or the place in the order where no time is known.
    pub at: i64,
    /// What came of it; none while it is open.
    pub outcome: Option<Outcome>,
}

/// What came of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// It was rightly called a fit.
    pub good: bool,
    /// When that was known, on the clock of [`Record::at`].
    pub known: i64,
}

/// Something to be known of the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    /// About which column, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<SmolStr>,
    /// In words.
    pub words: String,
}

impl Remark {
    /// About a column.
    pub(crate) fn of(column: &SmolStr, words: String) -> Self {
        Self { column: Some(column.clone()), words }
    }

    /// About all.
    pub(crate) const fn all(words: String) -> Self {
        Self { column: None, words }
    }
}

impl History {
    /// The places of the decided records, in order.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "fewer than four billion records are held in memory")]
    pub fn decided(&self) -> Vec<u32> {
        let decided = self.records.iter().enumerate().filter(|(_, record)| record.outcome.is_some());
        decided.map(|(place, _)| place as u32).collect()
    }

    /// Of decided records, in order, those that the card was not learned from.
    #[must_use]
    pub fn fresh(&self, decided: &[u32]) -> Vec<u32> {
        let Some(from) = self.learned_from else { return decided.to_vec() };
        let Some(ends) = from.ends else {
            return decided.iter().skip(usize::try_from(from.decisions).unwrap_or(usize::MAX)).copied().collect();
        };
        let outcome = |record: u32| self.records.get(record as usize).and_then(|record| record.outcome);
        let is_fresh = |record: &u32| outcome(*record).is_some_and(|outcome| outcome.known >= ends);
        decided.iter().copied().filter(is_fresh).collect()
    }

    /// Whether a record was good; an open one was not.
    #[must_use]
    pub fn is_good(&self, record: u32) -> bool {
        self.records.get(record as usize).and_then(|record| record.outcome).is_some_and(|outcome| outcome.good)
    }

    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}
