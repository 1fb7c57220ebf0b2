//! Walks the structure and makes lines: indentation from the blocks, line breaks as written, one blank between tokens.

use std::ops::Range;

use crate::grammar::{BlockUse, Context, declaration, form};
use crate::parsed::Parsed;
use crate::structure::{Block, Clause};
use crate::{Span, Token, Tokens};

use super::align;
use super::line::{Line, Mark};
use super::spacing::{self, Between};
use super::stops;

/// How much deeper a block's clauses stand.
const STEP: usize = 2;

/// The text laid out, and the spans of what was left as it is.
pub(super) fn write(text: &str, parsed: &Parsed) -> (String, Vec<Span>) {
    let mut writer = Writer {
        text,
        tokens: &parsed.tokens,
        lines: Vec::new(),
        line_ends: 0,
        open: false,
        groups: 1,
        clause: Token::LineEnd,
        depth: 0,
    };
    let mut untouched = Vec::new();
    let mut declarations = parsed.file.declarations.iter().peekable();
    for clause in &parsed.structure.declarations {
        let span = parsed.tokens.spans(&clause.core);
        while declarations.next_if(|declaration| declaration.span.start < span.start).is_some() {}
        let sound = declarations.peek().is_some_and(|found| found.span.start == span.start && !found.broken);
        if sound {
            writer.clause(clause, 0, Context::File, Groups::default());
        } else {
            untouched.push(span);
            writer.verbatim(clause);
        }
    }
    writer.trivia(parsed.structure.rest.clone(), 0);
    (align::render(writer.lines), untouched)
}

/// The groups that a clause's lines belong to, where they are not of its own run.
#[derive(Clone, Copy, Default)]
struct Groups {
    /// Its own, shared with the clauses of its block's siblings.
    of_clauses: Option<usize>,
    /// That of the clauses in its blocks, where such blocks share one.
    of_blocks: Option<usize>,
}

struct Writer<'a> {
    text: &'a str,
    tokens: &'a Tokens,
    lines: Vec<Line<'a>>,
    /// Line ends since the last token or comment.
    line_ends: usize,
    /// The last line may go on.
    open: bool,
    /// Groups of lines that share columns, so far.
    groups: usize,
    /// The first token of the clause being written.
    clause: Token,
    /// Brackets and braces open on the current line.
    depth: usize,
}

impl<'a> Writer<'a> {
    /// A broken declaration, with all that stands before and behind it.
    fn verbatim(&mut self, clause: &Clause) {
        let text = self.text.get(self.tokens.spans(&clause.range).range()).unwrap_or_default();
        self.lines.push(Line { text: text.to_owned(), verbatim: true, ..Line::default() });
        self.open = false;
        // Its line end is in it.
        self.line_ends = 1;
        self.groups += 1;
    }

    /// Comments and line ends.
    fn trivia(&mut self, range: Range<u32>, indent: usize) {
        for index in range {
            match self.tokens.kind(index) {
                Token::LineEnd => self.line_end(),
                Token::Comment | Token::Doc => self.comment(index, indent),
                _ => {}
            }
        }
    }

    fn line_end(&mut self) {
        self.line_ends += 1;
        self.open = false;
    }

    /// A comment: behind the line it stands on, or on one of its own.
    fn comment(&mut self, index: u32, indent: usize) {
        let comment = self.token_text(index).trim_end();
        if self.open
            && let Some(line) = self.lines.last_mut()
        {
            line.comment = Some(comment);
        } else {
            self.start_line(indent);
            if let Some(line) = self.lines.last_mut() {
                line.comment = Some(comment);
            }
        }
        self.open = false;
        self.line_ends = 0;
    }

    fn start_line(&mut self, indent: usize) {
        let blank_before = self.line_ends > 1;
        self.lines.push(Line { indent, blank_before, group: self.groups, ..Line::default() });
        self.open = true;
        self.line_ends = 0;
        self.depth = 0;
    }

