//! Figures and pages: marks lie where numbers say, words are never markup, and what is undefined stays undefined.
//!
//! Its modules say `cfg(test)` so that clippy knows them for tests.

#[cfg(test)]
mod figures;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod xml;
