//! An agent of the playbook as others reach it: something is handed over to it, and what became of that is asked. The engine decides, and
//! the log keeps it; nothing is kept here.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use compiler::program::{AgentId, Program};
use futures_util::Stream;
use runtime::crm::ContactId;
use runtime::engine::{Entry, RecordRef};
use runtime::runner::HandedIn;
use serde_json::{Value, json};

use super::card::{card, hands_to, workflows};
use super::error::{Kind, Refused};
use super::push;
use super::request::{Handed, Listing, Sending};
use super::task::{self, State, Task};
use super::telling::Notices;
use crate::access::caller::Caller;
use crate::app::App;

/// So many tasks are listed where nothing is said, and at most.
const SOME: i64 = 50;
const MOST: i64 = 100;

/// So long an answer that waits for more is waited for.
const PATIENCE: Duration = Duration::from_secs(15);

/// An agent that somebody speaks to.
pub(super) struct Agent {
    pub(super) app: App,
    pub(super) caller: Caller,
    pub(super) notices: Arc<Notices>,
    /// Who speaks: an agent of the same playbook.
    by: String,
    /// Who is spoken to.
    pub(super) name: String,
    /// Its workflows.
    workflows: Vec<String>,
    base: String,
}

/// What was done with a message.
pub(super) enum Sent {
    /// A task goes on with it.
    Task(Task),
    /// It is answered at once, and nothing goes on.
    Message(Value),
}

impl Agent {
    /// # Errors
    /// Where the playbook has no such agent, or nothing is to be handed to it.
    pub(super) fn new(
        app: App,
        caller: Caller,
        by: String,
        name: &str,
        base: String,
        notices: Arc<Notices>,
    ) -> Result<Self, Refused> {
        let program = caller.client.at_work()?.program;
        let id =
            agent(&program, name).ok_or_else(|| Refused::new(Kind::InvalidRequest, "there is no such agent here"))?;
        let workflows = workflows(&program, id).map(|workflow| workflow.name.to_string()).collect();
        Ok(Self { app, caller, notices, by, name: name.to_owned(), workflows, base })
    }

    /// The card, with what the agent is about.
    ///
    /// # Errors
    /// Where nothing is to be handed to it.
    pub(super) fn card(&self) -> Result<Value, Refused> {
        let program = self.caller.client.at_work()?.program;
        card(&program, &self.name, &self.base, true)
            .ok_or_else(|| Refused::new(Kind::InvalidRequest, "there is no such agent here"))
    }

    /// Takes a message: hands in what it is about, or looks at the task that it is of.
    ///
    /// # Errors
    /// Where it makes no sense.
    pub(super) async fn take(self: &Arc<Self>, sending: Sending) -> Result<Sent, Refused> {
        let message = &sending.message;
        if let Some(id) = &message.task_id {
            let task = self.task(id).await?;
            if message.context_id.as_ref().is_some_and(|context| *context != task.context) {
                return Err(Refused::field("message.contextId", "it is not the task's"));
            }
            if task.state.is_terminal() {
                return Err(Refused::new(Kind::UnsupportedOperation, "the task is over"));
            }
            // Whatever it says, a person answers in the inbox, or nobody does.
            return Ok(Sent::Task(task));
        }
        let handed = sending.handed()?;
        let sent = self.hand_in(&handed, &sending).await?;
        if let (Sent::Task(task), Some(config)) = (&sent, sending.configuration.task_push_notification_config) {
            push::keep(self, config, task).await?;
        }
        Ok(sent)
    }

