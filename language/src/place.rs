//! A place in a text where somebody types: in whose block and in which clause it is, what stands before it there, and what may
//! stand in it. Half a clause will do, and a broken one: tokens and blocks are asked, and of the grammar what it can read so far.

use crate::build;
use crate::grammar::{self, BlockUse, Context, Follow, Form, Rule};
use crate::structure::{Block, Clause, Structure, declares};
use crate::{Parsed, Span, Token, Tokens};

/// Where somebody types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The word that is there: all of it, wherever in it the place is. Empty between words.
    pub word: Span,
    /// The headers of the clauses around it, the declaration's first.
    pub around: Vec<Header>,
    /// In whose block its clause stands; none where that is not understood.
    pub context: Option<Context>,
    /// What stands before it in its clause. A block in braces is one token.
    pub before: Vec<(Token, Span)>,
    /// What may stand in it; none where what stands before it is not understood.
    pub follow: Option<Follow>,
}

/// What stands before a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// In whose block the header stands.
    pub context: Context,
    /// Its tokens without blanks and comments.
    pub tokens: Vec<(Token, Span)>,
}

/// A word that takes the place of what is typed: no keyword.
const PLACEHOLDER: &str = "x ";

/// The place at a byte; none within a text, a comment or a number.
#[must_use]
pub fn place_at(parsed: &Parsed, text: &str, offset: u32) -> Option<Place> {
    let word = word_at(&parsed.tokens, offset)?;
    let region = region(&parsed.tokens, word);
    let before = text.get(region.start as usize..word.start as usize)?;
    let behind = text.get(word.end as usize..region.end as usize)?;
    let text = [before, PLACEHOLDER, behind].concat();
    let tokens = Tokens::of(&text);
    let here = Cut { text: &text, tokens: &tokens, start: region.start, at: tokens.at(word.start - region.start)? };
    here.place(word)
}

/// The word at a byte.
fn word_at(tokens: &Tokens, offset: u32) -> Option<Span> {
    let empty = Span::new(offset, offset);
    let Some(at) = tokens.at(offset) else { return Some(empty) };
    let begins = tokens.start(at) == offset;
    let left = if begins { at.checked_sub(1) } else { Some(at) };
    if let Some(left) = left {
        let (kind, span) = (tokens.kind(left), tokens.span(left));
        match kind {
            _ if kind.is_word() => return Some(span),
            Token::Text | Token::LongText if offset < span.end => return None,
            Token::Comment
            | Token::Doc
            | Token::UnclosedText
            | Token::UnclosedLongText
            | Token::Unknown
            | Token::Number
            | Token::Percent
            | Token::DateLiteral
            | Token::TimeLiteral => return None,
            _ => {}
        }
    }
    let right = begins && tokens.kind(at).is_word();
    Some(if right { tokens.span(at) } else { empty })
}

/// The declaration around a word; where the word begins one, what stands before it.
fn region(tokens: &Tokens, word: Span) -> Span {
    let bound = |index: u32| index == 0 || tokens.kind(index - 1) == Token::LineEnd && declares(tokens, index);
    let before = word.start.checked_sub(1).and_then(|byte| tokens.at(byte)).unwrap_or(0);
    let first = (0..=before).rev().find(|index| bound(*index)).unwrap_or(0);
    let behind = tokens.at(word.end).map_or(0, |index| if tokens.start(index) < word.end { index + 1 } else { index });
    let last = (behind..tokens.len()).find(|index| bound(*index)).unwrap_or(tokens.len());
    Span::new(tokens.start(first).min(word.start), tokens.start(last).max(word.end))
}

/// A declaration with the placeholder in it.
struct Cut<'t> {
    text: &'t str,
    tokens: &'t Tokens,
    /// Where it begins in the whole text.
    start: u32,
    /// The placeholder.
    at: u32,
}

