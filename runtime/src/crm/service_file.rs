//! What the service keeps for a client, in a file of its own beside the CRM: tokens, sessions, the answers to requests that were made
//! with a key, webhooks on their way out ([`deliveries`]), and who is told of tasks and has some himself over A2A ([`notices`],
//! [`elsewhere`]). It is apart so that a CRM that is brought back from a copy brings no revoked token back with it.
//!
//! Of a token only a hash is kept, of a session and a request too. It knows no HTTP, and reads no clock.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row};

pub mod deliveries;
pub mod elsewhere;
pub mod notices;

use super::CrmError;

/// The form of the file.
const FORM: i64 = 4;

const SCHEMA: &str = "
CREATE TABLE token (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  person TEXT,
  agent TEXT,
  created INTEGER NOT NULL,
  expires INTEGER,
  revoked INTEGER
) STRICT;
CREATE TABLE session (
  hash BLOB PRIMARY KEY,
  token TEXT NOT NULL REFERENCES token (id),
  expires INTEGER NOT NULL
) STRICT;
CREATE TABLE request (
  token TEXT NOT NULL,
  key TEXT NOT NULL,
  hash BLOB NOT NULL,
  at INTEGER NOT NULL,
  status INTEGER,
  type TEXT,
  body BLOB,
  PRIMARY KEY (token, key)
) STRICT;
CREATE INDEX request_at ON request (at);
PRAGMA user_version = 1;
";
/// What each later form adds, in order.
const ADDED: [&str; 3] = [deliveries::SCHEMA, notices::SCHEMA, elsewhere::SCHEMA];

/// What the service keeps for a client.
pub struct ServiceFile {
    connection: Connection,
    path: PathBuf,
}

/// A token, without what it is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its public part.
    pub id: String,
    /// Salt and hash of its secret part, with the parameters.
    pub hash: String,
    /// Whose, in words.
    pub name: String,
    /// `owner`, `consultant`, `approver`, `viewer` or `agent`
    pub role: String,
    /// Which of the client's people answers with it.
    pub person: Option<String>,
    /// Which agent acts with it.
    pub agent: Option<String>,
    /// When it was made.
    pub created: Timestamp,
    /// From when on it is worth nothing.
    pub expires: Option<Timestamp>,
    /// Since when somebody has made it worth nothing.
    pub revoked: Option<Timestamp>,
}

/// What is known of a request that came with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Nothing: it is to be done now.
    New,
    /// It is being done, or the process ended while it was.
    Begun,
    /// The key was used for another request.
    Other,
    /// It is done, and was answered so.
    Done {
        /// The status.
        status: u16,
        /// The type of the body.
        content_type: String,
        /// The body.
        body: Vec<u8>,
    },
}

impl Token {
    /// Whether it is worth something at an instant.
    #[must_use]
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.revoked.is_none() && self.expires.is_none_or(|expires| now < expires)
    }
}

