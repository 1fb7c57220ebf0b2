//! Undoing an import: what it made goes, what it changed is put back; refused where later work stands on it.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Transaction, TransactionBehavior};

use super::column::quote;
use super::image::{self, place, put_back};
use super::imports::Import;
use super::{Crm, CrmError, ImportId, RecordId};

/// The tables of records, each before those that it points to.
const TABLES: [&str; 6] = ["task", "activity", "deal", "contact", "company", "user"];

/// What undoing did.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Undone {
    /// The import.
    pub import: Import,
    /// Records and events removed, by table.
    pub removed: Vec<(String, u64)>,
    /// Records and events put back.
    pub restored: u64,
}

impl Crm {
    /// Undoes an import, or the last one that changed something and is not undone.
    ///
    /// # Errors
    /// Where there is none, or where later imports changed the same records or point to what this one made.
    pub fn undo(&mut self, which: Option<ImportId>, now: Timestamp) -> Result<Undone, CrmError> {
        let import = self.to_undo(which)?;
        let path = self.path.clone();
        let sql = |error: rusqlite::Error| CrmError::from_sqlite(&path, &error);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sql)?;
        transaction.execute_batch("PRAGMA defer_foreign_keys = ON").map_err(sql)?;
        let stood = |why: String| CrmError::StoodUpon { id: import.id.0, why };
        if let Some(why) = changed_later(&transaction, import.id).map_err(sql)? {
            return Err(stood(why));
        }
        // A case outlives its record, and numbers are given again: somebody else would walk into it.
        let records = worked_on(&transaction, import.id).map_err(sql)?;
        if records > 0 {
            return Err(CrmError::AtWork { id: import.id.0, records });
        }
        let restored = restore(&transaction, &path, import.id)?;
        if let Some(why) = pointed_to(&transaction, import.id).map_err(sql)? {
            return Err(stood(why));
        }
        let mut removed = Vec::new();
        for table in std::iter::once("event").chain(TABLES) {
            let delete = format!("DELETE FROM {} WHERE import_id = ?1", quote(table));
            let count = transaction.execute(&delete, [import.id.0]).map_err(sql)?;
            if count > 0 {
                removed.push((table.to_owned(), count as u64));
            }
        }
        for forget in
            ["DELETE FROM import_change WHERE import_id = ?1", "DELETE FROM field_observation WHERE import_id = ?1"]
        {
            transaction.execute(forget, [import.id.0]).map_err(sql)?;
        }
        let mark = "UPDATE import SET undone_at = ?2 WHERE id = ?1";
        transaction.execute(mark, (import.id.0, now.as_microsecond())).map_err(sql)?;
        transaction.commit().map_err(sql)?;
        Ok(Undone { import: Import { undone: Some(now), ..import }, removed, restored })
    }

    fn to_undo(&self, which: Option<ImportId>) -> Result<Import, CrmError> {
        let imports = self.imports()?;
        let none = |id: String, why: String| CrmError::NoSuchImport { id, why };
        let Some(wanted) = which else {
            let (mut why, mut standing) = ("every import there was has been undone already", imports);
            standing.retain(|import| import.undone.is_none());
            for import in standing {
                if self.has_changed(&import).map_err(|error| self.error(&error))? {
                    return Ok(import);
                }
                why = "those that stand changed nothing";
            }
            return Err(none("at all".into(), why.into()));
        };
        let standing: Vec<String> =
            imports.iter().filter(|import| import.undone.is_none()).map(|import| import.id.to_string()).collect();
        match imports.into_iter().find(|import| import.id == wanted) {
            Some(Import { undone: Some(at), .. }) => Err(none(wanted.to_string(), format!("it was undone at {at}"))),
            Some(import) => Ok(import),
            None if standing.is_empty() => Err(none(wanted.to_string(), "nothing was imported".into())),
            None => Err(none(wanted.to_string(), format!("those that could be are {}", standing.join(", ")))),
        }
    }
}