    async fn hand_in(&self, handed: &Handed, sending: &Sending) -> Result<Sent, Refused> {
        let program = self.caller.client.at_work()?.program;
        let workflow = self.workflow(&program, handed.workflow.as_deref())?;
        let entity = program.workflows.iter().find(|known| known.name == workflow).map(|known| known.entity);
        let is_deal = entity.is_some() && entity == program.entity("Deal");
        let (contact, by) = (handed.contact()?, self.by.clone());
        let (key, context) = (sending.message.message_id.clone(), sending.message.context_id.clone());
        let to = workflow.clone();
        let done = self
            .caller
            .client
            .order(move |runner, now| {
                let ContactId(contact) = crate::api::contact(runner, &contact)?;
                if context.is_some_and(|context| context != task::context("Contact", contact)) {
                    return Ok(Err(Refused::field("message.contextId", "it is not one of this contact's")));
                }
                let of = if is_deal {
                    match runner.crm.open_deal_of(ContactId(contact))? {
                        Some(deal) => RecordRef { entity: "Deal".into(), id: deal.0 },
                        None => return Ok(Err(Refused::field("message.parts", "the contact has no open deal"))),
                    }
                } else {
                    RecordRef { entity: "Contact".into(), id: contact }
                };
                Ok(Ok((runner.hand_in(&of, &to, &by, &key, now)?, contact)))
            })
            .await?;
        match done? {
            (HandedIn::Run(run), _) => {
                let task = self.task(&format!("run-{run}")).await?;
                Ok(Sent::Task(task))
            }
            (HandedIn::AtWork, contact) => {
                let words = format!("{workflow} is at work on them already, by another one's doing");
                Ok(Sent::Message(self.message(
                    &sending.message.message_id,
                    contact,
                    &json!({ "status": "at work" }),
                    &words,
                )))
            }
            (HandedIn::Denied(entry), contact) => {
                let reasons = match entry.as_ref() {
                    Entry::Denied { reasons, .. } => reasons.as_slice(),
                    _ => &[],
                };
                let words: Vec<&str> = reasons.iter().map(|(_, why)| why.as_str()).collect();
                let data: Vec<Value> =
                    reasons.iter().map(|(check, why)| json!({ "check": check, "because": why })).collect();
                let data = json!({ "status": "denied", "reasons": data });
                Ok(Sent::Message(self.message(&sending.message.message_id, contact, &data, &words.join("; "))))
            }
        }
    }

    /// To which workflow: the one that is named, or the one that whoever speaks may hand over to.
    fn workflow(&self, program: &Program, named: Option<&str>) -> Result<String, Refused> {
        if let Some(named) = named {
            // One that it may not hand over to is for the engine to deny.
            let known = self.workflows.iter().find(|workflow| *workflow == named);
            return known
                .cloned()
                .ok_or_else(|| Refused::field("message.parts", format!("{} has no such workflow", self.name)));
        }
        let by = agent(program, &self.by);
        let fits = |workflow: &&String| {
            let known = program.workflows.iter().find(|known| known.name == **workflow);
            by.zip(known).is_some_and(|(by, known)| hands_to(program, by, known))
        };
        let found = self.workflows.iter().find(fits).or_else(|| self.workflows.first());
        found
            .cloned()
            .ok_or_else(|| Refused::new(Kind::UnsupportedOperation, format!("nothing is handed over to {}", self.name)))
    }

    fn message(&self, of: &str, contact: i64, data: &Value, words: &str) -> Value {
        json!({
            "messageId": format!("re-{of}"), "contextId": task::context("Contact", contact), "role": "ROLE_AGENT",
            "parts": [{ "text": words }, { "data": data, "mediaType": "application/json" }],
        })
    }

    /// A task that whoever speaks has handed in.
    ///
    /// # Errors
    /// Where there is none, or it is somebody else's.
    pub(super) async fn task(&self, id: &str) -> Result<Task, Refused> {
        let number = task::number(id).ok_or_else(Refused::no_task)?;
        let (by, workflows) = (self.by.clone(), self.workflows.clone());
        let found =
            self.caller.client.read(move |reader, _| Ok(task::one(&reader.crm, &by, &workflows, number)?)).await?;
        found.ok_or_else(Refused::no_task)
    }

