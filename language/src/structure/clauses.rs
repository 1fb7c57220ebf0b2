//! Cuts a text into declarations, blocks and clauses: a clause ends at its line end, outside brackets; lines indented
//! deeper than its start continue it; a keyword in column 0 starts a declaration whatever is still open.

use std::ops::Range;

use super::brackets::{self, Partner};
use super::{Block, Clause, DEEPEST, Stretch, Structure};
use crate::token::Token;
use crate::{SyntaxError, Tokens};

/// The whole outline, and the stretches that it was cut from: each from one declaration's keyword to the next.
///
/// `known` gives the clauses of a stretch as they were cut before, where nothing about them has changed but their place.
pub(super) fn outline(
    tokens: &Tokens,
    known: &mut dyn FnMut(&Range<u32>) -> Option<Vec<Clause>>,
    errors: &mut Vec<SyntaxError>,
) -> (Structure, Vec<Stretch>) {
    let bounds = bounds(tokens);
    let mut declarations = Vec::new();
    let mut stretches = Vec::with_capacity(bounds.len());
    let mut lead = 0;
    for pair in bounds.windows(2) {
        let [start, end] = *pair else { continue };
        let range = start..end;
        let at = declarations.len();
        let mut is_known = None;
        if let Some(mut clauses) = known(&range) {
            let first = clauses.first_mut().map(|first| std::mem::replace(&mut first.range.start, lead));
            is_known = Some(first == Some(lead));
            lead = clauses.last().map_or(lead, |last| last.range.end);
            declarations.append(&mut clauses);
        } else {
            let (partners, loose) = brackets::pair(tokens, &range, errors);
            let cutter = Cutter { tokens, base: start, partners, loose };
            lead = cutter.clauses(lead, range.clone(), 0, &mut declarations);
        }
        stretches.push(Stretch { range, clauses: at..declarations.len(), is_known });
    }
    (Structure { declarations, rest: lead..tokens.len() }, stretches)
}

/// Where declarations start, with the start and the end of the text.
fn bounds(tokens: &Tokens) -> Vec<u32> {
    let mut bounds = vec![0];
    let mut before = Token::LineEnd;
    for (index, kind) in (0..).zip(tokens.kinds()) {
        if before == Token::LineEnd && index > 0 && declares(tokens, index) {
            bounds.push(index);
        }
        before = *kind;
    }
    bounds.push(tokens.len());
    bounds
}

/// Whether the token is a declaration's keyword; `contact` is one with `policy` behind it.
pub(crate) fn declares(tokens: &Tokens, index: u32) -> bool {
    match tokens.kind(index) {
        Token::Contact => tokens.kind(index + 1) == Token::Blank && tokens.kind(index + 2) == Token::Policy,
        kind => kind.starts_declaration(),
    }
}

/// Cuts one stretch.
struct Cutter<'a> {
    tokens: &'a Tokens,
    /// Where the stretch begins.
    base: u32,
    /// Of its tokens.
    partners: Vec<Partner>,
    /// Brackets without a partner, sorted.
    loose: Vec<u32>,
}

impl Cutter<'_> {
    /// Cuts a range into clauses. `lead` is where the trivia before the first begins; gives where the rest begins.
    fn clauses(&self, mut lead: u32, range: Range<u32>, depth: usize, into: &mut Vec<Clause>) -> u32 {
        let mut at = range.start;
        while let Some(first) = self.tokens.significant(at, range.end) {
            let clause = self.clause(lead, first, range.end, depth);
            lead = clause.range.end;
            at = lead;
            into.push(clause);
        }
        lead
    }

    /// One clause from its first token on.
    fn clause(&self, lead: u32, first: u32, limit: u32, depth: usize) -> Clause {
        let column = self.tokens.column(first);
        let mut blocks: Vec<Block> = Vec::new();
        let (mut at, mut core_end, mut brackets_end) = (first, first, first);
        let mut damaged = false;
        let mut ends_with_block = false;
        let end = loop {
            if at >= limit {
                break limit;
            }
            let kind = self.tokens.kind(at);
            match kind {
                Token::LineEnd if at >= brackets_end => {
                    let next = self.tokens.significant(at, limit);
                    match next {
                        Some(next) if !ends_with_block && self.continues(next, column, depth) => at = next,
                        _ => break at + 1,
                    }
                    continue;
                }
                Token::Blank | Token::LineEnd | Token::Comment | Token::Doc => {
                    at += 1;
                    continue;
                }
                _ => {}
            }
            ends_with_block = false;
            damaged |= kind.is_damage();
            let partner = self.partner(at);
            // A block without its end is read all the same.
            damaged |= !matches!(partner, Partner::Missing(_)) && self.loose.binary_search(&at).is_ok();
            match partner {
                Partner::None => at += 1,
                Partner::Close(close) if kind != Token::LeftBrace => {
                    brackets_end = brackets_end.max(close);
                    at += 1;
                }
                partner => {
                    let block = self.block(at, partner, limit, depth);
                    let missing = block.close.is_none();
                    at = block.end;
                    blocks.push(block);
                    ends_with_block = at >= brackets_end;
                    if missing {
                        core_end = at;
                        break at;
                    }
                }
            }
            core_end = at;
        };
        Clause { range: lead..end, core: first..core_end, blocks, damaged }
    }

    /// Whether the token that begins a line continues a clause in that column.
    fn continues(&self, next: u32, column: u32, depth: usize) -> bool {
        // An indented declaration, or a layer outside of a score, is a mistake, and still no part of the declaration above.
        let named = |index: u32| self.tokens.kind(index).is_word() || self.tokens.kind(index) == Token::Text;
        let starts = declares(self.tokens, next) || self.tokens.kind(next) == Token::Layer;
        let other = depth == 0 && starts && named(next + 2);
        self.tokens.column(next) > column && !other
    }

    /// The block that a `{` opens.
    fn block(&self, open: u32, partner: Partner, limit: u32, depth: usize) -> Block {
        let (close, inner_end, end) = match partner {
            Partner::Close(close) => (Some(close), close, close + 1),
            Partner::Missing(end) => (None, end.min(limit), end.min(limit)),
            Partner::None => (None, open + 1, open + 1),
        };
        let mut clauses = Vec::new();
        let rest = if depth < DEEPEST {
            self.clauses(open + 1, open + 1..inner_end, depth + 1, &mut clauses)
        } else {
            open + 1
        };
        Block { open, close, end, clauses, rest: rest..inner_end }
    }

    fn partner(&self, index: u32) -> Partner {
        let place = index.checked_sub(self.base);
        place.and_then(|place| self.partners.get(place as usize)).copied().unwrap_or(Partner::None)
    }
}
