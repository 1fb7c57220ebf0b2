//! What followed from a person's answers: what went out, what could not go out yet, what is asked next. It decides nothing.

use std::ops::ControlFlow;

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use runtime::crm::log::Retried;
use runtime::engine::{Entry, EntryId};
use serde::Serialize;

use crate::inbox::{self, Shown};
use crate::layout::count;
use crate::office::Office;
use crate::words;

/// A letter that did not go out yet, and is tried again by itself.
#[derive(Debug, Serialize)]
pub(crate) struct Retrying {
    /// What `cancel` takes.
    send: i64,
    message: i64,
    channel: String,
    attempts: u32,
    why: String,
    next_try: Timestamp,
}

impl Retrying {
    fn of(retried: &Retried) -> Self {
        Self {
            send: retried.number.0,
            message: retried.message.0,
            channel: retried.channel.to_string(),
            attempts: retried.attempts,
            why: retried.error.clone(),
            next_try: retried.next,
        }
    }

    /// `message 590 could not be sent yet: connection refused; next try 10:01`
    pub(crate) fn words(&self, office: &Office) -> String {
        let next = soon(self.next_try, office.now, &office.program.client.timezone);
        format!("message {} could not be sent yet: {}; next try {next}", self.message, self.why)
    }
}

/// All letters that are being tried again.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn retrying(office: &Office) -> anyhow::Result<Vec<Retrying>> {
    Ok(office.runner.crm.retried()?.iter().map(Retrying::of).collect())
}

/// The hour of a day that is today; whoever looks then finds it done.
fn soon(at: Timestamp, now: Timestamp, timezone: &str) -> String {
    let up = TimestampRound::new().smallest(Unit::Minute).mode(RoundMode::Ceil);
    let at = at.round(up).unwrap_or(at);
    let zone = words::zone(timezone);
    let (local, today) = (at.to_zoned(zone.clone()), now.to_zoned(zone).date());
    if local.date() == today { local.strftime("%H:%M").to_string() } else { words::as_of(at, timezone) }
}

/// What an answered question's run is at now.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Followed {
    /// What its run asks next.
    asks_next: Vec<Next>,
    /// Why nothing was sent yet.
    held: Option<Held>,
    /// Its letters that are being tried again.
    retrying: Vec<Retrying>,
}

#[derive(Debug, Serialize)]
struct Next {
    question: i64,
    words: String,
}

#[derive(Debug, Serialize)]
struct Held {
    until: Timestamp,
    why: String,
}

impl Followed {
    /// Gathers it.
    ///
    /// # Errors
    /// Where the CRM cannot be read.
    pub(crate) fn of(office: &Office, question: &Shown) -> anyhow::Result<Self> {
        let Some((run, record)) = question.run.zip(question.record.as_ref()) else { return Ok(Self::default()) };
        let run = EntryId(run);
        let case = office.runner.crm.case(record)?.case;
        let held = case.run(run).and_then(|run| run.held.as_ref());
        let held = held.map(|held| Held { until: held.until, why: held.why.to_string() });
        let asked = case.questions.iter().filter(|asked| asked.run == Some(run));
        let place = case.run(run).map(|run| (run.workflow.clone(), run.stage.clone()));
        let asks_next = asked.map(|asked| Next {
            question: asked.id.0,
            words: inbox::asked(&office.program, &asked.kind, &asked.words, place.as_ref()),
        });
        let retried = office.runner.crm.retried()?;
        let retrying = retried.iter().filter(|retried| retried.run == run).map(Retrying::of);
        Ok(Self { asks_next: asks_next.collect(), held, retrying: retrying.collect() })
    }

    /// A line for each thing.
    pub(crate) fn lines(&self, office: &Office) -> Vec<String> {
        let held = self.held.as_ref().map(|held| {
            format!("it waits until {}: {}", words::as_of(held.until, &office.program.client.timezone), held.why)
        });
        let retrying = self.retrying.iter().map(|retrying| retrying.words(office));
        let asks = self.asks_next.iter().map(|next| format!("it asks next: {} {}", next.question, next.words));
        held.into_iter().chain(retrying).chain(asks).collect()
    }
}

/// Of the letters that ports took, those of answered questions' runs, and the others.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sent {
    pub(crate) own: usize,
    pub(crate) earlier: usize,
}

impl Sent {
    /// Counts what went out after an entry of the log.
    ///
    /// # Errors
    /// Where the CRM cannot be read.
    pub(crate) fn since(office: &Office, mark: EntryId, runs: &[i64]) -> anyhow::Result<Self> {
        let mut sends = Vec::new();
        office.runner.crm.entries(None, mark, |logged| {
            if let Entry::Delivered { send } = logged.entry {
                sends.push(send);
            }
            ControlFlow::Continue(())
        })?;
        let mut sent = Self::default();
        for send in sends {
            match office.runner.crm.entry(send)? {
                Some(Entry::Queued { run, .. }) if runs.contains(&run.0) => sent.own += 1,
                _ => sent.earlier += 1,
            }
        }
        Ok(sent)
    }

    /// `2 messages were sent`, and what else went out.
    pub(crate) fn lines(self) -> String {
        let mut lines = String::new();
        if self.own > 0 {
            lines.push_str(&format!("{} sent\n", count(self.own as u64, "message was", "messages were")));
        }
        if self.earlier > 0 {
            let earlier = count(self.earlier as u64, "earlier message was", "earlier messages were");
            lines.push_str(&format!("{earlier} sent too\n"));
        }
        lines
    }
}
