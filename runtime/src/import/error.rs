//! Why a file could not be imported: what is wrong, where, and what to do. Nothing of such a file was kept.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::crm::CrmError;

/// Why a file could not be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The system does not give the file.
    #[error("`{}` cannot be read: {detail}; check the path and its permissions", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        detail: String,
    },
    /// Rejected rows would be written over a file.
    #[error(
        "the rejected rows cannot go to `{}`: there is such a file already, and none is written over; name another with `--rejects`",
        path.display()
    )]
    RejectsTaken {
        /// The file that is there.
        path: PathBuf,
    },
    /// There is nothing in it.
    #[error("`{}` is empty: there is not even a header line; export it again", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// Its first bytes are another format's.
    #[error("`{}` is {what}, whatever its name says; {todo}", path.display())]
    OtherFormat {
        /// The file.
        path: PathBuf,
        /// `an Excel workbook (.xlsx)`
        what: &'static str,
        /// What to do.
        todo: &'static str,
    },
    /// Bytes that mean nothing in its encoding.
    #[error(
        "line {line} is not {encoding}: byte {byte:#04x} at position {position} of the file means nothing in it; if the file is in \
         {likely}, say `encoding \"{likely}\"` in the source, or save it as UTF-8"
    )]
    Encoding {
        /// From 1.
        line: u64,
        /// From 0.
        position: u64,
        /// The first byte that does not fit.
        byte: u8,
        /// As it was read.
        encoding: &'static str,
        /// What it could be in.
        likely: &'static str,
    },
    /// A zero byte: no text has one.
    #[error(
        "line {line} holds a zero byte, which no text does: the file seems to be in {likely}; say `encoding \"{likely}\"` in the \
         source, or save it as UTF-8"
    )]
    ZeroByte {
        /// From 1.
        line: u64,
        /// What it could be in.
        likely: &'static str,
    },
    /// The source names no encoding that there is.
    #[error(
        "there is no encoding `{name}`: names are those of the WHATWG, such as `utf-8`, `windows-1252`, `iso-8859-15`, `utf-16le`"
    )]
    NoSuchEncoding {
        /// As written.
        name: String,
    },
    /// A row beyond all measure.
    #[error("{}", too_long(*line, *limit, *quote))]
    TooLong {
        /// Where it begins.
        line: u64,
        /// In bytes.
        limit: usize,
        /// Where a quote in it was opened that may never be closed.
        quote: Option<u64>,
    },
    /// The file ends inside a quoted cell.
    #[error(
        "the file ends inside a quoted cell: the quote in line {line} (column {column}) is never closed; either the file was cut off, \
         then export it again, or a `\"` in that line has to be doubled"
    )]
    OpenQuote {
        /// Where the quote was opened.
        line: u64,
        /// The cell, from 1.
        column: usize,
    },
    /// Two columns are called the same.
    #[error(
        "the header `{header}` is there {count} times (columns {}): which one is meant nobody can tell; rename all but one",
        numbers(columns)
    )]
    DuplicateHeader {
        /// The header.
        header: String,
        /// How often.
        count: usize,
        /// From 1.
        columns: Vec<usize>,
    },
    /// A column without a name holds data.
    #[error(
        "column {column} has no header, but line {line} has `{value}` in it: give it a header, or, if the cells of that line are \
         shifted, export the file again"
    )]
    NoHeader {
        /// From 1.
        column: usize,
        /// Where data was first found.
        line: u64,
        /// The data.
        value: String,
    },
    /// Columns that the source needs are not there.
    #[error("{}", missing_columns(source_name, columns, *single, others))]
    MissingColumns {
        /// `leads`
        source_name: String,
        /// Which.
        columns: Vec<MissingColumn>,
        /// The header line is a single cell: the separator may be another one, this.
        single: Option<char>,
        /// Sources whose columns are all there.
        others: Vec<String>,
    },
    /// Most rows do not have as many cells as the header.
    #[error(
        "from line {line} on, rows have {found} cells and the header has {header}: {count} of {rows} rows do not fit, so the cells are \
         shifted and nothing was imported; look for a `{separator}` in line {line} that is not in quotes, or export the file again"
    )]
    Shifted {
        /// The first of them.
        line: u64,
        /// Its cells.
        found: usize,
        /// The header's.
        header: usize,
        /// How many rows.
        count: u64,
        /// Of so many.
        rows: u64,
        /// Between the cells.
        separator: char,
    },
    /// Columns whose dates are written in several ways, or in one that can be read in two.
    #[error("{}", .0.join("\n"))]
    Dates(
        /// One line each.
        Vec<String>,
    ),
    /// Most rows were rejected.
    #[error("{count} of {rows} rows cannot be read, so nothing was imported:\n{}", reasons.join("\n"))]
    MostRejected {
        /// How many.
        count: u64,
        /// Of so many.
        rows: u64,
        /// Why, the most frequent first.
        reasons: Vec<String>,
    },
    /// A pattern that cannot be understood.
    #[error(
        "the pattern `{pattern}` of `{field}` cannot be understood: {detail}; it is written as in `%d/%m/%Y %H:%M`"
    )]
    Pattern {
        /// As written.
        pattern: String,
        /// Of which field.
        field: String,
        /// Why not.
        detail: String,
    },
    /// The Program is not of one piece.
    #[error(
        "the source `{source_name}` does not fit the playbook: {detail}; compile it again with this version of playbook"
    )]
    Program {
        /// `leads`
        source_name: String,
        /// Why not.
        detail: String,
    },
    /// The CRM does not take it.
    #[error(transparent)]
    Crm(#[from] CrmError),
}

