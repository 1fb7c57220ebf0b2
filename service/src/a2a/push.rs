//! Who is told of a task without asking: each address gets what a stream would get, at least once. It goes to addresses of the public network
//! alone, unless the configuration says otherwise. What is to be told where is kept in memory: after a restart it has to be said again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::{Client as Http, Url};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::agent::Agent;
use super::error::{Kind, Refused};
use super::task::Task;

/// So many addresses are told of one task at most.
const MOST: usize = 8;
/// And so many tasks are told of at all.
const TASKS: usize = 1000;
/// How long is waited after each try that came to nothing, in seconds; then it is given up.
const AGAIN: [u64; 4] = [1, 5, 30, 120];

/// Where something is to be told.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Config {
    id: Option<String>,
    pub(super) task_id: Option<String>,
    url: String,
    token: Option<String>,
    authentication: Option<Authentication>,
}

/// By what the address knows us.
#[derive(Clone, Debug, Deserialize)]
struct Authentication {
    scheme: String,
    credentials: Option<String>,
}

/// Which of a task's addresses.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Which {
    pub(super) task_id: String,
    #[serde(default)]
    pub(super) id: String,
}

/// By whose token, and of which run.
type Of = (String, i64);

/// Who is told of what.
#[derive(Default)]
pub(super) struct Notices {
    kept: Mutex<BTreeMap<Of, BTreeMap<String, Config>>>,
}

impl Notices {
    fn with<T>(&self, with: impl FnOnce(&mut BTreeMap<Of, BTreeMap<String, Config>>) -> T) -> T {
        with(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The addresses of a task, without what is secret of them.
    pub(super) fn all(&self, of: &Of, task: &Task) -> Vec<Value> {
        self.with(|kept| {
            kept.get(of).map(|configs| configs.iter().map(|(id, config)| config.shown(id, task)).collect())
        })
        .unwrap_or_default()
    }

    /// # Errors
    /// Where there is none of that name.
    pub(super) fn one(&self, of: &Of, id: &str, task: &Task) -> Result<Value, Refused> {
        let found =
            self.with(|kept| kept.get(of).and_then(|configs| configs.get(id)).map(|config| config.shown(id, task)));
        found.ok_or_else(Refused::no_task)
    }

    pub(super) fn drop_one(&self, of: &Of, id: &str) {
        self.with(|kept| {
            if let Some(configs) = kept.get_mut(of) {
                configs.remove(id);
            }
        });
    }
}

/// Keeps an address, and begins to tell it.
///
/// # Errors
/// Where nothing may go there.
pub(super) fn keep(agent: &Arc<Agent>, config: Config, task: &Task) -> Result<Value, Refused> {
    let url: Url = config.url.parse().map_err(|_| Refused::field("url", "it is no address"))?;
    let private = agent.app.configuration.webhooks.private;
    let is_fit = url.scheme() == "https" || (private && url.scheme() == "http");
    if !is_fit || url.username() != "" || url.password().is_some() {
        return Err(Refused::field("url", "what is told goes by https, and its credentials are in `authentication`"));
    }
    crate::webhooks::out::checked(&url, private).map_err(|error| Refused::field("url", error.to_string()))?;
    let of = (agent.caller.token.id.clone(), task.run);
    let id =
        config.id.clone().filter(|id| (1..=100).contains(&id.len())).unwrap_or_else(|| format!("{}-notice", task.id()));
    let shown = config.shown(&id, task);
    let begins = agent.notices.with(|kept| {
        if !kept.contains_key(&of) && kept.len() >= TASKS {
            return Err(Refused::new(Kind::UnsupportedOperation, "too many tasks are told of already"));
        }
        let begins = !kept.contains_key(&of);
        let configs = kept.entry(of.clone()).or_default();
        if configs.len() >= MOST && !configs.contains_key(&id) {
            return Err(Refused::new(
                Kind::UnsupportedOperation,
                format!("at most {MOST} addresses are told of a task"),
            ));
        }
        configs.insert(id, config);
        Ok(begins)
    })?;
    if begins {
        let timeout = agent.app.configuration.webhooks.timeout;
        let http = crate::webhooks::out::http(timeout, private)
            .map_err(|_| Refused::new(Kind::Internal, "the system gives no client of HTTP"))?;
        tokio::spawn(tell(Arc::clone(agent), http, of, task.clone()));
    }
    Ok(shown)
}

/// Tells what changes, until it is over.
async fn tell(agent: Arc<Agent>, http: Http, of: Of, task: Task) {
    let is_over = task.state.is_terminal();
    let mut updates = std::pin::pin!(Agent::follow(&agent, task));
    // The first one is the task as whoever asked knows it.
    let mut known = !is_over;
    while let Some(update) = updates.next().await {
        if std::mem::take(&mut known) {
            continue;
        }
        let configs: Vec<Config> =
            agent.notices.with(|kept| kept.get(&of).map(|all| all.values().cloned().collect())).unwrap_or_default();
        futures_util::future::join_all(
            configs.iter().map(|config| post(&http, config, &update, agent.caller.client.name())),
        )
        .await;
    }
    agent.notices.with(|kept| kept.remove(&of));
}

async fn post(http: &Http, config: &Config, update: &Value, client: &str) {
    for wait in AGAIN.into_iter().map(Some).chain([None]) {
        let mut request =
            http.post(&config.url).header("Content-Type", "application/a2a+json").body(update.to_string());
        if let Some(Authentication { scheme, credentials: Some(credentials) }) = &config.authentication {
            request = request.header("Authorization", format!("{scheme} {credentials}"));
        }
        if let Some(token) = &config.token {
            request = request.header("X-A2A-Notification-Token", token);
        }
        match request.send().await {
            Ok(answer) if answer.status().is_success() => return,
            Ok(answer) => tracing::warn!(client, status = answer.status().as_u16(), "a task's notice was not taken"),
            Err(_) => tracing::warn!(client, "a task's notice did not arrive"),
        }
        match wait {
            Some(wait) => tokio::time::sleep(Duration::from_secs(wait)).await,
            None => return,
        }
    }
}

impl Config {
    /// Without what is secret.
    fn shown(&self, id: &str, task: &Task) -> Value {
        let mut shown = Map::new();
        shown.insert("id".to_owned(), json!(id));
        shown.insert("taskId".to_owned(), json!(task.id()));
        shown.insert("url".to_owned(), json!(self.url));
        if let Some(authentication) = &self.authentication {
            shown.insert("authentication".to_owned(), json!({ "scheme": authentication.scheme }));
        }
        Value::Object(shown)
    }
}
