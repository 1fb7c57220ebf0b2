//! A workflow as a graph: where a run may be, how it gets on from there, and where each of that stands in the text.
//!
//! Each stage is two nodes: its door and its inside. A way out leads to a door; behind a door lies the stage, or, where it was entered
//! too often or is only for others, the door of another one. So the graph has as many edges as the workflow has words.

use language::Span;
use language::syntax::{DeclarationKind, Name, StageClause, WorkflowMember};

use crate::modules::Modules;
use crate::program::{
    Act, Action, Actor, AgentId, FileId, Handoff, Program, Stage, StageBody, StageKind, Way, WayWhen, Workflow,
    WorkflowId,
};

/// A workflow beside its text.
pub(super) struct Machine<'a> {
    pub(super) id: WorkflowId,
    pub(super) workflow: &'a Workflow,
    pub(super) file: FileId,
    pub(super) name: &'a Name,
    /// By [`crate::program::StageId`].
    pub(super) places: Vec<Place<'a>>,
    /// The starts, in their order.
    pub(super) starts: Vec<(FileId, Span)>,
    /// By stage and way: it may be open. What a proof found to be closed for ever is taken out.
    pub(super) open: Vec<Vec<bool>>,
}

/// A stage, handoff or end beside its text.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) file: FileId,
    pub(super) name: &'a Name,
    pub(super) member: &'a WorkflowMember,
    pub(super) stage: &'a Stage,
}

/// Into the nodes of a [`Machine`]: the doors of all stages first, then their insides.
pub(super) type Node = usize;

/// How a run gets from one node to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// By the way out of that number.
    Way(usize),
    /// Through the door.
    Enter,
    /// It was in the stage often enough.
    Capped,
    /// The stage is only for others.
    Skipped,
}

/// All workflows, in the order of their ids.
pub(super) fn machines<'a>(program: &'a Program, modules: &'a Modules) -> Vec<Machine<'a>> {
    let written = modules.declarations.iter().filter_map(|declared| match &declared.declaration.kind {
        DeclarationKind::Workflow(workflow) => Some((declared, workflow)),
        _ => None,
    });
    let machines = (0..).zip(written.zip(&program.workflows)).map(|(id, ((declared, syntax), workflow))| {
        let members = || syntax.members.iter().enumerate().map(|(at, member)| (declared.member_file(at), member));
        let named = members().filter_map(|(file, member)| Some((file, member, member.name()?)));
        let places: Vec<Place<'a>> = named
            .zip(&workflow.stages)
            .map(|((file, member, name), stage)| Place { file, name, member, stage })
            .collect();
        let starts = members().filter_map(|(file, member)| match member {
            WorkflowMember::Start(start) => Some((file, start.span)),
            _ => None,
        });
        let open = places.iter().map(|place| vec![true; place.ways().len()]).collect();
        Machine {
            id: WorkflowId(id),
            workflow,
            file: declared.file,
            name: &syntax.name,
            starts: starts.collect(),
            places,
            open,
        }
    });
    machines.collect()
}

impl<'a> Place<'a> {
    pub(super) fn body(&self) -> Option<&'a StageBody> {
        match &self.stage.kind {
            StageKind::Stage(body) => Some(body),
            StageKind::Handoff(_) | StageKind::End(_) => None,
        }
    }

    pub(super) fn handoff(&self) -> Option<&'a Handoff> {
        match &self.stage.kind {
            StageKind::Handoff(handoff) => Some(handoff),
            StageKind::Stage(_) | StageKind::End(_) => None,
        }
    }

    pub(super) fn ways(&self) -> &'a [Way] {
        self.body().map_or(&[], |body| &body.ways)
    }

    /// Where the clauses that `pick` picks stand, in their order.
    fn spans(&self, pick: impl Fn(&'a StageClause) -> Vec<Span>) -> Vec<Span> {
        match self.member {
            WorkflowMember::Stage(stage) => stage.clauses.iter().flat_map(pick).collect(),
            _ => Vec::new(),
        }
    }

    /// Where an act stands, by its number.
    pub(super) fn act(&self, number: usize) -> Span {
        let acts = self.spans(|clause| match clause {
            StageClause::Do { act, .. } => vec![act.span],
            _ => Vec::new(),
        });
        acts.get(number).copied().unwrap_or(self.name.span)
    }

    /// Where a requirement stands, by its number.
    pub(super) fn requirement(&self, number: usize) -> Span {
        let required = self.spans(|clause| match clause {
            StageClause::Require { conditions, .. } => conditions.iter().map(|condition| condition.span).collect(),
            _ => Vec::new(),
        });
        required.get(number).copied().unwrap_or(self.name.span)
    }

    /// Where the stage's question stands.
    pub(super) fn ask(&self) -> Span {
        let asks = self.spans(|clause| match clause {
            StageClause::Ask(ask) => vec![ask.span],
            _ => Vec::new(),
        });
        asks.first().copied().unwrap_or(self.name.span)
    }

    /// Where a way out stands, by its number.
    pub(super) fn way(&self, number: usize) -> Span {
        let ways = self.spans(|clause| match clause {
            StageClause::Next(next) => vec![next.span],
            _ => Vec::new(),
        });
        ways.get(number).copied().unwrap_or(self.name.span)
    }

    /// Where it says how often the stage is entered.
    pub(super) fn cap(&self) -> Span {
        match self.member {
            WorkflowMember::Stage(stage) => stage.cap.as_ref().map_or(self.name.span, |cap| cap.span),
            _ => self.name.span,
        }
    }

    /// Where it says for whom the stage is.
    pub(super) fn only_when(&self) -> Span {
        match self.member {
            WorkflowMember::Stage(stage) => stage.only_when.as_ref().map_or(self.name.span, |only| only.span),
            _ => self.name.span,
        }
    }
}

