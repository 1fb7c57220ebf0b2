//! The desk's side of the run time, from outside: the CRM's schema, imports good and bad, undo, faults, presets, real files.
//!
//! Its modules say `cfg(test)` so that clippy knows them for tests.

#[cfg(test)]
mod bad_files;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod people;
#[cfg(test)]
mod presets;
#[cfg(test)]
mod real_files;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod stand;
#[cfg(test)]
mod undo;
