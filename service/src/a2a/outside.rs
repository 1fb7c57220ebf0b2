//! Agents that sit elsewhere: what waits for one is sent to it over A2A as a typed packet, and what it answers is taken in as if it had
//! come to the desk itself. It is told what its permissions let it know, and believed as little as a model.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Client as Http;
use runtime::crm::service_file::ServiceFile;
use runtime::crm::service_file::elsewhere::Elsewhere;
use runtime::engine::EntryId;
use runtime::runner::{Left, RunError};
use serde_json::{Value, json};

use super::card::VERSION;
use crate::app::App;
use crate::client::Client;
use crate::config::Outside;
use crate::problem::Problem;

/// So much is sent at a time.
const TOGETHER: u32 = 20;
/// How often a task that goes on is asked about, and how soon a try that failed is made again.
const AGAIN: Duration = Duration::from_secs(5);
/// So long may the reason of a refusal be.
const LONGEST: usize = 500;
/// No answer is larger.
const LARGEST: usize = 1 << 20;

/// An agent elsewhere.
struct Sender {
    app: App,
    client: Arc<Client>,
    agent: String,
    settings: Outside,
    http: Http,
    /// What was sent, by what tells the work apart.
    sent: HashMap<String, Sent>,
    /// What was sent before the process began is read.
    remembers: bool,
}

/// What was sent.
#[derive(Clone, Debug)]
enum Sent {
    /// It did not arrive: not before then again.
    Failed(Instant),
    /// A task there goes on with it; not before then it is asked about.
    Task(String, Instant),
    /// It is answered, and nobody here could take that: a person sees that it waits.
    Useless,
}

/// What came back.
#[derive(Debug, PartialEq)]
enum Came {
    /// A task goes on with it.
    GoesOn(String),
    /// It is done: the data.
    Done(Value),
    /// No, and why.
    Refused(String),
}

/// Why nothing came back.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error("the variable with its token is not set")]
    NoToken,
    #[error("it cannot be reached")]
    Unreachable,
    #[error("its answer is none")]
    Nonsense,
}

/// Begins to send to all agents elsewhere of a client.
///
/// # Errors
/// Where the system gives no client of HTTP.
pub(crate) fn begin(app: &App, client: &Arc<Client>) -> std::io::Result<()> {
    let settings = app.configuration.webhooks;
    let elsewhere = app.configuration.clients.get(client.name()).into_iter().flat_map(|of| &of.outside);
    for (agent, outside) in elsewhere {
        let http = crate::webhooks::out::http(settings.timeout, settings.private).map_err(std::io::Error::other)?;
        let (app, client, agent, settings) = (app.clone(), Arc::clone(client), agent.clone(), outside.clone());
        let sender = Sender { app, client, agent, settings, http, sent: HashMap::new(), remembers: false };
        tokio::spawn(sender.run());
    }
    Ok(())
}

