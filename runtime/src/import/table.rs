//! A file's rows as they stand, for those who look at a table that no source describes.

use std::io::Read;
use std::path::Path;

use super::ImportError;
use super::rows::{Row, Rows};

/// Shows the rows one after the other, the header line first, each with the line where it begins; blank ones are passed over. Byte order
/// marks, line ends, separators and quotes are read as in an import.
///
/// # Errors
/// Where the file cannot be read, is no table of text, or has a quote that is never closed.
pub fn each_row(input: impl Read, path: &Path, mut each: impl FnMut(u64, &[&str])) -> Result<(), ImportError> {
    let mut rows = Rows::new(input, path, None, None)?;
    let mut row = Row::default();
    while rows.next(&mut row)? {
        if !row.is_blank() {
            let cells: Vec<&str> = row.cells().collect();
            each(row.line, &cells);
        }
    }
    Ok(())
}
