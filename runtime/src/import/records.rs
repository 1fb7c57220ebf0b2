//! Rows to records: the fields, what the record belongs to, and what the row says of that.

use compiler::program::{EntityId, FieldId, Fixed, MappingTarget, Type, Value};

use super::ImportError;
use super::convert::Problem;
use super::identity::Identities;
use super::plan::{Plan, related};
use super::relation::{Relation, Resolved, text};
use super::report::Related;
use super::row::{Fresh, Outcome, RowReader};
use super::rows::Row;
use crate::crm::{CrmError, RecordId, RecordShape, RecordWrite, Refused, Writer, Written};

/// Where a column's value goes.
enum Slot {
    /// A field of the record.
    Main(usize),
    /// The key of a relation.
    Key(usize),
    /// A field of the record that a relation found.
    Filled(usize, usize),
}

/// A relation, with what of the row it takes.
struct Link {
    relation: Relation,
    /// Its place among the record's values.
    main: usize,
    /// The columns of the file that fill the other record's fields.
    filled: Vec<FieldId>,
    /// Of what fills it.
    person: Identities,
    table: String,
    /// Of its key, in the plan.
    bound: usize,
    // Of the row at hand.
    keys: Vec<Value>,
    values: Vec<Option<Value>>,
    found: Resolved,
}

/// Writes the rows of one file as records.
pub(super) struct Records {
    shape: RecordShape,
    table: String,
    /// What each mapping of the plan is for.
    slots: Vec<Slot>,
    links: Vec<Link>,
    /// The key's place among the values.
    key: Option<usize>,
    create: bool,
    /// Who the record itself is.
    person: Identities,
    values: Vec<Option<Value>>,
    fresh: Fresh,
    pub(super) created: u64,
    pub(super) repeated: u64,
}

impl Records {
    pub(super) fn new(
        plan: &Plan<'_>,
        writer: &mut Writer<'_>,
        entity: EntityId,
        key: Option<FieldId>,
        existing: bool,
        fresh: Fresh,
    ) -> Result<Self, ImportError> {
        let program = plan.program;
        let (mut fields, mut slots, mut links): (Vec<FieldId>, _, Vec<Link>) = (Vec::new(), Vec::new(), Vec::new());
        for (index, bound) in plan.bound.iter().enumerate() {
            match &bound.mapping.target {
                MappingTarget::Field(field) => {
                    slots.push(Slot::Main(fields.len()));
                    fields.push(*field);
                }
                MappingTarget::Relation { field, by, create, .. } => {
                    let entity = related(program, plan.source, *field)?;
                    let filled = filled(plan, *field);
                    let by = (*by, plan.field(entity, *by)?);
                    let relation = Relation::new(program, writer, entity, by, *create, &filled)?;
                    slots.push(Slot::Key(links.len()));
                    links.push(Link {
                        relation,
                        main: fields.len(),
                        values: vec![None; filled.len()],
                        person: Identities::new(program, entity, &filled),
                        filled,
                        table: program
                            .entities
                            .get(entity.index())
                            .map_or_else(String::new, |entity| entity.table.to_string()),
                        bound: index,
                        keys: Vec::new(),
                        found: Resolved::Nothing,
                    });
                    fields.push(*field);
                }
                // Filled in below: its relation may stand behind it.
                MappingTarget::RelationField { .. } => slots.push(Slot::Main(usize::MAX)),
                _ => return Err(plan.broken("a record has no fields of an event")),
            }
        }
        for (bound, slot) in plan.bound.iter().zip(&mut slots) {
            if let MappingTarget::RelationField { relation, field } = &bound.mapping.target {
                let main = fields.iter().position(|field| field == relation);
                let link = links.iter().position(|link| Some(link.main) == main);
                let place = link
                    .and_then(|link| links.get(link))
                    .and_then(|link| link.filled.iter().position(|of| of == field));
                let (Some(link), Some(place)) = (link, place) else {
                    return Err(plan.broken("a field of a record is filled that no `lookup` finds"));
                };
                *slot = Slot::Filled(link, place);
            }
        }
        if let Some(key) = key {
            writer.key(program, entity, key)?;
        }
        let place = key.map(|key| {
            fields.iter().position(|field| *field == key).ok_or_else(|| plan.broken("its key has no column"))
        });
        Ok(Self {
            shape: RecordShape::new(program, entity, key, &fields)?,
            table: program.entities.get(entity.index()).map_or_else(String::new, |entity| entity.table.to_string()),
            slots,
            links,
            key: place.transpose()?,
            create: !existing,
            person: Identities::new(program, entity, &fields),
            values: vec![None; fields.len()],
            fresh,
            created: 0,
            repeated: 0,
        })
    }

