//! The team: agents, actions, permissions, priorities and the contact policy (E09xx).

use language::Span;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) mod action_block;
pub(crate) mod action_made_internal;
pub(crate) mod agents_unordered;
pub(crate) mod bad_cap;
pub(crate) mod bad_table;
pub(crate) mod beyond_permissions;
pub(crate) mod brief_not_readable;
pub(crate) mod impossible_quiet;
pub(crate) mod no_contact_policy;
pub(crate) mod no_unsubscribe;
pub(crate) mod permission_twice;
pub(crate) mod policy_clause;
pub(crate) mod priority_cycle;
pub(crate) mod priority_of_itself;
pub(crate) mod priority_unreachable;
pub(crate) mod right_does_not_fit;
pub(crate) mod runs_of_another;
pub(crate) mod send_forbidden;
pub(crate) mod unapproved;
pub(crate) mod unknown_agent;
pub(crate) mod unknown_channel;
pub(crate) mod unknown_permission;
pub(crate) mod unknown_person;

/// In the order of their numbers.
pub(super) static CODES: &[&Code] = &[
    &unknown_agent::CODE,
    &action_block::CODE,
    &action_made_internal::CODE,
    &bad_table::CODE,
    &unknown_permission::CODE,
    &right_does_not_fit::CODE,
    &permission_twice::CODE,
    &priority_of_itself::CODE,
    &priority_cycle::CODE,
    &priority_unreachable::CODE,
    &unknown_channel::CODE,
    &bad_cap::CODE,
    &policy_clause::CODE,
    &impossible_quiet::CODE,
    &unknown_person::CODE,
    &beyond_permissions::CODE,
    &unapproved::CODE,
    &agents_unordered::CODE,
    &brief_not_readable::CODE,
    &no_contact_policy::CODE,
    &no_unsubscribe::CODE,
    &send_forbidden::CODE,
    &runs_of_another::CODE,
];

/// What was likely meant, with the edit; else what there is.
pub(super) fn suggested(found: Diagnostic, file: FileId, (span, typed): (Span, &str), known: &[&str]) -> Diagnostic {
    match nearest(typed, known.iter().copied()) {
        Some(meant) => {
            let edit = Edit { file, span, replacement: meant.to_owned() };
            found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
        }
        None if known.is_empty() => found,
        None => found.help(format!("there is {}", words::list(known, "and", 12))),
    }
}
