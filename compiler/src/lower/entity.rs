//! Record kinds: their standard fields and the client's, with the columns that hold them.

use language::Span;
use language::syntax::{DeclarationKind, FieldDeclaration, Fields};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Lowering;
use super::measure::count;
use crate::codes::names::{duplicate_field, field_type_fixed, reserved_name};
use crate::modules::Declared;
use crate::program::{Entity, EntityId, Field, FieldId, FileId, Type};

/// What SQLite does not take as the name of a column without quotes, and what every table has already.
const RESERVED: &[&str] = &[
    "_rowid_",
    "add",
    "all",
    "alter",
    "and",
    "as",
    "autoincrement",
    "between",
    "case",
    "check",
    "collate",
    "commit",
    "constraint",
    "create",
    "default",
    "deferrable",
    "delete",
    "distinct",
    "drop",
    "else",
    "escape",
    "except",
    "exists",
    "foreign",
    "from",
    "group",
    "having",
    "id",
    "in",
    "index",
    "insert",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "limit",
    "not",
    "nothing",
    "notnull",
    "null",
    "oid",
    "on",
    "or",
    "order",
    "primary",
    "references",
    "returning",
    "rowid",
    "select",
    "set",
    "table",
    "then",
    "to",
    "transaction",
    "union",
    "unique",
    "update",
    "using",
    "values",
    "when",
    "where",
];

/// Words that mean something of their own wherever a field's name can stand.
const MEANT: &[&str] = &["no", "now", "today", "yes"];

/// Where the columns of one entity come from.
type Columns = FxHashMap<String, (FileId, Span, SmolStr)>;

impl Lowering<'_> {
    pub(super) fn collect_entities(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            let DeclarationKind::Entity(fields) = &declared.declaration.kind else { continue };
            let id = EntityId(count(self.program.entities.len()));
            let (name, table) = (fields.entity.text.clone(), SmolStr::from(fields.entity.text.to_lowercase()));
            self.names.entities.insert(name.clone(), id);
            self.names.tables.insert(table.clone(), id);
            self.names.fields.push(FxHashMap::default());
            self.program.entities.push(Entity {
                name,
                table,
                fields: Vec::new(),
                docs: declared.declaration.docs.clone(),
            });
        }
    }

    pub(super) fn fields_of_entities(&mut self) {
        let modules = self.modules;
        let mut columns: Vec<Columns> = vec![Columns::default(); self.program.entities.len()];
        // Standard fields come first, whichever file is read first.
        for standard in [true, false] {
            for declared in &modules.declarations {
                let fields = match &declared.declaration.kind {
                    DeclarationKind::Entity(fields) if standard => fields,
                    DeclarationKind::Extend(fields) if !standard => fields,
                    _ => continue,
                };
                self.fields_of(declared, fields, standard, &mut columns);
            }
        }
    }

    fn fields_of(&mut self, declared: &Declared, fields: &Fields, standard: bool, columns: &mut [Columns]) {
        let found = self.entity_named(declared.file, &fields.entity);
        if let (Some(entity), true) = (found, declared.declaration.broken) {
            self.names.incomplete_entities.insert(entity);
        }
        for (index, field) in fields.fields.iter().enumerate() {
            let file = declared.member_file(index);
            let ty = self.field_type(file, &field.ty);
            let Some((entity, columns)) = found.and_then(|entity| Some((entity, columns.get_mut(entity.index())?)))
            else {
                continue;
            };
            match ty {
                Some(ty) => self.add_field(file, entity, field, ty, standard, columns),
                None => {
                    self.names.incomplete_entities.insert(entity);
                }
            }
        }
    }

    fn add_field(
        &mut self,
        file: FileId,
        entity: EntityId,
        declaration: &FieldDeclaration,
        (ty, optional): (Type, bool),
        standard: bool,
        columns: &mut Columns,
    ) {
        let name = declaration.name.dotted();
        let span = declaration.name.span;
        let relation = matches!(ty, Type::Record(_));
        let column = name.replace('.', "_").to_lowercase() + if relation { "_id" } else { "" };
        let first = columns.get(&column).cloned();
        if let Some((first_file, first_span, first_name)) = first {
            if first_name == name {
                self.field_again(file, entity, declaration, (ty, optional), (first_file, first_span));
            } else {
                self.report(duplicate_field::column(file, declaration, &column, (first_file, first_span, &first_name)));
            }
            return;
        }
        if RESERVED.contains(&column.as_str()) || MEANT.contains(&name.as_str()) {
            self.report(reserved_name::field(file, declaration, &column));
            self.names.incomplete_entities.insert(entity);
            return;
        }
        let origin = self.origin(file, span);
        let (Some(record), Some(names)) =
            (self.program.entities.get_mut(entity.index()), self.names.fields.get_mut(entity.index()))
        else {
            return;
        };
        names.insert(name.clone(), FieldId(count(record.fields.len())));
        columns.insert(column.clone(), (file, span, name.clone()));
        record.fields.push(Field { name, column: column.into(), ty, optional, standard, origin });
    }

    /// A field of that name is there. A client may say which words a standard field holds; anything else is said twice.
    fn field_again(
        &mut self,
        file: FileId,
        entity: EntityId,
        declaration: &FieldDeclaration,
        (ty, _): (Type, bool),
        first: (FileId, Span),
    ) {
        let (origin, declared_at) = (self.origin(file, declaration.name.span), self.origin(first.0, first.1));
        let id = self.names.field(entity, &declaration.name.dotted());
        let Some(record) = self.program.entities.get_mut(entity.index()) else { return };
        let Some(field) = id.and_then(|id| record.fields.get_mut(id.index())) else { return };
        let narrowed_before = field.origin != declared_at;
        if !field.standard || narrowed_before {
            self.report(duplicate_field::diagnostic(file, declaration, first));
            return;
        }
        let worded = |ty: &Type| match ty {
            Type::Text | Type::OneOf(_) => true,
            Type::List(of) => matches!(**of, Type::Text | Type::OneOf(_)),
            _ => false,
        };
        let narrows = match (&field.ty, &ty) {
            (old, Type::OneOf(_)) => matches!(old, Type::Text | Type::OneOf(_)),
            (Type::List(_), Type::List(of)) => worded(&field.ty) && matches!(**of, Type::OneOf(_)),
            _ => false,
        };
        if narrows {
            field.ty = ty;
            field.origin = origin;
        } else {
            let of = record.name.clone();
            self.report(field_type_fixed::diagnostic(file, declaration, &of, first));
        }
    }
}
