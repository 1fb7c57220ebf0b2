//! What README.md shows is so: its playbook compiles and passes its tests, its commands print what stands below them.
//!
//! All blocks marked `playbook` together are one playbook, `tour/tour.playbook`; `mistake/mistake.playbook` is the same with weights
//! that do not add up. In a block marked `console`, a line that begins
//! with `$ ` is run; the lines below it are its output, where a line `…` stands for any lines.

use crate::support::{self, Desk};

/// The blocks of a Markdown text with that mark.
fn blocks(text: &str, mark: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    for line in text.lines() {
        match &mut open {
            Some(_) if line == "```" => blocks.extend(open.take()),
            Some(block) => block.push_str(&format!("{line}\n")),
            None if line == format!("```{mark}") => open = Some(String::new()),
            None => {}
        }
    }
    blocks
}

fn readme() -> String {
    std::fs::read_to_string(support::repository().join("README.md")).unwrap()
}

fn desk() -> Desk {
    let desk = Desk::with("playbooks");
    let tour = blocks(&readme(), "playbook").join("\n");
    let mistake = tour.replace("weight 60%", "weight 65%");
    assert_ne!(tour, mistake, "the tour has the weight that the mistake is made in");
    desk.file("tour/tour.playbook", tour).file("mistake/mistake.playbook", mistake);
    desk
}

#[test]
fn its_playbook_compiles_and_passes_its_tests() {
    let desk = desk();
    desk.run(&["check", "tour", "--deny", "warnings"]).expect(0);
    desk.run(&["fmt", "--check", "tour"]).expect(0);
    desk.run(&["test", "tour"]).expect(0);
}

#[test]
fn its_commands_print_what_it_shows() {
    let desk = desk();
    // The reader has run the first of the two commands by then.
    desk.run(&["run", "playbooks/stackmates", "--now", "2026-11-20"]).expect(0);
    let mut commands = 0;
    for block in blocks(&readme(), "console") {
        let mut expected: Vec<&str> = Vec::new();
        let mut ran: Option<support::Ran> = None;
        for line in block.lines().chain(["$ "]) {
            let Some(command) = line.strip_prefix("$ ") else {
                expected.push(line);
                continue;
            };
            if let Some(ran) = ran.take() {
                let printed = [ran.stdout.as_str(), ran.stderr.as_str()].concat();
                assert!(matches(&expected, &printed), "README.md shows\n{}\nbut\n{}", expected.join("\n"), ran.page());
                commands += 1;
            }
            expected.clear();
            if let Some(arguments) = command.strip_prefix("playbook ") {
                ran = Some(desk.run(&words(arguments).iter().map(String::as_str).collect::<Vec<_>>()));
            }
        }
    }
    assert!(commands > 0, "README.md shows no command");
}

/// Whether the lines are those expected; `…` stands for any number of lines.
fn matches(expected: &[&str], printed: &str) -> bool {
    let mut printed = printed.trim_end().lines().map(str::trim_end).peekable();
    let mut skipping = false;
    for line in expected.iter().map(|line| line.trim_end()) {
        if line == "…" {
            skipping = true;
            continue;
        }
        let found = if skipping { printed.any(|printed| printed == line) } else { printed.next() == Some(line) };
        if !found {
            return false;
        }
        skipping = false;
    }
    skipping || printed.all(str::is_empty)
}

/// A command line's words; quotes hold one together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('"').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

#[test]
fn two_commands_of_cargo_come_first() {
    let first = blocks(&readme(), "sh");
    assert_eq!(first[0], "cargo run -- run playbooks/stackmates\ncargo test --workspace\n");
}
