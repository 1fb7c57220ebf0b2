//! Whether the stages of a workflow hang together: each is reached and left, and no workflow starts itself over and over.
//!
//! It looks at what is written, without asking when a condition holds: a way out that is there may be taken.

use language::Span;
use language::syntax::{
    Actor, DeclarationKind, Name, Next, Stage, StageClause, StartForm, Way, Workflow, WorkflowMember,
};
use rustc_hash::FxHashMap;

use crate::codes::workflows::{feeds_itself, stage_not_left, stage_not_reached};
use crate::diagnostics::{Diagnostic, Severity};
use crate::modules::{Declared, Modules};
use crate::program::{FileId, raised_by};

/// All workflows in which nothing is wrong so far.
pub(super) fn run(modules: &Modules, diagnostics: &mut Vec<Diagnostic>) {
    let graphs: Vec<Graph<'_>> = modules.declarations.iter().filter_map(Graph::of).collect();
    let sound: Vec<&Graph<'_>> = graphs.iter().filter(|graph| graph.is_sound(diagnostics)).collect();
    for graph in &sound {
        graph.reached(diagnostics);
        graph.left(diagnostics);
        graph.fed_by_its_acts(diagnostics);
    }
    handed_round(&sound, diagnostics);
}

/// A workflow with its named members.
struct Graph<'a> {
    declared: &'a Declared,
    workflow: &'a Workflow,
    /// Stages, handoffs and ends with the files they stand in.
    members: Vec<(FileId, &'a WorkflowMember, &'a Name)>,
    places: FxHashMap<&'a str, usize>,
}

impl<'a> Graph<'a> {
    fn of(declared: &'a Declared) -> Option<Self> {
        let DeclarationKind::Workflow(workflow) = &declared.declaration.kind else { return None };
        let named = workflow.members.iter().enumerate();
        let members: Vec<_> =
            named.filter_map(|(index, member)| Some((declared.member_file(index), member, member.name()?))).collect();
        let mut places = FxHashMap::default();
        for (place, (.., name)) in members.iter().enumerate() {
            places.entry(name.text.as_str()).or_insert(place);
        }
        Some(Self { declared, workflow, members, places })
    }

    /// Whether all of it could be read, and no error lies in it: what is wrong may be why something is not reached.
    fn is_sound(&self, diagnostics: &[Diagnostic]) -> bool {
        let inside = |found: &Diagnostic| {
            let place = &found.primary;
            let within = |file: FileId, span: Span| place.file == file && span.holds(place.span);
            within(self.declared.file, self.declared.declaration.span)
                || self.members.iter().any(|(file, member, _)| within(*file, member.span()))
        };
        let wrong = diagnostics.iter().any(|found| found.severity == Severity::Error && inside(found));
        !self.declared.declaration.broken && !wrong && !self.members.is_empty()
    }

    /// Where a member leads, whatever has to be true for it.
    fn onward(&self, place: usize) -> Vec<usize> {
        let Some((_, WorkflowMember::Stage(stage), _)) = self.members.get(place) else { return Vec::new() };
        let names = nexts(stage).map(|next| &next.target).chain(aside(stage));
        names.filter_map(|name| self.places.get(name.text.as_str()).copied()).collect()
    }

    fn reached(&self, diagnostics: &mut Vec<Diagnostic>) {
        let reached = closure(self.members.len(), 0, |place| self.onward(place));
        for (place, (file, member, name)) in self.members.iter().enumerate() {
            // What a refinement no longer leads to is left behind, not forgotten.
            let left_behind = self.declared.members.is_some() && *file == self.declared.file;
            if reached.get(place) == Some(&false) && !left_behind {
                let what = match member {
                    WorkflowMember::Handoff(_) => "handoff",
                    WorkflowMember::End(_) => "end",
                    _ => "stage",
                };
                diagnostics.push(stage_not_reached::diagnostic(*file, what, name));
            }
        }
    }

    fn left(&self, diagnostics: &mut Vec<Diagnostic>) {
        for (file, member, name) in &self.members {
            let WorkflowMember::Stage(stage) = member else { continue };
            for itself in aside(stage).filter(|target| target.text == name.text) {
                diagnostics.push(stage_not_left::itself(*file, itself, name));
            }
            let mut ways = nexts(stage).peekable();
            let nowhere = ways.peek().is_none();
            // A door that leads elsewhere is a way out for whoever comes back to it.
            let has_door = stage.cap.is_some() || stage.only_when.is_some();
            if nowhere || !has_door && ways.all(|next| next.target.text == name.text) {
                diagnostics.push(stage_not_left::diagnostic(*file, name, nowhere));
            }
        }
    }

    /// The members that a run comes to at once: no person is asked and no time passes in between.
    fn at_once(&self) -> Vec<bool> {
        let mut raised: Vec<&str> = Vec::new();
        loop {
            let before = raised.len();
            let reached = closure(self.members.len(), 0, |place| self.onward_at_once(place, &raised));
            for (place, (_, member, _)) in self.members.iter().enumerate() {
                let WorkflowMember::Stage(stage) = member else { continue };
                if reached.get(place) == Some(&true) && !self.is_a_persons(stage) {
                    for event in acts(stage).flat_map(|(verb, _)| raised_by(verb)) {
                        if !raised.contains(event) {
                            raised.push(event);
                        }
                    }
                }
            }
            // What one act raises may be what another stage waits for.
            if raised.len() == before {
                return reached;
            }
        }
    }

