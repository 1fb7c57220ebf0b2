//! Which client is meant: a folder, its playbook files and its database. Reads names, never contents.

use std::path::{Path, PathBuf};

use crate::exit::Failure;
use crate::words;

/// Where clients live beside each other.
const CLIENTS: &str = "playbooks";
/// What a playbook's name ends in.
const ENDING: &str = "playbook";

/// A client: its folder and the files that make up its playbook.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    /// The folder that sources and `use ./…` are relative to.
    pub(crate) folder: PathBuf,
    /// Its files, sorted by name.
    pub(crate) files: Vec<PathBuf>,
    /// How to name it on the command line again; empty where it is the folder one stands in.
    pub(crate) spelled: String,
    database: PathBuf,
}

impl Client {
    /// The first argument, where it names a client; taken off the arguments then. Otherwise the folder one stands in.
    ///
    /// # Errors
    /// Where there is no client.
    pub(crate) fn take(arguments: &mut Vec<String>) -> anyhow::Result<Self> {
        if let Some(first) = arguments.first()
            && let Some(path) = meant(first)
        {
            let client = Self::at(&path, first)?;
            arguments.remove(0);
            return Ok(client);
        }
        Self::here(arguments.first().map(String::as_str))
    }

    /// The client named, or the folder one stands in.
    ///
    /// # Errors
    /// Where there is no client of that name.
    pub(crate) fn named(argument: Option<&str>) -> anyhow::Result<Self> {
        let Some(argument) = argument else { return Self::here(None) };
        match meant(argument) {
            Some(path) => Self::at(&path, argument),
            None => Err(no_such(argument)),
        }
    }

    /// One playbook file that stands for itself.
    pub(crate) fn of_file(path: &Path, spelled: &str) -> Self {
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Self {
            folder: folder.to_owned(),
            files: vec![path.to_owned()],
            spelled: spelled.to_owned(),
            database: path.with_extension("crm.db"),
        }
    }

    /// Its CRM's database file, unless another is named.
    pub(crate) fn database(&self, named: Option<&Path>) -> PathBuf {
        named.map_or_else(|| self.database.clone(), Path::to_owned)
    }

    /// As a word of a command line to type next, with a blank before it.
    pub(crate) fn as_argument(&self) -> String {
        if self.spelled.is_empty() { String::new() } else { format!(" {}", words::quoted(&self.spelled)) }
    }

    fn at(path: &Path, spelled: &str) -> anyhow::Result<Self> {
        if path.is_file() {
            return Ok(Self::of_file(path, spelled));
        }
        let files = playbooks_in(path)?;
        if files.is_empty() {
            return Err(Failure::usage(format!("the folder `{}` has no *.playbook files", path.display()))
                .help(format!("make a client with: playbook new NAME{}", known_clients()))
                .into());
        }
        Ok(Self { folder: path.to_owned(), files, spelled: spelled.to_owned(), database: path.join("crm.db") })
    }

    fn here(unused: Option<&str>) -> anyhow::Result<Self> {
        let folder = Path::new(".");
        let files = playbooks_in(folder)?;
        if !files.is_empty() {
            return Ok(Self {
                folder: folder.to_owned(),
                files,
                spelled: String::new(),
                database: PathBuf::from("crm.db"),
            });
        }
        match unused {
            Some(word) => Err(no_such(word)),
            None => Err(Failure::usage("no client is named, and the folder you stand in has no *.playbook files")
                .help(format!("name a folder that has some{}", known_clients()))
                .into()),
        }
    }
}

/// The playbook files right in a folder, sorted by name.
///
/// # Errors
/// Where the folder cannot be read.
pub(crate) fn playbooks_in(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let unreadable =
        |error| Failure::could_not_run(format!("could not read the folder `{}`: {}", folder.display(), why(&error)));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if is_playbook(&path) && path.is_file() {
            files.push(path.strip_prefix("./").map(Path::to_owned).unwrap_or(path));
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a path is called like a playbook.
pub(crate) fn is_playbook(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == ENDING)
}

/// An operating system's error in words, without its number.
pub(crate) fn why(error: &std::io::Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or(&text);
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

/// The folder or playbook that an argument names, as it stands or under `playbooks/`.
fn meant(argument: &str) -> Option<PathBuf> {
    let path = Path::new(argument);
    if path.is_dir() || (is_playbook(path) && path.exists()) {
        return Some(path.to_owned());
    }
    let client = Path::new(CLIENTS).join(argument);
    let is_name = path.components().count() == 1;
    (is_name && client.is_dir()).then_some(client)
}

fn no_such(argument: &str) -> anyhow::Error {
    Failure::usage(format!("there is no client `{argument}`, and the folder you stand in has no *.playbook files"))
        .help(format!("name a folder with *.playbook files{}", known_clients()))
        .into()
}

/// `: playbooks/a, playbooks/b`, or nothing where there are none to be seen from here.
fn known_clients() -> String {
    let Ok(entries) = std::fs::read_dir(CLIENTS) else { return String::new() };
    let mut clients: Vec<String> = entries
        .flatten()
        .filter(|entry| playbooks_in(&entry.path()).is_ok_and(|files| !files.is_empty()))
        .map(|entry| entry.path().display().to_string())
        .collect();
    clients.sort();
    if clients.is_empty() { String::new() } else { format!("; here are {}", clients.join(", ")) }
}
