//! What a score learns from, scenarios, back-tests, forecasts and what is published: each as the lines that it says, in its own words.

use smol_str::SmolStr;

use super::{Area, Both, Changes, Side, paired, without_equal};
use crate::program::{
    Backtest, BuyerHabit, EventId, Forecast, Learn, Limit, Outcome, Period, PersonHabit, Predictor, Publication,
    Published, PublishedOn, Scenario, Score,
};

pub(super) fn compare(both: &Both<'_>, changes: &mut Changes) {
    let (before, after) = (both.before.program, both.after.program);
    for (old, new) in paired(&before.scores, &after.scores, |score| score.name.clone()) {
        let lines = |side: &Side<'_>, score: Option<&Score>| {
            score.and_then(|score| score.learn.as_ref()).map(|learn| learned_from(side, learn))
        };
        let of = new.or(old).map(|score| format!("learning of {}", score.name)).unwrap_or_default();
        thing(&of, (lines(&both.before, old), lines(&both.after, new)), changes);
    }
    let so_far = changes.list.len();
    for (old, new) in paired(&before.scenarios, &after.scenarios, |scenario| scenario.title.clone()) {
        let of = titled("scenario", new.or(old).map(|scenario| &scenario.title));
        let lines = (old.map(|old| scenario(&both.before, old)), new.map(|new| scenario(&both.after, new)));
        thing(&of, lines, changes);
    }
    for (old, new) in paired(&before.backtests, &after.backtests, |backtest| backtest.title.clone()) {
        let of = titled("backtest", new.or(old).map(|backtest| &backtest.title));
        let lines = (old.map(|old| backtest(&both.before, old)), new.map(|new| backtest(&both.after, new)));
        thing(&of, lines, changes);
    }
    // What is tried out decides nothing.
    changes.list.iter_mut().skip(so_far).for_each(|change| change.meaning = false);
    let target = |side: &Side<'_>, forecast: &Forecast| format!("forecast {}", side.words.path(&forecast.target));
    for new in &after.forecasts {
        let of = target(&both.after, new);
        let old = before.forecasts.iter().find(|old| target(&both.before, old) == of);
        let lines = (old.map(|old| forecast(&both.before, old)), Some(forecast(&both.after, new)));
        thing(&of, lines, changes);
    }
    for old in &before.forecasts {
        let of = target(&both.before, old);
        if after.forecasts.iter().all(|new| target(&both.after, new) != of) {
            thing(&of, (Some(forecast(&both.before, old)), None), changes);
        }
    }
    for (old, new) in paired(&before.publications, &after.publications, |published| published.name.clone()) {
        let of = new.or(old).map(|published| format!("publish {}", published.name)).unwrap_or_default();
        let lines = (old.map(|old| published(&both.before, old)), new.map(|new| published(&both.after, new)));
        thing(&of, lines, changes);
    }
}

/// Which of the lines that something says are new, and which are gone.
fn thing(of: &str, lines: (Option<Vec<String>>, Option<Vec<String>>), changes: &mut Changes) {
    match lines {
        (None, Some(new)) => changes.added(Area::Foresight, of, format!("is new: {}", new.join("; "))),
        (Some(old), None) => changes.removed(Area::Foresight, of, format!("is gone: {}", old.join("; "))),
        (Some(mut gone), Some(mut added)) => {
            without_equal(&mut gone, &mut added, |one, other| one == other);
            if let ([was], [is]) = (gone.as_slice(), added.as_slice()) {
                changes.value(Area::Foresight, of, "says", was, is);
                return;
            }
            for line in added {
                changes.added(Area::Foresight, of, format!("now says {line}"));
            }
            for line in gone {
                changes.removed(Area::Foresight, of, format!("no longer says {line}"));
            }
        }
        (None, None) => {}
    }
}

/// `scenario "first quarter"`
fn titled(kind: &str, title: Option<&SmolStr>) -> String {
    format!("{kind} \"{}\"", title.map_or("", SmolStr::as_str))
}

fn learned_from(side: &Side<'_>, learn: &Learn) -> Vec<String> {
    let outcome = |good: &str, outcome: &Outcome| match outcome {
        Outcome::Event(event) => format!("{good} on {}", side.words.event(*event)),
        Outcome::Holds(condition) => format!("{good} when {}", side.words.condition(condition)),
        Outcome::Silence { event, after, since } => {
            let (event, since) = (side.words.event(*event), side.words.event(*since));
            format!("{good} on no {event} {after} after {since}")
        }
    };
    let mut lines: Vec<String> = learn.good.iter().map(|of| outcome("good", of)).collect();
    lines.extend(learn.bad.iter().map(|of| outcome("bad", of)));
    lines.extend(learn.keep.map(|(from, to)| format!("keep each weight from {from}% to {to}%")));
    lines.extend(learn.adopt.as_ref().map(|role| format!("adopt on approved by {role}")));
    let learned = learn.learned.as_ref();
    lines.extend(learned.map(|of| format!("learned from {} decisions until {}", of.decisions, of.until)));
    lines
}

