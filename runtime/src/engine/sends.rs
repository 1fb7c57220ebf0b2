//! Sending: only a message that a person approved as it stands, that the table, the priorities and the contact policy let pass.

use compiler::program::Act;
use smol_str::{SmolStr, format_smolstr};

use super::acts::RETRY;
use super::step::{ENGINE, Stepper};
use super::{Entry, EntryId, Message, Question, QuestionKind, Run, Send, Sending, Verdict};

/// Why nothing is sent where the run has no message, or has sent it.
pub(super) const NOTHING_TO_SEND: &str = "there is no message that was not sent before";

impl Stepper<'_> {
    /// All checks in their order, all that fail reported: permission, priority, approval, contact policy.
    pub(super) fn send(&mut self, run: &Run, agent: &SmolStr, act: &Act, verdict: &Verdict) -> bool {
        let mut reasons = verdict.denials.clone();
        let message = run.message.as_ref().filter(|message| !message.sent);
        let whom = verdict.asks.as_ref().and_then(Option::as_ref);
        let unapproved = message.and_then(|message| self.unapproved(message, whom));
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
                Some(message) if only_unapproved => self.ask_again(run, agent, act, message, (reasons, whom)),
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

    /// Why a message may not go out as far as people are concerned; none where one approved exactly this text, of the role that the
    /// table names, where it names one.
    fn unapproved(&self, message: &Message, whom: Option<&SmolStr>) -> Option<SmolStr> {
        match &message.approval {
            None if self.case.doubtful.iter().any(|send| send.message == message.id) => {
                Some("it was approved, and the send that used the approval up may have gone out".into())
            }
            None if message.tried => {
                Some("it was approved, and the send that used the approval up did not get out".into())
            }
            None => Some("no person has approved this message as it stands".into()),
            Some(approval) if approval.hash != message.hash => Some("it was changed after a person approved it".into()),
            Some(approval) if approval.until.is_some_and(|until| until <= self.now) => {
                Some("the approval has expired".into())
            }
            Some(approval) => whom.filter(|whom| **whom != approval.by).map(|whom| {
                format_smolstr!("`{}` approved it, and the permission table wants `{whom}` to", approval.by)
            }),
        }
    }

    fn ask_again(
        &mut self,
        run: &Run,
        agent: &SmolStr,
        act: &Act,
        message: &Message,
        (reasons, whom): (Vec<(SmolStr, SmolStr)>, Option<&SmolStr>),
    ) -> bool {
        let notes = reasons.iter().map(|(_, why)| why.clone()).collect();
        self.emit(Entry::Denied { run: Some(run.id), agent: agent.clone(), act: act.words.clone(), reasons });
        self.emit(Entry::Asked {
            run: Some(run.id),
            question: QuestionKind::Act { act: run.acts_done, message: Some((message.id, message.hash.clone())) },
            whom: whom.cloned(),
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

    /// A send whose end is not known for sure.
    pub(super) fn known_send(&self, id: EntryId) -> Option<&Send> {
        self.case.sends.iter().chain(&self.case.doubtful).find(|send| send.id == id)
    }

    /// A letter that a person approved is on its way, or did not get out yet. Where it may not go out at all, it is none.
    pub(super) fn is_sending(&self, run: &Run) -> bool {
        let is_kept = |asked: &Question| asked.run == Some(run.id) && asked.kind == QuestionKind::Trouble(run.id);
        let is_tried = run.message.as_ref().is_some_and(|message| message.tried && !message.sent);
        self.case.sends.iter().any(|send| send.run == run.id)
            || is_tried && self.sends_next(run) && !self.case.questions.iter().any(is_kept)
    }

    /// A port took the send; whatever was thought of it before, it is out, and goes out no second time.
    pub(super) fn delivered(&mut self, send: EntryId) {
        let known = self.known_send(send).cloned();
        self.emit(Entry::Delivered { send });
        if let Some(known) = &known {
            self.take_back_others(known);
        }
        let run = known.map(|known| known.run);
        let waiting = run.and_then(|run| self.case.run(run)).filter(|run| run.waits_for.is_none());
        if let Some((run, act)) = waiting.map(|run| (run.id, run.acts_done))
            && self.is_at_send(run)
        {
            self.emit(Entry::Acted { run, act });
        }
    }

    /// What was asked, or queued anew, because nobody knew that a message is out.
    fn take_back_others(&mut self, out: &Send) {
        let is_other = |send: &&Send| send.run == out.run && send.message == out.message;
        let others: Vec<EntryId> = self.case.sends.iter().filter(is_other).map(|send| send.id).collect();
        for send in others {
            self.emit(Entry::Undelivered { send, why: "the message is out already".into(), uncertain: false });
        }
        let is_circling = self.case.run(out.run).is_some_and(|run| run.paused.as_deref() == Some(ENGINE));
        if is_circling || !self.is_at_send(out.run) {
            return;
        }
        let is_moot = |asked: &&Question| {
            asked.run == Some(out.run)
                && match &asked.kind {
                    QuestionKind::Trouble(_) => true,
                    QuestionKind::Act { message: Some((message, _)), .. } => *message == out.message,
                    QuestionKind::Errand { send: Some(message) } => *message == out.message,
                    _ => false,
                }
        };
        let moot: Vec<EntryId> = self.case.questions.iter().filter(is_moot).map(|asked| asked.id).collect();
        for question in moot {
            self.void(question, "the message is out after all");
        }
    }

    /// The act at hand is the send, and its message is out.
    fn is_at_send(&self, run: EntryId) -> bool {
        let Some(run) = self.case.run(run) else { return false };
        self.sends_next(run) && run.message.as_ref().is_some_and(|message| message.sent)
    }

    pub(super) fn sends_next(&self, run: &Run) -> bool {
        let act = self.context.body_of(run).and_then(|body| body.acts.get(run.acts_done as usize));
        let action = act.and_then(|act| self.context.program.actions.get(act.action.index()));
        action.is_some_and(|action| action.name == "send")
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
