//! A client's playbook as it stood at a revision: read by the installed `git`, without touching the work tree.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use compiler::codes::not_utf8;
use compiler::compile::{Compiled, Input, compile};
use compiler::diagnostics::SourceText;
use compiler::modules::{LoadError, Loader, Modules};
use compiler::program::FileId;
use smol_str::SmolStr;

use crate::client::{is_playbook, why};
use crate::exit::Failure;
use crate::files::LARGEST_PLAYBOOK;
use crate::playbook::Playbook;

/// A folder or file in a repository, at a revision.
#[derive(Debug)]
pub(crate) struct Revision {
    /// Where `git` is called.
    base: PathBuf,
    /// As it was named: `HEAD~1`.
    name: String,
    /// What it is.
    commit: String,
    /// The path from the repository's root, without slashes at its ends; empty is the root.
    path: String,
}

impl Revision {
    /// The revision of that name, of a path as one names it here.
    ///
    /// # Errors
    /// Where there is no git, no repository or no such revision.
    pub(crate) fn of(name: &str, path: &Path) -> anyhow::Result<Self> {
        let (base, below) = if path.is_dir() {
            (path.to_owned(), None)
        } else {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty() && parent.is_dir());
            match parent {
                Some(parent) => (parent.to_owned(), path.file_name().map(PathBuf::from)),
                None => (PathBuf::from("."), Some(path.to_owned())),
            }
        };
        let prefix = git(&base, &["rev-parse", "--show-prefix"])?.map_err(|_| {
            Failure::could_not_run(format!("`{}` is in no git repository", base.display()))
                .help("compare two files or folders instead: playbook diff BEFORE AFTER")
        })?;
        let prefix = String::from_utf8_lossy(&prefix).trim().to_owned();
        let below = below.map(|below| below.to_string_lossy().into_owned()).unwrap_or_default();
        let below = below.trim_start_matches("./");
        let path = format!("{prefix}{below}").trim_matches('/').to_owned();
        let commit = if name.starts_with('-') { Err(String::new()) } else { resolve(&base, name)? };
        let commit = commit.map_err(|_| {
            Failure::usage(format!("there is no revision `{name}`"))
                .help("name a commit, a branch or a tag that `git log` knows: HEAD~1, main, v1.2")
        })?;
        Ok(Self { base, name: name.to_owned(), commit, path })
    }

    /// `HEAD~1:playbooks/stackmates`
    pub(crate) fn spelled(&self) -> String {
        if self.path.is_empty() { self.name.clone() } else { format!("{}:{}", self.name, self.path) }
    }

    /// The playbook as it stood there. A folder is a client, with the modules of `shared/` beside it; a file stands for itself.
    ///
    /// # Errors
    /// Where there was no such path, or no playbook.
    pub(crate) fn compiled(&self) -> anyhow::Result<Playbook> {
        let path = Path::new(&self.path);
        let (folder, names) = if is_playbook(path) {
            let folder = path.parent().map(|parent| parent.to_string_lossy().into_owned()).unwrap_or_default();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            (folder, vec![name])
        } else {
            (self.path.clone(), self.playbooks_in(&self.path)?.unwrap_or_default())
        };
        let mut files = Vec::new();
        for name in &names {
            let Some(bytes) = self.read(&join(&folder, name))? else { continue };
            let source = SmolStr::from(name.as_str());
            match String::from_utf8(bytes) {
                Ok(text) => files.push(SourceText { name: source, text: text.into() }),
                Err(error) => return Ok(self.unreadable(&join(&folder, name), error.as_bytes())),
            }
        }
        if files.is_empty() {
            return Err(Failure::could_not_run(format!(
                "at `{}` there are no *.playbook files in `{}`",
                self.name, self.path
            ))
            .help("is the client newer, or was it called otherwise then? name both: REV:PATH")
            .into());
        }
        let own = files.len();
        let loader = Tree { revision: self, own: folder.clone(), shared: join(&parent(&folder), "shared") };
        let Compiled { program, refuted, mut files, diagnostics, modules, .. } =
            compile(&Input { files, asked: Vec::new() }, &loader);
        for source in files.files.iter_mut().take(own) {
            source.name = format!("{}:{}", self.name, join(&folder, &source.name)).into();
        }
        Ok(Playbook { program, refuted, diagnostics, files, modules })
    }

    fn unreadable(&self, path: &str, bytes: &[u8]) -> Playbook {
        let (text, finding) = not_utf8(FileId(0), bytes).unzip();
        let name = format!("{}:{path}", self.name).into();
        let source = SourceText { name, text: text.unwrap_or_default().into() };
        Playbook {
            program: None,
            refuted: None,
            diagnostics: finding.into_iter().collect(),
            files: compiler::diagnostics::Files { files: vec![source] },
            modules: Modules::default(),
        }
    }

    /// The playbooks right in a folder, sorted by name; none where there was no such folder.
    fn playbooks_in(&self, folder: &str) -> anyhow::Result<Option<Vec<String>>> {
        let tree = format!("{}:{folder}", self.commit);
        let Ok(names) = git(&self.base, &["ls-tree", "-z", "--name-only", "--full-tree", &tree])? else {
            return Ok(None);
        };
        let names = String::from_utf8_lossy(&names);
        let mut names: Vec<String> =
            names.split('\0').filter(|name| is_playbook(Path::new(name))).map(str::to_owned).collect();
        names.sort();
        Ok(Some(names))
    }

    /// A file's bytes; none where there was no such file.
    fn read(&self, path: &str) -> anyhow::Result<Option<Vec<u8>>> {
        let Ok(bytes) = git(&self.base, &["cat-file", "blob", &format!("{}:{path}", self.commit)])? else {
            return Ok(None);
        };
        if bytes.len() as u64 > LARGEST_PLAYBOOK {
            return Err(Failure::could_not_run(format!("`{}:{path}` is too large for a playbook", self.name)).into());
        }
        Ok(Some(bytes))
    }
}

