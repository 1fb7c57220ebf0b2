//! Who was first scored when, by each score: decisions and kill signals count from there, and look every day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use smol_str::SmolStr;

/// By the names of scores.
#[derive(Debug, Default)]
pub(super) struct Scored(BTreeMap<SmolStr, Firsts>);

#[derive(Debug, Default)]
struct Firsts {
    contacts: BTreeSet<i64>,
    in_order: Vec<First>,
}

/// A contact that a score was asked of for the first time.
#[derive(Clone, Copy, Debug)]
pub(super) struct First {
    pub(super) contact: i64,
    pub(super) at: Timestamp,
    /// The outcome is known and was before the instant at hand: nothing that is still to come changes it.
    pub(super) is_decided: bool,
}

impl Scored {
    /// A score was asked of a contact.
    pub(super) fn note(&mut self, score: &SmolStr, contact: i64, at: Timestamp) {
        if !self.0.contains_key(score) {
            self.0.insert(score.clone(), Firsts::default());
        }
        if let Some(firsts) = self.0.get_mut(score)
            && firsts.contacts.insert(contact)
        {
            firsts.in_order.push(First { contact, at, is_decided: false });
        }
    }

    /// Them, in the order in which they were scored.
    pub(super) fn by(&self, score: &str) -> &[First] {
        self.0.get(score).map(|firsts| firsts.in_order.as_slice()).unwrap_or_default()
    }

    pub(super) fn by_mut(&mut self, score: &str) -> &mut [First] {
        self.0.get_mut(score).map(|firsts| firsts.in_order.as_mut_slice()).unwrap_or_default()
    }

    /// Another playbook may see outcomes elsewhere.
    pub(super) fn undecided(mut self) -> Self {
        for first in self.0.values_mut().flat_map(|firsts| &mut firsts.in_order) {
            first.is_decided = false;
        }
        self
    }
}
