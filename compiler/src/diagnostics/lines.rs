//! Lines and columns of a text: what people count, from spans, which are bytes.

use language::Span;

/// Where each line of a text starts.
#[derive(Clone, Debug)]
pub struct Lines {
    starts: Vec<u32>,
}

/// A place as a reader counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
}

impl Lines {
    /// The lines of a text.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "a file is smaller than four gigabytes")]
    pub fn of(text: &str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1);
        Self { starts: std::iter::once(0).chain(ends).collect() }
    }

    /// The line of a byte, from 0.
    #[must_use]
    pub fn line(&self, offset: u32) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// Where a line starts; the last one's start beyond the end.
    #[must_use]
    pub fn start(&self, line: usize) -> u32 {
        self.starts.get(line).or(self.starts.last()).copied().unwrap_or(0)
    }

    /// The bytes of a line, its end not included.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "a file is smaller than four gigabytes")]
    pub fn span(&self, text: &str, line: usize) -> Span {
        let start = self.start(line);
        let end = self.starts.get(line + 1).copied().unwrap_or(text.len() as u32);
        let line = text.get(start as usize..end as usize).unwrap_or_default();
        Span::new(start, start + line.trim_end_matches(['\n', '\r']).len() as u32)
    }

    /// The place of a byte.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "a file is smaller than four gigabytes")]
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.line(offset);
        let before = text.get(self.start(line) as usize..offset as usize).unwrap_or_default();
        Position { line: line as u32 + 1, column: before.chars().count() as u32 + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_lines_and_characters() {
        let text = "aé\r\nb\n";
        let lines = Lines::of(text);
        assert_eq!(lines.position(text, 0), Position { line: 1, column: 1 });
        assert_eq!(lines.position(text, 3), Position { line: 1, column: 3 });
        assert_eq!(lines.position(text, 5), Position { line: 2, column: 1 });
        assert_eq!(lines.position(text, 7), Position { line: 3, column: 1 });
        assert_eq!(lines.span(text, 0), Span::new(0, 3));
        assert_eq!(lines.span(text, 2), Span::new(7, 7));
    }
}
