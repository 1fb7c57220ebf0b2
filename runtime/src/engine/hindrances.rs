//! What keeps a run from going on though no yes of a person changes it: no consent, no address, a stage that the playbook no longer has.
//! A person is told; once it is gone, the question goes by itself and the run goes on.

use compiler::program::{Actor, StageKind};
use smol_str::{SmolStr, format_smolstr};

use super::step::{ENGINE, Stepper};
use super::{EntryId, Question, QuestionKind, Run, Sending};

impl Stepper<'_> {
    /// Settles the questions whose reason is gone.
    pub(super) fn lift_hindrances(&mut self) {
        let told: Vec<(EntryId, EntryId)> = self
            .case
            .questions
            .iter()
            .filter_map(|asked| Some((asked.id, asked.run.filter(|run| asked.kind == QuestionKind::Trouble(*run))?)))
            .collect();
        for (question, run) in told {
            let Some(run) = self.case.run(run).filter(|run| run.paused.is_none()).cloned() else { continue };
            if self.hindrance(&run).is_none() {
                self.void(question, "what kept it is gone");
            }
        }
    }

    /// Withdraws what asks a person to approve a message, or to carry one, to somebody who must not be written to any more.
    pub(super) fn withdraw_messages(&mut self) {
        let about = |asked: &Question| {
            let run = asked.run.and_then(|run| self.case.run(run))?;
            let message = run.message.as_ref().filter(|message| !message.sent)?;
            let is_about_it = match &asked.kind {
                QuestionKind::Stage { message: Some((id, _)) } | QuestionKind::Errand { send: Some(id) } => {
                    *id == message.id
                }
                QuestionKind::Act { message: Some((id, _)), .. } => *id == message.id && self.sends_next(run),
                _ => false,
            };
            is_about_it.then(|| (asked.id, message.channel.clone()))
        };
        let asked: Vec<(EntryId, SmolStr)> = self.case.questions.iter().filter_map(about).collect();
        for (question, channel) in asked {
            if let Some(why) = self.judge.left_alone(&channel) {
                self.void(question, &format!("the contact must not be written to any more: {why}"));
            }
        }
    }

    /// Why nobody is asked about the run's message any more.
    pub(super) fn left_alone(&mut self, run: &Run) -> Option<SmolStr> {
        let message = run.message.as_ref().filter(|message| !message.sent)?;
        self.judge.left_alone(&message.channel)
    }

    /// What of a question a yes does not change.
    pub(super) fn keeps(&mut self, question: &Question) -> Option<SmolStr> {
        let run = question.run.filter(|run| question.kind == QuestionKind::Trouble(*run))?;
        let run = self.case.run(run).filter(|run| run.paused.as_deref() != Some(ENGINE)).cloned()?;
        self.hindrance(&run)
    }

    fn hindrance(&mut self, run: &Run) -> Option<SmolStr> {
        let Some((_, stage)) = self.context.stage_of(run) else {
            return Some(format_smolstr!("the playbook no longer has {}.{}", run.workflow, run.stage));
        };
        let StageKind::Stage(body) = &stage.kind else { return None };
        let asks = run.settled.is_none() && body.asks.first().is_some_and(|ask| ask.message);
        if asks && let Some(why) = self.left_alone(run) {
            return Some(why);
        }
        let act = body.acts.get(run.acts_done as usize)?;
        let action = self.context.program.actions.get(act.action.index())?;
        if action.name != "send" {
            return None;
        }
        if matches!(body.by, Actor::Human(_)) {
            return self.left_alone(run);
        }
        let Some(message) = run.message.as_ref().filter(|message| !message.sent) else {
            return Some(SmolStr::new_static(super::sends::NOTHING_TO_SEND));
        };
        match self.judge.may_send(&message.channel) {
            Sending::Never(whys) => Some(whys.join("; ").into()),
            Sending::Now | Sending::Later(..) => None,
        }
    }
}
