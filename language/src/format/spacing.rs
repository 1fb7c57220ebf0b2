//! Whether a blank stands between two tokens of a line.

use crate::Token;

/// The tokens before the blank, and how the second was written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Between {
    /// The one before the first; a line end where there is none.
    pub(super) earlier: Token,
    /// The first.
    pub(super) left: Token,
    /// The second.
    pub(super) right: Token,
    /// A blank stood before the first, and none between the two.
    pub(super) leaned_right: bool,
    /// The clause's first token.
    pub(super) clause: Token,
}

/// Whether a blank stands between the two.
pub(super) fn blank(between: Between) -> bool {
    let Between { earlier, left, right, leaned_right, clause } = between;
    let operand = |kind: Token| {
        matches!(
            kind,
            Token::Number
                | Token::Percent
                | Token::Text
                | Token::LongText
                | Token::RightParenthesis
                | Token::RightBracket
        )
    };
    let operator = |kind: Token| {
        let code = kind as u16;
        (Token::Plus as u16..=Token::NotEqual as u16).contains(&code)
            || matches!(kind, Token::LeftParenthesis | Token::LeftBracket | Token::Comma | Token::Colon)
    };
    match (left, right) {
        // `{}` and `[]`
        (Token::LeftBrace, Token::RightBrace) => false,
        (Token::LeftBracket | Token::LeftParenthesis, _) => false,
        (_, Token::RightBracket | Token::RightParenthesis | Token::Comma | Token::Colon | Token::Question) => false,
        // `use ./fields`
        (Token::Use, Token::Dot) => true,
        (Token::Dot, _) | (_, Token::Dot) => false,
        (Token::Slash, _) if earlier == Token::Dot => false,
        (Token::Yes, Token::Slash) => false,
        (Token::Slash, Token::No) => earlier != Token::Yes,
        // A lint's name.
        (Token::Minus, _) | (_, Token::Minus) if clause == Token::Allow => false,
        // Points.
        (Token::Plus | Token::Minus, _) if earlier == Token::LineEnd => false,
        (Token::Plus | Token::Minus, _) if operator(earlier) => false,
        // A sign: the grammar could tell it from a difference, the tokens alone cannot, so the writer's hand decides.
        (Token::Plus | Token::Minus, Token::Number | Token::Percent) => operand(earlier) || !leaned_right,
        _ => true,
    }
}
