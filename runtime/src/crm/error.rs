//! Why the CRM could not do what it was asked to: what happened, why, and what to do.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use smol_str::SmolStr;

/// Why the CRM could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum CrmError {
    /// The busy timeout ran out.
    #[error("`{}` is locked: another process is writing to it; wait until that is done, then run this again", path.display())]
    Locked {
        /// The database.
        path: PathBuf,
    },
    /// The file is something else.
    #[error(
        "`{}` is not a database: it does not begin as SQLite files do; name another file with `--db`, or move this one away",
        path.display()
    )]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// A SQLite database, but somebody else's.
    #[error(
        "`{}` is a SQLite database, but not a CRM of playbook: name another file with `--db`, or move this one away",
        path.display()
    )]
    NotACrm {
        /// The file.
        path: PathBuf,
    },
    /// SQLite found pages that make no sense.
    #[error(
        "`{}` is damaged: {detail}; restore it from a backup, or save what can be read with \
         `sqlite3 {} .recover`", path.display(), path.display()
    )]
    Corrupt {
        /// The database.
        path: PathBuf,
        /// SQLite's words.
        detail: String,
    },
    /// No room is left.
    #[error(
        "`{}` cannot grow: the disk is full; nothing of this run was kept, so make room and run it again", path.display()
    )]
    Full {
        /// The database.
        path: PathBuf,
    },
    /// The file or its folder may not be written.
    #[error(
        "`{}` cannot be written: the file or its folder is read-only; change its permissions or name another with `--db`",
        path.display()
    )]
    ReadOnly {
        /// The database.
        path: PathBuf,
    },
    /// It was made by a newer version.
    #[error(
        "`{}` was written by a newer version of playbook (its schema is number {found}, this version knows {known}): \
         use that version", path.display()
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The newest that this program knows.
        known: u32,
    },
    /// It could not be opened or created.
    #[error("`{}` cannot be opened: {detail}; check that its folder is there and that you may write to it", path.display())]
    CannotOpen {
        /// The database.
        path: PathBuf,
        /// The system's words.
        detail: String,
    },
    /// The disk failed.
    #[error("`{}` cannot be read or written: {detail}; nothing of this run was kept, so check the disk and its quota, then run it again", path.display())]
    Disk {
        /// The database.
        path: PathBuf,
        /// The system's words.
        detail: String,
    },
    /// A client's field was declared differently when its column was made.
    #[error(
        "`{entity}.{field}` is {found} in the CRM and {wanted} in the playbook: the values there would be misread; \
         give the new field another name, and the old column stays as it is"
    )]
    ChangedType {
        /// `Contact`
        entity: SmolStr,
        /// The field.
        field: SmolStr,
        /// As recorded.
        found: String,
        /// As declared.
        wanted: String,
    },
    /// A client's field would need a column that is taken.
    #[error(
        "`{entity}.{field}` needs the column `{column}`, which the CRM uses for {other}: give the field another name"
    )]
    TakenColumn {
        /// `Contact`
        entity: SmolStr,
        /// The field.
        field: SmolStr,
        /// The column.
        column: SmolStr,
        /// What it is used for.
        other: String,
    },
    /// The Program speaks of a table or standard column that there is not.
    #[error(
        "the CRM has no place for `{name}`: the playbook was compiled by another version of playbook; use one version for both"
    )]
    NoPlace {
        /// `Contact.email`
        name: String,
    },
    /// Records that are there already share a key.
    #[error(
        "several records share one `{entity}.{field}`, such as `{example}` ({count} in all): it cannot be the key by which rows are \
         known again; choose another field after `by`, or make the values differ"
    )]
    SharedKey {
        /// `Contact`
        entity: SmolStr,
        /// The field.
        field: SmolStr,
        /// How many values.
        count: u64,
        /// One of them.
        example: String,
    },
    /// There is no such import.
    #[error("there is no import {id} that could be undone: {why}")]
    NoSuchImport {
        /// Its number.
        id: String,
        /// Why not.
        why: String,
    },
    /// The playbook has worked on what it made.
    #[error(
        "import {id} cannot be undone: the playbook has worked on {records} of its records, and what was decided is not taken back; \
         `playbook cancel` ends what is under way, `playbook forget` erases a person"
    )]
    AtWork {
        /// The import.
        id: i64,
        /// How many.
        records: u64,
    },
    /// Later work stands on an import.
    #[error("import {id} cannot be undone: {why}; undo that first")]
    StoodUpon {
        /// Its number.
        id: i64,
        /// What stands on it.
        why: String,
    },
    /// What an import kept of a row as it was before makes no sense.
    #[error(
        "`{}` is damaged: what import {import} kept of a row as it was before cannot be read ({detail}); nothing was changed, so \
         restore the file from a backup", path.display()
    )]
    DamagedImage {
        /// The database.
        path: PathBuf,
        /// The import's number.
        import: i64,
        /// What is wrong.
        detail: String,
    },
    /// The playbook is another client's.
    #[error("{}", other_client(path, found, wanted))]
    OtherClient {
        /// The database.
        path: PathBuf,
        /// The client that it remembers.
        found: String,
        /// The playbook's client; empty where it names none.
        wanted: SmolStr,
    },
    /// The playbook's client reckons in another currency.
    #[error(
        "`{}` holds amounts in {found}, and the playbook's client has the currency {wanted}: they would be misread; \
         say `currency {found}` again, or import into a new file with `--db`", path.display()
    )]
    OtherCurrency {
        /// The database.
        path: PathBuf,
        /// As the CRM remembers.
        found: String,
        /// As declared.
        wanted: SmolStr,
    },
    /// What the CRM holds cannot be understood.
    #[error("`{}` holds a value that cannot be read as {wanted}: `{value}` in `{column}`; somebody changed it by hand, so correct it there", path.display())]
    Unreadable {
        /// The database.
        path: PathBuf,
        /// The column.
        column: String,
        /// The value.
        value: String,
        /// What it should be.
        wanted: String,
    },
    /// Something that no user can cause.
    #[error("`{}`: SQLite says {detail}", path.display())]
    Other {
        /// The database.
        path: PathBuf,
        /// SQLite's words.
        detail: String,
    },
}

