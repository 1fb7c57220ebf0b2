//! What is tried out before it is done, held against what has happened, foretold and published; and what a score learns from.

use compiler::program::{
    Backtest, BuyerHabit, Figure, FigureExpectation, Forecast, Learn, Outcome, PersonAct, PersonHabit, Predictor,
    Publication, Published, PublishedOn, Scenario, ScoreRef,
};
use serde::Serialize;
use smol_str::SmolStr;

use super::{Mark, mark};
use crate::doc::words::{Words, listed, number, period, plain, quoted, sentence};

/// All of it.
#[derive(Debug, Serialize)]
pub(super) struct Ahead {
    scenarios: Vec<Titled>,
    backtests: Vec<Titled>,
    forecasts: Vec<Told>,
    published: Vec<Told>,
}

/// Something with a title, in sentences.
#[derive(Debug, Serialize)]
struct Titled {
    title: SmolStr,
    says: Vec<String>,
    /// What has to come out.
    expects: Vec<String>,
    mark: Mark,
}

/// Something in a sentence.
#[derive(Debug, Serialize)]
struct Told {
    name: String,
    words: String,
    mark: Mark,
}

/// All of it.
pub(super) fn ahead(words: Words<'_>) -> Ahead {
    let program = words.program;
    Ahead {
        scenarios: program.scenarios.iter().map(|of| scenario(words, of)).collect(),
        backtests: program.backtests.iter().map(|of| backtest(words, of)).collect(),
        forecasts: program.forecasts.iter().map(|of| forecast(words, of)).collect(),
        published: program.publications.iter().map(|of| published(words, of)).collect(),
    }
}

/// What a score learns from, in sentences.
pub(super) fn learning(words: Words<'_>, learn: &Learn) -> Vec<String> {
    let outcome = |outcome: &Outcome| match outcome {
        Outcome::Event(event) => format!("“{}”", words.event(*event)),
        Outcome::Holds(condition) => words.condition(condition, false),
        Outcome::Silence { event, after, since } => {
            format!("no “{}” within {} of “{}”", words.event(*event), period(*after), words.event(*since))
        }
    };
    let side = |of: &[Outcome]| listed(of.iter().map(outcome), "or");
    let mut says = vec![
        format!(
            "That somebody turned out well is told by {}; that they did not, by {}.",
            side(&learn.good),
            side(&learn.bad)
        ),
        "What comes first counts. What outcomes say is proposed, with what speaks for it; nothing changes by itself."
            .to_owned(),
    ];
    says.extend(
        learn
            .keep
            .map(|(low, high)| format!("No weight below {}% or above {}% is proposed.", number(low), number(high))),
    );
    says.extend(learn.adopt.as_ref().map(|role| format!("It is adopted by {}.", words.role(Some(role)))));
    says.extend(learn.learned.map(|learned| {
        let (decisions, day) = (number_of(learned.decisions), learned.until.strftime("%-d %B %Y"));
        format!("Its points were learned from {decisions} decisions until {day}, which cannot judge it any more.")
    }));
    says
}

fn number_of(count: u32) -> String {
    crate::layout::thousands(u64::from(count))
}

fn scenario(words: Words<'_>, scenario: &Scenario) -> Titled {
    let mut says: Vec<String> = Vec::new();
    says.extend(scenario.leads.iter().map(|leads| {
        let during = leads.during.map(|during| format!(" for {}", period(during))).unwrap_or_default();
        let (count, each) = (number_of(leads.count), leads.per.each());
        format!("{count} come in per {each}{during}, drawn from {}.", leads.from)
    }));
    says.extend(scenario.people.iter().map(|habit| person(words, habit)));
    says.extend(scenario.buyers.iter().map(|habit| buyer(words, habit)));
    let expects = scenario.expectations.iter().map(|expected| {
        let goal = words.program.goals.get(expected.goal as usize);
        let goal = goal.map(|goal| quoted(&goal.title)).unwrap_or_default();
        format!("{goal} is reached in {} {}% of the times", expected.share.kind.words(), number(expected.share.value))
    });
    Titled { title: scenario.title.clone(), expects: expects.collect(), says, mark: mark(words, scenario.origin) }
}

fn person(words: Words<'_>, habit: &PersonHabit) -> String {
    let whom = sentence(&words.role(habit.whom.as_deref()));
    let does = match habit.act {
        PersonAct::Approves => "says yes to",
        PersonAct::Accepts => "takes over",
        PersonAct::Rates => "rates well",
        PersonAct::Adopts => "adopts what was learned in",
    };
    let of = if habit.act == PersonAct::Adopts { "weeks" } else { "questions" };
    let within = habit.within.map(|within| format!(", within {}", period(within))).unwrap_or_default();
    let most = habit.at_most.map(|(most, per)| format!(", at most {} per {}", number_of(most), per.each()));
    format!("{whom} {does} {}% of {of}{within}{}.", number(habit.chance), most.unwrap_or_default())
}

