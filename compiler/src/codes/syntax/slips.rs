//! Slips of the pen that are told from what stands round an unexpected word: a comma left out, a number with one, a word written
//! twice. It looks at one line of text, and knows no names.

use language::Span;

use crate::diagnostics::{Edit, Files};
use crate::program::FileId;

/// What to do, and what does it.
pub(super) struct Slip {
    pub(super) help: &'static str,
    pub(super) edits: Vec<Edit>,
}

/// The line round the unexpected word.
struct Place<'a> {
    file: FileId,
    span: Span,
    before: &'a str,
    found: &'a str,
    behind: &'a str,
}

/// The slip that explains what stands there, if one does.
pub(super) fn of(files: &Files, file: FileId, span: Span, found: &str, expected: &[&'static str]) -> Option<Slip> {
    let text = &files.files.get(file.index())?.text;
    let before = text.get(..span.start as usize)?.rsplit('\n').next()?;
    let behind = text.get(span.end as usize..)?.lines().next().unwrap_or_default();
    let place = Place { file, span, before, found, behind };
    place
        .comma_in_a_number()
        .or_else(|| place.cap_without_each())
        .or_else(|| place.between())
        .or_else(|| place.equals_one_of())
        .or_else(|| place.twice())
        .or_else(|| place.window(expected))
        .or_else(|| place.comma_left_out(expected))
}

impl Place<'_> {
    /// `+3,5` and `1,000`
    fn comma_in_a_number(&self) -> Option<Slip> {
        let digits = self.behind.chars().take_while(char::is_ascii_digit).count();
        if self.found != "," || digits == 0 || !self.before.ends_with(|letter: char| letter.is_ascii_digit()) {
            return None;
        }
        let (help, sign) = if digits == 3 {
            ("thousands have no separator, and decimals have a point", "")
        } else {
            ("decimals have a point", ".")
        };
        Some(Slip { help, edits: vec![self.edit(sign)] })
    }

    /// `when email.clicked …, up to 30`
    fn cap_without_each(&self) -> Option<Slip> {
        if self.found != "," || !self.behind.trim_start().starts_with("up to ") {
            return None;
        }
        let when = self.before.rfind(" when ")? + 1;
        let edit = self.replaced(when, "when", "each")?;
        Some(Slip { help: "`up to` caps what `each` adds up: write `each` for `when`", edits: vec![edit] })
    }

    /// `is between 20 and 250`
    fn between(&self) -> Option<Slip> {
        let start = self.before.strip_suffix("between ")?.len();
        let mut edits = vec![self.replaced(start, "between", "from")?];
        // The first `and` joins the two bounds.
        let and = self.behind.find(" and ").filter(|at| self.behind.get(..*at).is_some_and(|text| !text.contains('"')));
        if let Some(at) = and {
            let start = self.span.end + offset(at) + 1;
            edits.push(Edit { file: self.file, span: Span::new(start, start + 3), replacement: "to".to_owned() });
        }
        Some(Slip { help: "write a range as `is from 20 to 250`", edits })
    }

    /// `= one of [NZ, AU]`
    fn equals_one_of(&self) -> Option<Slip> {
        let start = self.before.strip_suffix("= one ")?.trim_end_matches('=').len();
        let written = self.before.get(start..)?.trim_end().strip_suffix("one")?.trim_end();
        (self.found == "of").then_some(())?;
        Some(Slip { help: "write `is one of`", edits: vec![self.replaced(start, written, "is")?] })
    }

    /// `when when`
    fn twice(&self) -> Option<Slip> {
        let mut words = self.before.rsplit(' ').filter(|word| !word.is_empty());
        let (last, first) = (words.next()?, words.next()?);
        if last != first || !last.chars().all(char::is_alphabetic) {
            return None;
        }
        let end = self.before.trim_end().len();
        let start = end - last.len();
        let blanks = self.before.get(..start)?.trim_end().len();
        let written = self.before.get(blanks..end)?;
        Some(Slip {
            help: "a word stands there twice: leave one out",
            edits: vec![self.replaced(blanks, written, "")?],
        })
    }

    /// `last 14 days`
    fn window(&self, expected: &[&'static str]) -> Option<Slip> {
        let wanted = self.found == "last" && expected.contains(&"`in the last`");
        wanted.then(|| Slip { help: "write `in the last`", edits: vec![self.edit("in the last")] })
    }

    /// `[NZ AU]`, and `up to` without its comma.
    fn comma_left_out(&self, expected: &[&'static str]) -> Option<Slip> {
        let item = self.found.starts_with(|letter: char| letter.is_alphanumeric() || letter == '"');
        let in_a_list = item && expected.contains(&"`]`");
        if !expected.contains(&"`,`") || !(in_a_list || self.found == "up") {
            return None;
        }
        let blanks = self.before.len() - self.before.trim_end().len();
        let at = self.span.start - offset(blanks);
        let edit = Edit { file: self.file, span: Span::new(at, at), replacement: ",".to_owned() };
        Some(Slip { help: "a `,` is missing", edits: vec![edit] })
    }

    /// The word itself replaced.
    fn edit(&self, replacement: &str) -> Edit {
        Edit { file: self.file, span: self.span, replacement: replacement.to_owned() }
    }

    /// What is written at an offset of the line before the word, replaced.
    fn replaced(&self, start: usize, written: &str, replacement: &str) -> Option<Edit> {
        self.before.get(start..)?.starts_with(written).then_some(())?;
        let start = self.span.start - offset(self.before.len() - start);
        let span = Span::new(start, start + offset(written.len()));
        Some(Edit { file: self.file, span, replacement: replacement.to_owned() })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a file is smaller than four gigabytes")]
const fn offset(bytes: usize) -> u32 {
    bytes as u32
}
