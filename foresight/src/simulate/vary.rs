//! A number of a playbook in other values: what changes is the difference to the playbook as it is, seed by seed.

use compiler::program::{Comparison, Condition, Fixed, Program, ScoreId, Term};
use serde::{Deserialize, Serialize};
use smol_str::{SmolStr, format_smolstr};

use super::figures::{Figures, watched};
use super::report::{Measure, measures};
use super::setting::Setting;
use super::spread::Spread;

/// A number of a playbook that can be varied.
#[derive(Clone, Debug, PartialEq)]
pub struct Knob {
    /// `hot`, `firmographic.weight`, `founder.approves`
    pub name: SmolStr,
    /// What it is now.
    pub value: Fixed,
    at: At,
}

#[derive(Clone, Debug, PartialEq)]
enum At {
    /// The threshold of a score's own points in a line of its route.
    Route(ScoreId, usize),
    Weight(ScoreId, usize),
    Chance(usize, usize),
    PerDay(usize, usize),
}

/// What two scenarios differ by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// `response rate`
    pub name: SmolStr,
    /// In percent.
    pub percent: bool,
    /// What it is.
    pub value: Option<Spread>,
    /// How much more it is than in the other one, seed by seed.
    pub more: Option<Spread>,
}

/// All numbers of a playbook that can be varied, for a scenario of it.
#[must_use]
pub fn knobs(program: &Program, scenario: usize) -> Vec<Knob> {
    let mut knobs: Vec<Knob> = Vec::new();
    for (id, score) in (0..).map(ScoreId).zip(&program.scores) {
        for (place, line) in score.routes.iter().enumerate() {
            let label = score.labels.get(line.label.index()).cloned().unwrap_or_default();
            let threshold = line.condition.as_ref().and_then(|condition| threshold(condition, id).copied());
            knobs.extend(threshold.map(|value| Knob { name: label, value, at: At::Route(id, place) }));
        }
        for (place, layer) in score.layers.iter().enumerate() {
            if let (Some(name), Some(value)) = (&layer.name, layer.weight) {
                knobs.push(Knob { name: format_smolstr!("{name}.weight"), value, at: At::Weight(id, place) });
            }
        }
    }
    let people = program.scenarios.get(scenario).map(|scenario| scenario.people.as_slice()).unwrap_or_default();
    for (place, habit) in people.iter().enumerate() {
        let whom = habit.whom.as_deref().unwrap_or("human");
        let act = habit.act.verb();
        knobs.push(Knob {
            name: format_smolstr!("{whom}.{act}"),
            value: habit.chance,
            at: At::Chance(scenario, place),
        });
        if let Some((most, _)) = habit.at_most {
            let (name, value) = (format_smolstr!("{whom}.{act}.at_most"), Fixed::from_integer(i64::from(most)));
            knobs.push(Knob { name, value, at: At::PerDay(scenario, place) });
        }
    }
    // Of two by one name neither can be meant.
    let is_alone = |knob: &&Knob| knobs.iter().filter(|known| known.name == knob.name).count() == 1;
    knobs.iter().filter(is_alone).cloned().collect()
}

impl Knob {
    /// Why a playbook may not have that value, where that is told by the number alone: what it means for routes is for the compiler to say.
    #[must_use]
    pub fn refuses(&self, program: &Program, value: Fixed) -> Option<String> {
        let (nought, hundred) = (Fixed::ZERO, Fixed::from_integer(100));
        match self.at {
            At::Route(..) => None,
            At::Chance(..) if value < nought => Some("a chance is never below 0%".to_owned()),
            At::Chance(..) if value > hundred => Some("nothing is done more than 100% of the time".to_owned()),
            At::Chance(..) => None,
            At::PerDay(..) if value.0 % language::SCALE != 0 || value.0 < language::SCALE => {
                Some("how many there are is a whole number, and at least 1".to_owned())
            }
            At::PerDay(..) => None,
            At::Weight(score, _) => {
                let score = program.scores.get(score.index())?;
                if score.layers.len() < 2 {
                    return Some("a single layer counts all of 100%".to_owned());
                }
                if value <= nought || value >= hundred {
                    return Some(
                        "every layer counts something, so that a weight lies above 0% and below 100%".to_owned(),
                    );
                }
                let (low, high) = score.learn.as_ref().and_then(|learn| learn.keep)?;
                let turned = self.turned(program, value);
                let layers = &turned.scores.iter().find(|known| known.name == score.name)?.layers;
                let outside =
                    layers.iter().find(|layer| layer.weight.is_some_and(|weight| weight < low || weight > high))?;
                let (name, weight) = (outside.name.clone().unwrap_or_default(), outside.weight.unwrap_or_default());
                Some(format!("`{name}` would weigh {weight}%, and the score keeps each weight from {low}% to {high}%"))
            }
        }
    }

