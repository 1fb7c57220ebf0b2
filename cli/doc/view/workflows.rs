//! Workflows: what starts them, their stages, and the ways between.

use std::collections::BTreeSet;

use compiler::program::{
    Actor, Ask, Handoff, Maturity, Program, StageBody, StageId, StageKind, StartKind, WayWhen, Workflow as Flow,
    WorkflowId,
};
use serde::Serialize;
use smol_str::SmolStr;

use super::figure::{Figure, figure};
use super::{Mark, anchor, mark, whom};
use crate::doc::words::{Whose, Words, matured, period, plain, sentence, spaced, stage_name};
use crate::layout::count;

/// A workflow.
#[derive(Debug, Serialize)]
pub(super) struct Workflow {
    pub(super) id: String,
    pub(super) name: String,
    code: SmolStr,
    docs: Option<SmolStr>,
    entity: String,
    by: Who,
    claimed: &'static str,
    starts: Vec<String>,
    pub(super) stages: Vec<Stage>,
    figure: Figure,
    /// The diagram in a sentence.
    drawn: String,
    mark: Mark,
    /// How many of its stages are the client's own, where the workflow is not.
    own_stages: usize,
}

/// Who does something.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Who {
    pub(super) name: String,
    pub(super) human: bool,
    /// Which of the colours that agents have.
    pub(super) tone: usize,
}

/// A stage, a handoff or an end.
#[derive(Debug, Serialize)]
pub(super) struct Stage {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) who: Option<Who>,
    pub(super) cap: Option<Cap>,
    only_when: Option<(String, String)>,
    does: Vec<Act>,
    requires: Vec<String>,
    pub(super) asks: Vec<Question>,
    pub(super) ways: Vec<WayOut>,
    pub(super) handoff: Option<HandoffView>,
    pub(super) end: Option<(String, Option<SmolStr>)>,
    /// Some way leads there.
    reached: bool,
    mark: Mark,
}

/// So often, and then elsewhere.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Cap {
    pub(super) times: u32,
    to: String,
}

#[derive(Debug, Serialize)]
struct Act {
    what: String,
    external: bool,
}

/// What a person is asked.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Question {
    pub(super) whom: String,
    #[serde(skip)]
    pub(super) role: Option<SmolStr>,
    pub(super) what: String,
    pub(super) within: Option<String>,
    pub(super) remind: Option<String>,
}

/// A way out.
#[derive(Clone, Debug, Serialize)]
pub(super) struct WayOut {
    pub(super) to: String,
    pub(super) to_id: String,
    /// `when`, `on`, `answer`, `after`, `otherwise`
    pub(super) kind: &'static str,
    pub(super) words: String,
    because: Option<SmolStr>,
}

/// Who goes on, and what is told.
#[derive(Debug, Serialize)]
pub(super) struct HandoffView {
    pub(super) to: String,
    pub(super) to_id: String,
    brief: Vec<String>,
    pub(super) within: Option<String>,
    /// Who is asked where nobody takes it.
    pub(super) else_ask: Option<String>,
    #[serde(skip)]
    pub(super) role: Option<SmolStr>,
}

/// All workflows.
pub(super) fn all(words: Words<'_>) -> Vec<Workflow> {
    order(words.program)
        .into_iter()
        .filter_map(|id| Some(workflow(words, words.program.workflows.get(id.index())?)))
        .collect()
}

/// As work goes on: what begins by itself and leads farthest first, behind each what it hands over to.
pub(super) fn order(program: &Program) -> Vec<WorkflowId> {
    let all: Vec<WorkflowId> = (0..).map(WorkflowId).zip(&program.workflows).map(|(id, _)| id).collect();
    let mut order = Vec::new();
    while order.len() < all.len() {
        let left = || all.iter().copied().filter(|id| !order.contains(id));
        let begins = |id: &WorkflowId| {
            let flow = program.workflows.get(id.index());
            flow.is_some_and(|flow| flow.starts.iter().any(|start| matches!(start.kind, StartKind::On(_))))
        };
        // Of two alike, the one that stands first.
        let next = left().rev().max_by_key(|id| (begins(id), chain(program, *id, &mut order.clone()).len()));
        let Some(next) = next else { break };
        let mut seen = order.clone();
        order.extend(chain(program, next, &mut seen));
    }
    order
}

/// A workflow, and what follows it by handoffs, but for what was seen.
fn chain(program: &Program, id: WorkflowId, seen: &mut Vec<WorkflowId>) -> Vec<WorkflowId> {
    if seen.contains(&id) {
        return Vec::new();
    }
    seen.push(id);
    let mut found = vec![id];
    for stage in program.workflows.get(id.index()).into_iter().flat_map(|flow| &flow.stages) {
        if let StageKind::Handoff(handoff) = &stage.kind {
            found.extend(chain(program, handoff.to, seen));
        }
    }
    found
}

/// A workflow's anchor.
pub(super) fn workflow_anchor(words: Words<'_>, id: WorkflowId) -> String {
    words.program.workflows.get(id.index()).map(|flow| anchor(&["workflow", &flow.name])).unwrap_or_default()
}

