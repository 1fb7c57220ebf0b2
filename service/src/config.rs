//! The one configuration file of the service. Every setting has a value without it; what is not known is refused.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer};

/// How the service is set up.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Configuration {
    /// Where it listens.
    pub listen: SocketAddr,
    /// How people reach it: with `https` its cookies are for encrypted connections only.
    pub public_url: String,
    /// A proxy stands before it and says in `X-Forwarded-For` who asks.
    pub behind_proxy: bool,
    /// What it takes.
    pub limits: Limits,
    /// Failed logins.
    pub logins: Logins,
    /// People's sessions.
    pub sessions: Sessions,
    /// Work.
    pub scheduler: Scheduler,
    /// Reading.
    pub readers: Readers,
    /// What it writes about itself.
    pub log: Log,
    /// Webhooks that come in.
    pub webhooks: Webhooks,
    /// Settings of single clients, by the names of their folders.
    pub clients: BTreeMap<String, OfClient>,
}

/// What the service takes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of a request's body.
    pub body: usize,
    /// How long a request may take, its body included.
    #[serde(deserialize_with = "duration")]
    pub request: Duration,
    /// How long the head of a request may take to arrive.
    #[serde(deserialize_with = "duration")]
    pub head: Duration,
    /// Connections at once.
    pub connections: usize,
    /// How long requests may go on once the service is told to stop.
    #[serde(deserialize_with = "duration")]
    pub stop: Duration,
}

/// Failed logins.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Logins {
    /// So many may fail from one address …
    pub failures: u32,
    /// … within so long.
    #[serde(deserialize_with = "duration")]
    pub within: Duration,
}

/// People's sessions.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sessions {
    /// How long one lasts.
    #[serde(deserialize_with = "duration")]
    pub last: Duration,
}

/// Work.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scheduler {
    /// How often each client is looked at: for what another process has imported, and for a changed playbook.
    #[serde(deserialize_with = "duration")]
    pub look_every: Duration,
}

/// Reading.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Readers {
    /// Connections for reading, for each client.
    pub connections: usize,
    /// KiB of a CRM that each of them keeps in memory.
    pub cache_kib: u32,
}

/// What the service writes about itself.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// As text or as JSON.
    pub format: LogFormat,
    /// From which level on.
    pub level: Level,
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// How grave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// What failed.
    Error,
    /// And what was refused.
    Warn,
    /// And what was done.
    Info,
    /// And each request.
    Debug,
}

/// Webhooks that come in.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Webhooks {
    /// How far the instant of a signature may be from the clock.
    #[serde(deserialize_with = "duration")]
    pub tolerance: Duration,
}

/// Settings of one client.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OfClient {
    /// Its webhooks, by the last part of their address.
    pub webhooks: BTreeMap<String, Hook>,
}

/// A webhook that comes in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hook {
    /// What it brings.
    pub brings: Brings,
    /// The variable of the environment that holds its secret, or several with a blank between them while one is exchanged for another.
    pub secret_env: String,
}

/// What a webhook brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Brings {
    /// What Resend tells of letters.
    Resend,
    /// Events of the playbook: `{"type": "reply.received", "timestamp": …, "data": {"contact": "ana@example.com", …}}`.
    Events,
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It is no TOML, or has what is not known.
    #[error("the configuration cannot be used: {0}")]
    Toml(String),
    /// A setting makes no sense.
    #[error("the setting `{name}` makes no sense: {why}")]
    Nonsense {
        /// Which.
        name: &'static str,
        /// Why.
        why: &'static str,
    },
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8600)),
            public_url: "http://127.0.0.1:8600".to_owned(),
            behind_proxy: false,
            limits: Limits::default(),
            logins: Logins::default(),
            sessions: Sessions::default(),
            scheduler: Scheduler::default(),
            readers: Readers::default(),
            log: Log::default(),
            webhooks: Webhooks::default(),
            clients: BTreeMap::new(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1 << 20,
            request: Duration::from_secs(30),
            head: Duration::from_secs(10),
            connections: 1024,
            stop: Duration::from_secs(20),
        }
    }
}

impl Default for Logins {
    fn default() -> Self {
        Self { failures: 10, within: Duration::from_secs(60) }
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self { last: Duration::from_secs(12 * 3600) }
    }
}

impl Default for Scheduler {
    fn default() -> Self {
        Self { look_every: Duration::from_secs(2) }
    }
}

impl Default for Readers {
    fn default() -> Self {
        Self { connections: 4, cache_kib: 4096 }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: Level::Info }
    }
}

impl Default for Webhooks {
    fn default() -> Self {
        Self { tolerance: Duration::from_secs(300) }
    }
}

impl Configuration {
    /// Reads it.
    ///
    /// # Errors
    /// Where a setting is not known, or makes no sense.
    pub fn read(text: &str) -> Result<Self, ConfigError> {
        let read: Self = toml::from_str(text).map_err(|error| ConfigError::Toml(error.message().to_owned()))?;
        let nonsense = |name, why| Err(ConfigError::Nonsense { name, why });
        if read.limits.body < 1024 {
            return nonsense("limits.body", "no request would fit; write at least 1024");
        }
        if read.limits.connections == 0 {
            return nonsense("limits.connections", "nobody could connect; write at least 1");
        }
        if read.readers.connections == 0 {
            return nonsense("readers.connections", "nothing could be read; write at least 1");
        }
        if read.scheduler.look_every < Duration::from_millis(10) {
            return nonsense("scheduler.look_every", "nothing else would be done; write at least \"10ms\"");
        }
        Ok(read)
    }

    /// Whether people reach it over encrypted connections.
    pub(crate) fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// `"30s"`, `"5m"`, `"12h"`
fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    let read: Option<SignedDuration> = text.parse().ok();
    let read = read.and_then(|duration| Duration::try_from(duration).ok());
    read.ok_or_else(|| {
        serde::de::Error::custom(format!("`{text}` is no length of time: write \"30s\", \"5m\" or \"12h\""))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_the_defaults() {
        let read = Configuration::read("").unwrap();
        assert_eq!(read.listen.to_string(), "127.0.0.1:8600");
        assert_eq!(read.limits.request, Duration::from_secs(30));
    }

    #[test]
    fn what_is_not_known_or_makes_no_sense_is_refused() {
        for (text, why) in [
            ("listn = \"127.0.0.1:1\"", "unknown field"),
            ("[limits]\nrequest = \"soon\"", "no length of time"),
            ("[limits]\nbody = 1", "at least 1024"),
            ("[clients.a.webhooks.b]\nbrings = \"resend\"", "secret_env"),
        ] {
            let error = Configuration::read(text).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn the_documented_file_has_every_setting_at_its_default() {
        let page = include_str!("../../docs/service.md");
        let text = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
        let read = Configuration::read(text).unwrap();
        assert_eq!(
            format!("{read:?}"),
            format!("{:?}", Configuration { clients: read.clients.clone(), ..Configuration::default() })
        );
        let hooks = &read.clients["stackmates"].webhooks;
        assert_eq!((hooks["resend"].brings, hooks["replies"].brings), (Brings::Resend, Brings::Events));
        // What the defaults have, the page names.
        for name in
            format!("{:?}", Configuration::default()).split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        {
            if name.chars().next().is_some_and(char::is_lowercase) && name.len() > 2 {
                assert!(
                    text.contains(name) || ["text", "info", "false", "http"].contains(&name),
                    "docs/service.md does not name `{name}`"
                );
            }
        }
    }
}
