//! The statements of a group that every decision runs: each looked up once a group, not once a decision. It knows none of them.

use std::cell::RefCell;

use rusqlite::{CachedStatement, OptionalExtension as _, Params, Row};

use super::LogError;
use crate::crm::Crm;

/// Statements that are looked up when they are first wanted and held from then on.
pub(super) struct Statements<'c> {
    crm: &'c Crm,
    /// So few that a list is the quickest way to one.
    held: RefCell<Vec<(&'static str, CachedStatement<'c>)>>,
}

impl<'c> Statements<'c> {
    pub(super) const fn new(crm: &'c Crm) -> Self {
        Self { crm, held: RefCell::new(Vec::new()) }
    }

    pub(super) const fn crm(&self) -> &'c Crm {
        self.crm
    }

    /// Runs a statement; gives how many rows it changed.
    pub(super) fn execute(&self, sql: &'static str, values: impl Params) -> Result<usize, LogError> {
        self.with(sql, |statement| statement.execute(values))
    }

    /// The first row that a statement gives.
    pub(super) fn first<T>(
        &self,
        sql: &'static str,
        values: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, LogError> {
        self.with(sql, |statement| statement.query_row(values, read).optional())
    }

    /// What is run reads and writes rows, and wants no other statement in the meantime.
    fn with<T>(
        &self,
        sql: &'static str,
        run: impl FnOnce(&mut CachedStatement<'c>) -> rusqlite::Result<T>,
    ) -> Result<T, LogError> {
        let error = |error: rusqlite::Error| self.crm.error(&error);
        let mut held = self.held.borrow_mut();
        let done = match held.iter_mut().find(|(known, _)| *known == sql) {
            Some((_, statement)) => run(statement),
            None => {
                let mut statement = self.crm.connection.prepare_cached(sql).map_err(error)?;
                let done = run(&mut statement);
                held.push((sql, statement));
                done
            }
        };
        Ok(done.map_err(error)?)
    }
}
