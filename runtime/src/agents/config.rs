//! `ports.toml`, beside a client's playbooks: who does the work and who carries the letters. Without one, all is built in and
//! letters go into the folder `outbox`. Every setting is described in `docs/ports.md`.
//!
//! Secrets are never in the file: it names the environment variable that holds one, and what that holds is shown nowhere.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde::Deserialize;
use smol_str::SmolStr;

use super::builtin::{BuiltIn, Notes};
use super::http::is_here;
use super::mail::{FolderMailer, ResendMailer, Security, SmtpMailer, SmtpServer};
use super::model::{DayBudget, Ledger, LimitName, ModelSettings, ModelWorker, Prices};
use crate::engine::ACCEPT;

use super::{Assignment, BoxFuture, Letter, Mailbox, Mailer, Outcome, PortError, Secret, Worker};

/// The file's name.
pub const FILE: &str = "ports.toml";

/// Why the ports cannot be set up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file is not what it should be.
    #[error("`{FILE}` cannot be read: {0}")]
    Unreadable(String),
    /// A setting that makes no sense.
    #[error("`{setting}` in `{FILE}`: {why}")]
    Wrong {
        /// `mail.smtp.port`
        setting: &'static str,
        /// What, and what to do.
        why: String,
    },
    /// The environment lacks a secret.
    #[error(
        "`{setting}` in `{FILE}` names the environment variable `{variable}`, which is not set: set it, or name another one"
    )]
    NoSecret {
        /// `mail.smtp.password_env`
        setting: &'static str,
        /// Its name.
        variable: String,
    },
}

/// The world that settings are read against.
pub struct Surroundings<'a> {
    /// Where the client's playbooks are; relative paths begin there.
    pub client: &'a Path,
    /// Environment variables.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// The client's zone, in which a budget's day is a day.
    pub zone: TimeZone,
    /// What models have cost on days before, and today.
    pub spent: BTreeMap<Date, Decimal>,
}

/// Who does the work and who carries the letters.
pub struct Ports {
    /// By task.
    pub workers: Workers,
    /// The carrier.
    pub mailer: Arc<dyn Mailer>,
    /// What each letter has of the sender; none where no sender is set.
    pub sender: Option<Sender>,
    /// What models have cost; none where there is no model.
    pub budget: Option<Arc<DayBudget>>,
    /// What leaves this machine by them, in words; nothing where all of it is built in or stays here.
    pub outside: Vec<&'static str>,
}

/// What each letter has of the sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// By whom.
    pub from: Mailbox,
    /// What they sign with among people who call each other so.
    pub first_name: Option<SmolStr>,
    /// Where answers go.
    pub reply_to: Option<Mailbox>,
    /// Where the sender can be found.
    pub postal: Option<SmolStr>,
    /// `https://example.com/stop/{key}`
    pub unsubscribe: SmolStr,
    /// `mailto:stop@example.com?subject={key}`
    pub unsubscribe_mail: Option<SmolStr>,
}

/// A worker for each kind of task.
pub struct Workers {
    built_in: BuiltIn,
    model: Option<ModelWorker>,
    /// Verbs that the model does.
    by_model: Vec<&'static str>,
    /// Verbs that are left to the agents themselves.
    by_agents: Vec<&'static str>,
}

impl std::fmt::Debug for Workers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut told = f.debug_struct("Workers");
        told.field("by_model", &self.by_model).field("by_agents", &self.by_agents).finish_non_exhaustive()
    }
}

impl Workers {
    /// All built in.
    #[must_use]
    pub const fn built_in(built_in: BuiltIn) -> Self {
        Self { built_in, model: None, by_model: Vec::new(), by_agents: Vec::new() }
    }

    /// Whether work of that verb waits until its agent takes it up from outside, over MCP or A2A. `accept` is the taking of a handoff.
    #[must_use]
    pub fn leaves(&self, verb: &str) -> bool {
        self.by_agents.contains(&verb)
    }
}

