//! The one configuration file of the service. Every setting has a value without it; what is not known is refused.

mod reading;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;
use serde::Deserialize;

use crate::misread::plain;
use reading::{duration, is_kind, line, listening, url};

/// How the service is set up.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Configuration {
    /// Where it listens.
    #[serde(deserialize_with = "listening")]
    pub listen: SocketAddr,
    /// How people reach it: with `https` its cookies are for encrypted connections only. Where it is empty, they do where it listens.
    pub public_url: String,
    /// A proxy stands before it and says in `X-Forwarded-For` who asks.
    pub behind_proxy: bool,
    /// By what it encrypts connections; where nothing is said, a proxy does.
    pub tls: Option<Tls>,
    /// Copies of the CRMs; none where nothing is said.
    pub backups: Option<Copies>,
    /// What it takes.
    pub limits: Limits,
    /// Failed logins.
    pub logins: Logins,
    /// Calls by tokens.
    pub calls: Calls,
    /// People's sessions.
    pub sessions: Sessions,
    /// Work.
    pub scheduler: Scheduler,
    /// Reading.
    pub readers: Readers,
    /// What it writes about itself.
    pub log: Log,
    /// Where spans are told; none where nothing is said.
    pub traces: Option<Traces>,
    /// Webhooks.
    pub webhooks: Webhooks,
    /// Settings of single clients, by the names of their folders.
    pub clients: BTreeMap<String, OfClient>,
    /// A link is given by which a client can be made on a page; for the one who starts it to say, and no setting.
    #[serde(skip)]
    pub invites: bool,
}

/// By what connections are encrypted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The file with the certificate, and those that stand behind it, in PEM.
    pub certificate: PathBuf,
    /// The file with its key, in PEM.
    pub key: PathBuf,
}

/// Copies of the CRMs that are taken by the clock.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Copies {
    /// How often, where something was changed.
    #[serde(deserialize_with = "duration")]
    pub every: Duration,
    /// For how long each is kept.
    #[serde(default = "thirty_days", deserialize_with = "duration")]
    pub keep: Duration,
    /// A folder with one for each client; where nothing is said, `.backups` in each client's own.
    pub folder: Option<PathBuf>,
}

/// What the service takes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of a request's body.
    pub body: usize,
    /// Bytes of a file that is brought in.
    pub upload: usize,
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

/// Calls of one token, over the API, MCP and A2A together.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Calls {
    /// So many at once …
    pub most: u32,
    /// … and as many again within so long, one after the other.
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
    /// So many clients are worked on at once; the others wait for their turn.
    pub at_once: usize,
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

/// Where spans of OpenTelemetry are told.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Traces {
    /// The collector, which takes OTLP over HTTP: `/v1/traces` below it.
    #[serde(deserialize_with = "url")]
    pub endpoint: Url,
    /// The variable of the environment that holds the headers by which it knows us: `name=value,name=value`.
    pub headers_env: Option<String>,
    /// Of so many requests spans are told, where whoever asks does not say; all is 1.
    #[serde(default = "all")]
    pub share: f64,
    /// How long the collector may take.
    #[serde(default = "ten_seconds", deserialize_with = "duration")]
    pub timeout: Duration,
}

const fn all() -> f64 {
    1.0
}

const fn thirty_days() -> Duration {
    Duration::from_secs(30 * 24 * 3600)
}

const fn ten_seconds() -> Duration {
    Duration::from_secs(10)
}

/// Webhooks, of all clients.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Webhooks {
    /// How far the instant of a signature may be from the clock.
    #[serde(deserialize_with = "duration")]
    pub tolerance: Duration,
    /// How long a receiver may take to answer.
    #[serde(deserialize_with = "duration")]
    pub timeout: Duration,
    /// Those that go out may go to private addresses: to this machine, or to the network that it stands in.
    pub private: bool,
}

/// Settings of one client.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OfClient {
    /// Its webhooks, by the last part of their address.
    pub webhooks: BTreeMap<String, Hook>,
    /// Who is told of what enters its log, by what they are called.
    pub outgoing: BTreeMap<String, Outgoing>,
    /// Agents of its playbook that sit elsewhere, by their names there.
    pub outside: BTreeMap<String, Outside>,
}

/// An agent that sits elsewhere, and is told over A2A what waits for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outside {
    /// Where it takes JSON-RPC.
    #[serde(deserialize_with = "url")]
    pub url: Url,
    /// The variable of the environment that holds the token by which it knows us.
    pub token_env: String,
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

