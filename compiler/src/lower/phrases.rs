//! Phrases and objections: what people say, and the objections' names as values.

use language::Span;
use language::syntax::{DeclarationKind, Phrases};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Lowering;
use crate::codes::names::phrase_twice;
use crate::modules::Declared;
use crate::program::{FileId, PhraseSet, PhrasesId};

impl Lowering<'_> {
    pub(super) fn collect_phrases(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            let DeclarationKind::Phrases(phrases) = &declared.declaration.kind else { continue };
            let id = PhrasesId(super::measure::count(self.program.phrases.len()));
            self.names.phrases.insert(phrases.name.text.clone(), id);
            if phrases.objection {
                self.objections.push(phrases.name.text.clone());
            }
            let texts = self.phrase_texts(declared, phrases);
            let origin = self.origin(declared.file, phrases.name.span);
            self.program.phrases.push(PhraseSet {
                name: phrases.name.text.clone(),
                objection: phrases.objection,
                hidden: phrases.hidden,
                texts,
                origin,
            });
        }
        self.objections.sort();
    }

    fn phrase_texts(&mut self, declared: &Declared, phrases: &Phrases) -> Vec<SmolStr> {
        let mut seen: FxHashMap<String, (FileId, Span)> = FxHashMap::default();
        let mut texts = Vec::with_capacity(phrases.texts.len());
        for (index, text) in phrases.texts.iter().enumerate() {
            let file = declared.member_file(index);
            let matched = text.value.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
            if !matched.chars().any(char::is_alphanumeric) {
                self.report(phrase_twice::empty(file, text.span));
                continue;
            }
            if let Some(first) = seen.get(&matched) {
                self.report(phrase_twice::diagnostic(file, text, *first));
                continue;
            }
            seen.insert(matched, (file, text.span));
            texts.push(text.value.clone());
        }
        if texts.is_empty() && phrases.texts.is_empty() && !declared.declaration.broken {
            self.report(phrase_twice::none(declared.file, phrases));
        }
        texts
    }
}
