//! A back-test as a page: what to beware of first, then what was expected, figures of both cards, and what the parts contribute.

use super::page::{Page, Part, Table, Verdict};
use super::{Whose, words};
use crate::backtest::{Checked, FALSE_ALARMS, Figures, Gap, Report, values};
use crate::figures::{
    About, Histogram, Intervals, Lines, Point, Row, Series, calibration, histogram, intervals, lines, thousands,
};
use crate::history::History;
use crate::learn::ProposedRule;
use crate::statistics::{Estimate, Share};

/// A back-test, with all that is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Backtested<'a> {
    /// Whose.
    pub whose: &'a Whose,
    /// The score; none of a table that no playbook reads.
    pub score: Option<&'a str>,
    /// What is known of the table or the CRM: its name, as of when.
    pub of: &'a str,
    /// What came of it.
    pub report: &'a Report,
    /// By declaration of the playbook: its title, and what it expects.
    pub expected: &'a [(String, &'a [Checked])],
    /// Of a table: what would be learned from all that is decided.
    pub rules: &'a [ProposedRule],
    /// The points of the card's own by outcome; none where there is no card.
    pub scores: Option<&'a Histogram>,
}

/// The points that a card's own rules give to what is judged, by outcome; none where the card has no rules.
#[must_use]
pub fn scores(history: &History, report: &Report) -> Option<Histogram> {
    let scored = history.scored.as_ref().filter(|scored| !scored.card.rules.is_empty())?;
    let decided = history.fresh(&history.decided());
    let from = usize::try_from(report.taught).unwrap_or(usize::MAX);
    let judged = decided.get(from..).unwrap_or_default();
    let points = values(history, &scored.card.points(), judged).scores;
    let mut given = Histogram::default();
    for (record, points) in judged.iter().zip(points) {
        if history.is_good(*record) { given.good.push(points) } else { given.others.push(points) }
    }
    Some(given)
}

