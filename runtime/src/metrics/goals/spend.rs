//! What was spent, for each of something: what was carried out, as the log has it, at what the playbook says that an action costs, and
//! what ports were paid beside that.

use compiler::program::{Action, Counted, Fixed, Program};
use jiff::Timestamp;
use rust_decimal::Decimal;

use super::Measuring;
use super::counted::instances;
use super::figure::{Figure, Unit, fixed, unreported};
use crate::metrics::journal::Carried;
use crate::metrics::period::Span;
use crate::metrics::statistics::garwood;

/// The interval is that of the count: with the money spent, the number of units that it brought is Poisson's.
pub(super) fn per_unit(measuring: Measuring<'_>, each: &Counted, span: Span) -> Figure {
    let Measuring { program, observed, now, .. } = measuring;
    let journal = &observed.journal;
    if journal.paid.is_empty() && program.actions.iter().all(|action| action.cost.is_none()) {
        let why = "no action says what it costs, and no port was paid anything";
        return Figure::undefined(Unit::Money, why);
    }
    let units = instances(measuring, each, span).len() as u64;
    let counts = |at: Timestamp| span.contains(at) && at <= now;
    let paid = journal.paid.iter().filter(|(at, _)| counts(*at));
    let Some(paid) = money(paid.fold(Decimal::ZERO, |sum, (_, amount)| sum.saturating_add(*amount))) else {
        return Figure::undefined(Unit::Money, "ports were paid more than can be counted");
    };
    let carried = journal.carried.iter().filter(|carried| counts(carried.at));
    let spent = carried.fold(paid, |sum, carried| sum.plus(cost(program, carried)));
    let mut notes = Vec::new();
    if let Counted::Event(event) = each {
        notes.extend(unreported(measuring, *event, span.from, span.until.min(now)));
    }
    if units == 0 {
        notes.insert(0, format!("{spent} was spent and there is nothing yet that it was spent for"));
        return Figure { notes, of: Some(0), ..Figure::of(Unit::Money) };
    }
    let spent_float = spent.to_f64();
    let interval = garwood(units).filter(|interval| interval.low > 0.0).map(|interval| {
        super::super::statistics::Interval { low: spent_float / interval.high, high: spent_float / interval.low }
    });
    // Where more units may have come than are known, each cost less: that is no lower end, so nothing can be said.
    let is_open = !notes.is_empty();
    Figure {
        value: spent.over(fixed(units)),
        interval: interval.filter(|_| !is_open),
        of: Some(units),
        is_estimate: true,
        notes,
        ..Figure::of(Unit::Money)
    }
}

/// To a millionth, ties to even.
fn money(amount: Decimal) -> Option<Fixed> {
    amount.round_dp(6).to_string().parse().ok()
}

/// What an act cost: by its variant where the action has one for it, otherwise by the action itself; nothing where neither says.
#[must_use]
pub fn cost(program: &Program, carried: &Carried) -> Fixed {
    let named = |action: &&Action| action.name == carried.action;
    let fits = |action: &&Action| action.variant.is_some() && carried.about.contains(&action.variant);
    let variant = program.actions.iter().filter(named).find(fits);
    let plain = || program.actions.iter().filter(named).find(|action| action.variant.is_none());
    variant.or_else(plain).and_then(|action| action.cost).unwrap_or(Fixed::ZERO)
}
