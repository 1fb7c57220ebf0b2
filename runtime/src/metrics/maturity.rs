//! How mature a workflow is: draft, documented, measured, approved. Derived from facts; what its author claims is only compared.

use compiler::program::{Client, Maturity, Program, Settlement, StageBody, StageKind, Way, WayWhen, Workflow};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::journal::Journal;
use super::names;
use super::statistics::Share;

/// Facts older than this say nothing of how a workflow does now.
const RECENT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// So many runs have to have ended in the last 90 days for a workflow to be measured.
pub const RUNS: u64 = 30;
/// So many transitions of a hundred have to have gone undisturbed in these days.
pub const UNDISTURBED: u64 = 90;

/// How a test of the playbook went that names workflows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The test's name.
    pub name: SmolStr,
    /// Which workflows it names.
    pub workflows: Vec<SmolStr>,
    /// All was as expected.
    pub passed: bool,
}

/// Somebody has signed a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Who: a role of [`Client::people`].
    pub by: SmolStr,
    /// The workflow that was signed.
    pub workflow: SmolStr,
    /// The hash of exactly the text that was signed.
    pub hash: SmolStr,
}

/// What maturity is derived from beside the journal.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// How the tests went.
    pub proofs: &'a [Proof],
    /// Who signed what.
    pub signatures: &'a [Signature],
    /// The hash of the text as it stands.
    pub hash: &'a str,
}

/// How mature a workflow is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Matured {
    /// Which workflow.
    pub workflow: SmolStr,
    /// What the facts say.
    pub derived: Maturity,
    /// What its author says.
    pub claimed: Maturity,
    /// The author says more than the facts do.
    pub overclaimed: bool,
    /// What the next step wants that is not there; empty once it is approved.
    pub missing: Vec<String>,
    /// How many tests name it, and how many of them passed.
    pub tests: Share,
    /// How many of its runs ended in the last 90 days.
    pub ended: u64,
    /// How many of its transitions in these days nobody had to step in for.
    pub undisturbed: Share,
    /// Who signed this very text.
    pub signed: Vec<SmolStr>,
}

/// A step's word.
#[must_use]
pub(super) const fn word(maturity: Maturity) -> &'static str {
    match maturity {
        Maturity::Draft => "draft",
        Maturity::Documented => "documented",
        Maturity::Measured => "measured",
        Maturity::Approved => "approved",
    }
}

/// How mature each workflow of a playbook is, in source order. That there is a Program says that it compiles.
#[must_use]
pub fn maturity(program: &Program, journal: &Journal, evidence: Evidence<'_>, now: Timestamp) -> Vec<Matured> {
    program.workflows.iter().map(|workflow| matured(program, workflow, journal, evidence, now)).collect()
}

pub(super) fn matured(
    program: &Program,
    workflow: &Workflow,
    journal: &Journal,
    evidence: Evidence<'_>,
    now: Timestamp,
) -> Matured {
    let since = now.checked_sub(RECENT).unwrap_or(Timestamp::MIN);
    let is_recent = |at: Timestamp| at > since && at <= now;
    let names_it = |proof: &&Proof| proof.workflows.contains(&workflow.name);
    let proofs: Vec<&Proof> = evidence.proofs.iter().filter(names_it).collect();
    let ended = journal.runs.values().filter(|run| run.workflow == workflow.name);
    let ended = ended.filter(|run| run.ended.as_ref().is_some_and(|ended| is_recent(ended.at))).count() as u64;
    let undisturbed = undisturbed(program, workflow, journal, is_recent);
    let signed = signed(&program.client, workflow, evidence);

    let steps = [
        (Maturity::Documented, undocumented(workflow, &proofs)),
        (Maturity::Measured, unmeasured(ended, undisturbed)),
        (Maturity::Approved, unapproved(&signed)),
    ];
    let mut derived = Maturity::Draft;
    let mut missing = Vec::new();
    for (step, lacks) in steps {
        if !lacks.is_empty() {
            missing = lacks;
            break;
        }
        derived = step;
    }
    Matured {
        workflow: workflow.name.clone(),
        derived,
        claimed: workflow.claimed,
        overclaimed: workflow.claimed > derived,
        missing,
        tests: Share::new(proofs.iter().filter(|proof| proof.passed).count() as u64, proofs.len() as u64),
        ended,
        undisturbed,
        signed,
    }
}