    /// The playbook with another value of it. The other weights of a card give way, so that they add up to a hundred.
    #[must_use]
    pub fn turned(&self, program: &Program, value: Fixed) -> Program {
        let mut program = program.clone();
        match self.at {
            At::Route(score, line) => {
                let line = program.scores.get_mut(score.index()).and_then(|score| score.routes.get_mut(line));
                let condition = line.and_then(|line| line.condition.as_mut());
                if let Some(threshold) = condition.and_then(|condition| threshold_mut(condition, score)) {
                    *threshold = value;
                }
            }
            At::Weight(score, layer) => {
                if let Some(score) = program.scores.get_mut(score.index()) {
                    let left = 100.0 - value.to_f64();
                    let others = 100.0 - self.value.to_f64();
                    // To hundredths of a percent; the last one takes what rounding leaves, so that they add up to a hundred to the last digit.
                    let mut rest = Fixed::from_integer(100).minus(value);
                    let last = (0..score.layers.len()).rev().find(|place| *place != layer);
                    for (place, known) in score.layers.iter_mut().enumerate() {
                        if place == layer {
                            known.weight = Some(value);
                        } else if Some(place) == last {
                            known.weight = Some(rest);
                        } else if let Some(weight) = known.weight.filter(|_| others > 0.0) {
                            let scaled = (weight.to_f64() * left / others * 100.0).round() / 100.0;
                            known.weight = Fixed::from_f64(scaled).or(known.weight);
                            rest = rest.minus(known.weight.unwrap_or_default());
                        }
                    }
                }
            }
            At::Chance(scenario, habit) => {
                let known = program.scenarios.get_mut(scenario).and_then(|scenario| scenario.people.get_mut(habit));
                if let Some(habit) = known {
                    habit.chance = value;
                }
            }
            At::PerDay(scenario, habit) => {
                let known = program.scenarios.get_mut(scenario).and_then(|scenario| scenario.people.get_mut(habit));
                if let Some((most, _)) = known.and_then(|habit| habit.at_most.as_mut()) {
                    *most = u32::try_from(value.0 / language::SCALE).unwrap_or(0);
                }
            }
        }
        program
    }
}

/// The constant that a score's own points are compared with from below; none where there is none, or more than one.
fn threshold(condition: &Condition, score: ScoreId) -> Option<&Fixed> {
    match condition {
        Condition::All(parts) => {
            let mut found = parts.iter().filter_map(|part| threshold(part, score));
            found.next()
        }
        Condition::Any(parts) => parts.iter().find_map(|part| threshold(part, score)),
        Condition::Compare { left: Term::Score(of), operator, right: Term::Constant(value) }
            if of.score == score && of.layer.is_none() && is_lower(*operator) =>
        {
            Some(value)
        }
        _ => None,
    }
}

fn threshold_mut(condition: &mut Condition, score: ScoreId) -> Option<&mut Fixed> {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter_mut().find_map(|part| threshold_mut(part, score)),
        Condition::Compare { left: Term::Score(of), operator, right: Term::Constant(value) }
            if of.score == score && of.layer.is_none() && is_lower(*operator) =>
        {
            Some(value)
        }
        _ => None,
    }
}

const fn is_lower(operator: Comparison) -> bool {
    matches!(operator, Comparison::AtLeast | Comparison::More)
}

/// What one scenario differs from another by, both played with the same seeds.
#[must_use]
pub fn differences(setting: &Setting, seeds: &[Figures], base: (&Setting, &[Figures])) -> Vec<Difference> {
    let names = |setting: &Setting| -> Vec<SmolStr> {
        let name = |event: compiler::program::EventId| {
            setting.program().events.get(event.index()).map(|event| event.name.clone())
        };
        watched(setting).into_iter().filter_map(name).collect()
    };
    let before = measures(base.0, &names(base.0));
    let all = measures(setting, &names(setting));
    let row = |(name, percent, of): Measure| {
        let other = before.iter().find(|(known, ..)| *known == name);
        let more = other.and_then(|(.., was)| {
            let pairs = seeds.iter().zip(base.1).filter(|(one, other)| one.seed == other.seed);
            Spread::of(pairs.filter_map(|(one, other)| Some(of(one)? - was(other)?)))
        });
        Difference { value: Spread::of(seeds.iter().filter_map(&of)), more, name, percent }
    };
    all.into_iter().map(row).collect()
}
