//! What the built-in workers did before for the same record, the same task and the same facts: they would do the same again.

use std::collections::HashMap;

use runtime::agents::{Outcome, Task};
use runtime::engine::{Entry, Run};
use smol_str::SmolStr;

use super::store::{Lead, Store};

/// A piece of work that was done.
#[derive(Clone, Debug)]
pub(super) struct Done {
    pub(super) task: Task,
    pub(super) outcome: Outcome,
}

/// What work depends on: the record as it came in, and what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    place: (u32, u32),
    agent: SmolStr,
    action: SmolStr,
    object: SmolStr,
    channel: Option<SmolStr>,
    /// The message that is rated.
    message: Option<SmolStr>,
}

/// What is remembered of work, over all worlds of a thread.
#[derive(Debug, Default)]
pub(super) struct Memory {
    known: HashMap<Key, Done>,
}

impl Memory {
    /// What a piece of work depends on; none where it depends on more: facts that changed, deals, the hour of the day.
    pub(super) fn key(lead: &Lead<'_>, store: &Store<'_>, entry: &Entry, run: &Run) -> Option<Key> {
        let Entry::WorkAsked { agent, action, object, channel, .. } = entry else { return None };
        let is_plain = lead.changed.is_empty() && lead.deals.is_empty() && run.record.entity == "Contact";
        let is_steady = matches!(action.as_str(), "research" | "write" | "rate" | "analyse");
        let message = run.message.as_ref().filter(|_| action == "rate");
        let text = message.and_then(|message| store.text(message.id)).map(SmolStr::from);
        (is_plain && is_steady).then(|| Key {
            place: lead.place,
            agent: agent.clone(),
            action: action.clone(),
            object: object.clone(),
            channel: channel.clone(),
            message: text,
        })
    }

    pub(super) fn find(&self, key: &Key) -> Option<&Done> {
        self.known.get(key)
    }

    pub(super) fn keep(&mut self, key: Key, done: &Done) {
        self.known.insert(key, done.clone());
    }
}
