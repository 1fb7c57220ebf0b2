//! The client's settings (E07xx): E0701 to E0789 are its clauses, the rest what it allows.

use crate::diagnostics::Code;

pub(crate) mod allow_without_reason;
pub(crate) mod bad_hours;
pub(crate) mod ports_file;
pub(crate) mod setting_twice;
pub(crate) mod unknown_currency;
pub(crate) mod unknown_lint;
pub(crate) mod unknown_timezone;

pub use ports_file::ports_file;

/// In the order of their numbers.
pub(super) static CODES: &[&Code] = &[
    &unknown_currency::CODE,
    &unknown_timezone::CODE,
    &bad_hours::CODE,
    &setting_twice::CODE,
    &ports_file::CODE,
    &unknown_lint::CODE,
    &allow_without_reason::CODE,
];
