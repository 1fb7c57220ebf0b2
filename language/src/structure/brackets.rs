//! Which bracket closes which. Where they do not match, the indentation tells which one is missing.

use std::ops::Range;

use super::DEEPEST;
use crate::token::Token;
use crate::{Span, SyntaxError, SyntaxErrorKind, Tokens};

/// What a bracket is paired with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Partner {
    /// It is no opening bracket, or one that is left alone.
    None,
    /// This closes it.
    Close(u32),
    /// Nothing closes it; its block ends before this token.
    Missing(u32),
}

/// The pairs of one stretch of tokens.
struct Matching {
    pairs: Vec<(u32, Partner)>,
    /// Brackets without a partner.
    loose: Vec<u32>,
    errors: Vec<SyntaxError>,
}

/// An open bracket, while its partner is looked for.
struct Open {
    index: u32,
    kind: Token,
    indent: u32,
}

/// The partner of each token of one declaration's stretch, and the brackets without a partner.
pub(super) fn pair(tokens: &Tokens, range: &Range<u32>, errors: &mut Vec<SyntaxError>) -> (Vec<Partner>, Vec<u32>) {
    let mut matching = matched(tokens, range, false);
    if !matching.errors.is_empty() {
        // Not where the text is hardly indented: every line would close something.
        let guided = matched(tokens, range, true);
        if guided.errors.len() <= 2 * matching.errors.len() + 2 {
            matching = guided;
        }
        // A text without end has swallowed the closing brackets: that has been said.
        if let Some(text) = range.clone().find(|index| tokens.kind(*index) == Token::UnclosedLongText) {
            let text = tokens.start(text);
            matching
                .errors
                .retain(|error| !(matches!(error.kind, SyntaxErrorKind::Unclosed { .. }) && error.span.start < text));
        }
    }
    let mut partners = vec![Partner::None; range.len()];
    for (index, partner) in matching.pairs {
        if let Some(entry) = partners.get_mut((index - range.start) as usize) {
            *entry = partner;
        }
    }
    matching.loose.sort_unstable();
    errors.append(&mut matching.errors);
    (partners, matching.loose)
}

/// One walk over the stretch. `guided`: a line that is not indented deeper than an open bracket's line ends that bracket.
fn matched(tokens: &Tokens, range: &Range<u32>, guided: bool) -> Matching {
    let mut result = Matching { pairs: Vec::new(), loose: Vec::new(), errors: Vec::new() };
    let mut stack: Vec<Open> = Vec::new();
    let mut too_deep = false;
    let mut indent = 0;
    let mut line_begins = true;
    for index in range.clone() {
        let kind = tokens.kind(index);
        match kind {
            Token::LineEnd => {
                line_begins = true;
                continue;
            }
            Token::Blank | Token::Comment | Token::Doc => continue,
            _ => {}
        }
        let first = std::mem::take(&mut line_begins);
        if first {
            indent = tokens.column(index);
            let closes = closes(kind).is_some();
            while guided && stack.last().is_some_and(|open| !closes && open.indent >= indent) {
                result.give_up(tokens, stack.pop(), index);
            }
        }
        if matches!(kind, Token::LeftBrace | Token::LeftBracket | Token::LeftParenthesis) {
            if stack.len() == DEEPEST {
                // Not read, wherever it happens; said once.
                result.loose.push(index);
                if !std::mem::replace(&mut too_deep, true) {
                    let kind = SyntaxErrorKind::TooDeep { limit: DEEPEST };
                    result.errors.push(SyntaxError { kind, span: tokens.span(index) });
                }
            }
            stack.push(Open { index, kind, indent });
        } else if let Some(wanted) = closes(kind) {
            result.close(tokens, &mut stack, (index, kind, wanted), (guided && first).then_some(indent));
        }
    }
    while let Some(open) = stack.pop() {
        result.give_up(tokens, Some(open), range.end);
    }
    result.errors.sort_by_key(|error| error.span);
    result
}

impl Matching {
    /// A closing bracket; `indent` where it begins its line and layout counts.
    fn close(
        &mut self,
        tokens: &Tokens,
        stack: &mut Vec<Open>,
        (index, kind, wanted): (u32, Token, Token),
        indent: Option<u32>,
    ) {
        let indent = indent.filter(|_| kind == Token::RightBrace);
        let fits = |open: &Open| open.kind == wanted && indent.is_none_or(|indent| open.indent == indent);
        // Looked for among a bounded number of others: anything further away is not what was meant.
        let deepest = stack.len().saturating_sub(DEEPEST);
        let found = stack.get(deepest..).and_then(|near| near.iter().rposition(fits)).map(|at| at + deepest);
        let Some(found) = found else {
            match stack.last() {
                Some(open) if kind != Token::RightBrace && open.kind != Token::LeftBrace => {
                    let kind = SyntaxErrorKind::Mismatched {
                        found: sign(kind),
                        open: sign(open.kind),
                        open_span: tokens.span(open.index),
                    };
                    self.errors.push(SyntaxError { kind, span: tokens.span(index) });
                    self.loose.extend([open.index, index]);
                    stack.pop();
                }
                _ => self.unopened(tokens, index, kind),
            }
            return;
        };
        while stack.len() > found + 1 {
            self.give_up(tokens, stack.pop(), index);
        }
        if let Some(open) = stack.pop() {
            self.pairs.push((open.index, Partner::Close(index)));
        }
    }

    /// A bracket that nothing closes before `end`.
    fn give_up(&mut self, tokens: &Tokens, open: Option<Open>, end: u32) {
        let Some(open) = open else { return };
        self.loose.push(open.index);
        if open.kind == Token::LeftBrace {
            self.pairs.push((open.index, Partner::Missing(end)));
        }
        // Of brackets without end one error is enough; that they are too deep has been said.
        let too_deep = |error: &SyntaxError| matches!(error.kind, SyntaxErrorKind::TooDeep { .. });
        if self.errors.len() < DEEPEST && !self.errors.iter().any(too_deep) {
            let at = tokens.start(end);
            let kind = SyntaxErrorKind::Unclosed { bracket: sign(open.kind), end: Span::new(at, at) };
            self.errors.push(SyntaxError { kind, span: tokens.span(open.index) });
        }
    }

    fn unopened(&mut self, tokens: &Tokens, index: u32, kind: Token) {
        self.loose.push(index);
        self.errors
            .push(SyntaxError { kind: SyntaxErrorKind::Unopened { bracket: sign(kind) }, span: tokens.span(index) });
    }
}

/// What a closing bracket closes.
const fn closes(kind: Token) -> Option<Token> {
    match kind {
        Token::RightBrace => Some(Token::LeftBrace),
        Token::RightBracket => Some(Token::LeftBracket),
        Token::RightParenthesis => Some(Token::LeftParenthesis),
        _ => None,
    }
}

const fn sign(kind: Token) -> char {
    match kind {
        Token::LeftBrace => '{',
        Token::RightBrace => '}',
        Token::LeftBracket => '[',
        Token::RightBracket => ']',
        Token::LeftParenthesis => '(',
        _ => ')',
    }
}
