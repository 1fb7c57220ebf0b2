//! Back-tests, as written: what a score has to reach over history.

use super::{Bound, CalendarDate, Literal, Name, Text};
use crate::Span;
use derive_visitor::DriveMut;

/// `backtest "icp over the last year" { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Backtest {
    /// Its title.
    pub title: Text,
    /// In source order.
    pub clauses: Vec<BacktestClause>,
}

/// A clause of a back-test.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum BacktestClause {
    /// `of icp`
    Of {
        /// The score.
        score: Name,
        /// The clause.
        span: Span,
    },
    /// `judge from 2026-01-01`
    Judge {
        /// The first day that is judged.
        from: CalendarDate,
        /// The clause.
        span: Span,
    },
    /// `expect conversion of hot certainly at least 20%`
    Expect {
        /// Which figure.
        figure: Name,
        /// Of which route.
        of: Option<Name>,
        /// Of the whole interval.
        certainly: bool,
        /// Which side of the amount is reached.
        bound: Bound,
        /// A number or percentage.
        amount: Literal,
        /// The clause.
        span: Span,
    },
}
