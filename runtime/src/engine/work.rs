//! What agents bring back, and what they ask to do from outside.

use compiler::program::{Act, Guard};
use smol_str::SmolStr;

use super::step::Stepper;
use super::{ACCEPT, Asked, Entry, EntryId, Reach, Refusal, Sending, WorkResult, guards};

/// What ports do. Whatever else there is an action for is an errand of a person's.
const SERVED: [&str; 5] = ["research", "write", "rate", "analyse", "schedule"];

/// Nobody but the engine uses an approval, so from outside there never is one.
const UNASKED: &str = "no person has approved this: it has to come out of a stage that asks";

impl Stepper<'_> {
    pub(super) fn work_done(&mut self, id: EntryId, result: &WorkResult) -> Result<(), Refusal> {
        let work = self.case.work.iter().find(|work| work.id == id).cloned().ok_or(Refusal::NotUnderWay(id))?;
        let was_waited_for = self.case.run(work.run).is_some_and(|run| run.waits_for == Some(id));
        self.emit(Entry::WorkDone { work: id, result: result.clone() });
        // A rating that evidence needed is no act of the stage; neither is work whose stage the run has left.
        let is_act = was_waited_for && work.action != ACCEPT && self.is_at_act(work.run, &work.action);
        let act = self.case.run(work.run).map(|run| run.acts_done).filter(|_| is_act);
        let is_confirmed = !was_waited_for || !self.confirm(&work, result, act);
        if let Some(act) = act.filter(|_| is_confirmed) {
            self.emit(Entry::Acted { run: work.run, act });
        }
        Ok(())
    }

    fn is_at_act(&self, run: EntryId, action: &str) -> bool {
        let Some(run) = self.case.run(run) else { return false };
        let act = self.context.body_of(run).and_then(|body| body.acts.get(run.acts_done as usize));
        let known = act.and_then(|act| self.context.program.actions.get(act.action.index()));
        known.is_some_and(|known| known.name == action)
    }

    pub(super) fn work_failed(&mut self, id: EntryId, why: &SmolStr) -> Result<(), Refusal> {
        let work = self.case.work.iter().find(|work| work.id == id).cloned().ok_or(Refusal::NotUnderWay(id))?;
        let run = self.case.run(work.run).filter(|run| run.waits_for == Some(id)).cloned();
        self.emit(Entry::WorkFailed { work: id, why: why.clone() });
        // What no port does, a person does.
        if let Some(run) = run.filter(|_| work.action != ACCEPT && !SERVED.contains(&work.action.as_str()))
            && let Some(act) = self.context.body_of(&run).and_then(|body| body.acts.get(run.acts_done as usize))
        {
            self.ask_to_do(&run, act, None);
            return Ok(());
        }
        self.ask_about_trouble(work.run, id, &format!("{} could not {}: {why}", work.agent, work.action));
        Ok(())
    }

    /// An agent wants to act from outside: every check that fails is reported, in order.
    pub(super) fn tried(&mut self, agent: &SmolStr, act: &Act) {
        let others = self.other_agents(agent);
        let (context, case) = (self.context, &self.case);
        let judge = &mut *self.judge;
        let nobody = super::starts::nobody(&case.record);
        let run = case.runs.last().unwrap_or(&nobody);
        let mut holds = |guard: &Guard| guards::holds(context.program, case, run, false, guard, judge);
        let verdict = context.gate.judge(&Asked { agent, act, others: &others, run: None }, &mut holds);
        let mut reasons: Vec<(SmolStr, SmolStr)> = context.paused(agent).into_iter().collect();
        reasons.extend(verdict.denials);
        let action = context.program.actions.get(act.action.index());
        if action.is_some_and(|action| action.external) || verdict.asks.is_some() {
            reasons.push(("approval".into(), UNASKED.into()));
        }
        if action.is_some_and(|action| action.name == "send") {
            let channel = match &act.via {
                Some(compiler::program::Via::Channel(channel)) => channel.clone(),
                _ => "email".into(),
            };
            match self.judge.may_send(&channel) {
                Sending::Now => {}
                Sending::Later(_, why) => reasons.push(("contact policy".into(), why)),
                Sending::Never(whys) => reasons.extend(whys.into_iter().map(|why| ("contact policy".into(), why))),
            }
        }
        self.say(agent, &act.words, reasons);
    }

    /// An agent wants to see or change something by itself.
    pub(super) fn reached(&mut self, agent: &SmolStr, reaches: &[Reach], words: &SmolStr) {
        let others = self.other_agents(agent);
        let (context, case) = (self.context, &self.case);
        let judge = &mut *self.judge;
        let nobody = super::starts::nobody(&case.record);
        let run = case.runs.last().unwrap_or(&nobody);
        let mut holds = |guard: &Guard| guards::holds(context.program, case, run, false, guard, judge);
        let verdict = context.gate.reach(agent, reaches, &others, &mut holds);
        // Who only looks may do so meanwhile.
        let paused = context.paused(agent).filter(|_| !reaches.iter().all(Reach::is_reading));
        let mut reasons: Vec<(SmolStr, SmolStr)> = paused.into_iter().collect();
        reasons.extend(verdict.denials);
        if verdict.asks.is_some() {
            reasons.push(("approval".into(), UNASKED.into()));
        }
        self.say(agent, words, reasons);
    }

    fn say(&mut self, agent: &SmolStr, act: &SmolStr, reasons: Vec<(SmolStr, SmolStr)>) {
        let (agent, act) = (agent.clone(), act.clone());
        if reasons.is_empty() {
            self.emit(Entry::Allowed { agent, act });
        } else {
            self.emit(Entry::Denied { run: None, agent, act, reasons });
        }
    }
}
