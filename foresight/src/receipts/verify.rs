//! Checking receipts, with nothing but the receipts: what a stranger does.

use ed25519_dalek::{Signature, VerifyingKey};
use thiserror::Error;

use super::key::from_hexadecimal;
use super::{Signed, VERSION};

/// A receipt that was checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// In which line, from 1.
    pub line: usize,
    /// What it says, where it can be read and its signature is its issuer's; otherwise what is wrong.
    pub found: Result<Signed, Flaw>,
}

/// What is wrong with a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Flaw {
    /// It is none.
    #[error("this is no receipt: {0}")]
    Unreadable(String),
    /// Of a later form.
    #[error("the receipt has form {0}, which this version cannot check")]
    Newer(u32),
    /// Its key is none.
    #[error("the issuer's key is no ed25519 key")]
    Key,
    /// Its signature is none.
    #[error("the signature is not 128 hexadecimal digits")]
    SignatureForm,
    /// Something was changed, or somebody else signed.
    #[error("the signature is not the issuer's over this receipt: it was changed, or somebody else signed it")]
    Signature,
    /// Signed rightly, by another key than the one that was asked for.
    #[error("it is signed by another key, {0}")]
    Stranger(String),
}

/// Checks each line of a file of receipts; empty ones are passed over. With a key, only receipts of its holder are right.
#[must_use]
pub fn verify(text: &str, key: Option<&str>) -> Vec<Checked> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(line, text)| Checked { line, found: check(text, key) }).collect()
}

fn check(text: &str, key: Option<&str>) -> Result<Signed, Flaw> {
    let signed: Signed = serde_json::from_str(text).map_err(|error| Flaw::Unreadable(without_place(&error)))?;
    let receipt = &signed.receipt;
    if receipt.version != VERSION {
        return Err(Flaw::Newer(receipt.version));
    }
    let issuer = from_hexadecimal(&receipt.issuer.key).ok_or(Flaw::Key)?;
    let verifying = VerifyingKey::from_bytes(&issuer).map_err(|_| Flaw::Key)?;
    let signature = from_hexadecimal(&signed.signature).ok_or(Flaw::SignatureForm)?;
    let message = receipt.canonical().ok_or_else(|| Flaw::Unreadable("it has no canonical form".to_owned()))?;
    // Strictly: no second signature passes for the same receipt.
    verifying.verify_strict(&message, &Signature::from_bytes(&signature)).map_err(|_| Flaw::Signature)?;
    match key {
        Some(key) if !key.trim().eq_ignore_ascii_case(&receipt.issuer.key) => {
            Err(Flaw::Stranger(receipt.issuer.key.clone()))
        }
        _ => Ok(signed),
    }
}

/// The reader's words without the place in the line, which the caller names.
fn without_place(error: &serde_json::Error) -> String {
    let words = error.to_string();
    words.split(" at line ").next().unwrap_or(&words).to_owned()
}
