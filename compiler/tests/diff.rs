//! What a change means: one that changes much, read as a whole; and what is no change, however it looks.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and reads its fixtures"
)]

mod support;

use std::fmt::Write as _;
use std::path::Path;

use compiler::compile::{Input, compile};
use compiler::diagnostics::SourceText;
use compiler::diff::{Whereabouts, diff, same_score, scores, whereabouts};
use compiler::modules::{LoadError, Loader};
use compiler::program::Program;
use smol_str::SmolStr;

fn fixture(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff").join(name)).unwrap()
}

#[track_caller]
fn program(text: &str) -> Program {
    let compiled = support::compiled("orchard.playbook", text, &[]);
    compiled.program.clone().unwrap_or_else(|| panic!("{}", support::drawn(&compiled)))
}

/// The changes, one a line, as a page would show them.
fn page(before: &Program, after: &Program) -> String {
    let mut page = String::new();
    let mut area = None;
    for change in diff(before, after) {
        if area != Some(change.area) {
            area = Some(change.area);
            writeln!(page, "{:?}", change.area).unwrap();
        }
        let meaning = if change.meaning { "" } else { " (words only)" };
        writeln!(page, "  {:?}{meaning}: {} {}", change.kind, change.of, change.words).unwrap();
    }
    for pair in scores(before, after) {
        writeln!(page, "{} is {}", pair.name, if pair.same { "proven the same" } else { "not proven the same" })
            .unwrap();
    }
    page
}

#[test]
fn a_change_of_everything_is_told_in_words() {
    let (before, after) = (program(&fixture("before.playbook")), program(&fixture("after.playbook")));
    insta::assert_snapshot!("everything", page(&before, &after));
    insta::assert_snapshot!("everything_back", page(&after, &before));
}

#[test]
fn the_same_told_otherwise_is_no_change() {
    let (before, reordered) = (program(&fixture("before.playbook")), program(&fixture("reordered.playbook")));
    assert_eq!(page(&before, &reordered), "worth is proven the same\nfit is proven the same\n");
    assert_eq!(page(&reordered, &before), "fit is proven the same\nworth is proven the same\n");
}

/// The modules of a folder.
struct Folder(std::path::PathBuf);

impl Loader for Folder {
    fn load(&self, name: &str) -> Result<std::sync::Arc<str>, LoadError> {
        std::fs::read_to_string(self.0.join(name)).map(Into::into).map_err(|_| LoadError::NotThere)
    }

    fn names(&self) -> Vec<SmolStr> {
        Vec::new()
    }
}

/// The clients of the repository, each as its texts.
fn clients() -> Vec<(std::path::PathBuf, Vec<(SmolStr, String)>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folders = ["playbooks/stackmates", "playbooks/sneakers", "tests/hillside"];
    let read = |folder: &str| {
        let folder = root.join(folder);
        let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|ending| ending == "playbook"));
        files.sort();
        let text = |path: &std::path::PathBuf| {
            (SmolStr::from(path.file_name().unwrap().to_string_lossy()), std::fs::read_to_string(path).unwrap())
        };
        (folder, files.iter().map(text).collect())
    };
    folders.into_iter().map(read).collect()
}

fn compiled(folder: &Path, files: &[(SmolStr, String)]) -> Program {
    let files =
        files.iter().map(|(name, text)| SourceText { name: name.clone(), text: text.as_str().into() }).collect();
    let compiled = compile(&Input { files, asked: Vec::new() }, &Folder(folder.to_owned()));
    compiled.program.clone().unwrap_or_else(|| panic!("{}", support::drawn(&compiled)))
}

#[test]
fn a_client_is_what_it_is_however_it_is_laid_out() {
    for (folder, files) in clients() {
        let program = compiled(&folder, &files);
        assert_eq!(diff(&program, &program), [], "{}", folder.display());
        assert!(scores(&program, &program).iter().all(|pair| pair.same));
        // Blanks and comments are no meaning, and neither is the order of the files.
        let other: Vec<(SmolStr, String)> = files
            .iter()
            .rev()
            .map(|(name, text)| {
                (name.clone(), format!("// on top\n\n{}", text.replace("\n}\n\n", "\n}\n\n// a comment\n\n")))
            })
            .collect();
        let shuffled = compiled(&folder, &other);
        assert_eq!(
            page(&program, &shuffled).matches('\n').count(),
            program.scores.len(),
            "{}",
            page(&program, &shuffled)
        );
        let formatted: Vec<(SmolStr, String)> =
            files.iter().map(|(name, text)| (name.clone(), language::format(text).text)).collect();
        assert_eq!(diff(&program, &compiled(&folder, &formatted)), [], "{}", folder.display());
    }
}

