//! What a fix would give: the edited text, and the one line of it that a message shows.

use super::lines::Lines;
use super::{Edit, FileId, Fix};

/// The text with those of the edits that concern the file, its lines ended as before; none where two of them overlap or one does not
/// fit.
#[must_use]
pub fn apply(text: &str, file: FileId, edits: &[Edit]) -> Option<String> {
    let mut edits: Vec<&Edit> = edits.iter().filter(|edit| edit.file == file).collect();
    edits.sort_by_key(|edit| edit.span);
    let mut mended = String::with_capacity(text.len());
    let mut reached = 0;
    for edit in edits {
        let range = edit.span.range();
        mended.push_str(text.get(reached..range.start)?);
        let as_here = language::with_line_ends_of(text, &edit.replacement);
        mended.push_str(as_here.as_ref().unwrap_or(&edit.replacement));
        reached = range.end;
    }
    mended.push_str(text.get(reached..)?);
    Some(mended)
}

/// Lines longer than this are not worth showing.
const LONG: usize = 320;

/// The line of the first edit as it would read, without the blanks in front; with what it adds below it, where it adds lines.
pub(super) fn line(text: &str, lines: &Lines, fix: &Fix) -> Option<String> {
    let first = fix.edits.first()?;
    let number = lines.line(first.span.start);
    let line = lines.span(text, number);
    let on_line = |edit: &&Edit| edit.file == first.file && edit.span.start >= line.start && edit.span.end <= line.end;
    let edits: Vec<Edit> = fix.edits.iter().filter(on_line).cloned().collect();
    let base = text.get(line.range())?;
    let shifted: Vec<Edit> = edits
        .into_iter()
        .map(|edit| Edit {
            span: language::Span::new(edit.span.start - line.start, edit.span.end - line.start),
            ..edit
        })
        .collect();
    let mended = apply(base, first.file, &shifted)?;
    let indent = mended.len() - mended.trim_start().len();
    let shown: Vec<&str> =
        mended.lines().map(|line| line.get(indent..).unwrap_or(line.trim_start()).trim_end()).collect();
    let shown = shown.join("\n");
    (!shown.is_empty() && shown.len() <= LONG).then_some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use language::Span;

    fn edit(start: u32, end: u32, replacement: &str) -> Edit {
        Edit { file: FileId(0), span: Span::new(start, end), replacement: replacement.to_owned() }
    }

    #[test]
    fn edits_are_applied_together_or_not_at_all() {
        assert_eq!(apply("abc", FileId(0), &[edit(2, 3, "z"), edit(0, 1, "xy")]).as_deref(), Some("xybz"));
        assert_eq!(apply("abc", FileId(0), &[edit(0, 2, "x"), edit(1, 3, "y")]), None);
        assert_eq!(apply("abc", FileId(0), &[edit(2, 9, "x")]), None);
        assert_eq!(apply("a\r\nb", FileId(0), &[edit(3, 3, "c\n")]).as_deref(), Some("a\r\nc\r\nb"));
    }

    #[test]
    fn the_line_is_shown_as_it_would_read() {
        let text = "a\n  +10 wen b\n";
        let fix = Fix { title: String::new(), safe: true, edits: vec![edit(8, 11, "when")] };
        assert_eq!(line(text, &Lines::of(text), &fix).as_deref(), Some("+10 when b"));
    }
}
