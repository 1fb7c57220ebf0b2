//! A write-ahead log beside a database, so that readers and the writer do not wait for each other.

use std::time::Duration;

use rusqlite::{Connection, ErrorCode};

use super::PATIENCE;

/// How long to wait before trying once more.
const PAUSE: Duration = Duration::from_millis(10);

/// Has the database keep a write-ahead log.
///
/// SQLite waits for nobody when it changes the kind of log, however long a connection's busy timeout is: of several processes that
/// make the same file all but one would be told that it is locked. So the waiting is done here, for as long as elsewhere.
pub(super) fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let change =
        || connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0)).map(|_kind| ());
    connection.busy_timeout(Duration::ZERO)?;
    let tries = PATIENCE.as_millis() / PAUSE.as_millis();
    let mut changed = change();
    for _ in 0..tries {
        if !changed.as_ref().is_err_and(|error| error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)) {
            break;
        }
        std::thread::sleep(PAUSE);
        changed = change();
    }
    connection.busy_timeout(PATIENCE)?;
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_making_the_file_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.db");
        let maker = Connection::open(&path).unwrap();
        maker.execute_batch("BEGIN EXCLUSIVE; CREATE TABLE made (at INTEGER)").unwrap();
        let second = Connection::open(&path).unwrap();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(move || write_ahead(&second));
            std::thread::sleep(PAUSE * 5);
            maker.execute_batch("COMMIT").unwrap();
            waiting.join().unwrap().unwrap();
        });
        let kind: String =
            Connection::open(&path).unwrap().query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
        assert_eq!(kind, "wal");
    }
}