/// Whoever is told of what enters a log.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outgoing {
    /// Where.
    #[serde(deserialize_with = "url")]
    pub url: Url,
    /// The variable of the environment that holds the secret, or several with a blank between them while one is exchanged for another.
    pub secret_env: String,
    /// Of which kinds of entries, `log.asked`; of all where nothing is said.
    #[serde(default)]
    pub types: Vec<String>,
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
            public_url: String::new(),
            behind_proxy: false,
            tls: None,
            backups: None,
            limits: Limits::default(),
            logins: Logins::default(),
            calls: Calls::default(),
            sessions: Sessions::default(),
            scheduler: Scheduler::default(),
            readers: Readers::default(),
            log: Log::default(),
            traces: None,
            webhooks: Webhooks::default(),
            clients: BTreeMap::new(),
            invites: false,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1 << 20,
            upload: 32 << 20,
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

impl Default for Calls {
    fn default() -> Self {
        Self { most: 60_000, within: Duration::from_secs(60) }
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self { last: Duration::from_secs(12 * 3600) }
    }
}

impl Default for Scheduler {
    fn default() -> Self {
        Self { look_every: Duration::from_secs(2), at_once: 32 }
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
        Self { tolerance: Duration::from_secs(300), timeout: Duration::from_secs(15), private: false }
    }
}

impl Configuration {
    /// Reads it.
    ///
    /// # Errors
    /// Where a setting is not known, or makes no sense.
    pub fn read(text: &str) -> Result<Self, ConfigError> {
        let no_toml = |error: &toml::de::Error| {
            ConfigError::Toml(format!("{}there is no setting: a setting is `name = value`", line(text, error)))
        };
        let reader = toml::Deserializer::parse(text).map_err(|error| no_toml(&error))?;
        let read: Result<Self, _> = serde_path_to_error::deserialize(reader);
        let read = read.map_err(|error| {
            let why = plain(&error.path().to_string(), error.inner().message());
            ConfigError::Toml(format!("{}{why}", line(text, error.inner())))
        })?;
        let nonsense = |name, why| Err(ConfigError::Nonsense { name, why });
        if !read.public_url.is_empty()
            && !Url::parse(&read.public_url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
        {
            return nonsense("public_url", "write how people reach it, with http:// or https:// before it");
        }
        if read.limits.body < 1024 {
            return nonsense("limits.body", "no request would fit; write at least 1024");
        }
        if read.limits.connections == 0 {
            return nonsense("limits.connections", "nobody could connect; write at least 1");
        }
        if read.calls.most == 0 || read.calls.within.is_zero() {
            return nonsense("calls", "nobody could call, or as often as they like; write at least 1 within \"1s\"");
        }
        if read.readers.connections == 0 {
            return nonsense("readers.connections", "nothing could be read; write at least 1");
        }
        if read.scheduler.look_every < Duration::from_millis(10) {
            return nonsense("scheduler.look_every", "nothing else would be done; write at least \"10ms\"");
        }
        if read.scheduler.at_once == 0 {
            return nonsense("scheduler.at_once", "nobody would be worked for; write at least 1");
        }
        if read.backups.as_ref().is_some_and(|copies| copies.every < Duration::from_secs(1)) {
            return nonsense("backups.every", "nothing else would be done; write at least \"1s\"");
        }
        if let Some(traces) = &read.traces {
            if !matches!(traces.endpoint.scheme(), "http" | "https") || traces.endpoint.password().is_some() {
                return nonsense(
                    "traces.endpoint",
                    "write an address with http or https; what is secret is in `headers_env`",
                );
            }
            if !(0.0..=1.0).contains(&traces.share) {
                return nonsense("traces.share", "it is a share of all: write something from 0 to 1");
            }
        }
        for outside in read.clients.values().flat_map(|of| of.outside.values()) {
            if outside.url.scheme() != "https" && !(outside.url.scheme() == "http" && read.webhooks.private) {
                return nonsense(
                    "outside.url",
                    "what is told there is not for everybody on the way: begin it with https",
                );
            }
        }
        for outgoing in read.clients.values().flat_map(|of| of.outgoing.values()) {
            if outgoing.url.scheme() != "https" && !(outgoing.url.scheme() == "http" && read.webhooks.private) {
                return nonsense(
                    "outgoing.url",
                    "write an address with https; http only where `webhooks.private` is on",
                );
            }
            if outgoing.types.iter().any(|kind| !is_kind(kind)) {
                return nonsense(
                    "outgoing.types",
                    "no entry of the log is of such a kind; GET /log shows each `kind`, write log.KIND",
                );
            }
        }
        Ok(read)
    }

    /// Where nothing is said of how people reach it, they do where it listens.
    pub(crate) fn follow(&mut self, listening: SocketAddr) {
        if !self.public_url.is_empty() {
            return;
        }
        let mut at = listening;
        if at.ip().is_unspecified() {
            // Nobody can go to all addresses at once: this machine's own is one of them.
            let own = if at.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() };
            at.set_ip(own);
        }
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        self.public_url = format!("{scheme}://{at}");
    }

