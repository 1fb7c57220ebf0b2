//! The rules of the run time that need no records: time ahead, permissions and priority, the contact policy.
//!
//! Its modules say `cfg(test)` so that clippy knows them for tests.

#[cfg(test)]
mod calendar;
#[cfg(test)]
mod minutes;
