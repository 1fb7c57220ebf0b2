//! How far a run can go: its stage's acts, then its evidence, its question, and the first way out that is open.

use compiler::program::{StageBody, StageId, StageKind, Way, WayWhen, Workflow};
use smol_str::SmolStr;

use super::step::Stepper;
use super::{Entry, EntryId, QuestionKind, Run, guards};
use crate::calendar;

impl Stepper<'_> {
    /// Moves a run on by one thing; whether anything moved.
    pub(super) fn advance(&mut self, id: EntryId) -> bool {
        let Some(run) = self.case.run(id).cloned() else { return false };
        if run.paused.is_some() || self.context.is_switched_off("workflow", &run.workflow) {
            return false;
        }
        let Some((workflow, stage)) = self.context.stage_of(&run) else { return self.strand(&run) };
        self.end_stranding(&run, "the playbook has the stage again");
        match &stage.kind {
            StageKind::End(end) => {
                let because = end.because.clone();
                self.end(id, &end.outcome, because);
                true
            }
            StageKind::Handoff(handoff) => self.offer(&run, &stage.name, handoff),
            StageKind::Stage(body) => self.work_in(&run, workflow, body),
        }
    }

    fn work_in(&mut self, run: &Run, workflow: &Workflow, body: &StageBody) -> bool {
        let acts = u32::try_from(body.acts.len()).unwrap_or(u32::MAX);
        if run.acts_done < acts {
            if self.act(run, body) {
                return true;
            }
            // Time and events lead out of a stage whatever keeps its acts.
            return self.leave(run, workflow, body, false, false);
        }
        if self.rate(run, body) {
            return true;
        }
        let evidence = self.missing_evidence(run, body);
        let complete = evidence.is_empty();
        let waits_for_facts = evidence.iter().any(|missing| missing.of_facts);
        if !waits_for_facts && self.ask(run, body, evidence.into_iter().map(|missing| missing.words).collect()) {
            return true;
        }
        self.leave(run, workflow, body, true, complete)
    }

    /// The first way out that is open is taken.
    fn leave(&mut self, run: &Run, workflow: &Workflow, body: &StageBody, acted: bool, complete: bool) -> bool {
        let mut asked = false;
        for (number, way) in (0..).zip(&body.ways) {
            match &way.when {
                WayWhen::On(_) => {}
                WayWhen::Settled(settlements) => {
                    if run
                        .settled
                        .is_some_and(|settled| settlements.contains(&settled) || is_approval(settled, settlements))
                    {
                        self.go(run.id, workflow, way.to, &way.words);
                        return true;
                    }
                }
                WayWhen::After(period) => {
                    let client = &self.context.program.client;
                    // What comes next reckons with the letter: its time begins when that is out.
                    let is_over = calendar::no_sooner_than(run.since(), *period) <= self.now
                        && calendar::after(client, self.context.zone, run.since(), *period) <= self.now;
                    if is_over && !self.is_sending(run) {
                        self.go(run.id, workflow, way.to, &way.words);
                        return true;
                    }
                }
                WayWhen::When(guard) if acted && !asked && !run.closed.contains(&number) => {
                    match self.is_open(run, guard, complete) {
                        Open::Yes => {
                            self.go(run.id, workflow, way.to, &way.words);
                            return true;
                        }
                        Open::Provisionally(_) if self.asks_before_it_acts(workflow, way.to) => {
                            let words = format!("{} (provisional)", way.words);
                            self.go(run.id, workflow, way.to, &words.into());
                            return true;
                        }
                        Open::Provisionally(notes) => {
                            if self.ask_for_way(run, number, way, workflow, notes) {
                                return true;
                            }
                            // While a person is asked, their answer, an event and time lead on, and nothing below.
                            asked = true;
                        }
                        Open::No => {}
                    }
                }
                WayWhen::Otherwise if !asked => {
                    let settled = run.settled.is_some() || body.asks.is_empty() && acted && complete;
                    if settled {
                        self.go(run.id, workflow, way.to, &way.words);
                        return true;
                    }
                }
                WayWhen::When(_) | WayWhen::Otherwise => {}
            }
        }
        false
    }

    fn is_open(&mut self, run: &Run, guard: &compiler::program::Guard, complete: bool) -> Open {
        let mut scores = Vec::new();
        guards::routed_by(guard, &mut scores);
        let holds = guards::holds(self.context.program, &self.case, run, complete, guard, self.judge);
        let untrusted = scores.iter().copied().find(|score| !self.judge.is_trusted(*score));
        let name = |score: compiler::program::ScoreId| {
            self.context.program.scores.get(score.index()).map(|score| score.name.clone()).unwrap_or_default()
        };
        match (holds, untrusted) {
            (Some(true), None) => Open::Yes,
            (Some(true), Some(score)) => Open::Provisionally(vec![
                format!("`{}` is provisional: too few decisions are known to trust it", name(score)).into(),
            ]),
            (Some(false), _) => Open::No,
            (None, _) if scores.is_empty() => Open::No,
            (None, _) => {
                if !guards::holds_for_now(self.context.program, &self.case, run, complete, guard, self.judge) {
                    return Open::No;
                }
                let names: Vec<String> = scores.iter().map(|score| format!("`{}`", name(*score))).collect();
                Open::Provisionally(vec![
                    format!("{} could still route otherwise: facts are missing", names.join(" and ")).into(),
                ])
            }
        }
    }

    /// A provisional route may lead to a stage that does nothing outside and asks a person before anything else happens.
    fn asks_before_it_acts(&self, workflow: &Workflow, to: StageId) -> bool {
        let Some(StageKind::Stage(body)) = workflow.stages.get(to.index()).map(|stage| &stage.kind) else {
            return false;
        };
        let reaches_out = |act: &compiler::program::Act| {
            self.context.program.actions.get(act.action.index()).is_none_or(|action| action.external)
        };
        !body.asks.is_empty() && !body.acts.iter().any(reaches_out)
    }

    fn ask_for_way(&mut self, run: &Run, way: u32, wanted: &Way, workflow: &Workflow, notes: Vec<SmolStr>) -> bool {
        let is_asked = |kind: &QuestionKind| matches!(kind, QuestionKind::Way { way: asked, .. } if *asked == way);
        if self.case.questions.iter().any(|asked| asked.run == Some(run.id) && is_asked(&asked.kind)) {
            return false;
        }
        let to = workflow.stages.get(wanted.to.index()).map(|stage| stage.name.clone()).unwrap_or_default();
        let words = format!("go on to {to}? {}", wanted.words).into();
        let question = QuestionKind::Way { way, to };
        self.emit(Entry::Asked {
            run: Some(run.id),
            question,
            whom: None,
            options: vec!["approve".into(), "reject".into()],
            words,
            notes,
            due: None,
            remind: None,
        });
        true
    }

    /// Leaves a stage for another one, past caps and conditions.
    pub(super) fn go(&mut self, id: EntryId, workflow: &Workflow, to: StageId, way: &SmolStr) {
        self.drop_open(id, "the run went on");
        let Some(run) = self.case.run(id).cloned() else { return };
        let (stage, way) = self.resolve(&run, workflow, to, way.clone());
        let by = self.context.runner(&run);
        let seconds = self.now.duration_since(run.entered).as_secs();
        self.emit(Entry::Entered { run: id, from: Some(run.stage), stage, way, seconds, by });
    }

    /// Where entering a stage leads: elsewhere where it was entered too often, or is only for others.
    pub(super) fn resolve(&mut self, run: &Run, workflow: &Workflow, to: StageId, way: SmolStr) -> (SmolStr, SmolStr) {
        let (mut to, mut way) = (to, way);
        // Each turn leads away from a stage; there are no more turns than stages.
        for _ in 0..workflow.stages.len() {
            let Some(stage) = workflow.stages.get(to.index()) else { break };
            let StageKind::Stage(body) = &stage.kind else { break };
            let visits = run.visits.iter().find(|(name, _)| *name == stage.name).map_or(0, |(_, times)| *times);
            if let Some((most, instead)) = body.cap
                && visits >= most
            {
                way = format!("{way}, but {} at most {most} times", stage.name).into();
                to = instead;
                continue;
            }
            if let Some((guard, instead)) = &body.only_when
                && guards::holds(self.context.program, &self.case, run, false, guard, self.judge) != Some(true)
            {
                way = format!("{way}, but {} is skipped", stage.name).into();
                to = *instead;
                continue;
            }
            break;
        }
        (workflow.stages.get(to.index()).map(|stage| stage.name.clone()).unwrap_or_default(), way)
    }
}

/// What a guard says of a way.
enum Open {
    Yes,
    /// By a score that could still route otherwise, or that is not trusted yet.
    Provisionally(Vec<SmolStr>),
    No,
}

/// `on approved` is open to a change too: a person approved what they wrote.
fn is_approval(settled: compiler::program::Settlement, wanted: &[compiler::program::Settlement]) -> bool {
    use compiler::program::Settlement::{Approved, Changed};
    settled == Changed && wanted.contains(&Approved) && !wanted.contains(&Changed)
}
