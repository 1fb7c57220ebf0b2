//! Facts to cells: one record's fields, events and conversations, taken in one pass and in any order within each.

use compiler::program::{EventId, Fixed, PhrasesId, TextOperator, Value, Which};
use jiff::Timestamp;
use smol_str::SmolStr;

use super::block::{Block, Record, Shape};
use super::events::Accumulator;
use super::phrases::{self, PhraseFinder};
use super::plan::{DerivedHow, Holds, ListSlot, Output, Plan};
use super::sheet::{Sheet, Sheets};

/// A field's value, borrowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldValue<'a> {
    /// Number, percent, money, duration, date, time.
    Number(Fixed),
    /// Text or word; of a relation, anything that says that there is one.
    Text(&'a str),
    /// `yes/no`
    YesNo(bool),
    /// Texts or words.
    List(&'a [SmolStr]),
}

impl<'a> From<&'a Value> for FieldValue<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Number(number) => Self::Number(*number),
            Value::Text(text) => Self::Text(text),
            Value::YesNo(yes) => Self::YesNo(*yes),
            Value::List(list) => Self::List(list),
        }
    }
}

/// What somebody said, with the sentence it was said in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// When.
    pub at: Timestamp,
    /// The sentence.
    pub text: String,
}

/// What was heard of one set of phrases.
#[derive(Clone, Debug, Default)]
pub(super) struct HeardText {
    text: SmolStr,
    start: usize,
    end: usize,
}

/// One record, ready to be judged, with the words that a ledger needs.
#[derive(Clone, Debug)]
pub struct Row {
    pub(super) record: Record,
    /// The texts, then what each list has, one after the other.
    words: Box<[SmolStr]>,
    /// By set of phrases.
    pub(super) heard: Box<[HeardText]>,
}

impl Row {
    /// A text, as it is.
    pub(super) fn text(&self, text: u32) -> &SmolStr {
        self.words.get(text as usize).unwrap_or(const { &SmolStr::new_static("") })
    }

    /// What a list has.
    pub(super) fn list(&self, plan: &Plan, list: u32) -> &[SmolStr] {
        let length = |slot: &ListSlot| usize::try_from(self.record.number(slot.length)).unwrap_or_default();
        let Some((slot, before)) = plan.lists.get(..=list as usize).and_then(<[ListSlot]>::split_last) else {
            return &[];
        };
        let start = plan.texts.len() + before.iter().map(length).sum::<usize>();
        self.words.get(start..start + length(slot)).unwrap_or_default()
    }

    /// The newest sentence in which a set of phrases was said.
    pub(super) fn quote(&self, plan: &Plan, heard: u32) -> Option<Quote> {
        let at = self.record.number(plan.heard.get(heard as usize)?.newest);
        let said = self.heard.get(heard as usize).filter(|_| at != i64::MIN)?;
        let text = phrases::sentence(&said.text, said.start, said.end);
        Some(Quote { at: Timestamp::from_microsecond(at).ok()?, text })
    }
}

/// Takes in what is known of one record after another.
///
/// Fields come before the events whose filters compare with them. What is not given is missing.
#[derive(Debug)]
pub struct RowBuilder<'s> {
    plan: &'s Plan,
    finder: &'s PhraseFinder,
    words: bool,
    /// Where the sheet goes back to.
    sheets: &'s Sheets,
    sheet: Sheet,
}

impl Drop for RowBuilder<'_> {
    fn drop(&mut self) {
        self.sheet.clear(self.words);
        self.sheets.give_back(std::mem::take(&mut self.sheet));
    }
}

impl<'s> RowBuilder<'s> {
    pub(super) fn new(plan: &'s Plan, finder: &'s PhraseFinder, sheets: &'s Sheets, words: bool) -> Self {
        if let Some(sheet) = sheets.take() {
            return Self { plan, finder, words, sheets, sheet };
        }
        let mut builder = Self { plan, finder, words, sheets, sheet: Sheet::new(plan) };
        // What happened never is written once, into the blank record that each begins with.
        for place in 0..plan.queries.len() {
            builder.write_events(place);
        }
        for heard in &plan.heard {
            builder.sheet.record.set_number(heard.newest, i64::MIN);
        }
        builder.sheet.blank.copy_from(&builder.sheet.record);
        builder
    }

