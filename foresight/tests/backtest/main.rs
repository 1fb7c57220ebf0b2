//! Back-tests from outside: over tables with and without signal, drifting and leaking ones, and real leads where they are at hand.
//!
//! Its module says `cfg(test)` so that clippy knows it for tests.

#[cfg(test)]
mod tables;
