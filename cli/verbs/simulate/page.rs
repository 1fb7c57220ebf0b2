//! A simulation on paper: plain tables of means, each with how far it goes from seed to seed.

use compiler::program::Program;
use foresight::figures::{number, signed};
use foresight::reports::words as told;
use foresight::simulate::{Fitted, Report, WeekRow};

use super::{Other, Simulated};
use crate::layout::{self, count, paragraph};
use crate::table;
use crate::terminal::Terminal;
use crate::words;

/// So many rows of where leads are, and of what keeps them, are shown; --json has all.
const SHOWN: usize = 12;
/// So many events have a column of their own in narrow tables; --json has all.
const COLUMNS: usize = 3;

/// All of it.
pub(super) fn page(simulated: &Simulated, program: &Program, terminal: &Terminal) -> String {
    let (report, paint) = (&simulated.report, terminal.paint());
    let zone = &program.client.timezone;
    let mut page = paint.bold(&format!("“{}”", report.scenario));
    page.push_str(&format!(
        ", {} from {}, {}\n",
        count(report.weeks.len() as u64, "week", "weeks"),
        words::as_of(report.from, zone),
        count(report.seeds, "seed", "seeds")
    ));
    let said = "the mean of all seeds; in parentheses, between what and what nine seeds of ten lie";
    page.push_str(&layout::dimmed(paint, &paragraph("", said, terminal.width())));
    if !simulated.missing.is_empty() {
        let words = told::missing(&simulated.missing);
        page.push_str(&format!("\n{}", paragraph("", &words, terminal.width())));
    }
    page.push_str(&format!("\n{} came in\n", told::spread(&report.leads, "")));
    page.push_str(&totals(report, terminal));
    page.push_str(&stages(report, terminal));
    page.push_str(&places("where they are at the end", &report.places, terminal));
    if !report.kept.is_empty() {
        page.push_str(&places("what keeps runs at the end", &report.kept, terminal));
    }
    page.push_str(&weeks(report, terminal));
    page.push_str(&people(report, terminal));
    page.push_str(&scores(report, terminal));
    page.push_str(&experiments(report, terminal));
    page.push_str(&goals(report, terminal));
    page.push_str(&kills(report, terminal));
    page.push_str(&expectations(report, terminal));
    for other in &simulated.others {
        page.push_str(&difference(other, terminal));
    }
    page
}

fn totals(report: &Report, terminal: &Terminal) -> String {
    let mut table = table::table(&["over all the time", "mean", "", "the mean is surely"], terminal);
    for total in &report.totals {
        let unit = if total.percent { "%" } else { "" };
        let Some(spread) = &total.spread else {
            table.add_row([total.name.to_string(), "nothing".to_owned()]);
            continue;
        };
        table.add_row([
            total.name.to_string(),
            format!("{}{unit}", number(spread.mean)),
            format!("({} to {}{unit})", number(spread.low), number(spread.high)),
            told::surely(spread, total.percent),
        ]);
    }
    format!("\n{}", table::lines(&table))
}

fn stages(report: &Report, terminal: &Terminal) -> String {
    let mut table = table::table(&["stage", "runs that came there", ""], terminal);
    for row in &report.stages {
        table.add_row([
            format!("{}.{}", row.workflow, row.stage),
            number(row.entered.mean),
            format!("({} to {})", number(row.entered.low), number(row.entered.high)),
        ]);
    }
    format!("\n{}", table::lines(&table))
}

fn places(title: &str, places: &[foresight::simulate::PlaceRow], terminal: &Terminal) -> String {
    let mut table = table::table(&[title, "mean", ""], terminal);
    for row in places.iter().take(SHOWN) {
        table.add_row([
            row.place.to_string(),
            number(row.leads.mean),
            format!("({} to {})", number(row.leads.low), number(row.leads.high)),
        ]);
    }
    let rest = places.iter().skip(SHOWN).map(|row| row.leads.mean).sum::<f64>();
    if rest > 0.0 {
        table.add_row(["elsewhere".to_owned(), number(rest)]);
    }
    format!("\n{}", table::lines(&table))
}

fn weeks(report: &Report, terminal: &Terminal) -> String {
    let events = report.scores.first().map(|score| score.events.as_slice()).unwrap_or_default();
    let has_value = report.weeks.iter().any(|week| week.pipeline.mean > 0.0);
    let mut header = vec!["week", "leads", "sent", "answered in 7 days"];
    header.extend(events.iter().take(COLUMNS).map(smol_str::SmolStr::as_str));
    header.extend(["deals", "queue"]);
    if has_value {
        header.push("pipeline");
    }
    let mut table = table::table(&header, terminal);
    for week in &report.weeks {
        let mut cells = vec![week.week.to_string(), number(week.leads), number(week.sent), response(week)];
        cells.extend(week.events.iter().take(COLUMNS.min(events.len())).map(|event| number(*event)));
        cells.extend([number(week.deals), number(week.queue.mean)]);
        if has_value {
            cells.push(number(week.pipeline.mean));
        }
        table.add_row(cells);
    }
    let mut text = format!("\n{}", table::lines(&table));
    if report.weeks.iter().any(|week| week.response_is_open) {
        let said = "… not everybody has had 7 days: --weeks lets them";
        text.push_str(&layout::dimmed(terminal.paint(), &paragraph("", said, terminal.width())));
    }
    text
}

