//! Where agents are told over A2A of what becomes of the tasks that they handed in, and what they were told last: told and restarted in
//! whatever order, nothing is left out. What is secret of an address comes in sealed, and only whoever has the key reads it.

use rusqlite::Row;

use super::{CrmError, ServiceFile};

pub(super) const SCHEMA: &str = "
CREATE TABLE notice (
  token TEXT NOT NULL REFERENCES token (id),
  run INTEGER NOT NULL,
  name TEXT NOT NULL,
  agent TEXT NOT NULL,
  context TEXT NOT NULL,
  url TEXT NOT NULL,
  scheme TEXT,
  sealed BLOB,
  told TEXT,
  PRIMARY KEY (token, run, name)
) STRICT;
PRAGMA user_version = 3;
";

/// An address that is told of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// By whose token.
    pub token: String,
    /// Of which run.
    pub run: i64,
    /// What the address is called.
    pub name: String,
    /// To which agent the run was handed.
    pub agent: String,
    /// About whom the run is: of a CRM that was brought back, another run may have its number.
    pub context: String,
    /// Where.
    pub url: String,
    /// By which scheme of HTTP the address knows us.
    pub scheme: Option<String>,
    /// What is secret of it.
    pub sealed: Option<Vec<u8>>,
    /// Which state of the task it knows.
    pub told: Option<String>,
}

/// Whether there was room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// It is kept.
    Kept,
    /// Too many addresses are told of the task.
    NoneOfTask,
    /// Too many tasks are told of.
    None,
}

impl ServiceFile {
    /// Keeps an address, in the place of one that was called the same; of a task so many at most, and of so many tasks.
    ///
    /// # Errors
    /// Where the file cannot be read or written.
    pub fn keep_notice(&self, notice: &Notice, most: i64, tasks: i64) -> Result<Room, CrmError> {
        let Notice { token, run, name, agent, context, url, scheme, sealed, told } = notice;
        // Each address of the same task that is called otherwise, and each other task.
        let read = "SELECT (SELECT count(*) FROM notice WHERE token = ?1 AND run = ?2 AND name <> ?3), \
                    (SELECT count(*) FROM (SELECT DISTINCT token, run FROM notice WHERE token <> ?1 OR run <> ?2))";
        let counted: rusqlite::Result<(i64, i64)> =
            self.connection.query_row(read, (token, run, name), |row| Ok((row.get(0)?, row.get(1)?)));
        let (beside, others) = counted.map_err(|error| self.error(&error))?;
        if beside >= most {
            return Ok(Room::NoneOfTask);
        }
        if others >= tasks {
            return Ok(Room::None);
        }
        let insert = "INSERT OR REPLACE INTO notice (token, run, name, agent, context, url, scheme, sealed, told) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        self.write(insert, (token, run, name, agent, context, url, scheme, sealed, told))?;
        Ok(Room::Kept)
    }

    /// The addresses of a task, by their names.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn notices(&self, token: &str, run: i64) -> Result<Vec<Notice>, CrmError> {
        self.notices_by(&format!("{NOTICE} WHERE token = ?1 AND run = ?2 ORDER BY name"), (token, run))
    }

    /// One address of each task that is told of.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn told_of(&self) -> Result<Vec<Notice>, CrmError> {
        self.notices_by(&format!("{NOTICE} GROUP BY token, run ORDER BY run, token"), ())
    }

    fn notices_by(&self, sql: &str, values: impl rusqlite::Params) -> Result<Vec<Notice>, CrmError> {
        let read = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            statement.query_map(values, notice)?.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|error| self.error(&error))
    }

    /// An address was told of a state.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn notice_told(&self, notice: &Notice, told: &str) -> Result<(), CrmError> {
        let update = "UPDATE notice SET told = ?4 WHERE token = ?1 AND run = ?2 AND name = ?3";
        self.write(update, (&notice.token, notice.run, &notice.name, told)).map(drop)
    }

    /// An address is told no more.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn drop_notice(&self, token: &str, run: i64, name: &str) -> Result<(), CrmError> {
        self.write("DELETE FROM notice WHERE token = ?1 AND run = ?2 AND name = ?3", (token, run, name)).map(drop)
    }

    /// The addresses of a task are told no more: those that know a state, or all of them. Whether none is left.
    ///
    /// # Errors
    /// Where the file cannot be read or written.
    pub fn drop_notices(&self, token: &str, run: i64, told: Option<&str>) -> Result<bool, CrmError> {
        let delete = "DELETE FROM notice WHERE token = ?1 AND run = ?2 AND (?3 IS NULL OR told = ?3)";
        self.write(delete, (token, run, told))?;
        Ok(self.notices(token, run)?.is_empty())
    }
}

const NOTICE: &str = "SELECT token, run, name, agent, context, url, scheme, sealed, told FROM notice";

fn notice(row: &Row<'_>) -> rusqlite::Result<Notice> {
    Ok(Notice {
        token: row.get(0)?,
        run: row.get(1)?,
        name: row.get(2)?,
        agent: row.get(3)?,
        context: row.get(4)?,
        url: row.get(5)?,
        scheme: row.get(6)?,
        sealed: row.get(7)?,
        told: row.get(8)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(token: &str, run: i64, name: &str) -> Notice {
        Notice {
            token: token.to_owned(),
            run,
            name: name.to_owned(),
            agent: "LeadGen".to_owned(),
            context: "contact-1".to_owned(),
            url: "https://a.example/".to_owned(),
            scheme: Some("Bearer".to_owned()),
            sealed: Some(vec![1, 2]),
            told: None,
        }
    }

    #[test]
    fn an_address_is_kept_once_and_until_its_task_is_over() {
        let folder = tempfile::tempdir().unwrap();
        let file = ServiceFile::open(&folder.path().join("service.db")).unwrap();
        file.connection
            .execute_batch("INSERT INTO token (id, hash, name, role, created) VALUES ('a', 'h', 'A', 'agent', 1)")
            .unwrap();
        let keep = |notice: &Notice| file.keep_notice(notice, 2, 2).unwrap();
        assert!(file.keep_notice(&some("b", 1, "x"), 2, 2).is_err(), "whose token is none keeps nothing");
        for (notice, room) in [
            (some("a", 1, "x"), Room::Kept),
            (some("a", 1, "y"), Room::Kept),
            (some("a", 1, "z"), Room::NoneOfTask),
            (some("a", 1, "y"), Room::Kept),
            (some("a", 2, "x"), Room::Kept),
            (some("a", 3, "x"), Room::None),
        ] {
            assert_eq!(keep(&notice), room, "{notice:?}");
        }
        assert_eq!(file.notices("a", 1).unwrap(), [some("a", 1, "x"), some("a", 1, "y")]);
        assert_eq!(file.told_of().unwrap().iter().map(|notice| notice.run).collect::<Vec<_>>(), [1, 2]);
        file.notice_told(&some("a", 1, "x"), "done").unwrap();
        assert!(!file.drop_notices("a", 1, Some("done")).unwrap(), "one does not know it yet");
        assert_eq!(file.notices("a", 1).unwrap(), [some("a", 1, "y")]);
        assert!(file.drop_notices("a", 1, None).unwrap());
        file.drop_notice("a", 2, "x").unwrap();
        assert_eq!(file.told_of().unwrap(), []);
    }
}
