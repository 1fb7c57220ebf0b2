//! The tokens that a regular expression cannot tell well: comments and texts. What they mean is read in `build`.

use logos::Lexer;
use memchr::{memchr, memchr2};

use super::Token;

/// From `//` to the end of the line.
pub(super) fn comment(lexer: &mut Lexer<'_, Token>) -> Token {
    let rest = lexer.remainder().as_bytes();
    let length = memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    let doc = rest.first() == Some(&b'/') && rest.get(1) != Some(&b'/');
    lexer.bump(length);
    if doc { Token::Doc } else { Token::Comment }
}

/// From `"` to the next one on the line, over escapes and over `{name else "text"}`; else to the end of the line.
pub(super) fn text(lexer: &mut Lexer<'_, Token>) -> Token {
    let rest = lexer.remainder().as_bytes();
    let mut at = 0;
    let closed = loop {
        match rest.get(at) {
            Some(b'"') => break true,
            Some(b'\n' | b'\r') | None => break false,
            Some(b'\\') if !matches!(rest.get(at + 1), Some(b'\n' | b'\r') | None) => at += 2,
            Some(b'{') => at += 1 + rest.get(at + 1..).and_then(fallback).unwrap_or(0),
            Some(_) => at += 1,
        }
    };
    lexer.bump(at + usize::from(closed));
    if closed { Token::Text } else { Token::UnclosedText }
}

/// The length of `name else "text"}`, behind a `{`.
fn fallback(rest: &[u8]) -> Option<usize> {
    let words = rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b' ')))?;
    if rest.get(words) != Some(&b'"') || !rest.get(..words)?.trim_ascii_end().ends_with(b" else") {
        return None;
    }
    let text = rest.get(words + 1..)?;
    let quote = text.iter().position(|byte| matches!(byte, b'"' | b'\n' | b'\r'))?;
    let brace = text.get(quote + 1..)?.iter().position(|byte| *byte != b' ')?;
    (text.get(quote) == Some(&b'"') && text.get(quote + 1 + brace) == Some(&b'}'))
        .then_some(words + 1 + quote + 1 + brace + 1)
}

/// From `"""` to the next one; one that is never closed ends before the next declaration.
pub(super) fn long_text(lexer: &mut Lexer<'_, Token>) -> Token {
    let rest = lexer.remainder();
    let bytes = rest.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|tail| memchr2(b'"', b'\\', tail)) {
        at += found;
        if bytes.get(at) == Some(&b'\\') {
            at += 2;
        } else if bytes.get(at..at + 3) == Some(b"\"\"\"") {
            lexer.bump(at + 3);
            return Token::LongText;
        } else {
            at += 1;
        }
    }
    lexer.bump(next_declaration(rest));
    Token::UnclosedLongText
}

/// Where the next line begins that starts with a declaration's keyword; the length of the text where none does.
fn next_declaration(rest: &str) -> usize {
    let mut at = 0;
    while let Some(line_end) = rest.as_bytes().get(at..).and_then(|tail| memchr(b'\n', tail)) {
        at += line_end + 1;
        let line = rest.get(at..).unwrap_or_default();
        let length =
            line.bytes().position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'_')).unwrap_or(line.len());
        let word = line.get(..length).unwrap_or_default();
        let keyword = Token::ALL.iter().find(|token| token.keyword() == Some(word));
        let policy = word != "contact" || line.starts_with("contact policy");
        if keyword.is_some_and(|token| token.starts_declaration()) && policy {
            // The line end stays outside, so that the keyword stands in column 0.
            return at - 1;
        }
    }
    rest.len()
}
