//! Scores and routes (E04xx).

use crate::diagnostics::Code;

pub(crate) mod cap_not_positive;
pub(crate) mod change_of_what;
pub(crate) mod dead_rule;
pub(crate) mod duplicate_layer;
pub(crate) mod duplicate_rule;
pub(crate) mod each_without_cap;
pub(crate) mod half_life;
pub(crate) mod keep_bounds;
pub(crate) mod learn_outcome;
pub(crate) mod outcome_reads_score;
pub(crate) mod reserved_label;
pub(crate) mod route_covered;
pub(crate) mod route_gap;
pub(crate) mod route_out_of_reach;
pub(crate) mod second_route;
pub(crate) mod weight_missing;
pub(crate) mod weight_not_positive;
pub(crate) mod weights_sum;

/// In the order of their numbers.
pub(super) static CODES: &[&Code] = &[
    &weights_sum::CODE,
    &weight_missing::CODE,
    &weight_not_positive::CODE,
    &route_out_of_reach::CODE,
    &route_covered::CODE,
    &route_gap::CODE,
    &dead_rule::CODE,
    &duplicate_rule::CODE,
    &second_route::CODE,
    &learn_outcome::CODE,
    &keep_bounds::CODE,
    &outcome_reads_score::CODE,
    &change_of_what::CODE,
    &each_without_cap::CODE,
    &duplicate_layer::CODE,
    &cap_not_positive::CODE,
    &half_life::CODE,
    &reserved_label::CODE,
];