impl Worker for Workers {
    fn work<'a>(&'a self, assignment: &'a Assignment) -> BoxFuture<'a, Result<Outcome, PortError>> {
        match &self.model {
            Some(model) if self.by_model.contains(&assignment.task.verb()) => model.work(assignment),
            _ => self.built_in.work(assignment),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    research: ResearchTable,
    workers: WorkersTable,
    sender: Option<SenderTable>,
    mail: MailTable,
    model: Option<ModelTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ResearchTable {
    notes: PathBuf,
}

impl Default for ResearchTable {
    fn default() -> Self {
        Self { notes: "research".into() }
    }
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Who {
    #[default]
    BuiltIn,
    Model,
    /// The agent itself, from outside.
    Agent,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WorkersTable {
    research: Who,
    write: Who,
    rate: Who,
    analyse: Who,
    accept: Who,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SenderTable {
    address: SmolStr,
    name: Option<SmolStr>,
    first_name: Option<SmolStr>,
    reply_to: Option<SmolStr>,
    postal: Option<SmolStr>,
    unsubscribe: SmolStr,
    unsubscribe_mail: Option<SmolStr>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
enum MailTable {
    Folder(FolderTable),
    Smtp(SmtpTable),
    Resend(ResendTable),
}

impl Default for MailTable {
    fn default() -> Self {
        Self::Folder(FolderTable { path: "outbox".into() })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FolderTable {
    path: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SmtpTable {
    host: SmolStr,
    port: Option<u16>,
    #[serde(default = "starttls")]
    security: Security,
    user: Option<SmolStr>,
    password_env: Option<String>,
    trusted: Option<PathBuf>,
    #[serde(default = "half_a_minute")]
    timeout_seconds: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResendTable {
    key_env: String,
    url: Option<String>,
    #[serde(default = "half_a_minute")]
    timeout_seconds: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelTable {
    url: SmolStr,
    name: SmolStr,
    key_env: Option<String>,
    #[serde(default = "a_minute")]
    timeout_seconds: u64,
    #[serde(default = "three")]
    tries: u32,
    #[serde(default = "one")]
    first_wait_seconds: u64,
    #[serde(default = "two_thousand")]
    most_tokens: u32,
    #[serde(default)]
    limit_name: LimitName,
    temperature: Option<Decimal>,
    input_price: Decimal,
    output_price: Decimal,
    most_a_call: Decimal,
    most_a_day: Decimal,
}

const fn starttls() -> Security {
    Security::Starttls
}
const fn half_a_minute() -> u64 {
    30
}
const fn a_minute() -> u64 {
    60
}
const fn three() -> u32 {
    3
}
const fn one() -> u64 {
    1
}
const fn two_thousand() -> u32 {
    2000
}

impl Ports {
    /// Reads the file beside the client's playbooks; the built-in ones where there is none.
    ///
    /// # Errors
    /// See [`ConfigError`].
    pub fn beside(around: Surroundings<'_>) -> Result<Self, ConfigError> {
        let text = match std::fs::read_to_string(around.client.join(FILE)) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(ConfigError::Unreadable(error.to_string())),
        };
        Self::read(&text, around)
    }

    /// Reads the file's text.
    ///
    /// # Errors
    /// See [`ConfigError`].
    pub fn read(text: &str, around: Surroundings<'_>) -> Result<Self, ConfigError> {
        let file: File = toml::from_str(text).map_err(|error| unreadable(&error, text))?;
        let outside = leaves(&file);
        let sender = file.sender.map(sender).transpose()?;
        let mailer = mailer(file.mail, &around)?;
        let verbs = [
            ("research", file.workers.research),
            ("write", file.workers.write),
            ("rate", file.workers.rate),
            ("analyse", file.workers.analyse),
            (ACCEPT, file.workers.accept),
        ];
        let by = |wanted: Who| verbs.iter().filter(|(_, who)| *who == wanted).map(|(verb, _)| *verb).collect();
        let (by_model, by_agents): (Vec<_>, Vec<_>) = (by(Who::Model), by(Who::Agent));
        if by_model.contains(&ACCEPT) {
            let why = "a model takes no handoff: leave it `built-in`, or to the `agent`".to_owned();
            return Err(ConfigError::Wrong { setting: "workers.accept", why });
        }
        if file.model.is_none() && !by_model.is_empty() {
            let why =
                format!("`{}` is left to a model, and there is none: add a table `[model]`", by_model.join("`, `"));
            return Err(ConfigError::Wrong { setting: "workers", why });
        }
        let built_in = BuiltIn::new(Some(Notes::new(around.client.join(file.research.notes))));
        let (model, budget) = match file.model {
            Some(table) => {
                let (model, budget) = model(table, around)?;
                (Some(model), Some(budget))
            }
            None => (None, None),
        };
        Ok(Self { workers: Workers { built_in, model, by_model, by_agents }, mailer, sender, budget, outside })
    }
}

impl Sender {
    /// A letter by this sender.
    #[must_use]
    pub fn letter(&self, key: &str, to: Mailbox, subject: String, body: String, at: Timestamp) -> Letter {
        let keyed = |address: &SmolStr| SmolStr::from(address.replace("{key}", key));
        Letter {
            key: key.into(),
            from: self.from.clone(),
            reply_to: self.reply_to.clone(),
            to,
            subject,
            body,
            unsubscribe: keyed(&self.unsubscribe),
            unsubscribe_mail: self.unsubscribe_mail.as_ref().map(keyed),
            postal: self.postal.clone(),
            at,
        }
    }
}

fn sender(table: SenderTable) -> Result<Sender, ConfigError> {
    let sender = Sender {
        from: Mailbox { name: table.name, address: table.address },
        first_name: table.first_name,
        reply_to: table.reply_to.map(|address| Mailbox { name: None, address }),
        postal: table.postal,
        unsubscribe: table.unsubscribe,
        unsubscribe_mail: table.unsubscribe_mail,
    };
    // What would stop the first letter stops the start.
    let to = Mailbox { name: None, address: "nobody@example.com".into() };
    let letter = sender.letter("key", to, String::new(), String::new(), Timestamp::UNIX_EPOCH);
    match super::mail::check(&letter) {
        Ok(()) => Ok(sender),
        Err(error) => Err(ConfigError::Wrong { setting: "sender", why: error.detail }),
    }
}

/// Whether nothing can leave this machine by a file of that text. Of one that cannot be read nothing is known: it may.
#[must_use]
pub fn stays_here(text: &str) -> bool {
    toml::from_str::<File>(text).is_ok_and(|file| leaves(&file).is_empty())
}

/// What leaves this machine, in words; nothing where letters go into a folder, and no work is left to a model elsewhere. A carrier that
/// listens here may carry on to anywhere.
fn leaves(file: &File) -> Vec<&'static str> {
    let letters = match &file.mail {
        MailTable::Folder(_) => None,
        MailTable::Smtp(_) => Some("letters go out by SMTP"),
        MailTable::Resend(_) => Some("letters go out by Resend"),
    };
    let WorkersTable { research, write, rate, analyse, accept: _ } = &file.workers;
    let asks = [research, write, rate, analyse].contains(&&Who::Model);
    let is_elsewhere = asks && file.model.as_ref().is_none_or(|model| !is_here(&model.url));
    letters.into_iter().chain(is_elsewhere.then_some("a model is asked")).collect()
}

fn mailer(table: MailTable, around: &Surroundings<'_>) -> Result<Arc<dyn Mailer>, ConfigError> {
    Ok(match table {
        MailTable::Folder(table) => Arc::new(FolderMailer::new(around.client.join(table.path))),
        MailTable::Smtp(table) => Arc::new(smtp(table, around)?),
        MailTable::Resend(table) => {
            let key = secret("mail.resend.key_env", table.key_env, around)?;
            let timeout = seconds("mail.resend.timeout_seconds", table.timeout_seconds)?;
            let mailer = ResendMailer::new(table.url.as_deref(), key, timeout);
            Arc::new(mailer.map_err(|error| ConfigError::Wrong { setting: "mail.resend.url", why: error.detail })?)
        }
    })
}

fn smtp(table: SmtpTable, around: &Surroundings<'_>) -> Result<SmtpMailer, ConfigError> {
    let login = match (table.user, table.password_env) {
        (Some(user), Some(variable)) => Some((user, secret("mail.smtp.password_env", variable, around)?)),
        (None, None) => None,
        _ => {
            let why = "`user` and `password_env` go together: give both, or neither".to_owned();
            return Err(ConfigError::Wrong { setting: "mail.smtp", why });
        }
    };
    if login.is_some() && table.security == Security::None {
        let why = "a password would go in the clear: use `starttls` or `implicit`".to_owned();
        return Err(ConfigError::Wrong { setting: "mail.smtp.security", why });
    }
    let trusted = match table.trusted {
        Some(path) => {
            let read = std::fs::read(around.client.join(&path));
            let wrong = |error: std::io::Error| ConfigError::Wrong {
                setting: "mail.smtp.trusted",
                why: format!("`{}` cannot be read: {error}", path.display()),
            };
            Some(read.map_err(wrong)?)
        }
        None => None,
    };
    let port = match (table.port, table.security) {
        (Some(port), _) => port,
        (None, Security::Starttls) => 587,
        (None, Security::Implicit) => 465,
        (None, Security::None) => 25,
    };
    let timeout = seconds("mail.smtp.timeout_seconds", table.timeout_seconds)?;
    SmtpMailer::new(SmtpServer { host: table.host, port, security: table.security, login, trusted, timeout })
        .map_err(|error| ConfigError::Wrong { setting: "mail.smtp.security", why: error.detail })
}

fn model(table: ModelTable, around: Surroundings<'_>) -> Result<(ModelWorker, Arc<DayBudget>), ConfigError> {
    let key = match table.key_env {
        Some(variable) => Some(secret("model.key_env", variable, &around)?),
        None => None,
    };
    for (setting, amount) in [
        ("model.input_price", table.input_price),
        ("model.output_price", table.output_price),
        ("model.most_a_call", table.most_a_call),
        ("model.most_a_day", table.most_a_day),
    ] {
        if amount < Decimal::ZERO {
            return Err(ConfigError::Wrong { setting, why: format!("{amount} is less than nothing") });
        }
    }
    if !(1..=10).contains(&table.tries) {
        return Err(ConfigError::Wrong { setting: "model.tries", why: "from 1 to 10".to_owned() });
    }
    let settings = ModelSettings {
        url: table.url,
        name: table.name,
        key,
        timeout: seconds("model.timeout_seconds", table.timeout_seconds)?,
        tries: table.tries,
        first_wait: seconds("model.first_wait_seconds", table.first_wait_seconds)?,
        most_tokens: table.most_tokens,
        limit_name: table.limit_name,
        temperature: table.temperature,
        prices: Prices { input: table.input_price, output: table.output_price },
        most_a_call: table.most_a_call,
    };
    let budget = Arc::new(DayBudget::new(table.most_a_day, around.zone, around.spent));
    let ledger: Arc<dyn Ledger> = Arc::<DayBudget>::clone(&budget);
    let model = ModelWorker::new(settings, ledger)
        .map_err(|error| ConfigError::Wrong { setting: "model.url", why: error.detail })?;
    Ok((model, budget))
}

fn secret(setting: &'static str, variable: String, around: &Surroundings<'_>) -> Result<Secret, ConfigError> {
    match (around.environment)(&variable).filter(|value| !value.trim().is_empty()) {
        Some(value) => Ok(Secret::new(value.trim().to_owned())),
        None => Err(ConfigError::NoSecret { setting, variable }),
    }
}

/// Where the text stops being such a file.
pub(super) fn misread(text: &str) -> Option<std::ops::Range<usize>> {
    toml::from_str::<File>(text).err().and_then(|error| error.span())
}

/// What is wrong and where, without the line itself: somebody may have written a secret into it.
fn unreadable(error: &toml::de::Error, text: &str) -> ConfigError {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map_or(1, |before| before.matches('\n').count() + 1);
    ConfigError::Unreadable(format!("line {line}: {}", error.message()))
}

/// From a second to ten minutes.
fn seconds(setting: &'static str, seconds: u64) -> Result<Duration, ConfigError> {
    if (1..=600).contains(&seconds) {
        return Ok(Duration::from_secs(seconds));
    }
    Err(ConfigError::Wrong { setting, why: format!("{seconds} is not from 1 to 600") })
}
