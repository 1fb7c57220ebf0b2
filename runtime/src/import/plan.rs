//! A source against a header: which column goes where, before the first row is read. Pure.

use compiler::program::{EntityId, Field, FieldId, Mapping, MappingTarget, Program, Source, Target, Type};
use jiff::tz::TimeZone;

use super::ImportError;
use super::convert::{Cells, Normal, pattern_error};
use super::header::Header;

/// A mapping whose column is there.
#[derive(Clone, Debug)]
pub(super) struct Bound<'p> {
    pub(super) mapping: &'p Mapping,
    /// The column, from 0.
    pub(super) column: usize,
    pub(super) cells: Cells,
}

impl Bound<'_> {
    /// `email` from "E-mail"
    pub(super) fn called(&self, header: &Header) -> String {
        format!("`{}` from \"{}\"", self.mapping.words, header.name(self.column))
    }
}

/// Which column of a file goes where.
#[derive(Clone, Debug)]
pub(super) struct Plan<'p> {
    pub(super) program: &'p Program,
    pub(super) source: &'p Source,
    pub(super) header: Header,
    pub(super) bound: Vec<Bound<'p>>,
    /// Fields of a preset whose columns are not there, with those columns.
    pub(super) absent: Vec<(String, String)>,
    /// Headers that nothing is taken from.
    pub(super) unused: Vec<String>,
}

impl<'p> Plan<'p> {
    /// Refuses a header that does not have what the source needs.
    pub(super) fn new(
        program: &'p Program,
        source: &'p Source,
        header: Header,
        zone: &TimeZone,
        single: Option<char>,
    ) -> Result<Self, ImportError> {
        let (mut bound, mut absent, mut missing) = (Vec::new(), Vec::new(), Vec::new());
        let signature: Vec<&str> = source.signature.iter().map(smol_str::SmolStr::as_str).collect();
        missing.extend(
            signature.iter().filter(|name| header.find([**name]).is_none()).map(|name| header.missing(&[name], None)),
        );
        for mapping in &source.mappings {
            let columns: Vec<&str> = mapping.columns.iter().map(smol_str::SmolStr::as_str).collect();
            let Some(column) = header.find(columns.iter().copied()) else {
                let told = missing
                    .iter()
                    .any(|other| columns.iter().any(|name| other.headers.iter().any(|header| header == name)));
                if signature.is_empty() || !mapping.optional || is_key(source, mapping) {
                    if !told {
                        missing.push(header.missing(&columns, Some(&mapping.words)));
                    }
                } else {
                    absent.push((mapping.words.to_string(), columns.join("` or `")));
                }
                continue;
            };
            if let Some(pattern) = &mapping.conversion.pattern
                && let Some(detail) = pattern_error(pattern)
            {
                let (pattern, field) = (pattern.to_string(), mapping.words.to_string());
                return Err(ImportError::Pattern { pattern, field, detail });
            }
            let (ty, normal) = read_as(program, source, mapping)?;
            let mut cells = Cells::new(source, &program.client, zone, &ty, &mapping.conversion, normal);
            if has_lines(&mapping.words) {
                cells.keep_lines();
            }
            bound.push(Bound { mapping, column, cells });
        }
        if !missing.is_empty() {
            let source_name = source.name.to_string();
            let single = single.filter(|_| header.len() == 1);
            let others = super::detect::others(program, source, &header);
            return Err(ImportError::MissingColumns { source_name, columns: missing, single, others });
        }
        let used = |index: usize| bound.iter().any(|bound: &Bound<'_>| bound.column == index);
        let unused = (0..header.len()).filter(|index| !used(*index) && !header.name(*index).is_empty());
        let unused = unused.map(|index| header.name(index).to_owned()).collect();
        Ok(Self { program, source, header, bound, absent, unused })
    }

    /// The entity and field that a mapping's cell is looked up by, as a reader knows them: `company`, `domain`.
    pub(super) fn looked_up(&self, mapping: &Mapping) -> Option<(String, String)> {
        let (entity, by) = match (&mapping.target, &self.source.target) {
            (MappingTarget::Relation { entity, by, .. }, _) => (*entity, *by),
            (MappingTarget::EventContact { by, .. }, _) => (self.program.entity("Contact")?, *by),
            (MappingTarget::Field(field), Target::Records { entity, key, existing: true }) if *key == Some(*field) => {
                (*entity, *field)
            }
            _ => return None,
        };
        let entity = self.program.entities.get(entity.index())?;
        Some((entity.name.to_lowercase(), entity.fields.get(by.index())?.name.to_string()))
    }

    pub(super) fn broken(&self, detail: &str) -> ImportError {
        broken(self.source, detail)
    }

    pub(super) fn field(&self, entity: EntityId, field: FieldId) -> Result<&'p Field, ImportError> {
        field_of(self.program, self.source, entity, field)
    }
}

