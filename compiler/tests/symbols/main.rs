//! Which name stands where: drawn once for every construct, and as properties of all playbooks of the repository.
#![expect(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and reads the playbooks of the repository"
)]

#[path = "../support/mod.rs"]
mod support;

mod broken;
mod cover;
mod drawn;
mod playbooks;
mod rename;
