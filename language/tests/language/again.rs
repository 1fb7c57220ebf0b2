//! Reading a text again after an edit says what reading it says.

use proptest::prelude::*;

use crate::support::{fixtures, read, sound_playbooks};

/// A text of many declarations, some of them broken.
fn texts() -> Vec<String> {
    let mut paths = sound_playbooks();
    paths.extend(fixtures("broken"));
    paths.iter().map(|path| read(path)).collect()
}

fn assert_same(before: &str, text: &str) {
    let parsed = language::parse_again(language::parse(before), before, text);
    assert!(parsed == language::parse(text), "read again otherwise:\n--- before\n{before}\n--- after\n{text}");
}

/// The nearest place at or before a byte where a character begins.
fn place(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap()
}

#[test]
fn typed_character_by_character() {
    for text in texts() {
        let mut before = String::new();
        let mut parsed = language::parse("");
        for (at, letter) in text.char_indices() {
            let now = &text[..at + letter.len_utf8()];
            parsed = language::parse_again(parsed, &before, now);
            // To read everything each time would take minutes: at the end of a line it is compared.
            if letter == '\n' {
                assert!(parsed == language::parse(now), "{now}");
            }
            before = now.to_owned();
        }
        assert!(parsed == language::parse(&text));
    }
}

#[test]
fn a_lost_token_anywhere_and_its_coming_back() {
    for text in texts() {
        let tokens = language::parse(&text).tokens;
        for index in (0..tokens.len()).step_by(7) {
            let span = tokens.span(index).range();
            let damaged = format!("{}{}", &text[..span.start], &text[span.end..]);
            assert_same(&text, &damaged);
            assert_same(&damaged, &text);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Edits one after the other, each read with the help of the one before.
    #[test]
    fn whatever_is_put_in_and_taken_out(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec(
            (any::<prop::sample::Index>(), 0usize..40, prop::sample::select(vec![
                "", "\n", " ", "}", "{", "\"", "\"\"\"", "// ", "///", "score x for Contact {\n", "\ntest \"t\" {}\n", "é", "  ", "\n\n",
            ])),
            1..8,
        ),
    ) {
        let texts = texts();
        let mut text = which.get(&texts).clone();
        let mut parsed = language::parse(&text);
        for (at, length, inserted) in edits {
            let start = place(&text, at.index(text.len() + 1));
            let end = place(&text, start + length).max(start);
            let now = format!("{}{inserted}{}", &text[..start], &text[end..]);
            parsed = language::parse_again(parsed, &text, &now);
            prop_assert!(parsed == language::parse(&now), "{now}");
            text = now;
        }
    }
}