impl Cut<'_> {
    fn place(&self, word: Span) -> Option<Place> {
        let structure = Structure::of(self.tokens, &mut Vec::new());
        let mut place =
            Place { word, around: Vec::new(), context: Some(Context::File), before: Vec::new(), follow: None };
        let mut clauses = structure.declarations.as_slice();
        loop {
            let clause = clauses.iter().find(|clause| clause.core.contains(&self.at))?;
            let around = |block: &&Block| block.open < self.at && self.at < block.end;
            let Some(block) = clause.blocks.iter().find(around) else {
                place.before = self.tokens_of(clause, self.at);
                break;
            };
            let tokens = self.tokens_of(clause, block.open);
            let context = place.context?;
            place.context = self.inside(&place, context, &tokens);
            place.around.push(Header { context, tokens });
            clauses = &block.clauses;
        }
        place.follow = place.context.and_then(|context| self.follow(&place, context));
        Some(place)
    }

    /// The tokens of a clause before one of them.
    fn tokens_of(&self, clause: &Clause, end: u32) -> Vec<(Token, Span)> {
        let mut found = Vec::new();
        let mut blocks = clause.blocks.iter();
        let mut at = clause.core.start;
        while at < end {
            let kind = self.tokens.kind(at);
            let block = (kind == Token::LeftBrace).then(|| blocks.find(|block| block.open == at)).flatten();
            let behind = block.map_or(at + 1, |block| block.end.max(at + 1));
            if !kind.is_trivia() {
                let span = Span::new(self.tokens.start(at) + self.start, self.tokens.start(behind) + self.start);
                found.push((if block.is_some() { Token::Block } else { kind }, span));
            }
            at = behind;
        }
        found
    }

    /// What stands in the block of a clause.
    fn inside(&self, place: &Place, context: Context, tokens: &[(Token, Span)]) -> Option<Context> {
        match form_of(place, context, tokens)?.block {
            // Of what a `refine` refines.
            BlockUse::Required(Context::File) => {
                let (_, kind) = tokens.get(1)?;
                let kind = Span::new(kind.start - self.start, kind.end - self.start);
                build::refined_context(self.text.get(kind.range())?)
            }
            BlockUse::Required(context) | BlockUse::Optional(context) | BlockUse::Inside(context) => Some(context),
            BlockUse::None => None,
        }
    }

    fn follow(&self, place: &Place, context: Context) -> Option<Follow> {
        if place.before.is_empty() {
            let mut starts = grammar::starts(context);
            if place.is_refined() {
                starts.phrases.push(vec![Token::Remove]);
            }
            return Some(starts);
        }
        let codes = |tokens: &[(Token, Span)]| tokens.iter().map(|(kind, _)| kind.code()).collect::<String>();
        let whole =
            form_of(place, context, &place.before).and_then(|form| grammar::follow(form.rule, &codes(&place.before)));
        whole.or_else(|| {
            // What stands before is broken: a condition may be whole nevertheless.
            let begins = |(kind, _): &(Token, Span)| {
                matches!(kind, Token::When | Token::Require | Token::Expect | Token::And | Token::Or)
            };
            let condition = place.before.get(place.before.iter().rposition(begins)? + 1..)?;
            let codes = codes(condition);
            grammar::follow(Rule::require, &format!("{}{codes}", Token::Require.code()))
        })
    }
}

impl Place {
    /// Whether its clause stands right in the block of a `refine`.
    #[must_use]
    pub fn is_refined(&self) -> bool {
        let first = self.around.first().and_then(|header| header.tokens.first());
        self.around.len() == 1 && first.is_some_and(|(kind, _)| *kind == Token::Refine)
    }
}

/// The form of a clause of which these are the first tokens.
fn form_of(place: &Place, context: Context, tokens: &[(Token, Span)]) -> Option<Form> {
    let first = tokens.first()?.0;
    // Where only one stands, the next one is being typed.
    let second = tokens.get(1).map_or(Token::Word, |(kind, _)| *kind);
    match context {
        Context::File => grammar::declaration(first),
        _ if first == Token::Remove && place.is_refined() && second.is_word() => Some(grammar::REMOVE),
        _ => grammar::form(context, first, second),
    }
}
