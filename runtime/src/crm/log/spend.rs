//! What ports were paid, as the log has it: by day and agent, in the client's currency. What an action costs by the playbook is not here.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::LogError;
use super::case::instant;
use super::derive::Row;
use crate::crm::Crm;

pub(super) fn write(row: Row<'_>, agent: &str, action: &str, amount: Decimal) -> Result<(), LogError> {
    let insert = "INSERT INTO spend (number, at, agent, action, amount) VALUES (?1, ?2, ?3, ?4, ?5)";
    row.write(insert, (row.number(), row.at(), agent, action, amount.to_string())).map(drop)
}

impl Crm {
    /// What ports were paid, for each day in the zone and each agent, from an instant on and before another one.
    ///
    /// # Errors
    /// Where the database cannot be read, or somebody wrote nonsense into it.
    pub fn spent(
        &self,
        zone: &TimeZone,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<BTreeMap<(Date, SmolStr), Decimal>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let all = "SELECT number, at, agent, amount FROM spend WHERE at >= ?1 AND at < ?2 ORDER BY at, number";
        let mut statement = self.connection.prepare_cached(all).map_err(sql)?;
        let mut rows = statement.query((from.as_microsecond(), until.as_microsecond())).map_err(sql)?;
        let mut spent: BTreeMap<(Date, SmolStr), Decimal> = BTreeMap::new();
        while let Some(row) = rows.next().map_err(sql)? {
            let number: i64 = row.get(0).map_err(sql)?;
            let at = instant(row.get(1).map_err(sql)?).unwrap_or_default();
            let agent: String = row.get(2).map_err(sql)?;
            let amount: String = row.get(3).map_err(sql)?;
            let amount: Decimal = amount.parse().map_err(|error: rust_decimal::Error| LogError::Unreadable {
                what: format!("the amount of entry {number}"),
                detail: error.to_string(),
            })?;
            let sum = spent.entry((at.to_zoned(zone.clone()).date(), agent.into())).or_default();
            *sum = sum.saturating_add(amount);
        }
        Ok(spent)
    }
}
