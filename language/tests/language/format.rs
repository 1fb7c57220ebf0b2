//! The formatter has one way to lay out, keeps every comment, and changes nothing but blanks.

use crate::support::{fixtures, read, repository, sound_playbooks, told};
use insta::assert_snapshot;

#[test]
fn a_bad_layout_becomes_the_good_one() {
    let path = fixtures("valid").into_iter().find(|path| path.ends_with("laid-out-badly.playbook")).unwrap();
    assert_snapshot!("laid-out", language::format(&read(&path)).text);
}

#[test]
fn the_fixtures_are_laid_out_well_already() {
    for path in fixtures("valid") {
        if !path.ends_with("laid-out-badly.playbook") {
            let text = read(&path);
            let formatted = language::format(&text);
            assert_eq!(formatted.untouched, [], "{}", path.display());
            assert_eq!(formatted.text, text, "{}", path.display());
        }
    }
}

#[test]
fn formatting_changes_neither_tree_nor_comments_and_is_done_once() {
    for path in sound_playbooks() {
        let text = read(&path);
        let (before, formatted) = (language::parse(&text), language::format(&text));
        let after = language::parse(&formatted.text);
        assert_eq!(told(&before.file), told(&after.file), "{}", path.display());
        assert_eq!(comments(&text), comments(&formatted.text), "{}", path.display());
        assert_eq!(language::format(&formatted.text).text, formatted.text, "{}", path.display());
        assert!(formatted.untouched.is_empty(), "{}", path.display());
        assert!(
            formatted.text.lines().all(|line| line == line.trim_end() || text.contains("\"\"\"")),
            "{}",
            path.display()
        );
    }
}

/// The target text shows the look that is wanted: few lines may differ, and by blanks only.
#[test]
fn the_target_text_stays_nearly_as_it_is() {
    for path in crate::support::playbooks(&repository().join("../shared/design")) {
        let text = read(&path);
        let formatted = language::format(&text).text;
        let differing = text.lines().zip(formatted.lines()).filter(|(before, after)| before != after).count();
        assert_eq!(text.lines().count(), formatted.lines().count());
        assert!(differing * 7 <= text.lines().count(), "{differing} lines of {}", path.display());
    }
}

#[test]
fn a_broken_declaration_stays_as_it_is_and_its_neighbours_do_not() {
    let broken = "score  icp for Contact {\n     +10  whn a\n +5 when b\n}\n";
    let text = format!("use   std.crm\n\n{broken}use   std.team\n");
    let formatted = language::format(&text);
    assert_eq!(formatted.text, format!("use std.crm\n\n{broken}use std.team\n"));
    assert_eq!(formatted.untouched.len(), 1);
    assert!(text[formatted.untouched[0].range()].starts_with("score"));
}

#[test]
fn line_ends_are_those_of_the_first_line_but_never_others_within_a_text() {
    let laid_out = "use std.crm\r\n\r\ntemplate t {\r\n  body \"\"\"\r\n  a\r\n\"\"\"\r\n}\r\n";
    assert_eq!(language::format(laid_out).text, laid_out);
    let mixed = "use   std.crm\r\n\ntemplate t {\n  body \"\"\"\r\n  a\r\n\"\"\"\r\n}\n";
    assert_eq!(language::format(mixed).text, laid_out);
    let text = "use   std.crm\n\ntemplate t {\n  body \"\"\"\r\n  a\r\n\"\"\"\n}\n";
    assert_eq!(language::format(text).text, text.replace("use   std", "use std"));
    // A text says what it said, also where its lines end otherwise than the file's.
    let other = "use std.crm\r\n\r\ntemplate t {\r\n  body \"\"\"\n  a\n\"\"\"\r\n}\r\n";
    assert!(language::format(other).text.contains("\"\"\"\n  a\n\"\"\""));
}

fn comments(text: &str) -> Vec<String> {
    let parsed = language::parse(text);
    let kinds = (0..).zip(parsed.tokens.kinds());
    let comments = kinds.filter(|(_, kind)| matches!(kind, language::Token::Comment | language::Token::Doc));
    comments.map(|(index, _)| text[parsed.tokens.span(index).range()].trim_end().to_owned()).collect()
}
