//! What is printed, without what a terminal would obey: everything on its way out passes here, whoever wrote it. Only our own colours get
//! through, and those only where there are any; a CRM that was filled before imports cleaned what they read is printed harmlessly, too.

use std::borrow::Cow;

use runtime::import::visible::is_hidden;

const ESCAPE: char = '\u{1b}';

/// A text as a terminal may have it; borrowed where it was harmless.
pub(crate) fn harmless(text: &str, coloured: bool) -> Cow<'_, str> {
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let colour = if coloured && letter == ESCAPE { colour(rest) } else { None };
        let taken = colour.map_or(letter.len_utf8(), str::len);
        let (first, behind) = rest.split_at_checked(taken).unwrap_or((rest, ""));
        if colour.is_some() || !is_obeyed(letter) {
            kept.push_str(first);
        }
        rest = behind;
    }
    Cow::Owned(kept)
}

/// JSON with such characters escaped, which says the same: they stand in its texts only.
pub(crate) fn escaped(json: &str) -> Cow<'_, str> {
    if !json.contains(is_obeyed) {
        return Cow::Borrowed(json);
    }
    let mut kept = String::with_capacity(json.len());
    for letter in json.chars() {
        if is_obeyed(letter) {
            let mut units = [0; 2];
            kept.extend(letter.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            kept.push(letter);
        }
    }
    Cow::Owned(kept)
}

fn is_obeyed(letter: char) -> bool {
    is_hidden(letter) && !matches!(letter, '\n' | '\t')
}

/// The colour that a text begins with, where it is one that is drawn here, by us or by ariadne with its greys: none hides, blinks or moves anything.
fn colour(text: &str) -> Option<&str> {
    let (codes, _) = text.strip_prefix("\u{1b}[")?.split_once('m')?;
    let is_plain = |code: &str| matches!(code.parse(), Ok(0_u8..=4 | 22..=24 | 31..=37 | 39 | 91..=97));
    let is_ours = match codes.strip_prefix("38;5;") {
        Some(of_palette) => matches!(of_palette.parse(), Ok(1_u8..=15 | 115 | 240..=249)),
        None => codes.split(';').all(is_plain),
    };
    is_ours.then(|| text.get(..codes.len() + 3)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_colours_get_through() {
        let text = "\u{1b}[1mNina\u{1b}[8m SECRET\u{1b}[0m\u{1b}[2J\u{202e}\r\u{9b}31m\n\té";
        assert_eq!(harmless(text, true), "\u{1b}[1mNina[8m SECRET\u{1b}[0m[2J31m\n\té");
        assert_eq!(harmless(text, false), "[1mNina[8m SECRET[0m[2J31m\n\té");
    }

    #[test]
    fn json_says_the_same() {
        let text = "a\u{202e}b\u{9b}c\u{e0041}\u{7f}";
        let json = serde_json::to_string(&serde_json::json!({ "a": text })).unwrap();
        assert!(!escaped(&json).contains(is_obeyed));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped(&json)).unwrap()["a"], text);
    }
}
