//! Whether an agent may do what a test tries: the table of permissions, and who goes first where the record stands. People have
//! approved it, and whether the contact policy lets it out now is not asked.

use compiler::program::{Actor, AgentId, Guard, Object, StageKind, Subject};
use smol_str::SmolStr;

use super::{Found, Given};
use crate::gate::{Approval, Attempt, Checks, Denial, Gate, Target, against, verdict};

impl Given<'_> {
    pub(super) fn check_allowed(&self) -> Option<Found> {
        let denials = self.denials();
        let first = denials.first()?;
        Some(("allowed".to_owned(), words(first), None))
    }

    pub(super) fn check_denied(&self, because: Option<&SmolStr>) -> Option<Found> {
        let denials = self.denials();
        let wanted = because.map_or_else(|| "denied".to_owned(), |because| format!("denied because \"{because}\""));
        match denials.first() {
            None => Some((wanted, "allowed".to_owned(), None)),
            Some(first) if because.is_none() || first.because.as_ref() == because => None,
            Some(first) => Some((wanted, words(first), None)),
        }
    }

    /// All that is in the way, in the order of checks.
    fn denials(&self) -> Vec<Denial> {
        let Some((agent, act)) = &self.test.tries else { return Vec::new() };
        let program = self.scorer.program();
        let gate = Gate::new(program);
        let mut attempts = vec![Attempt::Act(act.action)];
        match &act.object {
            Object::Score(score) => attempts.push(Attempt::Score(*score)),
            Object::Record(entity) => {
                attempts.push(Attempt::Write { entity: *entity, field: None, target: Target::default() });
            }
            Object::Template(_) | Object::Experiment(_) => {
                if let Some(entity) = program.entity("Activity") {
                    attempts.push(Attempt::Write { entity, field: None, target: Target { purpose: None, own: true } });
                }
            }
            Object::None | Object::Message | Object::Rubric(_) | Object::Named(_) => {}
        }
        let others = self.agents_at_work();
        let mut priority = against(program, *agent, &others, &mut |guard| self.holds(guard));
        let mut denials: Vec<Denial> = Vec::new();
        for attempt in attempts {
            let permission = gate.decide(*agent, &attempt);
            let checks = Checks {
                agent: *agent,
                attempt,
                permission,
                priority: priority.take(),
                approval: Approval::Given,
                policy: None,
            };
            denials.extend(verdict(program, &checks).denials);
        }
        denials.sort_by_key(|denial| denial.check);
        denials
    }

    /// The agents whose work the record is in: the workflow's, and the stage's where that is another one.
    fn agents_at_work(&self) -> Vec<AgentId> {
        let mut agents = Vec::new();
        for (workflow, stage) in &self.standing {
            let Some(workflow) = self.scorer.program().workflows.get(workflow.index()) else { continue };
            let stage = workflow.stages.get(stage.index()).and_then(|stage| match &stage.kind {
                StageKind::Stage(body) => Some(&body.by),
                StageKind::Handoff(_) | StageKind::End(_) => None,
            });
            for actor in stage.into_iter().chain([&workflow.by]) {
                if let Actor::Agent(agent) = actor
                    && !agents.contains(agent)
                {
                    agents.push(*agent);
                }
            }
        }
        agents
    }

    /// Of the record as the test gives it; unknown of what the test has none of.
    fn holds(&self, guard: &Guard) -> Option<bool> {
        match guard {
            Guard::Not(inner) => self.holds(inner).map(|holds| !holds),
            Guard::All(parts) => kleene(parts.iter().map(|part| self.holds(part)), false),
            Guard::Any(parts) => kleene(parts.iter().map(|part| self.holds(part)), true),
            Guard::Facts { of, condition } => {
                let contact = self.scorer.program().entity("Contact");
                let entity = match of {
                    Subject::Own(entity) => Some(*entity),
                    Subject::Contact => contact,
                    Subject::Deal => self.scorer.program().entity("Deal"),
                };
                let own = entity == Some(self.test.entity);
                own.then(|| self.scorer.condition(self.test.entity, &self.facts, condition).ok().flatten()).flatten()
            }
            Guard::In { workflow, stage } => Some(
                self.standing
                    .iter()
                    .any(|(at, in_stage)| at == workflow && stage.is_none_or(|stage| stage == *in_stage)),
            ),
            // Nothing was asked for, nothing is written yet, and no stage is left.
            Guard::Complete | Guard::Scored(_) => Some(false),
            Guard::Message { .. } => None,
        }
    }
}

/// `and`, or, where `any`, `or`: unknown unless a part decides.
fn kleene(parts: impl Iterator<Item = Option<bool>>, any: bool) -> Option<bool> {
    let mut unknown = false;
    for part in parts {
        match part {
            Some(holds) if holds == any => return Some(any),
            Some(_) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(!any)
}

fn words(denial: &Denial) -> String {
    match &denial.because {
        Some(because) => format!("denied because \"{because}\""),
        None => format!("denied: {}", denial.words),
    }
}
