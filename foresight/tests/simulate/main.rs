//! Simulation over a market that is known: what it must show, and what it may not depend on.
//!
//! Its modules say `cfg(test)` so that clippy knows them for tests.

#[cfg(test)]
mod market;
#[cfg(test)]
mod openings;
