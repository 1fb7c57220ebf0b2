//! What scores can be where facts are as a guard wants them: a guard that asks for a score beyond that never holds.
//!
//! Sound as the ranges are: a score is taken for all that it could be where each of the guard's demands is met.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

use crate::checks::demand::{self, Demands};
use crate::checks::describe;
use crate::checks::domain::{Domain, Subject};
use crate::checks::interval::Interval;
use crate::checks::reach::Reach;
use crate::checks::{Range, range_of};
use crate::program::{LabelId, Program, ScoreId, ScoreRef};

use super::wanted::Wanted;

/// The scores of a playbook, made ready when they are first asked about.
pub(super) struct Scores<'p> {
    program: &'p Program,
    reaches: Vec<OnceCell<Reach<'p>>>,
    ranges: RefCell<BTreeMap<(u32, Option<u32>), Range>>,
}

impl<'p> Scores<'p> {
    pub(super) fn new(program: &'p Program) -> Self {
        let reaches = program.scores.iter().map(|_| OnceCell::new()).collect();
        Self { program, reaches, ranges: RefCell::new(BTreeMap::new()) }
    }

    /// Why no score is ever what is wanted; none where it may be.
    pub(super) fn never(&self, wanted: &Wanted<'p>) -> Option<String> {
        wanted.facts.iter().find_map(|(_, demands)| self.of_one_record(demands))
    }

    fn of_one_record(&self, demands: &Demands<'p>) -> Option<String> {
        demands.iter().find_map(|(subject, domain)| match (subject, domain) {
            (Subject::Score(of), Domain::Number(interval)) => {
                let possible = self.range(*of, &without(demands, subject))?;
                (interval.meet(interval_of(possible)).is_empty()).then(|| self.words(*of, possible, demands.len() > 1))
            }
            // A route for nobody at all is the score's own finding.
            (Subject::Route(score), Domain::Labels(labels)) if self.routed(*score, labels, &Vec::new()).is_none() => {
                self.routed(*score, labels, &without(demands, subject))
            }
            _ => None,
        })
    }

    /// Why a score routes nobody so who is as the demands say.
    fn routed(&self, score: ScoreId, labels: &[LabelId], others: &Demands<'p>) -> Option<String> {
        let card = self.program.scores.get(score.index())?;
        let own = ScoreRef { score, layer: None };
        let mut why = None;
        for line in card.routes.iter().filter(|line| labels.contains(&line.label)) {
            // What is left over may be anybody.
            let of_line = demand::demands(self.program, line.condition.as_ref()?, false).ok();
            let mut all = others.clone();
            let met = of_line.is_some_and(|of_line| {
                of_line.into_iter().all(|(subject, domain)| demand::add(&mut all, subject, domain).is_ok())
            });
            if !met {
                continue;
            }
            let out_of_reach = all.iter().find_map(|(subject, domain)| match (subject, domain) {
                (Subject::Score(of), Domain::Number(interval)) if of.score == score => {
                    let possible = self.range(*of, &without(&all, subject))?;
                    interval.meet(interval_of(possible)).is_empty().then_some((*of, possible))
                }
                _ => None,
            });
            let (of, possible) = out_of_reach?;
            why.get_or_insert_with(|| self.words(of, possible, !others.is_empty()));
        }
        Some(why.unwrap_or_else(|| {
            let names: Vec<&str> = labels
                .iter()
                .filter_map(|label| card.labels.get(label.index()))
                .map(smol_str::SmolStr::as_str)
                .collect();
            let of = describe::score(self.program, own);
            format!("`{of}` is never {} where the rest holds", names.join(" or "))
        }))
    }

    fn range(&self, of: ScoreRef, given: &Demands<'p>) -> Option<Range> {
        let score = self.program.scores.get(of.score.index())?;
        let reach = self.reaches.get(of.score.index())?.get_or_init(|| Reach::new(self.program, of.score, score));
        let given = match of.layer {
            None => reach.score(given),
            Some(layer) => reach.layer(layer as usize, given),
        };
        let known = self.ranges.borrow().get(&(of.score.0, of.layer)).copied();
        let alone = known.unwrap_or_else(|| {
            let range = range_of(self.program, of);
            self.ranges.borrow_mut().insert((of.score.0, of.layer), range);
            range
        });
        Some(Range { low: given.low.max(alone.low), high: given.high.min(alone.high) })
    }

    fn words(&self, of: ScoreRef, possible: Range, given: bool) -> String {
        let name = describe::score(self.program, of);
        let whom = if given { " where the rest holds" } else { "" };
        if possible.low == possible.high {
            return format!("`{name}` is {}{whom}", possible.low);
        }
        format!("`{name}` goes from {} to {}{whom}", possible.low, possible.high)
    }
}

fn interval_of(range: Range) -> Interval {
    Interval::new(range.low, range.high)
}

fn without<'p>(demands: &Demands<'p>, subject: &Subject<'p>) -> Demands<'p> {
    demands.iter().filter(|(known, _)| known != subject).cloned().collect()
}
