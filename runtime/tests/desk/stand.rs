//! A playbook, a CRM and a folder of files, for one test.

use std::path::PathBuf;

use compiler::compile::compile_text;
use compiler::program::{Program, Source, Value};
use jiff::Timestamp;
use runtime::crm::{Crm, Needs, RecordId, Visitor};
use runtime::import::{self, ImportError, Report, Request};

/// When every test takes place.
pub(crate) const NOW: &str = "2026-05-01T00:00:00Z";

/// The Program of a playbook's text; the test fails with its findings where it has none.
pub(crate) fn program(text: &str) -> Program {
    let compiled = compile_text("test.playbook", text);
    let findings: Vec<&String> = compiled.diagnostics.iter().map(|found| &found.headline).collect();
    compiled.program.unwrap_or_else(|| panic!("the playbook of the test does not compile: {findings:#?}"))
}

/// A client of Auckland with the standard CRM and these declarations.
pub(crate) fn client(declarations: &str) -> Program {
    program(&format!(
        "client \"Test\" {{\n  currency NZD\n  timezone \"Pacific/Auckland\"\n}}\n\nuse std.crm\n\n{declarations}\n"
    ))
}

pub(crate) struct Stand {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) program: Program,
    pub(crate) crm: Crm,
}

impl Stand {
    pub(crate) fn new(declarations: &str) -> Self {
        Self::of(client(declarations))
    }

    pub(crate) fn of(program: Program) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let crm = Crm::open(&folder.path().join("crm.db"), &program).unwrap();
        Self { folder, program, crm }
    }

    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn source(&self, name: &str) -> Source {
        self.program
            .sources
            .iter()
            .find(|source| source.name == name)
            .unwrap_or_else(|| panic!("no source {name}"))
            .clone()
    }

    /// Imports a text through the source of that name.
    pub(crate) fn import(&mut self, source: &str, csv: impl AsRef<[u8]>) -> Result<Report, ImportError> {
        let file = self.file(&format!("{source}.csv"), csv);
        self.import_file(source, &file, false)
    }

    pub(crate) fn import_file(
        &mut self,
        source: &str,
        file: &std::path::Path,
        dry_run: bool,
    ) -> Result<Report, ImportError> {
        let source = self.source(source);
        let now: Timestamp = NOW.parse().unwrap();
        let request = Request { program: &self.program, source: &source, file, now, dry_run, rejected: None };
        import::run(&mut self.crm, &request, &mut |_| {})
    }

    /// The same with a file for the rejected rows.
    pub(crate) fn import_with_rejects(
        &mut self,
        source: &str,
        csv: &str,
        rejects: &str,
    ) -> Result<Report, ImportError> {
        let file = self.file(&format!("{source}.csv"), csv);
        let (source, rejected) = (self.source(source), Some(self.folder.path().join(rejects)));
        let now: Timestamp = NOW.parse().unwrap();
        let request = Request { program: &self.program, source: &source, file: &file, now, dry_run: false, rejected };
        import::run(&mut self.crm, &request, &mut |_| {})
    }

    /// The whole message, as a person reads it; the folder of the test is left out.
    pub(crate) fn refusal(&mut self, source: &str, csv: impl AsRef<[u8]>) -> String {
        let error = self.import(source, csv).unwrap_err();
        assert_eq!(
            self.count("contact") + self.count("event") + self.count("import"),
            0,
            "nothing may be left of {error}"
        );
        self.told(&error)
    }

    pub(crate) fn told(&self, error: &ImportError) -> String {
        error.to_string().replace(&format!("{}/", self.folder.path().display()), "")
    }

    /// A second connection, to see what is there.
    pub(crate) fn sql(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.crm.path()).unwrap()
    }

    pub(crate) fn count(&self, table: &str) -> i64 {
        self.sql().query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    }

    /// One line a row, cells joined by `|`, for comparing.
    pub(crate) fn rows(&self, sql: &str) -> Vec<String> {
        let connection = self.sql();
        let mut statement = connection.prepare(sql).unwrap();
        let width = statement.column_count();
        let rows = statement.query_map([], |row| {
            let cells = (0..width).map(|index| {
                Ok(match row.get_ref(index)? {
                    rusqlite::types::ValueRef::Null => "-".to_owned(),
                    rusqlite::types::ValueRef::Integer(value) => value.to_string(),
                    rusqlite::types::ValueRef::Real(value) => value.to_string(),
                    rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                    rusqlite::types::ValueRef::Blob(_) => "blob".to_owned(),
                })
            });
            cells.collect::<rusqlite::Result<Vec<_>>>().map(|cells| cells.join("|"))
        });
        rows.unwrap().map(Result::unwrap).collect()
    }

    /// The value of a contact's field, read as the scorer reads it.
    pub(crate) fn value(&self, id: i64, path: &str) -> Option<Value> {
        struct One(Option<Value>);
        impl Visitor for One {
            fn record(&mut self, _: RecordId) {}
            fn field(&mut self, _: usize, value: runtime::crm::Cell<'_>) {
                self.0 = value.to_value();
            }
            fn observed(&mut self, _: usize, _: i64) {}
            fn event(&mut self, _: runtime::crm::EventRow<'_>) {}
            fn conversation(&mut self, _: runtime::crm::Conversation<'_>) {}
            fn end(&mut self) -> std::ops::ControlFlow<()> {
                std::ops::ControlFlow::Continue(())
            }
        }
        let entity = self.program.entity("Contact").unwrap();
        let needs = Needs { fields: vec![self.path(path)], ..Needs::default() };
        let mut one = One(None);
        self.crm.visit_one(&self.program, entity, &needs, RecordId(id), &mut one).unwrap();
        one.0
    }

    pub(crate) fn path(&self, path: &str) -> compiler::program::FieldPath {
        let contact = self.program.entity("Contact").unwrap();
        let place = |entity: compiler::program::EntityId, name: &str| {
            let fields = &self.program.entities[entity.index()].fields;
            let at = fields.iter().position(|field| field.name == name)?;
            Some((compiler::program::FieldId(u32::try_from(at).unwrap()), fields[at].ty.clone()))
        };
        let (relations, last) = match path.split_once('.') {
            Some((relation, field)) if place(contact, path).is_none() => {
                let (id, compiler::program::Type::Record(entity)) = place(contact, relation).unwrap() else {
                    panic!("{path}")
                };
                (vec![id], place(entity, field).unwrap().0)
            }
            _ => (Vec::new(), place(contact, path).unwrap().0),
        };
        compiler::program::FieldPath { entity: contact, relations, field: last }
    }
}
