//! What every shell around the engine does the same way, wherever it keeps its records: answering the engine's questions about facts,
//! asking the contact policy, taking up consents, choosing whom a schedule is for, taking a handoff.
//!
//! The runner keeps a CRM, a simulation a world in memory; what they decide is decided here. Pure: nothing is read but through
//! [`Kept`], and the instant comes in.

mod assignments;
mod consents;
mod judge;
mod kept;
mod known;
mod leaving;
mod offers;
mod outcomes;
mod policy;
mod raised;
mod schedules;

pub use assignments::{Asked, Assigned, assignment, owner, signature};
pub use consents::{Consenting, consenting};
pub use judge::{FactJudge, Judged};
pub use kept::{Kept, Occasion};
pub use known::{Known, hears, readable};
pub use leaving::{Leaving, leaving};
pub use offers::{Taking, declared, taking};
pub use outcomes::{Taken, take};
pub use policy::{may_send, policy};
pub use raised::{cause, raised_by_delivery};
pub use schedules::{Slots, is_exhausted_until, seeks_what_is_missing, slots};
