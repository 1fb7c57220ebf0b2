//! When a case wakes by itself: the first instant at which something of it may be due.

use compiler::program::{StageKind, StartKind, WayWhen};
use jiff::{SignedDuration, Timestamp};

use super::{Case, Context, Run};
use crate::calendar;

/// Conditions change with time alone: points fade, windows move on. Whoever waits for one looks again so often.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_hours(24);

/// When a case has to be told [`super::Input::Woke`]; never where absent.
#[must_use]
pub fn next(context: &Context<'_>, case: &Case, now: Timestamp) -> Option<Timestamp> {
    if case.erased || case.paused.is_some() {
        return None;
    }
    let questions = case.questions.iter().flat_map(|asked| [asked.due, asked.remind]).flatten();
    let offers = case.handoffs.iter().filter_map(|offer| offer.due);
    let runs = case.runs.iter().filter(|run| run.paused.is_none()).filter_map(|run| of_run(context, run, now));
    // Whoever resumes something wakes it; where that was missed, what was put off is not lost.
    let put_off = (!case.put_off.is_empty()).then(|| now.checked_add(LOOK_AGAIN).ok()).flatten();
    let all = questions.chain(offers).chain(runs).chain(put_off).chain(watching(context, case, now));
    // What was due by now has been done in this step, or waits for something else than time.
    all.filter(|at| *at > now).min()
}

fn of_run(context: &Context<'_>, run: &Run, now: Timestamp) -> Option<Timestamp> {
    let (_, stage) = context.stage_of(run)?;
    let StageKind::Stage(body) = &stage.kind else { return None };
    let sooner =
        |first: Option<Timestamp>, at: Timestamp| if at > now { first.into_iter().chain([at]).min() } else { first };
    let mut first = None;
    if let Some(held) = &run.held {
        first = sooner(first, held.until);
    }
    let agent = context.agent_of(run);
    let stands_still = context.is_switched_off("workflow", &run.workflow)
        || agent.is_some_and(|agent| context.is_switched_off("agent", &agent));
    let asks_facts = body.ways.iter().any(|way| matches!(way.when, WayWhen::When(_)));
    let looks = stands_still || asks_facts || !body.requires.is_empty() && run.settled.is_none();
    if looks && let Ok(again) = now.checked_add(LOOK_AGAIN) {
        first = sooner(first, again);
    }
    let since = run.since();
    for way in &body.ways {
        if let WayWhen::After(period) = &way.when {
            let is_later = first.is_some_and(|first| calendar::no_sooner_than(since, *period) >= first);
            if !is_later {
                first = sooner(first, calendar::after(&context.program.client, context.zone, since, *period));
            }
        }
    }
    first
}

/// A threshold can be crossed by time alone, but only downwards for what counts events: whoever is beyond one looks again.
fn watching(context: &Context<'_>, case: &Case, now: Timestamp) -> Option<Timestamp> {
    let watches = context.program.workflows.iter().any(|workflow| {
        workflow.starts.iter().any(|start| matches!(start.kind, StartKind::Crosses(_) | StartKind::Becomes(_)))
    });
    let is_beyond = case.sides.iter().any(|(.., beyond)| *beyond);
    if watches && is_beyond { now.checked_add(LOOK_AGAIN).ok() } else { None }
}
