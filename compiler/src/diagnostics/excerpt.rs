//! Texts as they may be drawn: without control characters, and with long lines cut round the places that matter.

use std::ops::Range;

use language::Span;

use super::lines::Lines;

/// A line longer than this, in bytes, is cut.
const LONG: usize = 320;

/// So many bytes are kept before and behind a place on a long line.
const KEPT: usize = 60;

/// Of a message, so many characters are shown.
const MESSAGE: usize = 2000;

/// A message without what a terminal would obey, and not endless.
pub(super) fn harmless(message: &str) -> String {
    let shown: String = message
        .chars()
        .take(MESSAGE)
        .map(|letter| if letter != '\n' && obeyed(letter) { '\u{fffd}' } else { letter })
        .collect();
    if shown.len() < message.len() && message.chars().nth(MESSAGE).is_some() { shown + "…" } else { shown }
}

/// Without the sequences that colour a terminal.
pub(super) fn uncoloured(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        plain.push_str(piece.split_once('m').map_or(piece, |(_, behind)| behind));
    }
    plain
}

/// The text with each character that a terminal would obey, or that ariadne takes for a line end, replaced by one of as many bytes.
pub(super) fn same_length(text: &str) -> String {
    if !text.chars().any(|letter| letter != '\n' && obeyed(letter)) {
        return text.to_owned();
    }
    let mut letters = text.chars().peekable();
    let mut safe = String::with_capacity(text.len());
    while let Some(letter) = letters.next() {
        let line_end = letter == '\n' || letter == '\r' && letters.peek() == Some(&'\n');
        if line_end || letter == '\t' || !obeyed(letter) {
            safe.push(letter);
        } else {
            safe.push(match letter.len_utf8() {
                1 => '?',
                2 => '·',
                3 => '\u{fffd}',
                _ => '\u{1f7e6}',
            });
        }
    }
    safe
}

/// Control characters, and those that turn the direction of writing about.
fn obeyed(letter: char) -> bool {
    let separates = matches!(letter, '\u{2028}' | '\u{2029}');
    let turns = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    letter.is_control() && letter != '\t' || separates || turns
}

/// A place that lies on one line: of a longer one its first line. An empty one behind the end of a line stands at that end.
#[expect(clippy::cast_possible_truncation, reason = "a file is smaller than four gigabytes")]
pub(super) fn on_one_line(text: &str, lines: &Lines, span: Span) -> Span {
    let start = span.start.min(text.len() as u32);
    if span.is_empty() || start as usize >= text.len() {
        // Nothing is there to be underlined: point behind the last thing that is, where only blanks lie between.
        let before = text.get(..start as usize).unwrap_or_default();
        let rest = text.get(start as usize..).unwrap_or_default();
        let at_end = rest.is_empty() || rest.starts_with(['\n', '\r']);
        let kept = if at_end { before.trim_end().len() as u32 } else { start };
        return Span::new(kept, kept);
    }
    let line = lines.span(text, lines.line(start));
    Span::new(start, span.end.min(line.end.max(start + 1)).min(text.len() as u32))
}

pub(super) fn has_long_line(text: &str, lines: &Lines, spans: &[Span]) -> bool {
    spans.iter().any(|span| {
        let line = lines.span(text, lines.line(span.start));
        (line.end - line.start) as usize > LONG
    })
}

/// A text in which only the lines that matter are left, the long ones cut; all keep their numbers.
pub(super) struct Excerpt {
    pub(super) text: String,
    /// By line, in order: its number, and its pieces.
    lines: Vec<(usize, Vec<Piece>)>,
}

/// A part of a line: where it stands in the file, and where it starts in the excerpt.
type Piece = (Range<usize>, usize);

