//! The ports, from outside: the built-in workers, and the network ports against real servers of their protocols on loopback.
//!
//! Its modules say `cfg(test)` so that clippy knows them for tests.

#[cfg(test)]
mod builtin;
#[cfg(test)]
mod config;
#[cfg(test)]
mod eval;
#[cfg(test)]
mod letters;
#[cfg(test)]
mod model;
#[cfg(test)]
mod rating;
#[cfg(test)]
mod resend;
#[cfg(test)]
mod server;
#[cfg(test)]
mod smtp;
#[cfg(test)]
mod stand;