impl CrmError {
    /// What SQLite said, in a user's terms.
    pub(super) fn from_sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        let path = path.to_path_buf();
        let Some(code) = error.sqlite_error_code() else { return Self::Other { path, detail: error.to_string() } };
        match code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Locked { path },
            ErrorCode::NotADatabase => Self::NotADatabase { path },
            ErrorCode::DatabaseCorrupt => Self::Corrupt { path, detail: cause(error) },
            ErrorCode::DiskFull => Self::Full { path },
            ErrorCode::ReadOnly => Self::ReadOnly { path },
            ErrorCode::CannotOpen | ErrorCode::PermissionDenied => Self::CannotOpen { path, detail: cause(error) },
            ErrorCode::SystemIoFailure => Self::Disk { path, detail: cause(error) },
            _ => Self::Other { path, detail: error.to_string() },
        }
    }
}

fn other_client(path: &Path, found: &str, wanted: &str) -> String {
    let path = path.display();
    if wanted.is_empty() {
        return format!(
            "`{path}` is the CRM of the client `{found}`, and this playbook names no client, so nothing was touched; \
             say `client \"{found}\"` in it, or name another file with `--db`"
        );
    }
    format!(
        "`{path}` is the CRM of the client `{found}`, and this playbook's client is `{wanted}`, so nothing was touched; \
         name another file with `--db`, or, if {found} is called {wanted} now, run `import` or `run` once with `--adopt`"
    )
}

/// SQLite's own words for its code, without the path.
fn cause(error: &rusqlite::Error) -> String {
    error
        .sqlite_error()
        .map_or_else(|| error.to_string(), |code| rusqlite::ffi::code_to_str(code.extended_code).to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sqlite_says_becomes_what_to_do() {
        let told = |code: i32| {
            let error = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
            CrmError::from_sqlite(Path::new("crm.db"), &error).to_string()
        };
        let all = [5, 8, 10, 11, 13, 14, 26, 778].map(|code| format!("{code}: {}", told(code))).join("\n");
        insta::assert_snapshot!(all, @"
        5: `crm.db` is locked: another process is writing to it; wait until that is done, then run this again
        8: `crm.db` cannot be written: the file or its folder is read-only; change its permissions or name another with `--db`
        10: `crm.db` cannot be read or written: disk i/o error; nothing of this run was kept, so check the disk and its quota, then run it again
        11: `crm.db` is damaged: database disk image is malformed; restore it from a backup, or save what can be read with `sqlite3 crm.db .recover`
        13: `crm.db` cannot grow: the disk is full; nothing of this run was kept, so make room and run it again
        14: `crm.db` cannot be opened: unable to open database file; check that its folder is there and that you may write to it
        26: `crm.db` is not a database: it does not begin as SQLite files do; name another file with `--db`, or move this one away
        778: `crm.db` cannot be read or written: disk i/o error; nothing of this run was kept, so check the disk and its quota, then run it again
        ");
    }
}
