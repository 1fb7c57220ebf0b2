//! What nobody sees in a text and a terminal obeys: control characters, signs that turn the direction of writing, characters without a
//! width. Whatever comes in from outside is cleaned of them, so that a reader sees what a letter will say. Pure; it knows no field.

use std::borrow::Cow;

/// A value of one line: what nobody sees is taken out, line breaks and tabs become one blank. Borrowed where nothing was to be done.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    if is_clean(text, |_, _| false) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    each(text, |before, letter, after| {
        if is_break(letter) {
            if !cleaned.ends_with(' ') {
                cleaned.push(' ');
            }
        } else if !(is_hidden_between(before, letter, after) || letter == ' ' && before.is_some_and(is_break)) {
            cleaned.push(letter);
        }
    });
    Cow::Owned(cleaned.trim().to_owned())
}

/// A text of several lines: as [`line()`], but line breaks and tabs stay.
#[must_use]
pub fn lines(text: &str) -> Cow<'_, str> {
    let stays = |letter: char, after: Option<char>| {
        matches!(letter, '\n' | '\t') || (letter == '\r' && after.is_some_and(|after| after == '\n'))
    };
    if is_clean(text, stays) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    each(text, |before, letter, after| {
        if stays(letter, after) {
            cleaned.push(letter);
        } else if is_break(letter) {
            cleaned.push('\n');
        } else if !is_hidden_between(before, letter, after) {
            cleaned.push(letter);
        }
    });
    Cow::Owned(cleaned)
}

/// Whether a character takes no room of its own on a screen, or moves others about. The two joiners are none of these: some scripts
/// and many emoji are not written without them.
#[must_use]
pub const fn is_hidden(letter: char) -> bool {
    letter.is_ascii_control()
        || matches!(
            letter,
            '\u{80}'..='\u{9f}'
                | '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Between letters of scripts that join, a joiner is a part of the word; elsewhere it only hides there.
fn is_hidden_between(before: Option<char>, letter: char, after: Option<char>) -> bool {
    if matches!(letter, '\u{200c}' | '\u{200d}') {
        let joins = |other: Option<char>| other.is_some_and(|other| !other.is_ascii() && !is_hidden(other));
        return !joins(before) || !joins(after);
    }
    is_hidden(letter)
}

const fn is_break(letter: char) -> bool {
    matches!(letter, '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_clean(text: &str, stays: impl Fn(char, Option<char>) -> bool) -> bool {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return true;
    }
    let mut clean = true;
    each(text, |before, letter, after| clean &= stays(letter, after) || !is_hidden_between(before, letter, after));
    clean
}

/// Each character with its neighbours.
fn each(text: &str, mut look: impl FnMut(Option<char>, char, Option<char>)) {
    let mut letters = text.chars().peekable();
    let mut before = None;
    while let Some(letter) = letters.next() {
        look(before, letter, letters.peek().copied());
        before = Some(letter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_taken_out() {
        assert_eq!(line("Nina\u{1b}[8m SECRET\u{1b}[0m"), "Nina[8m SECRET[0m");
        assert_eq!(line("a\u{202e}b\u{2066}c\u{200f}d\u{9b}e\u{7f}f\u{200b}g\u{feff}h"), "abcdefgh");
        assert_eq!(line("one\r\n two\tthree \n"), "one two three");
        assert_eq!(lines("one\r\ntwo\tthree\u{1b}[2J\rfour\u{202e}"), "one\r\ntwo\tthree[2J\nfour");
    }

    #[test]
    fn joiners_stay_where_scripts_and_emoji_need_them() {
        for kept in ["می‌خواهم", "👩‍🚀", "Zoë", "株式会社"] {
            assert!(matches!(line(kept), Cow::Borrowed(same) if same == kept), "{kept}");
        }
        assert_eq!(line("an\u{200d}a"), "ana");
    }

    proptest::proptest! {
        #[test]
        fn nothing_hidden_is_left_and_cleaning_twice_is_cleaning_once(text in "\\PC{0,10}[\\x00-\\xa0\\u{200b}-\\u{2070}a ]{0,20}") {
            let cleaned = line(&text).into_owned();
            proptest::prop_assert!(!cleaned.chars().any(is_hidden), "{:?}", cleaned);
            proptest::prop_assert!(!lines(&text).chars().any(|letter| is_hidden(letter) && !matches!(letter, '\n' | '\t' | '\r')));
        }
    }
}
