//! What ARCHITECTURE.md says is absent is absent, read off the sources.

use std::path::{Path, PathBuf};

use crate::support::repository;

/// All Rust sources below a folder of the repository.
fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&repository().join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The lines of code, without comments, that have one of the words; with their places.
fn lines_with(path: &Path, words: &[&str]) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let code = |line: &&str| !line.trim_start().starts_with("//");
    let has = |line: &&str| words.iter().any(|word| line.contains(word));
    text.lines().filter(code).filter(has).map(|line| format!("{}: {}", path.display(), line.trim())).collect()
}

fn none_in(folder: &str, words: &[&str], except: &[&str]) {
    let root = repository();
    for path in sources(folder) {
        let inside = path.strip_prefix(root).unwrap();
        if !except.iter().any(|allowed| inside.starts_with(allowed)) {
            assert_eq!(lines_with(&path, words), Vec::<String>::new());
        }
    }
}

#[test]
fn arrows_run_one_way() {
    for (krate, above) in [
        ("language", &["compiler", "runtime", "foresight", "lsp", "rusqlite"][..]),
        ("compiler", &["runtime", "foresight", "lsp", "service", "rusqlite", "pest", "logos"]),
        ("runtime", &["foresight", "lsp", "service", "pest", "logos", "clap", "anyhow"]),
        ("foresight", &["lsp", "service", "rusqlite", "pest", "logos", "clap", "anyhow"]),
        ("lsp", &["service", "rusqlite", "pest", "logos", "clap", "anyhow"]),
        ("service", &["rusqlite", "pest", "logos", "clap", "anyhow"]),
    ] {
        let manifest = std::fs::read_to_string(repository().join(krate).join("Cargo.toml")).unwrap();
        let dependencies = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap().to_owned();
        for name in above {
            assert!(!dependencies.lines().any(|line| line.starts_with(name)), "{krate} depends on {name}");
        }
    }
    for folder in ["compiler", "runtime", "foresight", "lsp", "service", "cli"] {
        none_in(folder, &["pest::", "logos::", "use pest", "use logos"], &[]);
    }
    none_in("language/src", &["compiler::", "runtime::"], &[]);
    none_in("compiler/src", &["runtime::"], &[]);
}

#[test]
fn only_the_server_names_the_protocol() {
    for folder in ["language/src", "compiler/src", "runtime/src", "foresight/src", "service/src", "cli"] {
        none_in(folder, &["tower_lsp", "ls_types", "lsp_types"], &[]);
    }
}

#[test]
fn only_the_crm_names_sql() {
    let words = &["rusqlite", "SELECT ", "INSERT INTO", "PRAGMA"];
    none_in("cli", words, &[]);
    none_in("lsp/src", words, &[]);
    none_in("service", words, &[]);
    none_in("foresight/src", words, &[]);
    none_in("compiler/src", words, &[]);
    none_in("language/src", words, &[]);
    none_in("runtime/src", words, &["runtime/src/crm"]);
}

#[test]
fn one_place_reads_the_clock() {
    let words = &["Timestamp::now", "Zoned::now", "SystemTime::now"];
    for folder in ["language/src", "compiler/src", "runtime/src", "foresight/src", "service/src"] {
        none_in(folder, words, &[]);
    }
    none_in("cli", words, &["cli/words.rs"]);
}

#[test]
fn every_source_says_what_it_is_for() {
    for folder in ["language", "compiler", "runtime", "lsp", "service", "cli", "tests"] {
        for path in sources(folder) {
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.starts_with("//!"), "{} has no `//!` line", path.display());
        }
    }
}

#[test]
fn the_guards_named_here_exist() {
    let page = std::fs::read_to_string(repository().join("ARCHITECTURE.md")).unwrap();
    let all: Vec<PathBuf> = ["language", "compiler", "runtime", "foresight", "lsp", "service", "tests"]
        .iter()
        .flat_map(|folder| sources(folder))
        .collect();
    let mut guards = 0;
    for quoted in page.split('`').skip(1).step_by(2) {
        let Some((module, test)) = quoted.split_once("::") else { continue };
        let file = format!("{module}.rs");
        let there = all.iter().filter(|path| path.ends_with(&file)).any(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            text.contains(&format!("fn {test}("))
        });
        assert!(there, "ARCHITECTURE.md names {quoted}, which is not there");
        guards += 1;
    }
    assert!(guards > 20, "only {guards} guards are named");
}
