//! Research notes: a folder of files that people keep by hand, read line by line. Knows no field types.
//!
//! `acme.example.md`, `acme.example.txt`, any such file in a folder `acme.example`, the same with an e-mail address: lines
//! `key: value`, where the key is a field. Other lines are prose. `*.csv`: a row about a company or contact is found by its
//! column `company.domain`, `domain`, `contact.email` or `email`; the other columns are named as fields.

use std::fs;
use std::path::{Path, PathBuf};

use smol_str::{SmolStr, format_smolstr};

use crate::agents::{PortError, PortErrorKind};

/// A note is written by people: nobody writes so much.
const LARGEST: u64 = 16 * 1024 * 1024;

/// A folder of research notes.
#[derive(Clone, Debug)]
pub struct Notes {
    folder: PathBuf,
}

/// One thing that a note says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Note {
    /// The file, seen from the folder.
    pub(super) file: SmolStr,
    /// `line 4`, `line 4, column industry`
    pub(super) locator: SmolStr,
    /// Lower case.
    pub(super) key: SmolStr,
    pub(super) value: String,
    /// The line or cell as it stands there.
    pub(super) quote: String,
}

impl Notes {
    /// Those in that folder, which need not be there.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// What is noted about whoever has one of these domains or addresses, by file and line.
    pub(super) fn about(&self, names: &[SmolStr]) -> Result<Vec<Note>, PortError> {
        let mut notes = Vec::new();
        for path in listed(&self.folder)? {
            let name = lower_name(&path);
            if path.is_dir() {
                if names.iter().any(|wanted| *wanted == name) {
                    for inner in listed(&path)?.iter().filter(|inner| is_prose(inner)) {
                        self.lines(inner, &mut notes)?;
                    }
                }
            } else if is_prose(&path) {
                let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
                if names.iter().any(|wanted| wanted == stem) {
                    self.lines(&path, &mut notes)?;
                }
            } else if has_extension(&path, "csv") {
                self.rows(&path, names, &mut notes)?;
            }
        }
        Ok(notes)
    }

    fn lines(&self, path: &Path, notes: &mut Vec<Note>) -> Result<(), PortError> {
        let text = self.text(path)?;
        for (number, line) in (1_u32..).zip(text.lines()) {
            let Some((key, value)) = key_and_value(line) else { continue };
            notes.push(Note {
                file: self.seen(path),
                locator: format_smolstr!("line {number}"),
                key,
                value: value.to_owned(),
                quote: line.trim().to_owned(),
            });
        }
        Ok(())
    }

    fn rows(&self, path: &Path, names: &[SmolStr], notes: &mut Vec<Note>) -> Result<(), PortError> {
        let text = self.text(path)?;
        let broken = |error: &csv::Error| {
            PortError::refused(format!("the research note `{}` is no CSV that can be read: {error}", self.seen(path)))
        };
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let headers: Vec<SmolStr> =
            reader.headers().map_err(|error| broken(&error))?.iter().map(|name| name.to_lowercase().into()).collect();
        for row in reader.records() {
            let row = row.map_err(|error| broken(&error))?;
            let cells = || headers.iter().zip(row.iter());
            let about = cells().any(|(column, cell)| is_key(column) && names.contains(&normal(cell)));
            let line = row.position().map_or(0, csv::Position::line);
            let told = cells().filter(|(column, cell)| about && !cell.is_empty() && !is_key(column));
            notes.extend(told.map(|(column, cell)| Note {
                file: self.seen(path),
                locator: format_smolstr!("line {line}, column {column}"),
                key: column.clone(),
                value: cell.to_owned(),
                quote: cell.to_owned(),
            }));
        }
        Ok(())
    }

    fn text(&self, path: &Path) -> Result<String, PortError> {
        let length = fs::metadata(path).map_err(|error| self.unreadable(path, &error))?.len();
        if length > LARGEST {
            let megabytes = LARGEST / 1024 / 1024;
            return Err(PortError::refused(format!(
                "the research note `{}` is larger than {megabytes} MB: divide it",
                self.seen(path)
            )));
        }
        let bytes = fs::read(path).map_err(|error| self.unreadable(path, &error))?;
        let text = String::from_utf8(bytes).map_err(|_| {
            PortError::refused(format!("the research note `{}` is not UTF-8: save it so", self.seen(path)))
        })?;
        Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
    }

    fn unreadable(&self, path: &Path, error: &std::io::Error) -> PortError {
        let detail = format!("the research note `{}` cannot be read: {error}", self.seen(path));
        PortError::new(PortErrorKind::Broken, detail)
    }

    /// Seen from the folder, with `/` everywhere.
    fn seen(&self, path: &Path) -> SmolStr {
        let inside = path.strip_prefix(&self.folder).unwrap_or(path);
        let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        parts.join("/").into()
    }
}

/// What stands in a folder, by name; nothing where there is no folder.
fn listed(folder: &Path) -> Result<Vec<PathBuf>, PortError> {
    let broken = |error: &std::io::Error| {
        PortError::new(PortErrorKind::Broken, format!("the folder of research notes cannot be read: {error}"))
    };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(broken(&error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(|error| broken(&error))?.path());
    }
    paths.sort();
    Ok(paths)
}

fn lower_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default()
}

fn has_extension(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
}

fn is_prose(path: &Path) -> bool {
    has_extension(path, "md") || has_extension(path, "txt")
}

fn is_key(column: &str) -> bool {
    matches!(column, "company.domain" | "domain" | "contact.email" | "email")
}

/// A domain or an address as it is compared.
pub(super) fn normal(text: &str) -> SmolStr {
    let lower = text.trim().to_lowercase();
    let bare = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    bare.split('/').next().unwrap_or(bare).into()
}

/// `- **industry**: construction` is `industry` and `construction`.
fn key_and_value(line: &str) -> Option<(SmolStr, &str)> {
    let line = line.trim().trim_start_matches(['-', '*', '#', '>', ' ']);
    let (key, value) = line.split_once(':')?;
    let key = key.trim_matches(['*', '`', '_', ' ']);
    let value = value.trim_start_matches('*').trim();
    let named = !key.is_empty() && key.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '_'));
    (named && !value.is_empty()).then(|| (key.to_lowercase().into(), value))
}
