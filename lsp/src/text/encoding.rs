//! The unit in which an editor counts the characters of a line (LSP 3.17, `PositionEncodingKind`).

use tower_lsp::ls_types::PositionEncodingKind;

/// What one step to the right is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes.
    Utf8,
    /// What every editor can.
    #[default]
    Utf16,
    /// Code points.
    Utf32,
}

impl Encoding {
    /// The first that we like of those that the editor can: bytes need no counting.
    pub(crate) fn agreed(offered: Option<&[PositionEncodingKind]>) -> Self {
        let can = |kind: &PositionEncodingKind| offered.is_some_and(|offered| offered.contains(kind));
        if can(&PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if can(&PositionEncodingKind::UTF32) && !can(&PositionEncodingKind::UTF16) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    /// As the protocol calls it.
    pub(crate) const fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    /// How many units a text has.
    pub(crate) fn length(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 if text.is_ascii() => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Utf32 => text.chars().count(),
        }
    }

    /// The byte of a line's text that so many units lead to: the line's end where they lead beyond it, and the start of the character
    /// where they lead into one.
    pub(crate) fn byte(self, line: &str, units: usize) -> usize {
        let mut left = units;
        for (at, letter) in line.char_indices() {
            let width = match self {
                Self::Utf8 => letter.len_utf8(),
                Self::Utf16 => letter.len_utf16(),
                Self::Utf32 => 1,
            };
            if left < width {
                return at;
            }
            left -= width;
        }
        line.len()
    }
}
