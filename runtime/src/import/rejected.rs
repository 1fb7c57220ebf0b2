//! The file of rejected rows: the columns as they were, with the line and the reason behind them.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind};
use std::path::{Path, PathBuf};

use super::header::Header;
use super::rows::Row;

/// Rejected rows being written beside the file that will hold them, so that an import that fails leaves none behind. No
/// file that is there is ever written over.
pub(super) struct RejectedFile {
    path: PathBuf,
    /// Where the path is taken, the next free number is.
    numbered: bool,
    separator: u8,
    writer: Option<csv::Writer<BufWriter<File>>>,
    failed: Option<String>,
}

impl RejectedFile {
    /// Nothing is made before the first row.
    pub(super) fn named(path: PathBuf, separator: char) -> Self {
        Self::new(path, false, separator)
    }

    /// `leads.csv` has `leads.rejected.csv` beside it, or `leads.rejected-2.csv`.
    pub(super) fn beside(file: &Path, separator: char) -> Self {
        Self::new(file.with_extension("rejected.csv"), true, separator)
    }

    fn new(path: PathBuf, numbered: bool, separator: char) -> Self {
        Self { path, numbered, separator: u8::try_from(separator).unwrap_or(b','), writer: None, failed: None }
    }

    pub(super) fn add(&mut self, header: &Header, row: &Row, reason: &str) {
        if self.failed.is_none()
            && let Err(error) = self.write(header, row, reason)
        {
            self.failed = Some(error.to_string());
            self.writer = None;
        }
    }

    fn write(&mut self, header: &Header, row: &Row, reason: &str) -> csv::Result<()> {
        let mut writer = match self.writer.take() {
            Some(writer) => writer,
            None => {
                let file = BufWriter::new(File::create_new(part(&self.path))?);
                let mut writer = csv::WriterBuilder::new().delimiter(self.separator).flexible(true).from_writer(file);
                let names = header.names().iter().map(String::as_str);
                writer.write_record(names.chain(["rejected in line", "rejected because"]))?;
                writer
            }
        };
        // A row that is too short is filled up, so that line and reason stand under their headers.
        let fill = std::iter::repeat_n("", header.len().saturating_sub(row.len()));
        let line = row.line.to_string();
        writer.write_record(row.cells().chain(fill).chain([line.as_str(), reason]))?;
        self.writer = Some(writer);
        Ok(())
    }

    /// Gives the file its name; where it is, and why not where it could not be written.
    pub(super) fn keep(mut self) -> (Option<PathBuf>, Option<String>) {
        let path = self.path.clone();
        let unwritten = |error: String| {
            let path = path.display();
            (None, Some(format!("the rejected rows could not be written to `{path}`: {error}; name another file")))
        };
        if let Some(error) = self.failed.take() {
            return unwritten(error);
        }
        let Some(mut writer) = self.writer.take() else { return (None, None) };
        match writer.flush().and_then(|()| place(&path, self.numbered)) {
            Ok(placed) => (Some(placed), None),
            Err(error) => {
                let rows = part(&path);
                let (_, why) = unwritten(error.to_string());
                (None, why.map(|why| format!("{why}; until then they are in `{}`", rows.display())))
            }
        }
    }
}

/// Gives the rows their name. Making the file anew and then replacing it leaves no moment in which another's could be lost.
fn place(path: &Path, numbered: bool) -> io::Result<PathBuf> {
    let mut free = path.to_path_buf();
    let mut number = 1;
    while let Err(error) = File::create_new(&free) {
        if !numbered || error.kind() != ErrorKind::AlreadyExists {
            return Err(error);
        }
        number += 1;
        free = with_number(path, number);
    }
    std::fs::rename(part(path), &free)?;
    Ok(free)
}

/// `leads.rejected.csv` with 2 is `leads.rejected-2.csv`.
#[must_use]
pub fn with_number(path: &Path, number: u32) -> PathBuf {
    let mut name: OsString = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{number}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

impl Drop for RejectedFile {
    fn drop(&mut self) {
        if self.writer.take().is_some() {
            // What is left of an import that failed; there is nobody to tell that it could not be removed.
            let _ = std::fs::remove_file(part(&self.path));
        }
    }
}

fn part(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    // Two imports at once do not write into one file, and what a crash left behind is in nobody's way.
    name.push(format!(".{}.part", std::process::id()));
    path.with_file_name(name)
}
