//! Sending: only a message that a person approved as it stands, that the table, the priorities and the contact policy let pass.

use compiler::program::Act;
use smol_str::SmolStr;

use super::acts::RETRY;
use super::step::Stepper;
use super::{Entry, EntryId, Message, QuestionKind, Run, Sending, Verdict};

/// Why nothing is sent where the run has no message, or has sent it.
pub(super) const NOTHING_TO_SEND: &str = "there is no message that was not sent before";

impl Stepper<'_> {
    /// All checks in their order, all that fail reported: permission, priority, approval, contact policy.
    pub(super) fn send(&mut self, run: &Run, agent: &SmolStr, act: &Act, verdict: &Verdict) -> bool {
        let mut reasons = verdict.denials.clone();
        let message = run.message.as_ref().filter(|message| !message.sent);
        let unapproved = message.and_then(|message| self.unapproved(message));
        match (message, &unapproved) {
            (None, _) => reasons.push(("approval".into(), NOTHING_TO_SEND.into())),
            (Some(_), Some(why)) => reasons.push(("approval".into(), why.clone())),
            (Some(_), None) => {}
        }
        let channel = message.map(|message| message.channel.clone()).unwrap_or_default();
        let mut later = None;
        match self.judge.may_send(&channel) {
            Sending::Now => {}
            Sending::Later(at, why) => later = Some((at, why)),
            Sending::Never(reasons_why) => {
                reasons.extend(reasons_why.into_iter().map(|why| (SmolStr::from("contact policy"), why)));
            }
        }
        if let Some((check, _)) = reasons.first().cloned() {
            let only_unapproved = check == "approval" && reasons.len() == 1;
            return match message {
                Some(message) if only_unapproved => self.ask_again(run, agent, act, message, reasons),
                _ if check == "permission" || check == "priority" => {
                    self.refuse(run, agent, &act.words, reasons, verdict.waits)
                }
                _ => {
                    let whys: Vec<&str> = reasons.iter().map(|(_, why)| why.as_str()).collect();
                    let what = format!("this cannot be sent: {}", whys.join("; "));
                    self.emit(Entry::Denied {
                        run: Some(run.id),
                        agent: agent.clone(),
                        act: act.words.clone(),
                        reasons,
                    });
                    self.tell_of_hindrance(run.id, &what)
                }
            };
        }
        if let Some((until, why)) = later {
            // What is said to be over by now is asked about again a little later, and not at once.
            let until = if until > self.now { until } else { self.now.checked_add(RETRY).unwrap_or(until) };
            let is_known = run.held.as_ref().is_some_and(|held| held.until == until);
            if !is_known {
                self.emit(Entry::Held { run: run.id, until, why });
            }
            return false;
        }
        let Some(message) = message else { return false };
        if !self.context.channels.contains(&message.channel) {
            return self.hand_over_send(run, None);
        }
        self.queue(run, message, agent);
        true
    }

    /// Why a message may not go out as far as people are concerned; none where one approved exactly this text.
    fn unapproved(&self, message: &Message) -> Option<SmolStr> {
        match &message.approval {
            None => Some("no person has approved this message as it stands".into()),
            Some(approval) if approval.hash != message.hash => Some("it was changed after a person approved it".into()),
            Some(approval) if approval.until.is_some_and(|until| until <= self.now) => {
                Some("the approval has expired".into())
            }
            Some(_) => None,
        }
    }

    fn ask_again(
        &mut self,
        run: &Run,
        agent: &SmolStr,
        act: &Act,
        message: &Message,
        reasons: Vec<(SmolStr, SmolStr)>,
    ) -> bool {
        let notes = reasons.iter().map(|(_, why)| why.clone()).collect();
        self.emit(Entry::Denied { run: Some(run.id), agent: agent.clone(), act: act.words.clone(), reasons });
        self.emit(Entry::Asked {
            run: Some(run.id),
            question: QuestionKind::Act { act: run.acts_done, message: Some((message.id, message.hash.clone())) },
            whom: None,
            options: vec!["approve".into(), "change".into(), "reject".into()],
            words: "may this message go out?".into(),
            notes,
            due: None,
            remind: None,
        });
        true
    }

    fn queue(&mut self, run: &Run, message: &Message, by: &SmolStr) -> Option<EntryId> {
        let approval = message.approval.as_ref()?.id;
        Some(self.emit(Entry::Queued {
            run: run.id,
            message: message.id,
            hash: message.hash.clone(),
            channel: message.channel.clone(),
            approval,
            by: by.clone(),
            not_before: None,
        }))
    }

    /// No port serves the channel: a person carries the approved message.
    pub(super) fn hand_over_send(&mut self, run: &Run, whom: Option<SmolStr>) -> bool {
        let Some(message) = &run.message else { return false };
        self.emit(Entry::Asked {
            run: Some(run.id),
            question: QuestionKind::Errand { send: Some(message.id) },
            whom,
            options: vec!["done".into(), "reject".into()],
            words: format!("send this by {}", message.channel).into(),
            notes: Vec::new(),
            due: None,
            remind: None,
        });
        true
    }

    /// A person has carried the message.
    pub(super) fn carried(&mut self, run: EntryId, by: &SmolStr) {
        let Some(run) = self.case.run(run).cloned() else { return };
        let Some(message) = &run.message else { return };
        if let Some(send) = self.queue(&run, message, by) {
            self.emit(Entry::Delivered { send });
        }
        self.emit(Entry::Acted { run: run.id, act: run.acts_done });
    }

    /// A port took the send.
    pub(super) fn delivered(&mut self, send: EntryId) {
        let run = self.case.sends.iter().find(|queued| queued.id == send).map(|queued| queued.run);
        self.emit(Entry::Delivered { send });
        let waiting = run.and_then(|run| self.case.run(run)).filter(|run| run.waits_for.is_none());
        if let Some((run, act)) = waiting.map(|run| (run.id, run.acts_done))
            && self.is_at_send(run)
        {
            self.emit(Entry::Acted { run, act });
        }
    }

    /// The act at hand is the send, and its message is out.
    fn is_at_send(&self, run: EntryId) -> bool {
        let Some(run) = self.case.run(run) else { return false };
        let act = self.context.body_of(run).and_then(|body| body.acts.get(run.acts_done as usize));
        let action = act.and_then(|act| self.context.program.actions.get(act.action.index()));
        action.is_some_and(|action| action.name == "send") && run.message.as_ref().is_some_and(|message| message.sent)
    }

    /// A port gave the send up. It is never tried again by itself: it may have gone out.
    pub(super) fn undelivered(&mut self, send: EntryId, why: &SmolStr, uncertain: bool) {
        let run = self.case.sends.iter().find(|queued| queued.id == send).map(|queued| queued.run);
        self.emit(Entry::Undelivered { send, why: why.clone(), uncertain });
        if let Some(run) = run {
            let words = if uncertain {
                format!("this may have been sent, or not: {why}")
            } else {
                format!("this could not be sent: {why}")
            };
            self.ask_about_trouble(run, send, &words);
        }
    }
}
