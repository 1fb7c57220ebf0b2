//! Names in what cannot run yet: only noted for the editor. What a name can mean there is said in docs/language.md; where that is not
//! sure, nothing is noted, and nothing is reported: that it cannot run has been said.

use language::syntax::DeclarationKind;
use language::syntax::{Expression, Forecast, OtherScoreClause, Path, Publish, PublishItem, PublishOn, RefineMembers};

use super::Lowering;
use super::scope::Scope;
use crate::modules::Declared;
use crate::program::{EntityId, FileId, ScoreRef};

impl Lowering<'_> {
    pub(super) fn names_in_what_cannot_run(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            let file = declared.file;
            match &declared.declaration.kind {
                DeclarationKind::Score(score) => self.in_others(declared, score),
                DeclarationKind::Publish(publish) => self.in_publish(file, publish),
                DeclarationKind::Forecast(forecast) => self.in_forecast(file, forecast),
                DeclarationKind::Refine(refine) => {
                    if let RefineMembers::Publish(items) = &refine.members {
                        self.in_items(file, items);
                    }
                }
                _ => {}
            }
        }
    }

    fn in_others(&mut self, declared: &Declared, score: &language::syntax::Score) {
        let entity = self.names.entities.get(&score.entity.text).copied();
        for (index, other) in score.body.others.iter().enumerate() {
            let file = declared.other_file(index);
            match other {
                OtherScoreClause::Change(change) => self.in_term(file, &change.subject, entity),
                OtherScoreClause::Learn(_) | OtherScoreClause::Kill(_) | OtherScoreClause::Route(_) => {}
            }
        }
    }

    fn in_publish(&mut self, file: FileId, publish: &Publish) {
        match &publish.on {
            PublishOn::EndOf(workflow) => self.unheard(|lowering| {
                lowering.workflow_named(file, workflow);
            }),
            PublishOn::Event(event) => self.in_event(file, event),
        }
        self.in_items(file, &publish.items);
    }

    fn in_items(&mut self, file: FileId, items: &[PublishItem]) {
        for item in items {
            self.in_path(file, &item.path);
        }
    }

    fn in_forecast(&mut self, file: FileId, forecast: &Forecast) {
        self.in_path(file, &forecast.target);
        for path in &forecast.from {
            self.in_path(file, path);
        }
        for event in &forecast.learn_from {
            self.in_event(file, event);
        }
    }

    fn in_term(&mut self, file: FileId, term: &Expression, entity: Option<EntityId>) {
        self.unheard(|lowering| {
            lowering.term(term, Scope::new(file, entity));
        });
    }

    fn in_event(&mut self, file: FileId, event: &Path) {
        self.unheard(|lowering| {
            lowering.event(file, event);
        });
    }

    /// `icp`, `deal.stage`: a score, or a field of a record that is named.
    fn in_path(&mut self, file: FileId, path: &Path) {
        let Some((first, rest)) = path.parts.split_first() else { return };
        if let (Some(score), []) = (self.names.scores.get(&first.text), rest) {
            self.note_score(file, path, ScoreRef { score: *score, layer: None });
        }
        let (Some(entity), Some(start)) = (self.names.tables.get(&first.text).copied(), rest.first()) else { return };
        let inner = Path { parts: rest.to_vec(), span: language::Span::new(start.span.start, path.span.end) };
        if let Some((field, _)) = self.find_field(&inner, entity) {
            self.note_table(file, first);
            self.note_field(file, &inner, &field);
        }
    }

    /// Without a word, whatever is found.
    fn unheard(&mut self, look: impl FnOnce(&mut Self)) {
        let reported = self.diagnostics.len();
        look(self);
        self.diagnostics.truncate(reported);
    }
}
