//! A receipt as it is written and read.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::SigningKey;

/// The form of a receipt.
pub const VERSION: u32 = 1;

/// What is signed. Numbers of the playbook are texts, so that no reader rounds them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// [`VERSION`]
    pub version: u32,
    /// What is published: `qualification_proof`.
    pub kind: String,
    /// By whom.
    pub issuer: Issuer,
    /// Of whom: a pseudonym.
    pub subject: String,
    /// What else they are known by: the pseudonym of their name, where that is known, by which a referral names them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When what it says came about, in UTC.
    pub at: String,
    /// Where it stands in the issuer's records.
    pub standing: Standing,
    /// What is said, by the names of the playbook's items.
    pub content: Map<String, Value>,
}

/// Who signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// The client.
    pub client: String,
    /// Its public key, 64 hexadecimal digits.
    pub key: String,
}

/// Where something stands in the issuer's records, for an audit that may open them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// The log entry or the event, by its number.
    pub number: i64,
    /// `entry` or `event`
    pub of: String,
    /// The playbook that it happened under, by its hash; none for an event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub playbook: Option<String>,
}

/// A receipt with its signature: one line of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// What is signed.
    pub receipt: Receipt,
    /// Over the receipt as canonical JSON: 128 hexadecimal digits.
    pub signature: String,
}

impl Receipt {
    /// The bytes that are signed: canonical JSON, RFC 8785. None where there is no such form, which no receipt of ours lacks.
    #[must_use]
    pub fn canonical(&self) -> Option<Vec<u8>> {
        serde_json_canonicalizer::to_vec(self).ok()
    }

    /// Signed with the issuer's key.
    #[must_use]
    pub fn signed(self, key: &SigningKey) -> Option<Signed> {
        let signature = key.sign(&self.canonical()?);
        Some(Signed { receipt: self, signature })
    }
}

impl Signed {
    /// One line: canonical, so that the same receipt is always the same bytes.
    #[must_use]
    pub fn line(&self) -> Option<String> {
        serde_json_canonicalizer::to_string(self).ok()
    }
}
