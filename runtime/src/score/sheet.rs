//! What a record is taken down on while its facts come in. Made once and used again: to make one costs more than to fill it in.

use std::sync::{Mutex, PoisonError};

use smol_str::SmolStr;

use super::block::Record;
use super::events::Accumulator;
use super::load::HeardText;
use super::plan::Plan;

/// One record as far as its facts have come in.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// What a record is of which nothing is known yet.
    pub(super) blank: Record,
    pub(super) record: Record,
    pub(super) texts: Vec<SmolStr>,
    pub(super) lists: Vec<Vec<SmolStr>>,
    pub(super) related: Vec<bool>,
    pub(super) events: Vec<Accumulator>,
    pub(super) newest: Vec<i64>,
    pub(super) heard: Vec<HeardText>,
    pub(super) answered: Vec<(SmolStr, i64)>,
    pub(super) folded: String,
}

impl Sheet {
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            blank: Record::new(plan.shape),
            record: Record::new(plan.shape),
            texts: vec![SmolStr::default(); plan.texts.len()],
            lists: vec![Vec::new(); plan.lists.len()],
            related: vec![false; plan.relations.len()],
            events: plan.queries.iter().map(Accumulator::new).collect(),
            newest: vec![i64::MIN; plan.heard.len()],
            heard: vec![HeardText::default(); plan.heard.len()],
            answered: Vec::new(),
            folded: String::new(),
        }
    }

    /// Nothing is known again; `words` where words were kept.
    pub(super) fn clear(&mut self, words: bool) {
        self.record.copy_from(&self.blank);
        self.texts.fill(SmolStr::default());
        self.lists.iter_mut().for_each(Vec::clear);
        self.related.fill(false);
        self.events.iter_mut().for_each(Accumulator::clear);
        self.newest.fill(i64::MIN);
        if words {
            self.heard.fill(HeardText::default());
        }
        self.answered.clear();
    }
}

/// Cleared sheets of one plan that nobody writes on. They stay good while the plan moves through time: what is blank does not change
/// with the instant.
#[derive(Debug, Default)]
pub(super) struct Sheets(Mutex<Vec<Sheet>>);

impl Sheets {
    pub(super) fn take(&self) -> Option<Sheet> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    pub(super) fn give_back(&self, sheet: Sheet) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(sheet);
    }
}
