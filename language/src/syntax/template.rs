//! Templates of messages, as written.

use derive_visitor::DriveMut;
use smol_str::SmolStr;

use super::{Path, Text};
use crate::Span;

/// `template first_touch { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Template {
    /// Its name.
    pub name: super::Name,
    /// In source order.
    pub parts: Vec<TemplatePart>,
}

/// `subject "…"`, `body """…"""`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct TemplatePart {
    /// Which part.
    pub kind: TemplatePartKind,
    /// The whole text, placeholders as written.
    pub text: Text,
    /// What it consists of, in order.
    pub pieces: Vec<TemplatePiece>,
    /// The clause.
    pub span: Span,
}

/// The parts that a message has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, DriveMut)]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum TemplatePartKind {
    Subject,
    Body,
}

/// A piece of a template's text.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum TemplatePiece {
    /// What stands there, with its escapes resolved and without the indentation of a `"""`.
    Literal(#[drive(skip)] SmolStr),
    /// `{contact.first_name else "there"}`
    Placeholder {
        /// The fact.
        path: Path,
        /// What stands there where the fact is missing.
        otherwise: Option<Text>,
        /// With its braces.
        span: Span,
    },
}
