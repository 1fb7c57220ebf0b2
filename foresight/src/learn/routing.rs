//! Routes as a function of scores that may change: what a condition asks of the score is kept as it is, all else it asks is answered once
//! for each record.

use compiler::program::{Comparison, Condition, Fixed, Score, ScoreId, Term};
use smol_str::SmolStr;

use super::card::Values;

/// How scores become routes.
#[derive(Clone, Debug, Default)]
pub struct Routing {
    /// What there is to route to, best first.
    pub labels: Vec<SmolStr>,
    lines: Vec<(usize, Option<Node>)>,
    /// Conditions that no score is part of, with their answers by record.
    asked: Vec<Vec<Answered>>,
}

/// Yes, no or unknown, in a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum Answered {
    No,
    Unknown,
    Yes,
}

impl From<Option<bool>> for Answered {
    fn from(answer: Option<bool>) -> Self {
        match answer {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::Unknown,
        }
    }
}

#[derive(Clone, Debug)]
enum Node {
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
    Compare(Of, Comparison, f64),
    Between(Of, f64, f64),
    Asked(usize),
}

#[derive(Clone, Copy, Debug)]
enum Of {
    Score,
    Layer(usize),
}

impl Routing {
    /// The routes of a score, and the conditions that have to be asked of each record; their answers are given by [`Routing::answer`].
    #[must_use]
    pub fn of(score: &Score, id: ScoreId) -> (Self, Vec<&Condition>) {
        let mut routing = Self { labels: score.labels.clone(), ..Self::default() };
        let mut asked = Vec::new();
        for line in &score.routes {
            let node = line.condition.as_ref().map(|condition| node(condition, id, &mut asked));
            routing.lines.push((line.label.index(), node));
        }
        routing.asked = vec![Vec::new(); asked.len()];
        (routing, asked)
    }

    /// The next record's answer to the condition at that place.
    pub fn answer(&mut self, place: usize, answer: Option<bool>) {
        if let Some(answers) = self.asked.get_mut(place) {
            answers.push(answer.into());
        }
    }

    /// The answers in another order.
    pub(crate) fn reorder(&mut self, order: &[u32]) {
        for answers in &mut self.asked {
            *answers =
                order.iter().map(|from| answers.get(*from as usize).copied().unwrap_or(Answered::Unknown)).collect();
        }
    }

    /// Where records go with these scores; none where no line holds.
    #[must_use]
    pub fn routes(&self, values: &Values, records: &[u32]) -> Vec<Option<usize>> {
        let holds = |place: usize, record: u32| {
            let mut lines = self.lines.iter();
            let line = lines.find(|(_, node)| match node {
                Some(node) => self.judge(node, values, place, record) == Answered::Yes,
                None => true,
            });
            line.map(|(label, _)| *label)
        };
        records.iter().enumerate().map(|(place, record)| holds(place, *record)).collect()
    }

    fn judge(&self, node: &Node, values: &Values, place: usize, record: u32) -> Answered {
        let value = |of: &Of| match of {
            Of::Score => values.scores.get(place).copied(),
            Of::Layer(layer) => values.layers.get(*layer).and_then(|layer| layer.get(place)).copied(),
        };
        let told = |holds: bool| if holds { Answered::Yes } else { Answered::No };
        match node {
            Node::Not(inner) => match self.judge(inner, values, place, record) {
                Answered::Yes => Answered::No,
                Answered::No => Answered::Yes,
                Answered::Unknown => Answered::Unknown,
            },
            Node::All(nodes) => {
                let mut all = nodes.iter().map(|node| self.judge(node, values, place, record)).collect::<Vec<_>>();
                if all.contains(&Answered::No) {
                    return Answered::No;
                }
                all.retain(|answer| *answer == Answered::Unknown);
                if all.is_empty() { Answered::Yes } else { Answered::Unknown }
            }
            Node::Any(nodes) => {
                let all = nodes.iter().map(|node| self.judge(node, values, place, record)).collect::<Vec<_>>();
                if all.contains(&Answered::Yes) {
                    Answered::Yes
                } else if all.contains(&Answered::Unknown) {
                    Answered::Unknown
                } else {
                    Answered::No
                }
            }
            Node::Compare(of, comparison, limit) => {
                let compared = value(of).map(|value| comparison.holds(hundredths(value), hundredths(*limit)));
                compared.map_or(Answered::Unknown, told)
            }
            Node::Between(of, low, high) => {
                value(of).map_or(Answered::Unknown, |value| told(value >= *low && value <= *high))
            }
            Node::Asked(place) => {
                let answers = self.asked.get(*place);
                answers.and_then(|answers| answers.get(record as usize)).copied().unwrap_or(Answered::Unknown)
            }
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "scores are a few thousand points")]
fn hundredths(value: f64) -> i64 {
    (value * 100.0).round() as i64
}

fn node<'c>(condition: &'c Condition, id: ScoreId, asked: &mut Vec<&'c Condition>) -> Node {
    let of = |term: &Term| match term {
        Term::Score(of) if of.score == id => Some(of.layer.map_or(Of::Score, |layer| Of::Layer(layer as usize))),
        _ => None,
    };
    let constant = |term: &Term| match term {
        Term::Constant(value) => Some(Fixed::to_f64(*value)),
        _ => None,
    };
    match condition {
        Condition::Not(inner) => Node::Not(Box::new(node(inner, id, asked))),
        Condition::All(all) => Node::All(all.iter().map(|inner| node(inner, id, asked)).collect()),
        Condition::Any(any) => Node::Any(any.iter().map(|inner| node(inner, id, asked)).collect()),
        Condition::Compare { left, operator, right } => match (of(left), constant(right), constant(left), of(right)) {
            (Some(of), Some(value), _, _) => Node::Compare(of, *operator, value),
            (_, _, Some(value), Some(of)) => Node::Compare(of, operator.mirrored(), value),
            _ => ask(condition, asked),
        },
        Condition::Between { term, low, high } => match (of(term), constant(low), constant(high)) {
            (Some(of), Some(low), Some(high)) => Node::Between(of, low, high),
            _ => ask(condition, asked),
        },
        _ => ask(condition, asked),
    }
}

fn ask<'c>(condition: &'c Condition, asked: &mut Vec<&'c Condition>) -> Node {
    asked.push(condition);
    Node::Asked(asked.len() - 1)
}
