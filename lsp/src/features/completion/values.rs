//! What a field, a score or a fact of an event may be.

use compiler::program::FileId;
use language::syntax::{FieldDeclaration, Name, TypeKind};
use tower_lsp::ls_types::CompletionItemKind as Kind;

use super::offer::Offer;
use super::proposal::Proposal;
use super::wanted::{Owner, Scope};
use super::world::{Meaning, Of, holds_objections, is_yes_no, words};

impl<'o> Offer<'o> {
    pub(super) fn values(&mut self, words: &'o [Name], file: FileId, detail: &str) {
        for word in words {
            self.member(word, file, Kind::ENUM_MEMBER, detail.to_owned());
        }
    }

    pub(super) fn values_of_field(&mut self, field: &'o FieldDeclaration, file: FileId) {
        let detail = format!("value of {}", field.name.dotted());
        self.values(words(&field.ty), file, &detail);
        if holds_objections(&field.ty) {
            for objection in self.world.phrases().filter(|phrases| phrases.what.objection) {
                self.member(&objection.what.name, objection.file, Kind::ENUM_MEMBER, "objection".to_owned());
            }
        }
    }

    /// The file that a field is declared in.
    fn file_of(&self, field: &FieldDeclaration) -> FileId {
        let same = |declared: &&Of<'o, FieldDeclaration>| std::ptr::eq(declared.what, field);
        let entities = self.world.entities().flat_map(|entity| self.world.fields(&entity.what.text));
        entities.into_iter().find(|declared| same(&declared)).map_or(FileId(0), |declared| declared.file)
    }

    /// What `TERM is` may go on with.
    pub(super) fn value_of(&mut self, path: &[&'o str], scope: Scope<'o>) {
        if !self.qualifier.is_empty() {
            return;
        }
        let entity = self.entity_of(scope);
        let own = entity.and_then(|entity| self.world.meaning(entity, path));
        let beside = || {
            let (first, rest) = path.split_first().filter(|_| scope.beside)?;
            self.world.meaning(self.world.entity(first)?, rest)
        };
        match own.or_else(beside) {
            Some(Meaning::Field(field)) => {
                let file = self.file_of(field);
                self.value_of_type(field, file);
            }
            Some(Meaning::Score(score)) => {
                self.labels(&score.name.text);
                for word in ["certain", "provisional"] {
                    self.push(Proposal { detail: "route".to_owned(), ..Proposal::word(word) }.also());
                }
            }
            // `contact is customer`
            Some(Meaning::Record(other)) => {
                let stage = self.world.fields(other).find(|field| field.what.name.dotted() == "lifecycle_stage");
                if let Some(field) = stage {
                    self.values_of_field(field.what, field.file);
                }
            }
            Some(Meaning::Number) => {}
            // A fact of an event: `latest quiz.completed.result is`.
            None => {
                if let [event @ .., fact] = path
                    && let Some(event) = self.world.event(&event.join("."))
                    && let Some(field) = event.what.fields.iter().find(|field| field.name.dotted() == *fact)
                {
                    self.values_of_field(field, event.file);
                }
            }
        }
    }

    /// What a cell or an entry of that field may be.
    pub(super) fn meaning_of(&mut self, path: &[&str], owner: &'o Owner<'o>) {
        for word in ["missing", "empty"] {
            self.push(Proposal { detail: "nothing".to_owned(), ..Proposal::word(word) }.also());
        }
        match owner {
            Owner::AnyEvent if path == ["name"] => self.events(),
            Owner::AnyEvent => {
                let name = path.join(".");
                let events = self.world.events();
                let named = events.flat_map(|event| event.what.fields.iter().map(move |field| (field, event.file)));
                for (field, file) in named.filter(|(field, _)| field.name.dotted() == name) {
                    self.value_of_type(field, file);
                }
            }
            Owner::Named(name, relations) => {
                if let Some(entity) = self.world.entity(name) {
                    let path: Vec<&str> = relations.iter().copied().chain(path.iter().copied()).collect();
                    if let Some(Meaning::Field(field)) = self.world.meaning(entity, &path) {
                        let file = self.file_of(field);
                        self.value_of_type(field, file);
                    }
                } else if let Some(event) = self.world.event(name) {
                    let name = path.join(".");
                    let fields = event.what.fields.iter();
                    for field in fields.filter(|field| field.name.dotted() == name) {
                        self.value_of_type(field, event.file);
                    }
                }
            }
        }
    }

    pub(super) fn value_of_type(&mut self, field: &'o FieldDeclaration, file: FileId) {
        self.values_of_field(field, file);
        if is_yes_no(&field.ty) {
            for word in ["yes", "no"] {
                self.push(Proposal::word(word));
            }
        }
        if matches!(&field.ty.kind, TypeKind::Named(name) if name.text == "money") {
            self.currencies();
        }
    }
}
