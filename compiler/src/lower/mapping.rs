//! The columns of a source: which field each goes to, and what has to be filled.

use language::Span;
use language::syntax::{self, Conversion, FieldMapping, Path, SourceClause};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Lowering;
use super::operand::Domain;
use super::recorded::Named;
use super::source::{Into, Reading};
use crate::codes::sources::{filled_twice, lookup_needed, not_filled, relation_not_filled, unknown_column_target};
use crate::program::{EntityId, EventId, FieldId, FileId, Mapping, MappingTarget, Type};

/// Where a column goes, and what its cells have to become.
pub(super) struct Slot {
    target: MappingTarget,
    pub(super) ty: Type,
    /// Where the words that it can be are declared.
    pub(super) domain: Domain,
    /// The events that it is a fact of.
    pub(super) events: Vec<EventId>,
    optional: bool,
}

/// A lookup in a line's conversions.
#[derive(Clone, Copy)]
struct Lookup<'s> {
    entity: &'s syntax::Name,
    by: &'s Path,
    create: bool,
    span: Span,
}

impl Lowering<'_> {
    pub(super) fn mappings(&mut self, reading: &Reading<'_>) -> Vec<Mapping> {
        let mut mappings = Vec::with_capacity(reading.source.clauses.len());
        let mut seen: FxHashMap<SmolStr, (FileId, Span)> = FxHashMap::default();
        let looked_up = self.relations_looked_up(reading);
        for (index, clause) in reading.source.clauses.iter().enumerate() {
            let SourceClause::Field(line) = clause else { continue };
            let file = reading.declared.member_file(index);
            let words = line.target.dotted();
            if let Some(first) = seen.get(&words) {
                self.report(filled_twice::diagnostic(file, &line.target, *first));
                continue;
            }
            seen.insert(words.clone(), (file, line.target.span));
            let columns = self.headers(file, &line.columns);
            let Some(slot) = self.slot(file, reading, line, &looked_up) else { continue };
            let Some(conversion) = self.conversion(file, line, &slot) else { continue };
            mappings.push(Mapping {
                target: slot.target,
                columns,
                ty: slot.ty,
                optional: slot.optional,
                conversion,
                words,
                origin: self.origin(file, line.span),
            });
        }
        if !reading.declared.declaration.broken {
            self.needed(reading, &seen);
        }
        mappings
    }

    /// The relations that some line of the source looks up.
    fn relations_looked_up(&self, reading: &Reading<'_>) -> Vec<FieldId> {
        let Into::Records { entity, .. } = reading.into else { return Vec::new() };
        let lines = reading.source.clauses.iter().filter_map(|clause| match clause {
            SourceClause::Field(line) => Some(line),
            _ => None,
        });
        lines.filter_map(|line| self.names.field(entity, &line.target.dotted())).collect()
    }

    fn slot(
        &mut self,
        file: FileId,
        reading: &Reading<'_>,
        line: &FieldMapping,
        looked_up: &[FieldId],
    ) -> Option<Slot> {
        match &reading.into {
            Into::Records { entity, .. } => self.record_slot(file, *entity, line, looked_up),
            Into::Event(event) => self.event_slot(file, &[*event], false, line),
            Into::Events(events) => self.event_slot(file, events, true, line),
        }
    }

    fn record_slot(
        &mut self,
        file: FileId,
        entity: EntityId,
        line: &FieldMapping,
        looked_up: &[FieldId],
    ) -> Option<Slot> {
        let Some((path, owner)) = self.find_field(&line.target, entity) else {
            self.report_unknown_field(file, &line.target, entity);
            return None;
        };
        self.note_field(file, &line.target, &path);
        let field = self.program.entities.get(owner.index())?.fields.get(path.field.index())?;
        let (ty, optional) = (field.ty.clone(), field.optional);
        let domain = Domain::Field(owner, path.field);
        let Some(relation) = path.relations.first() else {
            let Type::Record(other) = ty else {
                self.no_lookup(file, line)?;
                return Some(Slot {
                    target: MappingTarget::Field(path.field),
                    ty,
                    domain,
                    events: Vec::new(),
                    optional,
                });
            };
            let (by, create, ty) = self.looked_up(file, line, other)?;
            return Some(Slot {
                target: MappingTarget::Relation { field: path.field, entity: other, by, create },
                ty,
                domain: Domain::Any,
                events: Vec::new(),
                optional,
            });
        };
        if path.relations.len() > 1 || matches!(ty, Type::Record(_)) {
            self.report(relation_not_filled::too_far(file, &line.target));
            return None;
        }
        if !looked_up.contains(relation) {
            let of = self.program.entities.get(entity.index())?.fields.get(relation.index())?;
            let (name, other) = (of.name.clone(), self.entity_name(owner));
            self.report(relation_not_filled::diagnostic(file, &line.target, &name, &other));
            return None;
        }
        self.no_lookup(file, line)?;
        // A row without the other record fills nothing of it.
        Some(Slot {
            target: MappingTarget::RelationField { relation: *relation, field: path.field },
            ty,
            domain,
            events: Vec::new(),
            optional: true,
        })
    }

    fn event_slot(&mut self, file: FileId, events: &[EventId], several: bool, line: &FieldMapping) -> Option<Slot> {
        let name = line.target.dotted();
        let slot = |target, ty, optional| Some(Slot { target, ty, domain: Domain::Any, events: Vec::new(), optional });
        match name.as_str() {
            "contact" => {
                let contact = self.names.entities.get("Contact").copied()?;
                let (by, create, ty) = self.looked_up(file, line, contact)?;
                return slot(MappingTarget::EventContact { by, create }, ty, false);
            }
            "at" => {
                self.no_lookup(file, line)?;
                return slot(MappingTarget::EventAt, Type::Time, false);
            }
            "external_id" => {
                self.no_lookup(file, line)?;
                return slot(MappingTarget::EventExternalId, Type::Text, true);
            }
            "name" if several => {
                self.no_lookup(file, line)?;
                return slot(MappingTarget::EventName, Type::Text, false);
            }
            _ => {}
        }
        self.no_lookup(file, line)?;
        let found = self.fact_in(events, &name).or_else(|| several.then(|| self.fact_anywhere(&name)).flatten());
        let Some((ty, optional)) = found else {
            self.no_such_fact(file, events, several, line);
            return None;
        };
        self.note_event_fact(file, line.target.span, &name, events);
        let domain = self.domain_of_fact(events, &name);
        // Rows of other events have no such fact.
        Some(Slot {
            target: MappingTarget::EventField(name),
            ty,
            domain,
            events: events.to_vec(),
            optional: optional || several,
        })
    }

    /// The first of the events that has it says what it can be.
    fn domain_of_fact(&self, events: &[EventId], name: &str) -> Domain {
        let place = |event: &EventId| {
            let fields = &self.program.events.get(event.index())?.fields;
            Some(Domain::Event(*event, fields.iter().position(|field| field.name == name)?))
        };
        events.iter().find_map(place).unwrap_or(Domain::Any)
    }

    fn fact_in(&self, events: &[EventId], name: &str) -> Option<(Type, bool)> {
        events.iter().find_map(|event| {
            let field = self.program.events.get(event.index())?.fields.iter().find(|field| field.name == name)?;
            Some((field.ty.clone(), field.optional))
        })
    }

    fn fact_anywhere(&self, name: &str) -> Option<(Type, bool)> {
        let field = self.program.events.iter().flat_map(|event| &event.fields).find(|field| field.name == name)?;
        Some((field.ty.clone(), field.optional))
    }

    fn no_such_fact(&mut self, file: FileId, events: &[EventId], several: bool, line: &FieldMapping) {
        if self.names.module_missing || events.iter().any(|event| self.names.incomplete_events.contains(event)) {
            return;
        }
        let mut known: Vec<String> = ["contact", "at", "external_id"].map(str::to_owned).to_vec();
        if several {
            known.push("name".to_owned());
        }
        for event in events.iter().filter_map(|event| self.program.events.get(event.index())) {
            known.extend(event.fields.iter().map(|field| field.name.to_string()));
        }
        let only = match events {
            [only] if !several => self.program.events.get(only.index()).map(|event| event.name.clone()),
            _ => None,
        };
        self.report(unknown_column_target::diagnostic(file, &line.target, only.as_deref(), &known));
    }

    /// The field that a relation is looked up by, whether to create, and what the cell holds.
    fn looked_up(&mut self, file: FileId, line: &FieldMapping, wanted: EntityId) -> Option<(FieldId, bool, Type)> {
        let other = self.entity_name(wanted);
        let Some(lookup) = lookup_of(line) else {
            let key =
                ["email", "domain", "external_id"].into_iter().find(|key| self.names.field(wanted, key).is_some());
            self.report(lookup_needed::diagnostic(file, line, &other, key.unwrap_or("name")));
            return None;
        };
        if let Some(found) = self.names.entities.get(&lookup.entity.text) {
            if *found != wanted {
                self.report(lookup_needed::other_entity(file, line, lookup.entity, &other));
                return None;
            }
            self.note(file, lookup.entity.span, Named::Entity(wanted));
        } else {
            self.entity_named(file, lookup.entity);
            return None;
        }
        let Some(by) = self.names.field(wanted, &lookup.by.dotted()) else {
            self.report_unknown_field(file, lookup.by, wanted);
            return None;
        };
        self.note(file, lookup.by.span, Named::Field(wanted, by));
        let ty = self.program.entities.get(wanted.index())?.fields.get(by.index())?.ty.clone();
        if !matches!(ty, Type::Text | Type::Number) {
            self.report(lookup_needed::not_a_key(file, lookup.by, &super::operand::kind_of(&ty)));
            return None;
        }
        Some((by, lookup.create, ty))
    }

    /// That a line without a relation looks nothing up.
    fn no_lookup(&mut self, file: FileId, line: &FieldMapping) -> Option<()> {
        match lookup_of(line) {
            None => Some(()),
            Some(lookup) => {
                self.report(lookup_needed::no_relation(file, lookup.span, &line.target));
                None
            }
        }
    }

    /// Says what a source has to fill and does not.
    fn needed(&mut self, reading: &Reading<'_>, filled: &FxHashMap<SmolStr, (FileId, Span)>) {
        let file = reading.declared.file;
        let span = reading.source.name.span;
        let name = reading.source.name.dotted();
        match &reading.into {
            Into::Event(_) | Into::Events(_) => {
                let several = matches!(reading.into, Into::Events(_));
                let needed = ["contact", "at", "name"].into_iter().take(if several { 3 } else { 2 });
                let missing: Vec<&str> = needed.filter(|field| !filled.contains_key(*field)).collect();
                if !missing.is_empty() {
                    self.report(not_filled::event(file, span, &name, &missing));
                }
            }
            // A preset cannot know what a client needs.
            Into::Records { existing: true, .. } => {}
            Into::Records { .. } if self.modules.is_standard(file) => {}
            Into::Records { entity, existing: false } => {
                let Some(record) = self.program.entities.get(entity.index()) else { return };
                let needed = record.fields.iter().filter(|field| !field.optional && !matches!(field.ty, Type::List(_)));
                let missing: Vec<&str> =
                    needed.map(|field| field.name.as_str()).filter(|field| !filled.contains_key(*field)).collect();
                if !missing.is_empty() {
                    let found = not_filled::diagnostic(file, span, &name, &record.name, &missing);
                    self.report(found);
                }
            }
        }
    }
}

fn lookup_of(line: &FieldMapping) -> Option<Lookup<'_>> {
    line.conversions.iter().find_map(|conversion| match conversion {
        Conversion::Lookup { entity, by, create, span } => Some(Lookup { entity, by, create: *create, span: *span }),
        _ => None,
    })
}

impl Slot {
    pub(super) fn event_name(&self) -> bool {
        self.target == MappingTarget::EventName
    }

    pub(super) fn relation(&self) -> bool {
        matches!(self.target, MappingTarget::Relation { .. } | MappingTarget::EventContact { .. })
    }
}
