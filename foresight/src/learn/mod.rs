//! Learning from outcomes: the playbook's own card moved as far as outcomes pay for it, and rules that it does not have.
//!
//! A proposal is shrunk to the card, keeps its signs and its bounds, and says what speaks for it. Nothing here adopts one.

mod card;
mod decision;
pub(crate) mod fit;
mod home;
mod model;
mod proposal;
pub(crate) mod reads;
mod reroute;
mod routing;
mod select;
mod weights;
mod write;

pub(crate) use card::rules;
pub use card::{Activation, Card, CardLayer, CardRule, NewRule, Part, Points, Scored, Test, Values};
pub use decision::Decision;
pub(crate) use decision::{fired, kind, push, reader, settled};
pub use model::{Choice, LEAST, LEAST_RARER, Learned, MOST_RULES, SAMPLE, Settings, learn};
pub use proposal::{
    DECISIONS, Evidence, PointChange, Proposal, ProposedRule, RARER, WeightChange, outcome_fields, propose, settings,
};
pub use reroute::{Rerouted, RouteCount, rerouted};
pub use routing::{Answered, Routing};
pub use write::{WriteError, written};
