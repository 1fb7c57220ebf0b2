//! Goals: what is counted, and what it has to be.

use language::syntax::{
    self, Bound, DeclarationKind, Literal, LiteralKind, Measure as Measured, MeasuredRelation, Name, Path, RelationKind,
};

use super::Lowering;
use super::operand::{Operand, Unit};
use super::recorded::Named;
use super::scope::Scope;
use crate::codes::workflows::{limit_does_not_fit, unknown_measure};
use crate::modules::Declared;
use crate::program::{
    Counted, EventId, FieldPath, FileId, Goal, Limit, Measure, Period, ScoreRef, StageId, WorkflowId,
};

impl Lowering<'_> {
    pub(super) fn lower_goals(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            if let DeclarationKind::Goal(goal) = &declared.declaration.kind {
                let lowered = self.goal(declared, goal);
                self.said.goals.extend(lowered);
            }
        }
    }

    fn goal(&mut self, declared: &Declared, goal: &syntax::Goal) -> Option<Goal> {
        let file = declared.file;
        let measure = self.measure(file, &goal.measure)?;
        let whole = declared.declaration.span;
        Some(Goal {
            name: goal.name.as_ref().map(|name| name.text.clone()),
            title: goal.title.value.clone(),
            measure,
            words: self.words(file, language::Span::new(goal.title.span.end, whole.end)),
            origin: self.origin(file, whole),
        })
    }

    fn measure(&mut self, file: FileId, measure: &Measured) -> Option<Measure> {
        match measure {
            Measured::Maturity { every, at_least } => {
                if every.text != "workflow" {
                    self.report(unknown_measure::maturity(file, every));
                    return None;
                }
                Some(Measure::Maturity(super::workflow::maturity(*at_least)))
            }
            Measured::Share { event, later, earlier } => {
                let of = self.event(file, event);
                let later = self.numbered(file, later);
                let earlier = self.numbered(file, earlier);
                Some(Measure::Growth { of: of?, later: later?, earlier: earlier? })
            }
            Measured::Limit { bound, amount, per, of } => {
                let per = match per {
                    Some(per) => Some(self.per(file, per)?),
                    None => None,
                };
                match &of.relation {
                    None => {
                        let counted = self.counted(file, &of.path, of.state.as_ref());
                        let limit = self.limit(file, *bound, amount, Unit::Number, "a count");
                        Some(Measure::Count { limit: limit?, per, of: counted? })
                    }
                    Some(MeasuredRelation { kind: RelationKind::With, path, state }) => {
                        let counted = self.counted(file, &of.path, of.state.as_ref());
                        let limit = self.limit(file, *bound, amount, Unit::Percent, "a share");
                        let with = self.event_without_state(file, path, state.as_ref());
                        Some(Measure::Share { limit: limit?, per, of: counted?, with: with? })
                    }
                    Some(MeasuredRelation { kind: RelationKind::Entering, path, state }) => {
                        self.sum(file, (*bound, amount), per, (&of.path, of.state.as_ref()), (path, state.as_ref()))
                    }
                    Some(MeasuredRelation { kind: RelationKind::Per, path, state }) => {
                        if of.path.dotted() != "spend" || of.state.is_some() {
                            self.report(unknown_measure::per(file, &of.path));
                            return None;
                        }
                        let each = self.counted(file, path, state.as_ref());
                        let limit = self.limit(file, *bound, amount, Unit::Money, "what is spent");
                        Some(Measure::SpendPer { limit: limit?, per, each: each? })
                    }
                }
            }
        }
    }

    /// `over NZD 50k per month of deal.value entering Funnel`
    fn sum(
        &mut self,
        file: FileId,
        (bound, amount): (Bound, &Literal),
        per: Option<Period>,
        (field, state): (&Path, Option<&Name>),
        (entering, entered): (&Path, Option<&Name>),
    ) -> Option<Measure> {
        let place = self.place(file, entering);
        if let Some(stray) = state.or(entered) {
            self.report(unknown_measure::stray(file, stray));
            return None;
        }
        let (workflow, stage) = place?;
        if stage.is_some() {
            self.report(unknown_measure::entering(file, entering));
            return None;
        }
        let entity = self.names.machine(workflow).and_then(|shape| shape.entity)?;
        let (path, unit) = self.summed(file, field, entity)?;
        let limit = self.limit(file, bound, amount, unit, &format!("a sum of `{}`", field.dotted()))?;
        Some(Measure::Sum { limit, per, field: path, entering: workflow })
    }

    /// A field of the records that enter, which can be added up.
    fn summed(&mut self, file: FileId, path: &Path, entity: crate::program::EntityId) -> Option<(FieldPath, Unit)> {
        let own = self.whose(path, entity).filter(|whose| whose.entity == entity);
        let own = own.map_or_else(|| path.clone(), |whose| whose.path);
        let Some((field, owner)) = self.find_field(&own, entity) else {
            self.report_unknown_field(file, &own, entity);
            return None;
        };
        if let ([record, ..], true) = (path.parts.as_slice(), own.parts.len() < path.parts.len()) {
            self.note_table(file, record);
        }
        self.note_field(file, &own, &field);
        match self.field_operand(field.clone(), owner) {
            Some(Operand::Numeric(_, unit)) if !matches!(unit, Unit::Date | Unit::Time | Unit::Percent) => {
                Some((field, unit))
            }
            Some(other) => {
                self.report(limit_does_not_fit::no_sum(file, path, &other.kind()));
                None
            }
            None => None,
        }
    }

    pub(super) fn limit(
        &mut self,
        file: FileId,
        bound: Bound,
        amount: &Literal,
        wanted: Unit,
        of: &str,
    ) -> Option<Limit> {
        let operand = self.literal(amount, Scope::new(file, None))?;
        let Operand::Numeric(crate::program::Term::Constant(value), unit) = operand else { return None };
        if unit.plain() != wanted.plain() {
            let written = self.text(file, amount.span);
            let example = limit_does_not_fit::example(wanted, &self.program.client.currency);
            self.report(limit_does_not_fit::diagnostic(file, amount.span, written, of, &wanted.to_string(), &example));
            return None;
        }
        Some(Limit {
            kind: super::scenario::limit_kind(bound),
            value,
            percent: matches!(amount.kind, LiteralKind::Percent(_)),
        })
    }

    fn event_without_state(&mut self, file: FileId, path: &Path, state: Option<&Name>) -> Option<EventId> {
        let event = self.event(file, path);
        if let Some(state) = state {
            self.report(unknown_measure::stray(file, state));
            return None;
        }
        event
    }

    /// What is counted: an event, a score's route, or what becomes of a workflow or a stage of one.
    fn counted(&mut self, file: FileId, path: &Path, state: Option<&Name>) -> Option<Counted> {
        let first = path.parts.first()?;
        if self.names.workflows.contains_key(&first.text) {
            let (workflow, stage) = self.place(file, path)?;
            return self.counted_place(file, path, workflow, stage, state);
        }
        if let (Some(score), [_]) = (self.names.scores.get(&first.text).copied(), path.parts.as_slice()) {
            self.note(file, path.span, Named::Score(score));
            let Some(state) = state else {
                let labels = self.names.shape(score).map(|shape| shape.labels.clone()).unwrap_or_default();
                self.report(unknown_measure::which_route(file, path, &labels));
                return None;
            };
            let Some(label) = self.label(ScoreRef { score, layer: None }, &state.text) else {
                if let Some(shape) = self.names.shape(score).filter(|shape| !shape.incomplete) {
                    let found = crate::codes::names::unknown_route::diagnostic(
                        file,
                        state.span,
                        &state.text,
                        &shape.name,
                        &shape.labels,
                    );
                    self.report(found);
                }
                return None;
            };
            self.note(file, state.span, Named::Label(score, label));
            return Some(Counted::Routed(score, label, None));
        }
        if self.names.events.contains_key(&path.dotted()) {
            return self.event_without_state(file, path, state).map(Counted::Event);
        }
        if !self.names.perhaps(&first.text) {
            let mut known: Vec<String> = self.names.workflows.keys().map(ToString::to_string).collect();
            for shape in &self.names.machines {
                known.extend(shape.stages.iter().map(|stage| format!("{}.{stage}", shape.name)));
            }
            known.extend(self.names.shapes.iter().map(|shape| shape.name.to_string()));
            known.extend(self.program.events.iter().map(|event| event.name.to_string()));
            known.sort_unstable();
            self.report(unknown_measure::diagnostic(file, path, &known));
        }
        None
    }

    fn counted_place(
        &mut self,
        file: FileId,
        path: &Path,
        workflow: WorkflowId,
        stage: Option<StageId>,
        state: Option<&Name>,
    ) -> Option<Counted> {
        match (stage, state.map(|state| state.text.as_str())) {
            (Some(stage), Some("entered")) => Some(Counted::Entered(workflow, stage)),
            (Some(stage), Some("done")) => Some(Counted::Done(workflow, stage)),
            (None, Some("done")) => Some(Counted::Ended(workflow)),
            // A run begins in the first one.
            (None, Some("entered")) => Some(Counted::Entered(workflow, StageId(0))),
            _ => {
                self.report(unknown_measure::state(file, path, state));
                None
            }
        }
    }

    /// `week 8`
    fn numbered(&mut self, file: FileId, (unit, number): &(Name, syntax::Count)) -> Option<Period> {
        let amount = self.whole(file, number.value, number.span, 1, 10_000);
        self.unit_named(file, unit, amount?)
    }
}
