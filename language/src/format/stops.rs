//! Where the lines of a block are padded, so that what is alike stands below each other.

use crate::Token;
use crate::grammar::Context;

use super::line::{Mark, Stop};

/// A wider line is not lined up with: it would push all others off the screen.
pub(super) const WIDEST: usize = 100;

/// A table has as many columns as agents; what goes on behind these is not lined up.
const MOST_CELLS: usize = 64;

/// Columns of a group, from the left.
const SECOND: usize = 1;
const MIDDLE: usize = 2;
const REASON: usize = 3;

/// Blocks whose columns are shared with their siblings: the layers of a score, which are read as one table.
pub(super) const fn shared(context: Context) -> bool {
    matches!(context, Context::Layer)
}

/// The stops of a clause's first line.
pub(super) fn stops(context: Context, marks: &[Mark], ends_in_block: bool) -> Vec<Stop> {
    let Some(first) = marks.first() else { return Vec::new() };
    let stop = |mark: Option<&Mark>, column, gap| mark.map(|mark| Stop { at: mark.at, column, gap, widest: WIDEST });
    let word = |kind: Token| marks.iter().skip(1).find(move |mark| mark.kind == kind && mark.depth == 0);
    let second = |gap| stop(marks.get(1), SECOND, gap);
    let reason = || {
        let because = marks.len().checked_sub(2).and_then(|index| marks.get(index));
        stop(because.filter(|mark| mark.kind == Token::Because && mark.depth == 0), REASON, 1)
    };
    let behind = |kind: Token, column, gap| {
        let at = marks.iter().position(|mark| mark.kind == kind && mark.depth == 0);
        stop(at.and_then(|at| marks.get(at + 1)), column, gap)
    };
    let found = match context {
        Context::File if !ends_in_block => match first.kind {
            Token::Phrases | Token::Objection => vec![second(1), stop(word(Token::LeftBrace), MIDDLE, 1)],
            Token::Event => vec![stop(word(Token::LeftBrace), MIDDLE, 1)],
            Token::Goal => vec![behind(Token::Text, MIDDLE, 3)],
            _ => Vec::new(),
        },
        Context::Fields | Context::Record => vec![behind(Token::Colon, SECOND, 1)],
        Context::Score | Context::Layer if !first.kind.is_word() => vec![stop(marks.get(2), SECOND, 1), reason()],
        Context::Route => vec![second(1), reason()],
        Context::Experiment if matches!(first.kind, Token::At | Token::Hold) => vec![stop(marks.get(2), SECOND, 2)],
        Context::Client | Context::Experiment => vec![second(2)],
        Context::Source => match marks.get(1).map(|mark| mark.kind) {
            Some(Token::From | Token::Dot) => vec![stop(word(Token::From), SECOND, 2)],
            _ => vec![second(2)],
        },
        Context::ContactPolicy if first.kind == Token::At => vec![stop(marks.get(2), SECOND, 2), reason()],
        Context::ContactPolicy => vec![second(2), reason()],
        Context::Priority => vec![second(1), stop(word(Token::While), MIDDLE, 2), reason()],
        Context::Stage if first.kind == Token::Next => vec![stop(marks.get(2), SECOND, 1), reason()],
        Context::Learn if matches!(first.kind, Token::Good | Token::Bad) => vec![second(1)],
        Context::Scenario | Context::Backtest | Context::Agent | Context::Rubric => vec![second(1)],
        Context::Permissions => {
            let bars = marks.iter().skip(1).filter(|mark| mark.kind == Token::Bar).take(MOST_CELLS);
            let stop = |(column, bar): (usize, &Mark)| Stop { at: bar.at, column, gap: 2, widest: usize::MAX };
            bars.enumerate().map(|bar| Some(stop(bar))).collect()
        }
        _ => Vec::new(),
    };
    found.into_iter().flatten().filter(|stop| stop.at > 0).collect()
}