    /// Writes one row.
    pub(super) fn row(
        &mut self,
        reader: &mut RowReader<'_>,
        writer: &mut Writer<'_>,
        row: &Row,
    ) -> Result<Outcome, ImportError> {
        self.read(reader, row);
        if self.is_forgotten(writer)? {
            return Ok(Outcome::Erased);
        }
        if !reader.problems.is_empty() {
            return Ok(Outcome::Rejected);
        }
        if let Some(key) = self.key
            && self.values.get(key).is_none_or(Option::is_none)
        {
            reader.problem(
                self.bound_of(key),
                Problem::new("key", "the cell is empty, and rows are known again by it".into()),
            );
            return Ok(Outcome::Rejected);
        }
        let mut touches = false;
        for link in &mut self.links {
            link.found = link.relation.resolve(writer, &link.keys)?;
            let fills = link.values.iter().any(Option::is_some);
            touches |= matches!(link.found, Resolved::ToMake(_)) || (fills && matches!(link.found, Resolved::Known(_)));
            if let (Resolved::Known(id), Some(place)) = (&link.found, self.values.get_mut(link.main)) {
                *place = Some(record(*id));
            }
        }
        // What a rejected row would make or fill is not kept either; where it does neither, a savepoint is not worth its time.
        let (written, made) = if touches {
            writer.all_or_nothing(
                |writer| self.write(writer),
                |(written, _)| !matches!(written, Written::Refused(_) | Written::Absent),
            )?
        } else {
            self.write(writer)?
        };
        let id = match written {
            Written::Created(id) => {
                self.created += 1;
                id
            }
            Written::Changed(id) | Written::Same(id) => {
                self.repeated += u64::from(writer.last_was_made_here());
                id
            }
            Written::Absent => {
                let (column, cell) = self.key.map_or((None, String::new()), |key| {
                    let key_text = self.values.get(key).and_then(Option::as_ref).map(|key| text(key).to_string());
                    (self.bound_of(key), key_text.unwrap_or_default())
                });
                reader.dangling(column, &cell);
                reader.problem(
                    column,
                    Problem::new(
                        "absent",
                        format!("there is no {} with `{cell}`, and the source makes none", self.table),
                    ),
                );
                return Ok(Outcome::Rejected);
            }
            Written::Refused(Refused(reason)) => {
                reader.problem(None, Problem::new("refused", reason));
                return Ok(Outcome::Rejected);
            }
        };
        self.remember(reader, writer, row, id, &made)?;
        Ok(Outcome::Taken)
    }

    /// What was made, and how many say something else now, by table.
    pub(super) fn related(&self, changed: &std::collections::BTreeMap<String, u64>) -> Vec<Related> {
        let mut all: std::collections::BTreeMap<&str, Related> = std::collections::BTreeMap::new();
        let none = |what: &str| Related { what: what.to_owned(), created: 0, updated: 0 };
        for link in &self.links {
            all.entry(&link.table).or_insert_with(|| none(&link.table)).created += link.relation.created;
        }
        for (table, updated) in changed.iter().filter(|(table, _)| **table != self.table) {
            all.entry(table).or_insert_with(|| none(table)).updated += updated;
        }
        all.into_values().filter(|related| related.created + related.updated > 0).collect()
    }

    pub(super) fn table(&self) -> &str {
        &self.table
    }

    /// Whether the row is about somebody who asked to be forgotten: it says who they are, or belongs to them.
    fn is_forgotten(&mut self, writer: &mut Writer<'_>) -> Result<bool, CrmError> {
        for link in &mut self.links {
            if link.relation.is_forgotten(writer, &link.keys)? || link.person.are_forgotten(writer, &link.values) {
                return Ok(true);
            }
        }
        Ok(self.person.are_forgotten(writer, &self.values))
    }

