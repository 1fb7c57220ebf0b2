//! The runner refuses agents what only people may: nothing of an agent's reaches the outbox, whichever of its doors they try.
//!
//! Its modules say `cfg(test)` so that clippy knows them for tests.

#[cfg(test)]
mod agents;
