//! Where each live run goes on, and what stands in the way.

use compiler::program::{Program, Workflow};
use smol_str::SmolStr;

use super::Mapping;
use crate::crm::log::Running;
use crate::engine::{EntryId, RecordRef};

/// Where all live runs go on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Stage by stage, in the order of their names.
    pub lines: Vec<Line>,
    /// The runs that go on elsewhere.
    pub moves: Vec<Move>,
    /// What stands in the way.
    pub problems: Vec<Problem>,
    /// What was said of a stage or workflow in which no run is.
    pub idle: Vec<SmolStr>,
}

/// The runs of one stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Of which workflow.
    pub workflow: SmolStr,
    /// In which stage.
    pub stage: SmolStr,
    /// How many.
    pub runs: u64,
    /// Where they go on.
    pub to: Whither,
}

/// Where the runs of a stage go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whither {
    /// Where they are: the playbook has the stage.
    Stay,
    /// There.
    To(SmolStr, SmolStr),
    /// Nobody has said.
    Unsaid,
}

/// A run that goes on elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Which.
    pub run: EntryId,
    /// In whose case.
    pub case: RecordRef,
    /// In which workflow.
    pub workflow: SmolStr,
    /// In which stage.
    pub stage: SmolStr,
}

/// What stands in the way of a plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Nobody has said where runs go on.
    #[error("the playbook has no `{workflow}.{stage}`, and nobody has said where {runs} go on")]
    Unsaid {
        /// Of which workflow.
        workflow: SmolStr,
        /// In which stage.
        stage: SmolStr,
        /// `1 run`, `12 runs`.
        runs: String,
    },
    /// There is no such stage either.
    #[error("`{0}.{1}` is no stage of the playbook")]
    NoSuchStage(SmolStr, SmolStr),
    /// The workflow runs for something else.
    #[error("`{workflow}` runs for a {wanted}, and run {run} is for a {found}")]
    OtherEntity {
        /// Which run.
        run: EntryId,
        /// Where it was to go on.
        workflow: SmolStr,
        /// What that runs for.
        wanted: SmolStr,
        /// What it is for.
        found: SmolStr,
    },
    /// A record would have two runs of a workflow.
    #[error("runs {one} and {other} would both be in `{workflow}`, for one record: cancel one of them first")]
    TwoRuns {
        /// The one.
        one: EntryId,
        /// The other.
        other: EntryId,
        /// Of which workflow.
        workflow: SmolStr,
    },
}

impl Plan {
    /// It is said of every live run where it goes on.
    #[must_use]
    pub const fn is_total(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Plans where live runs go on under a playbook. What is said beats a stage of the same name.
#[must_use]
pub fn plan(program: &Program, runs: &[Running], mapping: &Mapping) -> Plan {
    let mut plan = Plan::default();
    let mut settled: Vec<(EntryId, SmolStr, RecordRef)> = Vec::new();
    for run in runs.iter().filter(|run| run.ended.is_none()) {
        let Some((stage, _)) = &run.stage else { continue };
        let to = whither(program, mapping, &run.workflow, stage);
        count(&mut plan.lines, run, stage, &to);
        let workflow = match to {
            Whither::Stay | Whither::Unsaid => run.workflow.clone(),
            Whither::To(workflow, stage) => {
                plan.add_move(program, run, workflow.clone(), stage);
                workflow
            }
        };
        settled.push((run.number, workflow, run.record.clone()));
    }
    plan.lines.sort_by(|one, other| (&one.workflow, &one.stage).cmp(&(&other.workflow, &other.stage)));
    let unsaid = plan.lines.iter().filter(|line| line.to == Whither::Unsaid).map(|line| Problem::Unsaid {
        workflow: line.workflow.clone(),
        stage: line.stage.clone(),
        runs: if line.runs == 1 { "1 run".to_owned() } else { format!("{} runs", line.runs) },
    });
    plan.problems.extend(unsaid.collect::<Vec<_>>());
    let moved: Vec<EntryId> = plan.moves.iter().map(|moved| moved.run).collect();
    plan.problems.extend(twice(&settled, &moved));
    plan.problems.dedup();
    let is_idle = |(workflow, stage): &(&SmolStr, Option<&SmolStr>)| {
        !plan.lines.iter().any(|line| line.workflow == **workflow && stage.is_none_or(|stage| line.stage == *stage))
    };
    plan.idle = mapping
        .said()
        .filter(is_idle)
        .map(|(workflow, stage)| stage.map_or_else(|| workflow.clone(), |stage| format!("{workflow}.{stage}").into()))
        .collect();
    plan
}

fn find<'p>(program: &'p Program, workflow: &str) -> Option<&'p Workflow> {
    program.workflows.iter().find(|known| known.name == workflow)
}

fn has(program: &Program, workflow: &str, stage: &str) -> bool {
    find(program, workflow).is_some_and(|workflow| workflow.stage(stage).is_some())
}

fn whither(program: &Program, mapping: &Mapping, workflow: &SmolStr, stage: &SmolStr) -> Whither {
    match mapping.of(workflow, stage) {
        Some((to, into)) if to == *workflow && into == *stage && has(program, workflow, stage) => Whither::Stay,
        Some((to, into)) => Whither::To(to, into),
        None if has(program, workflow, stage) => Whither::Stay,
        None => Whither::Unsaid,
    }
}

fn count(lines: &mut Vec<Line>, run: &Running, stage: &SmolStr, to: &Whither) {
    match lines.iter_mut().find(|line| line.workflow == run.workflow && line.stage == *stage) {
        Some(line) => line.runs += 1,
        None => lines.push(Line { workflow: run.workflow.clone(), stage: stage.clone(), runs: 1, to: to.clone() }),
    }
}

impl Plan {
    fn add_move(&mut self, program: &Program, run: &Running, workflow: SmolStr, stage: SmolStr) {
        if !has(program, &workflow, &stage) {
            let problem = Problem::NoSuchStage(workflow, stage);
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
            return;
        }
        let entity = find(program, &workflow).and_then(|workflow| program.entities.get(workflow.entity.index()));
        let wanted = entity.map(|entity| entity.name.clone()).unwrap_or_default();
        let (number, found) = (run.number, run.record.entity.clone());
        if wanted != found {
            self.problems.push(Problem::OtherEntity { run: number, workflow, wanted, found });
            return;
        }
        self.moves.push(Move { run: number, case: run.case.clone(), workflow, stage });
    }
}

/// Runs of one workflow on one record, of which at least one was moved there.
fn twice(settled: &[(EntryId, SmolStr, RecordRef)], moved: &[EntryId]) -> Vec<Problem> {
    let mut sorted: Vec<&(EntryId, SmolStr, RecordRef)> = settled.iter().collect();
    sorted.sort_by(|one, other| (&one.1, &one.2, one.0).cmp(&(&other.1, &other.2, other.0)));
    let mut problems = Vec::new();
    for pair in sorted.windows(2) {
        let [one, other] = pair else { continue };
        if one.1 == other.1 && one.2 == other.2 && (moved.contains(&one.0) || moved.contains(&other.0)) {
            problems.push(Problem::TwoRuns { one: one.0, other: other.0, workflow: one.1.clone() });
        }
    }
    problems
}
