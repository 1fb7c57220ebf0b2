//! `template NAME { subject "…" body """…""" }`: the texts of messages, and the placeholders in them.

use smol_str::SmolStr;

use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{Name, Path, Template, TemplatePart, TemplatePartKind, TemplatePiece, Text};
use crate::{PlaceholderError, Span, SyntaxErrorKind};

use super::literals;
use super::node::Node;
use super::reader::{self, Reader};

impl Reader<'_> {
    /// The declaration.
    pub(super) fn template(&mut self, clause: &Clause, form: Form) -> Option<Template> {
        let name = self.read(clause, form, |_, node| Some(node.child(Rule::name)?.name()))?;
        let parts = Self::inner(clause).iter().filter_map(|clause| self.template_part(clause)).collect();
        Some(Template { name, parts })
    }

    /// One part of a template, or of a refinement of one.
    pub(super) fn template_part(&mut self, clause: &Clause) -> Option<TemplatePart> {
        let form = self.form(clause, Context::Template)?;
        self.read(clause, form, |_, node| {
            let text = node.child(Rule::text)?;
            let kind = if node.has(Rule::SUBJECT) { TemplatePartKind::Subject } else { TemplatePartKind::Body };
            Some(TemplatePart { kind, pieces: pieces(&text)?, text: text.quoted(), span: node.span() })
        })
    }
}

/// What a text consists of; none where a placeholder is broken, which has been said.
fn pieces(text: &Node<'_>) -> Option<Vec<TemplatePiece>> {
    let written = text.text();
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut sound = true;
    for (number, range) in literals::lines(written).into_iter().enumerate() {
        if number > 0 {
            literal.push('\n');
        }
        let start = text.span().start + length(range.start);
        let mut rest = Cut { text: written.get(range).unwrap_or_default(), start };
        while let Some(character) = rest.pop() {
            match character {
                '\\' => literal.push(match rest.pop() {
                    Some('n') => '\n',
                    Some(escaped) => escaped,
                    None => '\\',
                }),
                '{' => match placeholder(&mut rest) {
                    Ok(placeholder) => {
                        if !literal.is_empty() {
                            pieces.push(TemplatePiece::Literal(SmolStr::from(std::mem::take(&mut literal))));
                        }
                        pieces.push(placeholder);
                    }
                    Err((reason, span)) => {
                        text.problem_at(SyntaxErrorKind::BadPlaceholder { reason }, span);
                        sound = false;
                    }
                },
                character => literal.push(character),
            }
        }
    }
    if !literal.is_empty() {
        pieces.push(TemplatePiece::Literal(SmolStr::from(literal)));
    }
    sound.then_some(pieces)
}

/// A piece of the file with the byte that it starts at.
#[derive(Clone, Copy)]
struct Cut<'t> {
    text: &'t str,
    start: u32,
}

impl Cut<'_> {
    /// Its first character, cut off.
    fn pop(&mut self) -> Option<char> {
        let character = self.text.chars().next()?;
        *self = self.split(character.len_utf8()).1;
        Some(character)
    }

    fn split(self, at: usize) -> (Self, Self) {
        let (left, right) = self.text.split_at_checked(at).unwrap_or((self.text, ""));
        (Self { text: left, start: self.start }, Self { text: right, start: self.start + length(left.len()) })
    }

    fn trimmed(self) -> Self {
        let blanks = self.text.len() - self.text.trim_start().len();
        let Self { text, start } = self.split(blanks).1;
        Self { text: text.trim_end(), start }
    }

    fn span(self) -> Span {
        Span::new(self.start, self.start + length(self.text.len()))
    }
}

/// A placeholder from behind its `{` on, cut off up to and with its `}`.
fn placeholder(rest: &mut Cut<'_>) -> Result<TemplatePiece, (PlaceholderError, Span)> {
    let open = rest.start - 1;
    let Some(close) = close(rest.text) else {
        return Err((PlaceholderError::Unclosed, Span::new(open, rest.start)));
    };
    let (inner, behind) = rest.split(close);
    *rest = behind.split(1).1;
    let span = Span::new(open, rest.start);
    let inner = inner.trimmed();
    if inner.text.is_empty() {
        return Err((PlaceholderError::Empty, span));
    }
    let words =
        inner.text.find(|character: char| !(character.is_ascii_alphanumeric() || matches!(character, '_' | '.')));
    let (path, behind) = inner.split(words.unwrap_or(inner.text.len()));
    let behind = behind.trimmed();
    let fallback = behind.text.strip_prefix("else").filter(|fallback| !fallback.starts_with(char::is_alphanumeric));
    let fallback = fallback.map(|fallback| behind.split(behind.text.len() - fallback.len()).1.trimmed());
    let Some(path) = dotted(path).filter(|_| behind.text.is_empty() || fallback.is_some()) else {
        return Err((PlaceholderError::NotAPath { found: reader::shortened(inner.text) }, inner.span()));
    };
    let otherwise = match fallback {
        Some(fallback) => Some(quoted(fallback).ok_or_else(|| {
            let found = reader::shortened(fallback.text);
            (PlaceholderError::NotAText { found }, if fallback.text.is_empty() { span } else { fallback.span() })
        })?),
        None => None,
    };
    Ok(TemplatePiece::Placeholder { path, otherwise, span })
}

/// Where the `}` is that closes a placeholder: outside quotes, and before another `{`.
fn close(text: &str) -> Option<usize> {
    let mut quoted = false;
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '"' => quoted = !quoted,
            '}' if !quoted => return Some(at),
            '{' if !quoted => return None,
            _ => {}
        }
    }
    None
}

/// Words joined by dots.
fn dotted(written: Cut<'_>) -> Option<Path> {
    let mut parts = Vec::new();
    let mut start = written.start;
    for word in written.text.split('.') {
        if !word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
            return None;
        }
        let end = start + length(word.len());
        parts.push(Name { text: word.into(), span: Span::new(start, end) });
        start = end + 1;
    }
    Some(Path { parts, span: written.span() })
}

/// One text in quotes, and nothing else.
fn quoted(written: Cut<'_>) -> Option<Text> {
    let inner = written.text.strip_prefix('"')?.strip_suffix('"')?;
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                characters.next()?;
            }
            '"' => return None,
            _ => {}
        }
    }
    Some(Text { value: literals::text(written.text), span: written.span() })
}

/// A length in bytes: a text of a file is shorter than four gigabytes.
fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
