//! What starts a run: an event, a schedule, a threshold, a condition that becomes true.

use language::Span;
use language::syntax::{self, Expression, StartForm};

use super::Lowering;
use super::guard::{At, Place};
use super::recorded::Named;
use super::scope::Scope;
use crate::codes::workflows::{bad_threshold, mixed_records, wrong_plural};
use crate::program::{Crossing, EntityId, FileId, Fixed, Start, StartKind, Subject, Term};

impl Lowering<'_> {
    pub(super) fn start(&mut self, file: FileId, start: &syntax::Start, entity: Option<EntityId>) -> Option<Start> {
        let at = At::new(file, entity, Place::Outside);
        let kind = match &start.form {
            StartForm::On { event, filter } => {
                let end = filter.as_ref().map_or(event.span.end, |filter| filter.span.end);
                let query = syntax::EventQuery {
                    events: vec![event.clone()],
                    filter: filter.clone(),
                    window: None,
                    span: Span::new(event.span.start, end),
                };
                StartKind::On(self.query(&query, Scope::new(file, entity))?)
            }
            StartForm::Every { rhythm, at: clock, records, filter, at_most } => {
                let schedule = self.schedule(file, rhythm, *clock);
                if let (Some(records), Some(entity)) = (records, entity) {
                    let plural = plural(&self.entity_name(entity));
                    if records.text == plural {
                        self.note(file, records.span, Named::Entity(entity));
                    } else {
                        self.report(wrong_plural::diagnostic(file, records, &plural));
                    }
                }
                let guard = match filter {
                    Some(filter) => Some(self.guard(filter, at)?),
                    None => None,
                };
                let at_most = match at_most {
                    Some(most) => Some(self.whole(file, most.value, most.span, 1, u32::MAX)?),
                    None => None,
                };
                StartKind::Every { schedule: schedule?, guard, at_most }
            }
            StartForm::When(condition) => StartKind::Becomes(self.guard(condition, at)?),
            StartForm::Crosses { subject, rises, threshold } => {
                StartKind::Crosses(self.crossing(file, subject, *rises, threshold, entity?)?)
            }
        };
        Some(Start { kind, origin: self.origin(file, start.span) })
    }

    fn crossing(
        &mut self,
        file: FileId,
        watched: &Expression,
        rises: bool,
        threshold: &Expression,
        entity: EntityId,
    ) -> Option<Crossing> {
        let subjects = self.subjects(watched, entity);
        if let [(first, one), (second, other), ..] = subjects.as_slice() {
            let names = (self.subject_name(*first), self.subject_name(*second));
            self.report(mixed_records::diagnostic(file, watched.span, (*one, &names.0), (*other, &names.1)));
            return None;
        }
        let of = subjects.first().map_or(Subject::Own(entity), |(subject, _)| *subject);
        let own = self.in_own_words(watched, entity, file);
        let scope = Scope::new(file, self.entity_of(of));
        let (term, value) = (self.term(&own, scope), self.term(threshold, scope));
        let ((term, _), (value, _)) = self.comparable((&own, &term?), (threshold, &value?), scope)?;
        let Some(threshold) = constant(&value) else {
            self.report(bad_threshold::diagnostic(file, threshold.span));
            return None;
        };
        if let Term::Constant(_) = term {
            self.report(bad_threshold::nothing_watched(file, watched.span));
            return None;
        }
        Some(Crossing { of, term, rises, threshold })
    }
}

const fn constant(term: &Term) -> Option<Fixed> {
    match term {
        Term::Constant(value) => Some(*value),
        _ => None,
    }
}

/// Several records of a kind: `contacts`, `companies`.
pub(super) fn plural(entity: &str) -> String {
    let entity = entity.to_lowercase();
    match entity.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{entity}s"),
    }
}
