//! What would be, and what was learned: back-tests, learning from outcomes, simulation, forecasts, and receipts of what happened.
//!
//! All of it asks the same scorer and steps the same engine as production. It knows no file, no clock and no terminal: tables,
//! instants and seeds come in as arguments, reports leave as values.

pub mod backtest;
pub mod eval;
pub mod figures;
pub mod forecast;
pub mod history;
pub mod learn;
pub mod receipts;
pub mod reports;
pub mod simulate;
pub mod statistics;
