//! Up to when the CRM knows anything: the newest thing that happened or was said.

use jiff::Timestamp;

use super::{Crm, CrmError};

impl Crm {
    /// The newest event or conversation that lies not after `now`; none where there is neither.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn newest(&self, now: Timestamp) -> Result<Option<Timestamp>, CrmError> {
        let newest = "SELECT max(at) FROM (SELECT max(at) AS at FROM event WHERE at <= ?1 UNION ALL SELECT max(at) FROM activity WHERE at <= ?1)";
        let at: Option<i64> = self
            .connection
            .query_row(newest, [now.as_microsecond()], |row| row.get(0))
            .map_err(|error| self.error(&error))?;
        Ok(at.and_then(|at| Timestamp::from_microsecond(at).ok()))
    }
}
