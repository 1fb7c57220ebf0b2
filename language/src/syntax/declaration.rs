//! What a declaration is called: its kind as a reader says it, and its name.

use super::{DeclarationKind, Name, Path};

impl DeclarationKind {
    /// Its keyword as a reader calls it: `workflow`, `contact policy`. Of one whose header could not be read: `declaration`.
    #[must_use]
    pub const fn what(&self) -> &'static str {
        match self {
            Self::Client(_) => "client",
            Self::Use(_) => "use",
            Self::Entity(_) => "entity",
            Self::Extend(_) => "extend",
            Self::Event(_) => "event",
            Self::Fact(_) => "fact",
            Self::Score(_) => "score",
            Self::Phrases(phrases) if phrases.objection => "objection",
            Self::Phrases(_) => "phrases",
            Self::Source(_) => "source",
            Self::Test(_) => "test",
            Self::Refine(_) => "refine",
            Self::Agent(_) => "agent",
            Self::Permissions(_) => "permissions",
            Self::Priority(_) => "priority",
            Self::ContactPolicy(_) => "contact policy",
            Self::Action(_) => "action",
            Self::Template(_) => "template",
            Self::Experiment(_) => "experiment",
            Self::Workflow(_) => "workflow",
            Self::Feedback(_) => "feedback",
            Self::Goal(_) => "goal",
            Self::Publish(_) => "publish",
            Self::Forecast(_) => "forecast",
            Self::Rubric(_) => "rubric",
            Self::Scenario(_) => "scenario",
            Self::Backtest(_) => "backtest",
            Self::Broken { .. } => "declaration",
        }
    }

    /// The name that it declares, dotted; none where it has none (`permissions`) or a text for one (`test`).
    #[must_use]
    pub fn name(&self) -> Option<Name> {
        let dotted = |path: &Path| Name { text: path.dotted(), span: path.span };
        match self {
            Self::Entity(fields) | Self::Extend(fields) => Some(fields.entity.clone()),
            Self::Event(event) => Some(dotted(&event.name)),
            Self::Fact(fact) => Some(fact.name.clone()),
            Self::Score(score) => Some(score.name.clone()),
            Self::Phrases(phrases) => Some(phrases.name.clone()),
            Self::Source(source) => Some(dotted(&source.name)),
            Self::Refine(refine) => refine.name.as_ref().map(dotted),
            Self::Agent(agent) => Some(agent.name.clone()),
            Self::Action(action) => Some(action.name.clone()),
            Self::Template(template) => Some(template.name.clone()),
            Self::Experiment(experiment) => Some(experiment.name.clone()),
            Self::Workflow(workflow) => Some(workflow.name.clone()),
            Self::Goal(goal) => goal.name.clone(),
            Self::Publish(publish) => Some(publish.name.clone()),
            Self::Forecast(forecast) => Some(dotted(&forecast.target)),
            Self::Rubric(rubric) => Some(rubric.name.clone()),
            Self::Broken { name } => name.clone(),
            Self::Client(_)
            | Self::Use(_)
            | Self::Test(_)
            | Self::Permissions(_)
            | Self::Priority(_)
            | Self::ContactPolicy(_)
            | Self::Feedback(_)
            | Self::Scenario(_)
            | Self::Backtest(_) => None,
        }
    }
}
