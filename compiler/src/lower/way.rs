//! Ways out of a stage: by a condition, by what happens, by how a question was settled, by time.

use language::Span;
use language::syntax::{self, Name, Path, Way as SyntaxWay};

use super::Lowering;
use super::guard::{At, Place};
use crate::codes::workflows::{answer_and_event, answer_without_question};
use crate::nearest::nearest;
use crate::program::{FileId, Settlement, Way, WayWhen, WorkflowId};

/// How a question can be settled, as it is written.
pub(crate) const SETTLEMENTS: &[(&str, Settlement)] = &[
    ("approved", Settlement::Approved),
    ("changed", Settlement::Changed),
    ("rejected", Settlement::Rejected),
    ("expired", Settlement::Expired),
];

/// The settlement that is written so.
pub(super) fn settlement(word: &Name) -> Option<Settlement> {
    SETTLEMENTS.iter().find(|(written, _)| *written == word.text).map(|(_, settlement)| *settlement)
}

impl Lowering<'_> {
    /// A way out; `asked` where its stage asks something.
    pub(super) fn way(&mut self, file: FileId, next: &syntax::Next, workflow: WorkflowId, asked: bool) -> Option<Way> {
        let entity = self.names.machine(workflow).and_then(|shape| shape.entity);
        let to = self.stage_named(file, workflow, &next.target);
        let when = match &next.way {
            SyntaxWay::When(condition) => self.guard(condition, At::new(file, entity, Place::Way)).map(WayWhen::When),
            SyntaxWay::On(paths) => self.on(file, paths, next.span, asked),
            SyntaxWay::After(duration) => self.period(file, *duration).map(WayWhen::After),
            SyntaxWay::Otherwise => Some(WayWhen::Otherwise),
        };
        Some(Way {
            to: to?,
            when: when?,
            because: next.because.as_ref().map(|because| because.value.clone()),
            words: self.words(file, Span::new(next.target.span.start, next.span.end)),
            origin: self.origin(file, next.span),
        })
    }

    /// What happens, or how the question was settled; never both.
    fn on(&mut self, file: FileId, paths: &[Path], span: Span, asked: bool) -> Option<WayWhen> {
        let mut answers = Vec::new();
        let mut events = Vec::new();
        let mut places = (None, None);
        let mut whole = true;
        for path in paths {
            let word = match path.parts.as_slice() {
                [word] => Some(word),
                _ => None,
            };
            if let Some(settlement) = word.and_then(settlement) {
                places.0.get_or_insert(path.span);
                if !answers.contains(&settlement) {
                    answers.push(settlement);
                }
                continue;
            }
            let known = SETTLEMENTS.iter().map(|(written, _)| *written);
            if let Some(word) = word
                && let Some(meant) = nearest(&word.text, known)
            {
                self.report(answer_without_question::mistyped(file, word, meant));
                whole = false;
                continue;
            }
            places.1.get_or_insert(path.span);
            match self.event(file, path) {
                Some(event) if !events.contains(&event) => events.push(event),
                Some(_) => {}
                None => whole = false,
            }
        }
        if let (Some(answer), Some(event)) = places {
            self.report(answer_and_event::diagnostic(file, span, answer, event));
            return None;
        }
        if let (Some(answer), false) = (places.0, asked) {
            let written = self.text(file, answer);
            self.report(answer_without_question::diagnostic(file, answer, written));
            return None;
        }
        if !whole {
            return None;
        }
        Some(if answers.is_empty() { WayWhen::On(events) } else { WayWhen::Settled(answers) })
    }
}
