//! Records to try, as choices: for each thing that is asked about one of a few values, or nothing.

use compiler::program::{Value, Window};
use smol_str::SmolStr;

use super::asked::Asked;
use super::example::{Example, Happening};

/// How often, how long ago and with which facts an event happened.
type Occurring = (u32, Window, Vec<(SmolStr, Value)>);

/// One thing that is asked about, with what could be known of it. To choose nothing is always possible.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    Field(Vec<SmolStr>, Vec<Value>),
    /// Each with count, age and facts.
    Event(SmolStr, Vec<Occurring>),
    Said(Vec<(SmolStr, Window)>),
    /// Nobody reports it; none stands for conversations.
    Silent(Option<SmolStr>),
}

/// So many kinds of one event are tried.
const KINDS: usize = 48;

impl Subject {
    /// How many choices there are beside nothing.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Field(_, values) => values.len(),
            Self::Event(_, kinds) => kinds.len(),
            Self::Said(said) => said.len(),
            Self::Silent(_) => 1,
        }
    }

    /// Puts a choice into an example; nought is nothing.
    pub(super) fn choose(&self, choice: usize, example: &mut Example) {
        let Some(place) = choice.checked_sub(1) else { return };
        match self {
            Self::Field(names, values) => {
                if let Some(value) = values.get(place) {
                    example.fields.insert(names.clone(), value.clone());
                }
            }
            Self::Event(event, kinds) => {
                if let Some((count, ago, facts)) = kinds.get(place) {
                    let (event, facts) = (event.clone(), facts.clone());
                    example.events.push(Happening { event, count: *count, ago: *ago, facts });
                }
            }
            Self::Said(said) => example.said.extend(said.get(place).cloned()),
            Self::Silent(event) => {
                example.silent.insert(event.clone());
            }
        }
    }
}

/// All that is asked about, as things to choose from; what may be silent comes last.
pub(super) fn subjects(asked: &Asked) -> Vec<Subject> {
    let mut subjects: Vec<Subject> =
        asked.fields.iter().map(|(names, values)| Subject::Field(names.clone(), values.clone())).collect();
    for (name, event) in &asked.events {
        let mut facts: Vec<Vec<(SmolStr, Value)>> = vec![Vec::new()];
        for (fact, values) in &event.facts {
            let with = facts.iter().flat_map(|known| {
                values.iter().map(move |value| {
                    let mut known = known.clone();
                    known.push((fact.clone(), value.clone()));
                    known
                })
            });
            let with: Vec<_> = with.collect();
            facts.extend(with);
            facts.truncate(KINDS);
        }
        let mut kinds = Vec::new();
        // The facts vary fastest, so that what is cut off is one more count.
        for &count in &event.counts {
            for &ago in &event.ago {
                kinds.extend(facts.iter().rev().map(|facts| (count, ago, facts.clone())));
            }
        }
        kinds.truncate(KINDS * 4);
        subjects.push(Subject::Event(name.clone(), kinds));
    }
    if !asked.said.is_empty() {
        let said = asked.said.iter().flat_map(|text| asked.said_ago.iter().map(move |ago| (text.clone(), *ago)));
        subjects.push(Subject::Said(said.collect()));
    }
    // The same again, for what happened twice in different ways.
    let again: Vec<Subject> =
        subjects.iter().filter(|subject| matches!(subject, Subject::Event(..) | Subject::Said(_))).cloned().collect();
    subjects.extend(again);
    subjects.extend(asked.events.keys().map(|event| Subject::Silent(Some(event.clone()))));
    if !asked.said.is_empty() {
        subjects.push(Subject::Silent(None));
    }
    subjects
}

/// A record of chosen facts.
pub(super) fn example(subjects: &[Subject], choices: &[usize]) -> Example {
    let mut example = Example::default();
    for (subject, &choice) in subjects.iter().zip(choices) {
        subject.choose(choice, &mut example);
    }
    example
}

/// Numbers that follow from a seed: Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators", SplitMix64.
#[derive(Clone, Debug)]
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % u64::try_from(bound.max(1)).unwrap_or(1)).unwrap_or(0)
    }
}
