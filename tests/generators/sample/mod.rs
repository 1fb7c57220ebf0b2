//! The clients' sample data, made up from a seed: no person, firm or number in it is real.
//!
//! Days are counted back from [`calendar::NOW`], so whoever scores the samples says the same `--now`. Addresses end in
//! `.example`; phone numbers come from the range that Australia's regulator keeps for fiction.

mod calendar;
mod csv;
mod names;
mod random;
mod sneakers;
mod stackmates;

/// Each file's path in the repository, and its text.
pub(crate) fn files() -> Vec<(String, String)> {
    let mut files = stackmates::files();
    files.extend(sneakers::files());
    files
}
