//! What numbers, dates, times and texts say, from how they are written.

use std::ops::Range;

use smol_str::SmolStr;

use crate::syntax::{CalendarDate, ClockTime};
use crate::{Fixed, NumberError, Span, SyntaxError, SyntaxErrorKind, Token, Tokens};

/// Reports the tokens of a range that cannot be held or are no tokens, wherever they stand.
pub(crate) fn check(text: &str, tokens: &Tokens, range: &std::ops::Range<u32>, errors: &mut Vec<SyntaxError>) {
    let kinds = tokens.kinds().get(range.start as usize..range.end as usize).unwrap_or_default();
    for (index, kind) in (range.start..).zip(kinds) {
        let span = tokens.span(index);
        let written = || text.get(span.range()).unwrap_or_default();
        let wrong = match kind {
            Token::Number | Token::Percent => {
                let written = written();
                let plain = written.len() <= 9 && written.bytes().all(|byte| byte.is_ascii_digit());
                if plain { None } else { number(written).err().map(|reason| SyntaxErrorKind::BadNumber { reason }) }
            }
            Token::Text | Token::LongText => {
                if let Some(first) = memchr::memchr(b'\\', written().as_bytes()) {
                    check_escapes(written(), first, span, errors);
                }
                None
            }
            Token::UnclosedText => Some(SyntaxErrorKind::UnclosedText { long: false }),
            Token::UnclosedLongText => {
                // Only its quotes are pointed at: it may go on for pages.
                let opener = Span::new(span.start, span.start + 3);
                errors.push(SyntaxError { kind: SyntaxErrorKind::UnclosedText { long: true }, span: opener });
                None
            }
            Token::Unknown => written().chars().next().map(unknown),
            _ => None,
        };
        if let Some(kind) = wrong {
            errors.push(SyntaxError { kind, span });
        }
    }
}

/// The character, with what people mean by it.
fn unknown(character: char) -> SyntaxErrorKind {
    let meant = match character {
        '“' | '”' | '„' | '«' | '»' | '‟' | '\'' | '‘' | '’' | '`' => Some("\""),
        '–' | '—' | '−' | '‐' | '‑' => Some("-"),
        '≤' => Some("<="),
        '≥' => Some(">="),
        '≠' => Some("is not"),
        '×' => Some("*"),
        '÷' => Some("/"),
        '&' => Some("and"),
        '#' => Some("//"),
        ';' => Some(","),
        '!' => Some("not"),
        '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{200b}' => Some(" "),
        _ => None,
    };
    SyntaxErrorKind::UnknownCharacter { character, meant }
}

/// Reports every escape that texts do not know.
fn check_escapes(written: &str, first: usize, span: Span, errors: &mut Vec<SyntaxError>) {
    let mut characters = written.char_indices().skip_while(|(at, _)| *at < first);
    while let Some((at, character)) = characters.next() {
        if character != '\\' {
            continue;
        }
        if let Some((_, escape)) = characters.next()
            && !matches!(escape, '"' | '\\' | 'n' | '{')
        {
            let start = span.start + u32::try_from(at).unwrap_or_default();
            let end = start + 1 + u32::try_from(escape.len_utf8()).unwrap_or(1);
            let kind = SyntaxErrorKind::UnknownEscape { escape };
            errors.push(SyntaxError { kind, span: Span::new(start, end) });
        }
    }
}

/// `12`, `0.5`, `50k`, `2M`, `1_000`, `25%`.
pub(super) fn number(written: &str) -> Result<Fixed, NumberError> {
    let written = written.strip_suffix('%').unwrap_or(written);
    let (digits, factor) = match written.as_bytes().last() {
        Some(b'k') => (written.strip_suffix('k'), 1_000),
        Some(b'M') => (written.strip_suffix('M'), 1_000_000),
        _ => (None, 1),
    };
    let digits = digits.unwrap_or(written);
    let value: Fixed = if digits.contains('_') {
        // A separator stands between digits.
        if digits.ends_with('_') || digits.contains("__") || digits.contains("_.") || digits.contains("._") {
            return Err(NumberError::NotANumber);
        }
        digits.replace('_', "").parse()?
    } else {
        digits.parse()?
    };
    value.0.checked_mul(factor).map(Fixed).ok_or(NumberError::TooLarge)
}

