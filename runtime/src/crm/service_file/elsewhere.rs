//! What was sent to agents that sit elsewhere: the task there that goes on with a piece of work, so that after a restart it is asked about
//! and not sent once more.

use super::{CrmError, ServiceFile};

pub(super) const SCHEMA: &str = "
CREATE TABLE elsewhere (
  agent TEXT NOT NULL,
  work TEXT NOT NULL,
  task TEXT,
  PRIMARY KEY (agent, work)
) STRICT;
PRAGMA user_version = 4;
";

/// A piece of work that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// What tells it apart from all other work, whatever was brought back.
    pub work: String,
    /// The task there; none where what came of it is of no use.
    pub task: Option<String>,
}

impl ServiceFile {
    /// What was sent to an agent and is not done.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn elsewhere(&self, agent: &str) -> Result<Vec<Elsewhere>, CrmError> {
        let read = || {
            let all = "SELECT work, task FROM elsewhere WHERE agent = ?1 ORDER BY work";
            let sent = |row: &rusqlite::Row<'_>| Ok(Elsewhere { work: row.get(0)?, task: row.get(1)? });
            let mut statement = self.connection.prepare_cached(all)?;
            statement.query_map([agent], sent)?.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|error| self.error(&error))
    }

    /// Keeps where a piece of work went.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn keep_elsewhere(&self, agent: &str, sent: &Elsewhere) -> Result<(), CrmError> {
        let insert = "INSERT OR REPLACE INTO elsewhere (agent, work, task) VALUES (?1, ?2, ?3)";
        self.write(insert, (agent, &sent.work, &sent.task)).map(drop)
    }

    /// A piece of work is done, or nobody wants it any more.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn drop_elsewhere(&self, agent: &str, work: &str) -> Result<(), CrmError> {
        self.write("DELETE FROM elsewhere WHERE agent = ?1 AND work = ?2", (agent, work)).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_known_until_it_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("service.db");
        let sent = |work: &str, task: Option<&str>| Elsewhere { work: work.to_owned(), task: task.map(str::to_owned) };
        let file = ServiceFile::open(&path).unwrap();
        file.keep_elsewhere("LeadGen", &sent("1", Some("t"))).unwrap();
        file.keep_elsewhere("LeadGen", &sent("1", None)).unwrap();
        file.keep_elsewhere("LeadGen", &sent("2", Some("u"))).unwrap();
        drop(file);
        let file = ServiceFile::open(&path).unwrap();
        assert_eq!(file.elsewhere("LeadGen").unwrap(), [sent("1", None), sent("2", Some("u"))]);
        assert_eq!(file.elsewhere("Conversion").unwrap(), []);
        file.drop_elsewhere("LeadGen", "1").unwrap();
        assert_eq!(file.elsewhere("LeadGen").unwrap(), [sent("2", Some("u"))]);
    }
}
