//! No text makes the compiler panic: mutilated fixtures, and what grows faster than its text.

#![expect(clippy::disallowed_methods, reason = "a test reads the playbooks of the repository")]

mod support;

use std::path::{Path, PathBuf};

use proptest::prelude::*;

/// The texts of all fixtures and of the playbooks of the repository.
fn texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> =
        ["../playbooks/stackmates", "../playbooks/sneakers", "../tests/real", "../examples", "../stdlib"]
            .map(|folder| root.join(folder))
            .to_vec();
    folders.extend(entries(&root.join("tests/messages")));
    let mut files: Vec<PathBuf> = folders.iter().flat_map(|folder| entries(folder)).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "playbook"));
    files.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    found.sort();
    found
}

/// A text with one thing done to it.
fn mutilated(text: &str, at: usize, what: usize, word: &str) -> String {
    let words: Vec<(usize, usize)> = text
        .split_inclusive(|c: char| !c.is_alphanumeric())
        .scan(0, |start, piece| {
            let place = (*start, *start + piece.len());
            *start = place.1;
            Some(place)
        })
        .collect();
    let Some((start, end)) = words.get(at % words.len().max(1)).copied() else { return String::new() };
    let (before, after) = (text.get(..start).unwrap_or(""), text.get(end..).unwrap_or(""));
    match what {
        0 => before.to_owned(),
        1 => format!("{before}{after}"),
        2 => format!("{before}{word} {after}"),
        _ => format!("{before}{word} {}", text.get(start..).unwrap_or("")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mutilated_playbook_is_compiled_or_refused(
        text in 0usize..10_000,
        at in 0usize..100_000,
        what in 0usize..4,
        word in prop::sample::select(vec![
            "0", "-1", "999999999999", "2 months", "NZD 5", "25%", "2026-02-31", "\"\"", "yes", "now", "[]", "[a, b]", "(", ")",
            "not", "is", "is not", "has", "where", "in the last 0 days", "known in the last 3 years", "count of", "latest", "each",
            "company", "company.owner.email", "icp", "fit", "conversation", "missing", "Contact", "Event", "otherwise", "by", "/ 0",
        ]),
    ) {
        let texts = texts();
        let text = &texts[text % texts.len()];
        let compiled = support::compiled("test.playbook", &mutilated(text, at, what, word), &[]);
        // Drawn as well, since spans are what goes wrong.
        let _ = support::drawn(&compiled);
        if let Some(program) = compiled.program {
            let stored = serde_json::to_string(&program).expect("a Program can be stored");
            let read = serde_json::from_str::<compiler::program::Program>(&stored);
            prop_assert!(read.is_ok_and(|read| read == program));
        }
    }
}

#[test]
fn facts_of_facts_stay_within_bounds() {
    // Each is twice the one before: written out, the last would have 2^60 parts.
    let mut text = String::from("use std.crm\nfact f0 of Contact is count of page.viewed\n");
    for index in 1..60 {
        text.push_str(&format!("fact f{index} of Contact is f{0} + f{0}\n", index - 1));
    }
    assert!(support::compiled("test.playbook", &text, &[]).program.is_none());
}

#[test]
fn a_long_chain_of_facts_is_no_deep_recursion() {
    // Declared last first, so that each one has to be resolved by way of all others.
    let mut text = String::from("use std.crm\n");
    for index in (0..5000).rev() {
        text.push_str(&format!("fact f{index} of Contact is f{} + 1\n", index + 1));
    }
    text.push_str("fact f5000 of Contact is count of page.viewed\n");
    assert!(support::compiled("test.playbook", &text, &[]).program.is_none());
}
