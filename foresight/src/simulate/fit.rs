//! Habits read off what happened: how often and how soon buyers and people of a CRM did what a scenario speaks of.
//!
//! Nothing is offered to be pasted of fewer than [`LEAST`] times. What is offered is drawn in from nought and a hundred, as far as chance
//! reaches: of twenty who never did it, the twenty-first may.

use std::ops::ControlFlow;

use compiler::program::{BuyerHabit, EventId, Period, PersonAct, PersonHabit, Program, Settlement};
use jiff::{SignedDuration, Timestamp};
use runtime::crm::Crm;
use runtime::crm::log::LogError;
use runtime::engine::{Entry, EntryId, QuestionKind};
use runtime::metrics::statistics::{Share, float, quantile};
use serde::{Deserialize, Serialize};
use smol_str::{SmolStr, format_smolstr};

/// Whoever has not done it after so long, where the habit does not say, has not done it.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Of fewer times no habit is read.
pub const LEAST: u64 = 20;

/// Of fewer who did it nobody says how long it takes: what the scenario says stays.
const DONE: usize = 5;

/// A habit as a CRM knows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fitted {
    /// The habit as the scenario has it.
    pub words: SmolStr,
    /// The same with what was found, to be pasted; none where nothing was, or too little.
    pub clause: Option<String>,
    /// So many of so many.
    pub share: Share,
    /// What the clause says: the share drawn in, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn_in: Option<f64>,
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
            fitted.push(approves(crm, habit)?);
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
    let rest = habit.otherwise.map(|event| format!(", else {}", name(event))).unwrap_or_default();
    let mut notes = Vec::new();
    if habit.when.is_some() {
        notes.push("over all of them: by what they differ (`when …`) is not read off");
    }
    let clause = Clause { head: format!("buyer {event} after {after}"), within: habit.within, rest, notes };
    let window = format!("of {of} times that `{after}` happened 30 days ago or earlier, or was followed by it");
    Ok(told(&habit.words, &clause, share, delays, &window))
}

/// Of stage questions to somebody, how many were approved, and how soon.
fn approves(crm: &Crm, habit: &PersonHabit) -> Result<Fitted, LogError> {
    let whom = habit.whom.as_deref();
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
    let rest = habit.at_most.map(|(most, per)| format!(", at most {most} per {}", per.each())).unwrap_or_default();
    let clause = Clause { head: format!("{who} approves"), within: habit.within, rest, notes: Vec::new() };
    Ok(told(
        &format_smolstr!("{who} approves"),
        &clause,
        share,
        delays,
        &format!("of {of} questions that were answered"),
    ))
}

/// What a clause says besides how often.
struct Clause {
    head: String,
    /// What the scenario says of how soon.
    within: Option<Period>,
    /// What follows, with its comma.
    rest: String,
    notes: Vec<&'static str>,
}

fn told(words: &SmolStr, clause: &Clause, share: Share, mut delays: Vec<i64>, window: &str) -> Fitted {
    let (Some(found), Some(interval)) = (share.share, share.interval) else {
        return nothing(words, format!("there is nothing to count: {window}"));
    };
    let mut note = format!(
        "{} {window}: {:.1}% ({:.1} to {:.1}%)",
        share.hits,
        found * 100.0,
        interval.low * 100.0,
        interval.high * 100.0
    );
    if share.of < LEAST {
        note.push_str(&format!("; too little to read a habit off, which takes {LEAST} times"));
        return Fitted { share, ..nothing(words, note) };
    }
    delays.sort_unstable();
    let hours = |p: f64| quantile(&delays, p).filter(|_| delays.len() >= DONE).map(|seconds| seconds / 3600.0);
    let (median_hours, most_hours) = (hours(0.5), hours(0.9));
    if let (Some(median), Some(most)) = (median_hours, most_hours) {
        note.push_str(&format!("; half of them after {}, nine of ten after {}", period(median), period(most)));
    } else {
        note.push_str("; too few to say how soon");
    }
    for more in &clause.notes {
        note.push_str(&format!("; {more}"));
    }
    let soon = most_hours.map(period).or(clause.within.map(|within| within.to_string()));
    let within = soon.map(|soon| format!(" within {soon}")).unwrap_or_default();
    // The mean of a share of which nothing was known before (H. Jeffreys, Theory of Probability, 1939): half a success and half a failure more.
    let drawn_in = (float(share.hits) + 0.5) / (float(share.of) + 1.0);
    let text = format!("{} {:.1}%{within}{}", clause.head, drawn_in * 100.0, clause.rest);
    Fitted { words: words.clone(), clause: Some(text), share, drawn_in: Some(drawn_in), median_hours, most_hours, note }
}

fn nothing(words: &SmolStr, note: String) -> Fitted {
    let share = Share::new(0, 0);
    Fitted { words: words.clone(), clause: None, share, drawn_in: None, median_hours: None, most_hours: None, note }
}

/// `3 hours`, `5 days`, rounded up.
fn period(hours: f64) -> String {
    let (number, unit) = if hours <= 48.0 { (hours.ceil().max(1.0), "hour") } else { ((hours / 24.0).ceil(), "day") };
    format!("{number} {unit}{}", if number > 1.0 { "s" } else { "" })
}

#[cfg(test)]
mod tests {
    use language::syntax::DurationUnit;

    use super::*;

    fn of(hits: usize, times: u64) -> Fitted {
        let within = Some(Period { amount: 5, unit: DurationUnit::Day, business: false });
        let rest = ", else meeting.missed".to_owned();
        let clause = Clause { head: "buyer replies".to_owned(), within, rest, notes: Vec::new() };
        let delays = (1..=hits).map(|hour| i64::try_from(hour).unwrap() * 3600).collect();
        told(&"buyer replies".into(), &clause, Share::new(hits as u64, times), delays, "times")
    }

    #[test]
    fn of_hardly_anything_no_habit_is_read() {
        let one = of(0, 1);
        assert_eq!(one.clause, None);
        insta::assert_snapshot!(one.note, @"0 times: 0.0% (0.0 to 79.3%); too little to read a habit off, which takes 20 times");
        assert_eq!(of(19, 19).clause, None);
    }

    #[test]
    fn what_is_offered_is_drawn_in_and_keeps_what_nobody_knows_better() {
        assert_eq!(of(0, 20).clause.unwrap(), "buyer replies 2.4% within 5 days, else meeting.missed");
        assert_eq!(of(20, 20).clause.unwrap(), "buyer replies 97.6% within 19 hours, else meeting.missed");
        let some = of(4, 40);
        assert_eq!(
            (some.clause.unwrap().as_str(), some.median_hours),
            ("buyer replies 11.0% within 5 days, else meeting.missed", None)
        );
        assert!(some.note.ends_with("too few to say how soon"), "{}", some.note);
    }
}