impl<'a> Machine<'a> {
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Where a run that comes to the stage is first.
    pub(super) const fn door(stage: usize) -> Node {
        stage
    }

    /// Where a run is that has entered the stage.
    pub(super) fn inside(&self, stage: usize) -> Node {
        self.len() + stage
    }

    /// The stage that a node is of, and whether it is its inside.
    pub(super) fn stage_of(&self, node: Node) -> (usize, bool) {
        match node.checked_sub(self.len()) {
            Some(stage) => (stage, true),
            None => (node, false),
        }
    }

    /// Where a run gets from a node, and how.
    pub(super) fn onward(&self, node: Node) -> Vec<(Node, Step)> {
        let (stage, is_inside) = self.stage_of(node);
        let Some(place) = self.places.get(stage) else { return Vec::new() };
        if is_inside {
            let open = self.open.get(stage).map(Vec::as_slice).unwrap_or_default();
            let ways = place.ways().iter().enumerate().zip(open).filter(|(_, open)| **open);
            return ways.map(|((number, way), _)| (Self::door(way.to.index()), Step::Way(number))).collect();
        }
        let mut onward = vec![(self.inside(stage), Step::Enter)];
        if let Some(body) = place.body() {
            onward.extend(body.cap.map(|(_, then)| (Self::door(then.index()), Step::Capped)));
            onward.extend(body.only_when.as_ref().map(|(_, other)| (Self::door(other.index()), Step::Skipped)));
        }
        onward
    }

    /// Which nodes a run may come to, from where it begins.
    pub(super) fn reached(&self) -> Vec<bool> {
        closure(self.len() * 2, [Self::door(0)], |node| self.onward(node).into_iter().map(|(to, _)| to).collect())
    }

    /// Whether a run may be in the stage, by the nodes that are reached.
    pub(super) fn is_reached(&self, reached: &[bool], stage: usize) -> bool {
        reached.get(self.inside(stage)).copied().unwrap_or(false)
    }

    /// The stages that a run may be in, with their numbers.
    pub(super) fn visited(&self) -> Vec<(usize, Place<'a>)> {
        let reached = self.reached();
        self.places.iter().copied().enumerate().filter(|(stage, _)| self.is_reached(&reached, *stage)).collect()
    }

    /// Whether it has been said that nobody ever leaves the stage.
    pub(super) fn is_never_left(&self, stage: usize) -> bool {
        let Some(body) = self.places.get(stage).and_then(Place::body) else { return false };
        let has_door = body.cap.is_some() || body.only_when.is_some();
        body.ways.is_empty() || !has_door && body.ways.iter().all(|way| way.to.index() == stage)
    }

    /// The agent that has the run in a stage, at a handoff or an end; none where a person has it.
    pub(super) fn agent(&self, stage: usize) -> Option<AgentId> {
        let by = match self.places.get(stage).map(|place| &place.stage.kind) {
            Some(StageKind::Stage(body)) => &body.by,
            _ => &self.workflow.by,
        };
        match by {
            Actor::Agent(agent) => Some(*agent),
            Actor::Human(_) => None,
        }
    }

    /// `a contact`, `a deal`
    pub(super) fn record(&self, program: &Program) -> String {
        let entity = program.entities.get(self.workflow.entity.index());
        format!("a {}", entity.map_or("record", |entity| entity.name.as_str()).to_lowercase())
    }
}

/// What is done, by an act.
pub(super) fn action<'p>(program: &'p Program, act: &Act) -> Option<&'p Action> {
    program.actions.get(act.action.index())
}

/// Whether an act waits for a person: in a person's stage all but scores, elsewhere what reaches out and what no port does. A message
/// that was approved goes without one.
pub(super) fn waits_for_a_person(program: &Program, body: &StageBody, act: &Act) -> bool {
    let Some(action) = action(program, act) else { return false };
    match body.by {
        Actor::Human(_) => !matches!(act.object, crate::program::Object::Score(_)),
        Actor::Agent(_) => {
            action.name != SEND && (action.external || !WITHOUT_A_PERSON.contains(&action.name.as_str()))
        }
    }
}

/// What ports and the engine do. Whatever else there is an action for is put into somebody's inbox.
const WITHOUT_A_PERSON: &[&str] = &["research", "write", "rate", "analyse", "schedule", "score", "mark"];

/// The verb that takes a message away.
pub(super) const SEND: &str = "send";

/// Whether the way out waits for the stage's acts to be done. What happens and what passes leads out whatever keeps them.
pub(super) const fn waits_for_acts(when: &WayWhen) -> bool {
    matches!(when, WayWhen::When(_) | WayWhen::Otherwise | WayWhen::Settled(_))
}

/// Which nodes are reached from some, those among them.
pub(super) fn closure(
    count: usize,
    from: impl IntoIterator<Item = Node>,
    onward: impl Fn(Node) -> Vec<Node>,
) -> Vec<bool> {
    let mut reached = vec![false; count];
    let mut open: Vec<Node> = from.into_iter().collect();
    while let Some(node) = open.pop() {
        if let Some(seen @ false) = reached.get_mut(node) {
            *seen = true;
            open.extend(onward(node));
        }
    }
    reached
}
