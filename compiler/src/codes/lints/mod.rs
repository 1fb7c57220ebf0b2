//! Lints: what is likely wrong, or worth knowing, and may be allowed for a reason.

use crate::diagnostics::Code;

pub(crate) mod band_dip;
pub(crate) mod band_edge;
pub(crate) mod field_nobody_writes;
pub(crate) mod implied_rule;
pub(crate) mod leaked_outcome;
pub(crate) mod left_before_sent;
pub(crate) mod limit_while_closed;
pub(crate) mod no_client;
pub(crate) mod points_without_because;
pub(crate) mod schedule_on_days_off;
pub(crate) mod scored_email_opens;
pub(crate) mod short_layer;
pub(crate) mod undeclared_permission;
pub(crate) mod unreached_line;
pub(crate) mod unused_allow;
pub(crate) mod unused_declaration;
pub(crate) mod unused_right;
pub(crate) mod useless_points;
pub(crate) mod workflow_not_started;

/// In the order of their names.
pub(super) static CODES: &[&Code] = &[
    &band_dip::CODE,
    &band_edge::CODE,
    &field_nobody_writes::CODE,
    &implied_rule::CODE,
    &leaked_outcome::CODE,
    &left_before_sent::CODE,
    &limit_while_closed::CODE,
    &no_client::CODE,
    &points_without_because::CODE,
    &schedule_on_days_off::CODE,
    &scored_email_opens::CODE,
    &short_layer::CODE,
    &undeclared_permission::CODE,
    &unreached_line::CODE,
    &unused_allow::CODE,
    &unused_declaration::CODE,
    &unused_right::CODE,
    &useless_points::CODE,
    &workflow_not_started::CODE,
];