impl Backtested<'_> {
    /// The page.
    #[must_use]
    pub fn page(&self) -> Page {
        let mut facts = vec![("of".to_owned(), self.of.to_owned())];
        if !self.whose.playbook.is_empty() {
            facts.insert(0, ("playbook".to_owned(), self.whose.playbook.clone()));
        }
        let parts = [
            self.beware(),
            self.expected(),
            self.worth(),
            self.routes(),
            self.calibrated(),
            self.spread(),
            self.curve(),
            self.parts(),
            self.rules(),
            self.columns(),
        ];
        Page {
            kind: "Back-test".to_owned(),
            title: match self.score {
                Some(score) => format!("{score}, forward in time"),
                None => "What could be learned, forward in time".to_owned(),
            },
            client: self.whose.client.clone(),
            lead: format!("{}.", what_there_is(self.report)),
            facts,
            parts: parts.into_iter().filter(|part| !part.is_empty()).collect(),
        }
    }

    fn beware(&self) -> Part {
        let mut part = Part::new("beware", "Before any figure");
        let rows: Vec<Vec<String>> =
            beware(self.report).into_iter().map(|(label, words)| vec![label.to_owned(), words]).collect();
        if rows.is_empty() {
            part.paragraphs.push("Nothing speaks against believing these figures.".to_owned());
        } else {
            part.tables.push(Table::new("What is to be known of the data", &["kind", "what"], rows));
        }
        part
    }

    fn expected(&self) -> Part {
        let mut part = Part::new("expected", "What was expected");
        for (title, checked) in self.expected {
            part.verdicts.extend(checked.iter().map(|checked| Verdict {
                holds: checked.holds,
                what: format!("{title}: {},", checked.words),
                said: format!("it is {}", words::plain(checked.figure)),
            }));
        }
        part
    }

    fn cards(&self) -> Vec<(&'static str, &Figures)> {
        let both = [("the card", self.report.own.as_ref()), ("learned", self.report.learned.as_ref())];
        both.into_iter().filter_map(|(name, figures)| Some((name, figures?))).collect()
    }

    fn worth(&self) -> Part {
        let mut part = Part::new("figures", "What it was worth");
        let cards = self.cards();
        if cards.is_empty() {
            return part;
        }
        let rows = cards.iter().map(|(name, of)| row(name, of.auc, false)).collect();
        let about = About {
            id: "auc",
            title: "How often a good one scores above a bad one",
            description: "The AUC within each block of time, forward in time, with its 95% interval. One half is what chance does; an empty dot \
                          may be chance.",
        };
        part.figures.push(intervals(
            about,
            &Intervals { what: "AUC".to_owned(), unit: "", nothing: Some(0.5), rows_are: "card".to_owned(), rows },
        ));
        let mut columns = vec!["figure"];
        columns.extend(cards.iter().map(|(name, _)| *name));
        let share = |share: Option<Share>| share.map_or("undefined".to_owned(), words::shared);
        type Told<'t> = (&'t str, &'t dyn Fn(&Figures) -> String);
        let all: [Told<'_>; 11] = [
            ("AUC", &|of| words::estimate(of.auc)),
            ("r", &|of| words::estimate(of.r)),
            ("calibration error", &|of| words::estimate(of.calibration.error)),
            ("calibration slope", &|of| words::estimate(of.calibration.slope)),
            ("Brier score", &|of| words::estimate(of.calibration.brier)),
            ("accuracy", &|of| share(of.accuracy.map(|of| of.right))),
            ("  of those told", &|of| share(of.accuracy.map(|of| of.told))),
            ("  majority says", &|of| share(of.accuracy.map(|of| of.majority))),
            ("coverage (certain)", &|of| share(of.coverage)),
            ("good in the best fifth", &|of| words::shared(of.best_fifth)),
            ("lift of the best fifth", &|of| words::estimate(of.best_fifth_lift)),
        ];
        let rows = all.iter().map(|(name, of)| {
            let mut cells = vec![name.trim_start().to_owned()];
            cells.extend(cards.iter().map(|(_, figures)| of(figures)));
            cells
        });
        part.tables.push(Table::new("Figures, each with its 95% interval", &columns, rows.collect()));
        part.notes.extend(
            self.report.difference.map(|difference| format!("AUC, learned less card: {}.", words::signed(difference))),
        );
        part
    }

    fn routes(&self) -> Part {
        let mut part = Part::new("routes", "What came of each route");
        for (name, figures) in self.cards() {
            if figures.routes.is_empty() {
                continue;
            }
            let id = format!("routes-{}", words::hyphened(name));
            let title = format!("Who turned out well, by route of {}", of_card(name));
            let about = About {
                id: &id,
                title: &title,
                description: "Of those routed so, the share that turned out well, with its 95% interval.",
            };
            let rows = figures.routes.iter().map(|route| Row {
                name: route.route.to_string(),
                value: route.good.share.map(|share| share * 100.0),
                interval: route.good.interval.map(|of| (of.low * 100.0, of.high * 100.0)),
                said: format!("{} of {}", words::percent(route.good.share), thousands(route.good.of)),
                besides: format!("lift {}", words::estimate(route.lift)),
                ..Row::default()
            });
            part.figures.push(intervals(
                about,
                &Intervals {
                    what: "turned out well".to_owned(),
                    unit: "%",
                    nothing: None,
                    rows_are: "route".to_owned(),
                    rows: rows.collect(),
                },
            ));
        }
        part
    }

    fn calibrated(&self) -> Part {
        let mut part = Part::new("calibration", "Whether chances come true");
        for (name, figures) in self.cards() {
            if figures.calibration.bins.is_empty() {
                part.notes.push(format!("{name}: undefined, because nothing was foretold."));
                continue;
            }
            let id = format!("calibration-{}", words::hyphened(name));
            let title = format!(
                "Chances by {}, and what came of them",
                if name == "learned" { "what was learned" } else { name }
            );
            let about = About {
                id: &id,
                title: &title,
                description: "Chances were foretold from points by what was known before each block of time; those that are alike stand \
                              together.",
            };
            part.figures.push(calibration(about, &figures.calibration.bins));
        }
        part
    }

    fn spread(&self) -> Part {
        let mut part = Part::new("spread", "How points are spread");
        match self.scores {
            Some(given) if given.good.is_empty() && given.others.is_empty() => {
                part.paragraphs.push("Undefined: nothing is decided that could be judged.".to_owned());
            }
            Some(given) => {
                let about = About {
                    id: "spread",
                    title: "Points of the card, by what came of it",
                    description: "What is judged, above those that turned out well, below the others, each as a share of its own kind.",
                };
                part.figures.push(histogram(about, "points of the card", given));
            }
            None => part.paragraphs.push(
                "Undefined: there is no card, and what is learned is another one in each block of time, whose points do not compare.".to_owned(),
            ),
        }
        part
    }

    fn curve(&self) -> Part {
        let mut part = Part::new("curve", "How much outcomes teach");
        let curve = &self.report.curve;
        if curve.is_empty() {
            return part;
        }
        let point = |figure: Option<Estimate>| {
            let figure = figure?;
            let interval = figure.interval.map(|of| (of.low, of.high));
            Some(Point { value: figure.value?, interval, open: false })
        };
        let mut series = vec![Series {
            name: "learned".to_owned(),
            points: curve.iter().map(|at| point(Some(at.learned))).collect(),
        }];
        if curve.iter().any(|at| at.own.is_some()) {
            series.push(Series { name: "the card".to_owned(), points: curve.iter().map(|at| point(at.own)).collect() });
        }
        let about = About {
            id: "curve",
            title: "AUC after so many outcomes, on all that came later",
            description: "What is learned from so many outcomes, and the card as it is, both judged on the same later ones; bands are 95% \
                          intervals. Each point has fewer later ones to be judged on.",
        };
        part.figures.push(lines(
            about,
            &Lines {
                step: "outcomes known".to_owned(),
                steps: curve.iter().map(|at| thousands(at.known)).collect(),
                what: "AUC".to_owned(),
                unit: "",
                from_nought: false,
                band: Some(["95% from", "to"]),
                series,
            },
        ));
        if curve.iter().any(|at| at.difference.is_some()) {
            let rows = curve.iter().map(|at| {
                vec![
                    thousands(at.known),
                    thousands(at.judged),
                    at.difference.map_or("undefined".to_owned(), words::signed),
                ]
            });
            let columns = ["outcomes known", "judged on", "learned less card"];
            part.tables.push(Table::new("What is learned against the card", &columns, rows.collect()));
        }
        part
    }

    fn parts(&self) -> Part {
        let mut part = Part::new("parts", "What the card's parts contribute");
        if self.report.parts.is_empty() {
            return part;
        }
        let rows = self.report.parts.iter().map(|of| {
            let fires = of.evidence.map(|of| {
                let apart = of.difference.is_some_and(|of| of.low > 0.0 || of.high < 0.0);
                let mark = if apart { "" } else { ", may be chance" };
                format!(
                    "fires for {}, {} of them good, {} of the others{mark}",
                    thousands(of.holds.of),
                    words::percent(of.holds.share),
                    words::percent(of.others.share)
                )
            });
            let said = [of.words.to_string(), fires.unwrap_or_default()];
            let besides: Vec<String> = said.into_iter().filter(|text| !text.is_empty()).collect();
            Row {
                inner: !of.layer,
                besides: besides.join("; "),
                said: words::signed(of.lost),
                ..row(&of.part, of.lost, false)
            }
        });
        let about = About {
            id: "parts",
            title: "The AUC that is lost without a part",
            description: "Each layer and rule is left out by itself. To the right of nought the card is worse without it; an empty dot may be \
                          chance.",
        };
        part.figures.push(intervals(
            about,
            &Intervals {
                what: "loses AUC".to_owned(),
                unit: "",
                nothing: Some(0.0),
                rows_are: "the card without".to_owned(),
                rows: rows.collect(),
            },
        ));
        part
    }

    fn rules(&self) -> Part {
        let mut part = Part::new("rules", "What would be learned");
        if self.rules.is_empty() {
            return part;
        }
        let mut rules: Vec<&ProposedRule> = self.rules.iter().collect();
        rules.sort_by_key(|rule| std::cmp::Reverse(rule.points.0.abs()));
        part.figures.push(super::learning::found("rules-learned", &rules));
        part
    }

    fn columns(&self) -> Part {
        let mut part = Part::new("columns", "What each column alone says");
        if self.report.columns.is_empty() || self.report.decided.of == 0 {
            return part;
        }
        let mut columns: Vec<_> = self.report.columns.iter().collect();
        columns.sort_by(|one, other| other.auc.unwrap_or(0.0).total_cmp(&one.auc.unwrap_or(0.0)));
        let rows = columns.iter().map(|column| {
            vec![
                column.column.to_string(),
                column.auc.map_or("undefined".to_owned(), |auc| format!("{auc:.3}")),
                words::percent(column.filled_good.share),
                words::percent(column.filled_bad.share),
            ]
        });
        let names = ["column", "AUC", "filled for good ones", "filled for others"];
        part.tables.push(Table::new("Each column by itself, the most telling first", &names, rows.collect()));
        part
    }
}

