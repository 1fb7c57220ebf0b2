//! Where the lines of a text begin, and places in it as an editor names them. Any place that an editor may name is in the text
//! or is taken for the nearest that is.

use language::Span;
use tower_lsp::ls_types::{Position, Range};

use super::Encoding;

/// The starts of lines. A line ends with `\n`, `\r\n` or `\r`, as the protocol has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    pub(crate) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
        // The `\r` of a `\r\n` ends nothing by itself.
        let ends = ends.filter(|at| !(bytes.get(*at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n')));
        Self { starts: std::iter::once(0).chain(ends.map(|at| small(at + 1))).collect() }
    }

    /// The line of a byte, from 0.
    pub(crate) fn line(&self, byte: u32) -> usize {
        self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// How many lines there are; one in an empty text.
    pub(crate) fn count(&self) -> usize {
        self.starts.len()
    }

    /// The first byte of a line; the text's end behind the last.
    pub(crate) fn start(&self, text: &str, line: usize) -> u32 {
        self.starts.get(line).copied().unwrap_or(small(text.len()))
    }

    /// A line without its end.
    pub(crate) fn text<'t>(&self, text: &'t str, line: usize) -> &'t str {
        let range = self.start(text, line) as usize..self.start(text, line + 1) as usize;
        text.get(range).unwrap_or_default().trim_end_matches(['\n', '\r'])
    }

    /// The place of a byte.
    pub(crate) fn position(&self, text: &str, byte: u32, encoding: Encoding) -> Position {
        let line = self.line(byte);
        let start = self.start(text, line) as usize;
        // A place within a line end stands at the end of its line.
        let end = start + self.text(text, line).len();
        let before = text.get(start..(byte as usize).min(end)).unwrap_or_default();
        Position::new(small(line), small(encoding.length(before)))
    }

    /// The byte of a place.
    pub(crate) fn byte(&self, text: &str, position: Position, encoding: Encoding) -> u32 {
        let line = position.line as usize;
        if line >= self.count() {
            return small(text.len());
        }
        let start = self.start(text, line);
        start + small(encoding.byte(self.text(text, line), position.character as usize))
    }

    /// The range of a span.
    pub(crate) fn range(&self, text: &str, span: Span, encoding: Encoding) -> Range {
        Range::new(self.position(text, span.start, encoding), self.position(text, span.end, encoding))
    }

    /// The span of a range; of one that is written backwards, the same.
    pub(crate) fn span(&self, text: &str, range: Range, encoding: Encoding) -> Span {
        let (start, end) = (self.byte(text, range.start, encoding), self.byte(text, range.end, encoding));
        Span::new(start.min(end), start.max(end))
    }
}

/// A length of a text; an editor's texts are smaller than four gigabytes, and what is not is cut there.
fn small(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn places_in_every_unit() {
        let text = "a\u{1f600}é\r\nb\rc\n";
        let lines = Lines::of(text);
        assert_eq!(lines.count(), 4);
        let at = |line, character, encoding| lines.byte(text, Position::new(line, character), encoding);
        assert_eq!([at(0, 3, Encoding::Utf16), at(0, 2, Encoding::Utf32), at(0, 5, Encoding::Utf8)], [5, 5, 5]);
        // Into a character, beyond the line, beyond the text.
        assert_eq!([at(0, 2, Encoding::Utf16), at(0, 99, Encoding::Utf16), at(99, 0, Encoding::Utf16)], [1, 7, 13]);
        assert_eq!(lines.position(text, 5, Encoding::Utf16), Position::new(0, 3));
        assert_eq!(lines.text(text, 1), "b");
    }

    proptest! {
        #[test]
        fn there_and_back(text in "[ab\u{e9}\u{1f600}\r\n]{0,20}", byte in 0usize..40, line in 0u32..9, character in 0u32..30) {
            let lines = Lines::of(&text);
            for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                let named = lines.byte(&text, Position::new(line, character), encoding) as usize;
                prop_assert!(named <= text.len() && text.is_char_boundary(named));
                let within_an_end = byte > 0 && text.as_bytes().get(byte - 1) == Some(&b'\r') && text.as_bytes().get(byte) == Some(&b'\n');
                if byte <= text.len() && text.is_char_boundary(byte) && !within_an_end {
                    let position = lines.position(&text, byte as u32, encoding);
                    prop_assert_eq!(lines.byte(&text, position, encoding) as usize, byte);
                }
            }
        }
    }
}
