//! Where a contact stands with us, as the playbook says it: the word of `do mark customer` is all that there is to know.

use compiler::program::Value;
use smol_str::{SmolStr, format_smolstr};

use crate::agents::{Assignment, Evidence, Found, Outcome, Wanted};

/// What is so already is found anew all the same: it is as of now.
pub(super) fn mark(assignment: &Assignment, stage: &Wanted, word: &SmolStr) -> Outcome {
    let evidence = Evidence {
        source: "playbook".into(),
        locator: format_smolstr!("work {}", assignment.work),
        quote: format!("mark {word}"),
    };
    let found =
        Found { path: stage.path.clone(), value: Value::Text(word.clone()), evidence: vec![evidence], observed: None };
    Outcome { found: vec![found], ..Outcome::default() }
}
