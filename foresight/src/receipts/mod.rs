//! Receipts: what a playbook publishes, signed, so that a stranger can check it with nothing but the receipt.
//!
//! A receipt names nobody. Its subject, and every text of a person's, is a pseudonym: the same person has the same one in all receipts of
//! a client, and only who holds the client's key can tell whose it is. It is written as canonical JSON (RFC 8785) and signed with ed25519
//! (RFC 8032) over exactly those bytes.

mod collect;
mod content;
mod key;
mod receipt;
mod verify;

pub use collect::{ReceiptError, collect};
pub use key::{KeyError, SigningKey};
pub use receipt::{Issuer, Receipt, Signed, Standing, VERSION};
pub use verify::{Checked, Flaw, verify};
