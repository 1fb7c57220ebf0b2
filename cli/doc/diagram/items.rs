//! What stands in the layers: nodes, the labels between them, and the lines that pass.

use std::collections::{BTreeMap, BTreeSet};

use super::rank::Ranks;
use super::{BESIDE_LOOP, Graph, LOOP, Size};

/// Something that takes a place in a layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) kind: Kind,
    /// To the left of its middle.
    pub(super) left: f64,
    /// To the right of it.
    pub(super) right: f64,
    pub(super) height: f64,
}

/// What takes the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The dot above the first node.
    Start,
    Node(usize),
    /// Of an edge.
    Label(usize),
    /// A line to some node, that passes.
    Passing,
}

/// A line between neighbouring layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Link {
    /// The item above.
    pub(super) upper: usize,
    /// The item below.
    pub(super) lower: usize,
    /// Part of an edge that leads back: it is walked upwards.
    pub(super) back: bool,
}

/// Items in layers, top to bottom. Nodes stand in the odd ones, labels in the even ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Layers {
    pub(super) items: Vec<Item>,
    pub(super) links: Vec<Link>,
    /// Left to right.
    pub(super) layers: Vec<Vec<usize>>,
}

/// How wide a line that passes is, with the air on both of its sides.
const PASSING: f64 = 5.0;
/// The dot above the first node.
pub(super) const DOT: f64 = 6.0;

/// Puts a graph into layers.
pub(super) fn layers(graph: &Graph, ranks: &Ranks) -> Layers {
    let deepest = ranks.rank.iter().max().copied().unwrap_or_default();
    let mut building = Building {
        layers: Layers { layers: vec![Vec::new(); 2 * deepest + 2], ..Layers::default() },
        ..Building::default()
    };
    let rank = |node: usize| ranks.rank.get(node).copied().unwrap_or_default();
    let start = building.item(Kind::Start, 2 * rank(0), DOT, DOT, 2.0 * DOT);
    let mut nodes = BTreeMap::new();
    for node in &ranks.order {
        let Some(of) = graph.nodes.get(*node) else { continue };
        let beside = of.around.map_or(0.0, |label| LOOP + BESIDE_LOOP + label.width);
        let height = of.around.map_or(of.size.height, |label| of.size.height.max(label.height));
        let (left, right) = (of.size.width / 2.0, of.size.width / 2.0 + beside);
        nodes.insert(*node, building.item(Kind::Node(*node), 2 * rank(*node) + 1, left, right, height));
    }
    let first = nodes.get(&0).copied();
    if let Some(first) = first {
        building.links.insert(Link { upper: start, lower: first, back: false });
    }
    // Edges in the order of their sources, so that labels begin in the order of the text.
    let mut edges: Vec<usize> = (0..graph.edges.len()).collect();
    let position = |node: usize| ranks.order.iter().position(|known| *known == node);
    edges.sort_by_key(|edge| graph.edges.get(*edge).map(|edge| position(edge.from)));
    for at in edges {
        let (Some(edge), Some(back)) = (graph.edges.get(at), ranks.back.get(at)) else { continue };
        let (Some(from), Some(to)) = (nodes.get(&edge.from), nodes.get(&edge.to)) else { continue };
        let (upper, lower) = (2 * rank(edge.from) + 1, 2 * rank(edge.to) + 1);
        building.edge(at, edge.label, Ends { from: *from, to: *to, above: upper, below: lower, back: *back });
    }
    building.layers.links = building.links.into_iter().collect();
    building.layers
}

/// Between which items an edge runs, and in which layers they stand.
#[derive(Clone, Copy)]
struct Ends {
    from: usize,
    to: usize,
    above: usize,
    below: usize,
    back: bool,
}

#[derive(Default)]
struct Building {
    layers: Layers,
    links: BTreeSet<Link>,
    /// By target, direction and layer: the line that all edges there share.
    passing: BTreeMap<(usize, bool, usize), usize>,
}

impl Building {
    fn item(&mut self, kind: Kind, layer: usize, left: f64, right: f64, height: f64) -> usize {
        let at = self.layers.items.len();
        self.layers.items.push(Item { kind, left, right, height });
        self.layers.layers.get_mut(layer).into_iter().for_each(|layer| layer.push(at));
        at
    }

    /// From the source to the label next to it, and from there through the layers to the target.
    fn edge(&mut self, at: usize, label: Size, ends: Ends) {
        let next = |layer: usize| if ends.back { layer.saturating_sub(1) } else { layer + 1 };
        let mut layer = next(ends.above);
        let half = label.width / 2.0;
        let mut last = self.item(Kind::Label(at), layer, half, half, label.height);
        self.link(ends.from, last, ends.back);
        while next(layer) != ends.below {
            layer = next(layer);
            let key = (ends.to, ends.back, layer);
            let known = self.passing.get(&key).copied();
            let passing = known.unwrap_or_else(|| self.item(Kind::Passing, layer, PASSING, PASSING, 0.0));
            self.passing.insert(key, passing);
            self.link(last, passing, ends.back);
            last = passing;
        }
        self.link(last, ends.to, ends.back);
    }

    fn link(&mut self, from: usize, to: usize, back: bool) {
        let (upper, lower) = if back { (to, from) } else { (from, to) };
        self.links.insert(Link { upper, lower, back });
    }
}
