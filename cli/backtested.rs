//! A back-test, laid out for readers: what to beware of first, then figures of both cards side by side, then what the parts contribute.

use foresight::backtest::{Checked, Contribution, CurvePoint, Figures, Report};
use foresight::learn::ProposedRule;
use foresight::reports::what_there_is;
use foresight::reports::words::signed;
pub(crate) use foresight::reports::words::{estimate, percent, plain, shared};
use foresight::statistics::{Estimate, Share};

use crate::layout::{left, paragraph, right, thousands, width};
use crate::terminal::Terminal;
use crate::words;

/// The whole page; `rules` are what is learned from all that is decided, where no playbook has a card of its own.
pub(crate) fn page(title: &str, report: &Report, rules: &[ProposedRule], terminal: &Terminal) -> String {
    let all = terminal.width();
    let mut page = format!("{}\n", terminal.paint().bold(title));
    page.push_str(&paragraph("  ", &what_there_is(report), all));
    page.push_str(&beware(report, all));
    page.push_str(&figures(report, all));
    page.push_str(&routes(report));
    page.push_str(&curve(&report.curve));
    page.push_str(&parts(&report.parts, all));
    page.push_str(&learned(rules, all));
    page
}

/// A line a rule, the strongest first.
fn learned(rules: &[ProposedRule], all: usize) -> String {
    if rules.is_empty() {
        return String::new();
    }
    let mut text = "\nwhat would be learned from all that is decided\n".to_owned();
    let mut rules: Vec<&ProposedRule> = rules.iter().collect();
    rules.sort_by_key(|rule| std::cmp::Reverse(rule.points.0.abs()));
    for rule in rules {
        let head = format!("  {}  ", right(&words::signed(rule.points), 4));
        let of = &rule.evidence;
        let evidence = format!(
            "{} of {} good, {} of the others",
            percent(of.holds.share),
            thousands(of.holds.of),
            percent(of.others.share)
        );
        text.push_str(&paragraph(&head, &format!("{}: {evidence}", rule.words), all));
    }
    text
}

/// What is to be known before a figure is believed.
fn beware(report: &Report, all: usize) -> String {
    let lines = foresight::reports::beware(report);
    if lines.is_empty() {
        return String::new();
    }
    let mut text = "\nbefore any figure\n".to_owned();
    let widest = lines.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
    for (label, words) in lines {
        text.push_str(&paragraph(&format!("  {}  ", left(label, widest)), &words, all));
    }
    text
}

const FIGURE: usize = 25;
const VALUE: usize = 26;

/// A figure for a narrow column: why there is none is said below the table.
fn cell(figure: Estimate) -> String {
    if figure.value.is_some() { estimate(figure) } else { "undefined".to_owned() }
}

fn figures(report: &Report, all: usize) -> String {
    let cards: Vec<(&str, &Figures)> = [("the card", report.own.as_ref()), ("learned", report.learned.as_ref())]
        .into_iter()
        .filter_map(|(name, figures)| Some((name, figures?)))
        .collect();
    if cards.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}", left("figures", FIGURE + 2));
    for (name, _) in &cards {
        text.push_str(&left(name, VALUE));
    }
    trim(&mut text);
    let mut row = |name: &str, of: &dyn Fn(&Figures) -> String| {
        let mut line = format!("  {}", left(name, FIGURE));
        for (_, figures) in &cards {
            line.push_str(&left(&of(figures), VALUE));
        }
        trim(&mut line);
        text.push_str(&line);
    };
    row("AUC", &|of| cell(of.auc));
    row("r", &|of| cell(of.r));
    row("calibration error", &|of| cell(of.calibration.error));
    row("calibration slope", &|of| cell(of.calibration.slope));
    row("Brier score", &|of| cell(of.calibration.brier));
    if cards.iter().any(|(_, of)| of.accuracy.is_some()) {
        let share = |share: Option<Share>| share.map_or("undefined".to_owned(), shared);
        row("accuracy", &|of| share(of.accuracy.map(|of| of.right)));
        row("  of those told", &|of| share(of.accuracy.map(|of| of.told)));
        row("  majority says", &|of| share(of.accuracy.map(|of| of.majority)));
        row("coverage (certain)", &|of| share(of.coverage));
    }
    row("good in the best fifth", &|of| shared(of.best_fifth));
    row("lift of the best fifth", &|of| cell(of.best_fifth_lift));
    if let Some(difference) = report.difference {
        text.push_str(&format!("  {}{}\n", left("AUC, learned less card", FIGURE), signed(difference)));
    }
    for (name, of) in &cards {
        text.push_str(&undefined(name, of, all));
    }
    text
}

