//! Texts as an editor counts them: lines from 0, and characters in whatever unit was agreed on.

pub(crate) mod changes;
mod encoding;
mod lines;

pub(crate) use encoding::Encoding;
pub(crate) use lines::Lines;