/// Whether a field's texts have lines: what was written or said, and no name or title.
fn has_lines(words: &str) -> bool {
    let field = words.rsplit('.').next().unwrap_or(words);
    matches!(field, "body" | "description" | "message" | "note" | "notes" | "text" | "transcript")
}

fn broken(source: &Source, detail: &str) -> ImportError {
    ImportError::Program { source_name: source.name.to_string(), detail: detail.to_owned() }
}

pub(super) fn is_key(source: &Source, mapping: &Mapping) -> bool {
    match (&source.target, &mapping.target) {
        (Target::Records { key, .. }, MappingTarget::Field(field)) => *key == Some(*field),
        (Target::Events { .. }, target) => matches!(
            target,
            MappingTarget::EventContact { .. }
                | MappingTarget::EventAt
                | MappingTarget::EventName
                | MappingTarget::EventExternalId
        ),
        _ => false,
    }
}

/// The type of a cell and the form in which it is compared: what is looked up is read as the field it is looked up by.
fn read_as(program: &Program, source: &Source, mapping: &Mapping) -> Result<(Type, Normal), ImportError> {
    let of = |entity: EntityId, id: FieldId, key: bool| -> Result<(Type, Normal), ImportError> {
        let field = field_of(program, source, entity, id)?;
        Ok((field.ty.clone(), Normal::of(&field.name, field.standard, key)))
    };
    let entity = match &source.target {
        Target::Records { entity, .. } => Some(*entity),
        Target::Events { .. } => None,
    };
    match &mapping.target {
        MappingTarget::Field(field) => {
            let entity = entity.ok_or_else(|| broken(source, "an event has no fields of a record"))?;
            let (_, normal) = of(entity, *field, is_key(source, mapping))?;
            Ok((mapping.ty.clone(), normal))
        }
        MappingTarget::Relation { entity, by, .. } => of(*entity, *by, true),
        MappingTarget::EventContact { by, .. } => {
            let contact = program.entity("Contact").ok_or_else(|| broken(source, "there are no contacts"))?;
            of(contact, *by, true)
        }
        MappingTarget::RelationField { relation, field } => {
            let related = related(program, source, *relation)?;
            let (_, normal) = of(related, *field, false)?;
            Ok((mapping.ty.clone(), normal))
        }
        MappingTarget::EventExternalId | MappingTarget::EventName => Ok((Type::Text, Normal::Key)),
        MappingTarget::EventAt => Ok((Type::Time, Normal::Trimmed)),
        MappingTarget::EventField(_) => Ok((mapping.ty.clone(), Normal::Trimmed)),
    }
}

/// The entity that a relation of the source's entity leads to.
pub(super) fn related(program: &Program, source: &Source, relation: FieldId) -> Result<EntityId, ImportError> {
    let Target::Records { entity, .. } = &source.target else {
        return Err(broken(source, "an event has no relations"));
    };
    match field_of(program, source, *entity, relation)?.ty {
        Type::Record(id) => Ok(id),
        _ => Err(broken(source, "a relation is none")),
    }
}

fn field_of<'p>(
    program: &'p Program,
    source: &Source,
    entity: EntityId,
    field: FieldId,
) -> Result<&'p Field, ImportError> {
    let found = program.entities.get(entity.index()).and_then(|entity| entity.fields.get(field.index()));
    found.ok_or_else(|| broken(source, "it names a field that is not there"))
}