/// `2026-03-01`: the lexer has seen to the form.
pub(super) fn date(written: &str, span: Span) -> CalendarDate {
    let mut parts = written.split('-').map(|part| part.parse::<u16>().unwrap_or_default());
    let mut next = || parts.next().unwrap_or_default();
    CalendarDate {
        year: i16::try_from(next()).unwrap_or(i16::MAX),
        month: u8::try_from(next()).unwrap_or(u8::MAX),
        day: u8::try_from(next()).unwrap_or(u8::MAX),
        span,
    }
}

/// `08:30`: the lexer has seen to the form.
pub(super) fn time(written: &str, span: Span) -> ClockTime {
    let (hour, minute) = written.split_once(':').unwrap_or_default();
    ClockTime { hour: hour.parse().unwrap_or(u8::MAX), minute: minute.parse().unwrap_or(u8::MAX), span }
}

/// What a text says: without its quotes, escapes resolved; of a long one, without the indentation of its lines.
pub(super) fn text(written: &str) -> SmolStr {
    let lines = lines(written);
    match lines.as_slice() {
        [line] => unescaped(written.get(line.clone()).unwrap_or_default()),
        lines => {
            let lines: Vec<&str> = lines.iter().map(|line| written.get(line.clone()).unwrap_or_default()).collect();
            unescaped(&lines.join("\n"))
        }
    }
}

fn unescaped(written: &str) -> SmolStr {
    if !written.contains('\\') {
        return written.into();
    }
    let mut value = String::with_capacity(written.len());
    let mut characters = written.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n') => value.push('\n'),
                Some(escaped) => value.push(escaped),
                None => value.push('\\'),
            },
            _ => value.push(character),
        }
    }
    value.into()
}

/// Where the lines of a written text are: of one over several lines without the line of its closing quotes, and less the
/// blanks that all of them begin with.
pub(super) fn lines(written: &str) -> Vec<Range<usize>> {
    let long = written.strip_prefix("\"\"\"").and_then(|rest| rest.strip_suffix("\"\"\""));
    let one = |start: usize, line: &str| {
        let range = start..start + line.len();
        vec![range]
    };
    let Some(long) = long else {
        let short = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        return short.map_or_else(|| one(0, written), |short| one(1, short));
    };
    let Some((first, rest)) = long.split_once('\n') else { return one(3, long) };
    let mut at = 3 + first.len() + 1;
    let mut lines: Vec<(usize, &str)> = Vec::new();
    for line in rest.split('\n') {
        lines.push((at, line.strip_suffix('\r').unwrap_or(line)));
        at += line.len() + 1;
    }
    if lines.last().is_some_and(|(_, last)| last.trim().is_empty()) {
        lines.pop();
    }
    let blanks = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let written_on = lines.iter().filter(|(_, line)| !line.trim().is_empty());
    let common = written_on.map(|(_, line)| blanks(line)).min().unwrap_or(0);
    let mut ranges = Vec::with_capacity(lines.len() + 1);
    if !first.trim().is_empty() {
        ranges.push(3..3 + first.len());
        if lines.is_empty() {
            ranges.push(at..at);
        }
    }
    ranges.extend(lines.iter().map(|(at, line)| at + common.min(blanks(line))..at + line.len()));
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (written, value) in
            [("50k", 50_000.0), ("2M", 2e6), ("1_000", 1000.0), ("0.5", 0.5), ("25%", 25.0), ("1.5k", 1500.0)]
        {
            assert_eq!(number(written), Ok(Fixed::from_f64(value).unwrap()), "{written}");
        }
        for written in ["1_", "1__0", "12abc", "5kk", "1_.5"] {
            assert_eq!(number(written), Err(NumberError::NotANumber), "{written}");
        }
        assert_eq!(number("99999999999M"), Err(NumberError::TooLarge));
        assert_eq!(number("0.1234567"), Err(NumberError::TooPrecise));
    }

    #[test]
    fn long_texts_lose_their_indentation() {
        assert_eq!(text("\"\"\"\n    Hi \\\"you\\\",\n\n      bye\n  \"\"\""), "Hi \"you\",\n\n  bye");
        assert_eq!(text("\"\"\"one line\"\"\""), "one line");
        assert_eq!(text("\"a\\nb\\\\\""), "a\nb\\");
    }
}
