//! Tokens that have proven themselves in this process: hashing one takes tens of milliseconds, which no request after the first has to
//! wait for. Whether it was revoked or has expired is asked each time all the same.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Semaphore;

/// So many tokens are remembered.
const MOST: usize = 4096;
/// So many are hashed at once: each takes 19 MiB.
const AT_ONCE: usize = 2;

/// Tokens that have proven themselves, by a keyed hash of all that was sent.
pub(crate) struct Verified {
    key: [u8; 32],
    known: Mutex<HashMap<[u8; 32], String>>,
    pub(crate) hashing: Semaphore,
}

impl Verified {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self { key, known: Mutex::default(), hashing: Semaphore::new(AT_ONCE) }
    }

    /// Whether that text has proven that token, with what is kept of it as it is now.
    pub(crate) fn is_known(&self, text: &str, kept: &str) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&self.hash(text)).is_some_and(|before| before == kept)
    }

    pub(crate) fn remember(&self, text: &str, kept: &str) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(self.hash(text), kept.to_owned());
    }

    fn hash(&self, text: &str) -> [u8; 32] {
        blake3::keyed_hash(&self.key, text.as_bytes()).into()
    }
}
