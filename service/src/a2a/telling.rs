//! Tells the addresses of a task what changes of it, until it is over, and goes on with that after a restart: what an address knows is kept
//! beside it, and where it missed something it is told how the task stands.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use reqwest::Client as Http;
use runtime::crm::service_file::ServiceFile;
use runtime::crm::service_file::notices::Notice;
use serde_json::{Value, json};

use super::agent::Agent;
use super::error::Refused;
use super::push;
use super::task::Task;
use crate::access::caller::Caller;
use crate::access::role::Role;
use crate::app::App;
use crate::blocking::blocking;
use crate::client::Client;
use crate::problem::Problem;

/// How long is waited after each try that came to nothing, in seconds; then it is given up.
const AGAIN: [u64; 4] = [1, 5, 30, 120];

/// How long after a failure of ours it is tried again, where nothing happens before.
const LOOKS_AGAIN: Duration = Duration::from_secs(5);

/// By whose token, and of which run.
type Of = (String, i64);

/// Whose tasks are followed at the moment, so that nobody is told twice.
#[derive(Default)]
pub(super) struct Notices {
    followed: Mutex<BTreeSet<Of>>,
    http: OnceLock<Http>,
}

/// A state of a task, as it is remembered.
pub(super) fn mark(task: &Task) -> String {
    format!("{} {}", task.state.name(), task.since.as_microsecond())
}

impl Notices {
    /// Begins to tell of a task, unless somebody does already.
    pub(super) fn follow(&self, agent: &Arc<Agent>, task: Task) {
        let Some(http) = self.http(&agent.app) else { return };
        let of = (agent.caller.token.id.clone(), task.run);
        if self.followed.lock().unwrap_or_else(PoisonError::into_inner).insert(of.clone()) {
            let agent = Arc::clone(agent);
            tokio::spawn(async move { Telling { agent, http, of, task, before: None }.run().await });
        }
    }

    fn http(&self, app: &App) -> Option<Http> {
        if let Some(http) = self.http.get() {
            return Some(http.clone());
        }
        let settings = app.configuration.webhooks;
        match crate::webhooks::out::http(settings.timeout, settings.private) {
            Ok(http) => Some(self.http.get_or_init(|| http).clone()),
            Err(_) => {
                tracing::error!("the system gives no client of HTTP: nobody is told of tasks");
                None
            }
        }
    }

    /// Nobody follows it any more, where nobody is left who wants that; whoever came meanwhile is not overlooked.
    fn end(&self, client: &Client, of: &Of, told: Option<&str>) -> Result<bool, Problem> {
        let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = client.file(|file| file.drop_notices(&of.0, of.1, told))?;
        if is_over {
            followed.remove(of);
        }
        Ok(is_over)
    }
}

/// Goes on with what is to be told of, for each client once its playbook is at work.
pub(super) fn resume(app: &App, notices: &Arc<Notices>) {
    for client in app.clients() {
        let (app, notices) = (app.clone(), Arc::clone(notices));
        tokio::spawn(async move {
            let name = client.name().to_owned();
            if let Err(problem) = resumed(&app, client, &notices).await {
                tracing::error!(client = name, status = problem.status(), "nobody is told of tasks from before");
            }
        });
    }
}

async fn resumed(app: &App, client: Arc<Client>, notices: &Arc<Notices>) -> Result<(), Problem> {
    let own = Arc::clone(&client);
    let each = blocking(move || own.file(ServiceFile::told_of)).await??;
    if each.is_empty() {
        return Ok(());
    }
    let (mut news, mut stopping) = (client.news.clone(), app.stopping.clone());
    while client.at_work().is_err() {
        tokio::select! {
            changed = news.changed() => if changed.is_err() { return Ok(()) },
            () = tokio::time::sleep(app.configuration.scheduler.look_every) => {}
            _ = stopping.wait_for(|stop| *stop) => return Ok(()),
        }
    }
    for notice in each {
        let of = (notice.token.clone(), notice.run);
        match found(app, &client, &notice, notices).await {
            Ok(Some((agent, task))) => notices.follow(&Arc::new(agent), task),
            Ok(None) => {
                let (own, of) = (Arc::clone(&client), of);
                blocking(move || own.file(|file| file.drop_notices(&of.0, of.1, None))).await??;
            }
            Err(refused) => return Err(refused),
        }
    }
    Ok(())
}

/// The task that an address is told of, as whoever handed it in knows it; none where they know none any more.
async fn found(
    app: &App,
    client: &Arc<Client>,
    notice: &Notice,
    notices: &Arc<Notices>,
) -> Result<Option<(Agent, Task)>, Problem> {
    let (own, id) = (Arc::clone(client), notice.token.clone());
    let token = blocking(move || own.file(|file| file.token(&id))).await??;
    let Some(token) = token.filter(|token| token.is_valid(app.surroundings.now())) else { return Ok(None) };
    let (Some(role), Some(by)) = (Role::named(&token.role), token.agent.clone()) else { return Ok(None) };
    let caller = Caller { client: Arc::clone(client), token, role };
    let base = super::base(app, client.name(), &notice.agent);
    let agent = Agent::new(app.clone(), caller, by, &notice.agent, base, Arc::clone(notices));
    let Ok(agent) = agent else { return Ok(None) };
    match agent.task(&super::task::name(notice.run)).await {
        Ok(task) => Ok((task.context == notice.context).then_some((agent, task))),
        Err(refused) if refused == Refused::no_task() => Ok(None),
        Err(_) => Err(Problem::internal()),
    }
}

