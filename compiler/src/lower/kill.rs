//! `kill`: the signal that a score does not work, and what happens then.

use language::Span;
use language::syntax::{self, KillClause};

use super::Lowering;
use super::recorded::Named;
use super::start::plural;
use crate::codes::workflows::{bad_split, said_twice, wrong_plural};
use crate::program::{EntityId, FileId, Kill};

impl Lowering<'_> {
    pub(super) fn kill(&mut self, file: FileId, kill: &syntax::Kill, entity: Option<EntityId>) -> Option<Kill> {
        let scored = self.whole(file, kill.scored.value, kill.scored.span, 1, u32::MAX);
        let fewer_than = self.whole(file, kill.fewer_than.value, kill.fewer_than.span, 1, u32::MAX);
        if let Some(entity) = entity {
            let plural = plural(&self.entity_name(entity));
            if kill.entity.text == plural {
                self.note(file, kill.entity.span, Named::Entity(entity));
            } else {
                self.report(wrong_plural::diagnostic(file, &kill.entity, &plural));
            }
        }
        let event = self.event(file, &kill.event);
        let within = self.period(file, kill.within);
        let mut pause = Vec::new();
        let mut ask = None;
        let mut asked: Option<Span> = None;
        for clause in &kill.clauses {
            match clause {
                KillClause::Pause { workflow, .. } => pause.extend(self.workflow_named(file, workflow)),
                KillClause::Diagnose { whom, by, span } => {
                    if let Some(first) = asked {
                        self.report(said_twice::diagnostic(file, "ask", *span, (file, first)));
                        continue;
                    }
                    asked = Some(*span);
                    if let Some(by) = by.as_ref().filter(|by| by.text != "layer") {
                        self.report(bad_split::diagnostic(file, by));
                    }
                    ask = self.person(file, whom).map(|whom| (whom, by.is_some()));
                }
            }
        }
        Some(Kill {
            scored: scored?,
            fewer_than: fewer_than?,
            event: event?,
            within: within?,
            pause,
            ask,
            origin: self.origin(file, kill.span),
        })
    }
}
