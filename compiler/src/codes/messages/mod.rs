//! Messages: templates, experiments and rubrics (E10xx).

use crate::diagnostics::Code;

pub(crate) mod experiment_clauses;
pub(crate) mod experiment_shares;
pub(crate) mod mixed_arms;
pub(crate) mod rubric_lines;
pub(crate) mod rubric_source;
pub(crate) mod template_parts;
pub(crate) mod unfillable;
pub(crate) mod unknown_arm;
pub(crate) mod unknown_choice;
pub(crate) mod unknown_placeholder;
pub(crate) mod without_else;

/// In the order of their numbers.
pub(super) static CODES: &[&Code] = &[
    &unknown_placeholder::CODE,
    &without_else::CODE,
    &unfillable::CODE,
    &template_parts::CODE,
    &experiment_clauses::CODE,
    &unknown_arm::CODE,
    &rubric_source::CODE,
    &rubric_lines::CODE,
    &experiment_shares::CODE,
    &unknown_choice::CODE,
    &mixed_arms::CODE,
];
