//! Text to rows of cells, a row at a time, in bounded memory. Knows quotes and separators, nothing of what cells mean.
//!
//! csv-core is the automaton; around it stand what a reader of messages needs: the line where each row begins, a cap on the
//! length of a row, and the quote that is never closed.

use std::io::Read;
use std::path::Path;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::ImportError;
use super::decode::Decoder;

/// No row is longer, in bytes of UTF-8.
pub(super) const LONGEST_ROW: usize = 8 * 1024 * 1024;

/// What may stand between cells, the usual one first.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// A row's cells.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    bytes: Vec<u8>,
    /// Where each cell ends in `bytes`.
    ends: Vec<usize>,
    /// Where the row begins, from 1.
    pub(super) line: u64,
}

impl Row {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The cell; empty where there is none.
    pub(super) fn cell(&self, index: usize) -> &str {
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let Some(end) = self.ends.get(index) else { return "" };
        self.bytes.get(start..*end).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("")
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.cell(index))
    }

    /// Nothing in it but separators.
    pub(super) fn is_blank(&self) -> bool {
        self.bytes.iter().all(u8::is_ascii_whitespace)
    }
}

/// The rows of a file.
pub(super) struct Rows<R> {
    decoder: Decoder<R>,
    core: Reader,
    text: Vec<u8>,
    /// What of `text` was read.
    at: usize,
    line: u64,
    separator: char,
    /// The file has ended, and a line break was put behind its last row.
    closing: bool,
}

impl<R: Read> Rows<R> {
    /// Finds the separator out from the first line where none is given.
    pub(super) fn new(
        inner: R,
        path: &Path,
        encoding: Option<&str>,
        separator: Option<char>,
    ) -> Result<Self, ImportError> {
        let mut decoder = Decoder::new(inner, path, encoding)?;
        let mut text = Vec::new();
        while decoder.piece(&mut text)? && text.len() < LONGEST_ROW && memchr::memchr(b'\n', &text).is_none() {}
        let (mut at, mut line) = (0, 1);
        let mut separator = separator.unwrap_or_else(|| found_out(&text));
        // What Excel writes for itself.
        if text.starts_with(b"sep=") && text.get(5) == Some(&b'\n') {
            (separator, at, line) = (text.get(4).map_or(separator, |byte| char::from(*byte)), 6, 2);
        }
        let delimiter = u8::try_from(separator).unwrap_or(b',');
        let core = ReaderBuilder::new().delimiter(delimiter).build();
        Ok(Self { decoder, core, text, at, line, separator, closing: false })
    }

    pub(super) fn separator(&self) -> char {
        self.separator
    }

    /// A separator that the given line has and this reader does not split by.
    pub(super) fn other_separator(&self, line: &str) -> Option<char> {
        let others = SEPARATORS.into_iter().filter(|separator| *separator != self.separator);
        others
            .map(|separator| (line.matches(separator).count(), separator))
            .max_by_key(|(count, _)| *count)
            .filter(|(count, _)| *count > 0)
            .map(|(_, separator)| separator)
    }

    /// How many bytes of the file were read.
    pub(super) fn position(&self) -> u64 {
        self.decoder.position()
    }

