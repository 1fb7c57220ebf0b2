//! Tests of a playbook (E06xx).

use crate::diagnostics::Code;

pub(crate) mod could_of_no_score;
pub(crate) mod given_elsewhere;
pub(crate) mod given_twice;
pub(crate) mod given_value;
pub(crate) mod nothing_expected;
pub(crate) mod nothing_tried;
pub(crate) mod stands_elsewhere;
pub(crate) mod two_records;

/// In the order of their numbers.
pub(super) static CODES: &[&Code] = &[
    &nothing_expected::CODE,
    &given_value::CODE,
    &given_twice::CODE,
    &given_elsewhere::CODE,
    &two_records::CODE,
    &could_of_no_score::CODE,
    &nothing_tried::CODE,
    &stands_elsewhere::CODE,
];
