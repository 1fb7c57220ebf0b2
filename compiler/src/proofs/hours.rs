//! Times that cannot be met, or hardly: an answer that is due while everybody is away, a schedule on days off, a message that has to
//! wait for longer than its stage does, and what an earlier time always cuts off.

use language::Span;
use language::syntax::{ClientClause, HandoffClause, StageClause, Way as WaySyntax, WorkflowMember};

use crate::codes::lints::{left_before_sent, limit_while_closed, schedule_on_days_off};
use crate::codes::workflows::never_comes;
use crate::diagnostics::Diagnostic;
use crate::modules::Modules;
use crate::program::{
    Client, ContactPolicy, Hours, Period, Program, Quiet, Schedule, Settlement, StageBody, StartKind, WayWhen,
};

use super::loops::comes_again;
use super::machine::{Machine, Place, SEND, action};
use super::periods;

pub(super) fn run(program: &Program, modules: &Modules, machines: &[Machine<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let clauses = modules.client().map(|(_, client)| client.clauses.as_slice()).unwrap_or_default();
    // Nobody is away at hours that were never said.
    let closed = clauses.iter().any(|clause| matches!(clause, ClientClause::Hours { .. }));
    let closed = closed.then(|| periods::longest_closed(program.client.hours)).flatten();
    for machine in machines {
        if closed.is_some() {
            schedules(program, machine, diagnostics);
        }
        for (stage, place) in machine.visited() {
            if let Some(closed) = closed {
                limits(&program.client, &place, closed, diagnostics);
            }
            let Some(body) = place.body() else { continue };
            cut_off(&program.client, &place, body, diagnostics);
            if let Some(policy) = &program.policy {
                let again = comes_again(machine, stage);
                sends(program, policy, &place, body, again, diagnostics);
            }
        }
    }
}

fn schedules(program: &Program, machine: &Machine<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (start, (file, span)) in machine.workflow.starts.iter().zip(&machine.starts) {
        let StartKind::Every { schedule: Schedule::Days { days, .. }, .. } = &start.kind else { continue };
        let open = program.client.hours.days;
        if !days.iter().zip(open).any(|(scheduled, open)| *scheduled && open) {
            diagnostics.push(schedule_on_days_off::diagnostic(*file, *span));
        }
    }
}

/// An answer that is due so soon that nobody may have been there to give it.
fn limits(client: &Client, place: &Place<'_>, closed: i64, diagnostics: &mut Vec<Diagnostic>) {
    let (limit, span) = match place.member {
        WorkflowMember::Stage(stage) => {
            let within = stage.clauses.iter().find_map(|clause| match clause {
                StageClause::Ask(ask) => ask.within,
                _ => None,
            });
            let asked = place.body().and_then(|body| body.asks.first()).and_then(|ask| ask.within);
            (asked, within.map(|within| within.span))
        }
        WorkflowMember::Handoff(handoff) => {
            let within = handoff.clauses.iter().find_map(|clause| match clause {
                HandoffClause::Accepted { within, .. } => Some(within.span),
                HandoffClause::Brief { .. } => None,
            });
            (place.handoff().and_then(|handoff| handoff.within), within)
        }
        _ => return,
    };
    let (Some(limit), Some(span)) = (limit, span) else { return };
    if !limit.business && periods::most(client, limit) < closed {
        diagnostics.push(limit_while_closed::diagnostic(place.file, span, &periods::words(closed)));
    }
}

/// A question that a run has always left before it expires, or before anybody is reminded.
fn cut_off(client: &Client, place: &Place<'_>, body: &StageBody, diagnostics: &mut Vec<Diagnostic>) {
    let WorkflowMember::Stage(stage) = place.member else { return };
    let ask = stage.clauses.iter().find_map(|clause| match clause {
        StageClause::Ask(ask) => Some(ask),
        _ => None,
    });
    let (Some(written), Some(ask)) = (ask, body.asks.first()) else { return };
    let nexts = stage.clauses.iter().filter_map(|clause| match clause {
        StageClause::Next(next) => Some(next),
        _ => None,
    });
    let after = body.ways.iter().zip(nexts).find_map(|(way, next)| match (&way.when, &next.way) {
        (WayWhen::After(period), WaySyntax::After(literal)) => Some((*period, literal.span)),
        _ => None,
    });
    let Some((after, after_span)) = after else { return };
    let waited_for = body.ways.iter().position(|way| {
        matches!(&way.when, WayWhen::Settled(answers) if answers.iter().all(|answer| *answer == Settlement::Expired))
    });
    if let (Some(within), Some(way)) = (ask.within, waited_for)
        && is_shorter(client, after, within)
    {
        diagnostics.push(never_comes::too_late(place.file, place.way(way), after_span));
    }
    let limit: Option<Span> = written.remind_every.map(|remind| remind.span);
    if let (Some(remind), Some(span)) = (ask.remind, limit)
        && is_shorter(client, after, remind)
    {
        diagnostics.push(never_comes::reminder_too_late(place.file, span, after_span));
    }
}

/// Whether the one is surely over before the other.
fn is_shorter(client: &Client, one: Period, other: Period) -> bool {
    if (one.unit, one.business) == (other.unit, other.business) {
        return one.amount < other.amount;
    }
    periods::most(client, one) < periods::least(client, other)
}

/// A stage that sends, and goes on after a time in which the contact policy may not let anything pass.
fn sends(
    program: &Program,
    policy: &ContactPolicy,
    place: &Place<'_>,
    body: &StageBody,
    comes_again: bool,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let is_send = |act| action(program, act).is_some_and(|done| done.name == SEND);
    let Some(act) = body.acts.iter().position(is_send) else { return };
    let after = body.ways.iter().enumerate().find_map(|(at, way)| match way.when {
        WayWhen::After(period) => Some((at, period)),
        _ => None,
    });
    let Some((way, after)) = after else { return };
    let client = &program.client;
    let quiet = policy.quiet.iter().filter_map(|quiet| periods::longest_closed(loud(client, *quiet))).max();
    let capped = policy.caps.iter().filter(|cap| comes_again && cap.per_contact);
    // Of the same kind, amounts tell.
    let capped = capped.filter(|cap| !is_no_longer(client, cap.per, after));
    let capped = capped.max_by_key(|cap| periods::most(client, cap.per));
    let least = periods::least(client, after);
    let why = if let Some(quiet) = quiet.filter(|quiet| *quiet > least) {
        format!("quiet hours may hold a message back for {}", periods::words(quiet))
    } else if let Some(cap) = capped {
        format!("`{}` may hold the next message back for longer", cap.words)
    } else {
        return;
    };
    diagnostics.push(left_before_sent::diagnostic(place.file, (place.act(act), place.way(way)), &why));
}

fn is_no_longer(client: &Client, one: Period, other: Period) -> bool {
    if (one.unit, one.business) == (other.unit, other.business) {
        return one.amount <= other.amount;
    }
    // A change of the clocks is nobody's plan.
    periods::most(client, one) - 2 * 60 * 60 <= periods::least(client, other)
}

/// When something may be sent.
fn loud(client: &Client, quiet: Quiet) -> Hours {
    match quiet {
        Quiet::OutsideHours { .. } => client.hours,
        Quiet::Outside { from, to } => Hours { days: [true; 7], from, to },
    }
}
