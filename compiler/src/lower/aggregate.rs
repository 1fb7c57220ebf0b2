//! Calculations over events: `count of …`, `median EVENT.field`, and what each can be over.

use language::syntax::{self, AggregateFunction};

use super::Lowering;
use super::operand::{Domain, Operand, Unit};
use super::scope::Scope;
use crate::codes::types::wrong_aggregate;
use crate::program::{Aggregate, Term, TextTerm, Type};

impl Lowering<'_> {
    pub(super) fn aggregate(&mut self, aggregate: &syntax::Aggregate, scope: Scope<'_>) -> Option<Operand> {
        let function = aggregate.function;
        if function == AggregateFunction::Count {
            let query = self.query(&aggregate.query, scope)?;
            let count = Aggregate { function, field: None, query };
            return Some(Operand::Numeric(Term::Aggregate(count), Unit::Number));
        }
        let [path] = aggregate.query.events.as_slice() else {
            self.report(wrong_aggregate::several(scope.file, aggregate.query.span));
            return None;
        };
        let found = self.event_and_fact(scope.file, path);
        if let Some((event, place)) = found {
            self.note_event_and_fact(scope.file, path, event, place);
        }
        let events: Vec<_> = found.iter().map(|(event, _)| *event).collect();
        let query = self.filter_and_window(&aggregate.query, &events, found.is_some(), scope);
        let (event, place) = found?;
        let query = query?;
        let fact = self.program.events.get(event.index())?.fields.get(place)?;
        let (name, ty) = (fact.name.clone(), fact.ty.clone());
        let resolved = Aggregate { function, field: Some(name), query };
        let unit = Unit::of(&ty);
        match (unit, function, &ty) {
            (Some(unit), _, _) if takes(function, unit) => {
                let unit = if unit == Unit::Score && function == AggregateFunction::Sum { Unit::Number } else { unit };
                Some(Operand::Numeric(Term::Aggregate(resolved), unit))
            }
            (None, AggregateFunction::Latest, Type::Text) => {
                Some(Operand::Text(TextTerm::Latest(resolved), Domain::Any))
            }
            (None, AggregateFunction::Latest, Type::OneOf(_)) => {
                Some(Operand::Text(TextTerm::Latest(resolved), Domain::Event(event, place)))
            }
            (None, AggregateFunction::Latest, Type::YesNo) => Some(Operand::YesNo(TextTerm::Latest(resolved))),
            _ => {
                self.report(wrong_aggregate::not_a_number(scope.file, path, function, &super::operand::kind_of(&ty)));
                None
            }
        }
    }
}

/// Whether that can be calculated over such numbers: days have a latest and a lowest, but no sum.
fn takes(function: AggregateFunction, unit: Unit) -> bool {
    match function {
        AggregateFunction::Count
        | AggregateFunction::Latest
        | AggregateFunction::Highest
        | AggregateFunction::Lowest => true,
        AggregateFunction::Average | AggregateFunction::Median | AggregateFunction::Sum => {
            !matches!(unit, Unit::Date | Unit::Time)
        }
    }
}
