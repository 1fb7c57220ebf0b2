//! Somebody's file to records: read by a `source` of the playbook, previewed, tried, imported, and reported on.
//!
//! `decode` and `rows` turn bytes into cells, `convert` cells into values, `plan` knows which column goes where, `records` and
//! `events` give rows to the CRM's writer, and `run` holds them together. Nothing here names SQL or reads a clock.

mod convert;
mod dates;
mod decode;
mod detect;
mod error;
mod events;
mod fact;
mod header;
mod identity;
mod input;
mod plan;
mod preview;
mod records;
mod rejected;
mod relation;
mod report;
mod row;
mod rows;
mod run;
mod table;
pub mod visible;

use std::path::{Path, PathBuf};

use compiler::program::{Program, Source};
use jiff::Timestamp;

pub use detect::Detected;
pub use error::{ImportError, MissingColumn};
pub use fact::fact;
pub use preview::{Preview, PreviewCell, PreviewColumn};
pub use rejected::with_number;
pub use report::{Dangling, Rejection, Related, Report};
pub use table::each_row;

use crate::crm::Crm;

/// What to import.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The playbook.
    pub program: &'a Program,
    /// One of its sources.
    pub source: &'a Source,
    /// The file.
    pub file: &'a Path,
    /// When this is.
    pub now: Timestamp,
    /// Tries everything and keeps nothing, except on [`Crm::rehearse`]'s copy.
    pub dry_run: bool,
    /// Where rejected rows go, which may not be there yet; where absent, beside the file, as the first free of
    /// `FILE.rejected.csv`, `FILE.rejected-2.csv` and so on.
    pub rejected: Option<PathBuf>,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// So many bytes were read.
    pub bytes: u64,
    /// Of so many.
    pub of: u64,
    /// So many rows.
    pub rows: u64,
}

/// Imports a file in one transaction: all of it that can be taken, or, on an error, nothing.
///
/// # Errors
/// Where the file cannot be read or does not fit the source, where most of it would be rejected, and where the CRM cannot be
/// written.
pub fn run(crm: &mut Crm, request: &Request<'_>, progress: &mut dyn FnMut(Progress)) -> Result<Report, ImportError> {
    run::run(crm, request, progress)
}

/// The first rows as the CRM would see them.
///
/// # Errors
/// Where the file cannot be read or does not fit the source.
pub fn preview(request: &Request<'_>, rows: usize) -> Result<Preview, ImportError> {
    preview::preview(request, rows)
}

/// Which of the playbook's sources a file is for, by its headers: its own first.
///
/// # Errors
/// Where its header line cannot be read.
pub fn detect<'p>(program: &'p Program, file: &Path) -> Result<Detected<'p>, ImportError> {
    Ok(detect::any(program, &header_of(file)?, file))
}

/// Which of the presets a file is for.
///
/// # Errors
/// Where its header line cannot be read.
pub fn detect_preset<'p>(program: &'p Program, file: &Path) -> Result<Detected<'p>, ImportError> {
    Ok(detect::by_signature(program, &header_of(file)?))
}

fn header_of(file: &Path) -> Result<header::Header, ImportError> {
    let mut rows = rows::Rows::new(input::open(file)?, file, None, None)?;
    let mut row = rows::Row::default();
    if !rows.next(&mut row)? {
        return Err(ImportError::Empty { path: file.to_path_buf() });
    }
    header::Header::new(&row)
}

/// Whether that very file was imported through that source, and not undone since.
///
/// # Errors
/// Where the file or the CRM cannot be read.
pub fn is_imported(crm: &Crm, source: &Source, file: &Path) -> Result<bool, ImportError> {
    let input = input::Input::new(file)?;
    Ok(crm.imported_before(&source.name, &input.hash)?.is_some())
}