impl Sender {
    async fn run(mut self) {
        let (mut news, mut stopping) = (self.client.news.clone(), self.app.stopping.clone());
        loop {
            if let Err(problem) = self.turn().await {
                let (client, agent, status) = (self.client.name(), &self.agent, problem.status());
                tracing::debug!(client, agent, status, "nothing was sent to an agent elsewhere");
            }
            tokio::select! {
                changed = news.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(AGAIN) => {}
                _ = stopping.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Sends what waits, and asks about what was sent.
    async fn turn(&mut self) -> Result<(), Problem> {
        self.remember().await?;
        let agent = self.agent.clone();
        let left = self.client.order(move |runner, _| Ok(runner.left_to(&agent, TOGETHER)?)).await?;
        let gone = |work: &&String| !left.iter().any(|left| key(left) == **work);
        for work in self.sent.keys().filter(gone).cloned().collect::<Vec<_>>() {
            self.forget(&work).await?;
        }
        for left in left {
            let (number, work) = (left.number.0, key(&left));
            let came = match self.sent.get(&work).cloned() {
                None => self.send(&left).await?,
                Some(Sent::Failed(until)) if until <= Instant::now() => self.send(&left).await?,
                Some(Sent::Task(id, until)) if until <= Instant::now() => {
                    self.ask("GetTask", json!({ "id": id })).await
                }
                Some(_) => continue,
            };
            match came {
                Ok(came) => self.take(&left, came).await?,
                Err(why) => {
                    let (client, agent) = (self.client.name(), &self.agent);
                    tracing::warn!(client, agent, work = number, %why, "an agent elsewhere was not reached");
                    // A task that was not reached is asked about again, and never sent twice.
                    let until = Instant::now() + AGAIN;
                    let next = match self.sent.remove(&work) {
                        Some(Sent::Task(id, _)) => Sent::Task(id, until),
                        _ => Sent::Failed(until),
                    };
                    self.sent.insert(work, next);
                }
            }
        }
        Ok(())
    }

    async fn file<T: Send + 'static>(
        &self,
        with: impl FnOnce(&ServiceFile, &str) -> Result<T, runtime::crm::CrmError> + Send + 'static,
    ) -> Result<T, Problem> {
        let agent = self.agent.clone();
        self.client.file_aside(move |file| with(file, &agent)).await
    }

    /// What was sent before the process began, once.
    async fn remember(&mut self) -> Result<(), Problem> {
        if !self.remembers {
            for Elsewhere { work, task } in self.file(ServiceFile::elsewhere).await? {
                self.sent.insert(work, task.map_or(Sent::Useless, |task| Sent::Task(task, Instant::now())));
            }
            self.remembers = true;
        }
        Ok(())
    }

    /// Keeps what became of a piece of work there; a task that is known already is not written down again.
    async fn keep(&mut self, work: String, sent: Sent) -> Result<(), Problem> {
        let task = match &sent {
            Sent::Task(task, _) => Some(task.clone()),
            Sent::Failed(_) | Sent::Useless => None,
        };
        let is_known =
            matches!((self.sent.get(&work), &task), (Some(Sent::Task(known, _)), Some(task)) if known == task);
        if !is_known && !matches!(sent, Sent::Failed(_)) {
            let kept = Elsewhere { work: work.clone(), task };
            self.file(move |file, agent| file.keep_elsewhere(agent, &kept)).await?;
        }
        self.sent.insert(work, sent);
        Ok(())
    }

    async fn forget(&mut self, work: &str) -> Result<(), Problem> {
        let gone = work.to_owned();
        self.file(move |file, agent| file.drop_elsewhere(agent, &gone)).await?;
        self.sent.remove(work);
        Ok(())
    }

    /// Sends a piece of work. The same one has the same name, however often it is sent.
    async fn send(&self, left: &Left) -> Result<Result<Came, Failed>, Problem> {
        let (agent, number) = (self.agent.clone(), left.number);
        let (told, log) = self
            .client
            .order(move |runner, now| {
                Ok((runner.told(number, &agent, now)?.1, runner.crm.log_name()?.unwrap_or_default()))
            })
            .await?;
        let mut packet = json!({
            "type": if left.verb == runtime::engine::ACCEPT { "playbook.handoff" } else { "playbook.work" },
            "work": number.0, "do": left.verb, "words": left.words,
            "record": format!("{} {}", left.record.entity, left.record.id),
        });
        if let (Value::Object(packet), Value::Object(told)) = (&mut packet, told) {
            packet.extend(told);
        }
        let message = json!({
            "messageId": format!("{}-{number}", log.get(..16).unwrap_or(&log)), "role": "ROLE_USER",
            "parts": [{ "data": packet, "mediaType": "application/json" }],
        });
        let configuration = json!({ "acceptedOutputModes": ["application/json"], "returnImmediately": true });
        Ok(self.ask("SendMessage", json!({ "message": message, "configuration": configuration })).await)
    }

    async fn ask(&self, method: &str, params: Value) -> Result<Came, Failed> {
        let token = (self.app.surroundings.environment)(&self.settings.token_env).ok_or(Failed::NoToken)?;
        let private = self.app.configuration.webhooks.private;
        crate::webhooks::out::checked(&self.settings.url, private).map_err(|_| Failed::Unreachable)?;
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string();
        let request = self
            .http
            .post(self.settings.url.clone())
            .header("Authorization", format!("Bearer {}", token.trim()))
            .header("Content-Type", "application/json")
            .header("A2A-Version", VERSION)
            .body(body);
        let mut answer = request.send().await.map_err(|_| Failed::Unreachable)?;
        let mut bytes = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(|_| Failed::Unreachable)? {
            bytes.extend_from_slice(&part);
            if bytes.len() > LARGEST {
                return Err(Failed::Nonsense);
            }
        }
        serde_json::from_slice(&bytes).ok().and_then(|answer| came(&answer)).ok_or(Failed::Nonsense)
    }

    /// Takes in what came back.
    async fn take(&mut self, left: &Left, came: Came) -> Result<(), Problem> {
        let (agent, work) = (self.agent.clone(), left.number);
        let is_offer = left.verb == runtime::engine::ACCEPT;
        let taken = match came {
            Came::GoesOn(id) => {
                return self.keep(key(left), Sent::Task(id, Instant::now() + AGAIN)).await;
            }
            Came::Done(data) if is_offer => {
                let refusal = (data.get("accept") == Some(&Value::Bool(false))).then(|| why(&data));
                self.client
                    .order(move |runner, now| Ok(runner.take_handoff(work, &agent, refusal, now).map(drop)))
                    .await?
            }
            Came::Refused(why) if is_offer => {
                self.client
                    .order(move |runner, now| Ok(runner.take_handoff(work, &agent, Some(why), now).map(drop)))
                    .await?
            }
            Came::Done(data) => {
                let answer = data.get("answer").cloned().unwrap_or(data).to_string();
                self.client.order(move |runner, now| Ok(runner.bring(work, &agent, &answer, now).map(drop))).await?
            }
            Came::Refused(_) => {
                self.client.order(move |runner, now| Ok(runner.cannot(work, &agent, now).map(drop))).await?
            }
        };
        match taken {
            Ok(()) => self.forget(&key(left)).await,
            Err(RunError::NotBelieved(_)) => {
                let (client, agent) = (self.client.name(), &self.agent);
                tracing::warn!(client, agent, work = work.0, "what an agent elsewhere brought cannot be looked up");
                self.keep(key(left), Sent::Useless).await?;
                self.give_up(work).await
            }
            // Somebody else was quicker, or it is not wanted any more.
            Err(RunError::Refused(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// What it brought is of no use: a person is asked what now.
    async fn give_up(&self, work: EntryId) -> Result<(), Problem> {
        let agent = self.agent.clone();
        self.client.order(move |runner, now| Ok(runner.cannot(work, &agent, now).map(drop)?)).await
    }
}

/// What tells a piece of work apart from all other work: of a CRM that was brought back, another one may have its number.
fn key(left: &Left) -> String {
    let Left { number, record, run, verb, .. } = left;
    format!("{number} {verb} {} {} {run}", record.entity, record.id)
}

fn why(data: &Value) -> String {
    let why = data.get("why").and_then(Value::as_str).filter(|why| !why.trim().is_empty());
    why.unwrap_or("it gave no reason").chars().filter(|letter| !letter.is_control()).take(LONGEST).collect()
}

/// What an answer of JSON-RPC says: a task that goes on, its outcome, or a message. Nothing where it makes no sense.
fn came(answer: &Value) -> Option<Came> {
    let result = answer.get("result")?;
    let data_of = |parts: &Value| parts.as_array()?.iter().find_map(|part| part.get("data").cloned());
    if let Some(message) = result.get("message") {
        return data_of(message.get("parts")?).map(Came::Done);
    }
    let task = result.get("task").unwrap_or(result);
    let (id, status) = (task.get("id")?.as_str()?, task.get("status")?);
    Some(match status.get("state")?.as_str()? {
        "TASK_STATE_COMPLETED" => {
            let artifacts = task.get("artifacts").and_then(Value::as_array);
            let data = artifacts.into_iter().flatten().find_map(|artifact| data_of(artifact.get("parts")?));
            Came::Done(data.unwrap_or_else(|| json!({})))
        }
        "TASK_STATE_REJECTED" | "TASK_STATE_FAILED" | "TASK_STATE_CANCELED" => {
            let words = status.pointer("/message/parts/0/text").and_then(Value::as_str).unwrap_or_default();
            Came::Refused(why(&json!({ "why": words })))
        }
        _ => Came::GoesOn(id.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_task_its_outcome_or_a_message() {
        let task = |state: &str, more: Value| {
            let mut task = json!({ "id": "t", "status": { "state": state } });
            if let (Value::Object(task), Value::Object(more)) = (&mut task, more) {
                task.extend(more);
            }
            json!({ "result": { "task": task } })
        };
        let artifacts = json!({ "artifacts": [{ "parts": [{ "text": "done" }, { "data": { "accept": true } }] }] });
        for (answer, expected) in [
            (task("TASK_STATE_WORKING", json!({})), Some(Came::GoesOn("t".to_owned()))),
            (task("TASK_STATE_AUTH_REQUIRED", json!({})), Some(Came::GoesOn("t".to_owned()))),
            (task("TASK_STATE_COMPLETED", artifacts), Some(Came::Done(json!({ "accept": true })))),
            (task("TASK_STATE_COMPLETED", json!({})), Some(Came::Done(json!({})))),
            (task("TASK_STATE_REJECTED", json!({})), Some(Came::Refused("it gave no reason".to_owned()))),
            (
                json!({ "result": { "message": { "parts": [{ "data": { "accept": false, "why": "full" } }] } } }),
                Some(Came::Done(json!({ "accept": false, "why": "full" }))),
            ),
            (json!({ "result": { "message": { "parts": [{ "text": "sure!" }] } } }), None),
            (json!({ "error": { "code": -32001 } }), None),
            (json!([]), None),
        ] {
            assert_eq!(came(&answer), expected, "{answer}");
        }
        assert_eq!(why(&json!({ "why": "a\u{1b}[31m b" })), "a[31m b");
    }
}
