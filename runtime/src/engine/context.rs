//! What a step needs beside the case: the playbook, who is paused, and where the log stands.

use std::collections::BTreeSet;

use compiler::program::{Actor, Program, Stage, StageBody, StageKind, Workflow};
use jiff::tz::TimeZone;
use smol_str::{SmolStr, format_smolstr};

use super::{EntryId, Gate, Run};

/// The same for many steps, but for the number of the next entry.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The playbook at work.
    pub program: &'a Program,
    /// Its hash.
    pub version: &'a str,
    /// The client's zone.
    pub zone: &'a TimeZone,
    /// Permissions and priorities.
    pub gate: &'a dyn Gate,
    /// What is paused: `everything`, `agent LeadGen`, `workflow LeadGeneration`.
    pub switches: &'a BTreeSet<SmolStr>,
    /// Channels that a port serves; over any other one a person sends.
    pub channels: &'a [SmolStr],
    /// The number that the next entry of the log gets.
    pub next: EntryId,
}

impl<'a> Context<'a> {
    /// A workflow by its name, with its number.
    pub(super) fn workflow(&self, name: &str) -> Option<&'a Workflow> {
        self.program.workflows.iter().find(|workflow| workflow.name == name)
    }

    /// Where a run is; none where the playbook at work no longer has it.
    pub(super) fn stage_of(&self, run: &Run) -> Option<(&'a Workflow, &'a Stage)> {
        let workflow = self.workflow(&run.workflow)?;
        let id = workflow.stage(&run.stage)?;
        Some((workflow, workflow.stages.get(id.index())?))
    }

    /// The body of the stage that a run is in; none where it is in a handoff, an end, or nowhere.
    pub(super) fn body_of(&self, run: &Run) -> Option<&'a StageBody> {
        match &self.stage_of(run)?.1.kind {
            StageKind::Stage(body) => Some(body),
            StageKind::Handoff(_) | StageKind::End(_) => None,
        }
    }

    /// An actor as the log names it: the agent's name, the person's role, `human`.
    pub(super) fn actor(&self, actor: &Actor) -> SmolStr {
        match actor {
            Actor::Agent(id) => self.program.agents.get(id.index()).map(|agent| agent.name.clone()).unwrap_or_default(),
            Actor::Human(Some(role)) => role.clone(),
            Actor::Human(None) => "human".into(),
        }
    }

    /// Who runs the stage that a run is in.
    pub(super) fn runner(&self, run: &Run) -> SmolStr {
        let by = self.stage_of(run).map(|(workflow, stage)| match &stage.kind {
            StageKind::Stage(body) => &body.by,
            StageKind::Handoff(_) | StageKind::End(_) => &workflow.by,
        });
        by.map(|by| self.actor(by)).unwrap_or_default()
    }

    /// The agent that runs the stage that a run is in, if one does.
    pub(super) fn agent_of(&self, run: &Run) -> Option<SmolStr> {
        let (workflow, stage) = self.stage_of(run)?;
        let by = match &stage.kind {
            StageKind::Stage(body) => &body.by,
            StageKind::Handoff(_) | StageKind::End(_) => &workflow.by,
        };
        matches!(by, Actor::Agent(_)).then(|| self.actor(by))
    }

    /// Why an agent does nothing from outside now, where a person has paused it, or everything.
    pub(super) fn paused(&self, agent: &str) -> Option<(SmolStr, SmolStr)> {
        self.is_switched_off("agent", agent)
            .then(|| ("pause".into(), format_smolstr!("`{agent}` is paused until a person resumes it")))
    }

    pub(super) fn is_switched_off(&self, what: &str, name: &str) -> bool {
        // The set is empty on most days.
        !self.switches.is_empty()
            && (self.switches.contains("everything") || self.switches.contains(format!("{what} {name}").as_str()))
    }
}