/// Two scores of one rule each; whether they are proven the same.
#[track_caller]
fn proven(one: &str, other: &str) -> bool {
    let with = |rule: &str, layer: &str| {
        let before = "client \"Acme\" {\n  currency NZD\n  timezone \"UTC\"\n}\nuse std.crm\n\
            phrases hurry { \"this week\" }\n";
        program(&format!("{before}score fit for Contact {{\n  {layer} {{\n    {rule} because \"…\"\n  }}\n}}\n"))
    };
    let (fading, one) = one.strip_prefix("fading ").map_or((false, one), |rule| (true, rule));
    let layer = if fading { "layer a fading by half every 9 days" } else { "layer a" };
    let (one, other) = (with(one, layer), with(other, layer));
    same_score((&one, one.score("fit").unwrap()), (&other, other.score("fit").unwrap()))
}

#[test]
fn laws_of_the_logic_are_used() {
    for (one, other) in [
        ("+1 when country is NZ and phone is known", "+1 when phone is known and country is NZ"),
        ("+1 when not (country is NZ or phone is known)", "+1 when country is not NZ and phone is missing"),
        ("+1 when not (not (country is NZ))", "+1 when country is NZ"),
        ("+1 when company.employees is from 20 to 250", "+1 when company.employees >= 20 and 250 >= company.employees"),
        (
            "+1 when company.employees is not from 20 to 250",
            "+1 when company.employees < 20 or company.employees > 250",
        ),
        ("+1 when no reply.received in the last 9 days", "+1 when not any reply.received in the last 9 days"),
        ("+1 when at most 2 reply.received", "+1 when not (at least 3 reply.received)"),
        ("fading +1 when any reply.received and phone is known", "+1 when phone is known and any reply.received"),
        ("+2 when 3 * 4 < company.employees", "+2 when company.employees > 12"),
    ] {
        assert!(proven(one, other), "{one}, {other}");
    }
}

#[test]
fn what_is_not_the_same_is_not_proven() {
    for (one, other) in [
        ("+1 when country is NZ", "+2 when country is NZ"),
        ("+1 when country is NZ", "+1 when country is AU"),
        ("+1 when company.employees > 20", "+1 when company.employees >= 20"),
        ("+1 when any reply.received in the last 7 days", "+1 when any reply.received in the last 1 week"),
        ("+1 when any reply.received in the last 7 days", "+1 when any reply.received in the last 7 business days"),
        // Where points fade, what is denied twice has no age.
        ("fading +1 when not (not (any reply.received))", "+1 when any reply.received"),
        ("+1 when company.industry is known", "+1 when company is known"),
    ] {
        assert!(!proven(one, other), "{one}, {other}");
    }
}

#[test]
fn what_a_score_names_counts_as_well() {
    let text = fixture("before.playbook");
    let program_of = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        program(&text.replace(from, to))
    };
    let before = program(&text);
    let same = |after: &Program, score: &str| {
        same_score((&before, before.score(score).unwrap()), (after, after.score(score).unwrap()))
    };
    // Only `fit` asks for phrases, only `worth` for the fact; both count in the client's calendar.
    assert!(!same(&program_of("\"right away\"", "\"at once\""), "fit"));
    assert!(same(&program_of("\"right away\"", "\"at once\""), "worth"));
    assert!(!same(&program_of("last 30 days\n\nphrases", "last 31 days\n\nphrases"), "worth"));
    assert!(!same(&program_of("\"too expensive\"", "\"too much\""), "fit"), "objections are said");
    assert!(!same(&program_of("Pacific/Auckland", "Europe/Berlin"), "fit"));
    assert!(same(&program_of("09:00 to 17:00", "08:00 to 17:00"), "fit"), "nothing in it counts business time");
    assert!(same(&program_of("\"near\"", "\"close by\""), "fit"), "reasons are for readers");
}

#[test]
fn a_stage_that_does_the_same_is_taken_for_renamed() {
    let (before, after) = (program(&fixture("before.playbook")), program(&fixture("after.playbook")));
    let stands = |stage: &str| whereabouts(&before, &after, "Welcome", stage);
    assert_eq!(stands("Rating"), Whereabouts::Stays { changed: true });
    let renamed = program(&fixture("before.playbook").replace("Writing", "Drafting"));
    assert_eq!(
        whereabouts(&before, &renamed, "Welcome", "Writing"),
        Whereabouts::Gone { likely: Some(("Welcome".into(), "Drafting".into())) }
    );
    assert_eq!(page(&before, &renamed).lines().count(), 4, "{}", page(&before, &renamed));
    let moved = program(&fixture("before.playbook").replace("Welcome", "Greeting"));
    assert_eq!(
        whereabouts(&before, &moved, "Welcome", "Talking"),
        Whereabouts::Gone { likely: Some(("Greeting".into(), "Talking".into())) }
    );
}
