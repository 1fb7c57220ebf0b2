//! From a client's files to a Program: reads them, gives the compiler what it asks for, and says what it found.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use compiler::codes::not_utf8;
use compiler::compile::{Compiled, Input, compile};
use compiler::diagnostics::{Diagnostic, Files, Severity, SourceText};
use compiler::modules::{LoadError, Loader, Modules};
use compiler::program::{FileId, Program};
use smol_str::SmolStr;

use crate::client::{Client, playbooks_in, why};
use crate::exit::{Outcome, Told};
use crate::files;
use crate::findings::Findings;
use crate::terminal::Terminal;

/// A client's playbook, compiled.
#[derive(Debug)]
pub(crate) struct Playbook {
    /// What it means; none where something is an error.
    pub(crate) program: Option<Program>,
    /// What it means where it is understood and refused all the same; for its tests alone.
    pub(crate) refuted: Option<Program>,
    /// What was found.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The texts that the findings point into, named as one stands here.
    pub(crate) files: Files,
    /// Its declarations after `use` and `refine`.
    pub(crate) modules: Modules,
}

/// Reads and compiles a client's files. `asked` names lints that are silent otherwise.
///
/// # Errors
/// Where a file cannot be read. What is wrong in a file is a finding, not an error.
pub(crate) fn compiled(client: &Client, asked: &[String]) -> anyhow::Result<Playbook> {
    let mut sources = Vec::new();
    for path in &client.files {
        let bytes = files::read(path)?;
        match String::from_utf8(bytes) {
            Ok(text) => sources.push(SourceText { name: name_in(&client.folder, path), text: text.into() }),
            Err(error) => return Ok(unreadable(path, error.as_bytes())),
        }
    }
    let input = Input { files: sources, asked: asked.iter().map(SmolStr::from).collect() };
    let Compiled { program, refuted, mut files, diagnostics, modules, .. } = compile(&input, &Folder::of(client));
    for (source, path) in files.files.iter_mut().zip(&client.files) {
        source.name = path.to_string_lossy().into();
    }
    Ok(Playbook { program, refuted, diagnostics, files, modules })
}

/// The Program of a client, for verbs that run it; its errors are drawn on stderr.
///
/// # Errors
/// Where a file cannot be read, or the playbook has errors.
pub(crate) fn program(client: &Client, terminal: &Terminal) -> anyhow::Result<Program> {
    runnable(compiled(client, &[])?, terminal).map(|(program, _)| program)
}

/// The Program of a compiled playbook, and the texts it came from; its errors are drawn on stderr.
///
/// # Errors
/// Where it has some.
pub(crate) fn runnable(playbook: Playbook, terminal: &Terminal) -> anyhow::Result<(Program, Files)> {
    with_modules(playbook, terminal).map(|(program, files, _)| (program, files))
}

/// The same, with its declarations, for who checks it anew with other numbers.
///
/// # Errors
/// Where it has errors.
pub(crate) fn with_modules(mut playbook: Playbook, terminal: &Terminal) -> anyhow::Result<(Program, Files, Modules)> {
    if let Some(program) = playbook.program.take() {
        return Ok((program, playbook.files, playbook.modules));
    }
    say_errors(playbook, terminal);
    Err(Told(Outcome::Findings).into())
}

/// Draws the errors of a playbook on stderr.
pub(crate) fn say_errors(playbook: Playbook, terminal: &Terminal) {
    let mut findings = Findings::default();
    findings.add(playbook);
    terminal.say(&findings.at_least(Severity::Error).drawn(terminal.error_paint(), terminal.width()));
}

/// A file's name as a reader of the client knows it.
fn name_in(folder: &Path, path: &Path) -> SmolStr {
    path.strip_prefix(folder).unwrap_or(path).to_string_lossy().trim_start_matches("./").into()
}

/// A playbook of one file that is no text.
fn unreadable(path: &Path, bytes: &[u8]) -> Playbook {
    let (text, finding) = not_utf8(FileId(0), bytes).unzip();
    let source = SourceText { name: path.to_string_lossy().into(), text: text.unwrap_or_default().into() };
    Playbook {
        program: None,
        refuted: None,
        diagnostics: finding.into_iter().collect(),
        files: Files { files: vec![source] },
        modules: Modules::default(),
    }
}

/// The modules that a client's files can `use` beside the standard library: those of its folder, and those of `shared/` beside it.
struct Folder {
    own: PathBuf,
    shared: PathBuf,
}

const SHARED: &str = "shared:";

impl Folder {
    fn of(client: &Client) -> Self {
        // `..` of a folder named by a link is not what its name says: the real path is asked for, where there is one.
        let own = client.folder.canonicalize().unwrap_or_else(|_| client.folder.clone());
        let shared = own.parent().unwrap_or(&own).join("shared");
        Self { own, shared }
    }

    fn path(&self, name: &str) -> PathBuf {
        match name.strip_prefix(SHARED) {
            Some(rest) => self.shared.join(rest),
            None => self.own.join(name),
        }
    }
}

impl Loader for Folder {
    fn load(&self, name: &str) -> Result<Arc<str>, LoadError> {
        let path = self.path(name);
        match path.metadata() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(LoadError::NotThere),
            Err(error) => return Err(LoadError::Unreadable(why(&error))),
            Ok(_) => {}
        }
        let bytes = files::read(&path).map_err(|error| LoadError::Unreadable(error.to_string()))?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(text.into()),
            Err(error) => {
                let at = error.utf8_error().valid_up_to() + 1;
                Err(LoadError::Unreadable(format!("not UTF-8 at byte {at}")))
            }
        }
    }

    fn names(&self) -> Vec<SmolStr> {
        let mut names: Vec<SmolStr> = Vec::new();
        for (prefix, folder) in [("", &self.own), (SHARED, &self.shared)] {
            for path in playbooks_in(folder).unwrap_or_default() {
                names.extend(path.file_name().map(|name| SmolStr::from(format!("{prefix}{}", name.to_string_lossy()))));
            }
        }
        names
    }
}
