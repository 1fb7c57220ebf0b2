//! The groups of nodes that can all be reached from one another, each before those it is reached from (Tarjan 1972), without recursion.

/// Every node of `0..count` in one group. A group comes before the groups that lead to it.
pub(super) fn components(count: usize, onward: impl Fn(usize) -> Vec<usize>) -> Vec<Vec<usize>> {
    let mut search =
        Search { order: vec![None; count], low: vec![0; count], open: vec![false; count], ..Search::default() };
    for start in 0..count {
        if search.order.get(start).is_some_and(Option::is_none) {
            search.from(start, &onward);
        }
    }
    search.groups
}

#[derive(Default)]
struct Search {
    order: Vec<Option<usize>>,
    low: Vec<usize>,
    /// Whether a node waits for its group.
    open: Vec<bool>,
    waiting: Vec<usize>,
    met: usize,
    groups: Vec<Vec<usize>>,
}

impl Search {
    fn from(&mut self, start: usize, onward: &impl Fn(usize) -> Vec<usize>) {
        // Each node with those still to be looked at from it.
        let mut path: Vec<(usize, Vec<usize>)> = vec![(start, self.meet(start, onward))];
        while let Some((node, left)) = path.last_mut() {
            let node = *node;
            if let Some(next) = left.pop() {
                match self.order.get(next).copied().flatten() {
                    None => {
                        let left = self.meet(next, onward);
                        path.push((next, left));
                    }
                    Some(order) if self.open.get(next) == Some(&true) => self.lower(node, order),
                    Some(_) => {}
                }
                continue;
            }
            path.pop();
            let low = self.low.get(node).copied().unwrap_or(0);
            if let Some((above, _)) = path.last() {
                self.lower(*above, low);
            }
            if self.order.get(node).copied().flatten() == Some(low) {
                self.close(node);
            }
        }
    }

    fn meet(&mut self, node: usize, onward: &impl Fn(usize) -> Vec<usize>) -> Vec<usize> {
        if let (Some(order), Some(low), Some(open)) =
            (self.order.get_mut(node), self.low.get_mut(node), self.open.get_mut(node))
        {
            (*order, *low, *open) = (Some(self.met), self.met, true);
        }
        self.met += 1;
        self.waiting.push(node);
        let count = self.order.len();
        onward(node).into_iter().filter(|to| *to < count).collect()
    }

    fn lower(&mut self, node: usize, to: usize) {
        if let Some(low) = self.low.get_mut(node) {
            *low = (*low).min(to);
        }
    }

    fn close(&mut self, node: usize) {
        let mut group = Vec::new();
        while let Some(member) = self.waiting.pop() {
            if let Some(open) = self.open.get_mut(member) {
                *open = false;
            }
            group.push(member);
            if member == node {
                break;
            }
        }
        self.groups.push(group);
    }
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn groups_come_before_those_that_lead_to_them() {
        let edges = [vec![1], vec![2], vec![1, 3], vec![], vec![4, 0]];
        let mut groups = components(5, |node| edges[node].clone());
        groups.iter_mut().for_each(|group| group.sort_unstable());
        assert_eq!(groups, [vec![3], vec![1, 2], vec![0], vec![4]]);
    }
}
