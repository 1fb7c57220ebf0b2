//! The scorer, end to end: examples of its meaning, and its agreement with a naive reference.
//!
//! Its modules say `cfg(test)` so that clippy knows them for tests.

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod difference;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod generator;
#[cfg(test)]
mod missing_facts;
mod moved;
#[cfg(test)]
mod playbook;
#[cfg(test)]
mod proofs;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod written;
