//! How records are called, as the rest of the command asks for it.

pub(crate) use runtime::people::{Person, all, of, one};
