//! What a test is given: records, events, conversations, silence.

use language::Span;
use language::syntax::{Expression, ExpressionKind, FieldValue, GivenValue, LiteralKind, Name, TestClause};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Lowering;
use super::operand::{Domain, Unit};
use super::recorded::Named;
use super::scope::Scope;
use crate::codes::playbook_tests::{given_elsewhere, given_twice, given_value};
use crate::codes::types::whole_number;
use crate::program::{
    EntityId, EventId, FieldId, FieldPath, FileId, GivenConversation, GivenEvent, Term, Test, Type, Value,
};

/// Where a test's fields were given first.
type Given = FxHashMap<FieldPath, Span>;

impl Lowering<'_> {
    pub(super) fn given(&mut self, file: FileId, clause: &TestClause, test: &mut Test) {
        match clause {
            TestClause::Record { entity, fields, span } => self.given_record(file, entity, fields, *span, test),
            TestClause::Events { count, event, fields, ago, .. } => {
                let found = self.event(file, event);
                let count = match count {
                    Some(count) => self.whole(file, count.value, count.span, 1, whole_number::MOST_EVENTS),
                    None => Some(1),
                };
                let ago = match ago {
                    Some(ago) => self.span_of_time(file, *ago).map(Some),
                    None => Some(None),
                };
                let Some(event) = found else { return };
                let fields = self.facts_given(file, event, fields);
                if let (Some(count), Some(ago)) = (count, ago) {
                    test.events.push(GivenEvent { event, count, fields, ago });
                }
            }
            TestClause::Conversation { text, ago } => {
                let ago = match ago {
                    Some(ago) => self.span_of_time(file, *ago).map(Some),
                    None => Some(None),
                };
                if let Some(ago) = ago {
                    test.conversations.push(GivenConversation { text: text.value.clone(), ago });
                }
            }
            TestClause::Silent(paths) => {
                for path in paths {
                    if path.dotted() == "conversation" {
                        test.silent.push(None);
                    } else if let Some(event) = self.event(file, path) {
                        test.silent.push(Some(event));
                    }
                }
            }
            _ => {}
        }
    }

    fn given_record(&mut self, file: FileId, entity: &Name, fields: &[FieldValue], span: Span, test: &mut Test) {
        let Some(found) = self.names.tables.get(&SmolStr::from(entity.text.to_lowercase())).copied() else {
            self.entity_named(file, entity);
            return;
        };
        self.note(file, entity.span, Named::Entity(found));
        let mut start = FieldPath { entity: test.entity, relations: Vec::new(), field: FieldId(0) };
        if found != test.entity {
            let Some(relation) = self.only_relation(test.entity, found) else {
                let (about, given) = (self.entity_name(test.entity), self.entity_name(found));
                self.report(given_elsewhere::diagnostic(file, span, entity, &about, &given));
                return;
            };
            start.relations.push(relation);
        }
        let mut seen: Given = FxHashMap::default();
        self.fields_given(file, (&start, found), fields, &mut seen, test);
    }

    /// The relation that leads from one record kind to another, where just one does.
    fn only_relation(&self, from: EntityId, to: EntityId) -> Option<FieldId> {
        let fields = &self.program.entities.get(from.index())?.fields;
        let mut leading = fields.iter().enumerate().filter(|(_, field)| field.ty == Type::Record(to));
        let (place, _) = leading.next()?;
        leading.next().is_none().then_some(FieldId(super::measure::count(place)))
    }

    fn fields_given(
        &mut self,
        file: FileId,
        (start, entity): (&FieldPath, EntityId),
        fields: &[FieldValue],
        seen: &mut Given,
        test: &mut Test,
    ) {
        for given in fields {
            let Some((found, owner)) = self.find_field(&given.field, entity) else {
                self.report_unknown_field(file, &given.field, entity);
                continue;
            };
            self.note_field(file, &given.field, &found);
            let domain = Domain::Field(owner, found.field);
            let relations = start.relations.iter().chain(&found.relations).copied().collect();
            let path = FieldPath { entity: start.entity, relations, field: found.field };
            let Some(field) =
                self.program.entities.get(owner.index()).and_then(|of| of.fields.get(found.field.index()))
            else {
                continue;
            };
            let ty = field.ty.clone();
            if let Type::Record(other) = ty {
                match &given.value {
                    GivenValue::Record(fields) => {
                        let mut relations = path.relations.clone();
                        relations.push(path.field);
                        let start = FieldPath { entity: path.entity, relations, field: FieldId(0) };
                        self.fields_given(file, (&start, other), fields, seen, test);
                    }
                    GivenValue::Missing(_) => test.fields.push((path, None)),
                    GivenValue::Value(value) => {
                        let written = self.text(file, value.span);
                        self.report(given_value::record(file, value.span, &given.field, written));
                    }
                }
                continue;
            }
            if let Some(first) = seen.get(&path) {
                self.report(given_twice::diagnostic(file, &given.field, *first));
                continue;
            }
            seen.insert(path.clone(), given.field.span);
            let written = given.field.dotted();
            let value = match &given.value {
                GivenValue::Missing(_) => None,
                GivenValue::Record(_) => {
                    self.report(given_value::not_a_record(
                        file,
                        given.span,
                        &given.field,
                        &super::operand::kind_of(&ty),
                    ));
                    continue;
                }
                GivenValue::Value(value) => match self.value_of(file, value, (&ty, domain), &written) {
                    Some(value) => Some(value),
                    None => continue,
                },
            };
            test.fields.push((path, value));
        }
    }

    pub(super) fn facts_given(&mut self, file: FileId, event: EventId, fields: &[FieldValue]) -> Vec<(SmolStr, Value)> {
        let mut values: Vec<(SmolStr, Value)> = Vec::with_capacity(fields.len());
        let mut seen: FxHashMap<SmolStr, Span> = FxHashMap::default();
        for given in fields {
            let name = given.field.dotted();
            if let Some(first) = seen.get(&name) {
                self.report(given_twice::diagnostic(file, &given.field, *first));
                continue;
            }
            seen.insert(name.clone(), given.field.span);
            let fact = self
                .program
                .events
                .get(event.index())
                .and_then(|event| event.fields.iter().enumerate().find(|(_, fact)| fact.name == name))
                .map(|(place, fact)| (place, fact.ty.clone()));
            let Some((place, ty)) = fact else {
                self.unknown_fact_given(file, event, given);
                continue;
            };
            self.note_event_fact(file, given.field.span, &name, &[event]);
            let domain = Domain::Event(event, place);
            match &given.value {
                // What is not given is missing anyway.
                GivenValue::Missing(_) => {}
                GivenValue::Record(_) => {
                    self.report(given_value::not_a_record(
                        file,
                        given.span,
                        &given.field,
                        &super::operand::kind_of(&ty),
                    ));
                }
                GivenValue::Value(value) => {
                    values.extend(self.value_of(file, value, (&ty, domain), &name).map(|value| (name.clone(), value)));
                }
            }
        }
        values
    }

    fn unknown_fact_given(&mut self, file: FileId, event: EventId, given: &FieldValue) {
        if !self.names.incomplete_events.contains(&event) {
            let known = self.program.events.get(event.index());
            let name = known.map(|event| event.name.clone()).unwrap_or_default();
            let facts: Vec<String> =
                known.map(|event| event.fields.iter().map(|fact| fact.name.to_string()).collect()).unwrap_or_default();
            self.report(crate::codes::types::wrong_aggregate::no_such_fact(
                file,
                &given.field,
                &name,
                &given.field.dotted(),
                &facts,
            ));
        }
    }

    /// A value of that type; reported where it is another.
    fn value_of(&mut self, file: FileId, value: &Expression, (ty, domain): (&Type, Domain), of: &str) -> Option<Value> {
        match ty {
            Type::List(element) => {
                let ExpressionKind::List(values) = &value.kind else {
                    self.report(given_value::not_a_list(file, value.span, self.text(file, value.span), of));
                    return None;
                };
                let found: Vec<Option<SmolStr>> =
                    values.iter().map(|value| self.word_of(file, value, (element, domain), of)).collect();
                found.into_iter().collect::<Option<Vec<SmolStr>>>().map(Value::List)
            }
            Type::Text | Type::OneOf(_) => self.word_of(file, value, (ty, domain), of).map(Value::Text),
            Type::YesNo => match &value.kind {
                ExpressionKind::Literal(literal) if matches!(literal.kind, LiteralKind::YesNo(_)) => {
                    Some(Value::YesNo(matches!(literal.kind, LiteralKind::YesNo(true))))
                }
                _ => self.wrong_value(file, value, ty, of),
            },
            Type::Record(_) => None,
            _ => self.number_of(file, value, ty, of),
        }
    }

    fn number_of(&mut self, file: FileId, value: &Expression, ty: &Type, of: &str) -> Option<Value> {
        let wanted = Unit::of(ty)?;
        // Calculations of literals are fine; names are not: nothing is given yet that they could mean.
        let named = matches!(value.kind, ExpressionKind::Path(_) | ExpressionKind::Aggregate(_));
        if !named
            && let Some((Term::Constant(number), unit)) = self.term(value, Scope::new(file, None))?.numeric()
            && unit.compares_with(wanted)
        {
            return Some(Value::Number(number));
        }
        self.wrong_value(file, value, ty, of)
    }

    fn word_of(
        &mut self,
        file: FileId,
        value: &Expression,
        (ty, domain): (&Type, Domain),
        of: &str,
    ) -> Option<SmolStr> {
        let word = match &value.kind {
            ExpressionKind::Path(path) => path.dotted(),
            ExpressionKind::Literal(literal) => match &literal.kind {
                LiteralKind::Text(text) => text.value.clone(),
                _ => return self.wrong_value(file, value, ty, of),
            },
            _ => return self.wrong_value(file, value, ty, of),
        };
        self.in_domain(file, value.span, &word, domain, of).then_some(word)
    }

    fn wrong_value<T>(&mut self, file: FileId, value: &Expression, ty: &Type, of: &str) -> Option<T> {
        let written = self.text(file, value.span);
        let example = given_value::example(ty, &self.program.client.currency);
        self.report(given_value::diagnostic(file, value.span, written, of, &super::operand::kind_of(ty), &example));
        None
    }
}
