//! Runs that something keeps: looked at again once an import may have lifted it, and what would lift it, for who is told.

use jiff::Timestamp;

use super::tell::{self, BATCH, Telling};
use super::{RunError, Runner, Worked};
use crate::contact_policy::{PolicyVerdict, Rule};
use crate::crm::log::{Asked, Inquiry};
use crate::engine::{Input, QuestionKind, RecordRef};
use crate::shell::policy;

/// The cursor with the last import that they were looked at after.
const LOOKED: &str = "hindrances";

/// What lifts what keeps a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cure {
    /// A consent, with its proof.
    Consent,
    /// An address to write to.
    Address,
}

impl Runner {
    /// Wakes what is kept by something, or asks about a message, once after each import. Consents tell of themselves; an address that came does not.
    pub(super) fn look_at_hindrances(&mut self, now: Timestamp) -> Result<Worked, RunError> {
        let newest = self.crm.newest_import()?;
        if self.crm.cursor(LOOKED)? >= newest {
            return Ok(Worked::default());
        }
        let open = self.crm.inbox(&Asked::default())?;
        let kept = |inquiry: Inquiry| {
            let run = inquiry.question.run?;
            // What asks about a message may have to be withdrawn.
            let is_about_message = matches!(
                inquiry.question.kind,
                QuestionKind::Stage { message: Some(_) }
                    | QuestionKind::Act { message: Some(_), .. }
                    | QuestionKind::Errand { send: Some(_) }
            );
            inquiry.record.filter(|_| is_about_message || inquiry.question.kind == QuestionKind::Trouble(run))
        };
        let mut cases: Vec<RecordRef> = open.into_iter().filter_map(kept).collect();
        cases.sort_unstable();
        cases.dedup();
        let mut worked = Worked::default();
        for some in cases.chunks(BATCH as usize) {
            let tellings = some.iter().map(|case| (case.clone(), Telling::of(Input::Woke))).collect();
            worked.add(self.tell_all(now, tellings, Vec::new())?);
        }
        self.tell_all(now, Vec::new(), vec![(LOOKED.into(), newest)])?;
        Ok(worked)
    }

    /// What would lift what an open question says keeps its run, where that can be brought.
    ///
    /// # Errors
    /// Where the CRM cannot be read.
    pub fn cure(&self, inquiry: &Inquiry, now: Timestamp) -> Result<Option<Cure>, RunError> {
        let (Some(run), Some(record)) = (inquiry.question.run, &inquiry.record) else { return Ok(None) };
        if inquiry.question.kind != QuestionKind::Trouble(run) {
            return Ok(None);
        }
        let case = self.crm.case(record)?.case;
        let message = case.run(run).and_then(|run| run.message.as_ref()).filter(|message| !message.sent);
        let (Some(message), Some(contact)) = (message, tell::contact(&self.crm, record)?) else { return Ok(None) };
        Ok(match policy(&self.crm, &self.book, contact.0, &message.channel, now, None)? {
            None => Some(Cure::Address),
            Some(PolicyVerdict::Never { reasons }) => {
                reasons.first().filter(|reason| reason.rule == Rule::Consent).map(|_| Cure::Consent)
            }
            Some(PolicyVerdict::Now | PolicyVerdict::Later { .. }) => None,
        })
    }
}
