//! Sources and events (E05xx).

use crate::diagnostics::Code;

pub(crate) mod bad_encoding;
pub(crate) mod bad_pattern;
pub(crate) mod bad_separator;
pub(crate) mod cell_means_two_things;
pub(crate) mod column_without_name;
pub(crate) mod conversion_does_not_fit;
pub(crate) mod event_fact_type;
pub(crate) mod filled_twice;
pub(crate) mod key_not_filled;
pub(crate) mod lookup_needed;
pub(crate) mod not_filled;
pub(crate) mod period_backwards;
pub(crate) mod relation_not_filled;
pub(crate) mod source_setting_twice;
pub(crate) mod unknown_column_target;
pub(crate) mod unknown_format;
pub(crate) mod unknown_target;

/// In the order of their numbers.
pub(super) static CODES: &[&Code] = &[
    &unknown_format::CODE,
    &unknown_target::CODE,
    &unknown_column_target::CODE,
    &filled_twice::CODE,
    &key_not_filled::CODE,
    &not_filled::CODE,
    &lookup_needed::CODE,
    &relation_not_filled::CODE,
    &conversion_does_not_fit::CODE,
    &cell_means_two_things::CODE,
    &bad_pattern::CODE,
    &period_backwards::CODE,
    &bad_separator::CODE,
    &bad_encoding::CODE,
    &column_without_name::CODE,
    &source_setting_twice::CODE,
    &event_fact_type::CODE,
];
