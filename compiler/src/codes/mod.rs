//! Everything that the compiler can find wrong: one file a code, each with its page and the words of its finding.
//!
//! A code's file holds `CODE` and the functions that make its [`Diagnostic`](crate::diagnostics::Diagnostic)s. To add one:
//! write the file, list it in its family's table, and bring `docs/codes.md` up to date with the test that says so.
//! Errors are numbered by family; lints are called by their name. A number is never used again.

use crate::diagnostics::Code;

pub(crate) mod client;
pub(crate) mod lints;
pub(crate) mod messages;
pub(crate) mod modules;
pub(crate) mod names;
mod pages;
pub(crate) mod playbook_tests;
pub(crate) mod scores;
pub(crate) mod sources;
pub(crate) mod syntax;
pub(crate) mod team;
pub(crate) mod trials;
pub(crate) mod types;
pub(crate) mod words;
pub(crate) mod workflows;

pub use client::ports_file;
pub use pages::{index, summary};
pub use syntax::not_utf8;

/// Codes about one thing, in the order of their numbers.
#[derive(Debug)]
pub struct Family {
    /// What they are about, as a heading: `Scores and routes`.
    pub title: &'static str,
    /// The codes.
    pub codes: &'static [&'static Code],
}

/// All families, in the order of their numbers; lints come last.
pub static FAMILIES: &[Family] = &[
    Family { title: "Syntax", codes: syntax::CODES },
    Family { title: "Modules and refinement", codes: modules::CODES },
    Family { title: "Names", codes: names::CODES },
    Family { title: "Types and units", codes: types::CODES },
    Family { title: "Scores and routes", codes: scores::CODES },
    Family { title: "Sources and events", codes: sources::CODES },
    Family { title: "Tests", codes: playbook_tests::CODES },
    Family { title: "The client", codes: client::CODES },
    Family { title: "Workflows and goals", codes: workflows::CODES },
    Family { title: "The team", codes: team::CODES },
    Family { title: "Messages", codes: messages::CODES },
    Family { title: "What if, and over history", codes: trials::CODES },
    Family { title: "Lints", codes: lints::CODES },
];

/// All codes, in the order of their numbers.
pub fn all() -> impl Iterator<Item = &'static Code> {
    FAMILIES.iter().flat_map(|family| family.codes.iter().copied())
}

/// The code with that id (`E0201`, in any case) or name (`unknown-module`).
#[must_use]
pub fn find(id_or_name: &str) -> Option<&'static Code> {
    all().find(|code| code.id.eq_ignore_ascii_case(id_or_name) || code.name.eq_ignore_ascii_case(id_or_name))
}

/// The code nearest to what somebody typed, for "did you mean".
#[must_use]
pub fn nearest(typed: &str) -> Option<&'static Code> {
    let typed = typed.to_lowercase();
    let best = crate::nearest::nearest(&typed, all().flat_map(|code| [code.name, code.id]))?;
    find(best)
}

/// Whether that is a lint: called by its name, and one that a client or a line can allow.
#[must_use]
pub fn is_lint(code: &Code) -> bool {
    code.id == code.name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_unique_and_lies_in_its_family() {
        let mut seen = std::collections::BTreeSet::new();
        for code in all() {
            assert!(seen.insert(code.id), "{} stands for two things", code.id);
            assert!(is_lint(code) || seen.insert(code.name), "{} is the name of two codes", code.name);
            let kebab =
                code.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
            assert!(kebab, "{} is not kebab-case", code.name);
        }
        for family in FAMILIES {
            let ids: Vec<_> = family.codes.iter().map(|code| code.id).collect();
            assert!(ids.is_sorted(), "{}: {ids:?} are not in order", family.title);
        }
    }

    #[test]
    fn codes_are_found_by_number_and_by_name() {
        assert_eq!(find("e0201").map(|code| code.name), Some("unknown-module"));
        assert_eq!(find("unknown-module").map(|code| code.id), Some("E0201"));
        assert!(find("E9999").is_none());
        assert_eq!(nearest("unknwon-module").map(|code| code.id), Some("E0201"));
    }
}
