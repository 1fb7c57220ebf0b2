//! The tests of this crate from outside: fixtures, drawn errors, layout, and what holds of every text.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod again;
mod broken;
mod format;
mod properties;
mod support;
mod valid;
