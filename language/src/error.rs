//! What can be wrong with a text before anyone asks what it means.
//!
//! Structured, never prose: the compiler gives each kind its code and its words.

use crate::Span;

/// One syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: SyntaxErrorKind,
    /// Where to point.
    pub span: Span,
}

/// The kinds of syntax errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    /// A clause or header went on in a way the language does not know.
    Unexpected {
        /// What stands there, as written; none at the end of the clause.
        found: Option<String>,
        /// What could stand there, in the language's own words (`` `when` ``, `a name`, `points such as +20`).
        expected: Vec<&'static str>,
        /// What was being read: `a rule`, `the header of a layer`.
        reading: &'static str,
        /// The word meant, where what stands there is nearly one of the words expected.
        meant: Option<&'static str>,
    },
    /// A bracket, brace or parenthesis is never closed; the span is the opener's.
    Unclosed {
        /// `{`, `[` or `(`.
        bracket: char,
        /// Where the file or the declaration ended without it.
        end: Span,
    },
    /// A closing bracket that nothing opened.
    Unopened {
        /// `}`, `]` or `)`.
        bracket: char,
    },
    /// A closing bracket of another kind than the one open.
    Mismatched {
        /// What stands there.
        found: char,
        /// The one open.
        open: char,
        /// Where that stands.
        open_span: Span,
    },
    /// A `"` or `"""` that is never closed.
    UnclosedText {
        /// It was a `"""`.
        long: bool,
    },
    /// An escape that texts do not know.
    UnknownEscape {
        /// The character behind the backslash.
        escape: char,
    },
    /// A character that means nothing in a playbook.
    UnknownCharacter {
        /// Which.
        character: char,
        /// What was likely meant: `"` for a typographic quote, `-` for a dash.
        meant: Option<&'static str>,
    },
    /// Something in column 0 that starts no declaration.
    NotADeclaration {
        /// What stands there.
        found: String,
        /// The declaration likely meant.
        meant: Option<&'static str>,
    },
    /// A declaration or clause needs a block and has none.
    MissingBlock {
        /// What needs it: `a score`.
        what: &'static str,
    },
    /// A clause has a block where none belongs.
    UnexpectedBlock {
        /// What has it.
        what: &'static str,
    },
    /// A number that cannot be held.
    BadNumber {
        /// Why.
        reason: crate::NumberError,
    },
    /// Brackets nested deeper than anyone writes.
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// A `{…}` in a template that stands for nothing.
    BadPlaceholder {
        /// Why.
        reason: PlaceholderError,
    },
    /// A clause so involved that reading it was given up.
    TooInvolved,
    /// The file is larger than a playbook can be.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
}

/// What is wrong with a placeholder in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceholderError {
    /// Nothing closes it on its line; the span is the opening brace.
    Unclosed,
    /// Nothing is in it.
    Empty,
    /// What is in it is no name such as `contact.first_name`.
    NotAPath {
        /// What is in it.
        found: String,
    },
    /// What stands behind `else` is no text in quotes.
    NotAText {
        /// What stands there; nothing at the end of the placeholder.
        found: String,
    },
}
