//! The tokens of one text and where they stand. Together they tile it byte for byte. After an edit only those around it are lexed.

use logos::Logos;

use super::Token;
use crate::Span;
use crate::edit::{Edit, Relexed};

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

    /// The tokens of a text after an edit, and which of them are others.
    ///
    /// What a token is depends on nothing that stands before it, and on nothing behind the line that it ends in: but for a text that is
    /// never closed, which ends wherever the next declaration begins. So lexing begins at the start of a line, and has come to the end
    /// where a line ends that is the same as before.
    pub(crate) fn again(mut self, text: &str, edit: &Edit) -> (Self, Relexed) {
        if self.kinds.contains(&Token::UnclosedLongText) {
            let tokens = Self::of(text);
            let relexed = Relexed { from: 0, to: tokens.len(), by: 0 };
            return (tokens, relexed);
        }
        let near = self.starts.partition_point(|start| *start < edit.same_start).saturating_sub(1);
        let line_end =
            self.kinds.get(..near).and_then(|before| before.iter().rposition(|kind| *kind == Token::LineEnd));
        let from = line_end.map_or(0, |line_end| line_end + 1);
        let begin = self.starts.get(from).copied().unwrap_or(0);
        let (mut kinds, mut starts, mut lines) = (Vec::new(), Vec::new(), Vec::new());
        let mut lexer = Token::lexer(text.get(begin as usize..).unwrap_or_default());
        let mut same = self.starts.partition_point(|start| *start < edit.before(edit.same_end));
        loop {
            let Some(token) = lexer.next() else {
                same = self.kinds.len();
                break;
            };
            let kind = token.unwrap_or(Token::Unknown);
            let span = lexer.span();
            let (start, end) = (begin + small(span.start), begin + small(span.end));
            if kind == Token::LineEnd {
                if start >= edit.same_end {
                    let was = edit.before(start);
                    let ahead = self.starts.get(same..).unwrap_or_default();
                    same += ahead.iter().take_while(|known| **known < was).count();
                    if self.starts.get(same) == Some(&was) && self.kinds.get(same) == Some(&Token::LineEnd) {
                        break;
                    }
                }
                lines.push(end);
            }
            if kind != Token::Unknown || kinds.last() != Some(&Token::Unknown) {
                kinds.push(kind);
                starts.push(start);
            }
        }
        let same_from = self.starts.get(same).copied().unwrap_or(0);
        let same_lines = self.lines.partition_point(|line| *line <= begin);
        let other_lines = self.lines.partition_point(|line| *line <= same_from);
        let to = from + kinds.len();
        let relexed = Relexed { from: small(from), to: small(to), by: difference(to, same) };
        let new_lines = lines.len();
        self.kinds.splice(from..same, kinds);
        self.starts.splice(from..same, starts);
        self.lines.splice(same_lines..other_lines.max(same_lines), lines);
        if edit.by != 0 {
            let behind = self.starts.get_mut(to..).into_iter().flatten();
            let lines = self.lines.get_mut(same_lines + new_lines..).into_iter().flatten();
            behind.chain(lines).for_each(|start| *start = start.saturating_add_signed(edit.by));
        }
        (self, relexed)
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

/// A place in a text; the caller refuses those of four gigabytes.
fn small(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn difference(now: usize, before: usize) -> i32 {
    i32::try_from(i64::from(small(now)) - i64::from(small(before))).unwrap_or(0)
}
