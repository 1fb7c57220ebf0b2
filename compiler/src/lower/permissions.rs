//! The table of permissions: every row resolved, the client's own rows before those of the modules that it uses.
//!
//! A table says nothing of an agent that has no column in it: the next table's row about the same is asked then. What no row
//! allows is denied.

use language::Span;
use language::syntax::{self, DeclarationKind, Name, Path, PermissionCell, RefineMembers, Right};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Lowering;
use super::action::written;
use super::path::dotted;
use super::recorded::Named;
use crate::codes::lints::undeclared_permission;
use crate::codes::modules::unknown_member;
use crate::codes::team::{bad_table, permission_twice, right_does_not_fit, unknown_permission};
use crate::nearest::nearest;
use crate::program::{AgentId, EntityId, FileId, PermissionObject, PermissionRow, Permissions, Rights};

/// A table as it is written, or a refinement of one.
struct Table<'a> {
    file: FileId,
    rows: &'a [syntax::PermissionRow],
    removes: &'a [Name],
}

/// A row on its way into the Program.
struct Draft {
    about: PermissionObject,
    /// As written.
    name: SmolStr,
    /// About one way of doing something, `send.email`: it goes before the row about the doing itself.
    one_way: bool,
    /// By agent; none where the table has no column for it.
    cells: Vec<Option<Cell>>,
    file: FileId,
    span: Span,
}

#[derive(Clone)]
struct Cell {
    rights: Rights,
    file: FileId,
    span: Span,
}

/// What the columns of a table stand for.
struct Columns {
    /// None where the agent is not known.
    agents: Vec<Option<AgentId>>,
    span: Span,
}

/// What a row is about, as a cell of it is judged.
struct Subject<'a> {
    path: &'a Path,
    /// One of each way of doing it.
    objects: Vec<PermissionObject>,
    one_way: bool,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Activity,
    Record,
    Field,
    Internal,
    External,
}

impl<'a> Lowering<'a> {
    pub(super) fn lower_permissions(&mut self) {
        let mut drafts: Vec<Draft> = Vec::new();
        let mut removed: Vec<(FileId, &Name, bool)> = Vec::new();
        for table in self.tables() {
            for draft in self.table(&table) {
                let mut stays = true;
                for (.., met) in removed.iter_mut().filter(|(_, name, _)| name.text == draft.name) {
                    (stays, *met) = (false, true);
                }
                if stays {
                    drafts.push(draft);
                }
            }
            removed.extend(table.removes.iter().map(|name| (table.file, name, false)));
        }
        for (file, name, _) in removed.into_iter().filter(|(.., met)| !met) {
            let known: Vec<&str> = drafts.iter().map(|draft| draft.name.as_str()).collect();
            let meant = nearest(&name.text, known.iter().copied());
            self.report(unknown_member::diagnostic(file, name, "permissions", meant, &known));
        }
        self.said.permissions = Permissions { rows: self.rows(drafts) };
    }

    /// All tables: the client's first, and refinements before what they refine.
    fn tables(&self) -> Vec<Table<'a>> {
        let modules = self.modules;
        let mut tables: Vec<(u8, bool, Table<'a>)> = Vec::new();
        for declared in &modules.declarations {
            let (rows, removes): (&[_], &[_]) = match &declared.declaration.kind {
                DeclarationKind::Permissions(table) => (&table.rows, &[]),
                DeclarationKind::Refine(refine) => match &refine.members {
                    RefineMembers::Permissions(rows) => (rows, &refine.removes),
                    _ => continue,
                },
                _ => continue,
            };
            let table = matches!(declared.declaration.kind, DeclarationKind::Permissions(_));
            tables.push((modules.side(declared.file), table, Table { file: declared.file, rows, removes }));
        }
        tables.sort_by_key(|(side, table, _)| (*side, *table));
        tables.into_iter().map(|(.., table)| table).collect()
    }

    fn table(&mut self, table: &Table<'a>) -> Vec<Draft> {
        let mut columns: Option<Columns> = None;
        let mut seen: FxHashMap<SmolStr, Span> = FxHashMap::default();
        let mut drafts = Vec::new();
        for row in table.rows {
            match row {
                syntax::PermissionRow::Agents { agents, span } => match &columns {
                    Some(first) => self.report(bad_table::agents_again(table.file, *span, first.span)),
                    None => columns = Some(self.columns(table.file, agents, *span)),
                },
                syntax::PermissionRow::Rights { subjects, cells, span } => {
                    let Some(columns) = &columns else {
                        self.report(bad_table::no_agents(table.file, *span));
                        // Once is enough: the rows below lack the same.
                        return drafts;
                    };
                    if cells.len() != columns.agents.len() {
                        let place = cells.get(columns.agents.len()).map_or(*span, |cell| cell.span);
                        let (has, wants) = (cells.len(), columns.agents.len());
                        self.report(bad_table::cells(table.file, place, has, wants, columns.span));
                        continue;
                    }
                    for path in subjects {
                        if let Some(first) = seen.insert(path.dotted(), path.span) {
                            self.report(permission_twice::diagnostic(table.file, path, first));
                            continue;
                        }
                        self.row(table.file, path, (cells, *span), columns, &mut drafts);
                    }
                }
            }
        }
        drafts
    }

