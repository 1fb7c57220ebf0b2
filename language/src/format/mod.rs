//! One way to lay a playbook out. It works on tokens and structure, so that comments stay where they are and nothing but
//! blanks ever changes; a declaration with an error in it is left as it is, to the byte.

mod align;
mod line;
mod spacing;
mod stops;
mod writer;

use crate::line_ends::with_line_ends_of;
use crate::parsed::{Parsed, parse};
use crate::{Span, Token};

/// A text, laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formatted {
    /// The text.
    pub text: String,
    /// The declarations that were left as they are, because something is wrong with them; spans of the text given.
    pub untouched: Vec<Span>,
}

/// Lays a text out.
#[must_use]
pub fn format(text: &str) -> Formatted {
    let parsed = parse(text);
    let all = Span::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX));
    if parsed.tokens.is_empty() && !text.is_empty() {
        return Formatted { text: text.to_owned(), untouched: vec![all] };
    }
    let (formatted, untouched) = writer::write(text, &parsed);
    if let Some(formatted) = with_line_ends_of(text, &formatted)
        && says_the_same(text, &parsed, &formatted)
    {
        return Formatted { text: formatted, untouched };
    }
    // What a formatter must never do is change what a text says: rather than that, it does nothing.
    if says_the_same(text, &parsed, &formatted) {
        Formatted { text: formatted, untouched }
    } else {
        Formatted { text: text.to_owned(), untouched: vec![all] }
    }
}

/// Whether two texts have the same tokens and comments in the same order, and the same outline.
fn says_the_same(text: &str, parsed: &Parsed, formatted: &str) -> bool {
    let after = parse(formatted);
    let words = |parsed: &Parsed, text: &str| -> Vec<(Token, String)> {
        let kinds = (0..).zip(parsed.tokens.kinds());
        let kept = kinds.filter(|(_, kind)| !matches!(kind, Token::Blank | Token::LineEnd));
        let written = |index| text.get(parsed.tokens.span(index).range()).unwrap_or_default().trim_end().to_owned();
        kept.map(|(index, kind)| (*kind, written(index))).collect()
    };
    after.errors.len() == parsed.errors.len() && words(parsed, text) == words(&after, formatted)
}
