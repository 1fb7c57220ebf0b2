//! The edits that an editor reports, applied. Pure: a text and changes give a text.

use tower_lsp::ls_types::TextDocumentContentChangeEvent;

use super::{Encoding, Lines};

/// The text after the changes, one after the other. A range that is not in the text is taken for the nearest that is.
pub(crate) fn applied(
    (text, lines): (&str, &Lines),
    changes: &[TextDocumentContentChangeEvent],
    encoding: Encoding,
) -> String {
    let mut text = text.to_owned();
    for (index, change) in changes.iter().enumerate() {
        match change.range {
            None => text.clone_from(&change.text),
            Some(range) => {
                let span = match index {
                    0 => lines.span(&text, range, encoding),
                    _ => Lines::of(&text).span(&text, range, encoding),
                };
                text.replace_range(span.range(), &change.text);
            }
        }
    }
    text
}

/// The least edit that makes one text of the other: the bytes that give way, and what comes in their place; none where they are
/// the same.
pub(crate) fn between(before: &str, after: &str) -> Option<(std::ops::Range<usize>, String)> {
    if before == after {
        return None;
    }
    let same = |left: &mut dyn Iterator<Item = (u8, u8)>| left.take_while(|(left, right)| left == right).count();
    let mut start = same(&mut before.bytes().zip(after.bytes()));
    while !before.is_char_boundary(start) || !after.is_char_boundary(start) {
        start -= 1;
    }
    let most = before.len().min(after.len()) - start;
    let mut end = same(&mut before.bytes().rev().zip(after.bytes().rev()).take(most));
    while !before.is_char_boundary(before.len() - end) || !after.is_char_boundary(after.len() - end) {
        end -= 1;
    }
    let replacement = after.get(start..after.len() - end).unwrap_or_default().to_owned();
    Some((start..before.len() - end, replacement))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tower_lsp::ls_types::{Position, Range};

    #[test]
    fn changes_follow_each_other() {
        let change = |range: Option<((u32, u32), (u32, u32))>, text: &str| TextDocumentContentChangeEvent {
            range: range.map(|(from, to)| Range::new(Position::new(from.0, from.1), Position::new(to.0, to.1))),
            range_length: None,
            text: text.to_owned(),
        };
        let changes = [
            change(Some(((0, 1), (0, 1))), "b\n"),
            change(Some(((1, 0), (1, 1))), ""),
            // Backwards, and beyond the end.
            change(Some(((9, 9), (1, 0))), "!"),
        ];
        let lines = Lines::of("ac\nd");
        assert_eq!(applied(("ac\nd", &lines), &changes, Encoding::Utf16), "ab\n!");
        assert_eq!(applied(("ac\nd", &lines), &[change(None, "new")], Encoding::Utf16), "new");
    }

    proptest! {
        #[test]
        fn the_least_edit_leads_there(before in "[ab\u{e9}]{0,8}", after in "[ab\u{e9}]{0,8}") {
            match between(&before, &after) {
                None => prop_assert_eq!(before, after),
                Some((range, replacement)) => {
                    let mut text = before;
                    text.replace_range(range, &replacement);
                    prop_assert_eq!(text, after);
                }
            }
        }
    }
}
