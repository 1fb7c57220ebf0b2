//! `playbook diff` as a person, a pull request and a program meet it: two files, two folders, revisions of a repository, a CRM at hand.

use crate::support::{Desk, NOW, Ran, repository};

/// The two playbooks of the compiler's tests: an orchard before and after a change of everything.
fn orchard() -> Desk {
    let desk = Desk::new();
    for name in ["before.playbook", "after.playbook", "reordered.playbook"] {
        desk.file(name, std::fs::read(repository().join("compiler/tests/diff").join(name)).unwrap());
    }
    desk
}

fn git(desk: &Desk, arguments: &[&str]) {
    let who = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", "-c", "init.defaultBranch=main"];
    let mut command = std::process::Command::new("git");
    command.current_dir(desk.path("")).args(who).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
    let output = command.env("GIT_CONFIG_NOSYSTEM", "1").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A repository in which Hillside was changed once: the address it writes to is no longer in one country only, and a time limit is longer.
fn repository_of_hillside() -> Desk {
    let desk = Desk::new();
    crate::support::copy(&repository().join("tests/hillside"), &desk.path("clients/hillside"));
    git(&desk, &["init", "--quiet"]);
    git(&desk, &["add", "."]);
    git(&desk, &["commit", "--quiet", "-m", "first"]);
    git(&desk, &["tag", "v1"]);
    let changed = changed(&desk.read("clients/hillside/hillside.playbook"));
    desk.file("clients/hillside/hillside.playbook", changed);
    desk
}

fn changed(text: &str) -> String {
    let changes = [
        ("+60 when country is NZ  because", "+60 when country is one of [NZ, AU] because"),
        ("within 2 business days, remind", "within 3 business days, remind"),
        ("  stage Sending {", "  stage Posting {"),
        ("next Sending on approved", "next Posting on approved"),
    ];
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

fn at(desk: &Desk, arguments: &[&str]) -> Ran {
    desk.run(&[&["diff"], arguments, &["--now", NOW]].concat())
}

#[test]
fn two_files_on_a_terminal_and_for_a_pull_request() {
    let desk = orchard();
    insta::assert_snapshot!("text", at(&desk, &["before.playbook", "after.playbook"]).expect(1).page());
    let markdown = at(&desk, &["before.playbook", "after.playbook", "--format", "markdown"]).expect(1);
    insta::assert_snapshot!("markdown", markdown.page());
}

#[test]
fn the_same_told_otherwise_is_exit_code_0() {
    let desk = orchard();
    for pair in [["before.playbook", "reordered.playbook"], ["after.playbook", "after.playbook"]] {
        let ran = at(&desk, &pair).expect(0);
        assert!(ran.stdout.contains("nothing changed in meaning; 2 scores are proven the same"), "{}", ran.page());
    }
    let json = at(&desk, &["before.playbook", "reordered.playbook", "--json"]).expect(0).json();
    insta::assert_json_snapshot!("same_json", json);
}

/// The search is repeatable, and what it prints is a test: it holds now, and did not before.
#[test]
fn a_witness_is_a_test_that_holds_now_and_not_before() {
    let desk = orchard();
    let json = at(&desk, &["before.playbook", "after.playbook", "--json"]).expect(1).json();
    assert_eq!(json, at(&desk, &["before.playbook", "after.playbook", "--json"]).expect(1).json());
    let scores = json["scores"].as_array().unwrap();
    let mut pasted = 0;
    for score in scores {
        assert_eq!(score["verdict"], "differs", "{score}");
        let test = score["witness"]["test"].as_str().unwrap();
        let with = |name: &str| format!("{}\n{test}", desk.read(name));
        desk.file("new.playbook", with("after.playbook")).file("old.playbook", with("before.playbook"));
        desk.run(&["test", "new.playbook"]).expect(0);
        let old = desk.run(&["test", "old.playbook"]).expect(1);
        assert!(old.stdout.contains("1 test failed"), "{}", old.page());
        pasted += 1;
    }
    assert_eq!(pasted, 2);
    insta::assert_json_snapshot!("scores_json", json["scores"]);
}

/// A playbook in which the words of a field, the facts of an event and a route may be others.
fn harbour(sizes: &str, rules: &str, facts: &str, top: &str) -> String {
    format!(
        r#"client "Harbour" {{
  currency NZD
  timezone "Pacific/Auckland"
  hours mon to fri, 09:00 to 17:00
}}

use std.crm

extend Contact {{ berth: one of [{sizes}]? }}
event harbour.entered {{ {facts} }}

score fit for Contact {{
{rules}
  route {{
    {top} when fit >= 50
    cold otherwise
  }}
}}
"#
    )
}

