//! Places of a text counted the slow way, to check the server's counting against.

use serde_json::{Value, json};

/// The unit that was agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Utf8,
    Utf16,
    Utf32,
}

impl Unit {
    pub(crate) fn of(kind: &Value) -> Self {
        match kind.as_str() {
            Some("utf-8") => Self::Utf8,
            Some("utf-16") | None => Self::Utf16,
            Some("utf-32") => Self::Utf32,
            Some(other) => panic!("there is no unit {other}"),
        }
    }

    fn of_letter(self, letter: char) -> usize {
        match self {
            Self::Utf8 => letter.len_utf8(),
            Self::Utf16 => letter.len_utf16(),
            Self::Utf32 => 1,
        }
    }

    /// The place of a byte.
    pub(crate) fn place(self, text: &str, byte: usize) -> Place {
        let before = &text[..byte];
        let line = before.matches('\n').count();
        let in_line = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
        Place { line, character: in_line.chars().map(|letter| self.of_letter(letter)).sum() }
    }

    /// The byte of a place that has to be in the text.
    pub(crate) fn byte(self, text: &str, place: Place) -> usize {
        let start: usize = text.split_inclusive('\n').take(place.line).map(str::len).sum();
        let mut units = 0;
        for (at, letter) in text[start..].char_indices() {
            if units == place.character {
                return start + at;
            }
            assert!(letter != '\n' && units < place.character, "{place:?} is not in the text");
            units += self.of_letter(letter);
        }
        assert_eq!(units, place.character, "{place:?} is not in the text");
        text.len()
    }

    pub(crate) fn bytes(self, text: &str, range: &Value) -> std::ops::Range<usize> {
        self.byte(text, Place::of(&range["start"]))..self.byte(text, Place::of(&range["end"]))
    }

    pub(crate) fn range(self, text: &str, bytes: std::ops::Range<usize>) -> Value {
        json!({ "start": self.place(text, bytes.start).value(), "end": self.place(text, bytes.end).value() })
    }

    /// The text after edits that do not meet each other, whatever their order.
    pub(crate) fn applied(self, text: &str, edits: &[Value]) -> String {
        let mut edits: Vec<_> = edits.iter().map(|edit| (self.bytes(text, &edit["range"]), edit)).collect();
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut applied = text.to_owned();
        let mut last = usize::MAX;
        for (range, edit) in edits.into_iter().rev() {
            assert!(range.end <= last, "edits meet each other: {edit}");
            last = range.start;
            applied.replace_range(range, edit["newText"].as_str().unwrap());
        }
        applied
    }
}

/// A place as the protocol has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) character: usize,
}

impl Place {
    pub(crate) fn of(value: &Value) -> Self {
        let number = |name: &str| usize::try_from(value[name].as_u64().unwrap()).unwrap();
        Self { line: number("line"), character: number("character") }
    }

    pub(crate) fn value(self) -> Value {
        json!({ "line": self.line, "character": self.character })
    }
}
