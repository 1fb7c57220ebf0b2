//! Names that nothing declares (E0220 to E0299).

use crate::diagnostics::Code;

pub(crate) mod ambiguous_name;
pub(crate) mod circular_definition;
pub(crate) mod duplicate_field;
pub(crate) mod event_name;
pub(crate) mod field_type_fixed;
pub(crate) mod not_of_this_record;
pub(crate) mod phrase_twice;
pub(crate) mod reserved_name;
pub(crate) mod unknown_entity;
pub(crate) mod unknown_event;
pub(crate) mod unknown_name;
pub(crate) mod unknown_phrases;
pub(crate) mod unknown_route;
pub(crate) mod unknown_type;

/// In the order of their numbers.
pub(super) static CODES: &[&Code] = &[
    &unknown_name::CODE,
    &unknown_entity::CODE,
    &unknown_event::CODE,
    &unknown_phrases::CODE,
    &unknown_type::CODE,
    &unknown_route::CODE,
    &duplicate_field::CODE,
    &reserved_name::CODE,
    &circular_definition::CODE,
    &ambiguous_name::CODE,
    &event_name::CODE,
    &field_type_fixed::CODE,
    &not_of_this_record::CODE,
    &phrase_twice::CODE,
];
