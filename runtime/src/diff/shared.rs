//! What of a record both playbooks can be told in the same words. A test that is pasted into either has to say the same there, so a
//! record is reduced to this before it is judged; what only one of the two can be told is kept apart, to be said in words.

use compiler::diff::words::{Words, quoted};
use compiler::program::{EntityId, Field, Fixed, Program, Type, Value};
use smol_str::SmolStr;

use super::example::{Example, Happening, fits, resolve};

/// The two playbooks, each with the entity that is scored.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'p> {
    /// What stood there before.
    pub(super) before: (&'p Program, EntityId),
    /// What stands there now.
    pub(super) after: (&'p Program, EntityId),
}

impl Pair<'_> {
    const fn sides(&self) -> [(&Program, EntityId); 2] {
        [self.before, self.after]
    }

    /// The part of a record that can be written for both in the same words, with the facts that its events have to have.
    pub(super) fn shared(&self, example: &Example) -> Example {
        let mut shared = example.clone();
        shared.fields.retain(|names, value| self.says_field(names, value) == [true, true]);
        shared.events = example.events.iter().filter_map(|happening| self.happening(happening)).collect();
        shared.silent.retain(|event| event.as_ref().is_none_or(|event| self.knows(event) == [true, true]));
        shared
    }

    /// What a record gives that only one of the two can be told: `company.size: huge (as only the earlier playbook has it)`.
    pub(super) fn apart(&self, example: &Example) -> Vec<String> {
        let mut apart = Vec::new();
        for (names, value) in &example.fields {
            let says = self.says_field(names, value);
            let name = names.iter().map(SmolStr::as_str).collect::<Vec<_>>().join(".");
            apart.extend(told(&name, &self.words_of_field(names, value), says));
        }
        for happening in &example.events {
            let knows = self.knows(&happening.event);
            if knows == [true, true] {
                for (fact, value) in &happening.facts {
                    let says = self.says_fact(&happening.event, fact, value);
                    let words = self.words_of_fact(&happening.event, fact, value);
                    apart.extend(told(&format!("{} with {fact}", happening.event), &words, says));
                }
                if self.happening(happening).is_none() {
                    apart.push(format!("{}, of which the two have to be told other facts", happening.event));
                }
            } else {
                apart.extend(only(&happening.event, knows));
            }
        }
        apart.dedup();
        apart
    }

    fn words_of_field(&self, names: &[SmolStr], value: &Value) -> [Option<String>; 2] {
        self.sides().map(|(program, entity)| {
            let (_, field) = resolve(program, entity, names)?;
            written(program, field, value)
        })
    }

    fn words_of_fact(&self, event: &str, fact: &str, value: &Value) -> [Option<String>; 2] {
        self.sides().map(|(program, _)| {
            let field = facts(program, event).iter().find(|field| field.name == fact)?;
            written(program, field, value)
        })
    }

    fn says_field(&self, names: &[SmolStr], value: &Value) -> [bool; 2] {
        alike(&self.words_of_field(names, value))
    }

    fn says_fact(&self, event: &str, fact: &str, value: &Value) -> [bool; 2] {
        alike(&self.words_of_fact(event, fact, value))
    }

    fn knows(&self, event: &str) -> [bool; 2] {
        self.sides().map(|(program, _)| program.event(event).is_some())
    }

    /// The event with the facts that both can be told; none where one of the two has to be told more.
    fn happening(&self, happening: &Happening) -> Option<Happening> {
        if self.knows(&happening.event) != [true, true] {
            return None;
        }
        let mut said = happening.clone();
        said.facts.retain(|(fact, value)| self.says_fact(&happening.event, fact, value) == [true, true]);
        for (program, _) in self.sides() {
            for field in facts(program, &happening.event).iter().filter(|field| !field.optional) {
                if said.facts.iter().any(|(known, _)| *known == field.name) {
                    continue;
                }
                let value = some(&field.ty)
                    .into_iter()
                    .find(|value| self.says_fact(&happening.event, &field.name, value) == [true, true])?;
                said.facts.push((field.name.clone(), value));
            }
        }
        Some(said)
    }
}

fn facts<'p>(program: &'p Program, event: &str) -> &'p [Field] {
    let event = program.event(event).and_then(|id| program.events.get(id.index()));
    event.map(|event| event.fields.as_slice()).unwrap_or_default()
}

fn written(program: &Program, field: &Field, value: &Value) -> Option<String> {
    fits(&field.ty, value).then(|| Words::new(program).value(value, &field.ty))
}

/// Who can be told it; nobody is told it in the other's words.
fn alike(words: &[Option<String>; 2]) -> [bool; 2] {
    match words {
        [Some(one), Some(other)] => [true, one == other],
        [one, other] => [one.is_some(), other.is_some()],
    }
}

fn told(name: &str, words: &[Option<String>; 2], says: [bool; 2]) -> Option<String> {
    let value = words.iter().flatten().next()?;
    only(&format!("{name}: {value}"), says)
}

fn only(what: &str, says: [bool; 2]) -> Option<String> {
    match says {
        [true, false] => Some(format!("{what} (as only the earlier playbook has it)")),
        [false, true] => Some(format!("{what} (as only the later playbook has it)")),
        [true, true] | [false, false] => None,
    }
}

/// Values of a type that stand for a fact which has to be there and that nobody asks about.
fn some(ty: &Type) -> Vec<Value> {
    match ty {
        Type::Text => vec![Value::Text("something".into())],
        Type::OneOf(words) => words.iter().cloned().map(Value::Text).collect(),
        Type::YesNo => vec![Value::YesNo(false)],
        Type::Number | Type::Percent | Type::Money | Type::Score => vec![Value::Number(Fixed::ONE)],
        Type::Duration | Type::Date => vec![Value::Number(Fixed::from_integer(86_400))],
        Type::List(_) => vec![Value::List(Vec::new())],
        Type::Time | Type::Record(_) => Vec::new(),
    }
}

/// A record in words, where no test can give it to both.
pub(super) fn plainly(example: &Example, pair: &Pair<'_>) -> String {
    let mut parts = pair.apart(example);
    let shared = pair.shared(example);
    let words = Words::new(pair.after.0);
    for (names, value) in &shared.fields {
        if let Some((_, field)) = resolve(pair.after.0, pair.after.1, names) {
            let name = names.iter().map(SmolStr::as_str).collect::<Vec<_>>().join(".");
            parts.push(format!("{name}: {}", words.value(value, &field.ty)));
        }
    }
    for happening in &shared.events {
        parts.push(format!("{} {} ago", happening.event, happening.ago));
    }
    for (said, ago) in &shared.said {
        parts.push(format!("{} said {ago} ago", quoted(said)));
    }
    for event in &shared.silent {
        let event = event.as_ref().map_or("conversations", SmolStr::as_str);
        parts.push(format!("nobody reports {event}"));
    }
    parts.join("; ")
}
