//! Over history, forward in time only: what a card and what is learned would have said, and what came of it.

mod forward;

pub use forward::{Block, forward, known_before, learn_from, values};