fn response(week: &WeekRow) -> String {
    let open = if week.response_is_open { "…" } else { "" };
    week.response.map_or_else(|| "nobody".to_owned(), |spread| format!("{}%{open}", number(spread.mean)))
}

fn people(report: &Report, terminal: &Terminal) -> String {
    let mut lines = paragraph("", &told::answered(&report.people), terminal.width());
    if let Some(said) = told::unanswered(&report.people) {
        lines.push_str(&paragraph("", &said, terminal.width()));
    }
    format!("\n{lines}")
}

fn scores(report: &Report, terminal: &Terminal) -> String {
    let mut text = String::new();
    for score in &report.scores {
        let title = format!("by {} when first scored", score.score);
        let mut header = vec![title.as_str(), "leads", ""];
        header.extend(score.events.iter().take(COLUMNS).map(smol_str::SmolStr::as_str));
        let mut table = table::table(&header, terminal);
        for route in &score.routes {
            let mut cells = vec![
                route.label.to_string(),
                number(route.leads.mean),
                format!("({} to {})", number(route.leads.low), number(route.leads.high)),
            ];
            let had = route.had.iter().take(COLUMNS);
            cells.extend(had.map(|had| had.map_or_else(String::new, |had| format!("{}%", number(had.mean)))));
            table.add_row(cells);
        }
        text.push_str(&format!("\n{}", table::lines(&table)));
        let Some(said) = told::agreement(score) else { continue };
        text.push_str(&paragraph("", &said, terminal.width()));
    }
    text
}

fn experiments(report: &Report, terminal: &Terminal) -> String {
    let mut text = String::new();
    for experiment in report.experiments.iter().filter(|known| known.arms.iter().any(|arm| arm.pulls.mean > 0.0)) {
        let mut table = table::table(&[experiment.experiment.as_str(), "reached", "", "succeeded", "of 100"], terminal);
        for arm in &experiment.arms {
            table.add_row([
                arm.arm.to_string(),
                number(arm.pulls.mean),
                format!("({} to {})", number(arm.pulls.low), number(arm.pulls.high)),
                number(arm.successes.mean),
                arm.share.map_or_else(String::new, number),
            ]);
        }
        text.push_str(&format!("\n{}", table::lines(&table)));
    }
    text
}

fn goals(report: &Report, terminal: &Terminal) -> String {
    if report.goals.is_empty() {
        return String::new();
    }
    let mut text = String::from("\ngoals, in their last whole period\n");
    for goal in &report.goals {
        text.push_str(&paragraph("  ", &told::goal_is(goal), terminal.width()));
        let said = told::goal_was(goal);
        text.push_str(&paragraph("    ", &said, terminal.width()));
    }
    text
}

fn kills(report: &Report, terminal: &Terminal) -> String {
    let mut text = String::new();
    for kill in &report.kills {
        let said = told::kill(kill);
        text.push_str(&paragraph(&format!("\nkill signal of {}: ", kill.score), &said, terminal.width()));
    }
    text
}

fn expectations(report: &Report, terminal: &Terminal) -> String {
    let paint = terminal.paint();
    let mut text = String::new();
    for expected in &report.expectations {
        let (mark, said) = match (expected.holds, expected.unmeasured.is_some()) {
            (true, _) => (paint.green("✓"), "so it is, "),
            (false, false) => (paint.red("✗"), "it is not, "),
            (false, true) => (paint.red("✗"), ""),
        };
        text.push_str(&format!("\n{mark} {}: {said}{}\n", expected.words, told::expected(expected)));
    }
    text
}

fn difference(other: &Other, terminal: &Terminal) -> String {
    let mut table = table::table(&[other.what.as_str(), "mean", "more than without", "surely"], terminal);
    for row in &other.differences {
        let unit = if row.percent { "%" } else { "" };
        let value = row.value.map_or_else(|| "nothing".to_owned(), |value| format!("{}{unit}", number(value.mean)));
        let (more, surely) = row.more.map_or_else(Default::default, |more| {
            let surely = format!("{} to {}", signed(more.from), signed(more.to));
            (signed(more.mean), if more.seeds > 1 { surely } else { told::ONE_SEED.to_owned() })
        });
        table.add_row([row.name.to_string(), value, more, surely]);
    }
    let mut text = format!("\n{}", table::lines(&table));
    if let Some(words) = told::other_buyers(&other.what, &other.buyers) {
        text.push_str(&paragraph("", &words, terminal.width()));
    }
    text
}

/// Clauses that a CRM speaks for.
pub(super) fn fitted(fitted: &[Fitted], terminal: &Terminal) -> String {
    let paint = terminal.paint();
    let mut text = String::new();
    for habit in fitted {
        match &habit.clause {
            Some(clause) => text.push_str(&format!("{clause}\n")),
            None => text.push_str(&format!("{}\n", paint.dim(&format!("// {}", habit.words)))),
        }
        text.push_str(&layout::dimmed(paint, &paragraph("  // ", &habit.note, terminal.width())));
    }
    if fitted.is_empty() {
        text.push_str("the scenario says nothing of buyers or people\n");
    }
    text
}
