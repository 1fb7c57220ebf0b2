//! Conditions to operations: atoms over slots, joined by Kleene's `and` and `or`, equal ones made once.

use compiler::program::{Comparison, Condition, FieldPath, Term, TextTerm, Which, Window};

use super::{Linker, Mode, index};
use crate::score::error::LinkError;
use crate::score::plan::{CodeTest, Derived, DerivedHow, Freshness, Leaf, Literal, Op, RangeTest, Reading, SetTest};

impl Linker<'_> {
    pub(super) fn condition(&mut self, condition: &Condition, mode: Mode) -> Result<Literal, LinkError> {
        match condition {
            Condition::Not(inner) => {
                let before = self.leaves.len();
                let literal = self.condition(inner, mode)?.not();
                for leaf in self.leaves.iter_mut().skip(before) {
                    leaf.literal = leaf.literal.not();
                }
                Ok(literal)
            }
            Condition::All(parts) => self.join(parts, mode, Self::and, true),
            Condition::Any(parts) => {
                let merged = merge_any(parts);
                self.join(&merged, mode, Self::or, false)
            }
            Condition::Fresh { condition, fields, window } => {
                let before = self.leaves.len();
                let mut literal = self.condition(condition, mode)?;
                for field in fields {
                    let stale = self.freshness(field, *window)?;
                    literal = self.op(Op::Fresh { of: literal, stale });
                    for leaf in self.leaves.iter_mut().skip(before) {
                        leaf.stale.push(stale);
                    }
                }
                Ok(literal)
            }
            _ => {
                let before = self.leaves.len();
                let literal = self.leaf(condition, mode)?;
                let reads = self.reads(condition)?;
                self.leaves.truncate(before);
                self.leaves.push(Leaf { literal, stale: Vec::new(), reads });
                Ok(literal)
            }
        }
    }

    fn join(
        &mut self,
        parts: &[Condition],
        mode: Mode,
        with: fn(&mut Self, Literal, Literal) -> Literal,
        of_none: bool,
    ) -> Result<Literal, LinkError> {
        let mut joined = None;
        for part in parts {
            let literal = self.condition(part, mode)?;
            joined = Some(match joined {
                None => literal,
                Some(before) => with(self, before, literal),
            });
        }
        Ok(joined.unwrap_or_else(|| self.op(Op::Constant(Some(of_none)))))
    }

    /// A condition's smallest part.
    pub(super) fn leaf(&mut self, condition: &Condition, mode: Mode) -> Result<Literal, LinkError> {
        match condition {
            Condition::Compare { left, operator, right } => self.compare(left, *operator, right, mode),
            Condition::Between { term, low, high } => {
                if let (Term::Field(path), Term::Constant(low), Term::Constant(high)) = (term, low, high) {
                    return self.range(path, i128::from(low.0), i128::from(high.0));
                }
                let from = self.compare(term, Comparison::AtLeast, low, mode)?;
                let to = self.compare(term, Comparison::AtMost, high, mode)?;
                Ok(self.both(from, to))
            }
            Condition::OneOf { term, values } => self.one_of(term, values),
            Condition::Same { left, right } => {
                let (left, right) = (self.text(left)?, self.text(right)?);
                self.need_raw_text(left);
                self.need_raw_text(right);
                Ok(self.derived(DerivedHow::Same { left, right }))
            }
            Condition::Text { term, operator, value } => {
                let text = self.text(term)?;
                self.need_raw_text(text);
                Ok(self.derived(DerivedHow::Text { text, operator: *operator, value: value.clone() }))
            }
            Condition::Yes(term) => {
                let (flag, known) = self.flag(term)?;
                Ok(self.op(Op::Flag { flag, known }))
            }
            Condition::Has { list, which, values } => self.has(list, *which, values),
            Condition::HasOf { list, which, other } => {
                let (list, other) = (self.list(list)?, self.list(other)?);
                self.need_raw_list(list);
                self.need_raw_list(other);
                Ok(self.derived(DerivedHow::HasOf { list, which: *which, other }))
            }
            Condition::Known(path) => {
                let known = self.known(path)?;
                Ok(self.op(Op::Known { known }))
            }
            Condition::Happened { query, at_least, at_most } => {
                let slot = self.query(query)?;
                let slot = self.plan.queries.get(slot as usize).ok_or(LinkError::Broken("a query"))?;
                let (count, complete) = (slot.count, slot.complete);
                let at_most = at_most.map_or(i64::MAX, i64::from);
                Ok(self.op(Op::Happened { count, complete, at_least: i64::from(*at_least), at_most }))
            }
            Condition::Mentions { phrases, window } => {
                let heard = self.heard(*phrases)?;
                let newest = self.plan.heard.get(heard as usize).map_or(0, |heard| heard.newest);
                let (after, reported) = (self.begins(*window), self.conversations_reported(*window));
                Ok(self.op(Op::Heard { newest, window: *window, after, reported }))
            }
            Condition::Routed { score, labels, certainty } => {
                let place = self.place(*score)?;
                self.route(place)?;
                let labels = labels.iter().fold(0, |mask, label| mask | 1_u64.checked_shl(label.0).unwrap_or(0));
                let current = mode == Mode::Current;
                Ok(self.op(Op::Routed { score: index(place), labels, certainty: *certainty, current }))
            }
            // The others are no leaves; `condition` takes them apart.
            Condition::Not(_) | Condition::All(_) | Condition::Any(_) | Condition::Fresh { .. } => {
                self.condition(condition, mode)
            }
        }
    }

    pub(super) fn both(&mut self, one: Literal, other: Literal) -> Literal {
        let range = |literal: Literal| match self.plan.ops.get(literal.op()) {
            Some(Op::Range(test)) if !literal.negated() => Some(*test),
            _ => None,
        };
        match (range(one), range(other)) {
            (Some(one), Some(other)) if one.number == other.number => {
                let end = |test: RangeTest| i128::from(test.low) + i128::from(test.width);
                let low = i128::from(one.low.max(other.low));
                self.in_range(one.number, one.known, low, end(one).min(end(other)))
            }
            _ => self.and(one, other),
        }
    }

    fn one_of(&mut self, term: &TextTerm, values: &[smol_str::SmolStr]) -> Result<Literal, LinkError> {
        let text = self.text(term)?;
        let codes = self.codes(text, values)?;
        let slot = self.plan.texts.get(text as usize).ok_or(LinkError::Broken("a text"))?;
        let (code, known) = (slot.code, slot.known);
        let highest = codes.iter().copied().max().unwrap_or(0);
        let mut words = vec![0_u64; usize::from(highest) / 64 + 1];
        for place in codes {
            if let Some(word) = words.get_mut(usize::from(place) / 64) {
                *word |= 1 << (place % 64);
            }
        }
        Ok(match words.as_slice() {
            &[mask] => self.op(Op::Code(CodeTest { code, known, mask })),
            _ => self.op(Op::CodeWide { code, known, words: words.into() }),
        })
    }

    fn has(&mut self, list: &FieldPath, which: Which, values: &[smol_str::SmolStr]) -> Result<Literal, LinkError> {
        let slot = self.list(list)?;
        let masks = self.masks(slot, values);
        let known = self.plan.lists.get(slot as usize).ok_or(LinkError::Broken("a list"))?.known;
        let all = which == Which::All;
        let mut joined = None;
        for (set, mask) in masks {
            let literal = self.op(Op::Set(SetTest { set, known, mask, all }));
            joined = Some(match joined {
                None => literal,
                Some(before) if all => self.and(before, literal),
                Some(before) => self.or(before, literal),
            });
        }
        let joined = joined.unwrap_or_else(|| self.op(Op::Constant(Some(all))));
        Ok(if which == Which::None { joined.not() } else { joined })
    }

    fn derived(&mut self, how: DerivedHow) -> Literal {
        if let Some(known) = self.plan.derived.iter().find(|derived| derived.how == how) {
            let (flag, known) = (known.flag, known.known);
            return self.op(Op::Flag { flag, known });
        }
        let (flag, known) = (self.new_flag(), self.new_known());
        self.plan.derived.push(Derived { flag, known, how });
        self.op(Op::Flag { flag, known })
    }

    fn freshness(&mut self, path: &FieldPath, window: Window) -> Result<u32, LinkError> {
        let field = self.field(path)?;
        if let Some(same) = self.plan.freshness.iter().find(|same| same.field == field && same.window == window) {
            return Ok(same.flag);
        }
        let (flag, after) = (self.new_flag(), self.begins(Some(window)));
        self.plan.freshness.push(Freshness { field, window, after, flag });
        Ok(flag)
    }

    /// What a leaf reads, in source order, each once.
    fn reads(&mut self, condition: &Condition) -> Result<Vec<Reading>, LinkError> {
        let mut reads = Vec::new();
        match condition {
            Condition::Compare { left, right, .. } => {
                self.term_reads(left, &mut reads)?;
                self.term_reads(right, &mut reads)?;
            }
            Condition::Between { term, low, high } => {
                for term in [term, low, high] {
                    self.term_reads(term, &mut reads)?;
                }
            }
            Condition::OneOf { term, .. } | Condition::Text { term, .. } | Condition::Yes(term) => {
                self.text_reads(term, &mut reads)?;
            }
            Condition::Same { left, right } => {
                self.text_reads(left, &mut reads)?;
                self.text_reads(right, &mut reads)?;
            }
            Condition::Has { list, .. } => reads.push(Reading::Field(self.field(list)?)),
            Condition::HasOf { list, other, .. } => {
                reads.push(Reading::Field(self.field(list)?));
                reads.push(Reading::Field(self.field(other)?));
            }
            Condition::Known(path) => reads.push(Reading::Field(self.field(path)?)),
            Condition::Happened { query, .. } => reads.push(Reading::Query(self.query(query)?)),
            Condition::Mentions { phrases, .. } => reads.push(Reading::Heard(self.heard(*phrases)?)),
            Condition::Routed { score, .. } => reads.push(Reading::Score(index(self.place(*score)?))),
            Condition::Not(_) | Condition::All(_) | Condition::Any(_) | Condition::Fresh { .. } => {}
        }
        let mut each_once: Vec<Reading> = Vec::new();
        for read in reads {
            if !each_once.contains(&read) {
                each_once.push(read);
            }
        }
        Ok(each_once)
    }

    fn text_reads(&mut self, term: &TextTerm, reads: &mut Vec<Reading>) -> Result<(), LinkError> {
        match term {
            TextTerm::Field(path) => reads.push(Reading::Field(self.field(path)?)),
            TextTerm::Latest(aggregate) => {
                let (query, calculation) = self.calculation(aggregate, false)?;
                reads.push(Reading::Calculation(query, calculation));
            }
            TextTerm::EventField(_) => {}
        }
        Ok(())
    }

    pub(super) fn constant_op(&mut self, value: Option<bool>) -> Literal {
        self.op(Op::Constant(value))
    }

    /// A number lies in a range of constants, both ends included.
    pub(super) fn range(&mut self, path: &FieldPath, low: i128, high: i128) -> Result<Literal, LinkError> {
        let (number, known) = self.number(path)?;
        Ok(self.in_range(number, known, low, high))
    }

    fn in_range(&mut self, number: u32, known: u32, low: i128, high: i128) -> Literal {
        let (least, most) = (i128::from(i64::MIN), i128::from(i64::MAX));
        let (low, high) = (low.max(least), high.min(most));
        match (i64::try_from(low), u64::try_from(high - low)) {
            (Ok(low), Ok(width)) => self.op(Op::Range(RangeTest::new(number, known, low, width))),
            // Nothing lies there: every number that is known lies outside.
            _ => self.op(Op::Range(RangeTest::new(number, known, i64::MIN, u64::MAX))).not(),
        }
    }
}

/// `a is x or a is y` is one test of `a`.
fn merge_any(parts: &[Condition]) -> Vec<Condition> {
    let mut merged: Vec<Condition> = Vec::new();
    for part in parts {
        let joined = merged.iter_mut().any(|before| match (before, part) {
            (Condition::OneOf { term, values }, Condition::OneOf { term: same, values: more }) if term == same => {
                values.extend(more.iter().cloned());
                true
            }
            (
                Condition::Has { list, which: Which::Any, values },
                Condition::Has { list: same, which: Which::Any, values: more },
            ) if list == same => {
                values.extend(more.iter().cloned());
                true
            }
            _ => false,
        });
        if !joined {
            merged.push(part.clone());
        }
    }
    merged
}
