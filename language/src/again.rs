//! Reading a text again after an edit: what stands before and behind the edit is taken over, moved to where it stands now. Knows
//! nothing of who edits; the text as it was and the text as it is are enough.

use std::cell::RefCell;
use std::sync::Arc;

use derive_visitor::{DriveMut, VisitorMut};

use crate::edit::{Edit, Relexed};
use crate::parsed::{Parsed, read};
use crate::structure::{Stretch, Structure};
use crate::syntax::Declaration;
use crate::{Span, SyntaxError, Tokens, build, parse};

/// What [`parse`] says of a text, made of what it said of the text before.
///
/// The same as [`parse`] in every case, and nearly as fast as finding out which declarations have changed: what nobody else has of
/// `before` is not copied.
#[must_use]
pub fn parse_again(before: Parsed, text_before: &str, text: &str) -> Parsed {
    let Some(edit) = Edit::between(text_before, text) else { return parse(text) };
    let (tokens, relexed) = before.tokens.again(text, &edit);
    let mut errors = Vec::new();
    let changed = (&edit, relexed);
    let (structure, stretches) = before.structure.again(&tokens, changed, &before.errors, &mut errors);
    for stretch in stretches.iter().filter(|stretch| stretch.is_known.is_none()) {
        build::check_literals(text, &tokens, &stretch.range, &mut errors);
    }
    let known = taken_over(before.file.declarations, &before.errors, changed, (&tokens, &structure), &stretches);
    let known = RefCell::new(known);
    let known = |_: &Tokens, _: &Structure, index: usize| known.borrow_mut().get_mut(index)?.take();
    read(text, (tokens, structure), &known, errors)
}

/// The declarations of clauses as they were read before, where nothing about them has changed but their place: by clause.
fn taken_over(
    before: Vec<Arc<Declaration>>,
    errors: &[SyntaxError],
    (edit, relexed): (&Edit, Relexed),
    (tokens, structure): (&Tokens, &Structure),
    stretches: &[Stretch],
) -> Vec<Option<Arc<Declaration>>> {
    let mut taken: Vec<Option<Arc<Declaration>>> = vec![None; structure.declarations.len()];
    let mut before = before.into_iter().peekable();
    for stretch in stretches {
        let Some(begins_as_before) = stretch.is_known else { continue };
        let clauses = structure.declarations.get(stretch.clauses.clone()).unwrap_or_default();
        for (index, clause) in stretch.clauses.clone().zip(clauses) {
            let is_behind = clause.range.start > relexed.to;
            let is_first = index == stretch.clauses.start;
            if is_first && !begins_as_before || !is_behind && clause.range.end > relexed.from {
                continue;
            }
            let by = if is_behind { i64::from(edit.by) } else { 0 };
            if has_error(errors, tokens.spans(&clause.range).moved(-by)) {
                continue;
            }
            let start = tokens.spans(&clause.core).moved(-by).start;
            while before.next_if(|declaration| declaration.span.start < start).is_some() {}
            let found = before.next_if(|declaration| declaration.span.start == start && !declaration.broken);
            if let (Some(mut declaration), Some(place)) = (found, taken.get_mut(index)) {
                if by != 0 {
                    Arc::make_mut(&mut declaration).drive_mut(&mut Move { by });
                }
                *place = Some(declaration);
            }
        }
    }
    taken
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
