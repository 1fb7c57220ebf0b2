//! The currency in which a CRM's amounts are: that of the first playbook it was opened with. Amounts carry none themselves.

use compiler::program::Program;
use rusqlite::OptionalExtension as _;

use super::{Crm, CrmError};

impl Crm {
    /// Refuses a playbook of another currency; remembers the first one's.
    pub(super) fn check_currency(&self, program: &Program) -> Result<(), CrmError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let wanted = &program.client.currency;
        let remembered = || {
            let row = self.connection.query_row("SELECT currency FROM client", [], |row| row.get::<_, String>(0));
            row.optional().map_err(sql)
        };
        let found = match remembered()? {
            Some(found) => found,
            None => {
                // Another process may be quicker: what it wrote stands.
                let insert = "INSERT OR IGNORE INTO client (only, currency) VALUES (1, ?1)";
                self.connection.execute(insert, [wanted.as_str()]).map_err(sql)?;
                remembered()?.unwrap_or_default()
            }
        };
        if found == wanted.as_str() {
            return Ok(());
        }
        Err(CrmError::OtherCurrency { path: self.path.clone(), found, wanted: wanted.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(currency: &str) -> Program {
        let text = format!("client \"T\" {{\n  currency {currency}\n  timezone \"UTC\"\n}}\nuse std.crm\n");
        compiler::compile::compile_text("t.playbook", &text).program.unwrap()
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

        let crm = Crm::open(&path, &program("NZD")).unwrap();
        let rows: i64 = crm.connection.query_row("SELECT rows FROM import", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 3, "what was imported counts as read");
        drop(crm);
        let error = Crm::open(&path, &program("EUR")).map(drop).unwrap_err();
        let told = error.to_string().replace(&format!("{}/", folder.path().display()), "");
        insta::assert_snapshot!(told, @"`crm.db` holds amounts in NZD, and the playbook's client has the currency EUR: they would be misread; say `currency NZD` again, or import into a new file with `--db`");
        assert!(Crm::open(&path, &program("NZD")).is_ok());
        assert!(Crm::open_in_memory(&program("EUR")).is_ok());
    }
}
