//! Workflows, goals and what is learnt from them (E08xx).

use language::Span;
use smol_str::SmolStr;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) mod act_does_not_fit;
pub(crate) mod answer_and_event;
pub(crate) mod answer_without_question;
pub(crate) mod ask_options;
pub(crate) mod bad_schedule;
pub(crate) mod bad_split;
pub(crate) mod bad_threshold;
pub(crate) mod begins_without_stage;
pub(crate) mod duplicate_stage;
pub(crate) mod endless_round;
pub(crate) mod evidence_from_nowhere;
pub(crate) mod feeds_itself;
pub(crate) mod goal_settled;
pub(crate) mod handoff_out_of_reach;
pub(crate) mod limit_does_not_fit;
pub(crate) mod mixed_records;
pub(crate) mod never_comes;
pub(crate) mod never_holds;
pub(crate) mod no_bound;
pub(crate) mod no_end;
pub(crate) mod no_time_limit;
pub(crate) mod not_accepted;
pub(crate) mod nothing_to_measure;
pub(crate) mod only_in_a_stage;
pub(crate) mod otherwise_not_last;
pub(crate) mod question_without_way;
pub(crate) mod said_twice;
pub(crate) mod stage_not_left;
pub(crate) mod stage_not_reached;
pub(crate) mod unknown_action;
pub(crate) mod unknown_brief;
pub(crate) mod unknown_measure;
pub(crate) mod unknown_object;
pub(crate) mod unknown_outcome;
pub(crate) mod unknown_stage;
pub(crate) mod unknown_workflow;
pub(crate) mod way_shadowed;
pub(crate) mod workflow_entity;
pub(crate) mod wrong_plural;

/// In the order of their numbers.
pub(super) static CODES: &[&Code] = &[
    &unknown_workflow::CODE,
    &unknown_stage::CODE,
    &duplicate_stage::CODE,
    &otherwise_not_last::CODE,
    &answer_without_question::CODE,
    &answer_and_event::CODE,
    &unknown_action::CODE,
    &unknown_object::CODE,
    &act_does_not_fit::CODE,
    &ask_options::CODE,
    &mixed_records::CODE,
    &wrong_plural::CODE,
    &bad_schedule::CODE,
    &begins_without_stage::CODE,
    &stage_not_reached::CODE,
    &stage_not_left::CODE,
    &handoff_out_of_reach::CODE,
    &feeds_itself::CODE,
    &question_without_way::CODE,
    &never_comes::CODE,
    &unknown_brief::CODE,
    &not_accepted::CODE,
    &unknown_outcome::CODE,
    &unknown_measure::CODE,
    &limit_does_not_fit::CODE,
    &only_in_a_stage::CODE,
    &bad_threshold::CODE,
    &said_twice::CODE,
    &workflow_entity::CODE,
    &bad_split::CODE,
    &never_holds::CODE,
    &way_shadowed::CODE,
    &no_end::CODE,
    &no_time_limit::CODE,
    &endless_round::CODE,
    &evidence_from_nowhere::CODE,
    &nothing_to_measure::CODE,
    &no_bound::CODE,
    &goal_settled::CODE,
];

/// What was likely meant, with the edit; else what there is.
fn suggested(found: Diagnostic, file: FileId, span: Span, typed: &str, known: &[SmolStr]) -> Diagnostic {
    match nearest(typed, known.iter().map(SmolStr::as_str)) {
        Some(meant) => {
            let edit = Edit { file, span, replacement: meant.to_owned() };
            found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
        }
        None if known.is_empty() => found,
        None => found.help(format!("there is {}", words::list(known, "and", 12))),
    }
}
