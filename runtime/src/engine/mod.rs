//! The engine: what happens to a record next. `step` takes a playbook, the record's case, an input and the instant, and gives the
//! entries of the log that follow; folding them gives the new case and its effects.
//!
//! Pure: no clock, no files, no randomness. Facts are asked of a [`Judge`], which answers from one snapshot. Production, tests,
//! simulation and replay run this same code; only the store, the clock and the ports around it differ. It knows no SQL and no port.
//!
//! Everything that is kept is named by words of the playbook, never by places in it: playbooks change weekly, runs last for months.

mod acts;
mod advance;
mod apply;
mod case;
mod context;
mod entry;
mod evidence;
mod guards;
mod handoffs;
mod hindrances;
mod input;
mod judge;
mod moving;
mod put_off;
mod questions;
mod ratings;
mod refusal;
pub mod said;
mod sends;
mod standstill;
mod starts;
mod step;
mod stranded;
mod wake;
mod ways;
mod work;

pub use apply::{ACCEPT, apply};
pub use case::*;
pub use context::Context;
pub use entry::*;
pub use handoffs::handed_in;
pub use input::*;
pub use judge::*;
pub use moving::Relocation;
pub use refusal::Refusal;
pub use starts::starts_now;
pub use step::{Decided, Step, step, step_in_place};
pub use wake::next as next_wake;
use ways::WayStep;
