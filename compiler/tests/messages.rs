//! What each code looks like, under `messages/`, one folder a code: a snapshot of what is drawn of the wrong example of its page
//! (`page.snap`), and of each fixture in the language that lies there.
//!
//! A fixture `near-miss….playbook` comes close and has to be clean. Every other one has to have the folder's code.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on fails, and reads its fixtures"
)]

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use compiler::codes;
use compiler::diagnostics::Code;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages")
}

fn entries(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries =
        std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("it can be read").path());
    let mut entries: Vec<PathBuf> = entries.filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    entries.sort();
    entries
}

fn name(path: &Path) -> String {
    path.file_stem().expect("it has a name").to_string_lossy().into_owned()
}

#[test]
fn each_fixture_is_drawn_as_its_snapshot_says() {
    let mut failures = Vec::new();
    for group in entries(&folder(), "") {
        let group_name = name(&group);
        let code = codes::find(&group_name).unwrap_or_else(|| panic!("there is no code {group_name}"));
        for fixture in entries(&group, ".playbook") {
            let fixture_name = name(&fixture);
            let text = std::fs::read_to_string(&fixture).expect("the fixture can be read");
            let compiled = support::compiled(&format!("{fixture_name}.playbook"), &text, &[code.name]);
            let drawn = support::drawn(&compiled);
            if fixture_name.starts_with("near-miss") {
                if !drawn.is_empty() {
                    failures.push(format!("{group_name}/{fixture_name} is not clean:\n{drawn}"));
                }
                continue;
            }
            if !compiled.diagnostics.iter().any(|found| found.code.id == code.id) {
                failures.push(format!("{group_name}/{fixture_name} does not have {}:\n{drawn}", code.id));
            }
            insta::with_settings!({ snapshot_path => &group, prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(fixture_name, drawn);
            });
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn each_wrong_example_of_a_page_is_drawn_as_its_snapshot_says() {
    for code in codes::all() {
        for (at, example) in wrong_examples(code).iter().enumerate() {
            let drawn = support::drawn(&support::compiled("example.playbook", example, &[code.name]));
            let group = folder().join(code.name);
            insta::with_settings!({ snapshot_path => &group, prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(snapshot_name(at), drawn);
            });
        }
    }
}

fn wrong_examples(code: &Code) -> Vec<&'static str> {
    code.page.split("```playbook wrong\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

fn snapshot_name(at: usize) -> String {
    if at == 0 { "page".to_owned() } else { format!("page-{}", at + 1) }
}

#[test]
fn no_snapshot_is_left_over() {
    for group in entries(&folder(), "") {
        let code = codes::find(&name(&group)).unwrap_or_else(|| panic!("there is no code {}", name(&group)));
        let mut known: BTreeSet<String> = entries(&group, ".playbook").iter().map(|path| name(path)).collect();
        known.extend((0..wrong_examples(code).len()).map(snapshot_name));
        for snapshot in entries(&group, ".snap") {
            assert!(known.contains(&name(&snapshot)), "{} has no fixture", snapshot.display());
        }
    }
}
