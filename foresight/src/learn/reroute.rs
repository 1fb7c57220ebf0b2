//! Who would have been routed otherwise.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::card::{Points, Scored};
use crate::history::History;
use crate::statistics::Share;

/// How many examples are named.
const EXAMPLES: usize = 5;

/// Records that go from one route to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rerouted {
    /// By the card as it is; none where no line holds.
    pub from: Option<SmolStr>,
    /// By what is proposed.
    pub to: Option<SmolStr>,
    /// How many, the open ones among them.
    pub records: u64,
    /// Of the decided ones among them, how many are good.
    pub good: Share,
    /// Some of them, the newest first.
    pub examples: Vec<SmolStr>,
}

/// From one route to another, by the labels' places.
type Way = (Option<usize>, Option<usize>);

/// How many go where, by label, best first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RouteCount {
    /// The label.
    pub route: SmolStr,
    /// By the card as it is.
    pub before: u64,
    /// By what is proposed.
    pub after: u64,
}

/// What other points would have done with every record of a history.
#[must_use]
pub fn rerouted(history: &History, points: &Points) -> (Vec<RouteCount>, Vec<Rerouted>) {
    let nothing = Scored::default();
    let scored = history.scored.as_ref().unwrap_or(&nothing);
    let all: Vec<u32> = (0..u32::try_from(history.records.len()).unwrap_or(u32::MAX)).collect();
    let routes = |points: &Points| {
        let values = points.values(&scored.card, &scored.rules, &history.columns, &all, None);
        scored.routing.routes(&values, &all)
    };
    let (before, after) = (routes(&scored.card.points()), routes(points));
    let labels = &scored.routing.labels;
    let count =
        |routes: &[Option<usize>], label: usize| routes.iter().filter(|route| **route == Some(label)).count() as u64;
    let counts = labels.iter().enumerate().map(|(place, label)| RouteCount {
        route: label.clone(),
        before: count(&before, place),
        after: count(&after, place),
    });
    let mut moves: Vec<(Way, Vec<u32>)> = Vec::new();
    for (record, way) in (0_u32..).zip(before.iter().copied().zip(after.iter().copied())) {
        if way.0 == way.1 {
            continue;
        }
        match moves.iter_mut().find(|(known, _)| *known == way) {
            Some((_, records)) => records.push(record),
            None => moves.push((way, vec![record])),
        }
    }
    moves.sort_by_key(|(_, records)| std::cmp::Reverse(records.len()));
    let name = |route: Option<usize>| route.and_then(|route| labels.get(route)).cloned();
    let moved = moves.into_iter().map(|((from, to), records)| {
        let outcomes = || records.iter().filter_map(|record| history.records.get(*record as usize)?.outcome);
        let examples =
            records.iter().rev().filter_map(|record| Some(history.records.get(*record as usize)?.name.clone()));
        Rerouted {
            from: name(from),
            to: name(to),
            records: records.len() as u64,
            good: Share::new(outcomes().filter(|outcome| outcome.good).count() as u64, outcomes().count() as u64),
            examples: examples.take(EXAMPLES).collect(),
        }
    });
    (counts.collect(), moved.collect())
}
