//! Habits read off what happened: how often and how soon buyers and people of a CRM did what a scenario speaks of.

use std::ops::ControlFlow;

use compiler::program::{BuyerHabit, EventId, PersonAct, Program, Settlement};
use jiff::{SignedDuration, Timestamp};
use runtime::crm::Crm;
use runtime::crm::log::LogError;
use runtime::engine::{Entry, EntryId, QuestionKind};
use runtime::metrics::statistics::{Share, quantile};
use serde::{Deserialize, Serialize};
use smol_str::{SmolStr, format_smolstr};

/// Whoever has not done it after so long, where the habit does not say, has not done it.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 30);

/// A habit as a CRM knows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fitted {
    /// The habit as the scenario has it.
    pub words: SmolStr,
    /// The same with what was found, to be pasted; none where nothing was.
    pub clause: Option<String>,
    /// So many of so many.
    pub share: Share,
    /// After so many hours half of them had done it.
    pub median_hours: Option<f64>,
    /// After so many hours nine of ten of them had done it.
    pub most_hours: Option<f64>,
    /// What it rests on, in words.
    pub note: String,
}

/// What a CRM says of the habits of a scenario.
///
/// # Errors
/// Where it cannot be read.
pub fn fit(crm: &Crm, program: &Program, scenario: usize, now: Timestamp) -> Result<Vec<Fitted>, LogError> {
    let Some(scenario) = program.scenarios.get(scenario) else { return Ok(Vec::new()) };
    let mut fitted = Vec::new();
    for habit in &scenario.people {
        if habit.act == PersonAct::Approves {
            fitted.push(approves(crm, habit.whom.as_deref())?);
        }
    }
    for habit in &scenario.buyers {
        fitted.push(buyer(crm, program, habit, now)?);
    }
    Ok(fitted)
}

fn buyer(crm: &Crm, program: &Program, habit: &BuyerHabit, now: Timestamp) -> Result<Fitted, LogError> {
    let name = |event: EventId| program.events.get(event.index()).map(|event| event.name.clone()).unwrap_or_default();
    let event = name(habit.event);
    let Some(after) = habit.after else {
        let note = "when somebody came in is not in the CRM: nothing can be said of what follows it".to_owned();
        return Ok(nothing(&habit.words, note));
    };
    let after = name(after);
    let (occasions, done) = (crm.happened(&after, now)?, crm.happened(&event, now)?);
    let mut delays = Vec::new();
    let mut of = 0;
    for (place, (contact, at)) in occasions.iter().enumerate() {
        // What happens after the next occasion belongs to that one.
        let next = occasions.iter().skip(place + 1).find(|(other, _)| other == contact).map(|(_, at)| *at);
        let end = at.checked_add(LONGEST).unwrap_or(Timestamp::MAX);
        let until = next.map_or(end, |next| next.min(end));
        let found = done.iter().filter(|(other, then)| other == contact && then >= at && *then < until);
        let first = found.map(|(_, then)| *then).min();
        match first {
            Some(first) => {
                delays.push(first.duration_since(*at).as_secs());
                of += 1;
            }
            // Whoever still has time has not decided.
            None if until <= now => of += 1,
            None => {}
        }
    }
    let share = Share::new(delays.len() as u64, of);
    let head = format!("buyer {event} after {after}");
    let window = format!("of {of} times that `{after}` happened 30 days ago or earlier, or was followed by it");
    Ok(told(&habit.words, &head, share, delays, &window))
}

/// Of stage questions to somebody, how many were approved, and how soon.
fn approves(crm: &Crm, whom: Option<&str>) -> Result<Fitted, LogError> {
    let mut asked: Vec<(EntryId, Timestamp)> = Vec::new();
    let (mut delays, mut of) = (Vec::new(), 0);
    crm.entries(None, EntryId(0), |logged| {
        match &logged.entry {
            Entry::Asked { question: QuestionKind::Stage { .. } | QuestionKind::Act { .. }, whom: of_whom, .. }
                if whom.is_none() || of_whom.as_deref().is_none_or(|of_whom| Some(of_whom) == whom) =>
            {
                asked.push((logged.number, logged.at));
            }
            // What nobody answered says nothing of how they answer.
            Entry::Settled { question, how: Some(how), by: Some(_), .. } => {
                if let Some((_, since)) = asked.iter().find(|(number, _)| number == question) {
                    of += 1;
                    if matches!(how, Settlement::Approved | Settlement::Changed) {
                        delays.push(logged.at.duration_since(*since).as_secs());
                    }
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    })?;
    let who = whom.unwrap_or("human");
    let share = Share::new(delays.len() as u64, of);
    Ok(told(
        &format_smolstr!("{who} approves"),
        &format!("{who} approves"),
        share,
        delays,
        &format!("of {of} questions that were answered"),
    ))
}

fn told(words: &SmolStr, head: &str, share: Share, mut delays: Vec<i64>, window: &str) -> Fitted {
    let (Some(found), Some(interval)) = (share.share, share.interval) else {
        return nothing(words, format!("there is nothing to count: {window}"));
    };
    delays.sort_unstable();
    let hours = |p: f64| quantile(&delays, p).map(|seconds| seconds / 3600.0);
    let (median_hours, most_hours) = (hours(0.5), hours(0.9));
    let within = most_hours.map(|hours| format!(" within {}", period(hours))).unwrap_or_default();
    let mut note = format!(
        "{} {window}: {:.1}% ({:.1} to {:.1}%)",
        share.hits,
        found * 100.0,
        interval.low * 100.0,
        interval.high * 100.0
    );
    if let (Some(median), Some(most)) = (median_hours, most_hours) {
        note.push_str(&format!("; half of them after {}, nine of ten after {}", period(median), period(most)));
    }
    let clause = Some(format!("{head} {:.1}%{within}", found * 100.0));
    Fitted { words: words.clone(), clause, share, median_hours, most_hours, note }
}

fn nothing(words: &SmolStr, note: String) -> Fitted {
    let share = Share::new(0, 0);
    Fitted { words: words.clone(), clause: None, share, median_hours: None, most_hours: None, note }
}

/// `3 hours`, `5 days`, rounded up.
fn period(hours: f64) -> String {
    let (number, unit) = if hours <= 48.0 { (hours.ceil().max(1.0), "hour") } else { ((hours / 24.0).ceil(), "day") };
    format!("{number} {unit}{}", if number > 1.0 { "s" } else { "" })
}
