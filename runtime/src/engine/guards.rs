//! What a guard says of a run: by Kleene's logic, or as things stand for now.

use compiler::program::{Condition, Guard, Program, ScoreId};

use super::{Case, Judge, Run};

/// Whether a guard holds; unknown is none. `complete` says whether the stage's evidence is there.
pub(super) fn holds(
    program: &Program,
    case: &Case,
    run: &Run,
    complete: bool,
    guard: &Guard,
    judge: &mut dyn Judge,
) -> Option<bool> {
    match guard {
        Guard::Not(inner) => holds(program, case, run, complete, inner, judge).map(|value| !value),
        Guard::All(parts) => {
            let mut all = Some(true);
            for part in parts {
                match holds(program, case, run, complete, part, judge) {
                    Some(false) => return Some(false),
                    None => all = None,
                    Some(true) => {}
                }
            }
            all
        }
        Guard::Any(parts) => {
            let mut any = Some(false);
            for part in parts {
                match holds(program, case, run, complete, part, judge) {
                    Some(true) => return Some(true),
                    None => any = None,
                    Some(false) => {}
                }
            }
            any
        }
        Guard::Facts { of, condition } => judge.holds(&run.record, *of, condition),
        Guard::Complete => Some(complete),
        Guard::Scored(score) => Some(is_scored(program, case, *score)),
        Guard::In { workflow, stage } => Some(is_in(program, case, *workflow, *stage)),
        Guard::Message { rubric, operator, value } => {
            let rubric = &program.rubrics.get(rubric.index())?.name;
            let ratings = &run.message.as_ref()?.ratings;
            let rated = ratings.iter().find(|(name, _)| name == rubric)?.1?;
            Some(operator.holds(rated, *value))
        }
    }
}

/// The same with scores as they route for now, however provisional; what is unknown does not hold.
pub(super) fn holds_for_now(
    program: &Program,
    case: &Case,
    run: &Run,
    complete: bool,
    guard: &Guard,
    judge: &mut dyn Judge,
) -> bool {
    match guard {
        Guard::All(parts) => parts.iter().all(|part| holds_for_now(program, case, run, complete, part, judge)),
        Guard::Any(parts) => parts.iter().any(|part| holds_for_now(program, case, run, complete, part, judge)),
        Guard::Facts { of, condition } => judge.holds_for_now(&run.record, *of, condition),
        other => holds(program, case, run, complete, other, judge) == Some(true),
    }
}

fn is_scored(program: &Program, case: &Case, score: ScoreId) -> bool {
    let name = program.scores.get(score.index()).map(|score| &score.name);
    case.scored.iter().any(|(known, _)| Some(known) == name)
}

fn is_in(
    program: &Program,
    case: &Case,
    workflow: compiler::program::WorkflowId,
    stage: Option<compiler::program::StageId>,
) -> bool {
    let Some(workflow) = program.workflows.get(workflow.index()) else { return false };
    let stage = stage.and_then(|stage| workflow.stages.get(stage.index()));
    let mut runs = case.runs.iter().filter(|run| run.workflow == workflow.name);
    runs.any(|run| stage.is_none_or(|stage| stage.name == run.stage))
}

/// The scores that the guard routes by without asking how certain they are.
pub(super) fn routed_by(guard: &Guard, scores: &mut Vec<ScoreId>) {
    match guard {
        Guard::Not(inner) => routed_by(inner, scores),
        Guard::All(parts) | Guard::Any(parts) => parts.iter().for_each(|part| routed_by(part, scores)),
        Guard::Facts { condition, .. } => routed_in(condition, scores),
        Guard::Complete | Guard::Scored(_) | Guard::In { .. } | Guard::Message { .. } => {}
    }
}

fn routed_in(condition: &Condition, scores: &mut Vec<ScoreId>) {
    match condition {
        Condition::Routed { score, certainty: None, .. } => scores.push(*score),
        Condition::Not(inner) | Condition::Fresh { condition: inner, .. } => routed_in(inner, scores),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| routed_in(part, scores)),
        _ => {}
    }
}

/// The rubrics by which a message has to be rated before the guard can be judged.
pub(super) fn rated_by(guard: &Guard, rubrics: &mut Vec<compiler::program::RubricId>) {
    match guard {
        Guard::Not(inner) => rated_by(inner, rubrics),
        Guard::All(parts) | Guard::Any(parts) => parts.iter().for_each(|part| rated_by(part, rubrics)),
        Guard::Message { rubric, .. } => rubrics.push(*rubric),
        Guard::Facts { .. } | Guard::Complete | Guard::Scored(_) | Guard::In { .. } => {}
    }
}
