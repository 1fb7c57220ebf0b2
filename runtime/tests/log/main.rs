//! What the engine keeps, from outside: the log and its chain, cases, runs, questions, messages, the outbox, erasing, faults.
//!
//! Its modules say `cfg(test)` so that clippy knows them for tests.

#[cfg(test)]
mod chain;
#[cfg(test)]
mod commits;
#[cfg(test)]
mod erase;
#[cfg(test)]
mod flushed;
#[cfg(test)]
mod older;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod remembered;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod spend;
#[cfg(test)]
mod stand;
#[cfg(test)]
mod undo;
#[cfg(test)]
mod writer;
