//! Feedback: what one workflow learns from how another one ends.

use language::syntax::{self, DeclarationKind};

use super::Lowering;
use super::recorded::Named;
use crate::codes::workflows::unknown_outcome;
use crate::modules::Declared;
use crate::program::Feedback;

impl Lowering<'_> {
    pub(super) fn lower_feedback(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            if let DeclarationKind::Feedback(feedback) = &declared.declaration.kind {
                self.feedback(declared, feedback);
            }
        }
    }

    fn feedback(&mut self, declared: &Declared, feedback: &syntax::Feedback) {
        let file = declared.file;
        let from = self.workflow_named(file, &feedback.from);
        let to = self.workflow_named(file, &feedback.to);
        for line in &feedback.lines {
            let count = self.whole(file, line.count.value, line.count.span, 2, u32::MAX);
            let ask = self.ask(file, &line.ask);
            let mut fits = true;
            if let Some(shape) = from.and_then(|from| self.names.machine(from))
                && !shape.outcomes.contains(&line.outcome.text)
            {
                fits = false;
                if !shape.incomplete {
                    let found = unknown_outcome::diagnostic(file, &line.outcome, &shape.name, &shape.outcomes);
                    self.report(found);
                }
            }
            if let (Some(from), true) = (from, fits) {
                self.note(file, line.outcome.span, Named::Outcome(from));
            }
            if let (Some(from), Some(to), Some(count), Some(ask), true) = (from, to, count, ask, fits) {
                let (outcome, in_a_row) = (line.outcome.text.clone(), line.in_a_row);
                let origin = self.origin(file, line.span);
                self.said.feedback.push(Feedback { from, to, count, outcome, in_a_row, ask, origin });
            }
        }
    }
}
