//! The most that a playbook can cause: messages to one contact in a day, and what is spent on one, from caps, schedules, rounds and the
//! contact policy. An upper bound: what happens is never more.
//!
//! A day is any 24 hours. A way that takes a day or longer ends it; a stage with a cap is entered so often and no more; a start that
//! happens once a contact counts once. What has no bound by itself needs one from the contact policy.

use language::Span;
use language::syntax::DeclarationKind;
use serde::Serialize;
use smol_str::SmolStr;

use crate::codes::workflows::no_bound;
use crate::diagnostics::Diagnostic;
use crate::modules::Modules;
use crate::program::{
    Client, ContactPolicy, FileId, Fixed, Program, Schedule, StageKind, StartKind, Via, WayWhen, Workflow,
};

use super::components::components;
use super::machine::{Machine, Node, SEND, action};
use super::periods;

/// The most that a playbook can cause.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Bounds {
    /// Messages to one contact in any 24 hours; none where that has no bound.
    pub messages: Option<u32>,
    /// The words of the contact policy's cap that says so; none where the workflows by themselves cause no more.
    pub messages_by: Option<SmolStr>,
    /// Messages to everybody in any 24 hours, where the policy says.
    pub messages_in_all: Option<u32>,
    /// What is spent on one contact in any 24 hours, in the client's currency; none where that has no bound.
    pub spend: Option<Fixed>,
    /// Workflow by workflow, in the order of the Program.
    pub workflows: Vec<WorkflowBounds>,
}

/// The most that one workflow can cause for one contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WorkflowBounds {
    /// `LeadGeneration`
    pub name: SmolStr,
    /// Runs that begin in any 24 hours; none where that has no bound: each time something happens.
    pub runs: Option<u32>,
    /// Messages of one run in any 24 hours; none where it may go round and round.
    pub messages: Option<u32>,
    /// What one run spends in any 24 hours beside messages; none where it may go round and round.
    pub spend: Option<Fixed>,
}

/// The bounds of a playbook, from its Program alone.
#[must_use]
pub fn bounds(program: &Program) -> Bounds {
    let graphs: Vec<Graph<'_>> = program.workflows.iter().map(|workflow| Graph { program, workflow }).collect();
    let runs = runs(program, &graphs);
    let workflows: Vec<WorkflowBounds> = graphs
        .iter()
        .zip(runs)
        .map(|(graph, runs)| {
            let (messages, spend) = (graph.most(|stage| graph.messages(stage)), graph.most(|stage| graph.spend(stage)));
            WorkflowBounds {
                name: graph.workflow.name.clone(),
                runs,
                messages: messages.map(|most| u32::try_from(most).unwrap_or(u32::MAX)),
                spend: spend.map(Fixed),
            }
        })
        .collect();
    let caused = caused(&workflows);
    let capped = program.policy.as_ref().and_then(|policy| per_contact(program, policy, false));
    let messages_by = capped.as_ref().filter(|(most, _)| caused.is_none_or(|caused| *most < caused));
    let messages = messages_by.map(|(most, _)| *most).or(caused);
    let costs = program.actions.iter().filter(|action| action.name == SEND).filter_map(|action| action.cost);
    let letter = costs.max().unwrap_or(Fixed::ZERO);
    let others = workflows.iter().try_fold(0_i64, |sum, of| match (of.spend, of.runs) {
        (Some(Fixed::ZERO), _) => Some(sum),
        // A run that may begin again at any time spends what a person says, each time anew.
        (Some(Fixed(spend)), runs) => Some(sum.saturating_add(spend.saturating_mul(i64::from(runs.unwrap_or(1))))),
        (None, _) => None,
    });
    let spend = match (messages, letter) {
        (_, Fixed::ZERO) => others,
        (Some(messages), Fixed(letter)) => {
            others.map(|others| others.saturating_add(letter.saturating_mul(i64::from(messages))))
        }
        (None, _) => None,
    };
    let in_all =
        program.policy.iter().flat_map(|policy| &policy.caps).filter(|cap| !cap.per_contact && cap.channel.is_none());
    Bounds {
        messages,
        messages_by: messages_by.map(|(_, words)| words.clone()),
        messages_in_all: in_all.map(|cap| periods::a_day(&program.client, cap.count, cap.per)).min(),
        spend: spend.map(Fixed),
        workflows,
    }
}

