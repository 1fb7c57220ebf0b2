//! Learning from outside: proposals are drawn to the card, keep its signs and bounds, and are what is written.
//!
//! Its module says `cfg(test)` so that clippy knows it for tests.

#[cfg(test)]
mod cards;
