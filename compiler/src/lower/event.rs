//! Events and their facts.

use language::Span;
use language::syntax::{DeclarationKind, EventDeclaration, FieldDeclaration};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Lowering;
use super::measure::count;
use crate::codes::names::{duplicate_field, event_name, reserved_name};
use crate::codes::sources::event_fact_type;
use crate::modules::Declared;
use crate::program::{Event, EventId, Field, Type};

impl Lowering<'_> {
    pub(super) fn collect_events(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            let DeclarationKind::Event(event) = &declared.declaration.kind else { continue };
            let id = EventId(count(self.program.events.len()));
            let name = event.name.dotted();
            if event.name.parts.len() != 2 {
                self.report(event_name::diagnostic(declared.file, &event.name));
            }
            self.names.events.insert(name.clone(), id);
            if let Some(word) = event.name.parts.first() {
                self.names.events_by_word.entry(word.text.clone()).or_default().push(id);
            }
            let origin = self.origin(declared.file, event.name.span);
            self.program.events.push(Event {
                name,
                fields: Vec::new(),
                docs: declared.declaration.docs.clone(),
                origin,
            });
        }
    }

    pub(super) fn fields_of_events(&mut self) {
        let modules = self.modules;
        let events = modules.declarations.iter().filter_map(|declared| match &declared.declaration.kind {
            DeclarationKind::Event(event) => Some((declared, event)),
            _ => None,
        });
        for (index, (declared, event)) in events.enumerate() {
            let id = EventId(count(index));
            if declared.declaration.broken {
                self.names.incomplete_events.insert(id);
            }
            let (fields, whole) = self.facts_of_event(declared, event);
            if !whole {
                self.names.incomplete_events.insert(id);
            }
            if let Some(event) = self.program.events.get_mut(id.index()) {
                event.fields = fields;
            }
        }
    }

    /// The facts, and whether all of them could be understood.
    fn facts_of_event(&mut self, declared: &Declared, event: &EventDeclaration) -> (Vec<Field>, bool) {
        let mut seen: FxHashMap<SmolStr, Span> = FxHashMap::default();
        let mut fields = Vec::with_capacity(event.fields.len());
        let mut whole = true;
        for (index, field) in event.fields.iter().enumerate() {
            let file = declared.member_file(index);
            let name = field.name.dotted();
            if let Some(first) = seen.get(&name) {
                self.report(duplicate_field::diagnostic(file, field, (file, *first)));
                continue;
            }
            seen.insert(name.clone(), field.name.span);
            if matches!(name.as_str(), "at" | "contact" | "name" | "external_id") {
                self.report(reserved_name::event_fact(file, field));
                whole = false;
                continue;
            }
            match self.field_type(file, &field.ty) {
                Some((Type::List(_) | Type::Record(_), _)) => {
                    self.report(event_fact_type::diagnostic(file, field));
                    whole = false;
                }
                Some((ty, optional)) => fields.push(self.fact_of_event(declared, index, field, ty, optional)),
                None => whole = false,
            }
        }
        (fields, whole)
    }

    fn fact_of_event(
        &self,
        declared: &Declared,
        index: usize,
        field: &FieldDeclaration,
        ty: Type,
        optional: bool,
    ) -> Field {
        let file = declared.member_file(index);
        Field {
            name: field.name.dotted(),
            column: field.name.dotted().replace('.', "_").into(),
            ty,
            optional,
            standard: self.modules.is_standard(declared.file),
            origin: self.origin(file, field.name.span),
        }
    }
}
