//! A message's text: how it is kept, what it hashes to, and the letter that it becomes.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// A message's text as it is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// The line above, where the channel has one.
    pub subject: Option<String>,
    /// The text.
    pub body: String,
}

impl Text {
    /// As it is sealed.
    #[must_use]
    pub fn sealed(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What an approval is of: channel, subject and body, in hexadecimal. Each part goes in with its length, so that no two
    /// messages share a hash by shifting text from one part into another.
    #[must_use]
    pub fn hash(&self, channel: &str) -> SmolStr {
        let mut hasher = blake3::Hasher::new();
        for part in [channel, self.subject.as_deref().unwrap_or_default(), &self.body] {
            hasher.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.finalize().to_hex().to_string().into()
    }
}

/// Subject and body of a sealed text; none where it is no message.
#[must_use]
pub fn parts(sealed: &str) -> Option<(Option<String>, String)> {
    let Text { subject, body } = serde_json::from_str(sealed).ok()?;
    Some((subject, body))
}
