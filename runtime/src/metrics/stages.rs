//! What happens at every transition: where runs go on to, how long they stay, how good the work is; by workflow, stage, agent and week.
//!
//! It counts the journal and decides nothing. A visit belongs to the week in which it was left, a draft to that in which a person
//! settled it, in the client's zone; a draft's agent is the one who wrote it.

use std::collections::BTreeMap;

use compiler::program::{Program, Settlement};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::journal::{Journal, Question, Visit};
use super::names;
use super::statistics::{Share, quantile};

/// What happens at every transition.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stages {
    /// Whole runs, by workflow.
    pub workflows: Vec<Row>,
    /// By workflow and stage.
    pub stages: Vec<Row>,
    /// By agent or role.
    pub agents: Vec<Row>,
    /// By week.
    pub weeks: Vec<Row>,
    /// By workflow, stage, agent and week.
    pub finest: Vec<Row>,
}

/// What was counted for some of all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Of this workflow; of all where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<SmolStr>,
    /// In this stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<SmolStr>,
    /// By this agent or role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<SmolStr>,
    /// In this week, `2026-W48`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week: Option<SmolStr>,
    /// How many live runs are there now; absent where that is asked by agent or week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<u64>,
    /// How many visits were over; of a workflow, how many runs.
    pub left: u64,
    /// Where they went on to, and how a run ended that went on to nothing; of a workflow, the outcomes. Most first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conversion: Vec<Conversion>,
    /// How long a visit took, in seconds; none where none is over.
    pub duration: Option<Duration>,
    /// What people said to drafts.
    pub drafts: Drafts,
    /// How many acts were refused, of all that were tried.
    pub denied: Share,
    /// How many of the stages' questions were asked with evidence missing.
    pub evidence_missing: Share,
}

/// A share of those who left went there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conversion {
    /// A stage, or an outcome.
    pub to: SmolStr,
    /// How many.
    pub share: Share,
}

/// Seconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Duration {
    /// Half took no longer.
    pub median: f64,
    /// Nine of ten took no longer.
    pub p90: f64,
}

/// What people said to drafts, each as a share of those that were settled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "they are what they are called")]
pub struct Drafts {
    pub approved: Share,
    pub changed: Share,
    pub rejected: Share,
    pub expired: Share,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    workflow: Option<SmolStr>,
    stage: Option<SmolStr>,
    agent: Option<SmolStr>,
    week: Option<SmolStr>,
}

#[derive(Default)]
struct Counted {
    now: u64,
    seconds: Vec<i64>,
    to: BTreeMap<SmolStr, u64>,
    drafts: BTreeMap<Settlement, u64>,
    denied: u64,
    acts: u64,
    lacking: u64,
    asked: u64,
}

/// By what is grouped, and what there is then.
#[derive(Default)]
struct Groups {
    workflows: BTreeMap<Key, Counted>,
    stages: BTreeMap<Key, Counted>,
    agents: BTreeMap<Key, Counted>,
    weeks: BTreeMap<Key, Counted>,
    finest: BTreeMap<Key, Counted>,
}

/// Measures every transition of a journal. The Program says who runs a stage, and in which order stages are shown.
#[must_use]
pub fn stages(program: &Program, journal: &Journal) -> Stages {
    let mut groups = Groups::default();
    for run in journal.runs.values() {
        let workflow = groups.workflow(&run.workflow);
        match &run.ended {
            Some(ended) => workflow.ended(&ended.outcome, ended.at.duration_since(run.started).as_secs()),
            None => workflow.now += 1,
        }
        let visit = journal.last_visit(run).filter(|_| run.ended.is_none());
        if let Some(visit) = visit {
            groups.stage(&visit.workflow, &visit.stage).now += 1;
        }
    }
    for visit in &journal.visits {
        groups.visit(program, journal, visit);
    }
    for question in &journal.questions {
        groups.question(program, journal, question);
    }
    for act in &journal.acts {
        let visit = act.visit.and_then(|visit| journal.visits.get(visit));
        groups.each(&key(visit, Some(&act.by), Some(&act.week)), true, |counted| {
            counted.acts += 1;
            counted.denied += u64::from(act.denied);
        });
    }
    let rows = |group: BTreeMap<Key, Counted>, stands: bool| {
        let mut rows: Vec<Row> = group.into_iter().map(|(key, counted)| counted.row(key, stands)).collect();
        rows.sort_by_key(|row| names::place(program, row.workflow.as_deref(), row.stage.as_deref()));
        rows
    };
    Stages {
        workflows: rows(groups.workflows, true),
        stages: rows(groups.stages, true),
        agents: rows(groups.agents, false),
        weeks: rows(groups.weeks, false),
        finest: rows(groups.finest, false),
    }
}

