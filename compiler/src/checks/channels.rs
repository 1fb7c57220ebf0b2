//! Over which channels a message may leave: the run's last `write` says so, with all arms of an experiment. What is sent is judged as
//! that way of sending.
//!
//! Every way out is taken to be open: what guards say is not looked at.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::program::{Act, ActionId, Actor, Program, StageBody, StageKind, Via, WayWhen, Workflow};

/// A message that names no channel is an e-mail.
const USUAL: &str = "email";

/// What a run's message may go over, by the stage that the run comes to; none where it never does.
pub(crate) struct Channels<'p> {
    program: &'p Program,
    workflow: &'p Workflow,
    at: Vec<Option<BTreeSet<SmolStr>>>,
}

impl<'p> Channels<'p> {
    /// Follows the workflow's messages from its first stage.
    pub(crate) fn new(program: &'p Program, workflow: &'p Workflow) -> Self {
        let mut channels = Self { program, workflow, at: vec![None; workflow.stages.len()] };
        let mut open = vec![(0, BTreeSet::new())];
        while let Some((stage, coming)) = open.pop() {
            let Some(slot) = channels.at.get_mut(stage) else { continue };
            let known = match slot {
                Some(known) if known.is_superset(&coming) => continue,
                Some(known) => known.union(&coming).cloned().collect(),
                None => coming,
            };
            *slot = Some(known.clone());
            open.extend(channels.onward(stage, known));
        }
        channels
    }

    /// What an act amounts to: itself, or each way of sending that its message may go by.
    pub(crate) fn actions(&self, stage: usize, number: usize) -> Vec<ActionId> {
        let Some(body) = self.body(stage) else { return Vec::new() };
        let Some(act) = body.acts.get(number) else { return Vec::new() };
        let known = self.at.get(stage).and_then(Option::as_ref);
        if !self.is_send(act) {
            return vec![act.action];
        }
        let states = self.states(body, known.cloned().unwrap_or_default());
        let over = states.get(number).into_iter().flatten();
        let mut actions: Vec<ActionId> = over.filter_map(|channel| self.program.sending(channel)).collect();
        actions.dedup();
        if actions.is_empty() {
            actions.push(act.action);
        }
        actions
    }

    fn body(&self, stage: usize) -> Option<&'p StageBody> {
        match &self.workflow.stages.get(stage)?.kind {
            StageKind::Stage(body) => Some(body),
            StageKind::Handoff(_) | StageKind::End(_) => None,
        }
    }

    fn is_send(&self, act: &Act) -> bool {
        self.program.actions.get(act.action.index()).is_some_and(|action| action.name == "send")
    }

    /// Where a run gets from a stage, its door among it, and what its message may go over then.
    fn onward(&self, stage: usize, known: BTreeSet<SmolStr>) -> Vec<(usize, BTreeSet<SmolStr>)> {
        let Some(body) = self.body(stage) else { return Vec::new() };
        let mut onward: Vec<(usize, BTreeSet<SmolStr>)> = Vec::new();
        onward.extend(body.cap.map(|(_, then)| (then.index(), known.clone())));
        onward.extend(body.only_when.as_ref().map(|(_, other)| (other.index(), known.clone())));
        let states = self.states(body, known);
        for way in &body.ways {
            // What happens and what passes leads out before the acts are done, too.
            let leaving = match &way.when {
                WayWhen::On(_) | WayWhen::After(_) => states.iter().flatten().cloned().collect(),
                WayWhen::When(_) | WayWhen::Settled(_) | WayWhen::Otherwise => {
                    states.last().cloned().unwrap_or_default()
                }
            };
            onward.push((way.to.index(), leaving));
        }
        onward
    }

    /// Before each act, and, last, after all of them.
    fn states(&self, body: &StageBody, mut known: BTreeSet<SmolStr>) -> Vec<BTreeSet<SmolStr>> {
        let mut states = vec![known.clone()];
        for act in &body.acts {
            // What a person writes in a stage of their own is theirs: the run's message stays as it is.
            if act.object.is_written() && matches!(body.by, Actor::Agent(_)) {
                known = self.over(act);
            }
            states.push(known.clone());
        }
        states
    }

    fn over(&self, write: &Act) -> BTreeSet<SmolStr> {
        match &write.via {
            Some(Via::Channel(channel)) => BTreeSet::from([channel.clone()]),
            Some(Via::Experiment(id)) => {
                let experiment = self.program.experiments.get(id.index());
                experiment.into_iter().flat_map(|experiment| experiment.arms.iter().cloned()).collect()
            }
            None => BTreeSet::from([SmolStr::new_static(USUAL)]),
        }
    }
}
