//! What if, and over history: scenarios, back-tests, forecasts and what is published (E11xx).

use language::Span;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) mod backtest_clauses;
pub(crate) mod bad_chance;
pub(crate) mod buyer_verb;
pub(crate) mod forecast_from;
pub(crate) mod forecast_target;
pub(crate) mod habit_covered;
pub(crate) mod leads_file;
pub(crate) mod learns_nothing;
pub(crate) mod limit_out_of_reach;
pub(crate) mod nobody_comes;
pub(crate) mod publish_items;
pub(crate) mod scenario_without_end;
pub(crate) mod title_twice;
pub(crate) mod unknown_figure;
pub(crate) mod unknown_habit;
pub(crate) mod unknown_trial_goal;

/// In the order of their numbers.
pub(super) static CODES: &[&Code] = &[
    &unknown_habit::CODE,
    &habit_covered::CODE,
    &buyer_verb::CODE,
    &bad_chance::CODE,
    &leads_file::CODE,
    &nobody_comes::CODE,
    &unknown_trial_goal::CODE,
    &backtest_clauses::CODE,
    &learns_nothing::CODE,
    &unknown_figure::CODE,
    &forecast_target::CODE,
    &forecast_from::CODE,
    &publish_items::CODE,
    &scenario_without_end::CODE,
    &title_twice::CODE,
    &limit_out_of_reach::CODE,
];

/// What was likely meant, with the edit, and what there is.
fn suggested(found: Diagnostic, (file, span): (FileId, Span), typed: &str, known: &[&str]) -> Diagnostic {
    let all = format!("there is {}", words::list(known, "and", 24));
    match nearest(typed, known.iter().copied()) {
        Some(meant) => {
            let edit = Edit { file, span, replacement: meant.to_owned() };
            found.help(all).help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
        }
        None if known.is_empty() => found,
        None => found.help(all),
    }
}
