//! A client's folder: its name, its playbook files, what they mean, and whether they were changed. It reads and knows no CRM.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use compiler::compile::{Compiled, Input, compile};
use compiler::diagnostics::{Diagnostic, Files, Severity, SourceText};
use compiler::modules::{LoadError, Loader};
use compiler::program::Program;
use serde::Serialize;
use smol_str::SmolStr;
use utoipa::ToSchema;

/// No playbook is larger.
pub(crate) const LARGEST: u64 = 4 << 20;
/// What a playbook's name ends in.
const ENDING: &str = "playbook";
/// Beside the clients: what several of them use.
const SHARED: &str = "shared";
/// How a client's files name that.
const PREFIX: &str = "shared:";

/// A client's folder.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    /// The name of the folder, by which the client is called in addresses.
    pub(crate) name: String,
    path: PathBuf,
}

/// Why a folder cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It cannot be read.
    #[error("the folder `{}` cannot be read: {why}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// The system's words.
        why: std::io::Error,
    },
    /// It cannot stand in an address.
    #[error(
        "the client's folder `{0}` cannot be named in an address: use letters, digits, `-`, `_` and `.`, at most 64 of them"
    )]
    Name(String),
}

/// A finding about a playbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Finding {
    /// `error`, `warning` or `note`
    pub(crate) severity: String,
    /// By which `playbook explain` knows it.
    pub(crate) code: String,
    /// What is wrong, in a line.
    pub(crate) message: String,
    /// In which file.
    pub(crate) file: String,
    /// In which line, from 1.
    pub(crate) line: usize,
    /// What to do.
    pub(crate) help: Vec<String>,
}

/// What a client's files mean.
pub(crate) struct Read {
    /// None where something is an error.
    pub(crate) program: Option<Program>,
    /// What was found.
    pub(crate) findings: Vec<Finding>,
    /// By which what stands somewhere names its file.
    pub(crate) files: Files,
}

impl Folder {
    /// The clients of a folder: itself, or each of the folders in it that has a playbook. Then more of them may come, and the folder itself is
    /// named as well.
    ///
    /// # Errors
    /// Where it cannot be read, or a client has a name that cannot stand in an address.
    pub(crate) fn served(path: &Path) -> Result<(Vec<Self>, Option<PathBuf>), FolderError> {
        let unreadable = |why| FolderError::Unreadable { path: path.to_owned(), why };
        let whole = path.canonicalize().map_err(unreadable)?;
        if !playbooks(&whole).map_err(unreadable)?.is_empty() {
            return Ok((vec![Self::of(whole)?], None));
        }
        let clients: Result<Vec<Self>, FolderError> = Self::beside(&whole, &BTreeSet::new())?.into_iter().collect();
        let mut clients = clients?;
        clients.sort_by(|one, other| one.name.cmp(&other.name));
        Ok((clients, Some(whole)))
    }

    /// The clients right in a folder, beside those that are known; an error where one cannot be named in an address.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub(crate) fn beside(path: &Path, known: &BTreeSet<String>) -> Result<Vec<Result<Self, FolderError>>, FolderError> {
        let unreadable = |why| FolderError::Unreadable { path: path.to_owned(), why };
        let mut clients = Vec::new();
        for entry in std::fs::read_dir(path).map_err(unreadable)? {
            let below = entry.map_err(unreadable)?.path();
            let name = below.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if name == SHARED || name.starts_with('.') || known.contains(&name) || !below.is_dir() {
                continue;
            }
            if playbooks(&below).is_ok_and(|files| !files.is_empty()) {
                clients.push(Self::of(below));
            }
        }
        Ok(clients)
    }

    /// # Errors
    /// Where its name cannot stand in an address.
    pub(crate) fn of(path: PathBuf) -> Result<Self, FolderError> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let is_fit = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
        if name.is_empty() || name.len() > 64 || name.starts_with('.') || !name.chars().all(is_fit) {
            return Err(FolderError::Name(name));
        }
        Ok(Self { name, path })
    }

    /// Its CRM.
    pub(crate) fn crm(&self) -> PathBuf {
        self.path.join("crm.db")
    }

    /// What the service keeps for it.
    pub(crate) fn service_file(&self) -> PathBuf {
        self.path.join("service.db")
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Its playbook files by their names, as they stand.
    ///
    /// # Errors
    /// Where one cannot be read.
    pub(crate) fn sources(&self) -> std::io::Result<BTreeMap<String, String>> {
        let mut sources = BTreeMap::new();
        for path in playbooks(&self.path)? {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            sources.insert(name, text(&path)?);
        }
        Ok(sources)
    }

    /// What such files mean, in this folder.
    pub(crate) fn compile(&self, sources: &BTreeMap<String, String>) -> Read {
        let files =
            sources.iter().map(|(name, text)| SourceText { name: name.as_str().into(), text: text.as_str().into() });
        let input = Input { files: files.collect(), asked: Vec::new() };
        let around = Around { folder: self, sources };
        let Compiled { program, files, diagnostics, .. } = compile(&input, &around);
        Read { program, findings: diagnostics.iter().map(|found| finding(found, &files)).collect(), files }
    }

    /// What tells whether a file was changed: names, lengths and times of all that the client's work depends on.
    pub(crate) fn stamp(&self) -> Vec<(PathBuf, u64, Option<SystemTime>)> {
        let mut paths = playbooks(&self.path).unwrap_or_default();
        paths.extend(playbooks(&self.shared()).unwrap_or_default());
        paths.push(self.path.join(runtime::agents::config::FILE));
        let stamp = |path: PathBuf| {
            let known = path.metadata().ok()?;
            Some((path, known.len(), known.modified().ok()))
        };
        paths.into_iter().filter_map(stamp).collect()
    }

    /// What it uses together with others.
    pub(crate) fn shared(&self) -> PathBuf {
        self.path.parent().unwrap_or(&self.path).join(SHARED)
    }
}