    /// Reads every cell; what means nothing is a problem.
    fn read(&mut self, reader: &mut RowReader<'_>, row: &Row) {
        for (index, slot) in self.slots.iter().enumerate() {
            match slot {
                Slot::Main(place) => {
                    let value = reader.value(index, row);
                    if let Some(kept) = self.values.get_mut(*place) {
                        *kept = value;
                    }
                }
                Slot::Key(link) => {
                    let keys = reader.keys(index, row);
                    if let Some(link) = self.links.get_mut(*link) {
                        link.keys = keys;
                        if let Some(kept) = self.values.get_mut(link.main) {
                            *kept = None;
                        }
                    }
                }
                Slot::Filled(link, place) => {
                    let value = reader.value(index, row);
                    if let Some(kept) = self.links.get_mut(*link).and_then(|link| link.values.get_mut(*place)) {
                        *kept = value;
                    }
                }
            }
        }
    }

    /// Makes and fills what the record belongs to, then writes the record.
    fn write(&mut self, writer: &mut Writer<'_>) -> Result<(Written, Vec<Option<RecordId>>), CrmError> {
        let mut made = Vec::new();
        for link in &self.links {
            let done = match &link.found {
                Resolved::ToMake(key) => match link.relation.make(writer, key.clone(), &link.values)? {
                    Ok(id) => {
                        if let Some(place) = self.values.get_mut(link.main) {
                            *place = Some(record(id));
                        }
                        Ok(Some(id))
                    }
                    Err(refused) => Err(refused),
                },
                Resolved::Known(id) if link.values.iter().any(Option::is_some) => {
                    link.relation.fill(writer, *id, &link.values)?.map(|()| None)
                }
                _ => Ok(None),
            };
            match done {
                Ok(id) => made.push(id),
                Err(refused) => return Ok((Written::Refused(refused), made)),
            }
        }
        let key = self.key.and_then(|key| self.values.get(key)).and_then(Option::as_ref);
        let written = writer.put(&self.shape, RecordWrite { key, values: &self.values, create: self.create })?;
        Ok((written, made))
    }

    /// After a row was taken: what was made, what leads nowhere, what was observed.
    fn remember(
        &mut self,
        reader: &mut RowReader<'_>,
        writer: &mut Writer<'_>,
        row: &Row,
        id: RecordId,
        made: &[Option<RecordId>],
    ) -> Result<(), ImportError> {
        for (link, made) in self.links.iter_mut().zip(made) {
            let target = match &link.found {
                Resolved::Known(id) => Some(*id),
                Resolved::ToMake(key) => {
                    if let Some(id) = made {
                        link.relation.made(key, *id);
                    }
                    *made
                }
                Resolved::Dangling => {
                    reader.dangling(Some(link.bound), reader.cell(link.bound, row));
                    None
                }
                Resolved::Ambiguous => {
                    reader.ambiguous(link.bound, reader.cell(link.bound, row));
                    None
                }
                Resolved::Nothing => {
                    if link.values.iter().any(Option::is_some) {
                        reader.without_key(link.bound);
                    }
                    None
                }
            };
            if let Some(target) = target {
                self.fresh.observe(writer, &link.table, link.filled.iter().zip(&link.values), target)?;
            }
        }
        self.fresh.observe_columns(writer, &self.table, &self.shape, &self.values, id)?;
        Ok(())
    }

    fn bound_of(&self, place: usize) -> Option<usize> {
        self.slots.iter().position(|slot| matches!(slot, Slot::Main(at) if *at == place))
    }
}

/// The fields of the record looked up that the source fills.
fn filled(plan: &Plan<'_>, of: FieldId) -> Vec<FieldId> {
    let fields = plan.bound.iter().filter_map(|bound| match &bound.mapping.target {
        MappingTarget::RelationField { relation, field } if *relation == of => Some(*field),
        _ => None,
    });
    fields.collect()
}

/// A record as a value of a relation's column.
fn record(id: RecordId) -> Value {
    Value::Number(Fixed::from_integer(id.0))
}

/// Whether a cell of that type may be empty whatever its field says: a list that nothing is said of is empty.
pub(super) fn may_be_empty(ty: &Type) -> bool {
    matches!(ty, Type::List(_))
}