    /// One clause with the trivia before and behind it.
    fn clause(&mut self, clause: &Clause, indent: usize, context: Context, groups: Groups) {
        self.trivia(clause.range.start..clause.core.start, indent);
        if self.line_ends > 1 {
            self.groups += 1;
        }
        self.start_line(indent);
        let first_line = self.lines.len() - 1;
        let outer = std::mem::replace(&mut self.clause, self.tokens.kind(clause.core.start));
        let inner = self.inner_context(clause, context);
        if let (Some(group), Some(line)) = (groups.of_clauses, self.lines.last_mut()) {
            line.group = group;
        }
        let mut brackets = 0_usize;
        let mut written = 0;
        let mut blocks = clause.blocks.iter().peekable();
        let mut previous = (Token::LineEnd, Token::LineEnd);
        let mut ends_in_block = false;
        let mut at = clause.core.start;
        while at < clause.core.end {
            let kind = self.tokens.kind(at);
            match kind {
                Token::Blank => {}
                Token::LineEnd => self.line_end(),
                Token::Comment | Token::Doc => {
                    let inside = indent + continuation(brackets, written);
                    self.comment(at, inside);
                }
                _ => {
                    if !self.open {
                        let closes = matches!(kind, Token::RightBracket | Token::RightParenthesis);
                        let inside =
                            if closes { brackets.saturating_sub(1) * STEP } else { continuation(brackets, written) };
                        // A clause has no empty lines in it.
                        self.line_ends = 0;
                        self.start_line(indent + inside);
                    }
                    match kind {
                        Token::LeftBracket | Token::LeftParenthesis => brackets += 1,
                        Token::RightBracket | Token::RightParenthesis => brackets = brackets.saturating_sub(1),
                        _ => {}
                    }
                    written += 1;
                    if let Some(block) = blocks.next_if(|block| block.open == at)
                        && !self.fits_one_line(block)
                    {
                        self.token(at, previous);
                        ends_in_block = true;
                        self.block(block, indent, inner, groups.of_blocks);
                        previous = (Token::LeftBrace, Token::RightBrace);
                        at = block.end;
                        continue;
                    }
                    self.token(at, previous);
                    previous = (previous.1, kind);
                }
            }
            at += 1;
        }
        if let Some(line) = self.lines.get_mut(first_line) {
            line.stops = stops::stops(context, &line.marks, ends_in_block);
        }
        self.clause = outer;
        self.trivia(clause.core.end..clause.range.end, indent);
    }

    /// A block of several lines, from behind its `{` to its `}`. `family` is shared with the blocks beside it.
    fn block(&mut self, block: &Block, indent: usize, context: Context, family: Option<usize>) {
        self.groups += 2;
        let groups = Groups { of_clauses: family.filter(|_| stops::shared(context)), of_blocks: Some(self.groups - 1) };
        for clause in &block.clauses {
            self.clause(clause, indent + STEP, context, groups);
        }
        self.trivia(block.rest.clone(), indent + STEP);
        // No empty line before the `}`.
        self.line_ends = 0;
        self.groups += 1;
        self.start_line(indent);
        self.push(block.end.saturating_sub(1), false);
    }

    /// Appends a token to the current line.
    fn token(&mut self, index: u32, (earlier, left): (Token, Token)) {
        let starts = self.lines.last().is_none_or(Line::is_empty);
        let right = self.tokens.kind(index);
        let between = Between { earlier, left, right, leaned_right: self.leaned_right(index), clause: self.clause };
        self.push(index, !starts && spacing::blank(between));
    }

    fn push(&mut self, index: u32, blank: bool) {
        let kind = self.tokens.kind(index);
        let text = self.token_text(index);
        if matches!(kind, Token::RightBracket | Token::RightParenthesis | Token::RightBrace) {
            self.depth = self.depth.saturating_sub(1);
        }
        let depth = self.depth;
        if let Some(line) = self.lines.last_mut() {
            if blank {
                line.text.push(' ');
            }
            line.marks.push(Mark { kind, at: line.text.len(), depth });
            line.text.push_str(text);
        }
        if matches!(kind, Token::LeftBracket | Token::LeftParenthesis | Token::LeftBrace) {
            self.depth += 1;
        }
        self.open = true;
        self.line_ends = 0;
    }

    /// Whether a token stands tight behind one that has a blank before it.
    fn leaned_right(&self, index: u32) -> bool {
        let before = |index: u32| index.checked_sub(1).map_or(Token::LineEnd, |before| self.tokens.kind(before));
        let tight = !before(index).is_trivia();
        tight && index.checked_sub(1).is_some_and(|left| before(left).is_trivia())
    }

    /// Whether a block is written on one line, and may stay so.
    fn fits_one_line(&self, block: &Block) -> bool {
        let range = block.open..block.end;
        let whole =
            range.clone().all(|index| !matches!(self.tokens.kind(index), Token::LineEnd | Token::Comment | Token::Doc));
        whole
            && block.clauses.len() <= 1
            && !self.text.get(self.tokens.spans(&range).range()).unwrap_or_default().contains('\n')
    }

    /// What stands in the blocks of a clause.
    fn inner_context(&self, clause: &Clause, context: Context) -> Context {
        let mut words = clause.core.clone().filter(|index| !self.tokens.kind(*index).is_trivia());
        let mut next = || words.next().map_or(Token::LineEnd, |index| self.tokens.kind(index));
        let (first, second) = (next(), next());
        let form = if context == Context::File { declaration(first) } else { form(context, first, second) };
        match form.map(|form| form.block) {
            // A refinement holds what its kind holds.
            Some(BlockUse::Required(Context::File)) => match declaration(second).map(|form| form.block) {
                Some(BlockUse::Required(inner) | BlockUse::Optional(inner)) => inner,
                _ => Context::File,
            },
            Some(BlockUse::Required(inner) | BlockUse::Optional(inner) | BlockUse::Inside(inner)) => inner,
            _ => Context::File,
        }
    }

    fn token_text(&self, index: u32) -> &'a str {
        self.text.get(self.tokens.span(index).range()).unwrap_or_default()
    }
}

/// How much deeper than its clause a further line stands.
const fn continuation(brackets: usize, written: usize) -> usize {
    match (brackets, written) {
        (0, 0) => 0,
        (0, _) => STEP,
        _ => brackets * STEP,
    }
}