    /// A field's value, by its place in [`super::Needs::fields`]. A value of another kind than the field's is not taken.
    pub fn field(&mut self, place: usize, value: FieldValue<'_>) {
        let Some(slot) = self.plan.fields.get(place) else { return };
        match (slot.holds, value) {
            (Holds::Number(number), FieldValue::Number(value)) => self.sheet.record.set_number(number, value.0),
            (Holds::Flag(flag), FieldValue::YesNo(yes)) => self.sheet.record.set_flag(flag, yes),
            (Holds::Text(text), FieldValue::Text(value)) => self.text(text, value),
            (Holds::List(list), FieldValue::List(values)) => self.list(list, values),
            (Holds::Record, _) => {}
            _ => return,
        }
        self.sheet.record.set_known(slot.known, true);
        if let Some(relation) = slot.relation {
            self.related(relation as usize);
        }
    }

    /// The record belongs to one by this relation, by its place in [`super::Needs::relations`], even where nothing is
    /// known of that.
    pub fn related(&mut self, place: usize) {
        if let Some(related) = self.sheet.related.get_mut(place) {
            *related = true;
        }
    }

    /// When a field was last observed; not said, it counts as observed now.
    pub fn observed(&mut self, place: usize, at: Timestamp) {
        for freshness in self.plan.freshness.iter().filter(|freshness| freshness.field as usize == place) {
            self.sheet.record.set_flag(freshness.flag, at.as_microsecond() <= freshness.after);
        }
    }

    /// Something that happened, `at` in microseconds; later than now is not yet.
    pub fn event(&mut self, event: EventId, at: i64, facts: &[(SmolStr, Value)]) {
        if at > self.plan.now {
            return;
        }
        if let Some((answers, field)) = &self.plan.answered
            && *answers == event
            && let Some((_, Value::Text(objection))) = facts.iter().find(|(name, _)| name == field)
        {
            self.sheet.answered.push((objection.clone(), at));
        }
        for &place in self.plan.by_event.get(event.index()).into_iter().flatten() {
            let Some(query) = self.plan.queries.get(place as usize) else { continue };
            if at <= query.after {
                continue;
            }
            let passes = match &query.query.filter {
                None => Some(true),
                Some(filter) => {
                    let occasion = super::filter::Occasion {
                        plan: self.plan,
                        record: &self.sheet.record,
                        texts: &self.sheet.texts,
                        lists: &self.sheet.lists,
                        related: &self.sheet.related,
                        facts,
                    };
                    occasion.passes(filter)
                }
            };
            if let Some(accumulator) = self.sheet.events.get_mut(place as usize) {
                accumulator.take(query, passes, at, self.plan.now, facts);
            }
        }
    }

    /// Something they said, `at` in microseconds; later than now is not yet.
    pub fn said(&mut self, at: i64, text: &str) {
        if at > self.plan.now || self.finder.is_empty() {
            return;
        }
        self.sheet.folded.clear();
        phrases::fold(text, &mut self.sheet.folded);
        for find in self.finder.finds(&self.sheet.folded) {
            let place = find.set.index();
            let Some(newest) = self.sheet.newest.get_mut(place).filter(|newest| at > **newest) else { continue };
            *newest = at;
            if self.words
                && let Some(heard) = self.sheet.heard.get_mut(place)
            {
                *heard = HeardText { text: text.into(), start: find.start, end: find.end };
            }
        }
    }

    /// Something they said, `at` in microseconds, in which [`super::Scorer::phrases_in`] found these.
    pub fn heard(&mut self, at: i64, found: &[u32]) {
        if at > self.plan.now {
            return;
        }
        for place in found {
            if let Some(newest) = self.sheet.newest.get_mut(*place as usize)
                && at > *newest
            {
                *newest = at;
            }
        }
    }

    fn text(&mut self, place: u32, value: &str) {
        let Some(slot) = self.plan.texts.get(place as usize) else { return };
        self.sheet.record.set_code(slot.code, slot.words.get(value).copied().unwrap_or(0));
        if (slot.raw || self.words)
            && let Some(text) = self.sheet.texts.get_mut(place as usize)
        {
            *text = value.into();
        }
    }

    fn list(&mut self, place: u32, values: &[SmolStr]) {
        for value in values {
            self.add_to_list(place, value);
        }
    }

