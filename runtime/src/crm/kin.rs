//! Which records belong together: a deal and its contact, and how somebody is reached.

use rusqlite::OptionalExtension as _;
use smol_str::SmolStr;

use super::{ContactId, Crm, CrmError, RecordId};

/// How a contact is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reachable {
    /// First and last name, where they are known.
    pub name: Option<SmolStr>,
    /// `ana@example.com`
    pub email: Option<SmolStr>,
    /// The mobile one first.
    pub phone: Option<SmolStr>,
    /// IANA.
    pub timezone: Option<SmolStr>,
}

impl Crm {
    /// The contact that a deal belongs to.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn contact_of(&self, deal: RecordId) -> Result<Option<ContactId>, CrmError> {
        let one = "SELECT contact_id FROM deal WHERE id = ?1";
        Ok(self.one(one, deal.0)?.map(ContactId))
    }

    /// The newest open deal of a contact, else its newest one.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn deal_of(&self, contact: ContactId) -> Result<Option<RecordId>, CrmError> {
        let newest =
            "SELECT id FROM deal WHERE contact_id = ?1 ORDER BY ifnull(status, 'open') = 'open' DESC, id DESC LIMIT 1";
        Ok(self.one(newest, contact.0)?.map(RecordId))
    }

    /// The newest open deal of a contact, and none that is won or lost.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn open_deal_of(&self, contact: ContactId) -> Result<Option<RecordId>, CrmError> {
        let newest =
            "SELECT id FROM deal WHERE contact_id = ?1 AND ifnull(status, 'open') = 'open' ORDER BY id DESC LIMIT 1";
        Ok(self.one(newest, contact.0)?.map(RecordId))
    }

    /// The company of a contact.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn company_of(&self, contact: ContactId) -> Result<Option<RecordId>, CrmError> {
        Ok(self.one("SELECT company_id FROM contact WHERE id = ?1", contact.0)?.map(RecordId))
    }

    fn one(&self, sql: &str, id: i64) -> Result<Option<i64>, CrmError> {
        let found = self.connection.prepare_cached(sql);
        let found = found.and_then(|mut statement| statement.query_row([id], |row| row.get(0)).optional());
        Ok(found.map_err(|error| self.error(&error))?.flatten())
    }

    /// How a contact is reached; nothing of it where there is no such contact.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn reachable(&self, contact: ContactId) -> Result<Reachable, CrmError> {
        let one = "SELECT trim(ifnull(first_name, '') || ' ' || ifnull(last_name, '')), email, ifnull(mobile, phone), timezone \
                   FROM contact WHERE id = ?1";
        let sql = |error: rusqlite::Error| self.error(&error);
        let mut statement = self.connection.prepare_cached(one).map_err(sql)?;
        let text = |row: &rusqlite::Row<'_>, column: usize| {
            let text: Option<String> = row.get(column)?;
            Ok::<_, rusqlite::Error>(text.filter(|text| !text.is_empty()).map(SmolStr::from))
        };
        let found = statement.query_row([contact.0], |row| {
            Ok(Reachable { name: text(row, 0)?, email: text(row, 1)?, phone: text(row, 2)?, timezone: text(row, 3)? })
        });
        Ok(found.optional().map_err(sql)?.unwrap_or_default())
    }
}
