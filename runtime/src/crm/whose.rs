//! Whose a CRM is: the client and the currency of the first playbook that wrote to it. Another client's playbook is refused
//! before anything is touched; amounts carry no currency themselves.

use std::path::Path;

use compiler::program::Program;
use rusqlite::{Connection, OptionalExtension as _};

use super::{Crm, CrmError};

/// What a CRM remembers of its client.
#[derive(Debug)]
struct Remembered {
    /// None where no playbook that names a client wrote to it yet.
    name: Option<String>,
    /// ISO 4217.
    currency: String,
}

/// How a playbook comes to a CRM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coming {
    /// To its own client's.
    AsItself,
    /// To one that is its client's from now on, whoever's it was.
    Adopting,
}

/// Refuses a playbook of another client or another currency. Writes nothing, whatever the schema's version.
pub(super) fn check(connection: &Connection, path: &Path, program: &Program, coming: Coming) -> Result<(), CrmError> {
    let found = remembered(connection).map_err(|error| CrmError::from_sqlite(path, &error))?;
    let Some(Remembered { name, currency }) = found else { return Ok(()) };
    let client = &program.client;
    if let Some(found) = name
        && coming == Coming::AsItself
        && found != client.name.as_str()
    {
        return Err(CrmError::OtherClient { path: path.to_path_buf(), found, wanted: client.name.clone() });
    }
    if currency == client.currency.as_str() {
        return Ok(());
    }
    Err(CrmError::OtherCurrency { path: path.to_path_buf(), found: currency, wanted: client.currency.clone() })
}

/// Schemas before 3 remember nothing, schema 3 the currency alone.
fn remembered(connection: &Connection) -> rusqlite::Result<Option<Remembered>> {
    let columns = super::extend::columns(connection, "client")?;
    if columns.is_empty() {
        return Ok(None);
    }
    let name = if columns.iter().any(|column| column == "name") { "name" } else { "NULL" };
    let row = connection.query_row(&format!("SELECT {name}, currency FROM client"), [], |row| {
        Ok(Remembered { name: row.get(0)?, currency: row.get(1)? })
    });
    row.optional()
}

impl Crm {
    /// Remembers the Program's client, where it names one and nobody did before, or where it takes the CRM over.
    pub(super) fn claim(&self, program: &Program, coming: Coming) -> Result<(), CrmError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let client = &program.client;
        let name = Some(client.name.as_str()).filter(|name| !name.is_empty());
        let found = remembered(&self.connection).map_err(sql)?;
        if found.is_none() {
            let insert = "INSERT OR IGNORE INTO client (only, currency) VALUES (1, ?1)";
            self.connection.execute(insert, [client.currency.as_str()]).map_err(sql)?;
        }
        let known = found.and_then(|found| found.name);
        if known.as_deref() != name && (known.is_none() || coming == Coming::Adopting) {
            // Another process may be quicker: what it wrote stands, unless this one was told to take over.
            let name_it = match coming {
                Coming::AsItself => "UPDATE client SET name = ?1 WHERE name IS NULL",
                Coming::Adopting => "UPDATE client SET name = ?1",
            };
            self.connection.execute(name_it, [name]).map_err(sql)?;
        }
        check(&self.connection, &self.path, program, coming)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(client: &str, currency: &str) -> Program {
        let text = format!("client \"{client}\" {{\n  currency {currency}\n  timezone \"UTC\"\n}}\nuse std.crm\n");
        compiler::compile::compile_text("t.playbook", &text).program.unwrap()
    }

    fn nameless() -> Program {
        compiler::compile::compile_text("t.playbook", "use std.crm\n").program.unwrap()
    }

    fn told(folder: &tempfile::TempDir, error: &CrmError) -> String {
        error.to_string().replace(&format!("{}/", folder.path().display()), "")
    }

    #[test]
    fn a_crm_of_the_version_before_takes_the_first_currency_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("crm.db");
        let mut connection = rusqlite::Connection::open(&path).unwrap();
        super::super::migrations::to(&mut connection, &path, 2).unwrap();
        let import = "INSERT INTO import (source, file, file_hash, started, unchanged) VALUES ('a', 'a.csv', ?1, 0, 3)";
        connection.execute(import, ["0".repeat(64)]).unwrap();
        drop(connection);

        let crm = Crm::open(&path, &program("T", "NZD")).unwrap();
        let rows: i64 = crm.connection.query_row("SELECT rows FROM import", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 3, "what was imported counts as read");
        drop(crm);
        let error = Crm::open(&path, &program("T", "EUR")).map(drop).unwrap_err();
        insta::assert_snapshot!(told(&folder, &error), @"`crm.db` holds amounts in NZD, and the playbook's client has the currency EUR: they would be misread; say `currency NZD` again, or import into a new file with `--db`");
        assert!(Crm::open(&path, &program("T", "NZD")).is_ok());
        assert!(Crm::open_in_memory(&program("T", "EUR")).is_ok());
    }

    #[test]
    fn another_clients_playbook_is_refused_before_anything_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("crm.db");
        let mut connection = rusqlite::Connection::open(&path).unwrap();
        super::super::migrations::to(&mut connection, &path, 3).unwrap();
        connection.execute("INSERT INTO client (only, currency) VALUES (1, 'NZD')", []).unwrap();
        drop(connection);
        // A CRM of schema 3 knows no client: the first one that names itself is it.
        drop(Crm::open(&path, &program("Acme", "NZD")).unwrap());

        let before = std::fs::read(&path).unwrap();
        for opened in [Crm::open, Crm::open_to_read] {
            let error = opened(&path, &program("Bolt", "NZD")).map(drop).unwrap_err();
            insta::allow_duplicates! {
                insta::assert_snapshot!(told(&folder, &error), @"`crm.db` is the CRM of the client `Acme`, and this playbook's client is `Bolt`, so nothing was touched; name another file with `--db`, or, if Acme is called Bolt now, run `import` or `run` once with `--adopt`");
            }
        }
        assert_eq!(std::fs::read(&path).unwrap(), before);
        assert!(Crm::open(&path, &program("Acme", "NZD")).is_ok());
    }

    #[test]
    fn a_playbook_without_a_client_claims_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("crm.db");
        drop(Crm::open(&path, &nameless()).unwrap());
        drop(Crm::open(&path, &program("Acme", "USD")).unwrap());
        let error = Crm::open(&path, &nameless()).map(drop).unwrap_err();
        insta::assert_snapshot!(told(&folder, &error), @r#"`crm.db` is the CRM of the client `Acme`, and this playbook names no client, so nothing was touched; say `client "Acme"` in it, or name another file with `--db`"#);
    }

    #[test]
    fn a_renamed_client_takes_its_crm_over_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("crm.db");
        drop(Crm::open(&path, &program("Acme", "NZD")).unwrap());
        drop(Crm::adopt(&path, &program("Acme Group", "NZD")).unwrap());
        assert!(Crm::open(&path, &program("Acme Group", "NZD")).is_ok());
        assert!(matches!(Crm::open(&path, &program("Acme", "NZD")), Err(CrmError::OtherClient { .. })));
        // What amounts are in is no question of names.
        assert!(matches!(Crm::adopt(&path, &program("Acme", "EUR")), Err(CrmError::OtherCurrency { .. })));
    }
}
