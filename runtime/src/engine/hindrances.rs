//! What keeps a run from going on though no yes of a person changes it: no consent, no address, a stage that the playbook no longer has.
//! A person is told; once it is gone, the question goes by itself and the run goes on.

use compiler::program::StageKind;
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
        let act = body.acts.get(run.acts_done as usize)?;
        let action = self.context.program.actions.get(act.action.index())?;
        if action.name != "send" {
            return None;
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
