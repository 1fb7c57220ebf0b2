//! Modules and refinement (E0201 to E0219).

use crate::diagnostics::Code;

pub(crate) mod duplicate_declaration;
pub(crate) mod fields_not_refined;
pub(crate) mod module_cycle;
pub(crate) mod nameless_member;
pub(crate) mod needs_score;
pub(crate) mod refined_twice;
pub(crate) mod unknown_base;
pub(crate) mod unknown_member;
pub(crate) mod unknown_module;
pub(crate) mod unreadable_module;

/// In the order of their numbers.
pub(super) static CODES: &[&Code] = &[
    &unknown_module::CODE,
    &unreadable_module::CODE,
    &module_cycle::CODE,
    &duplicate_declaration::CODE,
    &unknown_base::CODE,
    &unknown_member::CODE,
    &nameless_member::CODE,
    &refined_twice::CODE,
    &fields_not_refined::CODE,
    &needs_score::CODE,
];

/// Whether declarations may be missing because of that finding: then an unknown name is no news.
pub(crate) fn leaves_names_out(code: &Code) -> bool {
    code.id == unknown_module::CODE.id || code.id == unreadable_module::CODE.id
}
