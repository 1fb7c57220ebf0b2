//! What editors make of playbooks: the grammar for tree-sitter read by its own library, the server driven by a client of the
//! protocol from PyPI and by Neovim. Where a machine has no such thing, that is said loudly and left out; never in .ci/run.
//!
//! Its modules say `cfg(test)` so that clippy knows them for tests.

#[cfg(test)]
mod neovim;
#[cfg(test)]
mod python;
#[cfg(test)]
mod tools;
