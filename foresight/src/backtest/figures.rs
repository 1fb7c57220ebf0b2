//! The figures of a card over decided records.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::forward::Block;
use crate::history::History;
use crate::learn::{Points, Scored};
use crate::statistics::{
    Accuracy, Calibration, Estimate, Line, Ranked, Share, Undefined, accuracy, auc_within, calibration, correlation,
    lift,
};

/// What a card's scores, chances and routes were worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// How often a good one scores above a bad one of the same block; ties count half.
    pub auc: Estimate,
    /// Point-biserial correlation of chance and outcome.
    pub r: Estimate,
    /// Chances, foretold from scores by what was known before each block, against what came of it.
    pub calibration: Calibration,
    /// Of those routed to the best or the worst, how many rightly.
    pub accuracy: Option<Accuracy>,
    /// Of which nothing unknown could have changed the route; none where there are no routes.
    pub coverage: Option<Share>,
    /// By route, best first.
    pub routes: Vec<RouteFigure>,
    /// Of the fifth with the highest chances.
    pub best_fifth: Share,
    /// Over all.
    pub best_fifth_lift: Estimate,
}

/// What came of those who were routed alike.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RouteFigure {
    /// `hot`
    pub route: SmolStr,
    /// How many of them were good.
    pub good: Share,
    /// Over the share of all.
    pub lift: Estimate,
}

/// What was said of the records of each block, one after the other.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// By block: scores.
    pub scores: Vec<Vec<f64>>,
    /// By block: outcomes.
    pub good: Vec<Vec<bool>>,
    /// Over all blocks: chances; not a number where nobody could foretell one.
    pub chances: Vec<f64>,
    /// Over all blocks: where they were routed.
    pub routes: Vec<Option<usize>>,
}

impl Said {
    /// Takes in what a card says of a block.
    pub fn take(&mut self, history: &History, points: &Points, line: Option<Line>, records: &[u32]) {
        let nothing = Scored::default();
        let scored = history.scored.as_ref().unwrap_or(&nothing);
        let values = points.values(&scored.card, &scored.rules, &history.columns, records, None);
        self.chances.extend(values.scores.iter().map(|score| line.map_or(f64::NAN, |line| line.chance(*score))));
        self.routes.extend(scored.routing.routes(&values, records));
        self.good.push(records.iter().map(|record| history.is_good(*record)).collect());
        self.scores.push(values.scores);
    }

    /// By block, ranked.
    #[must_use]
    pub fn ranked(&self) -> Vec<Option<Ranked>> {
        self.scores.iter().zip(&self.good).map(|(scores, good)| Ranked::new(scores, good)).collect()
    }

    /// The figures.
    #[must_use]
    pub fn figures(&self, history: &History, blocks: &[Block]) -> Figures {
        let good: Vec<bool> = self.good.iter().flatten().copied().collect();
        let foretold: Vec<(f64, bool)> =
            self.chances.iter().copied().zip(good.iter().copied()).filter(|(chance, _)| !chance.is_nan()).collect();
        let (chances, outcomes): (Vec<f64>, Vec<bool>) = foretold.iter().copied().unzip();
        let all = Share::new(good.iter().filter(|good| **good).count() as u64, good.len() as u64);
        let labels = history.scored.as_ref().map(|scored| scored.routing.labels.clone()).unwrap_or_default();
        let routes = labels.iter().enumerate().map(|(place, label)| {
            let of = self.routes.iter().zip(&good).filter(|(route, _)| **route == Some(place));
            let (hits, of) = of.fold((0, 0), |(hits, of), (_, good)| (hits + u64::from(*good), of + 1));
            let share = Share::new(hits, of);
            RouteFigure { route: label.clone(), good: share, lift: lift(share, all) }
        });
        let told: Vec<Option<bool>> = self
            .routes
            .iter()
            .map(|route| match route {
                Some(0) => Some(true),
                Some(last) if last + 1 == labels.len() => Some(false),
                _ => None,
            })
            .collect();
        let certain = history.scored.as_ref().map(|scored| scored.certain.as_slice()).unwrap_or_default();
        let is_certain = |record: &u32| certain.get(*record as usize).copied().unwrap_or(false);
        let records = || blocks.iter().flat_map(|block| &block.records);
        let auc = auc_within(&self.ranked());
        // Where no chance could be foretold, something is decided all the same.
        let silent = (foretold.is_empty() && !good.is_empty()).then(|| auc.undefined.unwrap_or(Undefined::TooFew));
        let reasoned = |figure: Estimate| match silent {
            Some(why) if figure.undefined == Some(Undefined::Nothing) => Estimate::undefined(why),
            _ => figure,
        };
        let mut best: Vec<(f64, bool)> = foretold;
        best.sort_by(|one, other| other.0.total_cmp(&one.0));
        let fifth = best.len().div_ceil(5);
        let hits = best.iter().take(fifth).filter(|(_, good)| *good).count() as u64;
        let best_fifth = Share::new(hits, fifth as u64);
        let calibrated = calibration(&chances, &outcomes);
        Figures {
            auc,
            r: reasoned(correlation(&chances, &outcomes)),
            calibration: Calibration {
                error: reasoned(calibrated.error),
                slope: reasoned(calibrated.slope),
                brier: reasoned(calibrated.brier),
                ..calibrated
            },
            accuracy: (labels.len() > 1).then(|| accuracy(&told, &good)),
            coverage: (!labels.is_empty() && !certain.is_empty()).then(|| {
                Share::new(records().filter(|record| is_certain(record)).count() as u64, records().count() as u64)
            }),
            routes: routes.collect(),
            best_fifth,
            best_fifth_lift: reasoned(lift(best_fifth, all)),
        }
    }
}
