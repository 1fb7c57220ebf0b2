//! What figures are in words, in the text and on the page.

use runtime::metrics::statistics::{Interval, Share};

use crate::backtest::LeakingRule;
use crate::figures::{number, signed as signed_number, thousands};
use crate::forecast::Foretold;
use crate::simulate::{Expected, GoalRow, KillRow, People, ScoreRow, Spread};
use crate::statistics::Estimate;

/// `no records`, `1 record`, `2 records`
#[must_use]
pub fn count(number: u64, one: &str, many: &str) -> String {
    match number {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        _ => format!("{} {many}", thousands(number)),
    }
}

/// `20 Nov 2026`
#[must_use]
pub fn day(day: jiff::civil::Date) -> String {
    day.strftime("%-d %b %Y").to_string()
}

/// Which open records count in no month, and why.
#[must_use]
pub fn left_out(of: &Foretold) -> Vec<String> {
    let mut said = Vec::new();
    if of.without_worth > 0 {
        said.push(format!(
            "{} no known worth and count in no month",
            count(of.without_worth, "open one has", "open ones have")
        ));
    }
    if of.undated > 0 {
        said.push(format!(
            "{} no day to close on, and nothing that was won says how long it takes: they count in no month",
            count(of.undated, "open one has", "open ones have")
        ));
    }
    said
}

/// That a rule reads what seems to say the outcome.
#[must_use]
pub fn leaking(rule: &LeakingRule) -> String {
    format!(
        "`{}` reads `{}`, which seems to say the outcome: what is learned of it, and every figure here, is too good",
        rule.words, rule.column
    )
}

/// `4.1 (2 to 6)`
#[must_use]
pub fn spread(spread: &Spread, unit: &str) -> String {
    format!("{}{unit} ({} to {}{unit})", number(spread.mean), number(spread.low), number(spread.high))
}

/// `12 of 41 seeds, 29.3% (17.6 to 44.5%)`
#[must_use]
pub fn seeds(share: &Share) -> String {
    let percent = share.share.map(|share| format!("{}%", number(share * 100.0))).unwrap_or_default();
    match share.interval {
        Some(interval) => format!(
            "{} of {} seeds, {percent} ({} to {}%)",
            share.hits,
            share.of,
            number(interval.low * 100.0),
            number(interval.high * 100.0)
        ),
        None => "no seed".to_owned(),
    }
}

/// How people answered.
#[must_use]
pub fn answered(people: &People) -> String {
    let mut text = format!("people answered {}", spread(&people.answers, ""));
    if let Some(waited) = &people.waited {
        text.push_str(&format!(" times, after {} hours", spread(waited, "")));
    }
    text
}

/// What nobody answers; none where somebody answers everything.
#[must_use]
pub fn unanswered(people: &People) -> Option<String> {
    (people.unanswered.mean > 0.0).then(|| {
        format!(
            "{} questions are nobody's: no line of the scenario says who answers them",
            number(people.unanswered.mean)
        )
    })
}

/// How points and outcome go together; none where there is nothing to say.
#[must_use]
pub fn agreement(score: &ScoreRow) -> Option<String> {
    match (&score.agreement, &score.note) {
        (Some(r), _) => Some(format!(
            "points and outcome of the first {} decisions go together by r = {:.2} ({:.2} to {:.2}), above 0.5 in {}",
            score.decisions,
            r.mean,
            r.low,
            r.high,
            seeds(&score.above_half)
        )),
        (None, Some(note)) => Some(format!("how points and outcome go together: {note}")),
        (None, None) => None,
    }
}

/// What a goal is: `F1, “scored prospects”: at least 20 per week …`
#[must_use]
pub fn goal_is(goal: &GoalRow) -> String {
    let name = goal.name.as_ref().map(|name| format!("{name}, ")).unwrap_or_default();
    format!("{name}“{}”: {}", goal.title, goal.words)
}

/// How often a goal was reached.
#[must_use]
pub fn goal_was(goal: &GoalRow) -> String {
    if let Some(why) = &goal.unmeasured {
        return format!("not measured: {why}");
    }
    let mut said = format!("reached in {}", seeds(&goal.reached));
    if let Some(figure) = &goal.figure {
        said.push_str(&format!("; it is {}", spread(figure, "")));
    }
    if goal.undefined > 0 && goal.reached.of > 0 {
        said.push_str(&format!("; undefined in {}", count(goal.undefined, "seed", "seeds")));
    }
    said
}

/// How often what was expected of a goal came out, or why nobody can say.
#[must_use]
pub fn expected(of: &Expected) -> String {
    of.unmeasured.as_ref().map_or_else(|| seeds(&of.reached), |why| format!("not measured: {why}"))
}

/// That files are not there.
#[must_use]
pub fn missing(files: &[String]) -> String {
    format!("not there, so that nothing of what they say of leads is known here: {}", files.join(", "))
}

