//! How likely a record is won: a logistic regression over what is known, shrunk to the share that all have in common.

use std::collections::BTreeMap;

use super::RARER;
use super::read::{Case, Is};
use crate::learn::fit::{Fitted, Hold, Problem};
use crate::statistics::{Estimate, auc, logistic, mean};

/// A word has to come so often to be told apart.
const SUPPORT: usize = 5;

/// Weights are believed to lie around nought with variance one: an odds ratio of seven is two standard deviations away (A. Gelman et al.,
/// "A Weakly Informative Default Prior Distribution for Logistic and Other Regression Models", Annals of Applied Statistics 2 (2008)).
const STRENGTH: f64 = 1.0;

const HOLD: Hold = Hold { prior: 0.0, strength: STRENGTH, low: -8.0, high: 8.0 };

/// What was learned.
pub(super) struct Learned {
    features: Vec<Feature>,
    fitted: Fitted,
    /// How uncertain the common part is, in log-odds.
    pub(super) spread: f64,
    common: Option<String>,
}

/// One thing that is told apart.
enum Feature {
    /// The fact at that place is this word.
    Word(usize, String),
    /// The fact at that place as a number, less the mean and over the deviation of those that are known.
    Number(usize, f64, f64),
}

impl Feature {
    fn of(&self, case: &Case) -> f32 {
        match self {
            Self::Word(place, word) => {
                let is = case.facts.get(*place).is_some_and(|fact| fact.is == Is::Word(word.clone()));
                f32::from(u8::from(is))
            }
            // What is unknown is as good as the mean: neither for nor against.
            Self::Number(place, mean, deviation) => match case.facts.get(*place).map(|fact| &fact.is) {
                Some(Is::Number(number)) => narrow((number - mean) / deviation),
                _ => 0.0,
            },
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "seven digits are enough")]
fn narrow(value: f64) -> f32 {
    value as f32
}

impl Learned {
    /// From 0 to 1.
    pub(super) fn chance(&self, case: &Case) -> f64 {
        logistic(self.log_odds(case))
    }

    pub(super) fn log_odds(&self, case: &Case) -> f64 {
        let features = self.features.iter().zip(&self.fitted.weights);
        features.fold(self.fitted.intercept, |sum, (feature, weight)| weight.mul_add(f64::from(feature.of(case)), sum))
    }

    /// Why everybody has the common share.
    pub(super) fn common(&self) -> Option<String> {
        self.common.clone()
    }
}

/// Learns from the decided ones.
pub(super) fn learn<'c>(cases: impl IntoIterator<Item = &'c Case>) -> Learned {
    let decided: Vec<(&Case, bool)> = cases.into_iter().filter_map(|case| Some((case, case.outcome?.0))).collect();
    let good: Vec<bool> = decided.iter().map(|(_, won)| *won).collect();
    let won = good.iter().filter(|won| **won).count();
    let rarer = won.min(good.len() - won);
    let common = (rarer < RARER).then(|| {
        format!("{won} won and {} lost are too few to tell them apart: {RARER} of each are wanted", good.len() - won)
    });
    let features = if common.is_some() { Vec::new() } else { features(&decided) };
    let mut problem = Problem::default();
    for feature in &features {
        problem.add(decided.iter().map(|(case, _)| feature.of(case)).collect(), HOLD);
    }
    let fitted = problem.fit(&good, None, 50);
    // The normal approximation of a share's log-odds, with half a success and half a failure added (F. J. Anscombe, 1956).
    let (won, lost) = (crate::statistics::count(won) + 0.5, crate::statistics::count(good.len() - won) + 0.5);
    Learned { features, fitted, spread: (1.0 / won + 1.0 / lost).sqrt(), common }
}

fn features(decided: &[(&Case, bool)]) -> Vec<Feature> {
    let places = decided.first().map_or(0, |(case, _)| case.facts.len());
    let mut features = Vec::new();
    for place in 0..places {
        let mut words: BTreeMap<&str, usize> = BTreeMap::new();
        let mut numbers = Vec::new();
        for (case, _) in decided {
            match case.facts.get(place).map(|fact| &fact.is) {
                Some(Is::Word(word)) => *words.entry(word).or_default() += 1,
                Some(Is::Number(number)) => numbers.push(*number),
                _ => {}
            }
        }
        let often = words.into_iter().filter(|(_, times)| *times >= SUPPORT);
        features.extend(often.map(|(word, _)| Feature::Word(place, word.to_owned())));
        if let Some(middle) = mean(&numbers) {
            let squares: Vec<f64> = numbers.iter().map(|number| (number - middle).powi(2)).collect();
            let deviation = mean(&squares).unwrap_or(0.0).sqrt();
            if deviation > 0.0 {
                features.push(Feature::Number(place, middle, deviation));
            }
        }
    }
    features
}

/// How well the newer ones were foretold by what the older ones teach.
pub(super) struct Judged {
    pub(super) auc: Estimate,
    /// Of the model, and of the common share.
    pub(super) brier: Option<(f64, f64)>,
}

/// Learns from the older seven tenths of the decided ones, and asks of the newer three.
pub(super) fn judge(cases: &[Case]) -> Judged {
    let decided: Vec<&Case> = cases.iter().filter(|case| case.outcome.is_some()).collect();
    let (older, newer) = decided.split_at(decided.len() * 7 / 10);
    let learned = learn(older.iter().copied());
    let good: Vec<bool> = newer.iter().map(|case| case.outcome.is_some_and(|(won, _)| won)).collect();
    let chances: Vec<f64> = newer.iter().map(|case| learned.chance(case)).collect();
    let were_won = older.iter().map(|case| f64::from(u8::from(case.outcome.is_some_and(|(won, _)| won))));
    let common = vec![mean(&were_won.collect::<Vec<_>>()).unwrap_or(0.5); good.len()];
    let brier = (!good.is_empty()).then(|| (brier(&chances, &good), brier(&common, &good)));
    Judged { auc: auc(&chances, &good), brier }
}

/// G. W. Brier, "Verification of Forecasts Expressed in Terms of Probability", Monthly Weather Review 78 (1950).
fn brier(chances: &[f64], good: &[bool]) -> f64 {
    let squares: Vec<f64> =
        chances.iter().zip(good).map(|(chance, good)| (chance - f64::from(u8::from(*good))).powi(2)).collect();
    mean(&squares).unwrap_or(0.0)
}
