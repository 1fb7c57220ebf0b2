//! Findings are drawn whatever the text: without a panic, without passing on what a terminal would obey, and never endlessly.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use compiler::compile::{Compiled, compile_text};
use compiler::diagnostics::draw::{Options, draw, summary};
use compiler::diagnostics::{github, json};
use proptest::prelude::*;

const CARD: &str = "use std.crm\n\nscore fit for Contact {\n  layer place weight 60% { +100 when country is \"NZ\" because \"nah – näher\" }\n  layer role weight 40% { +100 when job_title contains \"owner\" }\n  route {\n    hot when fit >= 60\n    cold otherwise\n  }\n}\n";

fn everything(compiled: &Compiled) -> String {
    let drawn = draw(&compiled.files, &compiled.diagnostics, Options::default());
    let json = serde_json::to_string(&json::report(&compiled.files, &compiled.diagnostics)).expect("it can be written");
    assert!(json.starts_with("{\"version\":1,"));
    let annotations = github::annotations(&compiled.files, &compiled.diagnostics, "playbooks/acme");
    assert_eq!(annotations.lines().count(), compiled.diagnostics.len());
    drawn
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_put_into_a_playbook(at in 0_usize..400, cut in 0_usize..30, put in "\\PC{0,12}|[\"{}\\[\\]()\\r\\n\t\u{1b}\u{202e}\u{2028}\u{85}äß界🙂+%=]{0,8}") {
        let at = (0..=at.min(CARD.len())).rev().find(|at| CARD.is_char_boundary(*at)).unwrap_or(0);
        let end = (at..=(at + cut).min(CARD.len())).rev().find(|end| CARD.is_char_boundary(*end)).unwrap_or(at);
        let text = format!("{}{put}{}", CARD.get(..at).unwrap_or_default(), CARD.get(end..).unwrap_or_default());
        let drawn = everything(&compile_text("any.playbook", &text));
        let obeyed = drawn.chars().find(|letter| letter.is_control() && !matches!(letter, '\n' | '\t') || *letter == '\u{202e}');
        prop_assert_eq!(obeyed, None, "{}", drawn);
    }

    #[test]
    fn any_characters(text in "\\PC{0,80}") {
        everything(&compile_text("any.playbook", &text));
    }
}

#[test]
fn a_line_of_a_megabyte_is_cut() {
    let compiled = compile_text("long.playbook", &format!("phrases pain {{ {} }}\n", "\"tender\" ".repeat(120_000)));
    let drawn = everything(&compiled);
    assert!(!drawn.is_empty() && drawn.len() < 20_000, "{} bytes", drawn.len());
}

#[test]
fn a_name_of_a_megabyte_is_cut() {
    let compiled =
        compile_text("long.playbook", &format!("use std.crm\nfact f of Contact is {} > 3\n", "a".repeat(1_000_000)));
    let drawn = everything(&compiled);
    assert!(!drawn.is_empty() && drawn.len() < 20_000, "{} bytes", drawn.len());
}

#[test]
fn of_many_findings_the_first_are_drawn_and_the_others_counted() {
    let rules: String = (0..500).map(|at| format!("  +20 when field_{at} is \"x\"\n")).collect();
    let compiled = compile_text("many.playbook", &format!("use std.crm\nscore fit for Contact {{\n{rules}}}\n"));
    let drawn = everything(&compiled);
    assert_eq!(drawn.matches("error:").count(), 20);
    assert!(drawn.ends_with("… and 480 more\n"), "{drawn}");
    assert_eq!(summary(&compiled.diagnostics), "500 errors");
}

#[test]
fn one_misspelt_name_is_drawn_once() {
    let rules = "  +20 when contry is \"NZ\"\n  +10 when contry is \"AU\"\n  +5 when contry is \"FJ\"\n";
    let compiled = compile_text("same.playbook", &format!("use std.crm\nscore fit for Contact {{\n{rules}}}\n"));
    insta::assert_snapshot!(everything(&compiled));
}

#[test]
fn the_json_says_where_in_lines_and_columns() {
    let compiled = compile_text("card.playbook", &CARD.replace("weight 40%", "weight 35%"));
    insta::assert_snapshot!(
        serde_json::to_string_pretty(&json::report(&compiled.files, &compiled.diagnostics)).expect("it can be written")
    );
}

#[test]
fn annotations_are_one_line_each() {
    let compiled = compile_text("card.playbook", &CARD.replace("weight 40%", "weight 35%"));
    insta::assert_snapshot!(github::annotations(&compiled.files, &compiled.diagnostics, "playbooks/acme/"));
}
