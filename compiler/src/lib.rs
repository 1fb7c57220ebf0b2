//! Syntax to Program: modules and refinement, names, types and units, checks, diagnostics.
//!
//! This crate does no I/O but through its caller's loader, reads no clock, and knows no SQL.

pub mod diagnostics;
pub mod program;