    fn columns(&mut self, file: FileId, agents: &[Name], span: Span) -> Columns {
        let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
        let mut found = Vec::with_capacity(agents.len());
        for name in agents {
            if let Some(first) = seen.insert(&name.text, name.span) {
                self.report(bad_table::column_twice(file, name.span, &name.text, first));
                found.push(None);
            } else {
                found.push(self.agent_named(file, name));
            }
        }
        Columns { agents: found, span }
    }

    fn row(
        &mut self,
        file: FileId,
        path: &Path,
        (cells, span): (&[PermissionCell], Span),
        columns: &Columns,
        drafts: &mut Vec<Draft>,
    ) {
        let Some(subject) = self.subject_of(file, path) else { return };
        let mut by_agent: Vec<Option<Cell>> = vec![None; self.program.agents.len()];
        for (cell, agent) in cells.iter().zip(&columns.agents) {
            let Some(rights) = self.rights(file, cell, &subject) else { continue };
            if let Some(slot) = agent.and_then(|agent| by_agent.get_mut(agent.index())) {
                *slot = Some(Cell { rights, file, span: cell.span });
            }
        }
        for about in subject.objects {
            drafts.push(Draft {
                about,
                name: path.dotted(),
                one_way: subject.one_way,
                cells: by_agent.clone(),
                file,
                span,
            });
        }
    }