/// Why figures of a card are undefined, each reason once.
fn undefined(name: &str, of: &Figures, all: usize) -> String {
    let figures = [
        ("AUC", of.auc),
        ("r", of.r),
        ("calibration error", of.calibration.error),
        ("calibration slope", of.calibration.slope),
        ("Brier score", of.calibration.brier),
        ("lift of the best fifth", of.best_fifth_lift),
    ];
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for (figure, found) in figures {
        let Some(why) = found.undefined.filter(|_| found.value.is_none()) else { continue };
        match reasons.iter_mut().find(|(known, _)| *known == why.words()) {
            Some((_, figures)) => figures.push(figure),
            None => reasons.push((why.words(), vec![figure])),
        }
    }
    let line = |(why, figures): &(&str, Vec<&str>)| {
        paragraph("  ", &format!("undefined of {name}, because {why}: {}", figures.join(", ")), all)
    };
    reasons.iter().map(line).collect()
}

fn routes(report: &Report) -> String {
    let cards: Vec<(&str, &Figures)> = [("the card", report.own.as_ref()), ("learned", report.learned.as_ref())]
        .into_iter()
        .filter_map(|(name, figures)| Some((name, figures?)))
        .filter(|(_, figures)| !figures.routes.is_empty())
        .collect();
    let Some((_, first)) = cards.first() else { return String::new() };
    let mut text = format!("\n{}", left("good, by route", FIGURE + 2));
    for (name, _) in &cards {
        text.push_str(&left(name, VALUE));
    }
    trim(&mut text);
    for (place, route) in first.routes.iter().enumerate() {
        for (name, of) in [(route.route.as_str(), false), ("", true)] {
            let mut line = format!("  {}", left(if of { "  lift" } else { name }, FIGURE));
            for (_, figures) in &cards {
                let cell = figures.routes.get(place).map(|route| {
                    if of {
                        cell(route.lift)
                    } else {
                        format!("{} of {}", percent(route.good.share), thousands(route.good.of))
                    }
                });
                line.push_str(&left(&cell.unwrap_or_default(), VALUE));
            }
            trim(&mut line);
            text.push_str(&line);
        }
    }
    text
}

fn curve(curve: &[CurvePoint]) -> String {
    if curve.is_empty() {
        return String::new();
    }
    let has_own = curve.iter().any(|point| point.own.is_some());
    let own = if has_own { left("the card", 22) } else { String::new() };
    let difference = if has_own { "learned less card" } else { "" };
    let mut text = format!(
        "\nAUC after so many outcomes, on all that came later\n   {}  {own}{}{difference}",
        right("known", 7),
        left("learned", 22)
    );
    trim(&mut text);
    for point in curve {
        let own = point.own.map(|own| left(&cell(own), 22)).unwrap_or_default();
        let difference = point.difference.map(signed).unwrap_or_default();
        let mut line =
            format!("   {}  {own}{}{difference}", right(&thousands(point.known), 7), left(&cell(point.learned), 22));
        trim(&mut line);
        text.push_str(&line);
    }
    text
}

fn parts(parts: &[Contribution], all: usize) -> String {
    if parts.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}{}good where it fires, and not", left("the card without", 24), left("loses AUC", 29));
    trim(&mut text);
    for part in parts {
        let name = if part.layer { part.part.to_string() } else { format!("  {}", part.part) };
        let fires = part.evidence.map(|of| {
            let apart = of.difference.is_some_and(|of| of.low > 0.0 || of.high < 0.0);
            let mark = if apart { "" } else { ", may be chance" };
            format!("{} of {}, {}{mark}", percent(of.holds.share), thousands(of.holds.of), percent(of.others.share))
        });
        let head = format!("  {}{}", left(&name, 22), left(&signed(part.lost), 29));
        match fires {
            Some(fires) => text.push_str(&paragraph(&head, &fires, all)),
            None => text.push_str(&format!("{}\n", head.trim_end())),
        }
    }
    text
}

/// Expectations of a declaration, a line each.
pub(crate) fn expectations(title: &str, checked: &[Checked], terminal: &Terminal) -> String {
    let paint = terminal.paint();
    let mut text = format!("\n{title}\n");
    for expectation in checked {
        let verdict = if expectation.holds { paint.green("holds") } else { paint.red("fails") };
        text.push_str(&format!("  {verdict}  {}: it is {}\n", expectation.words, plain(expectation.figure)));
    }
    text
}

fn trim(line: &mut String) {
    line.truncate(line.trim_end().len());
    line.push('\n');
}
