//! The most that can be had at once, where some things exclude each other: an upper bound, exact where few things are entangled.

use std::collections::BTreeMap;

/// Entangled groups up to this size are solved exactly.
const EXACT: usize = 20;

/// The greatest sum of weights of which no two exclude each other, or more. Weights are not negative; `exclusive` lists pairs of
/// places in `weights`.
pub(super) fn most(weights: &[i64], exclusive: &[(usize, usize)]) -> i64 {
    let mut neighbours: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (one, other) in exclusive {
        neighbours.entry(*one).or_default().push(*other);
        neighbours.entry(*other).or_default().push(*one);
    }
    let free = weights.iter().enumerate().filter(|(at, _)| !neighbours.contains_key(at)).map(|(_, weight)| *weight);
    let mut total = free.fold(0, i64::saturating_add);
    let mut seen = std::collections::BTreeSet::new();
    for start in neighbours.keys() {
        if !seen.insert(*start) {
            continue;
        }
        let mut group = vec![*start];
        let mut next = 0;
        while let Some(at) = group.get(next).copied() {
            next += 1;
            for other in neighbours.get(&at).into_iter().flatten() {
                if seen.insert(*other) {
                    group.push(*other);
                }
            }
        }
        group.sort_by_key(|at| std::cmp::Reverse(weight(weights, *at)));
        let best = if group.len() <= EXACT {
            exact(weights, &neighbours, &group)
        } else {
            covered(weights, &neighbours, &group)
        };
        total = total.saturating_add(best);
    }
    total
}

fn weight(weights: &[i64], at: usize) -> i64 {
    weights.get(at).copied().unwrap_or(0)
}

fn clash(neighbours: &BTreeMap<usize, Vec<usize>>, one: usize, other: usize) -> bool {
    neighbours.get(&one).is_some_and(|those| those.contains(&other))
}

/// Every choice, given up where what is left cannot beat the best so far.
fn exact(weights: &[i64], neighbours: &BTreeMap<usize, Vec<usize>>, group: &[usize]) -> i64 {
    fn choose(
        weights: &[i64],
        neighbours: &BTreeMap<usize, Vec<usize>>,
        left: &[usize],
        chosen: &mut Vec<usize>,
        sum: i64,
        best: &mut i64,
    ) {
        *best = (*best).max(sum);
        let rest = left.iter().map(|at| weight(weights, *at)).fold(0, i64::saturating_add);
        let Some((first, others)) = left.split_first() else { return };
        if sum.saturating_add(rest) <= *best {
            return;
        }
        if chosen.iter().all(|taken| !clash(neighbours, *taken, *first)) {
            chosen.push(*first);
            choose(weights, neighbours, others, chosen, sum.saturating_add(weight(weights, *first)), best);
            chosen.pop();
        }
        choose(weights, neighbours, others, chosen, sum, best);
    }
    let mut best = 0;
    choose(weights, neighbours, group, &mut Vec::new(), 0, &mut best);
    best
}

/// The group in cliques, greedily, and the heaviest of each: of a clique at most one can be had.
fn covered(weights: &[i64], neighbours: &BTreeMap<usize, Vec<usize>>, group: &[usize]) -> i64 {
    let mut cliques: Vec<Vec<usize>> = Vec::new();
    let mut total: i64 = 0;
    for at in group {
        match cliques.iter_mut().find(|clique| clique.iter().all(|member| clash(neighbours, *member, *at))) {
            Some(clique) => clique.push(*at),
            None => {
                // The heaviest come first, so that a clique's first is its heaviest.
                total = total.saturating_add(weight(weights, *at));
                cliques.push(vec![*at]);
            }
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_that_exclude_each_other_the_heavier_counts() {
        assert_eq!(most(&[20, 35, 10], &[]), 65);
        assert_eq!(most(&[20, 35, 10], &[(0, 1)]), 45);
        assert_eq!(most(&[20, 35, 10], &[(0, 1), (1, 2)]), 35);
        assert_eq!(most(&[20, 30, 20], &[(0, 1), (1, 2)]), 40);
    }

    #[test]
    fn large_groups_are_bounded_from_above() {
        let weights: Vec<i64> = (1..=40).collect();
        let all: Vec<(usize, usize)> = (0..40).flat_map(|one| (one + 1..40).map(move |other| (one, other))).collect();
        assert_eq!(most(&weights, &all), 40);
        let chain: Vec<(usize, usize)> = (0..39).map(|at| (at, at + 1)).collect();
        let best: i64 = (1..=40).filter(|weight| weight % 2 == 0).sum();
        assert!(most(&weights, &chain) >= best);
    }

    proptest::proptest! {
        #[test]
        fn never_less_than_any_choice(weights in proptest::collection::vec(0_i64..100, 1..26), pairs in proptest::collection::vec((0_usize..26, 0_usize..26), 0..40), taken in 0_u32..1 << 26) {
            let pairs: Vec<_> = pairs.into_iter().filter(|(one, other)| one != other && *one < weights.len() && *other < weights.len()).collect();
            let mut chosen: Vec<usize> = Vec::new();
            for at in 0..weights.len() {
                let free = chosen.iter().all(|other| !pairs.contains(&(at, *other)) && !pairs.contains(&(*other, at)));
                if taken & (1 << at) != 0 && free {
                    chosen.push(at);
                }
            }
            let sum: i64 = chosen.iter().map(|at| weights[*at]).sum();
            proptest::prop_assert!(most(&weights, &pairs) >= sum);
        }
    }
}
