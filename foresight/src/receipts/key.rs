//! The client's key: it signs receipts, and makes pseudonyms that only its holder can look up.

use ed25519_dalek::Signer as _;
use thiserror::Error;

/// What a key of pseudonyms is derived for; another purpose would have another one.
const PSEUDONYMS: &str = "playbook 2026-11 receipts: pseudonyms";

/// Signs. It is shown nowhere.
#[derive(Clone)]
pub struct SigningKey {
    key: ed25519_dalek::SigningKey,
    pseudonyms: [u8; 32],
}

/// What is wrong with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    /// It has another length, or other characters.
    #[error("a signing key is 64 hexadecimal digits")]
    NotHexadecimal,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey of {}", self.public())
    }
}

impl SigningKey {
    /// The key of these bytes, which have to be random.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        let pseudonyms = blake3::derive_key(PSEUDONYMS, secret);
        Self { key: ed25519_dalek::SigningKey::from_bytes(secret), pseudonyms }
    }

    /// The key that somebody wrote down, as 64 hexadecimal digits.
    ///
    /// # Errors
    /// Where it is none; it is not repeated.
    pub fn read(text: &str) -> Result<Self, KeyError> {
        Ok(Self::new(&from_hexadecimal(text.trim()).ok_or(KeyError::NotHexadecimal)?))
    }

    /// What everybody may know: 64 hexadecimal digits.
    #[must_use]
    pub fn public(&self) -> String {
        hexadecimal(self.key.verifying_key().as_bytes())
    }

    pub(super) fn sign(&self, message: &[u8]) -> String {
        hexadecimal(&self.key.sign(message).to_bytes())
    }

    /// What stands for something of a person's: 32 hexadecimal digits, the same ones for the same thing.
    pub(super) fn pseudonym(&self, kind: &str, of: &str) -> String {
        let mut hasher = blake3::Hasher::new_keyed(&self.pseudonyms);
        hasher.update(kind.as_bytes()).update(&[0]).update(of.as_bytes());
        let mut short = [0; 16];
        hasher.finalize_xof().fill(&mut short);
        hexadecimal(&short)
    }
}

/// Two digits a byte.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// So many bytes, two digits each, in lower case.
pub(super) fn from_hexadecimal<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N || !text.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase()) {
        return None;
    }
    let mut bytes = [0; N];
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(bytes)
}
