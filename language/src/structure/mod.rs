//! Declarations, blocks and clauses, from the tokens alone. They tile the file: every token is in exactly one clause or
//! in the trivia behind the last one of its block. Knows brackets and indentation, no grammar.

mod brackets;
mod clauses;

pub(crate) use clauses::declares;

use std::ops::Range;

use crate::edit::{Edit, Relexed};
use crate::{SyntaxError, Tokens};

/// Brackets nested deeper than this are not read.
pub const DEEPEST: usize = 64;

/// The outline of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Structure {
    /// The clauses in column 0: declarations, and whatever stands there instead.
    pub declarations: Vec<Clause>,
    /// The blanks and comments behind the last one.
    pub rest: Range<u32>,
}

/// Tokens from the start of a line, or of a block, to the end of that clause. Ranges are of token numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// With the blanks and comments before it, up to and with its line end.
    pub range: Range<u32>,
    /// From its first to behind its last token that is no blank or comment.
    pub core: Range<u32>,
    /// Its blocks, in order; nearly always none or one, which ends it.
    pub blocks: Vec<Block>,
    /// A bracket without a partner, an unclosed text, an unknown character: its error stands already.
    pub damaged: bool,
}

/// A pair of braces with what is in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its `{`.
    pub open: u32,
    /// Its `}`; none where it is missing.
    pub close: Option<u32>,
    /// Behind its last token, the `}` included.
    pub end: u32,
    /// What is in it.
    pub clauses: Vec<Clause>,
    /// The blanks and comments behind the last clause, before the `}`.
    pub rest: Range<u32>,
}

impl Clause {
    /// The block that ends it.
    #[must_use]
    pub fn last_block(&self) -> Option<&Block> {
        self.blocks.last().filter(|block| block.end == self.core.end)
    }
}

/// From a declaration's keyword to the next one's: what is in it is cut without a look at anything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// Its tokens.
    pub(crate) range: Range<u32>,
    /// Its clauses, among [`Structure::declarations`].
    pub(crate) clauses: Range<usize>,
    /// It was cut before: whether also what is before its first clause begins where it did.
    pub(crate) is_known: Option<bool>,
}

impl Structure {
    /// Outlines the tokens; what is wrong with the brackets is added to `errors`.
    pub(crate) fn of(tokens: &Tokens, errors: &mut Vec<SyntaxError>) -> Self {
        clauses::outline(tokens, &mut |_| None, errors).0
    }

    /// Outlines the tokens after an edit, most of which are what they were before. What was wrong before stood at the bytes of
    /// `was_wrong`, sorted; where it did, all is cut anew.
    pub(crate) fn again(
        self,
        tokens: &Tokens,
        (edit, relexed): (&Edit, Relexed),
        was_wrong: &[SyntaxError],
        errors: &mut Vec<SyntaxError>,
    ) -> (Self, Vec<Stretch>) {
        let mut before = self.declarations.into_iter().peekable();
        let mut known = |range: &Range<u32>| {
            // The keyword of the next declaration is told by the two tokens behind it.
            let (by, bytes_by) = if range.end + 2 < relexed.from {
                (0, 0)
            } else if range.start > relexed.to {
                (relexed.by, edit.by)
            } else {
                return None;
            };
            let place = tokens.spans(range).moved(-i64::from(bytes_by));
            let first = was_wrong.partition_point(|error| error.span.start < place.start);
            if was_wrong.get(first).is_some_and(|error| error.span.start <= place.end) {
                return None;
            }
            let was = |at: u32| at.saturating_add_signed(-by);
            while before.next_if(|clause| clause.core.start < was(range.start)).is_some() {}
            let mut clauses = Vec::new();
            while let Some(clause) = before.next_if(|clause| clause.core.start < was(range.end)) {
                clauses.push(clause);
            }
            if by != 0 {
                clauses.iter_mut().for_each(|clause| clause.shift(by));
            }
            Some(clauses)
        };
        clauses::outline(tokens, &mut known, errors)
    }
}

impl Clause {
    /// So many tokens further on.
    fn shift(&mut self, by: i32) {
        shift(&mut self.range, by);
        shift(&mut self.core, by);
        for block in &mut self.blocks {
            block.open = block.open.saturating_add_signed(by);
            block.close = block.close.map(|close| close.saturating_add_signed(by));
            block.end = block.end.saturating_add_signed(by);
            shift(&mut block.rest, by);
            block.clauses.iter_mut().for_each(|clause| clause.shift(by));
        }
    }
}

fn shift(range: &mut Range<u32>, by: i32) {
    *range = range.start.saturating_add_signed(by)..range.end.saturating_add_signed(by);
}
