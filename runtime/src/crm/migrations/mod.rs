//! The schema's versions, each a file that is never edited once released.

use std::path::Path;

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use super::CrmError;

/// Each migration, oldest first; the first leads to schema 1.
const STEPS: [&str; 10] = [
    include_str!("0001_records.sql"),
    include_str!("0002_history.sql"),
    include_str!("0003_client.sql"),
    include_str!("0004_whose.sql"),
    include_str!("0005_external_system.sql"),
    include_str!("0006_log.sql"),
    include_str!("0007_work.sql"),
    include_str!("0008_spend.sql"),
    include_str!("0009_paused.sql"),
    include_str!("0010_trial.sql"),
];

/// The newest schema.
#[expect(clippy::cast_possible_truncation, reason = "there are a handful")]
pub(super) const NEWEST: u32 = STEPS.len() as u32;

/// "plby", in the header of the file: what tells a CRM from any other SQLite database.
pub(super) const APPLICATION: i32 = 0x706c_6279;

/// Brings the database to the newest schema; does nothing where it is there already.
pub(super) fn run(connection: &mut Connection, path: &Path) -> Result<(), CrmError> {
    to(connection, path, NEWEST)
}

/// Refuses what is no CRM, or a newer one; gives the schema's version, 0 for a new file.
pub(super) fn identify(connection: &Connection, path: &Path) -> Result<u32, CrmError> {
    let number = |statement: &str| {
        connection
            .query_row(statement, [], |row| row.get::<_, i64>(0))
            .map_err(|error| CrmError::from_sqlite(path, &error))
    };
    let ours = number("PRAGMA application_id")? == i64::from(APPLICATION);
    if !ours && number("SELECT count(*) FROM sqlite_schema")? > 0 {
        return Err(CrmError::NotACrm { path: path.to_path_buf() });
    }
    let found = u32::try_from(number("PRAGMA user_version")?).unwrap_or(0);
    if found > NEWEST {
        return Err(CrmError::Newer { path: path.to_path_buf(), found, known: NEWEST });
    }
    Ok(found)
}

pub(super) fn to(connection: &mut Connection, path: &Path, version: u32) -> Result<(), CrmError> {
    let found = identify(connection, path)?;
    if found >= version {
        return Ok(());
    }
    if found == 0 {
        let marked = connection.pragma_update(None, "application_id", APPLICATION);
        marked.map_err(|error| CrmError::from_sqlite(path, &error))?;
    }
    let migrations = Migrations::from_iter(STEPS.map(|step| M::up(step).foreign_key_check()));
    let Err(error) = migrations.to_version(connection, version as usize) else { return Ok(()) };
    // Of several processes that find it old one brings it here, all steps at once, and the others find them done.
    if identify(connection, path)? >= version {
        return Ok(());
    }
    Err(match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => CrmError::from_sqlite(path, &err),
        error => CrmError::Other { path: path.to_path_buf(), detail: error.to_string() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(connection: &Connection) -> (i64, String) {
        connection.query_row("SELECT id, email FROM contact", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    }

    /// One row that each version can hold, so that a migration that loses it fails.
    const CONTACT: &str = "INSERT INTO contact (id, email, needs_stated) VALUES (7, 'ann@example.com', '[\"a\"]')";

    #[test]
    fn every_older_version_comes_to_the_newest_and_keeps_its_rows() {
        let path = Path::new("old.db");
        let fresh = {
            let mut connection = Connection::open_in_memory().unwrap();
            run(&mut connection, path).unwrap();
            schema(&connection)
        };
        for version in 1..=NEWEST {
            let mut connection = Connection::open_in_memory().unwrap();
            to(&mut connection, path, version).unwrap();
            connection.execute_batch(CONTACT).unwrap();
            run(&mut connection, path).unwrap();
            assert_eq!(row(&connection), (7, "ann@example.com".to_owned()), "from version {version}");
            assert_eq!(schema(&connection), fresh, "from version {version}");
            let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
            assert_eq!(found, NEWEST);
        }
    }

    #[test]
    fn external_ids_become_those_of_the_system_that_gave_them() {
        let path = Path::new("old.db");
        for version in 2..=4 {
            let mut connection = Connection::open_in_memory().unwrap();
            to(&mut connection, path, version).unwrap();
            connection.execute_batch(&NUMBERED.replace("HASH", &"0".repeat(64))).unwrap();
            run(&mut connection, path).unwrap();
            let all = |sql: &str| {
                let mut statement = connection.prepare(sql).unwrap();
                let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
                rows.map(Result::unwrap).collect::<Vec<_>>()
            };
            let systems = "SELECT external_system FROM contact ORDER BY id";
            assert_eq!(all(systems), ["hubspot", "pipedrive", ""], "from version {version}");
            assert_eq!(all("SELECT external_system FROM event ORDER BY id"), ["pipedrive", ""]);
            let before = [
                r#"{"import_id":2,"external_id":null,"external_system":""}"#,
                r#"{"import_id":2,"external_id":"17","phone":"1","external_system":"hubspot"}"#,
            ];
            assert_eq!(all("SELECT before FROM import_change ORDER BY import_id"), before);
            // Two systems may number alike from now on.
            let alike = "INSERT INTO contact (external_id, external_system) VALUES ('17', 'pipedrive')";
            connection.execute_batch(alike).unwrap();
        }
    }

    /// HubSpot's contact; one of the client's own file that HubSpot numbered, and then Pipedrive; and one without a number.
    const NUMBERED: &str = r#"
        INSERT INTO import (id, source, file, file_hash, started) SELECT value ->> 0, value ->> 1, 'a.csv', 'HASH', 0
          FROM json_each('[[1, "leads"], [2, "leads"], [3, "hubspot.contacts"], [4, "pipedrive.persons"]]');
        INSERT INTO contact (id, import_id, external_id) VALUES (1, 3, '17'), (2, 2, '5'), (3, 1, NULL);
        INSERT INTO import_change (import_id, entity, record, before) VALUES
          (3, 'contact', 2, '{"import_id": 2, "external_id": null}'),
          (4, 'contact', 2, '{"import_id": 2, "external_id": "17", "phone": "1"}');
        CREATE UNIQUE INDEX contact_external_id_key ON contact (external_id) WHERE external_id IS NOT NULL;
        INSERT INTO event_kind (id, name) VALUES (1, 'call.made');
        INSERT INTO event (contact_id, at, id, kind, external_id, import_id)
          VALUES (1, 0, 1, 1, '17', 4), (1, 0, 2, 1, NULL, 4);
    "#;

    fn schema(connection: &Connection) -> Vec<String> {
        let mut statement =
            connection.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    #[test]
    fn a_newer_schema_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection, Path::new("crm.db")).unwrap();
        connection.pragma_update(None, "user_version", NEWEST + 1).unwrap();
        let error = run(&mut connection, Path::new("crm.db")).unwrap_err();
        insta::assert_snapshot!(error, @"`crm.db` was written by a newer version of playbook (its schema is number 11, this version knows 10): use that version");
    }

    #[test]
    fn somebody_elses_database_is_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
        let error = run(&mut connection, Path::new("notes.db")).unwrap_err();
        assert!(matches!(error, CrmError::NotACrm { .. }), "{error}");
        let tables: u32 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
        assert_eq!(tables, 1);
    }
}
