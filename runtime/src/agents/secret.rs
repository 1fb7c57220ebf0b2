//! Something nobody may read: keys and passwords. It can be handed to the port that needs it and is shown nowhere.

use std::fmt;

use serde::{Serialize, Serializer};

/// What is written in its place.
const HIDDEN: &str = "[secret]";

/// A key or password. Written, stored and debugged it is `[secret]`; it is read from nowhere but an environment variable.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// To be kept so.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// For the port that needs it, and for nobody else.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(HIDDEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_shown_nowhere() {
        let secret = Secret::new("hush".to_owned());
        let shown = format!("{secret} {secret:?} {:?} {}", Some(&secret), serde_json::to_string(&secret).unwrap());
        assert!(!shown.contains("hush"), "{shown}");
        assert_eq!(secret.reveal(), "hush");
    }
}
