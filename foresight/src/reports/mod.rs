//! Reports to be read by people: one page of HTML each, with its figures and beside each figure its numbers.
//!
//! What a page says is what the text report says, by the same words; what is undefined stays so. Pages come out as values: whoever asked writes
//! them. The same numbers give the same bytes.

mod backtest;
mod forecast;
mod learning;
mod page;
mod simulation;
mod sweep;
pub mod words;

pub use backtest::{Backtested, beware, scores, what_there_is};
pub use forecast::Forecasted;
pub use learning::{Learned, evidence};
pub use page::{Page, ReportError};
pub use simulation::{Other, Simulated};

/// Whose report it is, and of which text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whose {
    /// The client; empty for a table of nobody's.
    pub client: String,
    /// The fingerprint of the playbook; empty where there is none.
    pub playbook: String,
    /// The client's time zone: `Pacific/Auckland`.
    pub zone: String,
}
