//! What the tests of this crate share: the fixtures, a tree without spans, and errors drawn below their lines.

mod outline;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use language::{Parsed, SyntaxError};
pub(crate) use outline::told;

/// The repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A file's text.
#[expect(clippy::disallowed_methods, reason = "tests read fixtures")]
pub(crate) fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The playbooks below a folder, by name; none where it is not there.
#[expect(clippy::disallowed_methods, reason = "tests look for fixtures")]
pub(crate) fn playbooks(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(playbooks(&path));
        } else if path.extension().is_some_and(|extension| extension == "playbook") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The fixtures of a kind.
pub(crate) fn fixtures(kind: &str) -> Vec<PathBuf> {
    let found = playbooks(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(kind));
    assert!(!found.is_empty(), "no fixtures of {kind}");
    found
}

/// Every playbook that has to be sound: fixtures, the standard library, examples, clients, and the target text.
pub(crate) fn sound_playbooks() -> Vec<PathBuf> {
    let mut found = fixtures("valid");
    for folder in ["stdlib", "examples", "playbooks"] {
        found.extend(playbooks(&repository().join(folder)));
    }
    let target = playbooks(&repository().join("../shared/design"));
    if target.is_empty() {
        // Straight to the stream: of a test that passes, the harness keeps what the print macros say to itself.
        std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("skipped: ../shared/design is not here\n"))
            .unwrap();
    }
    found.extend(target);
    found
}

/// The lines of a text that have errors, with a line below each that draws and names it.
pub(crate) fn drawn(text: &str, errors: &[SyntaxError]) -> String {
    let mut result = String::new();
    let mut start = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let end = start + line.len();
        let here: Vec<_> = errors
            .iter()
            .filter(|error| {
                let at = error.span.start as usize;
                (start..end).contains(&at) || (at == end && end == text.len())
            })
            .collect();
        writeln!(result, "{:3} │ {}", number + 1, line.trim_end()).unwrap();
        for error in here {
            let from = error.span.start as usize - start;
            let to = (error.span.end as usize).min(start + line.trim_end().len()).saturating_sub(start);
            let blanks = line[..from].chars().count();
            let carets = line.get(from..to.max(from)).map_or(1, |drawn| drawn.chars().count().max(1));
            writeln!(result, "    │ {}{} {}", " ".repeat(blanks), "^".repeat(carets), described(error)).unwrap();
        }
        start = end;
    }
    result
}

/// An error in one line.
fn described(error: &SyntaxError) -> String {
    told(&error.kind)
}

/// Checks that tokens tile the text, and clauses the tokens.
pub(crate) fn assert_tiled(text: &str, parsed: &Parsed) {
    let tokens = &parsed.tokens;
    let mut at = 0;
    for index in 0..tokens.len() {
        let span = tokens.span(index);
        assert_eq!(span.start, at, "token {index} of {text:?}");
        assert!(span.end > span.start, "token {index} of {text:?} is empty");
        at = span.end;
    }
    assert_eq!(at as usize, text.len(), "{text:?}");
    let end = assert_clauses_tile(&parsed.structure.declarations, 0);
    assert_eq!(parsed.structure.rest, end..tokens.len(), "{text:?}");
}

fn assert_clauses_tile(clauses: &[language::structure::Clause], mut at: u32) -> u32 {
    for clause in clauses {
        assert_eq!(clause.range.start, at);
        assert!(clause.range.start <= clause.core.start && clause.core.end <= clause.range.end);
        assert!(clause.core.start < clause.core.end);
        for block in &clause.blocks {
            assert!(clause.core.start <= block.open && block.end <= clause.core.end);
            let inner = assert_clauses_tile(&block.clauses, block.open + 1);
            assert_eq!(block.rest.start, inner);
            assert_eq!(block.rest.end, block.close.unwrap_or(block.end));
        }
        at = clause.range.end;
    }
    at
}
