//! The playbooks of the repository, each with its files, compiled.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use compiler::compile::{Compiled, Input, compile};
use compiler::diagnostics::SourceText;
use compiler::modules::Texts;
use compiler::modules::standard;

/// A client as it stands in the repository.
pub(crate) struct Playbook {
    pub(crate) name: String,
    pub(crate) files: Vec<SourceText>,
}

impl Playbook {
    pub(crate) fn compiled(&self) -> Compiled {
        compiled(&self.files)
    }
}

pub(crate) fn compiled(files: &[SourceText]) -> Compiled {
    compile(&Input { files: files.to_vec(), asked: Vec::new() }, &Texts::default())
}

/// Both clients, the examples, the cards of the tests, and all of the standard library in one.
pub(crate) fn all() -> Vec<Playbook> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut all = Vec::new();
    for folder in
        ["playbooks/stackmates", "playbooks/sneakers", "examples/refine", "examples/health", "examples/sources"]
    {
        all.push(Playbook { name: folder.to_owned(), files: read(&root.join(folder), &in_folder(&root.join(folder))) });
    }
    for folder in ["tests/real", "examples"] {
        for path in in_folder(&root.join(folder)) {
            let name = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().into_owned();
            all.push(Playbook { name, files: read(&root.join(folder), &[path]) });
        }
    }
    let uses: String = standard::names().iter().map(|name| format!("use {}\n", standard::dotted(name))).collect();
    let text: Arc<str> = format!("{uses}\n{CLIENT}").into();
    all.push(Playbook { name: "std".to_owned(), files: vec![SourceText { name: "all.playbook".into(), text }] });
    assert!(all.len() > 10 && all.iter().all(|playbook| !playbook.files.is_empty()));
    all
}

/// What a client brings, and the library asks for.
const CLIENT: &str = r#"score icp for Contact {
  +40 when country is NZ because "near"
  +40 when email is known because "can be written to"
  route {
    hot  when icp >= 80
    warm when icp >= 40
    cold otherwise
  }
}
"#;

fn read(root: &Path, paths: &[PathBuf]) -> Vec<SourceText> {
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().as_ref().into();
        SourceText { name, text: std::fs::read_to_string(path).expect("it can be read").into() }
    };
    paths.iter().map(read).collect()
}

fn in_folder(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    found.retain(|path| path.extension().is_some_and(|ending| ending == "playbook"));
    found.sort();
    found
}