/// The most messages to one contact in a day by what starts and stages say; none where that has no bound.
fn caused(workflows: &[WorkflowBounds]) -> Option<u32> {
    workflows.iter().try_fold(0_u32, |sum, of| match (of.messages, of.runs) {
        (Some(0), _) => Some(sum),
        (Some(messages), Some(runs)) => Some(sum.saturating_add(messages.saturating_mul(runs))),
        _ => None,
    })
}

/// What has no bound.
pub(super) fn run(program: &Program, modules: &Modules, machines: &[Machine<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let bounds = bounds(program);
    for (of, machine) in bounds.workflows.iter().zip(machines) {
        if of.spend.is_none() {
            let spending = machine.visited().into_iter().find_map(|(_, place)| {
                let acts = &place.body()?.acts;
                let act = acts.iter().position(|act| {
                    action(program, act).is_some_and(|done| done.cost.is_some() && done.name != SEND)
                })?;
                Some((place.file, place.act(act)))
            });
            if let Some((file, span)) = spending {
                diagnostics.push(no_bound::spend(file, span));
            }
        }
    }
    // Without a policy nothing is sent, and that is said. A cap for everybody together is none for each of them.
    let Some(of_policy) = &program.policy else { return };
    if caused(&bounds.workflows).is_some() || per_contact(program, of_policy, true).is_some() {
        return;
    }
    let blamed = bounds
        .workflows
        .iter()
        .zip(machines)
        .find(|(of, _)| of.messages != Some(0) && (of.messages.is_none() || of.runs.is_none()));
    if let (Some((of, machine)), Some(policy)) = (blamed, declared(modules)) {
        let sends = machine.visited().into_iter().find_map(|(_, place)| {
            let act =
                place.body()?.acts.iter().position(|act| action(program, act).is_some_and(|done| done.name == SEND))?;
            Some((place.file, place.act(act)))
        });
        let Some(sends) = sends else { return };
        let starts = machine.workflow.starts.iter().zip(&machine.starts);
        let mut unbounded = starts.filter(|(start, _)| starts_a_day(program, machine.workflow, &start.kind).is_none());
        let start = unbounded.next().map(|(_, place)| *place).filter(|_| of.messages.is_some());
        diagnostics.push(no_bound::messages(policy, sends, start));
    }
}

/// The policy, the client's own if there is one.
fn declared(modules: &Modules) -> Option<(FileId, Span)> {
    modules.foremost(|kind| matches!(kind, DeclarationKind::ContactPolicy(_)))
}

/// The most messages to one contact in a day that the policy lets pass, and by which words; by caps of each contact alone where `each`.
fn per_contact(program: &Program, policy: &ContactPolicy, each: bool) -> Option<(u32, SmolStr)> {
    let a_day = |cap: &crate::program::Cap| periods::a_day(&program.client, cap.count, cap.per);
    let caps = || policy.caps.iter().filter(|cap| cap.per_contact || !each);
    let whole = caps().filter(|cap| cap.channel.is_none()).map(|cap| (a_day(cap), cap.words.clone())).min();
    let channels = channels(program);
    let each = channels.iter().map(|channel| {
        let of_it = caps().filter(|cap| cap.channel.as_ref() == Some(channel));
        of_it.map(|cap| (a_day(cap), cap.words.clone())).min()
    });
    let each: Option<Vec<(u32, SmolStr)>> = each.collect();
    let together = each.filter(|each| !each.is_empty()).map(|each| {
        let sum = each.iter().fold(0_u32, |sum, (most, _)| sum.saturating_add(*most));
        let words: Vec<&str> = each.iter().map(|(_, words)| words.as_str()).collect();
        (sum, SmolStr::from(words.join(", ")))
    });
    match (whole, together) {
        (Some(whole), Some(together)) => Some(whole.min(together)),
        (whole, together) => whole.or(together),
    }
}

/// The channels that messages are written for.
fn channels(program: &Program) -> Vec<SmolStr> {
    let stages = program.workflows.iter().flat_map(|workflow| &workflow.stages);
    let acts = stages.filter_map(|stage| match &stage.kind {
        StageKind::Stage(body) => Some(&body.acts),
        StageKind::Handoff(_) | StageKind::End(_) => None,
    });
    let mut channels: Vec<SmolStr> = Vec::new();
    for act in acts.flatten().filter(|act| act.object.is_written()) {
        match &act.via {
            Some(Via::Channel(channel)) => channels.push(channel.clone()),
            Some(Via::Experiment(experiment)) => {
                channels.extend(program.experiments.get(experiment.index()).into_iter().flat_map(|of| of.arms.clone()));
            }
            None => channels.extend(
                program.actions.iter().filter(|action| action.name == SEND).filter_map(|action| action.variant.clone()),
            ),
        }
    }
    channels.sort_unstable();
    channels.dedup();
    channels
}

/// By workflow: how many runs for one contact begin in a day.
fn runs(program: &Program, graphs: &[Graph<'_>]) -> Vec<Option<u32>> {
    let count = graphs.len();
    // Who hands to whom.
    let hands: Vec<Vec<usize>> = graphs.iter().map(Graph::hands_to).collect();
    let groups = components(count, |workflow| hands.get(workflow).cloned().unwrap_or_default());
    let mut runs: Vec<Option<u32>> = graphs
        .iter()
        .map(|graph| {
            let starts = graph.workflow.starts.iter();
            starts
                .map(|start| starts_a_day(program, graph.workflow, &start.kind))
                .try_fold(0_u32, |sum, starts| Some(sum.saturating_add(starts?)))
        })
        .collect();
    // Givers come before receivers.
    for group in groups.into_iter().rev() {
        let goes_round = group.len() > 1
            || group.iter().any(|workflow| hands.get(*workflow).is_some_and(|to| to.contains(workflow)));
        for workflow in &group {
            let lasts = graphs.get(*workflow).is_some_and(Graph::lasts_a_day);
            if let Some(known) = runs.get_mut(*workflow) {
                if goes_round {
                    *known = None;
                }
                if lasts {
                    // One live run at a time: one ends and another one begins.
                    *known = Some(known.map_or(2, |known| known.min(2)));
                }
            }
        }
        for workflow in group {
            let given = runs.get(workflow).copied().flatten();
            for to in hands.get(workflow).into_iter().flatten().filter(|to| **to != workflow) {
                if let Some(known) = runs.get_mut(*to) {
                    *known = known.zip(given).map(|(known, given)| known.saturating_add(given));
                }
            }
        }
    }
    runs
}

/// How often a start begins a run for one contact in a day; none where that has no bound.
fn starts_a_day(program: &Program, workflow: &Workflow, start: &StartKind) -> Option<u32> {
    match start {
        StartKind::Every { schedule: Schedule::Days { .. }, .. } => Some(1),
        StartKind::Every { schedule: Schedule::Interval(period), .. } => {
            Some(periods::a_day(&program.client, 1, *period))
        }
        StartKind::On(query) => {
            let created = program.event("contact.created");
            let once = Some(workflow.entity) == program.entity("Contact");
            (once && query.events.iter().all(|event| Some(*event) == created)).then_some(1)
        }
        StartKind::Crosses(_) | StartKind::Becomes(_) => None,
    }
}

/// A workflow's stages with the ways between them that take less than a day.
struct Graph<'p> {
    program: &'p Program,
    workflow: &'p Workflow,
}

impl Graph<'_> {
    fn hands_to(&self) -> Vec<usize> {
        let mut to: Vec<usize> = self
            .workflow
            .stages
            .iter()
            .filter_map(|stage| match &stage.kind {
                StageKind::Handoff(handoff) => Some(handoff.to.index()),
                StageKind::Stage(_) | StageKind::End(_) => None,
            })
            .collect();
        to.sort_unstable();
        to.dedup();
        to
    }

    /// Where a run gets within a day from a stage; doors before insides, as in [`Machine`].
    fn onward(&self, node: Node) -> Vec<Node> {
        let count = self.workflow.stages.len();
        let stage = self.workflow.stages.get(node % count.max(1));
        let Some(StageKind::Stage(body)) = stage.map(|stage| &stage.kind) else {
            return if node < count { vec![node + count] } else { Vec::new() };
        };
        if node >= count {
            let client: &Client = &self.program.client;
            let quick = |when: &WayWhen| match when {
                WayWhen::After(period) => periods::least(client, *period) < A_DAY,
                _ => true,
            };
            return body.ways.iter().filter(|way| quick(&way.when)).map(|way| way.to.index()).collect();
        }
        let aside = body.cap.map(|(_, then)| then.index());
        let others = body.only_when.as_ref().map(|(_, other)| other.index());
        [Some(node + count), aside, others].into_iter().flatten().collect()
    }

    /// Whether no run comes from its beginning to its end within a day.
    fn lasts_a_day(&self) -> bool {
        let count = self.workflow.stages.len();
        let reached = super::machine::closure(count * 2, [0], |node| self.onward(node));
        let ends =
            self.workflow.stages.iter().enumerate().filter(|(_, stage)| !matches!(stage.kind, StageKind::Stage(_)));
        !ends.into_iter().any(|(stage, _)| reached.get(stage) == Some(&true))
    }

    fn messages(&self, stage: usize) -> i64 {
        self.acts(stage, |action| i64::from(action.name == SEND))
    }

    fn spend(&self, stage: usize) -> i64 {
        self.acts(stage, |action| action.cost.filter(|_| action.name != SEND).map_or(0, |cost| cost.0))
    }

    fn acts(&self, stage: usize, weight: impl Fn(&crate::program::Action) -> i64) -> i64 {
        let Some(StageKind::Stage(body)) = self.workflow.stages.get(stage).map(|stage| &stage.kind) else { return 0 };
        let done = body.acts.iter().filter_map(|act| action(self.program, act));
        done.map(weight).fold(0, i64::saturating_add)
    }

    /// The most that a run gathers within a day, wherever it is at its beginning; none where it may go round and gather more.
    fn most(&self, weight: impl Fn(usize) -> i64) -> Option<i64> {
        let count = self.workflow.stages.len();
        let of = |node: Node| node.checked_sub(count).map_or(0, &weight);
        let cap = |node: Node| match self.workflow.stages.get(node.checked_sub(count)?).map(|stage| &stage.kind) {
            Some(StageKind::Stage(body)) => body.cap.map(|(times, _)| times),
            _ => None,
        };
        // Once all caps are used up, what still goes round has no bound.
        let uncapped = components(count * 2, |node| if cap(node).is_some() { Vec::new() } else { self.onward(node) });
        let goes_round = |group: &[Node]| group.len() > 1 || group.iter().any(|node| self.onward(*node).contains(node));
        if uncapped
            .iter()
            .any(|group| goes_round(group) && group.iter().any(|node| cap(*node).is_none() && of(*node) > 0))
        {
            return None;
        }
        let groups = components(count * 2, |node| self.onward(node));
        let mut most = vec![0_i64; count * 2];
        let mut best = 0;
        // Those that are reached come before those they are reached from.
        for group in groups {
            let visits = if goes_round(&group) {
                group
                    .iter()
                    .filter_map(|node| cap(*node))
                    .fold(1_i64, |sum, times| sum.saturating_add(i64::from(times)))
            } else {
                1
            };
            let inside = group.iter().map(|node| of(*node)).fold(0, i64::saturating_add).saturating_mul(visits);
            let beyond = group.iter().flat_map(|node| self.onward(*node)).filter(|to| !group.contains(to));
            let beyond = beyond.filter_map(|to| most.get(to).copied()).max().unwrap_or(0);
            let sum = inside.saturating_add(beyond);
            best = best.max(sum);
            for node in group {
                if let Some(slot) = most.get_mut(node) {
                    *slot = sum;
                }
            }
        }
        Some(best)
    }
}

/// What takes as long ends a day; the clocks may change.
const A_DAY: i64 = 23 * 60 * 60;