/// That two playbooks do not meet the same buyers, and in what; none where they do.
#[must_use]
pub fn other_buyers(what: &str, differ: &[String]) -> Option<String> {
    let why = differ.join("; ");
    (!differ.is_empty())
        .then(|| format!("`{what}` does not meet the same buyers, and what differs is not the playbook's alone: {why}"))
}

/// How a kill signal fared.
#[must_use]
pub fn kill(kill: &KillRow) -> String {
    let mut said = if kill.fired.of == 0 {
        "too early to say in every seed: whoever decides has not had their time".to_owned()
    } else {
        format!("fired in {}", seeds(&kill.fired))
    };
    if let (Some(rate), Some(expected)) = (kill.true_rate, kill.expected) {
        said.push_str(&format!(
            "; {}% of those who decide had `{}`, at which it should fire {} times of 100",
            number(rate),
            kill.event,
            number(expected * 100.0)
        ));
    }
    if kill.too_early > 0 && kill.fired.of > 0 {
        said.push_str(&format!("; too early in {}", count(kill.too_early, "seed", "seeds")));
    }
    said
}

/// A figure with all that is known of it, for CI.
#[must_use]
pub fn plain(figure: Estimate) -> String {
    match (figure.value, figure.undefined) {
        (Some(_), _) => estimate(figure),
        (None, Some(why)) => format!("undefined, because {}", why.words()),
        (None, None) => "undefined".to_owned(),
    }
}

/// `0.68 (0.66 to 0.70)`
#[must_use]
pub fn estimate(figure: Estimate) -> String {
    match (figure.value, figure.interval) {
        (Some(value), Some(interval)) if interval.low == interval.high && value.fract() == 0.0 => format!("{value}"),
        (Some(value), Some(interval)) => format!("{value:.2} ({})", between(interval)),
        (Some(value), None) => format!("{value:.3}"),
        (None, _) => figure.undefined.map_or("undefined".to_owned(), |why| format!("undefined: {}", why.words())),
    }
}

/// `+0.030 (-0.010 to +0.070)`
#[must_use]
pub fn signed(figure: Estimate) -> String {
    match (figure.value, figure.interval) {
        (Some(value), Some(interval)) => {
            format!("{:+.3} ({:+.3} to {:+.3})", value + 0.0, interval.low + 0.0, interval.high + 0.0)
        }
        (Some(value), None) => format!("{value:+.3}"),
        (None, _) => "undefined".to_owned(),
    }
}

fn between(interval: Interval) -> String {
    format!("{:.2} to {:.2}", interval.low, interval.high)
}

/// `62% (60% to 64%)`
#[must_use]
pub fn shared(share: Share) -> String {
    match (share.share, share.interval) {
        (Some(_), Some(interval)) => {
            format!("{} ({} to {})", percent(share.share), percent(Some(interval.low)), percent(Some(interval.high)))
        }
        _ => "undefined".to_owned(),
    }
}

/// `62%`
#[must_use]
pub fn percent(share: Option<f64>) -> String {
    match share {
        Some(share) if share > 0.0 && share < 0.095 => format!("{:.1}%", share * 100.0),
        Some(share) => format!("{:.0}%", share * 100.0),
        None => "nobody".to_owned(),
    }
}

/// Between what a mean is, where there is only one of it.
pub const ONE_SEED: &str = "one seed does not say";

/// Between what a mean surely is: `3 to 5.2`; no share is below nought or above all.
#[must_use]
pub fn surely(spread: &Spread, percent: bool) -> String {
    match (spread.seeds > 1, percent) {
        (false, _) => ONE_SEED.to_owned(),
        (true, false) => format!("{} to {}", number(spread.from), number(spread.to)),
        (true, true) => format!("{} to {}%", number(spread.from.max(0.0)), number(spread.to.min(100.0))),
    }
}

/// `+4.1`, and how sure that is: `+4.1 (+3 to +5.2)`
#[must_use]
pub fn more(spread: &Spread, unit: &str) -> String {
    if spread.seeds < 2 {
        return format!("{}{unit} ({ONE_SEED})", signed_number(spread.mean));
    }
    format!("{}{unit} ({} to {})", signed_number(spread.mean), signed_number(spread.from), signed_number(spread.to))
}

/// `20 Nov 2026, 09:00 (Pacific/Auckland)`
#[must_use]
pub fn instant(at: jiff::Timestamp, zone: &str) -> String {
    let known = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    format!("{} ({zone})", at.to_zoned(known).strftime("%-d %b %Y, %H:%M"))
}

/// With a capital at its beginning.
#[must_use]
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// With single hyphens between, for the name of a file: `stackmates-hot-70`.
#[must_use]
pub fn hyphened(text: &str) -> String {
    let letters: String =
        text.chars().map(|letter| if letter.is_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' }).collect();
    letters.split_whitespace().collect::<Vec<_>>().join("-")
}