impl ServiceFile {
    /// Opens the file, and makes it where it is not there.
    ///
    /// # Errors
    /// Where it is something else, or cannot be written.
    pub fn open(path: &Path) -> Result<Self, CrmError> {
        let sql = |error: rusqlite::Error| CrmError::from_sqlite(path, &error);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_CREATE;
        super::private::make(path);
        let mut connection = Connection::open_with_flags(path, flags).map_err(sql)?;
        connection.busy_timeout(super::PATIENCE).map_err(sql)?;
        super::journal::write_ahead(&connection).map_err(sql)?;
        connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL").map_err(sql)?;
        let form =
            |connection: &Connection| connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0));
        if form(&connection).map_err(sql)? < FORM {
            // Whoever comes second finds it made.
            let making = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(sql)?;
            let found = usize::try_from(form(&making).map_err(sql)?).unwrap_or_default();
            for added in std::iter::once(SCHEMA).chain(ADDED).skip(found) {
                making.execute_batch(added).map_err(sql)?;
            }
            making.commit().map_err(sql)?;
        }
        let found = form(&connection).map_err(sql)?;
        if found != FORM {
            let number = |form: i64| u32::try_from(form).unwrap_or(u32::MAX);
            return Err(CrmError::Newer { path: path.to_owned(), found: number(found), known: number(FORM) });
        }
        Ok(Self { connection, path: path.to_owned() })
    }

    fn error(&self, error: &rusqlite::Error) -> CrmError {
        CrmError::from_sqlite(&self.path, error)
    }

    fn write(&self, sql: &str, values: impl rusqlite::Params) -> Result<usize, CrmError> {
        let written = self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute(values));
        written.map_err(|error| self.error(&error))
    }

    /// Keeps a new token.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn keep_token(&self, token: &Token) -> Result<(), CrmError> {
        let insert = "INSERT INTO token (id, hash, name, role, person, agent, created, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let Token { id, hash, name, role, person, agent, created, expires, .. } = token;
        let expires = expires.map(Timestamp::as_microsecond);
        self.write(insert, (id, hash, name, role, person, agent, created.as_microsecond(), expires)).map(drop)
    }

    /// A token by its public part.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn token(&self, id: &str) -> Result<Option<Token>, CrmError> {
        let one = format!("{TOKEN} WHERE id = ?1");
        let found =
            self.connection.prepare_cached(&one).and_then(|mut statement| statement.query_row([id], token).optional());
        found.map_err(|error| self.error(&error))
    }

    /// All tokens, the oldest first.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn tokens(&self) -> Result<Vec<Token>, CrmError> {
        let all = format!("{TOKEN} ORDER BY created, id");
        let mut statement = self.connection.prepare(&all).map_err(|error| self.error(&error))?;
        let tokens = statement.query_map([], token).and_then(Iterator::collect);
        tokens.map_err(|error| self.error(&error))
    }

    /// From now on a token is worth nothing, nor is any session that was begun with it. Whether there was one that was worth something.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn revoke(&self, id: &str, at: Timestamp) -> Result<bool, CrmError> {
        let update = "UPDATE token SET revoked = ?2 WHERE id = ?1 AND revoked IS NULL";
        let revoked = self.write(update, (id, at.as_microsecond()))?;
        self.write("DELETE FROM session WHERE token = ?1", [id])?;
        Ok(revoked > 0)
    }

    /// Begins a session with a token; ends those that are over.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn begin_session(
        &self,
        hash: &[u8; 32],
        token: &str,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<(), CrmError> {
        self.write("DELETE FROM session WHERE expires <= ?1", [now.as_microsecond()])?;
        let insert = "INSERT INTO session (hash, token, expires) VALUES (?1, ?2, ?3)";
        self.write(insert, (hash, token, expires.as_microsecond())).map(drop)
    }

    /// The token of a session that is not over.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn session(&self, hash: &[u8; 32], now: Timestamp) -> Result<Option<Token>, CrmError> {
        let one = format!("{TOKEN} WHERE id = (SELECT token FROM session WHERE hash = ?1 AND expires > ?2)");
        let values = (hash, now.as_microsecond());
        let found = self
            .connection
            .prepare_cached(&one)
            .and_then(|mut statement| statement.query_row(values, token).optional());
        found.map_err(|error| self.error(&error))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn end_session(&self, hash: &[u8; 32]) -> Result<(), CrmError> {
        self.write("DELETE FROM session WHERE hash = ?1", [hash]).map(drop)
    }

    /// Takes a key for a request, unless it is taken; forgets those from before an instant.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn begin_request(
        &self,
        (token, key): (&str, &str),
        hash: &[u8; 32],
        now: Timestamp,
        forget: Timestamp,
    ) -> Result<Known, CrmError> {
        self.write("DELETE FROM request WHERE at < ?1", [forget.as_microsecond()])?;
        let insert = "INSERT INTO request (token, key, hash, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        if self.write(insert, (token, key, hash, now.as_microsecond()))? > 0 {
            return Ok(Known::New);
        }
        let read = "SELECT hash, status, type, body FROM request WHERE token = ?1 AND key = ?2";
        let known = self.connection.query_row(read, (token, key), |row| {
            let same: [u8; 32] = row.get(0)?;
            let status: Option<u16> = row.get(1)?;
            Ok(match status {
                _ if same != *hash => Known::Other,
                None => Known::Begun,
                Some(status) => Known::Done {
                    status,
                    content_type: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
                    body: row.get::<_, Option<Vec<u8>>>(3)?.unwrap_or_default(),
                },
            })
        });
        known.map_err(|error| self.error(&error))
    }

    /// Keeps how a request was answered.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn end_request(
        &self,
        (token, key): (&str, &str),
        status: u16,
        content_type: &str,
        body: &[u8],
    ) -> Result<(), CrmError> {
        let update = "UPDATE request SET status = ?3, type = ?4, body = ?5 WHERE token = ?1 AND key = ?2";
        self.write(update, (token, key, status, content_type, body)).map(drop)
    }

    /// Gives a key back: what was asked with it was not done.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn drop_request(&self, (token, key): (&str, &str)) -> Result<(), CrmError> {
        self.write("DELETE FROM request WHERE token = ?1 AND key = ?2", (token, key)).map(drop)
    }
}

const TOKEN: &str = "SELECT id, hash, name, role, person, agent, created, expires, revoked FROM token";

