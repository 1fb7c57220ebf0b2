//! Who is told of a task without asking: each address gets what a stream would get, at least once. It goes to addresses of the public network
//! alone, unless the configuration says otherwise. What is to be told where outlives the process; what is secret of it is kept sealed.

use std::sync::Arc;

use axum::http::HeaderValue;
use reqwest::Url;
use runtime::crm::service_file::ServiceFile;
use runtime::crm::service_file::notices::{Notice, Room};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

use super::agent::Agent;
use super::error::{Kind, Refused};
use super::seal::{SealError, Sealer, Secret};
use super::task::Task;
use super::telling::mark;
use crate::blocking::blocking;
use crate::client::Client;
use crate::problem::Problem;
use crate::surroundings::Surroundings;

/// So many addresses are told of one task at most.
const MOST: i64 = 8;
/// And so many tasks of a client are told of at all.
const TASKS: i64 = 1000;
/// So long an address may be, and each of its secrets.
const LONGEST: usize = 4096;

/// Where something is to be told.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Config {
    id: Option<String>,
    pub(super) task_id: Option<String>,
    url: String,
    #[serde(default, deserialize_with = "hidden")]
    token: Option<Secret>,
    #[serde(default, deserialize_with = "known_by")]
    authentication: Option<Authentication>,
}

/// By what the address knows us.
#[derive(Clone, Debug)]
struct Authentication {
    scheme: String,
    credentials: Option<Secret>,
}

/// Which of a task's addresses.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Which {
    pub(super) task_id: String,
    #[serde(default)]
    pub(super) id: String,
}

/// What is secret of an address, as it is sealed.
#[derive(Default, Deserialize, Serialize)]
struct Sealed {
    token: Option<String>,
    credentials: Option<String>,
}

/// The secrets of an address, as they travel.
#[derive(Default)]
pub(super) struct Carried {
    pub(super) token: Option<HeaderValue>,
    pub(super) authorization: Option<HeaderValue>,
}

/// An error of serde's own would say what was there instead.
fn hidden<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(Secret::new(text)).filter(|secret| !secret.reveal().is_empty())),
        _ => Err(serde::de::Error::custom("`token` is a text")),
    }
}

fn known_by<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Authentication>, D::Error> {
    let wrong = || serde::de::Error::custom("`authentication` has a `scheme` and `credentials`, both of them texts");
    let said = match Value::deserialize(deserializer)? {
        Value::Null => return Ok(None),
        Value::Object(said) => said,
        _ => return Err(wrong()),
    };
    let text = |name: &str| match said.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong()),
    };
    let credentials = text("credentials")?.filter(|credentials| !credentials.is_empty()).map(Secret::new);
    Ok(Some(Authentication { scheme: text("scheme")?.ok_or_else(wrong)?, credentials }))
}

impl Config {
    /// Without what is secret.
    fn shown(notice: &Notice) -> Value {
        let mut shown = Map::new();
        shown.insert("id".to_owned(), json!(notice.name));
        shown.insert("taskId".to_owned(), json!(super::task::name(notice.run)));
        shown.insert("url".to_owned(), json!(notice.url));
        if let Some(scheme) = &notice.scheme {
            shown.insert("authentication".to_owned(), json!({ "scheme": scheme }));
        }
        Value::Object(shown)
    }

    fn scheme(&self) -> Option<&str> {
        self.authentication.as_ref().map(|by| by.scheme.as_str())
    }

    /// What is secret of it; nothing where nothing is.
    fn secrets(&self) -> Option<Sealed> {
        let token = self.token.as_ref().map(|token| token.reveal().to_owned());
        let credentials = self.authentication.as_ref().and_then(|by| by.credentials.as_ref());
        let credentials = credentials.map(|credentials| credentials.reveal().to_owned());
        (token.is_some() || credentials.is_some()).then_some(Sealed { token, credentials })
    }

    /// # Errors
    /// Where nothing may go there, or its secrets fit into no request.
    fn checked(&self, private: bool) -> Result<(), Refused> {
        let url: Url = self.url.parse().map_err(|_| Refused::field("url", "it is no address"))?;
        let is_fit = url.scheme() == "https" || (private && url.scheme() == "http");
        if !is_fit || url.username() != "" || url.password().is_some() || self.url.len() > LONGEST {
            return Err(Refused::field(
                "url",
                "what is told goes by https, and its credentials are in `authentication`",
            ));
        }
        crate::webhooks::out::checked(&url, private).map_err(|error| Refused::field("url", error.to_string()))?;
        let secrets = self.secrets().unwrap_or_default();
        let long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.len() > LONGEST);
        if long(&secrets.token) || long(&secrets.credentials) {
            return Err(Refused::field("authentication", format!("a secret has at most {LONGEST} bytes")));
        }
        carried(self.scheme(), secrets)
            .map(drop)
            .ok_or_else(|| Refused::field("authentication", "token, scheme and credentials go into a head of HTTP"))
    }
}

/// The secrets as they travel; nothing where they cannot.
fn carried(scheme: Option<&str>, secrets: Sealed) -> Option<Carried> {
    let hidden = |text: String| {
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    };
    let authorization = match (scheme, secrets.credentials) {
        (Some(scheme), Some(credentials)) => Some(hidden(format!("{scheme} {credentials}"))?),
        _ => None,
    };
    let token = match secrets.token {
        Some(token) => Some(hidden(token)?),
        None => None,
    };
    Some(Carried { token, authorization })
}

/// Where an address is, as its secrets are sealed for it.
fn place(notice: &Notice) -> String {
    // Whoever could change the address in the file would else be sent what is another's.
    format!("{} {} {} {}", notice.token, notice.run, notice.url, notice.name)
}

