//! Single settings as they are read: addresses, lengths of time, kinds of entries; and where in the file something stands.

use std::net::SocketAddr;
use std::time::Duration;

use jiff::SignedDuration;
use reqwest::Url;
use runtime::engine::Entry;
use serde::{Deserialize as _, Deserializer};

pub(super) fn url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    let text = String::deserialize(deserializer)?;
    Url::parse(&text)
        .map_err(|_| serde::de::Error::custom(format!("`{text}` is no address: write it with https:// before it")))
}

pub(super) fn listening<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| {
        serde::de::Error::custom(format!(
            "`{text}` is no address to listen at: write \"127.0.0.1:8600\", an IP and a port"
        ))
    })
}

/// `line 4: `, where it is known.
pub(super) fn line(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    before.map_or_else(String::new, |before| format!("line {}: ", before.matches('\n').count() + 1))
}

/// Whether entries of the log have that kind: `log.asked`.
pub(super) fn is_kind(kind: &str) -> bool {
    let Some(kind) = kind.strip_prefix("log.") else { return false };
    // Of a kind that there is, only the rest is missing.
    let read = serde_json::from_value::<Entry>(serde_json::json!({ "kind": kind }));
    read.map_or_else(|error| !error.to_string().contains("unknown variant"), |_| true)
}

/// `"30s"`, `"5m"`, `"12h"`
pub(super) fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    let read: Option<SignedDuration> = text.parse().ok();
    let read = read.and_then(|duration| Duration::try_from(duration).ok());
    read.ok_or_else(|| {
        serde::de::Error::custom(format!("`{text}` is no length of time: write \"30s\", \"5m\" or \"12h\""))
    })
}
