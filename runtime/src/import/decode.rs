//! Bytes of a file to UTF-8 text with `\n` ends, a piece at a time. Knows encodings and lines, nothing of cells.

use std::io::Read;
use std::path::{Path, PathBuf};

use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::ImportError;

/// How much is read at once.
const PIECE: usize = 64 * 1024;

/// Formats that are often taken for CSV, by their first bytes.
const OTHERS: [(&[u8], &str, &str); 7] = [
    (b"PK\x03\x04", "an Excel workbook (.xlsx) or another zip file", "open it and save the sheet as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls)", "open it and save the sheet as CSV UTF-8"),
    (b"%PDF", "a PDF", "ask for the table as CSV"),
    (b"\x1f\x8b", "compressed with gzip", "unpack it first, with `gunzip`"),
    (b"<!DOCTYPE", "a web page", "the download was an error page, or the export is an HTML table: save it as CSV"),
    (b"<html", "a web page", "the download was an error page, or the export is an HTML table: save it as CSV"),
    (b"<?xml", "XML", "open it in a spreadsheet and save it as CSV UTF-8"),
];

/// Text of a file, as it comes.
pub(super) struct Decoder<R> {
    inner: R,
    path: PathBuf,
    decoder: encoding_rs::Decoder,
    raw: Vec<u8>,
    /// What of `raw` is not decoded yet.
    pending: std::ops::Range<usize>,
    /// Bytes given out by `inner` before `pending`.
    before: u64,
    /// Of the text given out so far, from 1.
    line: u64,
    /// The last piece ended in `\r`: a `\n` next belongs to it.
    held: bool,
    ended: bool,
}

impl<R: Read> Decoder<R> {
    /// Looks at the first bytes: refuses other formats, and takes a byte order mark for what it is.
    pub(super) fn new(mut inner: R, path: &Path, encoding: Option<&str>) -> Result<Self, ImportError> {
        let mut raw = vec![0; PIECE];
        let read = fill(&mut inner, &mut raw, path)?;
        let first = raw.get(..read).unwrap_or_default();
        if read == 0 {
            return Err(ImportError::Empty { path: path.to_path_buf() });
        }
        if let Some((_, what, todo)) = OTHERS.iter().find(|(magic, ..)| first.starts_with(magic)) {
            return Err(ImportError::OtherFormat { path: path.to_path_buf(), what, todo });
        }
        let encoding = match encoding {
            Some(name) => Encoding::for_label(name.as_bytes())
                .ok_or_else(|| ImportError::NoSuchEncoding { name: name.to_owned() })?,
            None => UTF_8,
        };
        let decoder = encoding.new_decoder();
        let path = path.to_path_buf();
        Ok(Self { inner, path, decoder, raw, pending: 0..read, before: 0, line: 1, held: false, ended: false })
    }

    /// How many bytes of the file were decoded.
    pub(super) fn position(&self) -> u64 {
        self.before
    }

    /// Appends the next piece of text; false where there is no more.
    pub(super) fn piece(&mut self, into: &mut Vec<u8>) -> Result<bool, ImportError> {
        if self.ended {
            return Ok(false);
        }
        if self.pending.is_empty() {
            let read = fill(&mut self.inner, &mut self.raw, &self.path)?;
            self.pending = 0..read;
        }
        let last = self.pending.is_empty();
        let source = self.raw.get(self.pending.clone()).unwrap_or_default();
        let start = into.len();
        let room =
            self.decoder.max_utf8_buffer_length_without_replacement(source.len()).unwrap_or(source.len() * 3 + 16);
        into.resize(start + room, 0);
        let space = into.get_mut(start..).unwrap_or_default();
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(source, space, last);
        into.truncate(start + written);
        let fresh = into.get(start..).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', fresh).count() as u64;
        if let DecoderResult::Malformed(length, after) = result {
            return Err(self.malformed(self.line + lines, read, usize::from(length), usize::from(after)));
        }
        if let Some(zero) = memchr::memchr(0, fresh) {
            let before = fresh.get(..zero).unwrap_or_default();
            let line = self.line + memchr::memchr_iter(b'\n', before).count() as u64;
            return Err(ImportError::ZeroByte { line, likely: wide(source).unwrap_or("utf-16le") });
        }
        self.line += lines;
        self.before += read as u64;
        self.pending.start += read;
        self.ended = last;
        self.unify_line_ends(into, start);
        Ok(!last || into.len() > start)
    }

