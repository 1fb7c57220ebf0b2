//! Agents as ports: who does what a workflow asks for, built in or outside.
//!
//! A port never sees the CRM and decides nothing. It gets an [`Assignment`] with only what its agent may read and gives back
//! an [`Outcome`], which the engine checks at the permission gate before any of it is kept. What a port needs from outside
//! (the instant, delays, money to spend) comes in as an argument or through a trait; only the network ports speak to a
//! network, and only after a person approved does a [`Mailer`] send.

mod assignment;
mod brief;
pub mod builtin;
pub mod config;
mod error;
mod flaw;
mod http;
mod letter;
pub mod mail;
pub mod model;
mod outcome;
mod port;
mod retry;
mod secret;
mod texts;
pub(crate) mod traced;

pub use assignment::{
    Assignment, Busy, Direction, EvidenceId, Given, Heard, Named, Part, Phrases, PhrasesKind, RubricLine, Task, Wanted,
};
pub use brief::{parts, path, phrases, reads, rubric_lines, wanted};
pub use config::{ConfigError, Ports, Sender, Surroundings, Workers};
pub use error::{PortError, PortErrorKind};
pub use flaw::{Flaw, flaw};
pub use letter::{Letter, Mailbox, Receipt};
pub use outcome::{
    Claim, Disputed, Draft, Evidence, Found, Insight, InsightKind, OpenPoint, Outcome, Proposal, Rating, Reason, Slot,
};
pub use port::{BoxFuture, Mailer, Worker};
pub use retry::next_try;
pub use secret::Secret;
pub use texts::occurs;
pub use traced::TRACED;
