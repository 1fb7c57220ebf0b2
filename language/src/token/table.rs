//! The tokens of one text and where they stand. Together they tile it byte for byte.

use logos::Logos;

use super::Token;
use crate::Span;

/// The tokens of one text, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    kinds: Vec<Token>,
    /// One more than there are kinds: the last is the text's length.
    starts: Vec<u32>,
    /// The bytes that begin a line, for columns.
    lines: Vec<u32>,
}

impl Tokens {
    /// Lexes a text of less than four gigabytes.
    #[expect(clippy::cast_possible_truncation, reason = "the caller refuses larger texts")]
    pub(crate) fn of(text: &str) -> Self {
        let mut kinds = Vec::with_capacity(text.len() / 3);
        let mut starts = Vec::with_capacity(text.len() / 3);
        let mut lines = vec![0];
        let mut lexer = Token::lexer(text);
        while let Some(token) = lexer.next() {
            let kind = token.unwrap_or(Token::Unknown);
            let span = lexer.span();
            if kind == Token::LineEnd {
                lines.push(span.end as u32);
            }
            // A run of unknown characters is one mistake.
            if kind != Token::Unknown || kinds.last() != Some(&Token::Unknown) {
                kinds.push(kind);
                starts.push(span.start as u32);
            }
        }
        starts.push(text.len() as u32);
        Self { kinds, starts, lines }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.kinds.len()).unwrap_or(u32::MAX)
    }

    /// Whether the text is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// The kind of the one with that number; a line end behind the last.
    #[must_use]
    pub fn kind(&self, index: u32) -> Token {
        self.kinds.get(index as usize).copied().unwrap_or(Token::LineEnd)
    }

    /// The byte at which it starts; the text's length behind the last.
    #[must_use]
    pub fn start(&self, index: u32) -> u32 {
        self.starts.get(index as usize).or(self.starts.last()).copied().unwrap_or(0)
    }

    /// Where it stands.
    #[must_use]
    pub fn span(&self, index: u32) -> Span {
        Span::new(self.start(index), self.start(index.saturating_add(1)))
    }

    /// Where a range of tokens stands.
    #[must_use]
    pub fn spans(&self, range: &std::ops::Range<u32>) -> Span {
        Span::new(self.start(range.start), self.start(range.end))
    }

    /// The token that covers a byte; of the end of the text, the last one.
    #[must_use]
    pub fn at(&self, offset: u32) -> Option<u32> {
        let behind = self.starts.partition_point(|start| *start <= offset).min(self.kinds.len());
        behind.checked_sub(1).and_then(|index| u32::try_from(index).ok())
    }

    /// The first byte of the line that a byte is on. Line ends inside `"""` do not count.
    #[must_use]
    pub fn line_start(&self, offset: u32) -> u32 {
        let behind = self.lines.partition_point(|start| *start <= offset);
        behind.checked_sub(1).and_then(|line| self.lines.get(line)).copied().unwrap_or(0)
    }

    /// How far from the start of its line a token stands, in bytes.
    #[must_use]
    pub fn column(&self, index: u32) -> u32 {
        let start = self.start(index);
        start - self.line_start(start)
    }

    /// The next token from `index` on that is no trivia, before `end`.
    #[must_use]
    pub fn significant(&self, index: u32, end: u32) -> Option<u32> {
        (index..end).find(|at| !self.kind(*at).is_trivia())
    }

    /// All kinds, in order.
    #[must_use]
    pub fn kinds(&self) -> &[Token] {
        &self.kinds
    }
}