/// A test that is shown for two playbooks is one that both of them understand, and that only the later one passes. Where what tells them
/// apart can be told to one of them only, it is said in words.
#[test]
fn a_witness_is_shown_as_a_test_only_where_both_playbooks_can_be_told_of_it() {
    let desk = Desk::new();
    let clicked = "  +60 when country is NZ because \"near\"";
    let huge = "  +60 when berth is huge because \"large\"";
    let large = "  +60 when berth is large because \"large\"";
    let entered = "  +60 when any harbour.entered because \"there\"";
    let twice = "  +60 when at least 2 harbour.entered because \"there\"";
    let none = "tons: number?";
    let pairs = [
        // The larger of the two is no berth any more; what a smaller one gives now tells them apart as well.
        ("narrowed", harbour("small, large, huge", huge, none, "hot"), harbour("small, large", large, none, "hot")),
        // Only the berth that is gone tells them apart.
        (
            "gone",
            harbour("small, huge", &format!("{huge}\n{clicked}"), none, "hot"),
            harbour("small", clicked, none, "hot"),
        ),
        // An event has to have a fact that nobody asks about.
        (
            "required",
            harbour("small", entered, "flag: text, kind: one of [sail, steam]", "hot"),
            harbour("small", twice, "flag: text, kind: one of [sail]", "hot"),
        ),
        // An event that has to have a fact of which the earlier one does not know.
        (
            "fact",
            harbour("small", entered, "flag: text", "hot"),
            harbour("small", twice, "flag: text, kind: one of [sail]", "hot"),
        ),
        // The route has another name, and the points are the same.
        ("route", harbour("small", clicked, none, "hot"), harbour("small", clicked, none, "top")),
    ];
    let mut told = String::new();
    for (name, before, after) in pairs {
        desk.file("before.playbook", before.clone()).file("after.playbook", after.clone());
        let json = at(&desk, &["before.playbook", "after.playbook", "--json"]).expect(1).json();
        let score = &json["scores"][0];
        assert_eq!(score["verdict"], "differs", "{name}: {json:#}");
        let witness = &score["witness"];
        match witness["test"].as_str() {
            Some(test) => {
                assert!(witness["in_words"].is_null(), "{witness:#}");
                desk.file("new.playbook", format!("{after}\n{test}")).file("old.playbook", format!("{before}\n{test}"));
                desk.run(&["test", "new.playbook"]).expect(0);
                let old = desk.run(&["test", "old.playbook"]).expect(1);
                assert!(old.stdout.contains("1 test failed"), "{name}: {}", old.page());
                told.push_str(&format!("{name}:\n{test}\n"));
            }
            None => told.push_str(&format!("{name}: {}\n\n", witness["in_words"].as_str().unwrap())),
        }
    }
    insta::assert_snapshot!("told_to_both", told);
    // The same in JSON, however it is asked for.
    let json = at(&desk, &["before.playbook", "after.playbook", "--json"]).expect(1).stdout;
    assert_eq!(at(&desk, &["before.playbook", "after.playbook", "--format", "json"]).expect(1).stdout, json);
}

#[test]
fn revisions_are_named_in_every_natural_way() {
    let desk = repository_of_hillside();
    let pages: Vec<String> = [
        &["HEAD", "clients/hillside"][..],
        &["clients/hillside", "--since", "HEAD"],
        &["v1", "clients/hillside/hillside.playbook"],
        &["HEAD:clients/hillside", "clients/hillside"],
    ]
    .into_iter()
    .map(|arguments| {
        let page = at(&desk, arguments).expect(1).stdout;
        page.lines().skip(1).collect::<Vec<_>>().join("\n")
    })
    .collect();
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:#?}");
    insta::assert_snapshot!("revision", at(&desk, &["HEAD", "clients/hillside"]).expect(1).page());
    git(&desk, &["commit", "--quiet", "-a", "-m", "second"]);
    at(&desk, &["HEAD", "clients/hillside"]).expect(0);
    let range = at(&desk, &["v1..HEAD", "clients/hillside"]).expect(1).stdout;
    assert_eq!(range.lines().skip(1).collect::<Vec<_>>().join("\n"), pages[0]);
    // From within the client's folder.
    let mut command = desk.command(&["diff", "HEAD~1", "--now", NOW]);
    let inside = command.current_dir(desk.path("clients/hillside")).output().unwrap();
    assert_eq!(inside.status.code(), Some(1), "{}", String::from_utf8_lossy(&inside.stderr));
}

#[test]
fn what_cannot_be_compared_says_why() {
    let desk = repository_of_hillside();
    desk.file("clients/broken/broken.playbook", "client \"B\" {\n  currency NZD\n}\nscore fit for Nobody {\n}\n");
    let outside = orchard();
    let mut page = String::new();
    for (desk, arguments, code) in [
        (&desk, &["nonsense", "clients/hillside"][..], 2),
        (&desk, &["clients/hillside"], 2),
        (&desk, &[], 2),
        (&desk, &["HEAD", "clients/broken"], 3),
        (&desk, &["clients/hillside", "clients/broken"], 3),
        (&desk, &["clients/hillside", "missing.playbook"], 3),
        (&outside, &["HEAD", "after.playbook"], 3),
    ] {
        page.push_str(&at(desk, arguments).expect(code).page());
        page.push('\n');
    }
    let mut without = outside.command(&["diff", "HEAD", "after.playbook"]);
    let output = without.env("PATH", "").output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    page.push_str(&String::from_utf8_lossy(&output.stderr));
    insta::assert_snapshot!("refused", page);
}

#[test]
fn with_a_crm_it_says_who_moves_and_where_runs_stand() {
    let desk = repository_of_hillside();
    let now = "2026-11-20 10:00";
    let playbook = desk.read("clients/hillside/hillside.playbook");
    git(&desk, &["checkout", "--quiet", "clients/hillside/hillside.playbook"]);
    desk.run(&["run", "clients/hillside", "--now", now, "--seed", "1"]).expect(0);
    desk.file("clients/hillside/hillside.playbook", playbook);
    let shown = |extra: &[&str]| {
        let arguments = [&["diff", "HEAD", "clients/hillside", "--now", now], extra].concat();
        desk.run(&arguments).expect(1)
    };
    insta::assert_snapshot!("crm", shown(&[]).page());
    insta::assert_snapshot!("crm_markdown", shown(&["--format", "markdown"]).stdout);
    let json = shown(&["--json"]).json();
    insta::assert_json_snapshot!("crm_json", json["crm"]);
    assert!(!shown(&[]).stdout.contains("Ferndale"), "names are for a terminal");
    assert_eq!(shown(&["--no-crm", "--json"]).json()["crm"], serde_json::Value::Null);
}