    fn onward_at_once(&self, place: usize, raised: &[&str]) -> Vec<usize> {
        let Some((_, WorkflowMember::Stage(stage), _)) = self.members.get(place) else { return Vec::new() };
        if self.is_a_persons(stage) {
            return Vec::new();
        }
        let asks = stage.clauses.iter().any(|clause| matches!(clause, StageClause::Ask(_)));
        let at_once = nexts(stage).filter(|next| match &next.way {
            Way::When(_) => true,
            Way::Otherwise => !asks,
            Way::On(events) => events.iter().any(|event| raised.contains(&event.dotted().as_str())),
            Way::After(_) => false,
        });
        let names = at_once.map(|next| &next.target).chain(aside(stage));
        names.filter_map(|name| self.places.get(name.text.as_str()).copied()).collect()
    }

    fn is_a_persons(&self, stage: &Stage) -> bool {
        let by = stage.by.as_ref().or(self.workflow.by.as_ref());
        matches!(by, Some(Actor::Human { .. }))
    }

    fn fed_by_its_acts(&self, diagnostics: &mut Vec<Diagnostic>) {
        let starts = self.workflow.members.iter().enumerate().filter_map(|(index, member)| match member {
            WorkflowMember::Start(start) => match &start.form {
                StartForm::On { event, .. } => Some((self.declared.member_file(index), event)),
                _ => None,
            },
            _ => None,
        });
        let reached = self.at_once();
        for (file, event) in starts {
            let fed = self.members.iter().enumerate().find_map(|(place, (of, member, _))| {
                let WorkflowMember::Stage(stage) = member else { return None };
                if reached.get(place) != Some(&true) || self.is_a_persons(stage) {
                    return None;
                }
                let (_, span) = acts(stage).find(|(verb, _)| raised_by(verb).contains(&event.dotted().as_str()))?;
                Some((*of, span))
            });
            if let Some(act) = fed {
                diagnostics.push(feeds_itself::act(file, event, act));
            }
        }
    }

    /// The workflows that a run is handed to at once.
    fn hands_at_once(&self) -> Vec<(FileId, &'a Name)> {
        let reached = self.at_once();
        let members = self.members.iter().enumerate();
        members
            .filter(|(place, _)| reached.get(*place) == Some(&true))
            .filter_map(|(_, (file, member, _))| match member {
                WorkflowMember::Handoff(handoff) => Some((*file, &handoff.to)),
                _ => None,
            })
            .collect()
    }
}

/// Workflows that hand a record round and round.
fn handed_round(graphs: &[&Graph<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let places: FxHashMap<&str, usize> =
        graphs.iter().enumerate().map(|(place, graph)| (graph.workflow.name.text.as_str(), place)).collect();
    let hands: Vec<Vec<(FileId, &Name)>> = graphs.iter().map(|graph| graph.hands_at_once()).collect();
    let onward = |place: usize| {
        let targets = hands.get(place).map(Vec::as_slice).unwrap_or_default();
        targets.iter().filter_map(|(_, to)| places.get(to.text.as_str()).copied()).collect::<Vec<_>>()
    };
    for (start, from) in hands.iter().enumerate() {
        for (file, to) in from {
            let Some(next) = places.get(to.text.as_str()).copied() else { continue };
            // Once a circle: where its first workflow hands over.
            let round = closure(graphs.len(), next, onward);
            let first = (0..graphs.len()).find(|place| {
                round.get(*place) == Some(&true) && closure(graphs.len(), *place, onward).get(start) == Some(&true)
            });
            if round.get(start) == Some(&true) && first == Some(start) {
                diagnostics.push(feeds_itself::handoff(*file, to));
            }
        }
    }
}

/// Which of so many places are reached from one, that one among them.
fn closure(count: usize, start: usize, onward: impl Fn(usize) -> Vec<usize>) -> Vec<bool> {
    let mut reached = vec![false; count];
    let mut open = vec![start];
    while let Some(place) = open.pop() {
        if let Some(seen @ false) = reached.get_mut(place) {
            *seen = true;
            open.extend(onward(place));
        }
    }
    reached
}

fn nexts(stage: &Stage) -> impl Iterator<Item = &Next> {
    stage.clauses.iter().filter_map(|clause| match clause {
        StageClause::Next(next) => Some(next),
        _ => None,
    })
}

/// Where a run goes that does not enter the stage.
fn aside(stage: &Stage) -> impl Iterator<Item = &Name> {
    let cap = stage.cap.iter().map(|cap| &cap.then);
    cap.chain(stage.only_when.iter().map(|only| &only.otherwise))
}

/// What is done in a stage: the verbs, and where each stands.
fn acts(stage: &Stage) -> impl Iterator<Item = (&str, Span)> {
    stage.clauses.iter().filter_map(|clause| match clause {
        StageClause::Do { act, .. } => Some((act.verb.text.as_str(), act.span)),
        _ => None,
    })
}
