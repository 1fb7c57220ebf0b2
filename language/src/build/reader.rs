//! Reads one clause at a time: its tokens to pest, its errors into the list, its pairs to a builder.

use std::cell::RefCell;

use crate::grammar::{self, BlockUse, Context, Expectation, Form, Refusal, form, nearest};
use crate::structure::{Block, Clause};
use crate::{Span, SyntaxError, SyntaxErrorKind, Token, Tokens};

use super::node::{Node, Scope};

/// The text being read, and what was wrong with it so far.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a Tokens,
    pub(super) errors: Vec<SyntaxError>,
    /// Buffers to use again: a clause with blocks in it keeps its own while those are read.
    spare: Vec<Input>,
}

/// A clause as pest sees it.
#[derive(Default)]
struct Input {
    /// One character a token.
    codes: String,
    /// The number of the token behind each character.
    indices: Vec<u32>,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(text: &'a str, tokens: &'a Tokens) -> Self {
        Self { text, tokens, errors: Vec::new(), spare: Vec::new() }
    }

    /// Reads a header or clause by its form and builds from its pairs; none where it is broken, which has been said.
    pub(super) fn read<T>(
        &mut self,
        clause: &Clause,
        form: Form,
        build: impl FnOnce(&mut Self, Node<'_>) -> Option<T>,
    ) -> Option<T> {
        if clause.damaged {
            return None;
        }
        let own = match form.block {
            BlockUse::Inside(_) => None,
            _ => clause.last_block(),
        };
        let mut input = self.spare.pop().unwrap_or_default();
        self.fill(&mut input, clause, own);
        let problems = RefCell::new(Vec::new());
        let result = match grammar::run(form.rule, &input.codes) {
            Ok(mut pairs) => {
                let scope = Scope {
                    text: self.text,
                    tokens: self.tokens,
                    indices: &input.indices,
                    clause,
                    problems: &problems,
                };
                let built = pairs.next().and_then(|pair| build(self, Node::new(pair, &scope)));
                self.check_block(clause, form, own).then_some(built).flatten()
            }
            Err(refusal) => {
                self.refuse(clause, form, own, &input, refusal);
                None
            }
        };
        self.spare.push(input);
        self.errors.append(&mut problems.into_inner());
        result
    }

    /// The clause's tokens without blanks and comments, without its own block, and each other block as one.
    fn fill(&self, input: &mut Input, clause: &Clause, own: Option<&Block>) {
        input.codes.clear();
        input.indices.clear();
        let end = own.map_or(clause.core.end, |block| block.open);
        let mut blocks = clause.blocks.iter();
        let mut at = clause.core.start;
        while at < end {
            let kind = self.tokens.kind(at);
            let block = (kind == Token::LeftBrace).then(|| blocks.find(|block| block.open == at)).flatten();
            if let Some(block) = block {
                input.codes.push(Token::Block.code());
                input.indices.push(at);
                at = block.end.max(at + 1);
                continue;
            }
            if !kind.is_trivia() {
                input.codes.push(kind.code());
                input.indices.push(at);
            }
            at += 1;
        }
    }

    /// Whether the clause has a block just where it should.
    fn check_block(&mut self, clause: &Clause, form: Form, own: Option<&Block>) -> bool {
        let what = form.owner();
        match (form.block, own) {
            (BlockUse::Required(_), None) => {
                let end = self.tokens.span(clause.core.end.saturating_sub(1));
                self.error(SyntaxErrorKind::MissingBlock { what }, end);
                false
            }
            (BlockUse::None, Some(block)) => {
                self.error(SyntaxErrorKind::UnexpectedBlock { what }, self.tokens.span(block.open));
                false
            }
            _ => true,
        }
    }

    /// Says what stands where something else was expected.
    fn refuse(&mut self, clause: &Clause, form: Form, own: Option<&Block>, input: &Input, refusal: Refusal) {
        let (at, rules) = match refusal {
            Refusal::Unexpected { at, expected } => (at, expected),
            Refusal::TooInvolved => {
                self.error(SyntaxErrorKind::TooInvolved, self.tokens.spans(&clause.core));
                return;
            }
        };
        let header = matches!(form.block, BlockUse::Required(_));
        let expectation = Expectation::of(&rules, header);
        let index = input.indices.get(at).copied().or(own.map(|block| block.open));
        let (found, span) = match index {
            Some(index) => (Some(shortened(self.token_text(index))), self.tokens.span(index)),
            None => {
                let end = self.tokens.start(clause.core.end);
                (None, Span::new(end, end))
            }
        };
        if let Some(end) = index.and_then(|index| self.line_end_before(clause, index))
            && expectation.words.contains(&"`{`")
        {
            // The header ends with its line, and what goes on would stand in its block.
            self.error(SyntaxErrorKind::MissingBlock { what: form.owner() }, end);
            return;
        }
        let word = index.filter(|index| self.tokens.kind(*index).is_word());
        let meant = word.and_then(|index| {
            let keyword = self.tokens.kind(index).keyword().is_some();
            let meant = nearest(self.token_text(index), expectation.keywords.iter().copied())?;
            // A keyword spelled right is no misspelt `and` or `or`: `of` is not.
            (!keyword || !matches!(meant, "and" | "or")).then_some(meant)
        });
        let kind = SyntaxErrorKind::Unexpected { found, expected: expectation.words, reading: form.reading, meant };
        self.error(kind, span);
    }

    /// Where a token begins a line within the clause: the token that the line before ends with.
    fn line_end_before(&self, clause: &Clause, index: u32) -> Option<Span> {
        let last = (clause.core.start..index).rev().find(|index| !self.tokens.kind(*index).is_trivia())?;
        let begins = (last..index).any(|index| self.tokens.kind(index) == Token::LineEnd);
        begins.then(|| self.tokens.span(last))
    }

    /// The form of a clause in its context; says what could stand there where it has none.
    pub(super) fn form(&mut self, clause: &Clause, context: Context) -> Option<Form> {
        let first = clause.core.start;
        let kind = self.tokens.kind(first);
        let second = self.tokens.significant(first + 1, clause.core.end);
        let second = second.map_or(Token::LineEnd, |index| self.tokens.kind(index));
        let found = form(context, kind, second);
        let already_said = kind.is_damage() || (clause.damaged && !kind.is_word());
        if found.is_none() && !already_said {
            let text = self.token_text(first);
            let keywords = context.starts().iter().map(|word| word.trim_matches('`'));
            let meant = kind.is_word().then(|| nearest(text, keywords)).flatten();
            let kind = SyntaxErrorKind::Unexpected {
                found: Some(shortened(text)),
                expected: context.starts().to_vec(),
                reading: context.reading(),
                meant,
            };
            self.error(kind, self.tokens.span(first));
        }
        found
    }

    /// Reads a block for its errors only.
    pub(super) fn skim_block(&mut self, block: &Block, context: Context) {
        for clause in &block.clauses {
            self.skim_clause(clause, context);
        }
    }

    /// Reads a clause and what is in it for the errors only.
    pub(super) fn skim_clause(&mut self, clause: &Clause, context: Context) {
        if let Some(form) = self.form(clause, context) {
            self.read(clause, form, |_, _| Some(()));
            match form.block {
                BlockUse::Required(context) | BlockUse::Optional(context) | BlockUse::Inside(context) => {
                    for block in &clause.blocks {
                        self.skim_block(block, context);
                    }
                }
                BlockUse::None => {}
            }
        }
    }

    /// A `remove NAME` in a refinement.
    pub(super) fn is_remove(&self, clause: &Clause) -> bool {
        let second = self.tokens.significant(clause.core.start + 1, clause.core.end);
        self.tokens.kind(clause.core.start) == Token::Remove
            && second.is_some_and(|index| self.tokens.kind(index).is_word())
    }

    /// The form of a `remove NAME`.
    pub(super) const REMOVE: Form = grammar::REMOVE;

    pub(super) fn token_text(&self, index: u32) -> &'a str {
        self.text.get(self.tokens.span(index).range()).unwrap_or_default()
    }

    pub(super) fn error(&mut self, kind: SyntaxErrorKind, span: Span) {
        self.errors.push(SyntaxError { kind, span });
    }
}

/// A found token for a message: the first line of it, and not too much of that.
pub(super) fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}
