//! What a name stands for within a condition, told from the tokens of the condition before it.

use language::Token;

use super::wanted::{Scope, Wanted, Word, path_at_end};

/// What may stand behind those tokens, the first ones of a condition.
pub(super) fn wanted<'t>(words: &[Word<'t>], scope: Scope<'t>) -> Vec<Wanted<'t>> {
    let words = innermost(words);
    let (before, last) = match words {
        [before @ .., (last, _)] => (before, *last),
        [] => return vec![Wanted::Subject(scope)],
    };
    if let Some(open) = open_list(words) {
        let (before, list) = (words.get(..open).unwrap_or_default(), words.get(open + 1..).unwrap_or_default());
        let begins = list.last().is_none_or(|(kind, _)| *kind == Token::Comma);
        return if begins { in_list(before, scope) } else { Vec::new() };
    }
    let previous = before.last().map(|(kind, _)| *kind);
    let subject = || match filtered(words) {
        Some(events) => Wanted::FactsOf(events),
        None => Wanted::Subject(scope),
    };
    let value = || value_of(before, scope);
    match last {
        Token::Not if previous == Some(Token::Is) => vec![value(), subject()],
        Token::Is | Token::Certainly | Token::Provisionally => vec![value(), subject()],
        Token::Or => match values_before(before) {
            Some(is) => vec![value_of(is, scope), subject()],
            None => vec![subject()],
        },
        Token::Has => vec![value(), subject()],
        Token::Of if matches!(previous, Some(Token::Count)) => vec![Wanted::Event],
        Token::Of if matches!(previous, Some(Token::AnyWord | Token::All | Token::None)) => vec![value(), subject()],
        Token::Average | Token::Median | Token::Sum | Token::Highest | Token::Lowest | Token::Latest => {
            vec![Wanted::EventFact]
        }
        Token::And | Token::Not | Token::Comma | Token::Where => vec![subject()],
        Token::From
        | Token::To
        | Token::Less
        | Token::LessOrEqual
        | Token::Greater
        | Token::GreaterOrEqual
        | Token::Equal
        | Token::DoubleEqual
        | Token::NotEqual
        | Token::Plus
        | Token::Minus
        | Token::Star
        | Token::Slash => vec![subject()],
        Token::AnyWord | Token::No if previous == Some(Token::Has) => Vec::new(),
        Token::AnyWord | Token::No | Token::Each => vec![Wanted::Event],
        Token::Number if matches!(previous, Some(Token::Least | Token::Most | Token::Exactly)) => vec![Wanted::Event],
        Token::Mentions => vec![Wanted::Phrases],
        _ => Vec::new(),
    }
}

/// What stands in the innermost parenthesis that is open.
fn innermost<'w, 't>(words: &'w [Word<'t>]) -> &'w [Word<'t>] {
    let mut closed = 0;
    for (at, (kind, _)) in words.iter().enumerate().rev() {
        match kind {
            Token::RightParenthesis => closed += 1,
            Token::LeftParenthesis if closed == 0 => return words.get(at + 1..).unwrap_or_default(),
            Token::LeftParenthesis => closed -= 1,
            _ => {}
        }
    }
    words
}

/// The bracket of a list that is open.
fn open_list(words: &[Word<'_>]) -> Option<usize> {
    let open = words.iter().rposition(|(kind, _)| *kind == Token::LeftBracket)?;
    let closed = words.get(open..)?.iter().any(|(kind, _)| *kind == Token::RightBracket);
    (!closed).then_some(open)
}

/// What stands in a list behind those words.
fn in_list<'t>(before: &[Word<'t>], scope: Scope<'t>) -> Vec<Wanted<'t>> {
    match before {
        [.., (Token::Count, _), (Token::Of, _)] | [.., (Token::Each | Token::AnyWord | Token::No, _)] => {
            vec![Wanted::Event]
        }
        [.., (Token::Least | Token::Most | Token::Exactly, _), (Token::Number, _)] => vec![Wanted::Event],
        _ => vec![value_of(before, scope)],
    }
}

/// What may be said of the path that stands before `is`, `has any of` and the like.
fn value_of<'t>(words: &[Word<'t>], scope: Scope<'t>) -> Wanted<'t> {
    let mut rest = words;
    while let [before @ .., (kind, _)] = rest {
        let between = matches!(
            kind,
            Token::Is
                | Token::Not
                | Token::Certainly
                | Token::Provisionally
                | Token::One
                | Token::Of
                | Token::Has
                | Token::AnyWord
                | Token::All
                | Token::None
        );
        if !between {
            break;
        }
        rest = before;
    }
    let path = path_at_end(rest);
    match filtered(rest) {
        // An event's fact by its own name.
        Some(events) => Wanted::ValueOfFact(path, events.into_iter().next().unwrap_or_default()),
        None => Wanted::ValueOf(path, scope),
    }
}

/// Where `or` goes on with values, `is hot or`: what stands before the `is`.
fn values_before<'w, 't>(before: &'w [Word<'t>]) -> Option<&'w [Word<'t>]> {
    let is = before.iter().rposition(|(kind, _)| *kind == Token::Is)?;
    let between = before.get(is + 1..)?;
    let only_values = between.iter().all(|(kind, _)| {
        let value = kind.is_word() || matches!(kind, Token::Text | Token::LongText | Token::Number | Token::Dot);
        value && !matches!(kind, Token::And | Token::Where | Token::Missing | Token::Known)
    });
    only_values.then(|| before.get(..=is)).flatten()
}

/// The events whose facts are asked for, within their `where`.
fn filtered(words: &[Word<'_>]) -> Option<Vec<String>> {
    let at = words.iter().rposition(|(kind, _)| *kind == Token::Where)?;
    let filter = words.get(at + 1..)?;
    let ends = filter.windows(2).any(|pair| match pair {
        [(Token::In, _), (Token::The, _)] => true,
        [(Token::And | Token::Or, _), (next, _)] => {
            matches!(next, Token::AnyWord | Token::No | Token::At | Token::Exactly)
        }
        _ => false,
    });
    if ends {
        return None;
    }
    let before = words.get(..at)?;
    let list = match before {
        [inside @ .., (Token::RightBracket, _)] => {
            let open = inside.iter().rposition(|(kind, _)| *kind == Token::LeftBracket)?;
            inside.get(open + 1..)?
        }
        _ => before,
    };
    let named = list.split(|(kind, _)| *kind == Token::Comma).map(|words| path_at_end(words).join("."));
    let named: Vec<String> = named.filter(|name| !name.is_empty()).collect();
    // Records are filtered by their own fields: `for contacts where icp is missing`.
    let records = matches!(before, [.., (Token::For, _), _]);
    (!records && !named.is_empty()).then_some(named)
}
