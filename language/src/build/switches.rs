//! Comments that switch a lint off for a line: `// allow LINT because "…"`.

use crate::parsed::Switch;
use crate::syntax::{Name, Text};
use crate::{Span, Token, Tokens};

use super::literals;

/// All of a text, in order.
pub(crate) fn switches(text: &str, tokens: &Tokens) -> Vec<Switch> {
    let mut switches = Vec::new();
    for (index, kind) in (0..).zip(tokens.kinds()) {
        if *kind == Token::Comment {
            let span = tokens.span(index);
            let switch = text.get(span.range()).and_then(|comment| switch(comment, span));
            switches.extend(switch.map(|switch| Switch { target: target(tokens, index), ..switch }));
        }
    }
    switches
}

/// A comment that begins with `allow` and a kebab-case word.
fn switch(comment: &str, span: Span) -> Option<Switch> {
    let rest = comment.strip_prefix("//")?.trim_start().strip_prefix("allow")?;
    let after = rest.trim_start();
    if after.len() == rest.len() {
        return None;
    }
    let length = after
        .bytes()
        .position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'))
        .unwrap_or(after.len());
    let (word, rest) = after.split_at_checked(length)?;
    let at = |rest: &str| span.end - u32::try_from(rest.len()).unwrap_or_default();
    // Prose such as `// allow people to …` is no switch.
    let kebab = word.contains('-');
    let reason = rest.trim_start().strip_prefix("because").map(str::trim_start);
    if word.is_empty() || !(kebab || reason.is_some()) {
        return None;
    }
    let because = reason.and_then(|reason| {
        let inner = reason.strip_prefix('"')?;
        let close = inner.rfind('"')?;
        let quoted = reason.get(..close + 2)?;
        let start = at(reason);
        Some(Text { value: literals::text(quoted), span: Span::new(start, start + u32::try_from(quoted.len()).ok()?) })
    });
    let start = at(after);
    let lint = Name { text: word.into(), span: Span::new(start, start + u32::try_from(word.len()).ok()?) };
    Some(Switch { lint, because, span, target: None })
}

/// The token before it on its line, else the next one at all.
fn target(tokens: &Tokens, comment: u32) -> Option<Span> {
    let before = (0..comment).rev().take_while(|index| tokens.kind(*index) != Token::LineEnd);
    let before = before.filter(|index| !tokens.kind(*index).is_trivia()).last();
    before.or_else(|| tokens.significant(comment, tokens.len())).map(|index| tokens.span(index))
}
