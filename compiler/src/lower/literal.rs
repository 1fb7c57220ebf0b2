//! Values written out, in the numbers that the Program compares: seconds, millionths, the client's currency.

use jiff::civil::{Date, DateTime, Time};
use language::syntax::{DurationLiteral, DurationUnit, Literal, LiteralKind, Name};
use language::{SCALE, Span};

use super::Lowering;
use super::operand::{Operand, Unit};
use super::scope::Scope;
use crate::codes::client::unknown_currency;
use crate::codes::types::{months_and_days, no_such_day, other_currency};
use crate::program::{FileId, Fixed, Term};

/// Seconds of a unit that always has as many; months and years have not.
pub(super) const fn seconds_of(unit: DurationUnit) -> Option<i64> {
    match unit {
        DurationUnit::Second => Some(1),
        DurationUnit::Minute => Some(60),
        DurationUnit::Hour => Some(60 * 60),
        DurationUnit::Day => Some(24 * 60 * 60),
        DurationUnit::Week => Some(7 * 24 * 60 * 60),
        DurationUnit::Month | DurationUnit::Year => None,
    }
}

impl Lowering<'_> {
    /// A literal as a term; none where it was reported.
    pub(super) fn literal(&mut self, literal: &Literal, scope: Scope<'_>) -> Option<Operand> {
        let constant = |value, unit| Some(Operand::Numeric(Term::Constant(value), unit));
        match &literal.kind {
            LiteralKind::Number(value) => constant(*value, Unit::Number),
            LiteralKind::Percent(value) => constant(*value, Unit::Percent),
            LiteralKind::Money { currency, amount } => {
                self.clients_currency(scope.file, currency, literal.span)?;
                constant(*amount, Unit::Money)
            }
            LiteralKind::Duration(duration) => constant(self.seconds(scope.file, *duration)?, Unit::Duration),
            LiteralKind::Date(date) => constant(day(self.date(scope.file, *date)?), Unit::Date),
            LiteralKind::DateTime(date, time) => {
                let (date, time) = (self.date(scope.file, *date), self.clock(scope.file, *time));
                constant(self.instant(scope.file, literal.span, date?, time?)?, Unit::Time)
            }
            LiteralKind::Text(text) => Some(Operand::TextLiteral(text.value.clone())),
            LiteralKind::YesNo(yes) => Some(Operand::YesNoLiteral(*yes)),
        }
    }

    /// That a currency is the client's; reported where it is not.
    pub(super) fn clients_currency(&mut self, file: FileId, currency: &Name, span: Span) -> Option<()> {
        if iso_currency::Currency::from_code(&currency.text).is_none() {
            self.report(unknown_currency::diagnostic(file, currency));
            return None;
        }
        match &self.currency {
            Some(clients) if *clients != currency.text => {
                let said = self.currency_place();
                self.report(other_currency::diagnostic(file, span, currency, clients, said));
                None
            }
            _ => Some(()),
        }
    }

    /// Where the client says its currency.
    fn currency_place(&self) -> Option<(FileId, Span)> {
        let (declared, client) = self.modules.client()?;
        client.clauses.iter().find_map(|clause| match clause {
            language::syntax::ClientClause::Currency(name) => Some((declared.file, name.span)),
            _ => None,
        })
    }

    /// A duration in seconds; reported where it has no fixed number of them.
    pub(super) fn seconds(&mut self, file: FileId, duration: DurationLiteral) -> Option<Fixed> {
        match seconds_of(duration.unit) {
            Some(seconds) if !duration.business => Some(duration.amount.times(Fixed::from_integer(seconds))),
            _ => {
                self.report(months_and_days::diagnostic(file, &duration, self.text(file, duration.span)));
                None
            }
        }
    }

    /// A day and a time of the client's zone as an instant.
    fn instant(&mut self, file: FileId, span: Span, date: Date, time: Time) -> Option<Fixed> {
        let found = self.timestamp(file, span, date, time)?;
        Some(Fixed::from_integer(found.as_second()))
    }

    /// A day and a time of the client's zone; reported where no such instant can be held.
    pub(super) fn timestamp(&mut self, file: FileId, span: Span, date: Date, time: Time) -> Option<jiff::Timestamp> {
        let found = DateTime::from_parts(date, time).to_zoned(self.zone.clone());
        if let Ok(zoned) = found {
            return Some(zoned.timestamp());
        }
        self.report(no_such_day::out_of_reach(file, span));
        None
    }
}

/// A day as the seconds to its midnight from 1970-01-01, in no zone.
pub(super) fn day(date: Date) -> Fixed {
    let epoch = Date::constant(1970, 1, 1);
    let days = date.duration_since(epoch).as_secs();
    Fixed(days.saturating_mul(SCALE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_1970_in_seconds() {
        assert_eq!(day(Date::constant(1970, 1, 1)), Fixed::ZERO);
        assert_eq!(day(Date::constant(1970, 1, 2)), Fixed::from_integer(86_400));
        assert_eq!(day(Date::constant(1969, 12, 31)), Fixed::from_integer(-86_400));
        assert_eq!(day(Date::constant(2026, 3, 1)), Fixed::from_integer(1_772_323_200));
    }
}
