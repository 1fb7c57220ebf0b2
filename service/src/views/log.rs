//! The log, page by page: the newest first.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use jiff::Timestamp;
use runtime::crm::log::Logged;
use runtime::engine::said::said;
use runtime::engine::{Entry, EntryId, RecordRef};
use serde::Serialize;
use utoipa::ToSchema;

use crate::pool::Reader;
use crate::problem::Problem;

/// An entry of the log.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Logline {
    /// Its number.
    pub(crate) number: i64,
    /// When it was decided.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    /// Whose case: `Contact`.
    pub(crate) entity: Option<String>,
    /// Its number.
    pub(crate) record: Option<i64>,
    /// What it says, in a sentence.
    pub(crate) said: String,
    /// As it stands in the log.
    #[schema(value_type = Object)]
    pub(crate) entry: serde_json::Value,
}

/// A page of the log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Loglines {
    /// The newest first.
    entries: Vec<Logline>,
    /// What to send as `before` for the next page; none on the last one.
    next: Option<i64>,
}

impl From<&Logged> for Logline {
    fn from(logged: &Logged) -> Self {
        let (entity, record) = logged.record.as_ref().map(|record| (record.entity.to_string(), record.id)).unzip();
        Self {
            number: logged.number.0,
            at: logged.at,
            entity,
            record,
            said: said(&logged.entry),
            entry: serde_json::to_value(&logged.entry).unwrap_or_default(),
        }
    }
}

/// The newest entries with numbers below one, of a case or of all.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn page(
    reader: &Reader,
    of: Option<&RecordRef>,
    before: Option<i64>,
    limit: usize,
) -> Result<Loglines, Problem> {
    let end = match before {
        Some(before) => before,
        None => reader.crm.next_entry()?.0,
    };
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    // Of all, the last ones are where their numbers say; of a case they may lie anywhere before.
    let after = if of.is_some() { 0 } else { end.saturating_sub(most + 1).max(0) };
    let mut entries = VecDeque::new();
    let mut more = after > 0;
    reader.crm.entries(of, EntryId(after), |logged| {
        if logged.number.0 >= end {
            return ControlFlow::Break(());
        }
        entries.push_front(Logline::from(&logged));
        if entries.len() > limit {
            entries.pop_back();
            more = true;
        }
        ControlFlow::Continue(())
    })?;
    let next = entries.back().map(|last| last.number).filter(|_| more);
    Ok(Loglines { entries: entries.into(), next })
}

/// The newest refusals of agents' acts: who wanted what, and every reason.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn denials(reader: &Reader, limit: usize) -> Result<Vec<Logline>, Problem> {
    let mut denials = VecDeque::new();
    reader.crm.entries(None, EntryId(0), |logged| {
        if matches!(logged.entry, Entry::Denied { .. }) {
            denials.push_front(Logline::from(&logged));
            denials.truncate(limit);
        }
        ControlFlow::Continue(())
    })?;
    Ok(denials.into())
}
