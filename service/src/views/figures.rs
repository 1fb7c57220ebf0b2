//! Figures: goals with their intervals, kill signals, every transition, how mature each workflow is.

use std::ops::ControlFlow;

use compiler::program::Program;
use jiff::Timestamp;
use runtime::engine::{Entry, EntryId};
use runtime::metrics::{self, Evidence, KillSignal, Matured, Measured, Measuring, Observed, Proof, Signature, Stages};
use serde::Serialize;

use crate::pool::Reader;
use crate::problem::Problem;

/// All figures of a client.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    pub(crate) goals: Vec<Measured>,
    pub(crate) kill_signals: Vec<KillSignal>,
    pub(crate) maturity: Vec<Matured>,
    pub(crate) transitions: Stages,
}

/// Measures all of it.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn measure(reader: &Reader, now: Timestamp) -> Result<Figures, Problem> {
    let (program, zone) = (&*reader.program, &reader.zone);
    let observed = Observed::read(&reader.crm, program, zone, now)?;
    let proofs = reader.proofs.of(program);
    let signatures = signatures(reader)?;
    let mut maturity = Vec::new();
    for workflow in &program.workflows {
        // A signature is of one workflow's text, so each has a hash of its own.
        let hash = runtime::runner::signed_hash(workflow);
        let evidence = Evidence { proofs, signatures: &signatures, hash: &hash };
        let all = metrics::maturity(program, &observed.journal, evidence, now);
        maturity.extend(all.into_iter().filter(|matured| matured.workflow == workflow.name));
    }
    let measuring = Measuring { program, zone, now, observed: &observed, maturity: &maturity };
    Ok(Figures {
        goals: metrics::goals(measuring),
        kill_signals: metrics::kill_signals(program, zone, now, &observed),
        transitions: metrics::stages(program, &observed.journal),
        maturity,
    })
}

/// How the playbook's own tests go, by the workflows that they name.
pub(crate) fn proofs(program: &Program) -> Vec<Proof> {
    let outcomes = runtime::testing::run(program);
    let proof = |(test, outcome): (&compiler::program::Test, runtime::testing::TestOutcome)| {
        let workflow = |id: &compiler::program::WorkflowId| program.workflows.get(id.index());
        let workflows = test.standing.iter().filter_map(|(id, _)| Some(workflow(id)?.name.clone())).collect();
        Proof { name: test.name.clone(), workflows, passed: outcome.passed() }
    };
    program.tests.iter().zip(outcomes).map(proof).collect()
}

fn signatures(reader: &Reader) -> Result<Vec<Signature>, Problem> {
    let mut signatures = Vec::new();
    reader.crm.entries(None, EntryId(0), |logged| {
        if let Entry::Signed { workflow, hash, by } = logged.entry {
            signatures.push(Signature { by, workflow, hash });
        }
        ControlFlow::Continue(())
    })?;
    Ok(signatures)
}
