//! What worlds have of those before them: what the built-in workers did for the same record, the same task and the same facts, as they
//! would do the same again; and room.

use std::collections::HashMap;
use std::sync::Arc;

use compiler::program::{FieldPath, Value};
use runtime::agents::{Outcome, Task};
use runtime::crm::log::Logged;
use runtime::engine::{Entry, Run};
use smol_str::SmolStr;

use super::store::{Lead, Store};

/// A piece of work that was done.
#[derive(Clone, Debug)]
pub(super) struct Done {
    pub(super) task: Task,
    pub(super) outcome: Outcome,
}

/// What work depends on: the record as it came in, what was changed of it since, and what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    place: (u32, u32),
    changed: Arc<Vec<(FieldPath, Value)>>,
    agent: SmolStr,
    action: SmolStr,
    object: SmolStr,
    channel: Option<SmolStr>,
    /// The message that is rated.
    message: Option<SmolStr>,
}

/// What is remembered of work, over all worlds of a thread under the same playbook.
#[derive(Debug, Default)]
pub(super) struct Memory {
    known: HashMap<Key, Arc<Done>>,
    /// An empty log with the room of those before it: they grow long, and about as long as one another.
    log: Vec<Logged>,
}

impl Memory {
    /// What a piece of work depends on; none where it depends on more: deals, the hour of the day.
    pub(super) fn key(lead: &Lead<'_>, store: &Store<'_>, entry: &Entry, run: &Run) -> Option<Key> {
        let Entry::WorkAsked { agent, action, object, channel, .. } = entry else { return None };
        let is_plain = lead.deals.is_empty() && run.record.entity == "Contact";
        let is_steady = matches!(action.as_str(), "research" | "write" | "rate" | "analyse");
        let message = run.message.as_ref().filter(|_| action == "rate");
        let text = message.and_then(|message| store.text(message.id)).map(SmolStr::from);
        (is_plain && is_steady).then(|| Key {
            place: lead.place,
            changed: Arc::clone(&lead.changed),
            agent: agent.clone(),
            action: action.clone(),
            object: object.clone(),
            channel: channel.clone(),
            message: text,
        })
    }

    /// An empty log.
    pub(super) fn log(&mut self) -> Vec<Logged> {
        std::mem::take(&mut self.log)
    }

    /// A log that nobody reads any more.
    pub(super) fn give_back(&mut self, mut log: Vec<Logged>) {
        log.clear();
        self.log = log;
    }

    pub(super) fn find(&self, key: &Key) -> Option<Arc<Done>> {
        self.known.get(key).cloned()
    }

    pub(super) fn keep(&mut self, key: Key, done: &Arc<Done>) {
        self.known.insert(key, Arc::clone(done));
    }
}
