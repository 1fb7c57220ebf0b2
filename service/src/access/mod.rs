//! Who asks, and what they may: tokens, sessions, roles. Only a person answers a question, whatever an agent's token says.

pub(crate) mod caller;
pub(crate) mod calls;
pub(crate) mod guesses;
pub(crate) mod invitation;
pub(crate) mod known;
pub mod role;
pub(crate) mod secret;
pub mod tokens;
