//! The words that a field can hold, and whether a value is one of them.

use language::Span;
use smol_str::SmolStr;

use super::Lowering;
use super::operand::Domain;
use crate::codes::types::value_not_listed;
use crate::program::{FileId, Type};

impl Lowering<'_> {
    /// The words; none where any text will do.
    pub(super) fn words_of(&self, domain: Domain) -> Option<&[SmolStr]> {
        let ty = match domain {
            Domain::Any => return None,
            Domain::Field(entity, field) => &self.program.entities.get(entity.index())?.fields.get(field.index())?.ty,
            Domain::Event(event, place) => &self.program.events.get(event.index())?.fields.get(place)?.ty,
        };
        words_of_type(ty)
    }

    /// Whether the word can stand there; reported where it cannot. `of` is the field as written.
    pub(super) fn in_domain(&mut self, file: FileId, span: Span, word: &str, domain: Domain, of: &str) -> bool {
        let Some(words) = self.words_of(domain) else { return true };
        if words.iter().any(|known| known == word) {
            self.note_value(file, span, word, domain);
            return true;
        }
        let found = value_not_listed::diagnostic(file, span, word, of, words, self.text(file, span));
        // Where an objection's or an extension's words could not be read, the word may be one of those.
        if !self.names.perhaps(word) {
            self.report(found);
        }
        false
    }
}

pub(super) fn words_of_type(ty: &Type) -> Option<&[SmolStr]> {
    match ty {
        Type::OneOf(words) => Some(words),
        Type::List(of) => words_of_type(of),
        _ => None,
    }
}
