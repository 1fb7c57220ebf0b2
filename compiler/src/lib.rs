//! Syntax to Program: modules and refinement, names, types and units, checks, diagnostics.
//!
//! This crate does no I/O but through its caller's loader, reads no clock, and knows no SQL.

mod asked_for;
mod at_once;
mod cascade;
mod checks;
pub mod codes;
pub mod compile;
pub mod diagnostics;
pub mod diff;
mod lower;
pub mod modules;
mod nearest;
pub mod program;
pub mod proofs;
pub mod resolved;
pub mod symbols;

pub use checks::{Ends, Range, Trend, ends_of, range_of, trends};
pub use lower::verbs::buyer_verbs;
