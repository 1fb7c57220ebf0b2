//! The built command is killed at random points of a long run, with the disk full and the database locked in some: nothing is lost,
//! nothing goes out twice or without its approval, and the end is that of an undisturbed run.
//!
//! Its modules say `cfg(test)` so that clippy knows them for tests.

#[cfg(test)]
mod audit;
#[cfg(test)]
mod carrier;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod kills;
