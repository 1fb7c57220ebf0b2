//! What the whole playbook learns from its runs: feedback that asks a person, and kill signals that pause what does not work. Looked at
//! once a day of the client's; each batch and each signal speaks once.

use compiler::program::{Condition, Program, Score, Subject};
use jiff::Timestamp;
use smol_str::{SmolStr, format_smolstr};

use super::{RunError, Runner, Worked};
use crate::crm::log::{Decision, Means, Sealed, decisions_of};
use crate::engine::{Entry, EntryId, Judge as _, QuestionKind, RecordRef};
use crate::metrics::feedback::{due, ended_runs};
use crate::metrics::{Decisions, Finding, KillSignal, KillVerdict, Observed, decisions, kill_signals};
use crate::shell::FactJudge;

/// The cursor with the day of the last look.
const REVIEWED: &str = "reviewed";

impl Runner {
    /// Looks at what the runs show, once a day.
    pub(super) fn review(&mut self, now: Timestamp) -> Result<Worked, RunError> {
        let program = std::sync::Arc::clone(&self.book.program);
        let learns = |score: &Score| score.kill.is_some() || score.learn.is_some() && score.trust_after.is_some();
        if program.feedback.is_empty() && !program.scores.iter().any(learns) {
            return Ok(Worked::default());
        }
        let day = crate::calendar::day_start(&self.book.zone, now).as_second() / 86_400;
        if self.crm.cursor(REVIEWED)? >= day {
            return Ok(Worked::default());
        }
        let observed = Observed::read(&self.crm, &program, &self.book.zone, now)?;
        let mut decision = Decision { seen: vec![(REVIEWED.into(), day)], ..Decision::default() };
        self.feed_back(&program, &observed, &mut decision)?;
        for signal in kill_signals(&program, &self.book.zone, now, &observed) {
            self.kill(&program, &signal, &mut decision)?;
        }
        self.count_decisions(&program, &observed, now, &mut decision)?;
        let entries = decision.entries.len();
        let mut means = Means { now, zone: &self.book.zone, randomness: &mut *self.randomness };
        self.crm.declare(&decision, &mut means)?;
        self.read_switches()?;
        Ok(Worked { entries, ..Worked::default() })
    }

    /// What `trust after` counts. It never gets less: what was known once is not unlearned because a field was changed.
    fn count_decisions(
        &mut self,
        program: &Program,
        observed: &Observed,
        now: Timestamp,
        decision: &mut Decision,
    ) -> Result<(), RunError> {
        let scorer = self.scorer(now)?;
        let (crm, book) = (&self.crm, &self.book);
        for score in program.scores.iter().filter(|score| score.trust_after.is_some()) {
            let mut failed = None;
            let holds = |record: &RecordRef, condition: &Condition| {
                let mut judge = FactJudge::new(crm, book, &scorer, now, record);
                let holds = judge.holds(record, Subject::Own(score.entity), condition);
                failed = failed.take().or(judge.failed);
                holds
            };
            let known = decisions(program, score, &book.zone, now, observed, holds);
            if let Some(error) = failed {
                return Err(error);
            }
            let known = known.map_or(0, Decisions::known);
            decision.seen.push((decisions_of(&score.name), i64::try_from(known).unwrap_or(i64::MAX)));
        }
        Ok(())
    }

    fn feed_back(&self, program: &Program, observed: &Observed, decision: &mut Decision) -> Result<(), RunError> {
        for (number, feedback) in program.feedback.iter().enumerate() {
            let Some(from) = program.workflows.get(feedback.from.index()) else { continue };
            let cursor = format_smolstr!("feedback:{number}:{}", from.name);
            let after = EntryId(self.crm.cursor(&cursor)?);
            let ended = ended_runs(program, &observed.journal, &from.name);
            let Some(batch) = due(feedback, &ended, after) else { continue };
            let to = program.workflows.get(feedback.to.index()).map(|to| to.name.clone()).unwrap_or_default();
            let runs: Vec<String> = batch.runs.iter().map(ToString::to_string).collect();
            let verbs: Vec<&str> = feedback.ask.options.iter().map(SmolStr::as_str).collect();
            let words = format_smolstr!(
                "{} runs of {} ended as {} for the same reason, `{}`: {} {} for {to}?",
                feedback.count,
                from.name,
                feedback.outcome,
                batch.reason,
                verbs.join(" or "),
                feedback.ask.about
            );
            let notes = vec![format_smolstr!("the runs are {}", runs.join(", "))];
            decision.entries.push(asked(feedback.ask.whom.clone(), words, notes));
            decision.seen.push((cursor, batch.upto.0));
        }
        Ok(())
    }

    fn kill(&self, program: &Program, signal: &KillSignal, decision: &mut Decision) -> Result<(), RunError> {
        let Some(score) = program.scores.iter().find(|score| score.name == signal.score) else { return Ok(()) };
        let Some(kill) = score.kill.as_ref().filter(|_| signal.verdict == KillVerdict::Kill) else { return Ok(()) };
        // A changed playbook has to show anew that it works.
        let cursor = format_smolstr!("kill:{}:{}", score.name, self.book.version);
        if self.crm.cursor(&cursor)? != 0 {
            return Ok(());
        }
        let seen = &signal.seen;
        let why = format_smolstr!(
            "of {} scored contacts {} had `{}`, fewer than {}",
            signal.decided,
            seen.hits,
            signal.event,
            signal.fewer_than
        );
        for paused in kill.pause.iter().filter_map(|workflow| program.workflows.get(workflow.index())) {
            let what = format_smolstr!("workflow {}", paused.name);
            let by = format_smolstr!("the kill signal of {}", score.name);
            decision.entries.push(Entry::Switched { what, paused: true, by, why: Some(why.clone()) }.into());
        }
        if let Some((whom, by_layer)) = &kill.ask {
            let notes = if *by_layer { diagnosis(signal) } else { Vec::new() };
            let words = format_smolstr!("{why}: what is wrong with `{}`?", score.name);
            decision.entries.push(asked(whom.clone(), words, notes));
        }
        decision.seen.push((cursor, 1));
        Ok(())
    }
}

/// How often this would be said of a playbook that works, and which layers fail.
fn diagnosis(signal: &KillSignal) -> Vec<SmolStr> {
    let mut notes: Vec<SmolStr> = Vec::new();
    for rate in signal.error_rates.iter().filter(|rate| rate.killed >= 0.01) {
        notes.push(format_smolstr!(
            "were {}% of them to have it, this would be said {:.0} times of 100",
            rate.true_rate,
            rate.killed * 100.0
        ));
    }
    for layer in &signal.layers {
        let finding = match layer.finding {
            Finding::WrongWay => "those with it have fewer points",
            Finding::TellsNothing => "its points do not tell who has it",
            Finding::TellsApart => "its points tell who has it",
            Finding::Undefined => "too few have it to say",
        };
        notes.push(format_smolstr!("layer {}: {finding}", layer.layer));
    }
    notes
}

fn asked(whom: Option<SmolStr>, words: SmolStr, notes: Vec<SmolStr>) -> Sealed {
    Sealed::from(Entry::Asked {
        run: None,
        question: QuestionKind::Review,
        whom,
        options: vec!["approve".into(), "reject".into()],
        words,
        notes,
        due: None,
        remind: None,
    })
}
