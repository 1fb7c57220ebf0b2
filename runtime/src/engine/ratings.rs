//! Ratings by a rubric that a person gives, or confirms where the rubric says so: until then what an agent says counts for nothing.

use compiler::program::{Actor, Fixed, Rubric, RubricText};
use smol_str::{SmolStr, format_smolstr};

use super::step::Stepper;
use super::{Answer, Entry, EntryId, Question, QuestionKind, Refusal, Run, Work, WorkResult};

impl<'s> Stepper<'s> {
    /// Asks a person to rate, or to confirm what an agent says: about the act at hand, or for evidence alone.
    pub(super) fn ask_to_rate(
        &mut self,
        run: &Run,
        rubric: &Rubric,
        proposed: Option<Fixed>,
        act: Option<u32>,
        whom: Option<SmolStr>,
    ) -> bool {
        let message = run.message.as_ref().filter(|_| rubric.from == RubricText::Message);
        let message = message.map(|message| (message.id, message.hash.clone()));
        let name = &rubric.name;
        let (words, options) = match proposed {
            // Who only confirms ends no run by it: whatever they think of the rating, they can say which one is right.
            Some(value) => (format!("is {value} right as {name}?"), vec!["approve".into(), "rate".into()]),
            None => (format!("rate {name}"), vec!["rate".into(), "reject".into()]),
        };
        self.emit(Entry::Asked {
            run: Some(run.id),
            question: QuestionKind::Rating { rubric: name.clone(), message, proposed, act },
            whom,
            options,
            words: words.into(),
            notes: Vec::new(),
            due: None,
            remind: None,
        });
        true
    }

    /// An agent has rated: whether a person is asked to confirm it. Where nobody has to, it counts as it is.
    pub(super) fn confirm(&mut self, work: &Work, result: &WorkResult, act: Option<u32>) -> bool {
        let WorkResult::Rated { rubric, value, message } = result else { return false };
        let Some(rubric) = self.rubric(rubric) else { return false };
        let Some(run) = self.case.run(work.run).cloned() else { return false };
        let of_message = rubric.from == RubricText::Message;
        let stands = run.message.as_ref().is_some_and(|known| Some(&known.hash) == message.as_ref());
        if of_message && !stands {
            return false;
        }
        if let Some(whom) = &rubric.confirmed_by {
            return self.ask_to_rate(&run, rubric, *value, act, whom.clone());
        }
        if let (false, Some(value)) = (of_message, value) {
            let (rubric, level, by) = (rubric.name.clone(), level(rubric, *value), work.agent.clone());
            self.emit(Entry::Rated { run: run.id, rubric, value: *value, level, message: None, by, answer: None });
        }
        false
    }

    /// What a person's answer to a question for a rating says; nothing where it says no.
    pub(super) fn value_of(&self, question: &Question, answer: &Answer) -> Result<Option<Fixed>, Refusal> {
        let QuestionKind::Rating { rubric, proposed, .. } = &question.kind else { return Ok(None) };
        let Some(rubric) = self.rubric(rubric) else { return Ok(*proposed) };
        let id = question.id;
        let value = match answer {
            Answer::Rate { value } => *value,
            Answer::Approve { .. } | Answer::Done => match proposed {
                Some(value) => *value,
                None => {
                    return Err(Refusal::NoRating { question: id, rubric: rubric.name.clone(), levels: span(rubric) });
                }
            },
            Answer::Reject | Answer::Change { .. } => return Ok(None),
        };
        let points = || rubric.lines.iter().map(|(points, _)| *points);
        if points().min().is_some_and(|least| value < least) || points().max().is_some_and(|most| value > most) {
            let (rubric, levels) = (rubric.name.clone(), span(rubric));
            return Err(Refusal::NoSuchRating { question: id, rubric, value, levels });
        }
        Ok(Some(value))
    }

    /// A person has rated. Whoever the rubric names confirms it, where that is somebody else.
    pub(super) fn rated(&mut self, question: &Question, answer: EntryId, value: Fixed, by: &SmolStr) {
        let QuestionKind::Rating { rubric, message, act, .. } = &question.kind else { return };
        let Some(run) = question.run.and_then(|run| self.case.run(run)).cloned() else { return };
        if let Some(known) = self.rubric(rubric) {
            if let Some(Some(whom)) = &known.confirmed_by
                && whom != by
            {
                self.ask_to_rate(&run, known, Some(value), *act, Some(whom.clone()));
                return;
            }
            self.emit(Entry::Rated {
                run: run.id,
                rubric: rubric.clone(),
                value,
                level: level(known, value),
                message: message.as_ref().map(|(_, hash)| hash.clone()),
                by: by.clone(),
                answer: Some(answer),
            });
        }
        if let Some(act) = act {
            self.emit(Entry::Acted { run: run.id, act: *act });
        }
    }

    /// Whom a stage asks for a rating where no agent runs it.
    pub(super) fn rater(by: &Actor) -> Option<Option<SmolStr>> {
        match by {
            Actor::Human(role) => Some(role.clone()),
            Actor::Agent(_) => None,
        }
    }

    pub(super) fn rubric(&self, name: &str) -> Option<&'s Rubric> {
        self.context.program.rubrics.iter().find(|rubric| rubric.name == name)
    }
}

/// From the lowest line to the highest: `from 0 to 5`.
fn span(rubric: &Rubric) -> SmolStr {
    let points = || rubric.lines.iter().map(|(points, _)| *points);
    let (least, most) = (points().min().unwrap_or_default(), points().max().unwrap_or_default());
    format_smolstr!("from {least} to {most}")
}

/// What a rating means by the rubric's lines: its own, or the two that it stands between.
fn level(rubric: &Rubric, value: Fixed) -> SmolStr {
    let below = rubric.lines.iter().filter(|(points, _)| *points <= value).max_by_key(|(points, _)| *points);
    let above = rubric.lines.iter().filter(|(points, _)| *points >= value).min_by_key(|(points, _)| *points);
    match (below, above) {
        (Some((points, words)), _) if *points == value => words.clone(),
        (Some((_, below)), Some((_, above))) => {
            format_smolstr!("between \u{201c}{below}\u{201d} and \u{201c}{above}\u{201d}")
        }
        (Some((_, words)), None) | (None, Some((_, words))) => words.clone(),
        (None, None) => SmolStr::default(),
    }
}