    /// The next row that is not empty; false where there is none.
    pub(super) fn next(&mut self, row: &mut Row) -> Result<bool, ImportError> {
        row.ends.clear();
        row.bytes.clear();
        let (mut length, mut cells) = (0, 0);
        row.bytes.resize(row.bytes.capacity().clamp(1024, LONGEST_ROW), 0);
        row.ends.resize(row.ends.capacity().max(64), 0);
        row.line = self.line;
        let mut begun = false;
        loop {
            if self.at == self.text.len() {
                self.text.clear();
                self.at = 0;
                // An empty input is the end to csv-core, so half a character at a cut must not look like one.
                while self.text.is_empty() && self.decoder.piece(&mut self.text)? {}
                if self.text.is_empty() && begun {
                    // A line break ends the last row as the end of the file does, unless it stands in quotes.
                    if self.closing {
                        return Err(self.open_quote(row, length, cells));
                    }
                    self.closing = true;
                    self.text.push(b'\n');
                }
            }
            if !begun {
                let rest = self.text.get(self.at..).unwrap_or_default();
                let breaks = rest.iter().take_while(|byte| **byte == b'\n').count();
                self.at += breaks;
                self.line += breaks as u64;
                row.line = self.line;
                if breaks > 0 && self.at == self.text.len() {
                    continue;
                }
            }
            let input = self.text.get(self.at..).unwrap_or_default();
            let (bytes, ends) = (row.bytes.get_mut(length..), row.ends.get_mut(cells..));
            let (result, read, written, ended) =
                self.core.read_record(input, bytes.unwrap_or_default(), ends.unwrap_or_default());
            let eaten = input.get(..read).unwrap_or_default();
            begun = begun || read > 0;
            self.line += memchr::memchr_iter(b'\n', eaten).count() as u64;
            self.at += read;
            length += written;
            cells += ended;
            if length >= LONGEST_ROW {
                return Err(self.too_long(row, length, cells));
            }
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => row.bytes.resize((row.bytes.len() * 2).min(LONGEST_ROW), 0),
                ReadRecordResult::OutputEndsFull => row.ends.resize(row.ends.len() * 2, 0),
                ReadRecordResult::Record => {
                    row.bytes.truncate(length);
                    row.ends.truncate(cells);
                    return Ok(true);
                }
                ReadRecordResult::End => {
                    row.ends.clear();
                    return Ok(false);
                }
            }
        }
    }

    fn open_quote(&self, row: &Row, length: usize, cells: usize) -> ImportError {
        ImportError::OpenQuote { line: self.quote_line(row, length, cells), column: cells + 1 }
    }

    fn too_long(&self, row: &Row, length: usize, cells: usize) -> ImportError {
        // Only in quotes does a cell have a line break.
        let quote = self.quote_line(row, length, cells);
        let quote = (self.line > quote).then_some(quote);
        ImportError::TooLong { line: row.line, limit: LONGEST_ROW, quote }
    }

    /// Where the cell that is being read was opened.
    fn quote_line(&self, row: &Row, length: usize, cells: usize) -> u64 {
        let start = cells.checked_sub(1).and_then(|last| row.ends.get(last)).copied().unwrap_or(0);
        let cell = row.bytes.get(start..length).unwrap_or_default();
        self.line.saturating_sub(memchr::memchr_iter(b'\n', cell).count() as u64)
    }
}

