//! What a stage requires before it asks and goes on.

use compiler::program::{RubricId, StageBody};
use smol_str::SmolStr;

use super::step::Stepper;
use super::{Entry, Run, guards};

/// Evidence that is not there.
pub(super) struct Missing {
    /// As written.
    pub(super) words: SmolStr,
    /// It may still come in; what rates a message is final for that message.
    pub(super) of_facts: bool,
}

impl Stepper<'_> {
    /// Asks for the first rating of the message that the stage's evidence needs and that nobody gave; whether it did.
    pub(super) fn rate(&mut self, run: &Run, body: &StageBody) -> bool {
        let Some(message) = &run.message else { return false };
        if run.waits_for.is_some() {
            return false;
        }
        let mut rubrics: Vec<RubricId> = Vec::new();
        body.requires.iter().for_each(|requirement| guards::rated_by(&requirement.guard, &mut rubrics));
        let names = rubrics.iter().filter_map(|rubric| self.context.program.rubrics.get(rubric.index()));
        let unrated =
            names.map(|rubric| &rubric.name).find(|name| !message.ratings.iter().any(|(known, _)| known == *name));
        let Some(rubric) = unrated.cloned() else { return false };
        if let (Some(whom), Some(rubric)) = (Self::rater(&body.by), self.rubric(&rubric)) {
            return self.ask_to_rate(run, rubric, None, None, whom);
        }
        let Some(agent) = self.context.agent_of(run) else { return false };
        self.emit(Entry::WorkAsked {
            run: run.id,
            agent,
            action: "rate".into(),
            words: format!("rate message by {rubric}").into(),
            object: rubric,
            channel: None,
        });
        true
    }

    /// What does not hold, or is not known to hold.
    pub(super) fn missing_evidence(&mut self, run: &Run, body: &StageBody) -> Vec<Missing> {
        let mut missing = Vec::new();
        for requirement in &body.requires {
            if guards::holds(self.context.program, &self.case, run, false, &requirement.guard, self.judge) != Some(true)
            {
                let mut rubrics = Vec::new();
                guards::rated_by(&requirement.guard, &mut rubrics);
                missing.push(Missing { words: requirement.words.clone(), of_facts: rubrics.is_empty() });
            }
        }
        missing
    }
}