    /// Whether people reach it over encrypted connections.
    pub(crate) fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
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
            ("listn = \"127.0.0.1:1\"", "line 1: `listn` is not known"),
            ("[limits]\nrequest = \"soon\"", "line 2: `limits.request`: `soon` is no length of time"),
            ("[limits]\n\nbody = \"big\"", "line 3: `limits.body` has to be a whole number"),
            ("listen = \"here\"", "line 1: `listen`: `here` is no address to listen at"),
            ("behind_proxy = 1", "line 1: `behind_proxy` has to be true or false"),
            ("listen\n", "line 1: there is no setting"),
            ("public_url = \"playbook.example\"", "with http:// or https://"),
            ("[log]\nlevel = \"loud\"", "line 2: `log.level` cannot be `loud`: write `error`, `warn`"),
            ("[limits]\nbody = 1", "at least 1024"),
            ("[calls]\nmost = 0", "nobody could call"),
            ("[traces]\nendpoint = \"grpc://a.example\"", "with http or https"),
            ("[traces]\nendpoint = \"https://a:b@a.example\"", "`headers_env`"),
            ("[traces]\nendpoint = \"https://a.example\"\nshare = 2.0", "from 0 to 1"),
            ("[traces]\nheaders_env = \"T\"", "endpoint"),
            ("[calls]\nwithin = \"0s\"", "as often as they like"),
            ("[clients.a.webhooks.b]\nbrings = \"resend\"", "secret_env"),
            ("[clients.a.outside.b]\nurl = \"http://a.example\"\ntoken_env = \"T\"", "with https"),
            ("[clients.a.outgoing.b]\nurl = \"x\"\nsecret_env = \"S\"", "is no address"),
            ("[clients.a.outgoing.b]\nurl = \"http://a.example\"\nsecret_env = \"S\"", "with https"),
            (
                "[clients.a.outgoing.b]\nurl = \"https://a.example\"\nsecret_env = \"S\"\ntypes = [\"log.rung\"]",
                "no entry of the log",
            ),
        ] {
            let error = Configuration::read(text).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn people_reach_it_where_it_listens_unless_something_else_is_said() {
        for (text, listening, reached) in [
            ("", "127.0.0.1:8702", "http://127.0.0.1:8702"),
            ("", "0.0.0.0:8702", "http://127.0.0.1:8702"),
            ("", "[::]:8702", "http://[::1]:8702"),
            ("[tls]\ncertificate = \"c\"\nkey = \"k\"", "10.0.0.5:443", "https://10.0.0.5:443"),
            ("public_url = \"https://a.example\"", "127.0.0.1:8702", "https://a.example"),
        ] {
            let mut read = Configuration::read(text).unwrap();
            read.follow(listening.parse().unwrap());
            assert_eq!(read.public_url, reached, "{text} {listening}");
        }
    }

    #[test]
    fn copies_are_kept_for_a_month_where_nothing_is_said() {
        let read = Configuration::read("[backups]\nevery = \"15m\"").unwrap();
        assert_eq!(read.backups.unwrap().keep, Duration::from_secs(720 * 3600));
    }

    #[test]
    fn every_documented_setting_is_read() {
        let page = include_str!("../../docs/service.md");
        for text in page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            Configuration::read(text).unwrap();
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
        assert_eq!(read.clients["stackmates"].outgoing["crm"].types, ["log.asked", "log.ended"]);
        assert_eq!((hooks["resend"].brings, hooks["replies"].brings), (Brings::Resend, Brings::Events));
        // What the defaults have, the page names.
        for name in
            format!("{:?}", Configuration::default()).split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        {
            if name.chars().next().is_some_and(char::is_lowercase) && name.len() > 2 {
                assert!(
                    page.contains(name) || ["text", "info", "false", "http"].contains(&name),
                    "docs/service.md does not name `{name}`"
                );
            }
        }
    }
}