impl Excerpt {
    /// The lines of these places.
    pub(super) fn of(text: &str, lines: &Lines, spans: &[Span]) -> Self {
        let mut numbers: Vec<usize> =
            spans.iter().map(|span| lines.line(on_one_line(text, lines, *span).start)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut excerpt = Self { text: String::new(), lines: Vec::new() };
        let mut reached = 0;
        for number in numbers {
            excerpt.text.extend(std::iter::repeat_n('\n', number.saturating_sub(reached)));
            reached = number;
            let line = lines.span(text, number).range();
            let mut pieces = Vec::new();
            for wanted in windows(text, lines, number, &line, spans) {
                if pieces.is_empty() && wanted.start > line.start {
                    excerpt.text.push('…');
                }
                pieces.push((wanted.clone(), excerpt.text.len()));
                excerpt.text.push_str(&same_length(text.get(wanted.clone()).unwrap_or_default()).replace('\r', " "));
                if wanted.end < line.end {
                    excerpt.text.push('…');
                }
            }
            excerpt.lines.push((number, pieces));
        }
        excerpt.text.push('\n');
        excerpt
    }

    /// Where a place of the file is in the excerpt; as much of it as is shown.
    pub(super) fn place(&self, lines: &Lines, span: Span) -> Range<usize> {
        let number = lines.line(span.start);
        let Span { start, end } = span;
        let pieces = self.lines.iter().find(|(known, _)| *known == number).map_or(&[][..], |(_, pieces)| pieces);
        for (from, at) in pieces {
            if from.contains(&(start as usize)) || from.end == start as usize {
                let length = (end as usize).min(from.end).saturating_sub(start as usize);
                let begin = at + (start as usize - from.start);
                return begin..begin + length;
            }
        }
        0..0
    }
}

/// The parts of a long line that are shown, in order, not overlapping; a line that is not long is shown whole.
fn windows(text: &str, lines: &Lines, number: usize, line: &Range<usize>, spans: &[Span]) -> Vec<Range<usize>> {
    if line.len() <= LONG {
        return vec![line.clone()];
    }
    let mut wanted: Vec<Range<usize>> = spans
        .iter()
        .map(|span| on_one_line(text, lines, *span).range())
        .filter(|span| lines.line(u32::try_from(span.start).unwrap_or(u32::MAX)) == number)
        .map(|span| {
            let end = span.end.min(span.start + 2 * KEPT);
            let (from, to) = (span.start.saturating_sub(KEPT).max(line.start), (end + KEPT).min(line.end));
            boundary_before(text, from)..boundary_behind(text, to)
        })
        .collect();
    wanted.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in wanted {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

fn boundary_before(text: &str, mut at: usize) -> usize {
    while at > 0 && !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn boundary_behind(text: &str, mut at: usize) -> usize {
    while at < text.len() && !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacements_keep_every_offset() {
        let text = "a\u{1b}[31m é \u{2028} \u{202e} \r\n \u{85} b\r c\t";
        let safe = same_length(text);
        assert_eq!(safe.len(), text.len());
        assert_eq!(safe.matches("\r\n").count(), 1);
        assert!(!safe.contains(['\u{1b}', '\u{2028}', '\u{202e}', '\u{85}']), "{safe:?}");
        for (at, _) in text.char_indices() {
            assert!(safe.is_char_boundary(at));
        }
    }

    #[test]
    fn a_long_line_is_cut_round_its_places() {
        let text = format!("x\n{}HERE{}é\n", "a".repeat(5000), "é".repeat(5000));
        let lines = Lines::of(&text);
        let here = Span::new(5002, 5006);
        assert!(has_long_line(&text, &lines, &[here]));
        let excerpt = Excerpt::of(&text, &lines, &[here]);
        assert!(excerpt.text.len() < 600, "{}", excerpt.text.len());
        assert_eq!(excerpt.text.get(excerpt.place(&lines, here)), Some("HERE"));
        assert_eq!(excerpt.text.lines().next(), Some(""));
    }

    #[test]
    fn places_are_brought_to_one_line() {
        let text = "ab {\n  cd\n}\n\n";
        let lines = Lines::of(text);
        assert_eq!(on_one_line(text, &lines, Span::new(0, 11)), Span::new(0, 4));
        assert_eq!(on_one_line(text, &lines, Span::new(13, 13)), Span::new(11, 11));
        assert_eq!(on_one_line(text, &lines, Span::new(99, 120)), Span::new(11, 11));
    }
}
