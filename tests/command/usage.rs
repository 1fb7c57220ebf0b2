//! Called rightly, called wrongly, and asked for help.

use crate::support::{Desk, repository};

/// All verbs, in the order of `playbook --help`.
const VERBS: [&str; 38] = [
    "new",
    "check",
    "fmt",
    "show",
    "doc",
    "diff",
    "import",
    "score",
    "why",
    "test",
    "run",
    "status",
    "inbox",
    "approve",
    "reject",
    "change",
    "happened",
    "pause",
    "resume",
    "cancel",
    "serve",
    "token",
    "backup",
    "restore",
    "log",
    "metrics",
    "sign",
    "simulate",
    "backtest",
    "learn",
    "forecast",
    "eval",
    "upgrade",
    "replay",
    "export",
    "forget",
    "explain",
    "completions",
];

#[test]
fn without_a_verb_it_shows_the_verbs() {
    insta::assert_snapshot!(Desk::new().run(&[]).expect(2).page());
}

#[test]
fn help_lists_the_verbs_that_there_are() {
    let help = Desk::new().run(&["--help"]).expect(0).stdout;
    let (_, listed) = help.split_once("Commands:\n").unwrap();
    let listed = listed.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.split_whitespace().next());
    let listed: Vec<&str> = listed.filter(|word| word.chars().all(|letter| letter.is_ascii_lowercase())).collect();
    assert!(VERBS.iter().all(|verb| listed.contains(verb)), "{listed:?}");
    insta::assert_snapshot!(Desk::new().run(&["--help"]).expect(0).page());
}

#[test]
fn help_of_each_verb_has_an_example() {
    let desk = Desk::new();
    let mut pages = String::new();
    for verb in VERBS {
        let ran = desk.run(&[verb, "--help"]).expect(0);
        let (_, example) = ran.stdout.split_once("Example:\n").unwrap_or_else(|| panic!("{}", ran.page()));
        assert!(example.contains(&format!("  playbook {verb}")), "{}", ran.page());
        pages.push_str(&ran.page());
        pages.push('\n');
    }
    insta::assert_snapshot!(pages);
}

#[test]
fn what_each_verb_prints_as_json_is_documented() {
    let page = std::fs::read_to_string(repository().join("docs/json.md")).unwrap();
    let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    for verb in VERBS {
        let help = Desk::new().run(&[verb, "--help"]).expect(0).stdout;
        let is_documented = headings.iter().any(|heading| heading.split(", ").any(|word| word == verb));
        assert_eq!(help.contains("--json"), is_documented, "{verb}");
    }
}

#[test]
fn wrong_usage_is_exit_2() {
    let desk = Desk::new();
    let mut pages = String::new();
    for arguments in [
        &["chekc"][..],
        &["score", "--nwo", "2026-11-20"],
        &["score", "nobody"],
        &["score"],
        &["new", "../.."],
        &["completions", "cmd"],
        &["explain", "E9999"],
        &["explain", "unknown-nmae"],
    ] {
        pages.push_str(&desk.run(arguments).expect(2).page());
        pages.push('\n');
    }
    insta::assert_snapshot!(pages);
}

#[test]
fn a_lint_that_is_not_there_cannot_be_asked() {
    let desk = Desk::new();
    let near = desk.run(&["check", "--ask", "points-without-becuase"]).expect(2).page();
    let nothing_near = desk.run(&["check", "--ask", "nonsense"]).expect(2).page();
    assert!(near.contains("did you mean `points-without-because`?"), "{near}");
    assert!(nothing_near.contains("there is no lint `nonsense`"), "{nothing_near}");
}

#[test]
fn a_client_is_named_by_path_by_name_or_by_standing_in_it() {
    let desk = Desk::new();
    desk.run(&["new", "playbooks/hillside", "--now", "2026-11-20"]).expect(0);
    for arguments in [&["check", "playbooks/hillside"][..], &["check", "hillside"], &["check", "playbooks/hillside/"]] {
        desk.run(arguments).expect(0);
    }
    let standing = desk.command(&["check"]).current_dir(desk.path("playbooks/hillside")).output().unwrap();
    assert!(standing.status.success());
    insta::assert_snapshot!(desk.run(&["score", "hilside"]).expect(2).page());
}

#[test]
fn completions_are_made_for_each_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = Desk::new().run(&["completions", shell]).expect(0);
        assert!(ran.stdout.contains("playbook") && ran.stdout.contains("why"), "{shell}");
    }
}