    fn add_to_list(&mut self, place: u32, value: &SmolStr) {
        let Some(slot) = self.plan.lists.get(place as usize) else { return };
        if let Some(&bit) = slot.words.get(value)
            && let Some(&set) = slot.sets.get(bit as usize / 64)
        {
            self.sheet.record.set_set(set, self.sheet.record.set(set) | 1 << (bit % 64));
        }
        if (slot.raw || self.words)
            && let Some(list) = self.sheet.lists.get_mut(place as usize)
            && !list.contains(value)
        {
            list.push(value.clone());
        }
    }

    /// The record as a row of its own; the builder is ready for the next.
    pub fn finish(&mut self) -> Row {
        let row = self.row();
        self.sheet.clear(self.words);
        row
    }

    /// The record as a row of its own, where there is no next one.
    #[must_use]
    pub fn into_row(mut self) -> Row {
        self.row()
    }

    fn row(&mut self) -> Row {
        self.complete();
        Row {
            record: self.sheet.record.clone(),
            words: if self.words {
                self.sheet.texts.iter().chain(self.sheet.lists.iter().flatten()).cloned().collect()
            } else {
                Box::default()
            },
            heard: if self.words { self.sheet.heard.clone().into() } else { Box::default() },
        }
    }

    /// Appends the record to a batch; the builder is ready for the next.
    pub fn finish_into(&mut self, batch: &mut Batch) {
        self.complete();
        batch.push(&self.sheet.record);
        self.sheet.clear(self.words);
    }

    /// What the facts say together.
    fn complete(&mut self) {
        self.open_objections();
        for (slot, list) in self.plan.lists.iter().zip(&self.sheet.lists) {
            self.sheet.record.set_number(slot.length, i64::try_from(list.len()).unwrap_or_default());
        }
        for slot in &self.plan.fields {
            let there = slot.relation.is_none_or(|relation| self.sheet.related.get(relation as usize) == Some(&true));
            if slot.never_missing && there {
                self.sheet.record.set_known(slot.known, true);
            }
            if slot.holds == Holds::Record && self.leads_somewhere(slot) {
                self.sheet.record.set_known(slot.known, true);
            }
        }
        for place in 0..self.sheet.events.len() {
            if self.sheet.events.get(place).is_some_and(Accumulator::has_seen_any) {
                self.write_events(place);
            }
        }
        for (heard, &newest) in
            self.plan.heard.iter().zip(&self.sheet.newest).filter(|(_, newest)| **newest != i64::MIN)
        {
            self.sheet.record.set_number(heard.newest, newest);
        }
        for derived in &self.plan.derived {
            let value = self.derive(&derived.how);
            self.sheet.record.set_flag(derived.flag, value == Some(true));
            self.sheet.record.set_known(derived.known, value.is_some());
        }
    }

    fn leads_somewhere(&self, slot: &super::plan::FieldSlot) -> bool {
        let walked = slot.path.relations.len();
        self.plan.relations.iter().zip(&self.sheet.related).any(|(relation, &related)| {
            related
                && relation.get(..walked) == Some(&slot.path.relations)
                && relation.get(walked) == Some(&slot.path.field)
        })
    }

    /// Objections that were said and not answered since are open, whatever the field says.
    fn open_objections(&mut self) {
        for place in 0..self.plan.lists.len() {
            let Some(slot) = self.plan.lists.get(place).filter(|slot| slot.objections) else { continue };
            let mut said_any = false;
            for (said, heard) in self.plan.heard.iter().enumerate() {
                let newest = self.sheet.newest.get(said).copied().unwrap_or(i64::MIN);
                if newest == i64::MIN || !self.is_objection(heard.phrases) {
                    continue;
                }
                said_any = true;
                let answered = self.sheet.answered.iter().any(|(name, at)| *name == heard.name && *at >= newest);
                if !answered && let Ok(place) = u32::try_from(place) {
                    self.add_to_list(place, &heard.name);
                }
            }
            if said_any || self.plan.conversations_reported {
                self.sheet.record.set_known(slot.known, true);
            }
        }
    }

    fn is_objection(&self, phrases: PhrasesId) -> bool {
        self.plan.objections.contains(&phrases)
    }

