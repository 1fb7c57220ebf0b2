//! What a row of permissions is about, and what a template is filled from.

use std::collections::BTreeSet;

use tower_lsp::ls_types::CompletionItemKind as Kind;

use super::offer::{Offer, reach};
use super::proposal::Proposal;
use super::world::table;

impl Offer<'_> {
    /// A row of permissions: a record, a field or a score of it, something done.
    pub(super) fn permission(&mut self) {
        match self.qualifier {
            [] => {
                self.entities(str::to_owned);
                let mut seen = BTreeSet::new();
                for action in self.world.actions().collect::<Vec<_>>() {
                    if seen.insert(action.what.name.text.clone()) {
                        self.name(&action.what.name, action.file, Kind::FUNCTION, reach(action.what.external));
                    }
                }
            }
            [first, rest @ ..] => {
                let whole = std::mem::replace(&mut self.qualifier, rest);
                match self.world.entity(first) {
                    Some(entity) => {
                        for field in self.world.fields(entity) {
                            self.field(field, "");
                        }
                        self.scores(Some(entity));
                    }
                    None => self.ways(first),
                }
                self.qualifier = whole;
            }
        }
    }

    /// What a template is filled from.
    pub(super) fn placeholder(&mut self) {
        match self.qualifier {
            [] => {
                self.entities(table);
                self.found.retain(|found| ["contact", "company", "deal"].contains(&found.label.as_str()));
                for (word, detail) in [("sender", "who sends it"), ("client", "whose playbook it is")] {
                    self.push(Proposal { kind: Kind::STRUCT, detail: detail.to_owned(), ..Proposal::word(word) });
                }
            }
            ["sender"] => self.words_of("sender", &["name", "first_name", "email", "title"]),
            ["client"] => self.words_of("client", &["name"]),
            [first, rest @ ..] => {
                let whole = std::mem::replace(&mut self.qualifier, rest);
                if let Some(entity) = self.world.entity(first) {
                    self.fields_from(entity);
                }
                self.qualifier = whole;
            }
        }
    }

    fn words_of(&mut self, owner: &str, words: &[&str]) {
        for word in words {
            let label = format!("{owner}.{word}");
            self.push(Proposal { kind: Kind::FIELD, detail: "text".to_owned(), ..Proposal::word(&label) });
        }
    }
}