/// The commit that a name means.
fn resolve(base: &Path, name: &str) -> anyhow::Result<Result<String, String>> {
    let commit = git(base, &["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])?;
    Ok(commit.map(|commit| String::from_utf8_lossy(&commit).trim().to_owned()))
}

/// Calls `git`; gives what it wrote, or what it complained of.
fn git(base: &Path, arguments: &[&str]) -> anyhow::Result<Result<Vec<u8>, String>> {
    let mut command = Command::new("git");
    command.arg("-C").arg(base).args(arguments).env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").stdin(Stdio::null());
    let output = command.output().map_err(|error| match error.kind() {
        ErrorKind::NotFound => Failure::could_not_run("`git` is not installed, or not on the PATH")
            .help("compare two files or folders instead: playbook diff BEFORE AFTER"),
        _ => Failure::could_not_run(format!("could not run `git`: {}", why(&error))),
    })?;
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Ok(if output.status.success() { Ok(output.stdout) } else { Err(said) })
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn parent(folder: &str) -> String {
    folder.rsplit_once('/').map(|(parent, _)| parent.to_owned()).unwrap_or_default()
}

/// The modules that a client could use then.
struct Tree<'r> {
    revision: &'r Revision,
    own: String,
    shared: String,
}

const SHARED: &str = "shared:";

impl Loader for Tree<'_> {
    fn load(&self, name: &str) -> Result<Arc<str>, LoadError> {
        let path = match name.strip_prefix(SHARED) {
            Some(rest) => join(&self.shared, rest),
            None => join(&self.own, name),
        };
        match self.revision.read(&path) {
            Ok(Some(bytes)) => match String::from_utf8(bytes) {
                Ok(text) => Ok(text.into()),
                Err(error) => {
                    let at = error.utf8_error().valid_up_to() + 1;
                    Err(LoadError::Unreadable(format!("not UTF-8 at byte {at}")))
                }
            },
            Ok(None) => Err(LoadError::NotThere),
            Err(error) => Err(LoadError::Unreadable(error.to_string())),
        }
    }

    fn names(&self) -> Vec<SmolStr> {
        let mut names = Vec::new();
        for (prefix, folder) in [("", &self.own), (SHARED, &self.shared)] {
            let found = self.revision.playbooks_in(folder).ok().flatten().unwrap_or_default();
            names.extend(found.into_iter().map(|name| SmolStr::from(format!("{prefix}{name}"))));
        }
        names
    }
}
