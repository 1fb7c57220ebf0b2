//! Declarations, blocks and clauses, from the tokens alone. They tile the file: every token is in exactly one clause or
//! in the trivia behind the last one of its block. Knows brackets and indentation, no grammar.

mod brackets;
mod clauses;

pub(crate) use clauses::declares;

use std::ops::Range;

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

impl Structure {
    /// Outlines the tokens; what is wrong with the brackets is added to `errors`.
    pub(crate) fn of(tokens: &Tokens, errors: &mut Vec<SyntaxError>) -> Self {
        clauses::outline(tokens, errors)
    }
}
