//! What may stand within a comment or a text: a lint behind `// allow`, a fact in a template's braces, a time zone.

use language::{Parsed, Span, Token};
use tower_lsp::ls_types::CompletionItemKind;

use super::proposal::Proposal;
use super::wanted::Wanted;
use super::world::Side;

/// The word there, what it would stand for, and the names with dots before it.
pub(super) fn asked<'t>(parsed: &Parsed, text: &'t str, byte: u32) -> (Span, Vec<Wanted<'t>>, Vec<&'t str>) {
    let nothing = (Span::new(byte, byte), Vec::new(), Vec::new());
    let Some((kind, span)) = covering(parsed, byte) else { return nothing };
    let before = text.get(span.start as usize..byte as usize).unwrap_or_default();
    let behind = text.get(byte as usize..span.end as usize).unwrap_or_default();
    match kind {
        Token::Comment => {
            let allow = before.strip_prefix("//").map(str::trim_start).and_then(|rest| rest.strip_prefix("allow "));
            let Some(typed) = allow.map(str::trim_start).filter(|typed| typed.chars().all(is_of_lint)) else {
                return nothing;
            };
            let rest: String = behind.chars().take_while(|letter| is_of_lint(*letter)).collect();
            (around(byte, typed, &rest), vec![Wanted::Lint], Vec::new())
        }
        Token::Text | Token::LongText | Token::UnclosedText | Token::UnclosedLongText if in_template(parsed, byte) => {
            let open = before.rfind('{').filter(|open| !before.get(..*open).is_some_and(|text| text.ends_with('\\')));
            let Some(typed) = open.and_then(|open| before.get(open + 1..)) else { return nothing };
            let path = typed.trim_start();
            if !path.chars().all(|letter| is_of_name(letter) || letter == '.') {
                return nothing;
            }
            let mut parts: Vec<&str> = path.split('.').collect();
            let word = parts.pop().unwrap_or_default();
            let rest: String = behind.chars().take_while(|letter| is_of_name(*letter)).collect();
            (around(byte, word, &rest), vec![Wanted::Placeholder], parts)
        }
        _ => nothing,
    }
}

/// The text that names a time zone, without its quotes.
pub(super) fn zones(parsed: &Parsed, byte: u32) -> Option<Span> {
    let at = parsed.tokens.at(byte)?;
    let (kind, span) = covering(parsed, byte)?;
    let text = match kind {
        Token::Text if byte > span.start && byte < span.end => Span::new(span.start + 1, span.end - 1),
        Token::UnclosedText => Span::new(span.start + 1, span.end),
        _ => return None,
    };
    let index = if parsed.tokens.span(at) == span { at } else { at.checked_sub(1)? };
    let before = (0..index).rev().find(|index| !parsed.tokens.kind(*index).is_trivia())?;
    (parsed.tokens.kind(before) == Token::Timezone).then_some(text)
}

pub(super) fn zone_names() -> Vec<Proposal> {
    let zone = |name: jiff::tz::TimeZoneName| Proposal {
        kind: CompletionItemKind::CONSTANT,
        detail: "time zone".to_owned(),
        side: Side::Standard,
        ..Proposal::word(name.as_str())
    };
    jiff::tz::TimeZoneDatabase::bundled().available().map(zone).collect()
}

/// The token that a byte is in or right behind.
fn covering(parsed: &Parsed, byte: u32) -> Option<(Token, Span)> {
    let at = parsed.tokens.at(byte)?;
    let index = if parsed.tokens.start(at) == byte { at.checked_sub(1)? } else { at };
    Some((parsed.tokens.kind(index), parsed.tokens.span(index)))
}

fn in_template(parsed: &Parsed, byte: u32) -> bool {
    let clauses = parsed.clauses_at(byte.saturating_sub(1));
    let kinds =
        clauses.first().map(|clause| clause.core.clone().filter(|index| !parsed.tokens.kind(*index).is_trivia()));
    let mut kinds = kinds.into_iter().flatten().map(|index| parsed.tokens.kind(index));
    match kinds.next() {
        Some(Token::Template) => true,
        Some(Token::Refine) => kinds.next() == Some(Token::Template),
        _ => false,
    }
}

fn around(byte: u32, before: &str, behind: &str) -> Span {
    let length = |text: &str| u32::try_from(text.len()).unwrap_or_default();
    Span::new(byte - length(before), byte + length(behind))
}

const fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

const fn is_of_lint(letter: char) -> bool {
    is_of_name(letter) || letter == '-'
}
