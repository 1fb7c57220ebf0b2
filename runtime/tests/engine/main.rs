//! The engine's `step`, over playbooks of a few lines and a judge written by hand: what follows from what, and what never follows.
//!
//! Its modules say `cfg(test)` so that clippy knows them for tests.

#[cfg(test)]
mod approvals;
#[cfg(test)]
mod generated;
#[cfg(test)]
mod handoffs;
#[cfg(test)]
mod invariants;
#[cfg(test)]
mod judge;
#[cfg(test)]
mod on_the_way;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod proven;
#[cfg(test)]
mod put_off;
#[cfg(test)]
mod questions;
#[cfg(test)]
mod ratings;
#[cfg(test)]
mod reminders;
#[cfg(test)]
mod sends;
#[cfg(test)]
mod stages;
#[cfg(test)]
mod stand;
#[cfg(test)]
mod standstill;
#[cfg(test)]
mod starts;
#[cfg(test)]
mod stepping_in;
#[cfg(test)]
mod stranded;
#[cfg(test)]
mod workflow_tests;