    /// `\r\n` and a lone `\r` become `\n`.
    fn unify_line_ends(&mut self, text: &mut Vec<u8>, start: usize) {
        if self.held && text.get(start) == Some(&b'\n') {
            text.remove(start);
        }
        let fresh = text.get(start..).unwrap_or_default();
        self.held = if fresh.is_empty() { self.held } else { fresh.last() == Some(&b'\r') };
        if memchr::memchr(b'\r', fresh).is_none() {
            return;
        }
        let (mut to, mut after_return) = (start, false);
        for from in start..text.len() {
            let Some(byte) = text.get(from).copied() else { break };
            let skip = after_return && byte == b'\n';
            after_return = byte == b'\r';
            if !skip && let Some(place) = text.get_mut(to) {
                *place = if byte == b'\r' { b'\n' } else { byte };
                to += 1;
            }
        }
        text.truncate(to);
    }

    fn malformed(&self, line: u64, read: usize, length: usize, after: usize) -> ImportError {
        // The decoder counts what it read, the bad bytes among it.
        let bad = (self.pending.start + read).saturating_sub(length + after);
        let source = self.raw.get(self.pending.clone()).unwrap_or_default();
        let encoding = self.decoder.encoding();
        let likely = match wide(source) {
            Some(wide) => wide,
            None if encoding == UTF_8 => "windows-1252",
            None => "utf-8",
        };
        ImportError::Encoding {
            line,
            position: (self.before + (read as u64)).saturating_sub((length + after) as u64),
            byte: self.raw.get(bad).copied().unwrap_or(0),
            encoding: encoding.name(),
            likely,
        }
    }
}

/// Text in UTF-16 has a zero in every second byte, most often.
fn wide(bytes: &[u8]) -> Option<&'static str> {
    let zeros = |from: usize| bytes.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if (even + odd) * 5 < bytes.len() {
        return None;
    }
    Some(if odd > even { UTF_16LE.name() } else { UTF_16BE.name() })
        .map(|name| if name == "UTF-16LE" { "utf-16le" } else { "utf-16be" })
}

fn fill(inner: &mut impl Read, buffer: &mut [u8], path: &Path) -> Result<usize, ImportError> {
    loop {
        match inner.read(buffer) {
            Ok(read) => return Ok(read),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(ImportError::Unreadable { path: path.to_path_buf(), detail: error.to_string() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives bytes out a few at a time, so that every cut is tried.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let length = self.1.min(self.0.len()).min(into.len());
            into[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    fn decoded(bytes: &[u8], step: usize, encoding: Option<&str>) -> Result<String, ImportError> {
        let mut decoder = Decoder::new(Slow(bytes, step), Path::new("a.csv"), encoding)?;
        let mut text = Vec::new();
        while decoder.piece(&mut text)? {}
        assert_eq!(decoder.position(), bytes.len() as u64);
        Ok(String::from_utf8(text).unwrap())
    }

    #[test]
    fn byte_order_marks_are_read_and_line_ends_are_one() {
        let wide: Vec<u8> = "\u{feff}a,ü\r\nb\r".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for step in [1, 2, 3, 5, 1000] {
            assert_eq!(decoded("\u{feff}a,ü\r\n\r\nb\rc\n".as_bytes(), step, None).unwrap(), "a,ü\n\nb\nc\n", "{step}");
            assert_eq!(decoded(&wide, step, None).unwrap(), "a,ü\nb\n", "{step}");
            assert_eq!(decoded(b"M\xfcller", step, Some("windows-1252")).unwrap(), "Müller", "{step}");
        }
    }

    #[test]
    fn what_is_no_text_is_said_with_its_place() {
        let error = decoded(b"name\nAnn\nM\xfcller\n", 1000, None).unwrap_err();
        insta::assert_snapshot!(error, @r#"line 3 is not UTF-8: byte 0xfc at position 10 of the file means nothing in it; if the file is in windows-1252, say `encoding "windows-1252"` in the source, or save it as UTF-8"#);
        let bare: Vec<u8> = "name\nAnn".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let error = decoded(&bare, 1000, None).unwrap_err();
        insta::assert_snapshot!(error, @r#"line 1 holds a zero byte, which no text does: the file seems to be in utf-16le; say `encoding "utf-16le"` in the source, or save it as UTF-8"#);
        let error = decoded(b"name\n", 1000, Some("latin-17")).unwrap_err();
        insta::assert_snapshot!(error, @"there is no encoding `latin-17`: names are those of the WHATWG, such as `utf-8`, `windows-1252`, `iso-8859-15`, `utf-16le`");
    }

    #[test]
    fn other_formats_are_named() {
        let error = decoded(b"PK\x03\x04\x14\x00", 1000, None).unwrap_err();
        insta::assert_snapshot!(error, @"`a.csv` is an Excel workbook (.xlsx) or another zip file, whatever its name says; open it and save the sheet as CSV UTF-8");
        for (magic, ..) in OTHERS {
            assert!(matches!(decoded(magic, 1000, None), Err(ImportError::OtherFormat { .. })), "{magic:?}");
        }
        assert!(matches!(decoded(b"", 1000, None), Err(ImportError::Empty { .. })));
    }
}