fn of_card(name: &str) -> &str {
    if name == "learned" { "what was learned" } else { name }
}

/// A figure as a row.
pub(super) fn row(name: &str, figure: Estimate, inner: bool) -> Row {
    Row {
        name: name.to_owned(),
        inner,
        value: figure.value,
        interval: figure.interval.map(|of| (of.low, of.high)),
        said: words::estimate(figure),
        besides: String::new(),
    }
}

/// How many there are, and how they are judged.
#[must_use]
pub fn what_there_is(report: &Report) -> String {
    let mut said = format!(
        "{}, ordered by {}: {} decided, {} of them good ({}); {} open",
        words::count(report.records, "record", "records"),
        report.ordered_by,
        thousands(report.decided.of),
        thousands(report.decided.hits),
        words::percent(report.decided.share),
        thousands(report.open),
    );
    if report.learned.is_some() {
        said.push_str(&format!(
            "; the oldest {} only teach, {} are judged, each by what was known before",
            thousands(report.taught),
            thousands(report.judged)
        ));
    }
    said
}

/// What is to be known before a figure is believed: what kind of thing, empty for more of the one before, and what.
#[must_use]
pub fn beware(report: &Report) -> Vec<(&'static str, String)> {
    let mut lines: Vec<(&str, String)> = Vec::new();
    if let Some(from) = report.learned_from {
        let since = match report.fresh {
            0 => "nothing was decided since then".to_owned(),
            1 => "1 record that was decided since then can".to_owned(),
            fresh => format!("{} records that were decided since then can", thousands(fresh)),
        };
        let decisions = words::count(from.decisions, "decision", "decisions");
        let until = words::day(from.until);
        let said = format!("the card was learned from {decisions} until {until}, which cannot judge it: {since}");
        lines.push(("learned", said));
    }
    if let Some(words) = &report.too_little {
        lines.push(("too little", words.clone()));
    }
    match (report.signal.p, report.signal.found) {
        (Some(p), false) => lines.push((
            "no signal",
            format!(
                "these data do not say who is good: shuffled outcomes look as telling {:.0} times in 100 (a set without any signal \
                 is said to have one {:.0} times in 100)",
                p * 100.0,
                FALSE_ALARMS * 100.0
            ),
        )),
        (None, _) if report.too_little.is_none() => {
            lines.push(("no signal", "there is no column to learn from".to_owned()));
        }
        _ => {}
    }
    for leak in &report.leaks {
        lines.push(("leak", format!("`{}`: {}", leak.column, leak.evidence.join("; "))));
    }
    if !report.leaks.is_empty() {
        let words = if report.leaks_left_out {
            "these seem to be written once the outcome is near: nothing is learned from them (--with-leaks does)"
        } else {
            "these seem to be written once the outcome is near, and are learned from all the same"
        };
        lines.push(("", words.to_owned()));
    }
    lines.extend(report.leaking_rules.iter().map(|rule| ("leak", words::leaking(rule))));
    lines.extend(report.gaps.iter().map(|gap| ("gaps", gap_words(gap))));
    if report.gaps.iter().any(|gap| gap.switched_off.is_some()) {
        lines.push(("", "nothing is learned from what was switched off".to_owned()));
    }
    if report.copies > 0 {
        let records = words::count(report.copies, "record", "records");
        lines.push(("copies", format!("{records} say the same as an earlier one in all")));
    } else if report.near_copies > 0 {
        let records = words::count(report.near_copies, "record", "records");
        lines.push(("copies", format!("{records} say the same as an earlier one in all but names and ids")));
    }
    if report.decays {
        let auc = words::estimate(report.shuffled);
        lines.push(("drift", format!("shuffled, what is learned has an AUC of {auc}; forward in time it has not")));
    }
    for shift in report.shifts.iter().take(8) {
        let column = shift.column.as_ref().map(|column| format!("`{column}`: ")).unwrap_or_default();
        lines.push(("drift", format!("{column}{}", shift.words)));
    }
    if report.shifts.len() > 8 {
        lines.push(("", format!("and {} more", report.shifts.len() - 8)));
    }
    for remark in &report.remarks {
        let column = remark.column.as_ref().map(|column| format!("`{column}`: ")).unwrap_or_default();
        lines.push(("note", format!("{column}{}", remark.words)));
    }
    lines
}

fn gap_words(gap: &Gap) -> String {
    let mut said = format!("`{}` is filled for ", gap.column);
    if gap.by_outcome {
        let (good, bad) = (words::percent(gap.filled_good.share), words::percent(gap.filled_bad.share));
        said.push_str(&format!("{good} of the good ones and {bad} of the others: a gap here has a reason"));
    }
    if let Some((least, most)) = gap.switched_off {
        if gap.by_outcome {
            said.push_str(", and for ");
        }
        let (least, most) = (words::percent(Some(least)), words::percent(Some(most)));
        said.push_str(&format!("{least} in one tenth of the time and {most} in another: it was switched off"));
    }
    said
}
