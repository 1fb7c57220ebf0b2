//! In which layer each node stands, and which edges lead back.

use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The layers of a graph.
#[derive(Debug)]
pub(super) struct Ranks {
    /// By node, from 0 at the top.
    pub(super) rank: Vec<usize>,
    /// By edge: its target stands above its source.
    pub(super) back: Vec<bool>,
    /// The nodes as a reader meets them.
    pub(super) order: Vec<usize>,
}

/// Ranks the nodes: each edge that does not lead back goes down by a layer or more.
pub(super) fn ranks(nodes: usize, edges: &[(usize, usize)]) -> Ranks {
    let order = reading_order(nodes, edges);
    let mut place = vec![0; nodes];
    for (at, node) in order.iter().enumerate() {
        if let Some(place) = place.get_mut(*node) {
            *place = at;
        }
    }
    let of = |node: usize| place.get(node).copied().unwrap_or_default();
    // What goes on in reading order goes down. What goes against it does as well, unless it would close a circle.
    let mut down: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for (from, to) in edges.iter().filter(|(from, to)| of(*from) < of(*to)) {
        down.get_mut(*from).into_iter().for_each(|targets| targets.push(*to));
    }
    let mut back = vec![false; edges.len()];
    for ((from, to), back) in edges.iter().zip(&mut back) {
        if of(*from) < of(*to) {
            continue;
        }
        if reaches(&down, *to, *from) {
            *back = true;
        } else {
            down.get_mut(*from).into_iter().for_each(|targets| targets.push(*to));
        }
    }
    Ranks { rank: longest_paths(&down, &order), back, order }
}

/// The first node, then again and again the first one that something read already leads to; what leads nowhere comes last.
fn reading_order(nodes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let leads_on: BTreeSet<usize> = edges.iter().map(|(from, _)| *from).collect();
    let mut waiting: BTreeSet<usize> = (0..nodes).collect();
    let mut order = Vec::with_capacity(nodes);
    while !waiting.is_empty() {
        let reached = |node: &&usize| {
            edges.iter().any(|(from, to)| to == *node && !waiting.contains(from)) && leads_on.contains(*node)
        };
        let next = waiting.iter().find(reached);
        let next = next.or_else(|| waiting.iter().find(|node| order.is_empty() || leads_on.contains(node)));
        let Some(next) = next.or(waiting.first()).copied() else { break };
        waiting.remove(&next);
        order.push(next);
    }
    order
}

fn reaches(down: &[Vec<usize>], from: usize, to: usize) -> bool {
    let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(node) = next.pop() {
        if node == to {
            return true;
        }
        if seen.insert(node) {
            next.extend(down.get(node).into_iter().flatten());
        }
    }
    false
}

/// By node, the number of steps on the longest way to it.
fn longest_paths(down: &[Vec<usize>], order: &[usize]) -> Vec<usize> {
    let mut rank = vec![0; down.len()];
    let mut waits_for = vec![0_usize; down.len()];
    for to in down.iter().flatten() {
        waits_for.get_mut(*to).into_iter().for_each(|count| *count += 1);
    }
    let free = |waits_for: &[usize]| order.iter().copied().filter(|node| waits_for.get(*node) == Some(&0)).collect();
    let mut ready: Vec<usize> = free(&waits_for);
    ready.sort_by_key(|node| Reverse(*node));
    while let Some(node) = ready.pop() {
        let own = rank.get(node).copied().unwrap_or_default();
        for to in down.get(node).into_iter().flatten() {
            if let (Some(rank), Some(count)) = (rank.get_mut(*to), waits_for.get_mut(*to)) {
                *rank = (*rank).max(own + 1);
                *count -= 1;
                if *count == 0 {
                    ready.push(*to);
                }
            }
        }
    }
    rank
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_written_late_that_comes_early_stands_where_it_comes() {
        // 0 → 2 → 1 → 3, and 1 back to 2.
        let ranks = ranks(4, &[(0, 2), (2, 1), (1, 3), (1, 2)]);
        assert_eq!(ranks.rank, [0, 2, 1, 3]);
        assert_eq!(ranks.back, [false, false, false, true]);
    }

    #[test]
    fn what_goes_against_the_text_without_a_circle_goes_down() {
        let ranks = ranks(4, &[(0, 1), (0, 2), (2, 1), (1, 3)]);
        assert_eq!(ranks.rank, [0, 2, 1, 3]);
        assert_eq!(ranks.back, [false; 4]);
    }

    #[test]
    fn ends_come_last_though_they_are_reached_first() {
        assert_eq!(ranks(3, &[(0, 1), (0, 2), (2, 1)]).order, [0, 2, 1]);
    }
}