fn key(visit: Option<&Visit>, agent: Option<&SmolStr>, week: Option<&SmolStr>) -> Key {
    Key {
        workflow: visit.map(|visit| visit.workflow.clone()),
        stage: visit.map(|visit| visit.stage.clone()),
        agent: agent.cloned(),
        week: week.cloned(),
    }
}

impl Groups {
    fn workflow(&mut self, workflow: &SmolStr) -> &mut Counted {
        self.workflows.entry(Key { workflow: Some(workflow.clone()), ..Key::default() }).or_default()
    }

    fn stage(&mut self, workflow: &SmolStr, stage: &SmolStr) -> &mut Counted {
        let key = Key { workflow: Some(workflow.clone()), stage: Some(stage.clone()), ..Key::default() };
        self.stages.entry(key).or_default()
    }

    /// Counts something in every group that it belongs to; in its workflow's only where that counts more than whole runs.
    fn each(&mut self, key: &Key, of_workflow: bool, count: impl Fn(&mut Counted)) {
        if let (Some(workflow), Some(stage)) = (&key.workflow, &key.stage) {
            if of_workflow {
                count(self.workflow(workflow));
            }
            count(self.stage(workflow, stage));
            count(self.finest.entry(key.clone()).or_default());
        }
        if key.agent.is_some() {
            count(self.agents.entry(Key { agent: key.agent.clone(), ..Key::default() }).or_default());
        }
        if key.week.is_some() {
            count(self.weeks.entry(Key { week: key.week.clone(), ..Key::default() }).or_default());
        }
    }

    fn visit(&mut self, program: &Program, journal: &Journal, visit: &Visit) {
        // A run is over as soon as it reaches an end: nobody is ever there.
        let Some(left) = visit.left.as_ref().filter(|_| !names::is_end(program, &visit.workflow, &visit.stage)) else {
            return;
        };
        let outcome = || journal.runs.get(&visit.run)?.ended.as_ref().map(|ended| ended.outcome.clone());
        let to = left.to.clone().or_else(outcome).unwrap_or_default();
        let seconds = left.at.duration_since(visit.entered).as_secs();
        let by = left.by.clone().or_else(|| names::runner(program, &visit.workflow, &visit.stage));
        self.each(&key(Some(visit), by.as_ref(), Some(&left.week)), false, |counted| {
            counted.ended(&to, seconds);
        });
    }

    fn question(&mut self, program: &Program, journal: &Journal, question: &Question) {
        let Some(visit) = journal.visits.get(question.visit) else { return };
        let by = names::runner(program, &visit.workflow, &visit.stage);
        self.each(&key(Some(visit), by.as_ref(), Some(&question.week)), true, |counted| {
            counted.asked += 1;
            counted.lacking += u64::from(question.lacks_evidence);
        });
        if let (Some(author), Some((how, week))) = (&question.draft_by, &question.settled) {
            self.each(&key(Some(visit), Some(author), Some(week)), true, |counted| {
                *counted.drafts.entry(*how).or_default() += 1;
            });
        }
    }
}

impl Counted {
    fn ended(&mut self, to: &SmolStr, seconds: i64) {
        self.seconds.push(seconds);
        *self.to.entry(to.clone()).or_default() += 1;
    }

    fn row(mut self, key: Key, stands: bool) -> Row {
        self.seconds.sort_unstable();
        let left = self.seconds.len() as u64;
        let is_of_one = key.workflow.is_some();
        let mut conversion: Vec<Conversion> = self
            .to
            .into_iter()
            .filter(|_| is_of_one)
            .map(|(to, hits)| Conversion { to, share: Share::new(hits, left) })
            .collect();
        conversion.sort_by_key(|conversion| std::cmp::Reverse(conversion.share.hits));
        let median = quantile(&self.seconds, 0.5);
        let duration = median.zip(quantile(&self.seconds, 0.9)).map(|(median, p90)| Duration { median, p90 });
        let settled = self.drafts.values().sum();
        let draft = |how| Share::new(self.drafts.get(&how).copied().unwrap_or(0), settled);
        Row {
            workflow: key.workflow,
            stage: key.stage,
            agent: key.agent,
            week: key.week,
            now: stands.then_some(self.now),
            left,
            conversion,
            duration,
            drafts: Drafts {
                approved: draft(Settlement::Approved),
                changed: draft(Settlement::Changed),
                rejected: draft(Settlement::Rejected),
                expired: draft(Settlement::Expired),
            },
            denied: Share::new(self.denied, self.acts),
            evidence_missing: Share::new(self.lacking, self.asked),
        }
    }
}
