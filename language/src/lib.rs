//! Text to syntax: tokens (logos), structure, grammar (pest), the syntax tree with spans, and the formatter.
//!
//! Parsing cannot fail: it gives a tree and a list of errors. This crate knows no CRM, no types and no files; nothing
//! outside it names logos or pest.

mod again;
mod build;
mod edit;
mod error;
mod format;
mod grammar;
mod line_ends;
mod number;
mod parsed;
mod place;
mod span;
pub mod structure;
pub mod syntax;
mod token;

pub use again::parse_again;
pub use error::{PlaceholderError, SyntaxError, SyntaxErrorKind};
pub use format::{Formatted, format};
pub use grammar::{Context, Follow, Shape, shapes};
pub use line_ends::with_line_ends_of;
pub use number::{Fixed, NumberError, SCALE, divide_half_even};
pub use parsed::{Parsed, Switch, parse};
pub use place::{Header, Place, place_at};
pub use span::Span;
pub use token::{Token, Tokens};