fn sealer(client: &Client, surroundings: &Surroundings) -> Result<Sealer, SealError> {
    Sealer::of(&client.folder.service_file().with_extension("db-key"), surroundings)
}

/// What an address is sent beside the notice.
///
/// # Errors
/// Where it was sealed by another key.
pub(super) fn opened(client: &Client, surroundings: &Surroundings, notice: &Notice) -> Result<Carried, SealError> {
    let Some(sealed) = &notice.sealed else { return Ok(Carried::default()) };
    let text = sealer(client, surroundings)?.open(sealed, &place(notice))?;
    let secrets = serde_json::from_str(&text).map_err(|_| SealError::Broken)?;
    carried(notice.scheme.as_deref(), secrets).ok_or(SealError::Broken)
}

/// Keeps an address, and begins to tell it.
///
/// # Errors
/// Where nothing may go there.
pub(super) async fn keep(agent: &Arc<Agent>, config: Config, task: &Task) -> Result<Value, Refused> {
    config.checked(agent.app.configuration.webhooks.private)?;
    let id = config.id.clone().filter(|id| (1..=100).contains(&id.len()));
    let mut notice = Notice {
        token: agent.caller.token.id.clone(),
        run: task.run,
        name: id.unwrap_or_else(|| format!("{}-notice", task.id())),
        agent: agent.name.clone(),
        context: task.context.clone(),
        scheme: config.scheme().map(str::to_owned),
        sealed: None,
        // Of what is over already, whoever asks for it is told once.
        told: (!task.state.is_terminal()).then(|| mark(task)),
        url: config.url.clone(),
    };
    let shown = Config::shown(&notice);
    let (client, surroundings) = (Arc::clone(&agent.caller.client), agent.app.surroundings.clone());
    let kept = blocking(move || {
        if let Some(secrets) = config.secrets() {
            let text = serde_json::to_string(&secrets).unwrap_or_default();
            let sealed = sealer(&client, &surroundings)
                .and_then(|sealer| sealer.seal(&text, &place(&notice), &surroundings))
                .map_err(|error| {
                    tracing::error!(client = client.name(), %error, "what is secret of an address is not kept");
                    Problem::internal()
                })?;
            notice.sealed = Some(sealed);
        }
        Ok::<_, Problem>(client.file(|file| file.keep_notice(&notice, MOST, TASKS))?)
    });
    let refused = |words: String| Err(Refused::new(Kind::UnsupportedOperation, words));
    match kept.await?? {
        Room::NoneOfTask => return refused(format!("at most {MOST} addresses are told of a task")),
        Room::None => return refused("too many tasks are told of already".to_owned()),
        Room::Kept => {}
    }
    agent.notices.follow(agent, task.clone());
    Ok(shown)
}

/// The addresses of a task, without what is secret of them.
///
/// # Errors
/// Where they cannot be read.
pub(super) async fn all(agent: &Agent, task: &Task) -> Result<Vec<Value>, Refused> {
    let run = task.run;
    let found = with_file(agent, move |file, token| file.notices(token, run)).await?;
    Ok(found.iter().map(Config::shown).collect())
}

/// # Errors
/// Where there is none of that name.
pub(super) async fn one(agent: &Agent, task: &Task, id: &str) -> Result<Value, Refused> {
    let run = task.run;
    let found = with_file(agent, move |file, token| file.notices(token, run)).await?;
    found.iter().find(|notice| notice.name == id).map(Config::shown).ok_or_else(Refused::no_task)
}

/// # Errors
/// Where it cannot be written.
pub(super) async fn drop_one(agent: &Agent, task: &Task, id: String) -> Result<(), Refused> {
    let run = task.run;
    with_file(agent, move |file, token| file.drop_notice(token, run, &id)).await
}

async fn with_file<T: Send + 'static>(
    agent: &Agent,
    with: impl FnOnce(&ServiceFile, &str) -> Result<T, runtime::crm::CrmError> + Send + 'static,
) -> Result<T, Refused> {
    let token = agent.caller.token.id.clone();
    Ok(agent.caller.client.file_aside(move |file| with(file, &token)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_in_an_error_or_in_what_is_written_of_an_address() {
        let read = |config: Value| serde_json::from_value::<Config>(config);
        for wrong in [
            json!({ "url": "https://a.example/", "token": ["s3cret"] }),
            json!({ "url": "https://a.example/", "authentication": "Bearer s3cret" }),
            json!({ "url": "https://a.example/", "authentication": { "credentials": "s3cret" } }),
            json!({ "url": "https://a.example/", "authentication": { "scheme": "Bearer", "credentials": ["s3cret"] } }),
        ] {
            let error = read(wrong).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
        }
        let by = |credentials: &str| json!({ "scheme": "Bearer", "credentials": credentials });
        let config =
            read(json!({ "url": "https://a.example/", "token": "s3cret", "authentication": by("s3cret") })).unwrap();
        assert!(!format!("{config:?}").contains("s3cret"), "{config:?}");
        let carried = carried(config.scheme(), config.secrets().unwrap()).unwrap();
        assert_eq!(carried.authorization.as_ref().unwrap(), "Bearer s3cret");
        assert!(!format!("{:?} {:?}", carried.authorization, carried.token).contains("s3cret"));
        config.checked(false).unwrap();
        let split = read(json!({ "url": "https://a.example/", "authentication": by("s3cret\r\nX: y") })).unwrap();
        let refused = split.checked(false).unwrap_err().rpc().to_string();
        assert!(refused.contains("head of HTTP") && !refused.contains("s3cret"), "{refused}");
        let none = read(json!({ "url": "https://a.example/", "token": null, "authentication": null })).unwrap();
        assert!(none.secrets().is_none() && none.authentication.is_none());
    }
}
