//! The acts of a stage, one after the other: who may do them, and how.

use std::borrow::Cow;

use compiler::program::{Act, Action, Actor, ExperimentId, Guard, Object, StageBody, Via};
use jiff::SignedDuration;
use smol_str::{SmolStr, format_smolstr};

use super::step::Stepper;
use super::{Asked, Entry, QuestionKind, Run, Verdict, guards};
use crate::experiments::Chosen;

/// An act that has to wait for somebody else's is tried again so soon.
pub(super) const RETRY: SignedDuration = SignedDuration::from_hours(1);

impl Stepper<'_> {
    /// Does the act at hand, or as much of it as can be done now; whether anything was.
    pub(super) fn act(&mut self, run: &Run, body: &StageBody) -> bool {
        if run.waits_for.is_some() || run.held.as_ref().is_some_and(|held| held.until > self.now) {
            return false;
        }
        let Some(act) = body.acts.get(run.acts_done as usize) else { return false };
        let Some(action) = self.context.program.actions.get(act.action.index()) else { return false };
        match &body.by {
            Actor::Human(role) => self.errand(run, act, action, role.clone()),
            Actor::Agent(_) => {
                let agent = self.context.actor(&body.by);
                if self.context.is_switched_off("agent", &agent) {
                    return false;
                }
                self.act_as(run, &agent, act, action)
            }
        }
    }

    /// A person's stage: a score is computed as always, anything else is theirs to do.
    fn errand(&mut self, run: &Run, act: &Act, action: &Action, role: Option<SmolStr>) -> bool {
        if let Object::Score(_) = act.object {
            let by = role.unwrap_or_else(|| "human".into());
            return self.score(run, act, &by);
        }
        if let Object::Rubric(id) = act.object
            && let Some(rubric) = self.context.program.rubrics.get(id.index())
        {
            return self.ask_to_rate(run, rubric, None, Some(run.acts_done), role);
        }
        let is_sent = action.name == "send";
        if is_sent && run.message.is_some() {
            if let Some(why) = self.left_alone(run) {
                return self.tell_of_hindrance(run.id, &format!("this cannot be sent: {why}"));
            }
            return self.hand_over_send(run, role);
        }
        self.ask_to_do(run, act, role)
    }

    /// Something that a person does: of that role, or anybody.
    pub(super) fn ask_to_do(&mut self, run: &Run, act: &Act, role: Option<SmolStr>) -> bool {
        self.emit(Entry::Asked {
            run: Some(run.id),
            question: QuestionKind::Errand { send: None },
            whom: role,
            options: vec!["done".into(), "reject".into()],
            words: act.words.clone(),
            notes: Vec::new(),
            due: None,
            remind: None,
        });
        true
    }

    fn act_as(&mut self, run: &Run, agent: &SmolStr, act: &Act, action: &Action) -> bool {
        let verdict = self.verdict(run, agent, act);
        if action.name == "send" {
            return self.send(run, agent, act, &verdict);
        }
        if !verdict.denials.is_empty() {
            return self.refuse(run, agent, &act.words, verdict.denials, verdict.waits);
        }
        let needs_a_yes = (verdict.asks.is_some() || action.external) && !run.allowed;
        let whom = verdict.asks.flatten();
        if needs_a_yes && !self.has_approved(run, act, action, whom.as_ref()) {
            return self.ask_to_act(run, act, whom);
        }
        if let Object::Score(_) = act.object {
            return self.score(run, act, agent);
        }
        let (object, channel) = self.described(run, act);
        self.emit(Entry::WorkAsked {
            run: run.id,
            agent: agent.clone(),
            action: action.name.clone(),
            words: act.words.clone(),
            object,
            channel,
        });
        true
    }

    pub(super) fn verdict(&mut self, run: &Run, agent: &SmolStr, act: &Act) -> Verdict {
        let act = match self.as_it_leaves(run, act) {
            Ok(act) => act,
            Err(why) => return Verdict { denials: vec![("permission".into(), why)], ..Verdict::default() },
        };
        let act = act.as_ref();
        let others = self.other_agents(agent);
        let (context, case) = (self.context, &self.case);
        let judge = &mut *self.judge;
        let mut holds = |guard: &Guard| guards::holds(context.program, case, run, false, guard, judge);
        context.gate.judge(&Asked { agent, act, others: &others, run: Some(run) }, &mut holds)
    }

    /// A message leaves by its own channel: that way of sending has to be allowed, whatever other one the verb alone would mean.
    fn as_it_leaves<'a>(&self, run: &Run, act: &'a Act) -> Result<Cow<'a, Act>, SmolStr> {
        let program = self.context.program;
        let is_send = program.actions.get(act.action.index()).is_some_and(|action| action.name == "send");
        let Some(message) = run.message.as_ref().filter(|_| is_send) else { return Ok(Cow::Borrowed(act)) };
        let Some(action) = program.sending(&message.channel) else {
            return Err(format_smolstr!("the playbook has no action `send {}`", message.channel));
        };
        Ok(Cow::Owned(Act { action, ..act.clone() }))
    }

    /// Says no, once for each reason; the work waits, or its run is over.
    pub(super) fn refuse(
        &mut self,
        run: &Run,
        agent: &SmolStr,
        act: &SmolStr,
        reasons: Vec<(SmolStr, SmolStr)>,
        waits: bool,
    ) -> bool {
        let why = reasons.first().map(|(_, why)| why.clone()).unwrap_or_default();
        if !waits {
            self.emit(Entry::Denied { run: Some(run.id), agent: agent.clone(), act: act.clone(), reasons });
            self.end(run.id, "denied", Some(why));
            return true;
        }
        let is_known = run.held.as_ref().is_some_and(|held| held.why == why);
        if !is_known {
            self.emit(Entry::Denied { run: Some(run.id), agent: agent.clone(), act: act.clone(), reasons });
        }
        let until = self.now.checked_add(RETRY).unwrap_or(self.now);
        self.emit(Entry::Held { run: run.id, until, why });
        // Nothing else of this run can be done before then.
        false
    }

    fn ask_to_act(&mut self, run: &Run, act: &Act, whom: Option<SmolStr>) -> bool {
        let message = run.message.as_ref().map(|message| (message.id, message.hash.clone()));
        self.emit(Entry::Asked {
            run: Some(run.id),
            question: QuestionKind::Act { act: run.acts_done, message },
            whom,
            options: vec!["approve".into(), "reject".into()],
            words: format!("may this be done: {}?", self.with_price(act)).into(),
            notes: Vec::new(),
            due: None,
            remind: None,
        });
        true
    }

    /// Whether a person has said yes to this very thing in a stage of the run, not too long ago, and nobody has used that yet.
    fn has_approved(&self, run: &Run, act: &Act, action: &Action, whom: Option<&SmolStr>) -> bool {
        let object = match &act.object {
            Object::Named(name) => name.as_str(),
            _ => "",
        };
        run.approved.iter().any(|approval| {
            approval.is_of(&action.name, object)
                && approval.until.is_some_and(|until| until > self.now)
                && whom.is_none_or(|whom| *whom == approval.by)
        })
    }

    /// `spend search_ads, for NZD 6`
    fn with_price(&self, act: &Act) -> String {
        let program = self.context.program;
        match program.actions.get(act.action.index()).and_then(|action| action.cost) {
            Some(cost) => format!("{}, for {} {cost}", act.words, program.client.currency),
            None => act.words.to_string(),
        }
    }

    fn score(&mut self, run: &Run, act: &Act, by: &SmolStr) -> bool {
        let Object::Score(id) = act.object else { return false };
        let name = self.context.program.scores.get(id.index()).map(|score| score.name.clone()).unwrap_or_default();
        if let Some(scored) = self.judge.score(&run.record, id) {
            let super::Scored { value, low, high, route, certain, layers } = scored;
            let (run, score, by) = (run.id, name, by.clone());
            self.emit(Entry::Scored { run, score, value, low, high, route, certain, layers, by });
        }
        self.emit(Entry::Acted { run: run.id, act: run.acts_done });
        true
    }

    /// The act's object and channel, as a port is told.
    fn described(&mut self, run: &Run, act: &Act) -> (SmolStr, Option<SmolStr>) {
        let program = self.context.program;
        let object = match &act.object {
            Object::None => SmolStr::default(),
            Object::Record(entity) => {
                program.entities.get(entity.index()).map(|entity| entity.name.clone()).unwrap_or_default()
            }
            Object::Score(score) => {
                program.scores.get(score.index()).map(|score| score.name.clone()).unwrap_or_default()
            }
            Object::Template(id) => {
                program.templates.get(id.index()).map(|known| known.name.clone()).unwrap_or_default()
            }
            Object::Experiment(experiment) => self.arm(run, *experiment).unwrap_or_default(),
            Object::Message => run.message.as_ref().map(|message| message.hash.clone()).unwrap_or_default(),
            Object::Rubric(id) => program.rubrics.get(id.index()).map(|known| known.name.clone()).unwrap_or_default(),
            Object::Named(name) => name.clone(),
        };
        let channel = match &act.via {
            None => None,
            Some(Via::Channel(channel)) => Some(channel.clone()),
            Some(Via::Experiment(experiment)) => self.arm(run, *experiment),
        };
        (object, channel)
    }

    /// The arm that an experiment gave the record; the first time it is chosen, and the log says so. An arm that the playbook no longer
    /// tries is chosen anew.
    fn arm(&mut self, run: &Run, id: ExperimentId) -> Option<SmolStr> {
        let experiment = self.context.program.experiments.get(id.index())?;
        let given = self.case.arms.iter().find(|(name, _)| *name == experiment.name);
        if let Some((_, arm)) = given.filter(|(_, arm)| experiment.arms.contains(arm)) {
            return Some(arm.clone());
        }
        let Chosen { arm, why } = self.judge.arm(id)?;
        let (run, experiment, chosen) = (run.id, experiment.name.clone(), arm.clone());
        self.emit(Entry::Tried { run, experiment, arm: chosen, why });
        Some(arm)
    }
}