/// The separator that the first line has most of, outside quotes; a comma where it has none.
fn found_out(text: &[u8]) -> char {
    let mut counts = [0_usize; SEPARATORS.len()];
    let mut quoted = false;
    for byte in text {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            byte => {
                for (separator, count) in SEPARATORS.into_iter().zip(&mut counts) {
                    *count += usize::from(separator == char::from(*byte));
                }
            }
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    SEPARATORS
        .into_iter()
        .zip(counts)
        .find(|(_, count)| *count == most && most > 0)
        .map_or(',', |(separator, _)| separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Result<Vec<(u64, Vec<String>)>, ImportError> {
        let mut rows = Rows::new(text.as_bytes(), Path::new("a.csv"), None, None)?;
        let (mut row, mut all) = (Row::default(), Vec::new());
        while rows.next(&mut row)? {
            all.push((row.line, row.cells().map(str::to_owned).collect()));
        }
        Ok(all)
    }

    fn cells(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn rows_know_the_line_in_which_they_begin() {
        let found = rows("a;b\r\n\r\n\"x\ny\";2\r\n\n3;\"say \"\"ü\"\"\"").unwrap();
        let wanted = [(1, cells(&["a", "b"])), (3, cells(&["x\ny", "2"])), (6, cells(&["3", "say \"ü\""]))];
        assert_eq!(found, wanted);
    }

    #[test]
    fn the_separator_is_found_out_from_the_header() {
        for (text, wanted) in [("a,b;c,d\n", ','), ("a;b\n", ';'), ("a\tb\n", '\t'), ("\"a,b\";c\n", ';'), ("a\n", ',')]
        {
            assert_eq!(found_out(text.as_bytes()), wanted, "{text}");
        }
        assert_eq!(rows("sep=|\na|b\n").unwrap(), [(2, cells(&["a", "b"]))]);
    }

    #[test]
    fn a_file_that_ends_in_a_quote_says_where_it_was_opened() {
        let error = rows("a,b\n\"x\ny\",1\n2,\"open\n3,4\n5,6\n").unwrap_err();
        insta::assert_snapshot!(error, @r#"the file ends inside a quoted cell: the quote in line 4 (column 2) is never closed; either the file was cut off, then export it again, or a `"` in that line has to be doubled"#);
        assert!(rows("a,\"b\"").is_ok());
        assert!(rows("a,\"").is_err());
        assert!(rows("a\n\n\n").is_ok());
    }

    #[test]
    fn a_row_has_a_longest_length() {
        let long = format!("a,b\n1,{}", "x".repeat(LONGEST_ROW + 10));
        let error = rows(&long).unwrap_err();
        insta::assert_snapshot!(error, @"line 2 is longer than 8 MiB, which no row of a table is: the file is no CSV, or its line breaks are lost; export it again");
        let open = format!("a,b\n1,2\n3,\"{}", "some words\n".repeat(LONGEST_ROW / 10));
        let error = rows(&open).unwrap_err();
        insta::assert_snapshot!(error, @r#"the row that begins in line 3 is longer than 8 MiB: the quote opened in line 3 seems never to be closed; close it, or double the `"` there"#);
        let header = "x".repeat(LONGEST_ROW + 10);
        assert!(matches!(rows(&header), Err(ImportError::TooLong { line: 1, .. })));
    }

    #[test]
    fn wide_rows_and_long_cells_fit() {
        let header: Vec<String> = (0..500).map(|index| format!("c{index}")).collect();
        let text = format!("{}\n{}\n", header.join(","), vec!["y".repeat(3000); 500].join(","));
        let found = rows(&text).unwrap();
        assert_eq!((found[0].1.len(), found[1].1.len(), found[1].1[499].len()), (500, 500, 3000));
    }

    proptest::proptest! {
        /// The csv crate reads the same cells, whatever the text; it only does not mind a quote that is never closed.
        #[test]
        fn cells_are_those_of_the_csv_crate(text in "([a-c,;\"\n ]|\r\n|ü){0,60}") {
            let unified = text.replace("\r\n", "\n");
            let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(unified.as_bytes());
            let wanted: Vec<Vec<String>> =
                reader.into_records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
            let mut reader = match Rows::new(text.as_bytes(), Path::new("a.csv"), None, Some(',')) {
                Ok(reader) => reader,
                Err(error) => {
                    let empty = matches!(error, ImportError::Empty { .. }) && text.is_empty();
                    proptest::prop_assert!(empty, "{}", error);
                    return Ok(());
                }
            };
            let (mut row, mut found) = (Row::default(), Vec::new());
            loop {
                match reader.next(&mut row) {
                    Ok(true) => found.push(row.cells().map(str::to_owned).collect::<Vec<_>>()),
                    Ok(false) => break proptest::prop_assert_eq!(&found, &wanted),
                    Err(error) => {
                        let open = matches!(error, ImportError::OpenQuote { .. });
                        proptest::prop_assert!(open, "{}", error);
                        break proptest::prop_assert_eq!(&found[..], &wanted[..found.len()]);
                    }
                }
            }
        }
    }
}
