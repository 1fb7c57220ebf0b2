//! The engine's gate over a Program's table and priorities: an act becomes what it would read, write and do.

use compiler::program::{Act, AgentId, Guard, Loser, Object};
use smol_str::SmolStr;

use super::book::Book;
use crate::engine::{Asked, Gate, Reach, Verdict};
use crate::gate::{self, Attempt, Checks, Decision, Target};

impl Gate for Book {
    fn judge(&self, asked: &Asked<'_>, holds: &mut dyn FnMut(&Guard) -> Option<bool>) -> Verdict {
        let Some(agent) = self.gate.agent(asked.agent) else { return nobody(asked.agent) };
        let attempts = self.attempts(agent, asked.act);
        self.judged(agent, &attempts, Attempt::Act(asked.act.action), asked.others, holds)
    }

    fn reach(
        &self,
        agent: &str,
        reaches: &[Reach],
        others: &[SmolStr],
        holds: &mut dyn FnMut(&Guard) -> Option<bool>,
    ) -> Verdict {
        let Some(known) = self.gate.agent(agent) else { return nobody(agent) };
        let attempts: Vec<Attempt<'_>> = reaches.iter().map(attempt).collect();
        let Some(leading) = attempts.first().copied() else { return Verdict::default() };
        let others = if reaches.iter().all(Reach::is_reading) { &[] } else { others };
        self.judged(known, &attempts, leading, others, holds)
    }
}

impl Book {
    /// The table to each of them, then the priorities, to all of it as one.
    fn judged(
        &self,
        agent: AgentId,
        attempts: &[Attempt<'_>],
        leading: Attempt<'_>,
        others: &[SmolStr],
        holds: &mut dyn FnMut(&Guard) -> Option<bool>,
    ) -> Verdict {
        let mut denials: Vec<(SmolStr, SmolStr)> = Vec::new();
        let mut asks: Option<Option<SmolStr>> = None;
        for &attempt in attempts {
            let decision = self.gate.decide(agent, &attempt);
            if let Decision::AskHuman { role } = decision {
                let role = role.map(SmolStr::from);
                asks = Some(asks.flatten().or(role));
            }
            denials.extend(self.denied(agent, attempt, decision));
        }
        let others: Vec<AgentId> = others.iter().filter_map(|other| self.gate.agent(other)).collect();
        let before = denials.len();
        let mut waits = false;
        if let Some((line, winner)) = gate::against(&self.program, agent, &others, holds) {
            waits = line.loser == Loser::Waits && before == 0;
            let checks = Checks {
                agent,
                attempt: leading,
                permission: Decision::Allowed,
                priority: Some((line, winner)),
                approval: gate::Approval::Given,
                policy: None,
            };
            denials.extend(words(&gate::verdict(&self.program, &checks)));
        }
        Verdict { denials, waits, asks }
    }

    /// What the table says, at the last moment, to a message that an agent lets out by that channel; nothing where it may leave.
    #[must_use]
    pub fn keeps_in(&self, agent: &str, channel: &str) -> Option<String> {
        // A person's own send is nobody's to allow.
        let agent = self.gate.agent(agent)?;
        let Some(action) = self.program.sending(channel) else {
            return Some(format!("the playbook has no action `send {channel}`"));
        };
        let attempt = Attempt::Act(action);
        let denials = self.denied(agent, attempt, self.gate.decide(agent, &attempt));
        (!denials.is_empty())
            .then(|| denials.into_iter().map(|(_, why)| why.to_string()).collect::<Vec<_>>().join("; "))
    }

    /// What an act amounts to, for the table.
    fn attempts(&self, agent: AgentId, act: &Act) -> Vec<Attempt<'_>> {
        let mut attempts = vec![Attempt::Act(act.action)];
        match act.object {
            Object::Score(score) => attempts.push(Attempt::Score(score)),
            // Research fills a record in; whatever else is done with one reads it. The compiler proves the same.
            Object::Record(entity) if self.fills_in(act) => {
                attempts.push(Attempt::Write { entity, field: None, target: Target { purpose: None, own: false } });
            }
            Object::Record(entity) => attempts.push(Attempt::Read { entity, field: None }),
            Object::Template(_) | Object::Experiment(_) => {
                if let Some(entity) = self.program.entity("Activity") {
                    attempts.push(Attempt::Create { entity, purpose: self.purpose(agent, entity) });
                }
            }
            Object::None | Object::Message | Object::Rubric(_) | Object::Named(_) => {}
        }
        attempts
    }

    fn fills_in(&self, act: &Act) -> bool {
        self.program.actions.get(act.action.index()).is_some_and(|action| action.name == "research")
    }

    /// What an agent writes in a stage is of the purpose that its cell names first: it has no other business.
    fn purpose(&self, agent: AgentId, entity: compiler::program::EntityId) -> Option<&str> {
        let about = compiler::program::PermissionObject::Entity(entity);
        let row = self.program.permissions.rows.iter().find(|row| row.about == about)?;
        row.cells.get(agent.index())?.only.first().map(SmolStr::as_str)
    }

    fn denied(&self, agent: AgentId, attempt: Attempt<'_>, permission: Decision<'_>) -> Vec<(SmolStr, SmolStr)> {
        let checks =
            Checks { agent, attempt, permission, priority: None, approval: gate::Approval::Given, policy: None };
        words(&gate::verdict(&self.program, &checks))
    }
}

fn nobody(agent: &str) -> Verdict {
    let why = format!("the playbook has no agent `{agent}`");
    Verdict { denials: vec![("permission".into(), why.into())], waits: false, asks: None }
}

fn attempt(reach: &Reach) -> Attempt<'_> {
    match *reach {
        Reach::Read(entity, field) => Attempt::Read { entity, field },
        Reach::ReadScore(score) => Attempt::ReadScore(score),
        Reach::Write(entity, field) => Attempt::Write { entity, field: Some(field), target: Target::default() },
        Reach::Create(entity, ref purpose) => Attempt::Create { entity, purpose: purpose.as_deref() },
    }
}

fn words(verdict: &gate::Verdict) -> Vec<(SmolStr, SmolStr)> {
    let words = |denial: &gate::Denial| {
        let words = match &denial.because {
            Some(because) => format!("{because}: {}", denial.words),
            None => denial.words.clone(),
        };
        (SmolStr::from(denial.check.word()), SmolStr::from(words))
    };
    verdict.denials.iter().map(words).collect()
}
