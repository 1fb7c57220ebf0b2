//! What can be wrong with a text before anyone asks what it means (E01xx): one file a kind of syntax error.

use language::{SyntaxError, SyntaxErrorKind};

use crate::diagnostics::{Code, Diagnostic, Files};
use crate::program::FileId;

mod bad_number;
mod bad_placeholder;
mod mismatched;
mod missing_block;
mod not_a_declaration;
mod not_utf8;
mod slips;
mod synonyms;
mod too_deep;
mod too_involved;
mod too_large;
mod unclosed;
mod unclosed_text;
mod unexpected;
mod unexpected_block;
mod unknown_character;
mod unknown_escape;
mod unopened;

pub use not_utf8::not_utf8;

/// In the order of their numbers.
pub(super) static CODES: &[&Code] = &[
    &unexpected::CODE,
    &unclosed::CODE,
    &unopened::CODE,
    &mismatched::CODE,
    &unclosed_text::CODE,
    &unknown_escape::CODE,
    &unknown_character::CODE,
    &not_a_declaration::CODE,
    &missing_block::CODE,
    &unexpected_block::CODE,
    &bad_number::CODE,
    &too_deep::CODE,
    &too_involved::CODE,
    &too_large::CODE,
    &not_utf8::CODE,
    &bad_placeholder::CODE,
];

/// A syntax error in words.
pub(crate) fn diagnostic(files: &Files, file: FileId, error: &SyntaxError) -> Diagnostic {
    let span = error.span;
    match &error.kind {
        SyntaxErrorKind::Unexpected { found, expected, reading, meant } => {
            unexpected::diagnostic(files, file, span, found.as_deref(), expected, reading, *meant)
        }
        SyntaxErrorKind::Unclosed { bracket, end } => unclosed::diagnostic(files, file, span, *bracket, *end),
        SyntaxErrorKind::Unopened { bracket } => unopened::diagnostic(file, span, *bracket),
        SyntaxErrorKind::Mismatched { found, open, open_span } => {
            mismatched::diagnostic(file, span, *found, *open, *open_span)
        }
        SyntaxErrorKind::UnclosedText { long } => unclosed_text::diagnostic(files, file, span, *long),
        SyntaxErrorKind::UnknownEscape { escape } => unknown_escape::diagnostic(file, span, *escape),
        SyntaxErrorKind::UnknownCharacter { character, meant } => {
            unknown_character::diagnostic(files, file, span, *character, *meant)
        }
        SyntaxErrorKind::NotADeclaration { found, meant } => {
            not_a_declaration::diagnostic(files, file, span, found, *meant)
        }
        SyntaxErrorKind::MissingBlock { what } => missing_block::diagnostic(file, span, what),
        SyntaxErrorKind::UnexpectedBlock { what } => unexpected_block::diagnostic(file, span, what),
        SyntaxErrorKind::BadNumber { reason } => bad_number::diagnostic(files, file, span, *reason),
        SyntaxErrorKind::BadPlaceholder { reason } => bad_placeholder::diagnostic(file, span, reason),
        SyntaxErrorKind::TooDeep { limit } => too_deep::diagnostic(file, span, *limit),
        SyntaxErrorKind::TooInvolved => too_involved::diagnostic(file, span),
        SyntaxErrorKind::TooLarge { limit } => too_large::diagnostic(file, span, *limit),
    }
}

/// Puts the quotes of one text together: two typographic ones on a line are one mistake.
pub(crate) fn pair_quotes(files: &Files, diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.dedup_by(|later, earlier| {
        let both = later.code.id == unknown_character::CODE.id && earlier.code.id == later.code.id;
        let of_quotes =
            |found: &Diagnostic| found.fix.as_ref().is_some_and(|fix| fix.title == unknown_character::PLAIN_QUOTES);
        if !both || later.primary.file != earlier.primary.file || !of_quotes(later) || !of_quotes(earlier) {
            return false;
        }
        let between = language::Span::new(earlier.primary.span.end, later.primary.span.start);
        let same_text = !files.slice(later.primary.file, between).contains(['\n', ',']);
        let (Some(fix), Some(edits)) = (&mut earlier.fix, later.fix.as_ref().map(|fix| fix.edits.clone())) else {
            return false;
        };
        if !same_text || fix.edits.len() > 1 {
            return false;
        }
        fix.edits.extend(edits);
        earlier.labels.push(crate::diagnostics::Label { text: "nor is this one".to_owned(), ..later.primary.clone() });
        true
    });
}
