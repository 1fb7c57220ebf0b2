//! Score cards, resolved.
//!
//! Arithmetic, the same everywhere: a rule's line is its points, times `0.5^(age / half-life)` where its layer fades, rounded
//! half to even at the second decimal. A layer is the sum of its lines; in a weighted score it is clamped to 0..=100 and
//! the clamp is a line of its own. The score is the sum over layers of weight × layer / 100, each line rounded half to
//! even at the second decimal; in a score without weights the plain sum of the layers.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Condition, EntityId, EventId, EventQuery, Fixed, Kill, LabelId, Learn, Origin};

/// A score card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// `icp`
    pub name: SmolStr,
    /// What is scored.
    pub entity: EntityId,
    /// From `///`.
    pub docs: Option<SmolStr>,
    /// Its layers add up to 100% and are clamped; otherwise it is a plain sum.
    pub weighted: bool,
    /// In source order. Rules directly in the score are one layer without a name.
    pub layers: Vec<Layer>,
    /// The first line that holds counts; empty where the score routes nothing.
    pub routes: Vec<RouteLine>,
    /// What it can route to, best first: in the order of their last lines.
    pub labels: Vec<SmolStr>,
    /// Routes ask a person until so many decisions are known.
    pub trust_after: Option<u32>,
    /// What it learns from.
    pub learn: Option<Learn>,
    /// The signal that it does not work.
    pub kill: Option<Kill>,
    /// Where it is declared.
    pub origin: Origin,
}

/// A part of a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// `behavioral`; none for rules that stand directly in the score.
    pub name: Option<SmolStr>,
    /// 25 for 25%; none in a score without weights.
    pub weight: Option<Fixed>,
    /// The half-life of its points, in seconds.
    pub half_life: Option<Fixed>,
    /// Left out, and the others' weights rescaled to 100%, until this event is reported.
    pub once: Option<EventId>,
    /// In source order.
    pub rules: Vec<Rule>,
    /// Where it is declared.
    pub origin: Origin,
}

/// Points for a reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Unique in the score and stable while its layer's rules keep their order: `behavioral.3`.
    pub id: SmolStr,
    /// With its sign.
    pub points: Fixed,
    /// When they are given.
    pub form: RuleForm,
    /// The words for the evidence trail.
    pub because: Option<SmolStr>,
    /// The condition as written, on one line: `company.industry is one of [construction, solar_epc]`.
    pub words: SmolStr,
    /// Where it stands.
    pub origin: Origin,
}

/// When a rule gives its points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleForm {
    /// Once, while the condition is true. Where it is unknown: none, and the range holds both. In a fading layer the age is
    /// that of the newest event or conversation that a true `Happened` (with at least one) or `Mentions` in it found,
    /// through `All` and `Any`; what has none does not fade.
    When(Condition),
    /// For each event, newest first, each faded and rounded by itself, the sum then cut to `up_to` with the points' sign.
    /// Where the events are not all reported the range reaches to the cap.
    Each {
        /// Which events.
        query: EventQuery,
        /// The cap, positive; the compiler has asked for one.
        up_to: Fixed,
    },
}

/// A line of a route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RouteLine {
    /// What it routes to.
    pub label: LabelId,
    /// None for `otherwise`.
    pub condition: Option<Condition>,
    /// The words for the evidence trail.
    pub because: Option<SmolStr>,
    /// The condition as written; empty for `otherwise`.
    pub words: SmolStr,
    /// Where it stands.
    pub origin: Origin,
}
