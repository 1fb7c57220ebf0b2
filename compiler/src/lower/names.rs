//! Which names there are: what a name in a body is looked up in. Knows no bodies.
//!
//! What could not be read keeps its name and is marked incomplete, so that one error does not bring a dozen others.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use crate::program::{
    ActionId, AgentId, EntityId, EventId, ExperimentId, FieldId, PhrasesId, RubricId, ScoreId, ScoreRef, StageId,
    TemplateId, WorkflowId,
};

/// All names, by what they name.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub(super) entities: FxHashMap<SmolStr, EntityId>,
    /// Entities by their tables: `contact`.
    pub(super) tables: FxHashMap<SmolStr, EntityId>,
    /// Fields of each entity, dotted.
    pub(super) fields: Vec<FxHashMap<SmolStr, FieldId>>,
    pub(super) events: FxHashMap<SmolStr, EventId>,
    /// Events by their first word: `reply`.
    pub(super) events_by_word: FxHashMap<SmolStr, Vec<EventId>>,
    pub(super) phrases: FxHashMap<SmolStr, PhrasesId>,
    /// Into the list of facts.
    pub(super) facts: FxHashMap<SmolStr, usize>,
    pub(super) scores: FxHashMap<SmolStr, ScoreId>,
    /// What each score consists of, by [`ScoreId`].
    pub(super) shapes: Vec<ScoreShape>,
    /// Layers of all scores by their names.
    pub(super) layers: FxHashMap<SmolStr, Vec<ScoreRef>>,
    pub(super) agents: FxHashMap<SmolStr, AgentId>,
    /// Actions by their verb, each variant.
    pub(super) actions: FxHashMap<SmolStr, Vec<ActionId>>,
    pub(super) templates: FxHashMap<SmolStr, TemplateId>,
    pub(super) experiments: FxHashMap<SmolStr, ExperimentId>,
    pub(super) rubrics: FxHashMap<SmolStr, RubricId>,
    pub(super) workflows: FxHashMap<SmolStr, WorkflowId>,
    /// What each workflow consists of, by [`WorkflowId`].
    pub(super) machines: Vec<WorkflowShape>,
    /// What a header that could not be read would have declared.
    pub(super) unreadable: FxHashSet<SmolStr>,
    /// Some module could not be taken in: any name may stand there.
    pub(super) module_missing: bool,
    pub(super) incomplete_entities: FxHashSet<EntityId>,
    pub(super) incomplete_events: FxHashSet<EventId>,
}

/// The names inside of a score.
#[derive(Clone, Debug)]
pub(super) struct ScoreShape {
    pub(super) name: SmolStr,
    /// None where its entity is unknown.
    pub(super) entity: Option<EntityId>,
    /// In the order of the Program's layers; none for rules without a layer.
    pub(super) layers: Vec<Option<SmolStr>>,
    /// Best first.
    pub(super) labels: Vec<SmolStr>,
    /// Some of it could not be read.
    pub(super) incomplete: bool,
}

/// The names inside of a workflow.
#[derive(Clone, Debug)]
pub(super) struct WorkflowShape {
    pub(super) name: SmolStr,
    /// None where its entity is unknown.
    pub(super) entity: Option<EntityId>,
    /// Stages, handoffs and ends in the order of the Program's; of two of one name the first.
    pub(super) stages: Vec<SmolStr>,
    /// Of its ends.
    pub(super) outcomes: Vec<SmolStr>,
    /// Some of it could not be read.
    pub(super) incomplete: bool,
}

impl WorkflowShape {
    pub(super) fn stage(&self, name: &str) -> Option<StageId> {
        self.stages.iter().position(|stage| stage == name).map(|place| StageId(super::measure::count(place)))
    }
}

impl Names {
    pub(super) fn machine(&self, workflow: WorkflowId) -> Option<&WorkflowShape> {
        self.machines.get(workflow.index())
    }

    pub(super) fn field(&self, entity: EntityId, name: &str) -> Option<FieldId> {
        self.fields.get(entity.index())?.get(name).copied()
    }

    pub(super) fn shape(&self, score: ScoreId) -> Option<&ScoreShape> {
        self.shapes.get(score.index())
    }

    /// Whether somebody may have declared that name where it could not be read.
    pub(super) fn perhaps(&self, name: &str) -> bool {
        self.module_missing || self.unreadable.contains(name)
    }
}
