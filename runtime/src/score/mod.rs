//! Scores: facts and an instant in; points, ranges, routes, evidence and questions out.
//!
//! Pure: no clock, no files, no randomness. A [`Scorer`] is a playbook linked for one instant ([`Scorer::link`]); records
//! go in by a [`RowBuilder`] or as [`crate::facts::Facts`], one at a time or in a [`Batch`]; what comes out is an
//! [`Evaluation`] or [`Outcomes`], put into words on demand by a [`Ledger`].

mod alternatives;
mod asked;
mod block;
mod error;
mod evaluate;
mod evaluation;
mod events;
mod filter;
mod flip;
mod ledger;
mod link;
mod load;
mod moved;
mod needs;
pub(crate) mod phrases;
mod plan;
mod points;
mod questions;
mod scorer;
mod sheet;
mod truth;
pub mod window;
mod words;

pub use asked::{Answer, Asking};
pub use error::LinkError;
pub use evaluation::{Evaluation, Outcomes, Standing};
pub use flip::Flip;
pub use ledger::{Ledger, Line, OpenLine, Routed, RuleLine};
pub use load::{Batch, FieldValue, Quote, Row, RowBuilder};
pub use needs::{NeededEvent, NeededField, Needs};
pub use questions::Question;
pub use scorer::Scorer;
