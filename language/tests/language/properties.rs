//! Whatever the text: no panic, no byte lost, every error worded, and the formatter says the same twice.

use crate::support::{fixtures, read, sound_playbooks};
use language::{SyntaxErrorKind, Token};
use proptest::prelude::*;

/// What has to hold of every text at all.
fn check(text: &str) {
    let parsed = language::parse(text);
    crate::support::assert_tiled(text, &parsed);
    for error in &parsed.errors {
        assert!(error.span.start <= error.span.end && error.span.end as usize <= text.len(), "{error:?} in {text:?}");
        assert!(
            text.is_char_boundary(error.span.start as usize) && text.is_char_boundary(error.span.end as usize),
            "{error:?} in {text:?}"
        );
        if let SyntaxErrorKind::Unexpected { expected, found, .. } = &error.kind {
            assert!(!expected.is_empty(), "nothing expected instead of {found:?} in {text:?}");
        }
    }
    assert_eq!(
        parsed.errors.is_empty(),
        parsed.file.declarations.iter().all(|declaration| !declaration.broken) && stands_alone(&parsed)
    );
    let once = language::format(text);
    let twice = language::format(&once.text);
    assert_eq!(once.text, twice.text, "formatted twice: {text:?}");
    let words = |text: &str, parsed: &language::Parsed| {
        let kinds = (0..).zip(parsed.tokens.kinds()).filter(|(_, kind)| !matches!(kind, Token::Blank | Token::LineEnd));
        let written = kinds.map(|(index, _)| text[parsed.tokens.span(index).range()].trim_end().to_owned());
        written.collect::<Vec<_>>()
    };
    assert_eq!(words(text, &parsed), words(&once.text, &language::parse(&once.text)), "{text:?}");
}

/// Errors outside declarations: there is no declaration to be broken by them.
fn stands_alone(parsed: &language::Parsed) -> bool {
    let outside = |error: &language::SyntaxError| {
        !parsed
            .file
            .declarations
            .iter()
            .any(|declaration| (declaration.span.start..=declaration.span.end).contains(&error.span.start))
    };
    !parsed.errors.iter().any(outside)
}

/// The texts of a playbook's declarations.
fn declarations(text: &str) -> Vec<String> {
    let parsed = language::parse(text);
    let spans = parsed.structure.declarations.iter().map(|clause| parsed.tokens.spans(&clause.range));
    spans.map(|span| text[span.range()].to_owned()).collect()
}

#[test]
fn every_prefix_and_every_lost_token_leaves_the_next_declaration_alone() {
    let mut paths = sound_playbooks();
    paths.extend(fixtures("broken"));
    for path in paths {
        for declaration in declarations(&read(&path)) {
            let tokens = language::parse(&declaration).tokens;
            for index in 0..tokens.len() {
                let span = tokens.span(index);
                for damaged in [
                    declaration[..span.start as usize].to_owned(),
                    format!("{}{}", &declaration[..span.start as usize], &declaration[span.end as usize..]),
                ] {
                    let text = format!("{damaged}\nphrases survivor {{ \"here\" }}\n");
                    check(&text);
                    let last = language::parse(&text).file.declarations.pop().unwrap();
                    let swallowed = damaged.matches("\"\"\"").count() % 2 == 1;
                    assert!(swallowed || !last.broken, "{text}");
                }
            }
        }
    }
}

#[test]
fn every_prefix_of_a_file_is_read() {
    for path in fixtures("valid").into_iter().chain(fixtures("broken")) {
        let text = read(&path);
        for (at, _) in text.char_indices().step_by(3) {
            let parsed = language::parse(&text[..at]);
            crate::support::assert_tiled(&text[..at], &parsed);
        }
    }
}

/// Pieces that mean something to the lexer or the grammar.
fn piece() -> impl Strategy<Value = String> {
    let keywords: Vec<String> = Token::ALL.iter().filter_map(|token| token.keyword()).map(str::to_owned).collect();
    prop_oneof![
        6 => proptest::sample::select(keywords),
        6 => proptest::sample::select(vec![" ", "\n", "\n  ", "\n    ", "\t", "\r\n", "  "]).prop_map(str::to_owned),
        4 => proptest::sample::select(vec![
            "{", "}", "[", "]", "(", ")", ",", ":", ".", "?", "|", "+", "-", "*", "/", "<", ">=", "=", "!=", "\"", "\"\"\"", "\\", "// c", "/// d",
        ]).prop_map(str::to_owned),
        4 => proptest::sample::select(vec![
            "icp", "Contact", "NZD", "\"text\"", "20%", "50k", "+30", "2026-03-01", "08:30", "1_000", "quiz.completed", "“", "é", "\u{feff}",
        ]).prop_map(str::to_owned),
        2 => proptest::sample::select(vec![
            "score icp for Contact {\n", "  layer a weight 20% {\n", "    +10 when home_owner because \"x\"\n", "  }\n", "}\n", "phrases p { \"a\", \"b\" }\n",
            "test \"t\" {\n", "  given contact { a: 1, b { c: 2 } }\n", "  expect icp is hot\n", "fact f of C is ", "source s from csv \"f\" into C {\n",
        ]).prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn token_soup_is_read_and_formatted(pieces in proptest::collection::vec(piece(), 0..60)) {
        check(&pieces.concat());
    }

    #[test]
    fn spaced_token_soup_is_read_and_formatted(pieces in proptest::collection::vec(piece(), 0..60)) {
        check(&pieces.join(" "));
    }

    #[test]
    fn random_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        check(&String::from_utf8_lossy(&bytes));
    }
}
