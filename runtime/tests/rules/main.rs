//! The rules of the run time that need no records: time ahead, permissions and priority, the contact policy.
//!
//! Its modules say `cfg(test)` so that clippy knows them for tests.

#[cfg(test)]
mod calendar;
#[cfg(test)]
mod contact_policy;
#[cfg(test)]
mod gate;
#[cfg(test)]
mod minutes;
#[cfg(test)]
mod priority;
#[cfg(test)]
mod team;
#[cfg(test)]
mod verdict;
