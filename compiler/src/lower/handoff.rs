//! Handoffs: who goes on, what they are told, and until when they take it.

use language::Span;
use language::syntax::{self, BriefForm, BriefItem, HandoffClause, NotAccepted, Path};

use super::Lowering;
use super::names::WorkflowShape;
use super::recorded::Named;
use crate::codes::workflows::{handoff_out_of_reach, not_accepted, said_twice, unknown_brief};
use crate::program::{Brief, EntityId, FileId, Handoff, Type, WorkflowId};

impl Lowering<'_> {
    pub(super) fn handoff(&mut self, file: FileId, handoff: &syntax::Handoff, from: WorkflowId) -> Option<Handoff> {
        let entity = self.names.machine(from).and_then(|shape| shape.entity);
        let to = self.workflow_named(file, &handoff.to);
        if let (Some(entity), Some(target)) =
            (entity, to.and_then(|to| self.names.machine(to)).and_then(|shape: &WorkflowShape| shape.entity))
            && !self.is_reached(entity, target)
        {
            let names = (self.entity_name(entity), self.entity_name(target));
            self.report(handoff_out_of_reach::diagnostic(file, &handoff.to, (&names.0, &names.1)));
        }
        let mut brief = Vec::new();
        let mut within = None;
        let mut else_ask = None;
        let mut said: Option<Span> = None;
        for clause in &handoff.clauses {
            match clause {
                HandoffClause::Brief { items, .. } => {
                    brief.extend(items.iter().filter_map(|item| self.brief(file, item, entity)));
                }
                HandoffClause::Accepted { within: limit, otherwise, span } => {
                    if let Some(first) = said {
                        self.report(said_twice::diagnostic(file, "accepted", *span, (file, first)));
                        continue;
                    }
                    said = Some(*span);
                    within = self.period(file, *limit);
                    match otherwise {
                        Some(NotAccepted::Ask(name)) => else_ask = self.person(file, name),
                        Some(NotAccepted::Next(name)) => self.report(not_accepted::diagnostic(file, name)),
                        None => {}
                    }
                }
            }
        }
        Some(Handoff { to: to?, brief, within, else_ask })
    }

    /// Whether each record of the one kind leads to at most one of the other: itself, one it belongs to, its deal.
    fn is_reached(&self, from: EntityId, to: EntityId) -> bool {
        let belongs = || {
            let fields = self.program.entities.get(from.index()).map(|entity| entity.fields.as_slice());
            fields.unwrap_or_default().iter().any(|field| field.ty == Type::Record(to))
        };
        self.subject(from, to).is_some() || belongs()
    }

    fn brief(&mut self, file: FileId, item: &BriefItem, entity: Option<EntityId>) -> Option<Brief> {
        let entity = entity?;
        let found = match &item.form {
            BriefForm::Top(number, what) if what.text == "reasons" => {
                Some(Brief::Reasons(self.whole(file, number.value, number.span, 1, 1000)?))
            }
            BriefForm::Last(number, what) if what.text == "activities" => {
                Some(Brief::Activities(self.whole(file, number.value, number.span, 1, 1000)?))
            }
            BriefForm::Qualified(open, questions) if open.dotted() == "open" && questions.text == "questions" => {
                Some(Brief::OpenQuestions)
            }
            BriefForm::Plain { path, by } => {
                let name = path.dotted();
                let split = by.as_ref().is_none_or(|by| by.text == "layer");
                let score = self.names.scores.get(&name).copied();
                match (self.names.tables.get(&name).copied(), score) {
                    (Some(record), _) if by.is_none() && self.is_reached(entity, record) => Some(Brief::Record(record)),
                    (None, Some(score)) if split => {
                        let of = self.names.shape(score).and_then(|shape| shape.entity)?;
                        self.is_reached(entity, of).then_some(Brief::Score(score))
                    }
                    (None, None) if by.is_none() && self.begins_a_field(&name) => Some(Brief::Fields(name.clone())),
                    (None, None) if self.names.perhaps(&name) => return None,
                    _ => None,
                }
            }
            _ => None,
        };
        if let (Some(found), BriefForm::Plain { path, .. }) = (&found, &item.form) {
            self.note_brief(file, path, found);
        }
        if found.is_none() {
            let written = self.text(file, item.span);
            let mut known: Vec<String> =
                vec!["top 5 reasons".into(), "last 5 activities".into(), "open questions".into()];
            known.extend(["contact", "company", "deal"].map(str::to_owned));
            known.extend(self.names.shapes.iter().map(|shape| shape.name.to_string()));
            self.report(unknown_brief::diagnostic(file, item.span, written, &known));
        }
        found
    }

    fn note_brief(&self, file: FileId, path: &Path, found: &Brief) {
        let named = match found {
            Brief::Record(record) => Some(Named::Entity(*record)),
            Brief::Score(score) => Some(Named::Score(*score)),
            // `needs` of `needs.stated` and `needs.hidden` is the name of neither.
            Brief::Fields(name) => self
                .names
                .entities
                .get("Contact")
                .and_then(|contact| self.names.field(*contact, name).map(|field| Named::Field(*contact, field))),
            Brief::Reasons(_) | Brief::Activities(_) | Brief::OpenQuestions => None,
        };
        if let Some(named) = named {
            self.note(file, path.span, named);
        }
    }

    /// Whether a contact has a field of that name, or fields that begin with it and a dot.
    fn begins_a_field(&self, name: &str) -> bool {
        let Some(contact) = self.names.entities.get("Contact") else { return false };
        self.field_names(*contact)
            .iter()
            .any(|field| field == name || field.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
    }
}
