//! What a playbook tries out, holds against history, foretells and publishes.

use compiler::diff::words::Words;
use compiler::program::{Predictor, Program, PublishedOn};

use super::{Part, part};
use crate::layout::{count, listed};

/// A line each.
pub(super) fn of(program: &Program) -> Vec<Part> {
    let words = Words::new(program);
    let expected = |number: usize| match number {
        0 => String::new(),
        number => format!("; expects {}", count(number as u64, "thing", "things")),
    };
    let mut parts = Vec::new();
    for scenario in &program.scenarios {
        let leads: Vec<String> = scenario
            .leads
            .iter()
            .map(|leads| {
                let during = leads.during.map(|during| format!(" for {during}")).unwrap_or_default();
                format!("{} leads per {}{during}", leads.count, leads.per.each())
            })
            .collect();
        let what = format!("{}{}", listed(&leads, "and"), expected(scenario.expectations.len()));
        parts.push(part("scenario", format!("“{}”", scenario.title), what));
    }
    for backtest in &program.backtests {
        let score = program.scores.get(backtest.score.index()).map(|score| score.name.as_str());
        let what = format!("of {}{}", score.unwrap_or_default(), expected(backtest.expectations.len()));
        parts.push(part("backtest", format!("“{}”", backtest.title), what));
    }
    for forecast in &program.forecasts {
        let from = forecast.from.iter().map(|from| match from {
            Predictor::Field(path) => words.path(path),
            Predictor::Score(of) => words.score_ref(*of),
        });
        let what = format!("from {}", listed(&from.collect::<Vec<_>>(), "and"));
        parts.push(part("forecast", words.path(&forecast.target), what));
    }
    for published in &program.publications {
        let on = match published.on {
            PublishedOn::EndOf(workflow) => {
                let workflow = program.workflows.get(workflow.index()).map(|workflow| workflow.name.as_str());
                format!("at the end of {}", workflow.unwrap_or_default())
            }
            PublishedOn::Event(event) => {
                let event = program.events.get(event.index()).map(|event| event.name.as_str());
                format!("on {}", event.unwrap_or_default())
            }
        };
        let items = count(published.items.len() as u64, "thing", "things");
        parts.push(part("publish", published.name.as_str(), format!("{items} {on}, signed")));
    }
    parts
}
