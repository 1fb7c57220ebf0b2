//! What was spent, for each of something. The log has what was carried out, the playbook what an action costs; what a language model
//! cost is in neither, and no figure here holds it.

use compiler::program::{Action, Counted, Fixed, Program};

use super::Measuring;
use super::counted::instances;
use super::figure::{Figure, Unit, fixed, unreported};
use crate::metrics::journal::Carried;
use crate::metrics::period::Span;
use crate::metrics::statistics::garwood;

/// The interval is that of the count: with the money spent, the number of units that it brought is Poisson's.
pub(super) fn per_unit(measuring: Measuring<'_>, each: &Counted, span: Span) -> Figure {
    let Measuring { program, observed, now, .. } = measuring;
    if program.actions.iter().all(|action| action.cost.is_none()) {
        let why = "no action says what it costs, and the log does not hold what models cost";
        return Figure::undefined(Unit::Money, why);
    }
    let units = instances(measuring, each, span).len() as u64;
    let carried = observed.journal.carried.iter().filter(|carried| span.contains(carried.at) && carried.at <= now);
    let spent = carried.fold(Fixed::ZERO, |sum, carried| sum.plus(cost(program, carried)));
    let mut notes = vec!["what models cost is not in the log".to_owned()];
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
    let is_open = notes.len() > 1;
    Figure {
        value: spent.over(fixed(units)),
        interval: interval.filter(|_| !is_open),
        of: Some(units),
        is_estimate: true,
        notes,
        ..Figure::of(Unit::Money)
    }
}

/// What an act cost: by its variant where the action has one for it, otherwise by the action itself; nothing where neither says.
fn cost(program: &Program, carried: &Carried) -> Fixed {
    let named = |action: &&Action| action.name == carried.action;
    let fits = |action: &&Action| action.variant.is_some() && carried.about.contains(&action.variant);
    let variant = program.actions.iter().filter(named).find(fits);
    let plain = || program.actions.iter().filter(named).find(|action| action.variant.is_none());
    variant.or_else(plain).and_then(|action| action.cost).unwrap_or(Fixed::ZERO)
}
