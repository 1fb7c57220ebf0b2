//! What a connection costs a process that stays while others come and go: its memory, and looking whether somebody else has written.

use super::{Crm, CrmError};

impl Crm {
    /// Keeps at most so many KiB of the file in memory: for a process that stays while others come and go.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn limit_cache(&self, kibibytes: u32) -> Result<(), CrmError> {
        let limited = self.connection.pragma_update(None, "cache_size", -i64::from(kibibytes));
        limited.map_err(|error| self.error(&error))
    }

    /// Gives back the memory that only serves to be quicker the next time.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn rest(&self) -> Result<(), CrmError> {
        self.connection.flush_prepared_statement_cache();
        self.connection.release_memory().map_err(|error| self.error(&error))
    }

    /// A number that is another one once another connection, of this process or of another, has written to the file.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn written_elsewhere(&self) -> Result<i64, CrmError> {
        let version = self.connection.pragma_query_value(None, "data_version", |row| row.get(0));
        version.map_err(|error| self.error(&error))
    }
}