fn scenario(side: &Side<'_>, scenario: &Scenario) -> Vec<String> {
    let leads = scenario.leads.iter().map(|leads| {
        let during = leads.during.map(|during| format!(" for {during}")).unwrap_or_default();
        format!("leads {} per {} from \"{}\"{during}", leads.count, leads.per.each(), leads.from)
    });
    let mut lines: Vec<String> = leads.collect();
    lines.push(format!("seed {}", scenario.seed));
    lines.extend(scenario.people.iter().map(person));
    lines.extend(scenario.buyers.iter().map(|habit| buyer(side, habit)));
    lines.extend(scenario.expectations.iter().map(|expected| {
        let goal = side.program.goals.get(expected.goal as usize);
        let goal = goal.map(|goal| goal.name.as_ref().unwrap_or(&goal.title).as_str()).unwrap_or_default();
        format!("expect {goal} in {} of seeds", limit(expected.share))
    }));
    lines
}

fn person(habit: &PersonHabit) -> String {
    let whom = habit.whom.as_ref().map_or("human", SmolStr::as_str);
    let most = habit.at_most.map(|(most, per)| format!(", at most {most} per {}", per.each())).unwrap_or_default();
    format!("{whom} {} {}%{}{most}", habit.act.verb(), habit.chance, within(habit.within))
}

fn buyer(side: &Side<'_>, habit: &BuyerHabit) -> String {
    let event = |event: EventId| side.words.event(event);
    let after = habit.after.map(|after| format!(" after {}", event(after))).unwrap_or_default();
    let (when, otherwise) = match &habit.when {
        Some((condition, otherwise)) => {
            (format!(" when {}", side.words.condition(condition)), format!(", {otherwise}% otherwise"))
        }
        None => Default::default(),
    };
    let instead = habit.otherwise.map(|instead| format!(", else {}", event(instead))).unwrap_or_default();
    format!("buyer {}{after} {}%{}{when}{otherwise}{instead}", event(habit.event), habit.chance, within(habit.within))
}

fn within(period: Option<Period>) -> String {
    period.map(|within| format!(" within {within}")).unwrap_or_default()
}

fn limit(limit: Limit) -> String {
    format!("{} {}{}", limit.kind.words(), limit.value, if limit.percent { "%" } else { "" })
}

fn backtest(side: &Side<'_>, backtest: &Backtest) -> Vec<String> {
    let mut lines = vec![format!("of {}", side.words.score(backtest.score))];
    lines.extend(backtest.from.map(|day| format!("judge from {day}")));
    lines.extend(backtest.expectations.iter().map(|expected| {
        let of = expected.of.map(|label| format!(" of {}", side.words.label(backtest.score, label)));
        let certainly = if expected.certainly { " certainly" } else { "" };
        format!("expect {}{}{certainly} {}", expected.figure.name(), of.unwrap_or_default(), limit(expected.limit))
    }));
    lines
}

fn forecast(side: &Side<'_>, forecast: &Forecast) -> Vec<String> {
    let from = forecast.from.iter().map(|from| match from {
        Predictor::Field(path) => side.words.path(path),
        Predictor::Score(of) => side.words.score_ref(*of),
    });
    let events = forecast.learn_from.iter().map(|event| side.words.event(*event).to_owned());
    vec![
        format!("from {}", from.collect::<Vec<_>>().join(", ")),
        format!("learn from {}", events.collect::<Vec<_>>().join(", ")),
    ]
}

fn published(side: &Side<'_>, publication: &Publication) -> Vec<String> {
    let (on, event) = match publication.on {
        PublishedOn::EndOf(workflow) => (format!("on end of {}", side.words.workflow(workflow)), None),
        PublishedOn::Event(event) => {
            (format!("on {}", side.words.event(event)), side.program.events.get(event.index()))
        }
    };
    let item = |item: &Published| match item {
        Published::Score { score, by_layer } => {
            format!("{}{}", side.words.score(*score), if *by_layer { " by layer" } else { "" })
        }
        Published::Reasons => "reasons".to_owned(),
        Published::Outcome => "outcome".to_owned(),
        Published::Approvals => "approvals".to_owned(),
        Published::Field(path) => side.words.path(path),
        Published::EventFact(place) => {
            let field = event.and_then(|event| event.fields.get(*place as usize));
            field.map(|field| field.name.to_string()).unwrap_or_default()
        }
    };
    std::iter::once(on).chain(publication.items.iter().map(item)).collect()
}
