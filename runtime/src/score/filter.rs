//! `where …`: a condition over one event's own facts, with the fields of the record it happened to.

use compiler::program::{Condition, FieldPath, Fixed, Term, TextTerm, Value, Which};
use smol_str::SmolStr;

use super::block::Record;
use super::link::calculate;
use super::load::{has_of, text_holds};
use super::plan::{FieldSlot, Holds, Plan};

/// An event and the record it happened to.
pub(super) struct Occasion<'a> {
    pub(super) plan: &'a Plan,
    pub(super) record: &'a Record,
    pub(super) texts: &'a [SmolStr],
    pub(super) lists: &'a [Vec<SmolStr>],
    pub(super) related: &'a [bool],
    pub(super) facts: &'a [(SmolStr, Value)],
}

impl Occasion<'_> {
    /// Whether the event counts; none where that is unknown.
    pub(super) fn passes(&self, condition: &Condition) -> Option<bool> {
        match condition {
            Condition::Not(inner) => self.passes(inner).map(|holds| !holds),
            Condition::All(parts) => self.join(parts, false),
            Condition::Any(parts) => self.join(parts, true),
            Condition::Compare { left, operator, right } => {
                Some(operator.holds(self.number(left)?, self.number(right)?))
            }
            Condition::Between { term, low, high } => {
                let value = self.number(term);
                let from = value.zip(self.number(low)).map(|(value, low)| value >= low);
                let to = value.zip(self.number(high)).map(|(value, high)| value <= high);
                match (from, to) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                }
            }
            Condition::OneOf { term, values } => self.text(term).map(|text| values.iter().any(|value| value == text)),
            Condition::Same { left, right } => Some(self.text(left)? == self.text(right)?),
            Condition::Text { term, operator, value } => self.text(term).map(|text| text_holds(text, *operator, value)),
            Condition::Yes(TextTerm::EventField(name)) => match self.fact(name)? {
                Value::YesNo(yes) => Some(*yes),
                _ => None,
            },
            Condition::Yes(TextTerm::Field(path)) => match self.slot(path)? {
                FieldSlot { holds: Holds::Flag(flag), known, .. } if self.record.is_known(*known) => {
                    Some(self.record.flag(*flag))
                }
                _ => None,
            },
            Condition::Has { list, which, values } => self.list(list).map(|list| match which {
                Which::Any => values.iter().any(|value| list.contains(value)),
                Which::All => values.iter().all(|value| list.contains(value)),
                Which::None => !values.iter().any(|value| list.contains(value)),
            }),
            Condition::HasOf { list, which, other } => Some(has_of(self.list(list)?, *which, self.list(other)?)),
            Condition::Known(path) => self.slot(path).map(|slot| self.is_known(slot)),
            // Refused when linking.
            Condition::Yes(TextTerm::Latest(_))
            | Condition::Fresh { .. }
            | Condition::Happened { .. }
            | Condition::Mentions { .. }
            | Condition::Routed { .. } => None,
        }
    }

    /// `Any` stops at what is true, `All` at what is false.
    fn join(&self, parts: &[Condition], stop: bool) -> Option<bool> {
        let mut joined = Some(!stop);
        for part in parts {
            match self.passes(part) {
                Some(value) if value == stop => return Some(stop),
                Some(_) => {}
                None => joined = None,
            }
        }
        joined
    }

    fn fact(&self, name: &SmolStr) -> Option<&Value> {
        self.facts.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    fn slot(&self, path: &FieldPath) -> Option<&FieldSlot> {
        self.plan.fields.iter().find(|slot| slot.path == *path)
    }

    fn number(&self, term: &Term) -> Option<i64> {
        match term {
            Term::Constant(value) => Some(value.0),
            Term::EventField(name) => match self.fact(name)? {
                Value::Number(value) => Some(value.0),
                _ => None,
            },
            Term::Field(path) => match self.slot(path)? {
                FieldSlot { holds: Holds::Number(number), known, .. } if self.record.is_known(*known) => {
                    Some(self.record.number(*number))
                }
                _ => None,
            },
            Term::Arithmetic { operator, left, right } => {
                calculate(*operator, Fixed(self.number(left)?), Fixed(self.number(right)?)).map(|value| value.0)
            }
            Term::Today => Some(self.plan.today),
            Term::Now => Some(self.plan.now),
            Term::Aggregate(_) | Term::Score(_) => None,
        }
    }

    fn text(&self, term: &TextTerm) -> Option<&SmolStr> {
        match term {
            TextTerm::EventField(name) => match self.fact(name)? {
                Value::Text(text) => Some(text),
                _ => None,
            },
            TextTerm::Field(path) => match self.slot(path)? {
                FieldSlot { holds: Holds::Text(text), known, .. } if self.record.is_known(*known) => {
                    self.texts.get(*text as usize)
                }
                _ => None,
            },
            TextTerm::Latest(_) => None,
        }
    }

    fn list(&self, path: &FieldPath) -> Option<&[SmolStr]> {
        let slot = self.slot(path)?;
        let Holds::List(list) = slot.holds else { return None };
        self.lists.get(list as usize).map(Vec::as_slice).filter(|_| self.is_known(slot))
    }

    fn is_known(&self, slot: &FieldSlot) -> bool {
        let there = slot.relation.is_none_or(|relation| self.related.get(relation as usize) == Some(&true));
        self.record.is_known(slot.known) || (slot.never_missing && there)
    }
}

/// The event's facts that a filter reads.
pub(super) fn facts_of(condition: &Condition, names: &mut Vec<SmolStr>) {
    let mut of_text = |term: &TextTerm| {
        if let TextTerm::EventField(name) = term {
            names.push(name.clone());
        }
    };
    match condition {
        Condition::Not(inner) => facts_of(inner, names),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| facts_of(part, names)),
        Condition::Compare { left, right, .. } => [left, right].into_iter().for_each(|term| facts_of_term(term, names)),
        Condition::Between { term, low, high } => {
            [term, low, high].into_iter().for_each(|term| facts_of_term(term, names));
        }
        Condition::OneOf { term, .. } | Condition::Text { term, .. } | Condition::Yes(term) => of_text(term),
        Condition::Same { left, right } => {
            of_text(left);
            of_text(right);
        }
        _ => {}
    }
}

fn facts_of_term(term: &Term, names: &mut Vec<SmolStr>) {
    match term {
        Term::EventField(name) => names.push(name.clone()),
        Term::Arithmetic { left, right, .. } => {
            facts_of_term(left, names);
            facts_of_term(right, names);
        }
        _ => {}
    }
}
