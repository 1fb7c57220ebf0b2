//! All figures of a playbook at once: the log is read a single time for them.

use compiler::program::{Program, Test, WorkflowId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::{Evidence, KillSignal, Matured, Measured, Measuring, Observed, Proof, Stages};
use super::{goals, kill_signals, maturity, stages};
use crate::crm::Crm;
use crate::crm::log::LogError;
use crate::runner::signed_hash;
use crate::testing::{self, TestOutcome};

/// Goals with their intervals, kill signals, how mature each workflow is, and every transition.
#[derive(Debug, Serialize)]
pub struct Figures {
    /// The goals, in source order.
    pub goals: Vec<Measured>,
    /// The kill signals of scores.
    pub kill_signals: Vec<KillSignal>,
    /// Each workflow.
    pub maturity: Vec<Matured>,
    /// From stage to stage.
    pub transitions: Stages,
}

impl Figures {
    /// Measures all of it, as of an instant. How the playbook's tests go is [`proofs`].
    ///
    /// # Errors
    /// Where the CRM cannot be read.
    pub fn read(
        crm: &Crm,
        program: &Program,
        zone: &TimeZone,
        proofs: &[Proof],
        now: Timestamp,
    ) -> Result<Self, LogError> {
        let observed = Observed::read(crm, program, zone, now)?;
        let journal = &observed.journal;
        // A signature is of one workflow's text, so each has a hash of its own.
        let matured = |workflow| {
            let hash = signed_hash(workflow);
            let evidence = Evidence { proofs, signatures: &journal.signatures, hash: &hash };
            maturity::matured(program, workflow, journal, evidence, now)
        };
        let maturity: Vec<Matured> = program.workflows.iter().map(matured).collect();
        let measuring = Measuring { program, zone, now, observed: &observed, maturity: &maturity };
        Ok(Self {
            goals: goals(measuring),
            kill_signals: kill_signals(program, zone, now, &observed),
            transitions: stages(program, journal),
            maturity,
        })
    }
}

/// How the playbook's own tests go, by the workflows that they name.
#[must_use]
pub fn proofs(program: &Program) -> Vec<Proof> {
    let name = |id: &WorkflowId| Some(program.workflows.get(id.index())?.name.clone());
    let proof = |(test, outcome): (&Test, TestOutcome)| {
        let workflows = test.standing.iter().filter_map(|(id, _)| name(id)).collect();
        Proof { name: test.name.clone(), workflows, passed: outcome.passed() }
    };
    program.tests.iter().zip(testing::run(program)).map(proof).collect()
}