fn undocumented(workflow: &Workflow, proofs: &[&Proof]) -> Vec<String> {
    let mut missing = Vec::new();
    if workflow.docs.as_ref().is_none_or(|docs| docs.trim().is_empty()) {
        let endless = workflow.stages.iter().filter(|stage| match &stage.kind {
            StageKind::Stage(body) => !has_time_limit(body),
            StageKind::Handoff(handoff) => handoff.within.is_none(),
            StageKind::End(_) => false,
        });
        let endless: Vec<String> = endless.map(|stage| format!("`{}`", stage.name)).collect();
        if !endless.is_empty() {
            let endless = endless.join(", ");
            missing.push(format!("it has neither a `///` comment nor a way out by time in each stage ({endless})"));
        }
    }
    let failed = proofs.iter().filter(|proof| !proof.passed);
    missing.extend(failed.map(|proof| format!("the test `{}` fails", proof.name)));
    missing
}

/// A run leaves by itself after some time.
fn has_time_limit(body: &StageBody) -> bool {
    let question_ends = body.asks.iter().any(|ask| ask.within.is_some());
    let leads_out = |way: &Way| match &way.when {
        WayWhen::After(_) => true,
        WayWhen::Settled(how) => question_ends && how.contains(&Settlement::Expired),
        WayWhen::Otherwise => question_ends,
        WayWhen::When(_) | WayWhen::On(_) => false,
    };
    body.ways.iter().any(leads_out)
}

/// Transitions, and starts that were caught: those are none, and would have been one.
fn undisturbed(
    program: &Program,
    workflow: &Workflow,
    journal: &Journal,
    is_recent: impl Fn(Timestamp) -> bool,
) -> Share {
    let caught = journal.caught.iter().filter(|(name, at)| *name == workflow.name && is_recent(*at)).count() as u64;
    let (mut all, mut calm) = (caught, 0);
    for visit in journal.visits.iter().filter(|visit| visit.workflow == workflow.name) {
        let is_over = visit.left.as_ref().is_some_and(|left| is_recent(left.at));
        if is_over && !names::is_end(program, &visit.workflow, &visit.stage) {
            all += 1;
            calm += u64::from(!visit.disturbed);
        }
    }
    Share::new(calm, all)
}

fn unmeasured(ended: u64, undisturbed: Share) -> Vec<String> {
    let mut missing = Vec::new();
    if ended < RUNS {
        let have = if ended == 1 { "run has" } else { "runs have" };
        missing.push(format!("{ended} {have} ended in the last 90 days, and {RUNS} have to"));
    }
    let Share { hits, of, .. } = undisturbed;
    if of == 0 || hits * 100 < of * UNDISTURBED {
        missing.push(format!(
            "{hits} of {of} transitions in the last 90 days went without anybody stepping in, and {UNDISTURBED}% have to"
        ));
    }
    missing
}

fn signed(client: &Client, workflow: &Workflow, evidence: Evidence<'_>) -> Vec<SmolStr> {
    let is_named = |by: &SmolStr| client.people.iter().any(|(role, _)| role == by);
    let of_this = evidence.signatures.iter().filter(|signature| {
        signature.workflow == workflow.name && signature.hash == evidence.hash && is_named(&signature.by)
    });
    let mut signed: Vec<SmolStr> = of_this.map(|signature| signature.by.clone()).collect();
    signed.sort();
    signed.dedup();
    signed
}

fn unapproved(signed: &[SmolStr]) -> Vec<String> {
    if signed.is_empty() {
        vec!["nobody among the client's `people` has signed this very text".into()]
    } else {
        Vec::new()
    }
}
