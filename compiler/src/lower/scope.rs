//! Where an expression stands: what its names can mean and which window its aggregates have.

use std::cell::Cell;

use crate::program::{EntityId, EventId, FileId, ScoreId, Window};

/// What a calculation depends on: facts, the points of scores, and their routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    /// Into the list of facts.
    Fact(usize),
    /// A score's value.
    Points(ScoreId),
    /// What a score routes to.
    Route(ScoreId),
}

/// Where an expression stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'s> {
    pub(super) file: FileId,
    /// The record judged; none where its kind is unknown.
    pub(super) entity: Option<EntityId>,
    /// In `where`: the events whose facts are meant.
    pub(super) events: Option<&'s [EventId]>,
    /// In a route: the score whose layers can be named bare.
    pub(super) score: Option<ScoreId>,
    /// What the expression belongs to.
    pub(super) node: Option<Node>,
    /// For the aggregates that have no window of their own.
    pub(super) window: Option<Window>,
    /// Set by an aggregate that takes the window.
    pub(super) window_taken: Option<&'s Cell<bool>>,
    /// How deep it is nested.
    pub(super) depth: u16,
}

/// Deeper than anyone writes; a Program nested so deep still fits the depth that readers of JSON allow.
pub(super) const DEEPEST: u16 = 48;

impl<'s> Scope<'s> {
    pub(super) fn new(file: FileId, entity: Option<EntityId>) -> Self {
        Self { file, entity, events: None, score: None, node: None, window: None, window_taken: None, depth: 0 }
    }

    pub(super) fn of(self, node: Node) -> Self {
        Self { node: Some(node), ..self }
    }

    pub(super) fn routing(self, score: ScoreId) -> Self {
        Self { score: Some(score), ..self }
    }

    pub(super) fn deeper(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }

    /// In `where` of these events: no window reaches in there.
    pub(super) fn inside<'e>(self, events: &'e [EventId]) -> Scope<'e>
    where
        's: 'e,
    {
        Scope { events: Some(events), window: None, window_taken: None, ..self }
    }

    /// With a window for the aggregates in it; `taken` tells whether there was one.
    pub(super) fn within<'e>(self, window: Window, taken: &'e Cell<bool>) -> Scope<'e>
    where
        's: 'e,
    {
        Scope { window: Some(window), window_taken: Some(taken), ..self }
    }
}