/// Whether a file may be called so: a plain name in the client's own folder.
pub(crate) fn is_playbook_name(name: &str) -> bool {
    let is_fit = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let stem = name.strip_suffix(".playbook").unwrap_or_default();
    !stem.is_empty() && name.len() <= 100 && !name.starts_with('.') && name.chars().all(is_fit)
}

fn finding(found: &Diagnostic, files: &Files) -> Finding {
    let source = files.files.get(found.primary.file.index());
    let before = usize::try_from(found.primary.span.start).unwrap_or(0);
    let line = source.and_then(|source| source.text.get(..before)).map_or(1, |text| text.matches('\n').count() + 1);
    Finding {
        severity: match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
        .to_owned(),
        code: found.code.id.to_owned(),
        message: found.headline.clone(),
        file: source.map(|source| source.name.to_string()).unwrap_or_default(),
        line,
        help: found.help.clone(),
    }
}

fn playbooks(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == ENDING) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn text(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    let read = std::fs::File::open(path)?.take(LARGEST + 1).read_to_string(&mut text)?;
    if read as u64 > LARGEST {
        return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, "too large for a playbook"));
    }
    Ok(text)
}

/// The modules that a client's files can `use` beside the standard library.
struct Around<'f> {
    folder: &'f Folder,
    sources: &'f BTreeMap<String, String>,
}

impl Loader for Around<'_> {
    fn load(&self, name: &str) -> Result<Arc<str>, LoadError> {
        if let Some(text) = self.sources.get(name) {
            return Ok(text.as_str().into());
        }
        let path = match name.strip_prefix(PREFIX) {
            Some(rest) => self.folder.shared().join(rest),
            None => self.folder.path.join(name),
        };
        if !path.exists() {
            return Err(LoadError::NotThere);
        }
        text(&path).map(Into::into).map_err(|error| LoadError::Unreadable(error.kind().to_string()))
    }

    fn names(&self) -> Vec<SmolStr> {
        let own = self.sources.keys().map(SmolStr::from);
        let shared = playbooks(&self.folder.shared()).unwrap_or_default();
        let shared = shared.iter().filter_map(|path| path.file_name());
        own.chain(shared.map(|name| SmolStr::from(format!("{PREFIX}{}", name.to_string_lossy())))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_plain_and_leads_nowhere_else() {
        for name in ["a.playbook", "lead-gen_2.playbook", "a.b.playbook"] {
            assert!(is_playbook_name(name), "{name}");
        }
        for name in [
            "../a.playbook",
            "a/b.playbook",
            ".playbook",
            ".a.playbook",
            "a.toml",
            "a\\b.playbook",
            "a\0.playbook",
            "ä.playbook",
        ] {
            assert!(!is_playbook_name(name), "{name}");
        }
    }

    #[test]
    fn clients_are_found_and_shared_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let (none, root) = Folder::served(folder.path()).unwrap();
        assert!(none.is_empty() && root.is_some(), "clients may come");
        for client in ["beta", "alpha", "shared", ".hidden"] {
            std::fs::create_dir(folder.path().join(client)).unwrap();
            std::fs::write(folder.path().join(client).join("a.playbook"), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("empty")).unwrap();
        let names = |clients: Vec<Folder>| clients.into_iter().map(|client| client.name).collect::<Vec<_>>();
        assert_eq!(names(Folder::served(folder.path()).unwrap().0), ["alpha", "beta"]);
        let known = BTreeSet::from(["alpha".to_owned()]);
        let more = Folder::beside(folder.path(), &known).unwrap();
        assert_eq!(names(more.into_iter().map(Result::unwrap).collect()), ["beta"]);
        let (one, root) = Folder::served(&folder.path().join("beta")).unwrap();
        assert_eq!((names(one), root), (vec!["beta".to_owned()], None));
    }
}
