//! What calls may cost: prices by tokens, and a ledger that is asked before money is spent.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::Prices;
use super::call::Usage;
use super::prompt::Message;
use crate::agents::{PortError, PortErrorKind};

/// Prices are for so many tokens.
const MILLION: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);
/// Around each message an endpoint adds a few tokens of its own.
const AROUND_A_MESSAGE: usize = 16;

/// Whoever keeps the purse. It may be asked by several calls at a time.
pub trait Ledger: Send + Sync {
    /// Sets so much aside at that instant.
    ///
    /// # Errors
    /// [`PortErrorKind::OverBudget`] where it is not there.
    fn reserve(&self, at: Timestamp, most: Decimal) -> Result<(), PortError>;

    /// Of what was set aside, so much was spent; the rest is free again.
    fn settle(&self, at: Timestamp, reserved: Decimal, spent: Decimal);
}

/// So much a day, in the client's zone. What was spent before is told to it out of the log: it forgets when the process ends.
#[derive(Debug)]
pub struct DayBudget {
    cap: Decimal,
    zone: TimeZone,
    spent: Mutex<BTreeMap<Date, Decimal>>,
}

impl DayBudget {
    /// With what has been spent on days before.
    #[must_use]
    pub const fn new(cap: Decimal, zone: TimeZone, spent: BTreeMap<Date, Decimal>) -> Self {
        Self { cap, zone, spent: Mutex::new(spent) }
    }

    /// Spent or set aside on the day of that instant.
    #[must_use]
    pub fn spent(&self, at: Timestamp) -> Decimal {
        self.days().get(&self.day(at)).copied().unwrap_or_default()
    }

    /// So much has been spent on the day of that instant, by whoever keeps the log. To be told while no call is under way.
    pub fn know(&self, at: Timestamp, spent: Decimal) {
        self.days().insert(self.day(at), spent);
    }

    fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// Sums are never half-written, so a holder that died leaves good ones.
    fn days(&self) -> std::sync::MutexGuard<'_, BTreeMap<Date, Decimal>> {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledger for DayBudget {
    fn reserve(&self, at: Timestamp, most: Decimal) -> Result<(), PortError> {
        let day = self.day(at);
        let mut days = self.days();
        let spent = days.entry(day).or_default();
        match spent.checked_add(most).filter(|sum| *sum <= self.cap) {
            Some(sum) => {
                *spent = sum;
                Ok(())
            }
            None => {
                let detail = format!(
                    "the call could cost {most}, and of {} a day {spent} are spent or set aside on {day}: raise `most_a_day`, \
                     or wait for tomorrow",
                    self.cap
                );
                Err(PortError::new(PortErrorKind::OverBudget, detail))
            }
        }
    }

    fn settle(&self, at: Timestamp, reserved: Decimal, spent: Decimal) {
        let day = self.day(at);
        let mut days = self.days();
        let sum = days.entry(day).or_default();
        *sum = sum.saturating_add(spent.saturating_sub(reserved));
    }
}

impl Prices {
    /// What that usage costs.
    pub(super) fn of(self, usage: Usage) -> Decimal {
        let cost = |tokens: u64, price: Decimal| Decimal::from(tokens).saturating_mul(price) / MILLION;
        cost(usage.prompt_tokens, self.input).saturating_add(cost(usage.completion_tokens, self.output))
    }

    /// The most that a call can cost: no tokenizer makes more tokens than there are bytes.
    pub(super) fn most(self, messages: &[Message], most_tokens: u32) -> Decimal {
        let bytes: usize = messages.iter().map(|message| message.content.len() + AROUND_A_MESSAGE).sum();
        let prompt_tokens = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.of(Usage { prompt_tokens, completion_tokens: u64::from(most_tokens) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_a_day_in_the_clients_zone() {
        let budget = DayBudget::new(decimal("1"), TimeZone::get("Pacific/Auckland").unwrap(), BTreeMap::new());
        let evening: Timestamp = "2026-11-28T10:30:00Z".parse().unwrap();
        let next: Timestamp = "2026-11-28T11:30:00Z".parse().unwrap();
        budget.reserve(evening, decimal("0.9")).unwrap();
        assert_eq!(budget.reserve(evening, decimal("0.2")).unwrap_err().kind, PortErrorKind::OverBudget);
        budget.reserve(next, decimal("0.2")).unwrap();
        budget.settle(evening, decimal("0.9"), decimal("0.05"));
        assert_eq!(budget.spent(evening), decimal("0.05"));
        budget.reserve(evening, decimal("0.95")).unwrap();
    }

    #[test]
    fn what_the_log_knows_was_spent_counts() {
        let budget = DayBudget::new(decimal("1"), TimeZone::UTC, BTreeMap::new());
        let now: Timestamp = "2026-11-28T10:30:00Z".parse().unwrap();
        budget.know(now, decimal("0.95"));
        assert_eq!(budget.reserve(now, decimal("0.1")).unwrap_err().kind, PortErrorKind::OverBudget);
        budget.reserve(now, decimal("0.05")).unwrap();
    }

    #[test]
    fn tokens_cost_what_the_price_says() {
        let prices = Prices { input: decimal("0.15"), output: decimal("0.60") };
        let usage = Usage { prompt_tokens: 1234, completion_tokens: 567 };
        assert_eq!(prices.of(usage), decimal("0.0005253"));
    }
}
