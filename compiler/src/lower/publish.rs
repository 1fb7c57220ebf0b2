//! What is published and when: the content of a signed receipt.

use language::Span;
use language::syntax::{self, DeclarationKind, PublishItem, PublishOn};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Lowering;
use super::measure::count;
use super::path::Found;
use super::recorded::Named;
use super::scope::Scope;
use crate::codes::trials::publish_items;
use crate::codes::workflows::{bad_split, said_twice};
use crate::modules::Declared;
use crate::program::{EntityId, EventId, FileId, Publication, Published, PublishedOn};

impl Lowering<'_> {
    pub(super) fn lower_publications(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            if let DeclarationKind::Publish(publish) = &declared.declaration.kind {
                let lowered = self.publication(declared, publish);
                self.said.publications.extend(lowered);
            }
        }
    }

    fn publication(&mut self, declared: &Declared, publish: &syntax::Publish) -> Option<Publication> {
        let on = match &publish.on {
            PublishOn::EndOf(workflow) => self.workflow_named(declared.file, workflow).map(PublishedOn::EndOf),
            PublishOn::Event(event) => self.event(declared.file, event).map(PublishedOn::Event),
        };
        if publish.items.is_empty() && !declared.declaration.broken {
            self.report(publish_items::nothing(declared.file, &publish.name));
        }
        let on = on?;
        let entity = match on {
            PublishedOn::EndOf(workflow) => self.names.machine(workflow).and_then(|shape| shape.entity),
            PublishedOn::Event(_) => self.names.entities.get("Contact").copied(),
        };
        let mut items = Vec::with_capacity(publish.items.len());
        let mut seen: FxHashMap<SmolStr, (FileId, Span)> = FxHashMap::default();
        for (index, item) in publish.items.iter().enumerate() {
            let file = declared.member_file(index);
            let name = item.path.dotted();
            if let Some(first) = seen.insert(name.clone(), (file, item.span)) {
                self.report(said_twice::diagnostic(file, &name, item.span, first));
                continue;
            }
            items.extend(self.published(file, item, on, entity));
        }
        let origin = self.origin(declared.file, publish.name.span);
        Some(Publication { name: publish.name.text.clone(), on, items, origin })
    }

    fn published(
        &mut self,
        file: FileId,
        item: &PublishItem,
        on: PublishedOn,
        entity: Option<EntityId>,
    ) -> Option<Published> {
        let path = &item.path;
        let name = path.dotted();
        let event = match on {
            PublishedOn::Event(event) => Some(event),
            PublishedOn::EndOf(_) => None,
        };
        if let Some(score) = self.names.scores.get(&name).copied() {
            self.note(file, path.span, Named::Score(score));
            if let Some(by) = item.by.as_ref().filter(|by| by.text != "layer") {
                self.report(bad_split::diagnostic(file, by));
                return None;
            }
            let scored = self.names.shape(score).and_then(|shape| shape.entity);
            if let (Some(scored), Some(entity)) = (scored, entity)
                && self.subject(entity, scored).is_none()
            {
                let names = (self.entity_name(scored), self.entity_name(entity));
                self.report(publish_items::score_of_another(file, path, &names.0, &names.1));
                return None;
            }
            return Some(Published::Score { score, by_layer: item.by.is_some() });
        }
        if let Some(by) = &item.by {
            self.report(publish_items::no_layers(file, by, &name));
            return None;
        }
        if let Some(place) = event.and_then(|event| self.fact_of(event, &name)) {
            let event = event.unwrap_or_default();
            self.note_event_fact(file, path.span, &name, &[event]);
            return Some(Published::EventFact(count(place)));
        }
        match (name.as_str(), event) {
            ("reasons", _) => return Some(Published::Reasons),
            ("approvals", None) => return Some(Published::Approvals),
            ("outcome", None) => return Some(Published::Outcome),
            ("approvals" | "outcome", Some(_)) => {
                self.report(publish_items::no_run(file, path));
                return None;
            }
            _ => {}
        }
        let entity = entity?;
        if let Some(whose) = self.whose(path, entity)
            && let Some(Found::Field(field, _)) = self.find(&whose.path, Scope::new(file, Some(whose.entity)))
        {
            if let ([record, ..], true) = (path.parts.as_slice(), whose.path.parts.len() < path.parts.len()) {
                self.note_table(file, record);
            }
            self.note_field(file, &whose.path, &field);
            return Some(Published::Field(field));
        }
        let lost = path.parts.first().is_some_and(|word| self.names.perhaps(&word.text))
            || event.is_some_and(|event| self.names.incomplete_events.contains(&event))
            || self.names.incomplete_entities.contains(&entity);
        if !lost {
            let mut known = self.field_names(entity);
            known.extend(event.map(|event| self.facts_to_publish(event)).unwrap_or_default());
            known.extend(self.names.shapes.iter().map(|shape| shape.name.to_string()));
            known.push("reasons".to_owned());
            if event.is_none() {
                known.extend(["approvals", "outcome"].map(str::to_owned));
            }
            self.report(publish_items::unknown(file, path, &known));
        }
        None
    }

    fn fact_of(&self, event: EventId, name: &str) -> Option<usize> {
        self.program.events.get(event.index())?.fields.iter().position(|field| field.name == name)
    }

    fn facts_to_publish(&self, event: EventId) -> Vec<String> {
        let fields = self.program.events.get(event.index()).map(|event| event.fields.as_slice());
        fields.unwrap_or_default().iter().map(|field| field.name.to_string()).collect()
    }
}
