//! Neovim as Debian has it, headless: it is opened on a client's playbook with the files of editors/neovim, and does what keys do.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::tools;

#[test]
fn a_playbook_is_known_and_coloured_without_the_server() {
    let Some(desk) = Desk::open() else { return };
    if !tools::has("C compiler", "cc", &["--version"]) {
        return;
    }
    let sources = tools::project().join("editors/tree-sitter-playbook/src");
    let parser = desk.folder.path().join("parser");
    std::fs::create_dir(&parser).unwrap();
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-I"]).arg(&sources).arg("-o").arg(parser.join("playbook.so"));
    assert!(compiler.args([sources.join("parser.c"), sources.join("scanner.c")]).status().unwrap().success());
    let steps = json!([
        { "act": "settings" },
        { "act": "colours", "at": "layer behavioral" },
        { "act": "colours", "at": "behavioral weight" },
        { "act": "colours", "at": "// year" },
        { "act": "colours", "at": "reads about ventilation" },
        { "act": "type", "at": "score icp", "keys": "O/// One.<CR>Two." },
    ]);
    insta::assert_snapshot!(desk.drive("playbooks/sneakers/sneakers.playbook", None, &steps));
}

#[test]
fn the_server_is_at_work_while_somebody_types() {
    let Some(desk) = Desk::open() else { return };
    let steps = json!([
        { "act": "settings" },
        { "act": "type", "at": "55%", "keys": "cw65" },
        { "act": "diagnostics" },
        { "act": "type", "at": "65%", "keys": "cw55" },
        { "act": "settled" },
        { "act": "type", "at": "hot  when icp", "keys": "Oluke   when icp>=50" },
        { "act": "format" },
        { "act": "reload" },
        { "act": "type", "at": "55%", "keys": "cw54" },
        { "act": "diagnostics" },
    ]);
    let server = tools::playbook();
    insta::assert_snapshot!(desk.drive("playbooks/sneakers/sneakers.playbook", Some(&server), &steps));
}

#[test]
fn the_server_answers_what_is_asked() {
    let Some(desk) = Desk::open() else { return };
    let steps = json!([
        { "act": "hover", "at": "icp >= 60" },
        { "act": "hover", "at": "viewed where" },
        { "act": "definition", "at": "assessment.booked", "nth": 2 },
        { "act": "definition", "at": "b2c" },
        { "act": "references", "at": "home_owner" },
        { "act": "complete", "at": "is yes", "right": 5, "type": " and bui", "take": "built" },
        { "act": "type", "keys": "u" },
        { "act": "settled" },
        { "act": "type", "at": "symptoms has", "keys": "cwsymptons" },
        { "act": "diagnostics", "says": "`symptons`" },
        { "act": "actions", "at": "symptons", "choose": "symptoms" },
        { "act": "settled" },
        { "act": "rename", "at": "home_owner", "name": "owns_the_house" },
        { "act": "format" },
        { "act": "settled" },
    ]);
    let server = tools::playbook();
    let shown = desk.drive("playbooks/sneakers/sneakers.playbook", Some(&server), &steps);
    // The standard library lies in a folder of its version.
    insta::assert_snapshot!(shown.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

/// A folder with copies of the clients of this repository, to be edited.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    /// None where this machine has no Neovim.
    fn open() -> Option<Self> {
        if !tools::has("Neovim", "nvim", &["--version"]) {
            return None;
        }
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        copy(&tools::project().join("playbooks"), &desk.folder.path().join("playbooks"));
        Some(desk)
    }

    /// Opens a file, does what the steps say, and gives what there was to see after each.
    fn drive(&self, file: &str, server: Option<&Path>, steps: &Value) -> String {
        let root = self.folder.path().canonicalize().unwrap();
        let command: Vec<_> = match server {
            Some(server) => vec![server.display().to_string(), "lsp".to_owned()],
            None => vec!["there-is-no-such-command".to_owned()],
        };
        let plan = json!({
            "editors": tools::project().join("editors/neovim"),
            "extra": root,
            "root": root,
            "file": root.join(file),
            "command": command,
            "server": server.is_some(),
            "steps": steps,
        });
        let (plan_file, results) = (root.join("plan.json"), root.join("results.json"));
        std::fs::write(&plan_file, plan.to_string()).unwrap();
        let script = tools::project().join("tests/editor/neovim/drive.lua");
        let mut neovim = Command::new("nvim");
        neovim
            .args(["--headless", "-u", "NONE", "-i", "NONE", "-n", "-c"])
            .arg(format!("luafile {}", script.display()))
            .env("PLAN", plan_file)
            .env("RESULTS", &results)
            .env("XDG_STATE_HOME", &root)
            .env("XDG_CACHE_HOME", &root)
            .current_dir(&root)
            .stdin(Stdio::null());
        let output = neovim.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let done = std::fs::read_to_string(&results).unwrap_or_else(|_| panic!("Neovim wrote nothing down: {said}"));
        let done: Value = serde_json::from_str(&done).unwrap();
        assert_eq!(done["failure"], Value::Null, "{said}");
        let mut shown = String::new();
        for (step, result) in steps.as_array().unwrap().iter().zip(done["results"].as_array().unwrap()) {
            let _ = writeln!(shown, "{}", step_in_words(step));
            draw(&mut shown, &result["result"], 1);
        }
        for notice in done["notices"].as_array().unwrap() {
            let _ = writeln!(shown, "told: {}", notice["message"].as_str().unwrap());
        }
        shown
    }
}

/// `hover at: icp, nth: 2`.
fn step_in_words(step: &Value) -> String {
    let told = |(name, value): (&String, &Value)| match value {
        Value::String(text) => format!("{name}: {text}"),
        value => format!("{name}: {value}"),
    };
    let rest: Vec<_> = step.as_object().unwrap().iter().filter(|(name, _)| *name != "act").map(told).collect();
    format!("── {} {}", step["act"].as_str().unwrap(), rest.join(", ")).trim_end().to_owned()
}

/// A result as lines, names in order.
fn draw(shown: &mut String, value: &Value, depth: usize) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Array(items) if items.is_empty() => {
            let _ = writeln!(shown, "{indent}nothing");
        }
        Value::Array(items) => items.iter().for_each(|item| draw(shown, item, depth)),
        Value::Object(fields) => {
            let mut names: Vec<_> = fields.keys().collect();
            names.sort();
            for name in names {
                let _ = writeln!(shown, "{indent}{name}");
                draw(shown, &fields[name], depth + 1);
            }
        }
        Value::String(text) => {
            let _ = writeln!(shown, "{}", format!("{indent}{text}").trim_end());
        }
        value => {
            let _ = writeln!(shown, "{indent}{value}");
        }
    }
}

/// Copies the playbooks of a folder.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else if from.extension().is_some_and(|extension| extension == "playbook") {
            std::fs::copy(from, to).unwrap();
        }
    }
}
