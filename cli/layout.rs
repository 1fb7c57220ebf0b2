//! Text laid out in columns of a terminal: padded, cut and wrapped by what it takes on the screen.

pub(crate) use foresight::figures::thousands;
pub(crate) use foresight::reports::words::count;
use unicode_width::UnicodeWidthStr as _;

use crate::terminal::Paint;

/// How many columns a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// Filled up with blanks on the right, or cut.
pub(crate) fn left(text: &str, columns: usize) -> String {
    let cut = cut(text, columns);
    let blanks = columns.saturating_sub(width(&cut));
    cut + &" ".repeat(blanks)
}

/// Filled up with blanks on the left; never cut, because it is a number.
pub(crate) fn right(text: &str, columns: usize) -> String {
    " ".repeat(columns.saturating_sub(width(text))) + text
}

/// As much as fits, with `…` where some is left out.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    for character in text.chars() {
        kept.push(character);
        if width(&kept) >= columns {
            kept.pop();
            break;
        }
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// Lines no wider than `columns`, broken at blanks. A word that is wider stands on a line of its own.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && width(&line) + 1 + width(word) > columns {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// A paragraph: the first line begins with `first`, the others are indented as deep.
pub(crate) fn paragraph(first: &str, text: &str, columns: usize) -> String {
    let indent = width(first);
    let lines = wrap(text, columns.saturating_sub(indent).max(20));
    format!("{first}{}\n", lines.join(&format!("\n{}", " ".repeat(indent))))
}

/// Commands to type next, each with what it does, in two columns below the word `next`.
pub(crate) fn next(commands: &[(String, &str)], paint: Paint) -> String {
    let widest = commands.iter().map(|(command, _)| width(command)).max().unwrap_or(0);
    let line = |(command, what): &(String, &str)| format!("  {}   {}\n", left(command, widest), paint.dim(what));
    format!("next\n{}", commands.iter().map(line).collect::<String>())
}

/// Each of the lines dim, so that a reader who scrolls or cuts never sees half of a colour.
pub(crate) fn dimmed(paint: Paint, lines: &str) -> String {
    lines.lines().map(|line| format!("{}\n", paint.dim(line))).collect()
}

/// `a`, `a and b`, `a, b and c`
pub(crate) fn listed(words: &[String], and: &str) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [firsts @ .., last] => format!("{} {and} {last}", firsts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(width("株式"), 4);
        assert_eq!(left("株式", 6), "株式  ");
        assert_eq!(cut("株式会社", 5), "株式…");
    }

    #[test]
    fn cutting_leaves_no_blank_before_the_dots() {
        assert_eq!(cut("one two three", 5), "one…");
        assert_eq!(cut("one", 3), "one");
    }

    #[test]
    fn wrapping_keeps_words_whole() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("incomprehensibilities so", 5), ["incomprehensibilities", "so"]);
    }

    #[test]
    fn paragraphs_hang_under_their_first_word() {
        assert_eq!(
            paragraph("  ask  ", "how many employees the company has", 30),
            "  ask  how many employees the\n       company has\n"
        );
    }

    #[test]
    fn counts_are_words() {
        assert_eq!(count(0, "file", "files"), "no files");
        assert_eq!(count(1, "file", "files"), "1 file");
        assert_eq!(count(1_234_567, "row", "rows"), "1,234,567 rows");
    }

    #[test]
    fn lists_end_in_and() {
        assert_eq!(listed(&["a".into(), "b".into(), "c".into()], "and"), "a, b and c");
        assert_eq!(listed(&["a".into()], "or"), "a");
    }
}
