//! What the engine keeps: the log of entries, the cases that they fold to, and what waits for people, agents, channels and time.
//!
//! Everything that one decision writes is one transaction. The instant and the salts come in as arguments. It folds entries into
//! cases by the engine's `apply` and knows no more of the engine, and no port.

mod append;
mod case;
mod chain;
mod commit;
mod consent;
mod derive;
mod effect;
mod erase;
mod error;
mod group;
mod history;
mod inbox;
mod lease;
mod look_up;
mod means;
mod measure;
mod memory;
mod message;
mod news;
mod outbox;
mod question;
mod raise;
mod replay;
mod run;
mod schedule;
mod sent;
mod spend;
mod statements;
mod suppression;
mod switch;
mod trial;
mod verify;
mod writer;

pub use case::{Due, Standing};
pub use commit::Change;
pub use consent::Consent;
pub use erase::Erased;
pub use error::LogError;
pub use group::{Committed, Decision, Group, Sealed, Turn};
pub use history::{Logged, Running, Transition};
pub use inbox::{Answered, Asked, Inquiry};
pub use lease::Lease;
pub use means::{Means, Randomness, Seeded};
pub(in crate::crm) use memory::Memory;
pub use outbox::{Claimant, Effect, Failed, Retried};
pub use raise::Raised;
pub(crate) use raise::decisions_of;
pub use replay::{Difference, Replayed};
pub(crate) use run::week;
pub use suppression::{EVERY_CHANNEL, Forgotten, Suppressed, number_key};
pub use switch::Paused;
pub use verify::{Broken, Verified};
pub use writer::{LogWriter, Ticket};
