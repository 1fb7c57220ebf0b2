//! Reading a text again after an edit: what stands before and behind the edit is taken over, moved to where it stands now. Knows
//! nothing of who edits; the text as it was and the text as it is are enough.

use std::ops::Range;
use std::sync::Arc;

use derive_visitor::{DriveMut, VisitorMut};

use crate::parsed::{Parsed, read};
use crate::structure::{Clause, Structure};
use crate::syntax::Declaration;
use crate::{Span, SyntaxError, Token, Tokens, parse};

/// What [`parse`] says of a text, with the help of what it said of the text before.
///
/// The same as [`parse`] in every case, and nearly as fast as finding out which declarations have changed.
#[must_use]
pub fn parse_again(before: &Parsed, text_before: &str, text: &str) -> Parsed {
    let Some(edit) = Edit::between(text_before, text) else { return parse(text) };
    read(text, &|tokens, structure, index| edit.taken_over(before, tokens, structure, index))
}

/// What is the same in two texts: so much of their starts, and so much of their ends.
struct Edit {
    same_start: u32,
    /// The byte of the new text from which on nothing has changed.
    same_end: u32,
    /// How far behind its old place that end stands now.
    by: i64,
}

impl Edit {
    /// None for texts that are too large to be read.
    fn between(before: &str, after: &str) -> Option<Self> {
        let largest = before.len().max(after.len());
        if largest > crate::parsed::LARGEST {
            return None;
        }
        let start = same(before.bytes(), after.bytes());
        let rest = |text: &str| text.len() - start;
        let (left, right) = (before.bytes().rev().take(rest(before)), after.bytes().rev().take(rest(after)));
        let end = same(left, right);
        Some(Self {
            same_start: u32::try_from(start).ok()?,
            same_end: u32::try_from(after.len() - end).ok()?,
            by: i64::try_from(after.len()).ok()? - i64::try_from(before.len()).ok()?,
        })
    }

    /// The declaration of a clause as it was read before, where nothing about it has changed but its place.
    fn taken_over(
        &self,
        before: &Parsed,
        tokens: &Tokens,
        structure: &Structure,
        index: usize,
    ) -> Option<Arc<Declaration>> {
        let clause = structure.declarations.get(index)?;
        let place = tokens.spans(&clause.range);
        // What stands right at the edit may have gained or lost its neighbour.
        let by = if place.end < self.same_start {
            0
        } else if place.start > self.same_end {
            self.by
        } else {
            return None;
        };
        let old_place = place.moved(-by);
        let clauses = &before.structure.declarations;
        let old = clauses.get(clauses.partition_point(|old| before.tokens.start(old.range.start) < old_place.start))?;
        let is_same = before.tokens.spans(&old.range) == old_place && same_tokens(before, old, tokens, clause);
        if !is_same || has_error(&before.errors, old_place) {
            return None;
        }
        let declarations = &before.file.declarations;
        let start = before.tokens.start(old.core.start);
        let at = declarations.partition_point(|declaration| declaration.span.start < start);
        let declaration = declarations.get(at).filter(|found| found.span.start == start && !found.broken)?;
        if by == 0 {
            return Some(Arc::clone(declaration));
        }
        let mut moved = Declaration::clone(declaration);
        moved.drive_mut(&mut Move { by });
        Some(Arc::new(moved))
    }
}

/// How many items two sequences begin with in common.
fn same(left: impl Iterator<Item = u8>, right: impl Iterator<Item = u8>) -> usize {
    left.zip(right).take_while(|(left, right)| left == right).count()
}

/// Whether the tokens of two clauses are of the same kinds, and stand in the same blocks.
fn same_tokens(before: &Parsed, old: &Clause, tokens: &Tokens, new: &Clause) -> bool {
    kinds(&before.tokens, &old.range) == kinds(tokens, &new.range)
        && same_blocks(old, new, i64::from(new.range.start) - i64::from(old.range.start))
}

fn kinds<'a>(tokens: &'a Tokens, range: &Range<u32>) -> Option<&'a [Token]> {
    tokens.kinds().get(range.start as usize..range.end as usize)
}

/// Whether a clause is the other one, all its tokens counted from that much further on.
fn same_blocks(old: &Clause, new: &Clause, by: i64) -> bool {
    let at = |old: u32, new: u32| i64::from(old) + by == i64::from(new);
    let ranges = |old: &Range<u32>, new: &Range<u32>| at(old.start, new.start) && at(old.end, new.end);
    ranges(&old.range, &new.range)
        && ranges(&old.core, &new.core)
        && old.damaged == new.damaged
        && old.blocks.len() == new.blocks.len()
        && old.blocks.iter().zip(&new.blocks).all(|(old, new)| {
            at(old.open, new.open)
                && at(old.end, new.end)
                && old.close.map(|close| i64::from(close) + by) == new.close.map(i64::from)
                && ranges(&old.rest, &new.rest)
                && old.clauses.len() == new.clauses.len()
                && old.clauses.iter().zip(&new.clauses).all(|(old, new)| same_blocks(old, new, by))
        })
}

/// Whether something is wrong that begins in a place or right behind it.
fn has_error(errors: &[SyntaxError], place: Span) -> bool {
    let first = errors.partition_point(|error| error.span.start < place.start);
    errors.get(first).is_some_and(|error| error.span.start <= place.end)
}

/// Moves every span that it comes by.
#[derive(VisitorMut)]
#[visitor(Span(enter))]
struct Move {
    by: i64,
}

impl Move {
    fn enter_span(&mut self, span: &mut Span) {
        *span = span.moved(self.by);
    }
}
