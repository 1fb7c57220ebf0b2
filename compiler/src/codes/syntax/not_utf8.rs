//! E0115: a file that is not a text in UTF-8.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0115",
    name: "not-utf8",
    severity: Severity::Error,
    page: r"
A playbook is a text in UTF-8, which is what every editor of today writes unless told otherwise. This file holds bytes that are not:
either it was saved in an older encoding such as windows-1252, or it is no text at all.

Open it in an editor and save it as UTF-8. If it is a data file, name it in a `source` and read it with `playbook import`: exports in
older encodings are read there (`encoding`).
",
};

/// How much of a line is shown before and behind the byte, in characters.
const SHOWN: usize = 40;

/// What can be shown of a file that is not UTF-8, and the finding that points at its first wrong byte; none where it is UTF-8.
#[must_use]
pub fn not_utf8(file: FileId, bytes: &[u8]) -> Option<(String, Diagnostic)> {
    let at = std::str::from_utf8(bytes).err()?.valid_up_to();
    let (before, behind) = bytes.split_at_checked(at)?;
    let wrong = behind.first().copied().unwrap_or_default();
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let line = String::from_utf8_lossy(before.get(line_start..)?);
    let skipped = line.chars().count().saturating_sub(SHOWN);

    // The lines before keep their number and lose their text: nobody needs it, and it may be long.
    let mut shown = "\n".repeat(before.iter().filter(|byte| **byte == b'\n').count());
    shown.extend(line.chars().skip(skipped).map(visible));
    let start = shown.len();
    let rest = behind.get(1..SHOWN.min(behind.len())).unwrap_or_default();
    let rest = String::from_utf8_lossy(rest);
    shown.push('\u{fffd}');
    let end = shown.len();
    shown.extend(rest.lines().next().unwrap_or_default().chars().map(visible));

    let span = Span::new(u32::try_from(start).ok()?, u32::try_from(end).ok()?);
    let label = format!("the byte {wrong:#04x} begins no character");
    let finding = Diagnostic::new(&CODE, format!("the file is not UTF-8: byte {}", at + 1), file, span, label);
    Some((shown, advised(finding, bytes, wrong)))
}

fn advised(finding: Diagnostic, bytes: &[u8], wrong: u8) -> Diagnostic {
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    if utf16 {
        return finding.note("it begins as UTF-16 does").help("open it in an editor and save it as UTF-8");
    }
    if bytes.iter().any(|byte| *byte < 0x20 && !b"\t\n\r\x0c".contains(byte)) {
        return finding
            .note("it holds bytes that no text has: it is no playbook")
            .help("see whether it is the file that you meant; data files are read by `playbook import`");
    }
    let finding = if wrong >= 0xa0 {
        finding.note(format!("in windows-1252 that byte is `{}`", char::from(wrong)))
    } else {
        finding
    };
    finding.help("open it in an editor and save it as UTF-8")
}

/// A control character would move the cursor of whoever reads this.
fn visible(character: char) -> char {
    if character.is_control() && character != '\t' { '\u{fffd}' } else { character }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_wrong_byte_is_shown_in_its_line() {
        let (text, finding) = not_utf8(FileId(0), b"a\nclient \"Caf\xe9\" {\n}\n").unwrap();
        assert_eq!(text, "\nclient \"Caf\u{fffd}\" {");
        assert_eq!(text.get(finding.primary.span.range()), Some("\u{fffd}"));
        assert_eq!(finding.notes, ["in windows-1252 that byte is `é`"]);
    }

    #[test]
    fn what_is_no_text_is_called_so() {
        let (text, finding) = not_utf8(FileId(0), &[0x1b, b'[', 0x00, 0xff, 0x07, b'x']).unwrap();
        assert_eq!(text, "\u{fffd}[\u{fffd}\u{fffd}\u{fffd}x");
        assert!(finding.notes.concat().contains("no playbook"));
    }

    #[test]
    fn utf8_is_fine() {
        assert!(not_utf8(FileId(0), "client \"Café\"".as_bytes()).is_none());
    }
}
