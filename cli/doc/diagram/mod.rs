//! A state diagram laid out: where boxes, labels and lines stand, as data. It knows sizes and arrows, neither words nor workflows.
//!
//! Layers, after Sugiyama, Tagawa and Toda (1981): arrows point down but for those that lead back. Each arrow's label is a box in a
//! layer of its own between two layers of nodes, so that nothing can stand on it. All arrows to the same node join into one line
//! behind their labels, which keeps a diagram with many ways to one end as narrow as its stages.
//!
//! Invariants: no two boxes overlap, and a line meets no box but those that it leads from and to; lines bend in the gaps between layers
//! alone, and pass a layer upright at a place of their own.

mod items;
mod order;
mod place;
mod rank;

/// How large something is, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Size {
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// Where something stands: its upper left corner and its size.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Rectangle {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// A place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// What is to be laid out. It begins in the first node.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<Node>,
    /// From one node to another one.
    pub(crate) edges: Vec<Edge>,
}

/// A box.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) size: Size,
    /// The label of an arrow from the node to itself.
    pub(crate) around: Option<Size>,
}

/// An arrow with its label.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) label: Size,
}

/// A graph laid out.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Drawing {
    pub(crate) size: Size,
    /// By node.
    pub(crate) nodes: Vec<Rectangle>,
    /// By edge.
    pub(crate) labels: Vec<Rectangle>,
    /// By edge: it leads back to a node above.
    pub(crate) back: Vec<bool>,
    /// By node: the label of the arrow to itself.
    pub(crate) around: Vec<Option<Rectangle>>,
    /// The middle of the dot above the first node; none where there are no nodes.
    pub(crate) start: Option<Point>,
    pub(crate) lines: Vec<Line>,
    pub(crate) arrows: Vec<Arrow>,
}

/// A line from the upper `from` straight down to `bend`, in a curve to `until`, straight down to `to`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) from: Point,
    pub(crate) bend: f64,
    pub(crate) until: f64,
    pub(crate) to: Point,
    /// Part of an arrow that leads back, from its lower end to its upper one.
    pub(crate) back: bool,
}

/// The head of an arrow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Arrow {
    pub(crate) tip: Point,
    pub(crate) up: bool,
}

/// How far an arrow to the node itself reaches out.
pub(crate) const LOOP: f64 = 26.0;
/// Between that arrow and its label.
pub(crate) const BESIDE_LOOP: f64 = 6.0;

/// Lays a graph out.
pub(crate) fn layout(graph: &Graph) -> Drawing {
    if graph.nodes.is_empty() {
        return Drawing::default();
    }
    let pairs: Vec<(usize, usize)> = graph.edges.iter().map(|edge| (edge.from, edge.to)).collect();
    let ranks = rank::ranks(graph.nodes.len(), &pairs);
    let mut layers = items::layers(graph, &ranks);
    order::reduce_crossings(&mut layers);
    place::place(graph, &ranks, &layers)
}

#[cfg(test)]
mod tests;