    /// Its tasks, page by page, the newest status first.
    ///
    /// # Errors
    /// Where what is asked makes no sense.
    pub(super) async fn list(&self, listing: Listing) -> Result<Value, Refused> {
        let size = listing.page_size.unwrap_or(SOME);
        if !(1..=MOST).contains(&size) {
            return Err(Refused::field("pageSize", format!("it is from 1 to {MOST}")));
        }
        let status = listing.status.filter(|status| !status.is_empty() && status != "TASK_STATE_UNSPECIFIED");
        if status.as_deref().is_some_and(|status| !task::STATES.contains(&status)) {
            return Err(Refused::field("status", format!("it is one of {}", task::STATES.join(", "))));
        }
        // Tasks have no history here, of whatever length it is asked for.
        if listing.history_length.is_some_and(i64::is_negative) {
            return Err(Refused::field("historyLength", "it is 0 or more"));
        }
        let token = listing.page_token.filter(|token| !token.is_empty());
        let after = token
            .map(|token| place(&token).ok_or_else(|| Refused::field("pageToken", "it is none of ours")))
            .transpose()?;
        let (by, workflows) = (self.by.clone(), self.workflows.clone());
        let mut tasks = self.caller.client.read(move |reader, _| Ok(task::of(&reader.crm, &by, &workflows)?)).await?;
        tasks.retain(|task| {
            listing.context_id.as_ref().is_none_or(|context| context.is_empty() || *context == task.context)
        });
        tasks.retain(|task| status.as_deref().is_none_or(|status| status == task.state.name()));
        let total = tasks.len();
        tasks.retain(|task| after.is_none_or(|after| (task.since.as_microsecond(), task.run) < after));
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let more = tasks.len() > size;
        tasks.truncate(size);
        let next = tasks.last().filter(|_| more).map(|last| format!("{}-{}", last.since.as_microsecond(), last.run));
        Ok(json!({
            "tasks": tasks.iter().map(|task| task.shown(listing.include_artifacts)).collect::<Vec<_>>(),
            "nextPageToken": next.unwrap_or_default(), "pageSize": size, "totalSize": total,
        }))
    }

    /// Only a person ends a run: what is not over is not ended from here.
    ///
    /// # Errors
    /// Where it is not ended already.
    pub(super) async fn cancel(&self, id: &str) -> Result<Value, Refused> {
        let task = self.task(id).await?;
        if task.state == State::Canceled {
            return Ok(task.shown(true));
        }
        Err(Refused::new(Kind::TaskNotCancelable, "only a person cancels a run, on the client's pages"))
    }

    /// Waits until a task is over or waits for somebody, and no longer than requests may take.
    pub(super) async fn settled(&self, task: Task) -> Task {
        let most = PATIENCE.min(self.app.configuration.limits.request / 2);
        let mut news = self.caller.client.news.clone();
        let id = task.id();
        let mut now = task;
        let waits = async {
            while now.state == State::Working && news.changed().await.is_ok() {
                if let Ok(task) = self.task(&id).await {
                    now = task;
                }
            }
        };
        // What it was last is told all the same.
        let _ = tokio::time::timeout(most, waits).await;
        now
    }

    /// The task, and what changes of it until it is over.
    pub(super) fn follow(agent: &Arc<Self>, task: Task) -> impl Stream<Item = Value> + Send + use<> {
        struct Following {
            agent: Arc<Agent>,
            task: Task,
            told: VecDeque<Value>,
            news: tokio::sync::watch::Receiver<u64>,
            stopping: tokio::sync::watch::Receiver<bool>,
        }
        let following = Following {
            news: agent.caller.client.news.clone(),
            stopping: agent.app.stopping.clone(),
            told: VecDeque::from([json!({ "task": task.shown(true) })]),
            agent: Arc::clone(agent),
            task,
        };
        futures_util::stream::unfold(following, |mut following| async move {
            loop {
                if let Some(told) = following.told.pop_front() {
                    return Some((told, following));
                }
                if following.task.state.is_terminal() {
                    return None;
                }
                tokio::select! {
                    changed = following.news.changed() => changed.ok()?,
                    _ = following.stopping.wait_for(|stopping| *stopping) => return None,
                }
                let now = following.agent.task(&following.task.id()).await.ok()?;
                following.told.extend(now.updates(&following.task));
                following.task = now;
            }
        })
    }
}

fn agent(program: &Program, name: &str) -> Option<AgentId> {
    (0..).map(AgentId).zip(&program.agents).find(|(_, known)| known.name == name).map(|(id, _)| id)
}

fn place(token: &str) -> Option<(i64, i64)> {
    let (since, run) = token.rsplit_once('-')?;
    Some((since.parse().ok()?, run.parse().ok()?))
}