impl Crm {
    /// Whether undoing it would do anything. Its counts do not know the companies that its contacts belong to.
    fn has_changed(&self, import: &Import) -> rusqlite::Result<bool> {
        if import.counts.created + import.counts.updated > 0 {
            return Ok(true);
        }
        for table in TABLES.into_iter().chain(["event", "import_change"]) {
            let any = format!("SELECT EXISTS (SELECT 1 FROM {} WHERE import_id = ?1)", quote(table));
            if self.connection.query_row(&any, [import.id.0], |row| row.get(0))? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// How many records that it made the playbook has worked on.
fn worked_on(transaction: &Transaction<'_>, import: ImportId) -> rusqlite::Result<u64> {
    let mut records = 0;
    for (table, entity) in [("contact", "Contact"), ("deal", "Deal"), ("company", "Company")] {
        let count = format!(
            "SELECT count(*) FROM {} AS t WHERE t.import_id = ?1 AND EXISTS \
             (SELECT 1 FROM run AS r WHERE (r.entity = ?2 AND r.record = t.id) OR (r.case_entity = ?2 AND r.case_record = t.id))",
            quote(table)
        );
        records += transaction.query_row(&count, (import.0, entity), |row| super::imports::count(row, 0))?;
    }
    Ok(records)
}

fn restore(transaction: &Transaction<'_>, path: &Path, import: ImportId) -> Result<u64, CrmError> {
    let sql = |error: rusqlite::Error| CrmError::from_sqlite(path, &error);
    let changes = "SELECT entity, record, before FROM import_change WHERE import_id = ?1";
    let mut statement = transaction.prepare(changes).map_err(sql)?;
    let mut rows = statement.query([import.0]).map_err(sql)?;
    let mut restored = 0;
    while let Some(row) = rows.next().map_err(sql)? {
        let (table, record, before): (String, i64, String) = row.try_into().map_err(sql)?;
        let before = image::read(path, import, &before)?;
        put_back(transaction, place(&table, RecordId(record), &before), &before).map_err(sql)?;
        restored += 1;
    }
    Ok(restored)
}

/// Which later imports changed what this one made or changed.
fn changed_later(transaction: &Transaction<'_>, import: ImportId) -> rusqlite::Result<Option<String>> {
    let mut made = String::new();
    for table in TABLES.into_iter().chain(["event"]) {
        made.push_str(&format!(
            " UNION ALL SELECT c.import_id FROM import_change AS c JOIN {} AS t ON t.id = c.record AND t.import_id = ?1 \
             WHERE c.entity = '{table}' AND c.import_id > ?1",
            quote(table)
        ));
    }
    let later = format!(
        "SELECT later.import_id, i.source, i.file, count(*) FROM (\
         SELECT c.import_id FROM import_change AS c JOIN import_change AS ours \
         ON ours.import_id = ?1 AND ours.entity = c.entity AND ours.record = c.record WHERE c.import_id > ?1{made}\
         ) AS later JOIN import AS i ON i.id = later.import_id GROUP BY 1 ORDER BY 1 DESC"
    );
    why(transaction, &later, import, "changed", "of the same records")
}

/// Which other imports' records point to what this one made.
fn pointed_to(transaction: &Transaction<'_>, import: ImportId) -> rusqlite::Result<Option<String>> {
    for table in TABLES.into_iter().chain(["event", "decision", "consent"]) {
        let mut statement = transaction.prepare("SELECT \"from\", \"table\" FROM pragma_foreign_key_list(?1)")?;
        let links: Vec<(String, String)> =
            statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        for (column, parent) in links {
            if !TABLES.contains(&parent.as_str()) {
                continue;
            }
            let own = if matches!(table, "decision" | "consent") { "NULL" } else { "t.import_id" };
            let pointing = format!(
                "SELECT {own}, ifnull(i.source, 'the CRM itself'), ifnull(i.file, ''), count(*) FROM {} AS t \
                 JOIN {} AS p ON p.id = t.{} AND p.import_id = ?1 LEFT JOIN import AS i ON i.id = {own} \
                 WHERE {own} IS NOT ?1 GROUP BY 1 ORDER BY 1 DESC",
                quote(table),
                quote(&parent),
                quote(&column)
            );
            let what = format!("of its own that belong to a {parent} made by this one");
            if let Some(why) = why(transaction, &pointing, import, "has", &what)? {
                return Ok(Some(why));
            }
        }
    }
    Ok(None)
}

/// `import 7 (`events`, events.csv) came later and changed 3 of the same records`
fn why(
    transaction: &Transaction<'_>,
    sql: &str,
    import: ImportId,
    did: &str,
    what: &str,
) -> rusqlite::Result<Option<String>> {
    let mut statement = transaction.prepare(sql)?;
    let mut rows = statement.query([import.0])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (id, source, file, count): (Option<i64>, String, String, i64) =
        (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
    let who = id.map_or_else(|| source.clone(), |id| format!("import {id} (`{source}` from {file})"));
    Ok(Some(format!("{who} {did} {count} {what}")))
}