/// A task that is told of.
struct Telling {
    agent: Arc<Agent>,
    http: Http,
    of: Of,
    /// As it stands.
    task: Task,
    /// As it stood before.
    before: Option<Task>,
}

impl Telling {
    async fn run(mut self) {
        let (mut news, mut stopping) = (self.agent.caller.client.news.clone(), self.agent.app.stopping.clone());
        loop {
            let failed = match self.turn().await {
                Ok(true) => return,
                // Somebody came while it was told that it is over.
                Ok(false) if self.task.state.is_terminal() => continue,
                Ok(false) => false,
                Err(problem) => {
                    let (client, run, status) = (self.agent.caller.client.name(), self.of.1, problem.status());
                    tracing::warn!(client, run, status, "nobody was told of a task; it is tried again");
                    true
                }
            };
            tokio::select! {
                changed = news.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(LOOKS_AGAIN), if failed => {}
                _ = stopping.wait_for(|stop| *stop) => return,
            }
            match self.agent.task(&self.task.id()).await {
                Ok(now) if now != self.task => self.before = Some(std::mem::replace(&mut self.task, now)),
                // What cannot be read now can be with the next news.
                Ok(_) | Err(_) => {}
            }
        }
    }

    /// Tells whoever does not know it how the task stands. Whether that was all there is to tell.
    async fn turn(&mut self) -> Result<bool, Problem> {
        let (client, of) = (Arc::clone(&self.agent.caller.client), self.of.clone());
        let now = self.agent.app.surroundings.now();
        let read = blocking(move || {
            client.file(|file| {
                let is_theirs = file.token(&of.0)?.is_some_and(|token| token.is_valid(now));
                Ok::<_, runtime::crm::CrmError>((file.notices(&of.0, of.1)?, is_theirs))
            })
        });
        let (notices, is_theirs) = read.await??;
        if notices.is_empty() || !is_theirs {
            // Whose token is worth nothing any more learns nothing any more.
            return self.end(None).await;
        }
        let known = mark(&self.task);
        let missing = notices.into_iter().filter(|notice| notice.told.as_ref() != Some(&known));
        let told = futures_util::future::join_all(missing.map(|notice| self.tell(notice))).await;
        told.into_iter().collect::<Result<Vec<()>, _>>()?;
        if self.task.state.is_terminal() { self.end(Some(known)).await } else { Ok(false) }
    }

    async fn end(&self, told: Option<String>) -> Result<bool, Problem> {
        let (agent, of) = (Arc::clone(&self.agent), self.of.clone());
        blocking(move || agent.notices.end(&agent.caller.client, &of, told.as_deref())).await?
    }

    /// Tells an address what it misses, and keeps that it knows it, or was not to be reached.
    async fn tell(&self, notice: Notice) -> Result<(), Problem> {
        let followed = self.before.as_ref().filter(|before| notice.told == Some(mark(before)));
        let updates = match followed {
            Some(before) => self.task.updates(before),
            None => vec![json!({ "task": self.task.shown(true) })],
        };
        for update in updates {
            self.post(&notice, &update).await;
        }
        let (client, known) = (Arc::clone(&self.agent.caller.client), mark(&self.task));
        Ok(blocking(move || client.file(|file| file.notice_told(&notice, &known))).await??)
    }

    async fn post(&self, notice: &Notice, update: &Value) {
        let (app, client) = (&self.agent.app, self.agent.caller.client.name());
        let Ok(carried) = push::opened(&self.agent.caller.client, &app.surroundings, notice) else {
            tracing::error!(client, run = notice.run, "what is secret of an address cannot be opened: it is not told");
            return;
        };
        for wait in AGAIN.into_iter().map(Some).chain([None]) {
            let mut request = self.http.post(&notice.url).header("Content-Type", super::MEDIA).body(update.to_string());
            if let Some(authorization) = &carried.authorization {
                request = request.header("Authorization", authorization.clone());
            }
            if let Some(token) = &carried.token {
                request = request.header("X-A2A-Notification-Token", token.clone());
            }
            match request.send().await {
                Ok(answer) if answer.status().is_success() => return,
                Ok(answer) => {
                    tracing::warn!(client, status = answer.status().as_u16(), "a task's notice was not taken");
                }
                Err(_) => tracing::warn!(client, "a task's notice did not arrive"),
            }
            match wait {
                Some(wait) => tokio::time::sleep(Duration::from_secs(wait)).await,
                None => return,
            }
        }
    }
}
