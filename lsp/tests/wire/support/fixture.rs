//! Files in one text: each behind a line `//- /clients/a/a.playbook`, with `‸` where the cursor stands; two of them select.

use super::{Memory, Unit};
use serde_json::Value;

const MARK: char = '‸';

/// Files, and the marks in them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fixture {
    pub(crate) files: Vec<(String, String)>,
    marks: Vec<(String, usize)>,
}

impl Fixture {
    pub(crate) fn of(written: &str) -> Self {
        let mut fixture = Self::default();
        for line in written.trim_start().split_inclusive('\n') {
            if let Some(path) = line.strip_prefix("//- ") {
                fixture.files.push((path.trim().to_owned(), String::new()));
                continue;
            }
            let (path, text) = fixture.files.last_mut().expect("a fixture begins with `//- /path`");
            for letter in line.chars() {
                if letter == MARK {
                    fixture.marks.push((path.clone(), text.len()));
                } else {
                    text.push(letter);
                }
            }
        }
        fixture
    }

    pub(crate) fn disk(&self) -> Memory {
        let disk = Memory::default();
        for (path, text) in &self.files {
            disk.put(path, text);
        }
        disk
    }

    pub(crate) fn text(&self, path: &str) -> &str {
        &self.files.iter().find(|(known, _)| known == path).expect("the fixture has the file").1
    }

    /// The file with the first mark, and the range between the marks.
    pub(crate) fn marked(&self, unit: Unit) -> (&str, Value) {
        let (path, start) = &self.marks[0];
        let end = self.marks.get(1).map_or(*start, |(_, end)| *end);
        (path, unit.range(self.text(path), *start..end))
    }
}

/// Where a needle with a mark in it stands in a text: the byte of the mark. It has to stand there once.
pub(crate) fn marked(text: &str, needle: &str) -> usize {
    let mark = needle.find(MARK).expect("the needle has a mark");
    let plain = needle.replacen(MARK, "", 1);
    assert_eq!(text.matches(&plain).count(), 1, "`{plain}` has to stand there once:\n{text}");
    text.find(&plain).unwrap() + mark
}
