//! Runs whose stage the playbook at work no longer has: each stays where it is, visibly, until a person says where it goes on, or the
//! stage is back.

use smol_str::SmolStr;

use super::step::Stepper;
use super::{Entry, EntryId, Question, QuestionKind, Run};

impl Stepper<'_> {
    /// Asks where a run goes on whose stage is gone; whether it did.
    pub(super) fn strand(&mut self, run: &Run) -> bool {
        let workflow = self.context.workflow(&run.workflow);
        let to = workflow.and_then(|workflow| workflow.stages.first()).map(|stage| stage.name.clone());
        let question = QuestionKind::Stranded { stage: run.stage.clone(), to: to.clone() };
        if self.case.questions.iter().any(|asked| asked.run == Some(run.id) && asked.kind == question) {
            return false;
        }
        self.end_stranding(run, "the playbook was changed again");
        let (options, words) = match to {
            Some(to) => (
                vec!["approve".into(), "reject".into()],
                format!(
                    "{} no longer has the stage {}, where this run is: approve to go on to {to}, reject to end this run",
                    run.workflow, run.stage
                ),
            ),
            None => (
                vec!["reject".into()],
                format!(
                    "the playbook no longer has the workflow {}, of which this run is in {}: reject to end this run; it goes on \
                     by itself where the workflow comes back",
                    run.workflow, run.stage
                ),
            ),
        };
        self.emit(Entry::Asked {
            run: Some(run.id),
            question,
            whom: None,
            options,
            words: words.into(),
            notes: Vec::new(),
            due: None,
            remind: None,
        });
        true
    }

    /// What was asked about a stage that was gone is no question any more.
    pub(super) fn end_stranding(&mut self, run: &Run, why: &str) {
        let is_about =
            |asked: &&Question| asked.run == Some(run.id) && matches!(asked.kind, QuestionKind::Stranded { .. });
        if let Some(asked) = self.case.questions.iter().find(is_about).map(|asked| asked.id) {
            self.void(asked, why);
        }
    }

    /// A person has said that a run whose stage is gone goes on.
    pub(super) fn go_on_from(&mut self, run: EntryId, stage: &SmolStr, to: &SmolStr) {
        let workflow = self.case.run(run).and_then(|run| self.context.workflow(&run.workflow));
        if let Some(workflow) = workflow
            && let Some(to) = workflow.stage(to)
        {
            self.go(run, workflow, to, &format!("{stage} is gone").into());
        }
    }
}
