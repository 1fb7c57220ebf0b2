//! Text to syntax: tokens (logos), structure, grammar (pest), the syntax tree with spans, and the formatter.
//!
//! Parsing cannot fail: it gives a tree and a list of errors. This crate knows no CRM, no types and no files; nothing
//! outside it names logos or pest.

mod error;
mod number;
mod span;
pub mod syntax;

pub use error::{SyntaxError, SyntaxErrorKind};
pub use number::{Fixed, NumberError, SCALE, divide_half_even};
pub use span::Span;