/// A column that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingColumn {
    /// The headers that would do.
    pub headers: Vec<String>,
    /// The field that wants it; none where only the signature does.
    pub field: Option<String>,
    /// A header of the file that is much like it.
    pub nearest: Option<String>,
}

fn missing_columns(source: &str, columns: &[MissingColumn], single: Option<char>, others: &[String]) -> String {
    let mut text = format!("the file does not fit the source `{source}`: ");
    for (index, column) in columns.iter().enumerate() {
        let headers: Vec<String> = column.headers.iter().map(|header| format!("`{header}`")).collect();
        // Writing to a String does not fail.
        let _ = write!(text, "{}there is no column {}", if index == 0 { "" } else { "; " }, headers.join(" or "));
        if let Some(field) = &column.field {
            let _ = write!(text, " for `{field}`");
        }
        if let Some(nearest) = &column.nearest {
            let _ = write!(text, ", did you mean `{nearest}`?");
        }
    }
    if let Some((first, more)) = others.split_first() {
        let more: String = more.iter().map(|name| format!(" or `{name}`")).collect();
        let _ = write!(text, "; its columns are those of the source `{first}`{more}: read it by that one");
        return text;
    }
    match single {
        Some(separator) => {
            let _ = write!(
                text,
                "; the header line is one cell, so the separator seems to be another: say `separator \"{separator}\"`"
            );
        }
        None => text.push_str("; correct the header in the source, or export the file with that column"),
    }
    text
}

fn too_long(line: u64, limit: usize, quote: Option<u64>) -> String {
    let limit = limit / (1024 * 1024);
    match quote {
        Some(quote) => format!(
            "the row that begins in line {line} is longer than {limit} MiB: the quote opened in line {quote} seems never to be closed; \
             close it, or double the `\"` there"
        ),
        None => format!(
            "line {line} is longer than {limit} MiB, which no row of a table is: the file is no CSV, or its line breaks are lost; \
             export it again"
        ),
    }
}

fn numbers(numbers: &[usize]) -> String {
    let words: Vec<String> = numbers.iter().map(usize::to_string).collect();
    words.join(", ")
}