    fn write_events(&mut self, place: usize) {
        let (Some(query), Some(events)) = (self.plan.queries.get(place), self.sheet.events.get(place)) else { return };
        let complete = events.complete(query);
        self.sheet.record.set_number(query.count, events.count());
        self.sheet.record.set_number(query.newest, events.newest());
        self.sheet.record.set_known(query.complete, complete);
        for (each, sum) in query.each.iter().zip(events.sums()) {
            self.sheet.record.set_number(each.sum, super::points::capped(sum, each.cap));
        }
        for (which, calculation) in query.calculations.iter().enumerate() {
            let value = if complete { events.value(which, calculation.function) } else { None };
            match (calculation.output, &value) {
                (Output::Number { number, known }, Some(Value::Number(value))) => {
                    self.sheet.record.set_number(number, value.0);
                    self.sheet.record.set_known(known, true);
                }
                (Output::Flag { flag, known }, Some(Value::YesNo(yes))) => {
                    self.sheet.record.set_flag(flag, *yes);
                    self.sheet.record.set_known(known, true);
                }
                (Output::Text(text), Some(Value::Text(value))) => {
                    let Some(slot) = self.plan.texts.get(text as usize) else { continue };
                    self.sheet.record.set_code(slot.code, slot.words.get(value).copied().unwrap_or(0));
                    self.sheet.record.set_known(slot.known, true);
                    if let Some(text) = self.sheet.texts.get_mut(text as usize) {
                        text.clone_from(value);
                    }
                }
                // The blank record knows that a sum of nothing is nought: an event of which it is unknown whether it counts takes that back.
                (Output::Number { known, .. } | Output::Flag { known, .. }, _) => {
                    self.sheet.record.set_known(known, false);
                }
                (Output::Text(text), _) => {
                    let Some(slot) = self.plan.texts.get(text as usize) else { continue };
                    self.sheet.record.set_known(slot.known, false);
                }
            }
        }
    }

    fn derive(&self, how: &DerivedHow) -> Option<bool> {
        match how {
            DerivedHow::Text { text, operator, value } => {
                self.known_text(*text).map(|text| text_holds(text, *operator, value))
            }
            DerivedHow::Same { left, right } => Some(self.known_text(*left)? == self.known_text(*right)?),
            DerivedHow::HasOf { list, which, other } => {
                Some(has_of(self.known_list(*list)?, *which, self.known_list(*other)?))
            }
        }
    }

    fn known_text(&self, place: u32) -> Option<&SmolStr> {
        let slot = self.plan.texts.get(place as usize).filter(|slot| self.sheet.record.is_known(slot.known))?;
        debug_assert!(slot.raw, "a text that is derived from is kept");
        self.sheet.texts.get(place as usize)
    }

    fn known_list(&self, place: u32) -> Option<&[SmolStr]> {
        self.plan.lists.get(place as usize).filter(|slot| self.sheet.record.is_known(slot.known))?;
        self.sheet.lists.get(place as usize).map(Vec::as_slice)
    }
}

pub(super) fn text_holds(text: &str, operator: TextOperator, value: &str) -> bool {
    match operator {
        TextOperator::Starts => text.starts_with(value),
        TextOperator::Ends => text.ends_with(value),
        TextOperator::Contains => text.contains(value),
    }
}

pub(super) fn has_of(list: &[SmolStr], which: Which, other: &[SmolStr]) -> bool {
    match which {
        Which::Any => other.iter().any(|value| list.contains(value)),
        Which::All => other.iter().all(|value| list.contains(value)),
        Which::None => !other.iter().any(|value| list.contains(value)),
    }
}

/// Many records in columns, sixty-four to a block.
#[derive(Clone, Debug)]
pub struct Batch {
    shape: Shape,
    blocks: Vec<Block>,
    /// Those that do not fill a block yet come first; the others' memory is used again.
    rest: Vec<Record>,
    resting: usize,
}

impl Batch {
    pub(super) const fn new(shape: Shape) -> Self {
        Self { shape, blocks: Vec::new(), rest: Vec::new(), resting: 0 }
    }

    /// How many records.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.blocks.len() * 64 + self.resting
    }

    /// None yet.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn push(&mut self, record: &Record) {
        match self.rest.get_mut(self.resting) {
            Some(place) => place.copy_from(record),
            None => self.rest.push(record.clone()),
        }
        self.resting += 1;
        if self.resting == 64 {
            self.blocks.push(Block::new(self.shape, &self.rest));
            self.resting = 0;
        }
    }

    pub(super) fn for_each_block(&self, mut each: impl FnMut(&Block)) {
        self.blocks.iter().for_each(&mut each);
        if let Some(rest) = self.rest.get(..self.resting).filter(|rest| !rest.is_empty()) {
            each(&Block::new(self.shape, rest));
        }
    }
}
