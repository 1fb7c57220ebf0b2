//! The grammar and the one place that runs it: a clause's tokens in, pest's pairs or a structured error out.

mod alphabet;
mod follow;
mod forms;
mod shapes;
mod words;

use std::num::NonZeroUsize;
use std::sync::Once;

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pairs;

pub use follow::Follow;
pub(crate) use follow::{follow, starts};
pub use forms::Context;
pub(crate) use forms::{BlockUse, Form, REMOVE, declaration, form};
pub(crate) use rules::Rule;
pub use shapes::{Shape, shapes};
pub(crate) use words::{Expectation, nearest};

/// What pest makes of the grammar files.
mod rules {
    /// The parser over token characters.
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/alphabet.pest"]
    #[grammar = "grammar/playbook.pest"]
    pub(super) struct Grammar;
}

/// How many rules one clause may try. A clause of a thousand tokens needs a twentieth of it.
const CALLS: usize = 4_000_000;

/// Why a clause is not what its rule says.
pub(crate) enum Refusal {
    /// It needed too many calls, or too much of the stack.
    TooInvolved,
    /// The token with this number, within the clause, is none of these.
    Unexpected { at: usize, expected: Vec<Rule> },
}

/// Runs one rule over a clause's characters.
pub(crate) fn run(rule: Rule, input: &str) -> Result<Pairs<'_, Rule>, Refusal> {
    static LIMIT: Once = Once::new();
    LIMIT.call_once(|| pest::set_call_limit(NonZeroUsize::new(CALLS)));
    rules::Grammar::parse(rule, input).map_err(|error| match error.variant {
        ErrorVariant::CustomError { .. } => Refusal::TooInvolved,
        ErrorVariant::ParsingError { positives, .. } => {
            let (InputLocation::Pos(offset) | InputLocation::Span((offset, _))) = error.location;
            // Every token is one character of two bytes.
            Refusal::Unexpected { at: offset / 2, expected: positives }
        }
    })
}