fn token(row: &Row<'_>) -> rusqlite::Result<Token> {
    let at = |column: usize| {
        let at: Option<i64> = row.get(column)?;
        Ok::<_, rusqlite::Error>(at.and_then(|at| Timestamp::from_microsecond(at).ok()))
    };
    Ok(Token {
        id: row.get(0)?,
        hash: row.get(1)?,
        name: row.get(2)?,
        role: row.get(3)?,
        person: row.get(4)?,
        agent: row.get(5)?,
        created: at(6)?.unwrap_or_default(),
        expires: at(7)?,
        revoked: at(8)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn some(id: &str) -> Token {
        Token {
            id: id.to_owned(),
            hash: "h".to_owned(),
            name: "Ana".to_owned(),
            role: "owner".to_owned(),
            person: None,
            agent: None,
            created: at(1),
            expires: Some(at(100)),
            revoked: None,
        }
    }

    #[test]
    fn a_token_is_worth_something_until_it_expires_or_is_revoked() {
        let folder = tempfile::tempdir().unwrap();
        let file = ServiceFile::open(&folder.path().join("service.db")).unwrap();
        file.keep_token(&some("a")).unwrap();
        assert_eq!(file.token("a").unwrap(), Some(some("a")));
        assert!(file.token("a").unwrap().unwrap().is_valid(at(99)));
        assert!(!file.token("a").unwrap().unwrap().is_valid(at(100)));
        file.begin_session(&[1; 32], "a", at(2), at(50)).unwrap();
        assert_eq!(file.session(&[1; 32], at(49)).unwrap().map(|token| token.id), Some("a".to_owned()));
        assert_eq!(file.session(&[1; 32], at(50)).unwrap(), None, "it is over");
        assert_eq!(file.session(&[2; 32], at(49)).unwrap(), None);
        assert!(file.revoke("a", at(3)).unwrap());
        assert!(!file.revoke("a", at(4)).unwrap(), "once");
        assert!(!file.token("a").unwrap().unwrap().is_valid(at(5)));
        assert_eq!(file.session(&[1; 32], at(5)).unwrap(), None, "its sessions end with it");
    }

    #[test]
    fn a_key_stands_for_one_request_and_its_answer() {
        let folder = tempfile::tempdir().unwrap();
        let file = ServiceFile::open(&folder.path().join("service.db")).unwrap();
        let begin = |key, hash, now| file.begin_request(("a", key), &[hash; 32], at(now), at(now - 10)).unwrap();
        assert_eq!(begin("k", 1, 100), Known::New);
        assert_eq!(begin("k", 1, 100), Known::Begun);
        assert_eq!(begin("k", 2, 100), Known::Other);
        file.end_request(("a", "k"), 201, "text/plain", b"yes").unwrap();
        let done = Known::Done { status: 201, content_type: "text/plain".to_owned(), body: b"yes".to_vec() };
        assert_eq!(begin("k", 1, 105), done);
        assert_eq!(begin("k", 1, 111), Known::New, "it is forgotten after a while");
        file.drop_request(("a", "k")).unwrap();
        assert_eq!(begin("k", 2, 112), Known::New);
    }

    #[test]
    fn a_file_of_each_form_before_is_brought_to_this_one() {
        let all: Vec<&str> = std::iter::once(SCHEMA).chain(ADDED).collect();
        assert_eq!(i64::try_from(all.len()).unwrap(), FORM);
        for form in 1..=all.len() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("service.db");
            let old = Connection::open(&path).unwrap();
            all[..form].iter().for_each(|added| old.execute_batch(added).unwrap());
            old.execute_batch("INSERT INTO token (id, hash, name, role, created) VALUES ('a', 'h', 'Ana', 'owner', 1)")
                .unwrap();
            drop(old);
            // The second time nothing is left to be done.
            for _ in 0..2 {
                let file = ServiceFile::open(&path).unwrap();
                assert!(file.token("a").unwrap().is_some(), "{form}");
                file.receiver("crm", 0).unwrap();
                assert!(file.told_of().unwrap().is_empty() && file.elsewhere("LeadGen").unwrap().is_empty(), "{form}");
            }
            let newer = Connection::open(&path).unwrap();
            newer.execute_batch(&format!("PRAGMA user_version = {}", FORM + 1)).unwrap();
            assert!(matches!(ServiceFile::open(&path), Err(CrmError::Newer { .. })), "a newer one is left alone");
        }
    }

    #[test]
    fn several_make_it_at_once() {
        for _ in 0..20 {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("service.db");
            std::thread::scope(|scope| {
                let open = || ServiceFile::open(&path).map(drop);
                let all: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
                all.into_iter().for_each(|one| one.join().unwrap().unwrap());
            });
        }
    }
}