    /// What a row is about; none where it was reported.
    fn subject_of<'p>(&mut self, file: FileId, path: &'p Path) -> Option<Subject<'p>> {
        let (first, rest) = path.parts.split_first()?;
        let found = |objects, kind| Some(Subject { path, objects, one_way: false, kind });
        if let Some(entity) = self.names.entities.get(&first.text).copied() {
            self.note(file, first.span, Named::Entity(entity));
            if rest.is_empty() {
                let activity = self.entity_name(entity) == "Activity";
                let kind = if activity { Kind::Activity } else { Kind::Record };
                return found(vec![PermissionObject::Entity(entity)], kind);
            }
            return found(vec![self.field_of(file, path, entity, rest)?], Kind::Field);
        }
        let actions = self.actions_named(&first.text);
        let Some(sample) = actions.first().and_then(|id| self.program.actions.get(id.index())) else {
            if first.text == "spend" && rest.is_empty() {
                return found(vec![PermissionObject::Spend], Kind::External);
            }
            self.unknown_subject(file, path);
            return None;
        };
        let kind = if sample.external { Kind::External } else { Kind::Internal };
        if let Some(action) = actions.first() {
            self.note(file, first.span, Named::Verb(*action));
        }
        match rest {
            [] => {
                let mut objects: Vec<_> = actions.into_iter().map(PermissionObject::Action).collect();
                if first.text == "spend" {
                    objects.push(PermissionObject::Spend);
                }
                found(objects, kind)
            }
            rest => {
                let variant = dotted(rest);
                let is_it = |id: &&crate::program::ActionId| {
                    self.program.actions.get(id.index()).is_some_and(|of| of.variant.as_ref() == Some(&variant))
                };
                if let Some(id) = actions.iter().find(is_it) {
                    if let (Some(start), Some(end)) = (rest.first(), rest.last()) {
                        self.note(file, start.span.to(end.span), Named::Way(*id));
                    }
                    let objects = vec![PermissionObject::Action(*id)];
                    return Some(Subject { path, objects, one_way: true, kind });
                }
                let ways = actions.iter().filter_map(|id| self.program.actions.get(id.index()));
                let ways: Vec<String> = ways.filter(|of| of.variant.is_some()).map(written).collect();
                let known: Vec<&str> = ways.iter().map(String::as_str).collect();
                self.report(unknown_permission::variant(file, path, &first.text, &known));
                None
            }
        }
    }

    /// A field or score of a record kind. What is not declared is kept by its name, and the client is told.
    fn field_of(&mut self, file: FileId, path: &Path, entity: EntityId, rest: &[Name]) -> Option<PermissionObject> {
        let name = dotted(rest);
        let span = rest.first()?.span.to(rest.last()?.span);
        if let Some(field) = self.names.field(entity, &name) {
            self.note(file, span, Named::Field(entity, field));
            return Some(PermissionObject::Field(entity, field));
        }
        if let Some(score) = self.names.scores.get(&name).copied()
            && self.names.shape(score).is_some_and(|shape| shape.entity == Some(entity))
        {
            self.note(file, span, Named::Score(score));
            return Some(PermissionObject::Score(entity, score));
        }
        let (start, end) = (rest.first()?, rest.last()?);
        let inner = Path { parts: rest.to_vec(), span: start.span.to(end.span) };
        if let Some((found, owner)) = self.find_field(&inner, entity) {
            let field = self.program.field(&found).map(|field| field.name.clone()).unwrap_or_default();
            let owner = self.entity_name(owner);
            self.report(unknown_permission::elsewhere(file, path, &owner, &field));
            return None;
        }
        if self.names.perhaps(&name) || self.names.incomplete_entities.contains(&entity) {
            return None;
        }
        let mut known = self.field_names(entity);
        let scores = self.names.shapes.iter().filter(|shape| shape.entity == Some(entity));
        known.extend(scores.map(|shape| shape.name.to_string()));
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let of = self.entity_name(entity);
        // The library's table speaks of scores that clients declare; whoever has none is told where one is asked for.
        if !self.modules.is_standard(file) {
            self.report(undeclared_permission::diagnostic(file, path, (&of, &name), &known));
        }
        Some(PermissionObject::Undeclared(entity, name))
    }

    fn unknown_subject(&mut self, file: FileId, path: &Path) {
        if path.parts.first().is_none_or(|first| self.names.perhaps(&first.text)) {
            return;
        }
        let entities = self.program.entities.iter().map(|entity| entity.name.clone());
        let actions = self.program.actions.iter().map(|action| action.name.clone());
        let mut known: Vec<SmolStr> = entities.chain(actions).collect();
        known.dedup();
        known.push(SmolStr::new_static("spend"));
        let known: Vec<&str> = known.iter().map(SmolStr::as_str).collect();
        self.report(unknown_permission::diagnostic(&self.modules.files, file, path, &known));
    }

    /// What a cell allows; none where it does not fit its row, which is reported.
    fn rights(&mut self, file: FileId, cell: &PermissionCell, subject: &Subject<'_>) -> Option<Rights> {
        let nothing = Rights::default();
        let record = matches!(subject.kind, Kind::Activity | Kind::Record | Kind::Field);
        Some(match &cell.right {
            None => nothing,
            Some(Right::Read) if record => Rights { read: true, ..nothing },
            Some(Right::Write(only)) if (only.is_empty() && record) || subject.kind == Kind::Activity => {
                Rights { read: true, write: true, only: words(only), ..nothing }
            }
            Some(Right::Write(only)) if only.is_empty() && subject.kind == Kind::Internal => {
                Rights { write: true, ..nothing }
            }
            Some(Right::Create(only))
                if (only.is_empty() && subject.kind == Kind::Record) || subject.kind == Kind::Activity =>
            {
                Rights { read: true, create: true, only: words(only), ..nothing }
            }
            Some(Right::Ask(whom)) if !record => {
                let whom = self.person(file, whom)?.unwrap_or_else(|| SmolStr::new_static("human"));
                Rights { ask: Some(whom), ..nothing }
            }
            Some(_) => {
                let right = self.words(file, cell.span);
                let (kind, possible) = match subject.kind {
                    Kind::Activity => ("a record kind", "`read`, `write`, `create` or `write outreach`"),
                    Kind::Record => ("a record kind", "`read`, `write` or `create`"),
                    Kind::Field => ("a field or score", "`read` or `write`"),
                    Kind::Internal => ("something done here, among us", "`write` or `ask human`"),
                    Kind::External => ("something done outside, or that costs money", "`ask human`"),
                };
                let about = (right.as_str(), subject.path.dotted());
                let about = (about.0, about.1.as_str(), kind);
                self.report(right_does_not_fit::diagnostic(file, cell.span, about, subject.path.span, possible));
                return None;
            }
        })
    }

    /// The rows as the Program has them, each cell filled where a table behind speaks of its agent.
    fn rows(&self, mut drafts: Vec<Draft>) -> Vec<PermissionRow> {
        drafts.sort_by_key(|draft| !draft.one_way);
        let row = |(place, draft): (usize, &Draft)| {
            let mut row = PermissionRow {
                about: draft.about.clone(),
                cells: Vec::with_capacity(draft.cells.len()),
                origin: self.origin(draft.file, draft.span),
                words: SmolStr::default(),
            };
            let mut places = String::new();
            for (agent, own) in draft.cells.iter().enumerate() {
                let behind = || {
                    let alike = drafts.iter().skip(place + 1).filter(|other| other.about == draft.about);
                    alike.filter_map(|other| other.cells.get(agent)?.as_ref()).next()
                };
                let cell = own.as_ref().or_else(behind);
                row.cells.push(cell.map(|cell| cell.rights.clone()).unwrap_or_default());
                if agent > 0 {
                    places.push(' ');
                }
                match cell {
                    Some(Cell { file, span, .. }) => {
                        places.push_str(&format!("{}:{}..{}", file.0, span.start, span.end));
                    }
                    None => places.push('-'),
                }
            }
            row.words = places.into();
            row
        };
        drafts.iter().enumerate().map(row).collect()
    }
}

fn words(names: &[Name]) -> Vec<SmolStr> {
    let mut words: Vec<SmolStr> = names.iter().map(|name| name.text.clone()).collect();
    words.sort();
    words.dedup();
    words
}