fn buyer(words: Words<'_>, habit: &BuyerHabit) -> String {
    let after = match habit.after {
        Some(after) => format!("After “{}”", words.event(after)),
        None => "When they come in".to_owned(),
    };
    let within = habit.within.map(|within| format!(" within {}", period(within))).unwrap_or_default();
    let mut said = format!("{after}, “{}” follows in {}%{within}", words.event(habit.event), number(habit.chance));
    if let Some((condition, otherwise)) = &habit.when {
        said.push_str(&format!(
            " where {}, and in {}% otherwise",
            words.condition(condition, false),
            number(*otherwise)
        ));
    }
    if let Some(instead) = habit.otherwise {
        said.push_str(&format!("; else “{}”", words.event(instead)));
    }
    said + "."
}

fn backtest(words: Words<'_>, backtest: &Backtest) -> Titled {
    let score = words.score(ScoreRef { score: backtest.score, layer: None });
    let mut says =
        vec![format!("What {score} was worth over what has happened, each decision by what was known then.")];
    says.extend(backtest.from.map(|day| format!("Decisions before {} only teach.", day.strftime("%-d %B %Y"))));
    Titled {
        title: backtest.title.clone(),
        expects: backtest.expectations.iter().map(|of| expected(words, backtest, of)).collect(),
        says,
        mark: mark(words, backtest.origin),
    }
}

fn expected(words: Words<'_>, backtest: &Backtest, of: &FigureExpectation) -> String {
    let figure = match of.figure {
        Figure::Auc => "a good one scores above a bad one (AUC)",
        Figure::R => "score and outcome go together (r)",
        Figure::Accuracy => "routed rightly",
        Figure::Coverage => "routed for certain",
        Figure::Lift => "good ones over the share of all",
        Figure::Conversion => "good ones",
        Figure::CalibrationError => "distance of foretold and real shares",
        Figure::Decisions => "decisions",
    };
    let labels = words.program.scores.get(backtest.score.index()).map(|score| score.labels.as_slice());
    let label = of.of.and_then(|label| labels?.get(label.index()));
    let route = label.map(|label| format!(" among {}", plain(label))).unwrap_or_default();
    let certainly = if of.certainly { ", with its whole interval" } else { "" };
    let percent = if of.limit.percent { "%" } else { "" };
    format!("{figure}{route}: {} {}{percent}{certainly}", of.limit.kind.words(), number(of.limit.value))
}

fn forecast(words: Words<'_>, forecast: &Forecast) -> Told {
    let entity = words.entity(forecast.target.entity);
    let from = forecast.from.iter().map(|from| match from {
        Predictor::Field(path) => words.field(path),
        Predictor::Score(of) => words.score(*of),
    });
    let events = forecast.learn_from.iter().map(|event| format!("“{}”", words.event(*event)));
    Told {
        name: format!("{entity} {}", words.field(&forecast.target)),
        words: format!(
            "is foretold of each open one from {}, learned from {}, and shown beside what somebody wrote there.",
            listed(from, "and"),
            listed(events, "and")
        ),
        mark: mark(words, forecast.origin),
    }
}

fn published(words: Words<'_>, publication: &Publication) -> Told {
    let (on, event) = match publication.on {
        PublishedOn::EndOf(workflow) => (format!("when {} ends", words.workflow(workflow)), None),
        PublishedOn::Event(event) => (format!("on “{}”", words.event(event)), words.program.events.get(event.index())),
    };
    let item = |item: &Published| match item {
        Published::Score { score, by_layer } => {
            let name = words.score(ScoreRef { score: *score, layer: None });
            format!("{name}{}", if *by_layer { " layer by layer" } else { "" })
        }
        Published::Reasons => "the reasons for it".to_owned(),
        Published::Outcome => "how it ended".to_owned(),
        Published::Approvals => "who approved what".to_owned(),
        Published::Field(path) => words.field(path),
        Published::EventFact(place) => {
            let field = event.and_then(|event| event.fields.get(*place as usize));
            field.map(|field| plain(&field.name)).unwrap_or_default()
        }
    };
    Told {
        name: plain(&publication.name),
        words: format!("{on}: {}, signed, without anybody’s name.", listed(publication.items.iter().map(item), "and")),
        mark: mark(words, publication.origin),
    }
}
