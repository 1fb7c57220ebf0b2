//! Types, units and values (E03xx).

use crate::diagnostics::Code;

pub(crate) mod and_or_mixed;
pub(crate) mod backwards_range;
pub(crate) mod bad_type;
pub(crate) mod certainty_of_no_score;
pub(crate) mod division_by_nought;
pub(crate) mod empty_list;
pub(crate) mod equals_sign;
pub(crate) mod fact_without_value;
pub(crate) mod kinds_differ;
pub(crate) mod list_or_not;
pub(crate) mod months_and_days;
pub(crate) mod never_missing;
pub(crate) mod no_such_arithmetic;
pub(crate) mod no_such_day;
pub(crate) mod not_a_condition;
pub(crate) mod not_a_text;
pub(crate) mod not_a_value;
pub(crate) mod nothing_to_be_fresh;
pub(crate) mod only_event_facts;
pub(crate) mod other_currency;
pub(crate) mod record_as_value;
pub(crate) mod too_involved;
pub(crate) mod value_not_listed;
pub(crate) mod whole_number;
pub(crate) mod window_without_events;
pub(crate) mod wrong_aggregate;

/// In the order of their numbers.
pub(super) static CODES: &[&Code] = &[
    &kinds_differ::CODE,
    &no_such_arithmetic::CODE,
    &other_currency::CODE,
    &months_and_days::CODE,
    &equals_sign::CODE,
    &not_a_condition::CODE,
    &value_not_listed::CODE,
    &and_or_mixed::CODE,
    &not_a_value::CODE,
    &list_or_not::CODE,
    &not_a_text::CODE,
    &backwards_range::CODE,
    &window_without_events::CODE,
    &whole_number::CODE,
    &wrong_aggregate::CODE,
    &no_such_day::CODE,
    &never_missing::CODE,
    &only_event_facts::CODE,
    &certainty_of_no_score::CODE,
    &record_as_value::CODE,
    &bad_type::CODE,
    &too_involved::CODE,
    &fact_without_value::CODE,
    &division_by_nought::CODE,
    &nothing_to_be_fresh::CODE,
    &empty_list::CODE,
];
