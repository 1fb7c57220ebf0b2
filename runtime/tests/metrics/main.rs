//! What the log says of how well a playbook works, from outside: statistics, transitions, goals, kill signals, feedback, maturity.
//!
//! Its modules say `cfg(test)` so that clippy knows them for tests.

#[cfg(test)]
mod feedback;
#[cfg(test)]
mod goals;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod maturity;
#[cfg(test)]
mod stages;
#[cfg(test)]
mod stand;
#[cfg(test)]
mod statistics;
