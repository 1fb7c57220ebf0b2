//! Whether a share has grown from one numbered period to a later one: `share of reply.received in week 8 over week 1`.

use std::collections::BTreeMap;

use compiler::program::{EventId, Fixed, Period};
use jiff::Timestamp;

use super::figure::{Figure, Unit, percent, unreported};
use super::{Measuring, Reading, Verdict};
use crate::metrics::period::Span;
use crate::metrics::statistics::{float, newcombe};

/// Periods are numbered from the one on in which the playbook first ran. Of each, those who were written to in it and those of them
/// who did it afterwards in the same period: so both have had the same time.
pub(super) fn growth(measuring: Measuring<'_>, of: EventId, later: Period, earlier: Period) -> Reading {
    let (figure, verdict) = measure(measuring, of, later, earlier);
    let holds = figure.value.map(|value| value > Fixed::ZERO);
    Reading { span: None, elapsed: 1.0, figure, holds, verdict }
}

fn measure(measuring: Measuring<'_>, of: EventId, later: Period, earlier: Period) -> (Figure, Verdict) {
    let Measuring { program, zone, now, observed, .. } = measuring;
    let undefined = |why: String| (Figure::undefined(Unit::Points, why), Verdict::Undefined);
    let Some(first) = observed.journal.activated.or(observed.journal.began) else {
        return undefined("the playbook has not run yet".into());
    };
    let mut shares = Vec::with_capacity(2);
    let mut missing = None;
    for number in [later, earlier] {
        let name = format!("{} {}", number.unit.name(), number.amount);
        let Some(span) = Span::numbered(&program.client, zone, first, number) else {
            return undefined(format!("only days, weeks and months are numbered, from 1 on, not {name}"));
        };
        if span.until > now {
            return undefined(format!("{name} is not over"));
        }
        missing = missing.or_else(|| unreported(measuring, of, span.from, span.until));
        let written = written_to(measuring, span);
        if written.is_empty() {
            return undefined(format!("nobody was written to in {name}"));
        }
        let last = span.until.checked_sub(jiff::SignedDuration::from_nanos(1)).unwrap_or(span.until);
        let has = |(contact, at): (&i64, &Timestamp)| observed.has_happened(of, *contact, *at, last);
        shares.push((written.iter().filter(|of| has(*of)).count() as u64, written.len() as u64));
    }
    if let Some(why) = missing {
        return undefined(why);
    }
    let [later, earlier] = shares.as_slice() else { return undefined("there is nothing to compare".into()) };
    let share = |(hits, of): (u64, u64)| float(hits) / float(of) * 100.0;
    let interval = newcombe(*later, *earlier).map(percent);
    let verdict = match interval {
        Some(interval) if interval.low > 0.0 => Verdict::Met,
        Some(interval) if interval.high < 0.0 => Verdict::Missed,
        _ => Verdict::Undecided,
    };
    let note = format!("{} of {}, before {} of {}", later.0, later.1, earlier.0, earlier.1);
    let value = Fixed::from_f64(share(*later) - share(*earlier));
    let of = Some(later.1);
    (Figure { value, interval, of, is_estimate: true, notes: vec![note], ..Figure::of(Unit::Points) }, verdict)
}

/// The contacts that a message went out to in a period, and when the first one did.
fn written_to(measuring: Measuring<'_>, span: Span) -> BTreeMap<i64, Timestamp> {
    let journal = &measuring.observed.journal;
    let mut first = BTreeMap::new();
    for carried in journal.carried.iter().filter(|carried| carried.action == "send" && span.contains(carried.at)) {
        if let Some(contact) = journal.contact(carried.run) {
            first.entry(contact).or_insert(carried.at);
        }
    }
    first
}