fn workflow(words: Words<'_>, flow: &Flow) -> Workflow {
    let own = mark(words, flow.origin);
    let reached = reached(flow);
    let numbered = flow.stages.iter().enumerate();
    let stages: Vec<Stage> = numbered
        .map(|(at, stage)| Stage { reached: reached.contains(&at), ..stage_view(words, flow, stage) })
        .collect();
    let of_kind = |kind: &str| stages.iter().filter(|stage| stage.kind == kind).count() as u64;
    let parts = [
        count(of_kind("stage"), "stage", "stages"),
        count(of_kind("handoff"), "handoff", "handoffs"),
        count(of_kind("end"), "end", "ends"),
    ];
    let first = stages.first().map(|stage| stage.name.clone()).unwrap_or_default();
    let own_stages = stages.iter().filter(|stage| stage.mark.whose == Whose::Own).count();
    Workflow {
        id: anchor(&["workflow", &flow.name]),
        name: spaced(&flow.name),
        code: flow.name.clone(),
        docs: flow.docs.clone(),
        entity: words.entity(flow.entity),
        by: who(words, &flow.by),
        claimed: matured(flow.claimed.max(Maturity::Draft)),
        starts: flow.starts.iter().map(|start| sentence(&words.start(flow, start))).collect(),
        figure: figure(words, flow),
        drawn: format!(
            "State diagram of {}: {}, beginning in {first}. The table below says the same in words.",
            spaced(&flow.name),
            parts.join(", ")
        ),
        own_stages: if own.whose == Whose::Own { 0 } else { own_stages },
        mark: own,
        stages,
    }
}

/// Who does something, with the colour that it has throughout the page.
pub(super) fn who(words: Words<'_>, actor: &Actor) -> Who {
    match actor {
        Actor::Agent(id) => Who { name: words.actor(actor), human: false, tone: id.index() % 6 },
        Actor::Human(_) => Who { name: sentence(&words.actor(actor)), human: true, tone: 0 },
    }
}

fn stage_view(words: Words<'_>, flow: &Flow, stage: &compiler::program::Stage) -> Stage {
    let mut view = Stage {
        id: anchor(&["stage", &flow.name, &stage.name]),
        name: spaced(&stage.name),
        kind: "stage",
        who: None,
        cap: None,
        only_when: None,
        does: Vec::new(),
        requires: Vec::new(),
        asks: Vec::new(),
        ways: Vec::new(),
        handoff: None,
        end: None,
        reached: true,
        mark: mark(words, stage.origin),
    };
    match &stage.kind {
        StageKind::Stage(body) => fill(words, flow, body, &mut view),
        StageKind::Handoff(handoff) => {
            view.kind = "handoff";
            view.handoff = Some(handoff_view(words, handoff));
        }
        StageKind::End(end) => {
            view.kind = "end";
            view.end = Some((plain(&end.outcome), end.because.clone()));
        }
    }
    view
}

fn fill(words: Words<'_>, flow: &Flow, body: &StageBody, view: &mut Stage) {
    view.who = Some(who(words, &body.by));
    view.cap = body.cap.map(|(times, to)| Cap { times, to: stage_name(flow, to) });
    view.only_when = body.only_when.as_ref().map(|(guard, to)| (words.guard(guard, false), stage_name(flow, *to)));
    view.does = body
        .acts
        .iter()
        .map(|act| {
            let external = words.program.actions.get(act.action.index()).is_some_and(|action| action.external);
            Act { what: sentence(&words.act(act)), external }
        })
        .collect();
    view.requires = body.requires.iter().map(|requirement| words.guard(&requirement.guard, false)).collect();
    view.asks = body.asks.iter().map(|ask| question(words, ask)).collect();
    view.ways = body
        .ways
        .iter()
        .map(|way| {
            let (kind, said) = words.way(&way.when);
            WayOut {
                to: stage_name(flow, way.to),
                to_id: stage_anchor(flow, way.to),
                kind,
                words: said,
                because: way.because.clone(),
            }
        })
        .collect();
}

fn stage_anchor(flow: &Flow, stage: StageId) -> String {
    flow.stages.get(stage.index()).map(|stage| anchor(&["stage", &flow.name, &stage.name])).unwrap_or_default()
}

/// What a person is asked.
pub(super) fn question(words: Words<'_>, ask: &Ask) -> Question {
    Question {
        whom: whom(words, ask.whom.as_deref()),
        role: ask.whom.clone(),
        what: words.question(ask),
        within: ask.within.map(period),
        remind: ask.remind.map(period),
    }
}

fn handoff_view(words: Words<'_>, handoff: &Handoff) -> HandoffView {
    HandoffView {
        to: words.workflow(handoff.to),
        to_id: workflow_anchor(words, handoff.to),
        brief: handoff.brief.iter().map(|brief| words.brief(brief)).collect(),
        within: handoff.within.map(period),
        else_ask: handoff.else_ask.as_ref().map(|role| words.role(role.as_deref())),
        role: handoff.else_ask.clone().flatten(),
    }
}

/// What happens where a question gets no answer in time; none where it never runs out.
pub(super) fn expiry(stage: &Stage) -> Option<&WayOut> {
    let expires = |way: &&WayOut| way.kind == "answer" && way.words.contains("no answer in time");
    stage.ways.iter().find(expires).or_else(|| stage.ways.iter().find(|way| way.kind == "otherwise"))
}

/// The stages that a run can come to from the first one.
pub(super) fn reached(flow: &Flow) -> BTreeSet<usize> {
    let (mut reached, mut next) = (BTreeSet::new(), vec![0]);
    while let Some(stage) = next.pop() {
        if !reached.insert(stage) {
            continue;
        }
        if let Some(StageKind::Stage(body)) = flow.stages.get(stage).map(|stage| &stage.kind) {
            next.extend(body.ways.iter().map(|way| way.to.index()));
            next.extend(body.cap.map(|(_, to)| to.index()));
            next.extend(body.only_when.as_ref().map(|(_, to)| to.index()));
        }
    }
    reached
}

/// The kinds of ways that a diagram marks as a matter of time.
pub(super) const fn is_time(when: &WayWhen) -> bool {
    matches!(when, WayWhen::After(_))
}
