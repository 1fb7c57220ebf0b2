//! What became of a message, read off the log: asked about, approved, on its way, out, or refused. Nothing else counts, whatever an agent
//! says of it.

use std::ops::ControlFlow;

use compiler::program::Settlement;
use jiff::Timestamp;
use runtime::crm::Crm;
use runtime::crm::log::LogError;
use runtime::engine::{Entry, EntryId, QuestionKind, RecordRef, WorkResult};
use smol_str::SmolStr;

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Its stage has not asked anybody yet.
    Unasked,
    /// A person is asked.
    Asked(EntryId),
    /// A person has approved it; it goes out in its turn.
    Approved(SmolStr),
    /// Not before then, and why.
    Later(Timestamp, SmolStr),
    /// A carrier has it.
    OnItsWay,
    /// It is out.
    Sent(Timestamp),
    /// A person said no; why stands under that entry.
    Rejected(SmolStr, EntryId),
    /// Nobody answered in time.
    Expired,
    /// It could not be carried, and why.
    Failed(SmolStr),
    /// Its run ended without it.
    Over(SmolStr),
}

/// What became of a message of a run, in a case.
///
/// # Errors
/// Where the log cannot be read.
pub(crate) fn of(crm: &Crm, case: &RecordRef, run: EntryId, message: EntryId) -> Result<Fate, LogError> {
    let mut fate = Fate::Unasked;
    let mut send = None;
    crm.entries(Some(case), message, |logged| {
        match &logged.entry {
            Entry::Asked { run: Some(of), question, .. } if *of == run && is_about(question, message) => {
                fate = Fate::Asked(logged.number);
            }
            Entry::Settled { question, how, by, why, .. } if fate == Fate::Asked(*question) => {
                let by = by.clone().unwrap_or_default();
                fate = match how {
                    Some(Settlement::Approved | Settlement::Changed) => Fate::Approved(by),
                    Some(Settlement::Rejected) => Fate::Rejected(by, logged.number),
                    Some(Settlement::Expired) => Fate::Expired,
                    None => why.as_ref().map_or(Fate::Unasked, |why| Fate::Failed(why.clone())),
                };
            }
            Entry::Rewritten { message: of, .. } if *of == message => fate = Fate::Unasked,
            Entry::Held { run: of, until, why } if *of == run => fate = Fate::Later(*until, why.clone()),
            Entry::Queued { message: of, .. } if *of == message => {
                send = Some(logged.number);
                fate = Fate::OnItsWay;
            }
            Entry::Delivered { send: of } if Some(*of) == send => fate = Fate::Sent(logged.at),
            Entry::Undelivered { send: of, why, .. } if Some(*of) == send => fate = Fate::Failed(why.clone()),
            Entry::Ended { run: of, outcome, .. } if *of == run => {
                let is_told = matches!(fate, Fate::Sent(_) | Fate::Rejected(..) | Fate::Expired | Fate::Failed(_));
                if !is_told {
                    fate = Fate::Over(outcome.clone());
                }
                return ControlFlow::Break(());
            }
            _ => {}
        }
        ControlFlow::Continue(())
    })?;
    Ok(fate)
}

/// The run for which an agent wrote a message, where it did.
///
/// # Errors
/// Where the log cannot be read.
pub(crate) fn run_of(crm: &Crm, case: &RecordRef, message: EntryId, agent: &str) -> Result<Option<EntryId>, LogError> {
    let (mut asked, mut written) = (Vec::new(), None);
    crm.entries(Some(case), EntryId(0), |logged| {
        match logged.entry {
            Entry::WorkAsked { run, agent: of, .. } if of == agent => asked.push((logged.number, run)),
            Entry::WorkDone { work, result: WorkResult::Wrote { .. } } if logged.number == message => {
                written = Some(work);
            }
            _ => {}
        }
        if logged.number < message { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(written.and_then(|written| asked.into_iter().find(|(work, _)| *work == written)).map(|(_, run)| run))
}

fn is_about(kind: &QuestionKind, wanted: EntryId) -> bool {
    match kind {
        QuestionKind::Stage { message: Some((message, _)) } | QuestionKind::Act { message: Some((message, _)), .. } => {
            *message == wanted
        }
        QuestionKind::Errand { send: Some(message) } => *message == wanted,
        QuestionKind::Trouble(_) => true,
        _ => false,
    }
}
