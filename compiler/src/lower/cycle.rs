//! Circles: a score that asks for itself by way of facts and other scores has no value.
//!
//! A route may ask for its own score's points; points may not ask for what they are part of.

use language::Span;
use rustc_hash::FxHashMap;

use super::Lowering;
use super::scope::{Node, Scope};
use crate::codes::names::circular_definition;
use crate::program::FileId;

/// What depends on what, and where it says so.
#[derive(Debug, Default)]
pub(super) struct Dependencies(FxHashMap<Node, Vec<(Node, FileId, Span)>>);

impl Lowering<'_> {
    /// Notes that what the scope belongs to depends on `on`.
    pub(super) fn depend(&mut self, scope: Scope<'_>, on: Node, span: Span) {
        let Some(node) = scope.node else { return };
        let edges = self.dependencies.0.entry(node).or_default();
        // One rule after the other asks for the same score: once is enough.
        if edges.last().is_none_or(|(last, ..)| *last != on) {
            edges.push((on, scope.file, span));
        }
    }

    /// Reports each circle once and empties the scores in it, so that nobody walks round.
    pub(super) fn refuse_cycles(&mut self) {
        let mut dependencies = std::mem::take(&mut self.dependencies);
        for score in 0..self.said.scores.len() {
            let score = crate::program::ScoreId(super::measure::count(score));
            dependencies.0.entry(Node::Route(score)).or_default().push((
                Node::Points(score),
                FileId(0),
                Span::default(),
            ));
        }
        let mut starts: Vec<Node> = Vec::new();
        for (index, _) in self.said.scores.iter().enumerate() {
            let score = crate::program::ScoreId(super::measure::count(index));
            starts.extend([Node::Points(score), Node::Route(score)]);
        }
        for circle in circles(&dependencies, &starts) {
            self.refuse_circle(&circle);
        }
    }

    fn refuse_circle(&mut self, circle: &[(Node, FileId, Span)]) {
        let steps: Vec<(String, FileId, Span)> = circle
            .iter()
            .filter(|(_, _, span)| !span.is_empty())
            .filter_map(|(node, file, span)| Some((self.node_name(*node)?, *file, *span)))
            .collect();
        for (node, ..) in circle {
            match node {
                Node::Points(score) => {
                    if let Some(score) = self.said.scores.get_mut(score.index()) {
                        score.layers.iter_mut().for_each(|layer| layer.rules.clear());
                    }
                }
                Node::Route(score) => {
                    if let Some(score) = self.said.scores.get_mut(score.index()) {
                        score.routes.clear();
                    }
                }
                Node::Fact(_) => {}
            }
        }
        if let Some(found) = circular_definition::scores(&steps) {
            self.report(found);
        }
    }

    fn node_name(&self, node: Node) -> Option<String> {
        Some(match node {
            Node::Fact(fact) => format!("fact `{}`", self.facts.get(fact)?.name()),
            Node::Points(score) => format!("score `{}`", self.names.shape(score)?.name),
            Node::Route(score) => format!("the route of `{}`", self.names.shape(score)?.name),
        })
    }
}

/// The circles that are met from the starts, each as the steps that lead round: what is asked for, and where.
fn circles(dependencies: &Dependencies, starts: &[Node]) -> Vec<Vec<(Node, FileId, Span)>> {
    /// How far a node is: met on the way here, or done with.
    #[derive(PartialEq)]
    enum Mark {
        OnTheWay,
        Done,
    }
    let mut marks: FxHashMap<Node, Mark> = FxHashMap::default();
    let mut found = Vec::new();
    let none: &[(Node, FileId, Span)] = &[];
    let edges = |node: &Node| dependencies.0.get(node).map_or(none, Vec::as_slice);
    for start in starts {
        if marks.contains_key(start) {
            continue;
        }
        // The way from the start: a node, how it was reached, and which of its edges comes next.
        let mut way = vec![((*start, FileId(0), Span::default()), 0)];
        marks.insert(*start, Mark::OnTheWay);
        while let Some(((node, ..), next)) = way.last_mut() {
            let (node, edge) = (*node, edges(node).get(*next).copied());
            *next += 1;
            match edge {
                None => {
                    marks.insert(node, Mark::Done);
                    way.pop();
                }
                Some(edge) => match marks.get(&edge.0) {
                    None => {
                        marks.insert(edge.0, Mark::OnTheWay);
                        way.push((edge, 0));
                    }
                    Some(Mark::OnTheWay) => {
                        let from = way.iter().position(|((met, ..), _)| *met == edge.0).unwrap_or(0);
                        let mut circle: Vec<_> = way.iter().skip(from + 1).map(|(step, _)| *step).collect();
                        circle.push(edge);
                        found.push(circle);
                    }
                    Some(Mark::Done) => {}
                },
            }
        }
    }
    found
}
