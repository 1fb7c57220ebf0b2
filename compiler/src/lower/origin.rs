//! Where things stand as a reader counts: lines from 1, and words as written, folded to one line.

use std::borrow::Cow;

use language::Span;

use crate::program::{FileId, Origin};

/// The first byte of every line of one file.
#[derive(Clone, Debug)]
pub(super) struct Lines(Vec<u32>);

impl Lines {
    #[expect(clippy::cast_possible_truncation, reason = "the parser refuses texts of 4 GiB")]
    pub(super) fn of(text: &str) -> Self {
        let starts = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1);
        Self(std::iter::once(0).chain(starts).collect())
    }

    #[expect(clippy::cast_possible_truncation, reason = "the parser refuses texts of 4 GiB")]
    fn line(&self, at: u32) -> u32 {
        self.0.partition_point(|start| *start <= at) as u32
    }

    pub(super) fn origin(&self, file: FileId, span: Span) -> Origin {
        Origin { file, line: self.line(span.start) }
    }
}

/// A piece of text on one line: blanks and comments between words become one blank, quoted texts stay as they are.
pub(super) fn folded(text: &str) -> Cow<'_, str> {
    if is_folded(text) { Cow::Borrowed(text) } else { Cow::Owned(fold(text)) }
}

/// Whether nothing is to be done: most pieces stand on one line, with single blanks. What is quoted may be taken for more than it is.
fn is_folded(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_single = |(one, next): (&u8, &u8)| !matches!((one, next), (b' ', b' ') | (b'/', b'/'));
    text.trim().len() == text.len()
        && bytes.iter().all(|byte| byte.is_ascii() && !byte.is_ascii_control())
        && bytes.iter().zip(bytes.iter().skip(1)).all(is_single)
}

fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut quoted = false;
    let mut blank = false;
    while let Some(character) = characters.next() {
        if !quoted && character == '/' && characters.peek() == Some(&'/') {
            while characters.next_if(|next| *next != '\n').is_some() {}
            blank = true;
            continue;
        }
        if character.is_whitespace() && (!quoted || character == '\n' || character == '\r') {
            blank = true;
            continue;
        }
        if std::mem::take(&mut blank) && !out.is_empty() {
            out.push(' ');
        }
        out.push(character);
        match character {
            '"' => quoted = !quoted,
            '\\' if quoted => out.extend(characters.next()),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_to_one_line() {
        assert_eq!(folded("a is\n    one of [x, // why\n  y]"), "a is one of [x, y]");
        assert_eq!(folded("path is \"/a  // b\"  and x"), "path is \"/a  // b\" and x");
        assert_eq!(folded(r#"path is "a \" // b""#), r#"path is "a \" // b""#);
        assert_eq!(folded("  a  "), "a");
    }

    #[test]
    fn lines_count_from_one() {
        let lines = Lines::of("a\nbc\n");
        let line = |at| lines.origin(FileId(0), Span::new(at, at)).line;
        assert_eq!([line(0), line(1), line(2), line(3), line(4), line(5)], [1, 1, 2, 2, 2, 3]);
    }
}
