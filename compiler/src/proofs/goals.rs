//! Goals about what never happens: a stage that no run comes to, a score that nobody asks for, spend where nothing costs, sends where
//! nothing is sent, an event that no source reports and no workflow waits for.

use std::collections::BTreeSet;

use language::syntax::DeclarationKind;

use crate::codes::workflows::{goal_settled, nothing_to_measure};
use crate::diagnostics::Diagnostic;
use crate::modules::Modules;
use crate::program::{
    Counted, EventId, Fixed, LimitKind, MappingTarget, Maturity, Meaning, Measure, Object, Program, ScoreId, StageId,
    StartKind, Target, WayWhen, WorkflowId, raised_by,
};

use super::machine::{Machine, Place, action};

pub(super) fn run(program: &Program, modules: &Modules, machines: &[Machine<'_>], diagnostics: &mut Vec<Diagnostic>) {
    // Where there is no workflow at all, what happens is somebody else's business.
    if machines.is_empty() {
        return;
    }
    let goals = modules.declarations.iter().filter_map(|declared| match &declared.declaration.kind {
        DeclarationKind::Goal(goal) => Some((declared, goal)),
        _ => None,
    });
    let happens = Happens::new(program, machines);
    // A shared goal is there for who uses all of its workflows.
    for ((declared, goal), lowered) in
        goals.zip(&program.goals).filter(|((declared, _), _)| !modules.is_standard(declared.file))
    {
        if let Some(why) = happens.not(&lowered.measure) {
            diagnostics.push(nothing_to_measure::diagnostic(declared.file, goal.title.span, &why));
        } else if let Some((met, why)) = settled(&lowered.measure) {
            diagnostics.push(goal_settled::diagnostic(declared.file, goal.title.span, met, why));
        }
    }
}

/// Whether the goal is met or missed whatever is done, and why.
fn settled(measure: &Measure) -> Option<(bool, &'static str)> {
    const NOUGHT: Fixed = Fixed::ZERO;
    let hundred = Fixed::from_integer(100);
    let (limit, share) = match measure {
        Measure::Count { limit, .. } | Measure::SpendPer { limit, .. } => (limit, false),
        Measure::Share { limit, .. } => (limit, true),
        Measure::Maturity(Maturity::Draft) => return Some((true, "every workflow is at least a draft")),
        // What a field adds up to may lie below nought.
        Measure::Sum { .. } | Measure::Maturity(_) | Measure::Growth { .. } => return None,
    };
    let value = limit.value;
    match limit.kind {
        LimitKind::AtLeast if value <= NOUGHT => Some((true, "it is never less than that")),
        LimitKind::Over if value < NOUGHT => Some((true, "it is always more than that")),
        LimitKind::AtMost if share && value >= hundred => Some((true, "a share is never more than that")),
        LimitKind::Under if share && value > hundred => Some((true, "a share is always less than that")),
        LimitKind::AtLeast if share && value > hundred => Some((false, "a share is never more than 100%")),
        LimitKind::Over if share && value >= hundred => Some((false, "a share is never more than 100%")),
        LimitKind::Under if value <= NOUGHT => Some((false, "it is never less than nought")),
        LimitKind::AtMost if value < NOUGHT => Some((false, "it is never less than nought")),
        _ => None,
    }
}

/// By workflow: whether anything starts it, or hands over to it.
pub(super) fn started(machines: &[Machine<'_>]) -> Vec<bool> {
    let mut runs: Vec<bool> = machines.iter().map(|machine| !machine.workflow.starts.is_empty()).collect();
    let mut open: Vec<usize> = runs.iter().enumerate().filter(|(_, runs)| **runs).map(|(at, _)| at).collect();
    while let Some(at) = open.pop() {
        let visited = machines.get(at).map(Machine::visited).unwrap_or_default();
        for handoff in visited.iter().filter_map(|(_, place)| place.handoff()) {
            if let Some(known @ false) = runs.get_mut(handoff.to.index()) {
                *known = true;
                open.push(handoff.to.index());
            }
        }
    }
    runs
}

struct Happens<'a, 'm> {
    program: &'a Program,
    machines: &'m [Machine<'a>],
    events: BTreeSet<EventId>,
    scores: BTreeSet<ScoreId>,
    costs: bool,
    /// By workflow: whether anything starts it.
    runs: Vec<bool>,
    reached: Vec<Vec<bool>>,
}

impl<'a, 'm> Happens<'a, 'm> {
    fn new(program: &'a Program, machines: &'m [Machine<'a>]) -> Self {
        let reached: Vec<Vec<bool>> = machines.iter().map(Machine::reached).collect();
        let runs = started(machines);
        let mut happens =
            Self { program, machines, events: BTreeSet::new(), scores: BTreeSet::new(), costs: false, runs, reached };
        happens.in_sources();
        happens.in_workflows();
        happens
    }

    fn in_sources(&mut self) {
        for source in &self.program.sources {
            self.events.extend(source.reports.iter().filter_map(|report| report.event));
            if let Target::Events { event, .. } = source.target {
                self.events.extend(event);
            }
            let names = source.mappings.iter().filter(|mapping| mapping.target == MappingTarget::EventName);
            for (_, meaning) in names.flat_map(|mapping| &mapping.conversion.means) {
                if let Meaning::Value(name) = meaning {
                    self.events.extend(self.program.event(name));
                }
            }
        }
    }

    fn in_workflows(&mut self) {
        for machine in self.machines {
            for start in &machine.workflow.starts {
                if let StartKind::On(query) = &start.kind {
                    self.events.extend(&query.events);
                }
            }
            for (_, place) in machine.visited() {
                for way in place.ways() {
                    if let WayWhen::On(events) = &way.when {
                        self.events.extend(events);
                    }
                }
                for act in place.body().map(|body| body.acts.as_slice()).unwrap_or_default() {
                    let Some(done) = action(self.program, act) else { continue };
                    self.events.extend(raised_by(&done.name).iter().filter_map(|name| self.program.event(name)));
                    self.costs |= done.cost.is_some();
                    if let Object::Score(score) = act.object {
                        self.scores.insert(score);
                    }
                }
            }
        }
    }

    /// Why nothing is ever counted.
    fn not(&self, measure: &Measure) -> Option<String> {
        match measure {
            Measure::Count { of, .. } => self.uncounted(of),
            Measure::Share { of, with, .. } => self.uncounted(of).or_else(|| self.unheard(*with)),
            Measure::Sum { entering, .. } => self.unstarted(*entering),
            Measure::SpendPer { each, .. } if self.costs => self.uncounted(each),
            Measure::SpendPer { .. } => {
                Some("no act of a workflow costs anything: say what one costs, `action … external cost …`".to_owned())
            }
            Measure::Growth { of, .. } => self.unsent().or_else(|| self.unheard(*of)),
            Measure::Maturity(_) => None,
        }
    }

    fn uncounted(&self, of: &Counted) -> Option<String> {
        match of {
            Counted::Event(event) => self.unheard(*event),
            Counted::Entered(workflow, stage) | Counted::Done(workflow, stage) => {
                self.unstarted(*workflow).or_else(|| self.unreached(*workflow, *stage))
            }
            Counted::Ended(workflow) => self.unstarted(*workflow),
            Counted::Routed(score, ..) if !self.scores.contains(score) => {
                let name = self.program.scores.get(score.index()).map_or("", |score| score.name.as_str());
                Some(format!("no stage of any workflow asks for the score `{name}`"))
            }
            Counted::Routed(..) => None,
        }
    }

    fn unheard(&self, event: EventId) -> Option<String> {
        if self.events.contains(&event) {
            return None;
        }
        // Without a source, nobody has said how events come in at all; what a send brings about is known all the same.
        let name = self.program.events.get(event.index()).map_or("", |event| event.name.as_str());
        if self.program.sources.is_empty() && !raised_by(super::machine::SEND).contains(&name) {
            return None;
        }
        Some(match self.unsent() {
            Some(unsent) if raised_by(super::machine::SEND).contains(&name) => unsent,
            _ => format!("no source reports `{name}`, and no workflow starts on it, waits for it or brings it about"),
        })
    }

    fn unsent(&self) -> Option<String> {
        let raised = raised_by(super::machine::SEND).iter().filter_map(|name| self.program.event(name));
        let sent = raised.into_iter().any(|event| self.events.contains(&event));
        (!sent).then(|| "no workflow sends anything".to_owned())
    }

    fn unstarted(&self, workflow: WorkflowId) -> Option<String> {
        let name = self.machines.get(workflow.index()).map_or("", |machine| machine.name.text.as_str());
        (self.runs.get(workflow.index()) == Some(&false))
            .then(|| format!("nothing starts `{name}`, and nothing is handed over to it"))
    }

    fn unreached(&self, workflow: WorkflowId, stage: StageId) -> Option<String> {
        let machine = self.machines.get(workflow.index())?;
        let reached = self.reached.get(workflow.index())?;
        let place: &Place<'_> = machine.places.get(stage.index())?;
        (!machine.is_reached(reached, stage.index())).then(|| format!("no run comes to `{}`", place.name.text))
    }
}
