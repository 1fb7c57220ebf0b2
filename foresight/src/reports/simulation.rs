//! A simulation as a page: what was assumed, what came of it over all seeds, and what another playbook would have made of the same buyers.

use compiler::program::Program;
use smol_str::SmolStr;

use super::page::{Page, Part, Table, Verdict};
use super::{Whose, sweep, words};
use crate::figures::{
    About, Arm, Column, Columns, Compared, Histogram, Lines, Point, Posterior, Series, Step, columns, comparison,
    funnel, histogram, lines, number, posterior,
};
use crate::simulate::{DECISIONS, Difference, ExperimentRow, Figures, Report, ScoreRow, Spread, WeekRow};

/// A simulation, with all that is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Simulated<'a> {
    /// Whose.
    pub whose: &'a Whose,
    /// The playbook that was played.
    pub program: &'a Program,
    /// What all seeds show together.
    pub report: &'a Report,
    /// What each shows.
    pub seeds: &'a [Figures],
    /// The scenario as somebody wrote it.
    pub assumed: &'a str,
    /// What a deal was said to be worth, from and to, outside the scenario.
    pub worth: Option<(f64, f64)>,
    /// The same buyers under other values or another playbook.
    pub others: &'a [Other],
    /// Files that are not there, of which nothing is known.
    pub missing: &'a [String],
}

/// The same scenario under another value of a number, or another playbook.
#[derive(Clone, Debug, PartialEq)]
pub struct Other {
    /// `hot = 65`, `HEAD~1`
    pub what: String,
    /// Which number has which value, and which it has in the playbook; none of another playbook.
    pub turned: Option<(String, f64, f64)>,
    /// The fingerprint of that playbook.
    pub playbook: String,
    /// In what its buyers and people are not the same.
    pub buyers: Vec<String>,
    /// What differs.
    pub differences: Vec<Difference>,
}

/// What a band is, over its columns of a table.
const SEEDS: [&str; 2] = ["nine seeds of ten from", "to"];

impl Simulated<'_> {
    /// The page.
    #[must_use]
    pub fn page(&self) -> Page {
        let report = self.report;
        let last = report.first_seed.saturating_add(report.seeds.saturating_sub(1));
        let mut facts = vec![
            ("playbook".to_owned(), self.whose.playbook.clone()),
            ("seeds".to_owned(), format!("{}: {} to {last}", report.seeds, report.first_seed)),
            ("from".to_owned(), words::instant(report.from, &self.whose.zone)),
            ("until".to_owned(), words::instant(report.until, &self.whose.zone)),
        ];
        facts.extend(self.others.iter().map(|other| (other.what.clone(), other.playbook.clone())));
        let parts = [
            self.expected(),
            self.assumed(),
            self.totals(),
            self.funnel(),
            self.weeks(),
            self.scores(),
            self.experiments(),
            self.goals(),
            self.compared(),
            self.unknown(),
        ];
        Page {
            kind: "Simulation".to_owned(),
            title: report.scenario.to_string(),
            client: self.whose.client.clone(),
            lead: format!(
                "{} of the scenario, played {} on a virtual clock; means over all seeds, in parentheses between what and what nine seeds of ten lie.",
                words::count(report.weeks.len() as u64, "week", "weeks"),
                words::count(report.seeds, "time", "times")
            ),
            facts,
            parts: parts.into_iter().filter(|part| !part.is_empty()).collect(),
        }
    }

    fn expected(&self) -> Part {
        let mut part = Part::new("expected", "What was expected");
        part.verdicts = self
            .report
            .expectations
            .iter()
            .map(|expected| Verdict {
                holds: expected.holds,
                what: expected.words.to_string(),
                said: words::expected(expected),
            })
            .collect();
        if part.verdicts.is_empty() {
            part.paragraphs.push("The scenario expects nothing of its goals.".to_owned());
        }
        part
    }

    fn assumed(&self) -> Part {
        let mut part = Part::new("assumed", "What was assumed");
        part.paragraphs.push(
            "Buyers and people do what the scenario says, by chance; everything else is done by the playbook itself, as in production. Nobody \
             measured these habits here: whatever they are wrong about, this page is wrong about."
                .to_owned(),
        );
        part.written = Some(self.assumed.trim_end().to_owned());
        if let Some((from, to)) = self.worth {
            let worth = format!("A deal that is made is worth evenly from {} to {}.", number(from), number(to));
            part.notes.push(worth);
        }
        part
    }

    fn totals(&self) -> Part {
        let mut part = Part::new("totals", "Over all the time");
        part.paragraphs.push(format!("{} came in.", words::spread(&self.report.leads, "")));
        let rows = self.report.totals.iter().map(|total| {
            let unit = if total.percent { "%" } else { "" };
            let cells = total.spread.as_ref().map_or_else(
                || ["undefined".to_owned(), String::new()],
                |spread| [words::spread(spread, unit), words::surely(spread, total.percent)],
            );
            let [mean, surely] = cells;
            vec![total.name.to_string(), mean, surely]
        });
        let caption = "Each of a seed, over all its weeks";
        part.tables.push(Table::new(caption, &["what", "mean", "the mean is surely"], rows.collect()));
        part.notes.push(format!("{}.", words::sentence(&words::answered(&self.report.people))));
        part
    }

    fn funnel(&self) -> Part {
        let mut part = Part::new("funnel", "Where they went");
        let steps: Vec<Step> = self
            .report
            .stages
            .iter()
            .map(|row| Step {
                of: row.workflow.to_string(),
                name: row.stage.to_string(),
                mean: row.entered.mean,
                low: row.entered.low,
                high: row.entered.high,
            })
            .collect();
        if !steps.is_empty() {
            let about = About {
                id: "funnel",
                title: "How far runs came",
                description: "How many runs ever came to each stage, workflow by workflow: a bar is the mean of all seeds, its line reaches \
                              from what to what nine seeds of ten lie. A stage that nobody came to is left out.",
            };
            part.figures.push(funnel(about, "runs", &steps));
        }
        let rows = |places: &[crate::simulate::PlaceRow]| -> Vec<Vec<String>> {
            places.iter().map(|row| vec![row.place.to_string(), words::spread(&row.leads, "")]).collect()
        };
        part.tables.push(Table::new("Where leads are at the end", &["place", "leads"], rows(&self.report.places)));
        if !self.report.kept.is_empty() {
            part.tables.push(Table::new("What keeps runs at the end", &["why", "runs"], rows(&self.report.kept)));
        }
        part
    }

    fn weeks(&self) -> Part {
        let mut part = Part::new("weeks", "Week by week");
        let weeks = &self.report.weeks;
        if weeks.is_empty() {
            return part;
        }
        let cohort = |of: &dyn Fn(&WeekRow) -> Option<Spread>, open: &dyn Fn(&WeekRow) -> bool| -> Vec<Option<Point>> {
            let point = |week: &WeekRow| {
                of(week).map(|spread| Point {
                    value: spread.mean,
                    interval: Some((spread.low, spread.high)),
                    open: open(week),
                })
            };
            weeks.iter().map(point).collect()
        };
        let response = cohort(&|week| week.response, &|week| week.response_is_open);
        if response.iter().any(Option::is_some) {
            let about = About {
                id: "cohorts",
                title: "Who answered, by the week in which they were first written to",
                description: "Of those first written to in a week, the share that answered within 7 days: the line is the mean of all seeds in \
                              which anybody was, the band is where nine of ten of these lie. An empty dot has not had its 7 days yet.",
            };
            let series = vec![Series { name: String::new(), points: response }];
            part.figures.push(lines(about, &self.drawn("answered within 7 days", "%", Some(SEEDS), series)));
        }
        let accuracy = cohort(&|week| week.accuracy, &|_| false);
        if accuracy.iter().any(Option::is_some) {
            let about = About {
                id: "accuracy",
                title: "Who was routed rightly, by the week in which they were first scored",
                description: "Of those first scored in a week whose outcome is known at the end, the share that was routed rightly: the mean of \
                              all seeds that know any, and where nine of ten of these lie.",
            };
            let series = vec![Series { name: String::new(), points: accuracy }];
            part.figures.push(lines(about, &self.drawn("routed rightly", "%", Some(SEEDS), series)));
        }
        part.figures.extend(self.happened());
        if weeks.iter().any(|week| week.pipeline.mean > 0.0) {
            let about = About {
                id: "pipeline",
                title: "What deals made in a week are worth",
                description: "What the deals that were made in each week are worth together: the mean of all seeds, and where nine of ten lie.",
            };
            let pipeline = cohort(&|week| Some(week.pipeline), &|_| false);
            let series = vec![Series { name: String::new(), points: pipeline }];
            part.figures.push(lines(about, &self.drawn("worth of deals made", "", Some(SEEDS), series)));
        }
        let about = About {
            id: "queue",
            title: "How many questions wait for people",
            description: "Questions that are open at the end of each week: a column is the mean of all seeds, its line reaches from what to what \
                          nine of ten lie.",
        };
        let column = |week: &WeekRow| Column {
            step: week.week.to_string(),
            mean: week.queue.mean,
            interval: (week.queue.low, week.queue.high),
        };
        part.figures.push(columns(
            about,
            &Columns {
                step: "week".to_owned(),
                what: "questions open at its end".to_owned(),
                between: SEEDS,
                columns: weeks.iter().map(column).collect(),
            },
        ));
        part
    }

    /// Lines over the weeks.
    fn drawn(&self, what: &str, unit: &'static str, band: Option<[&'static str; 2]>, series: Vec<Series>) -> Lines {
        Lines {
            step: "week".to_owned(),
            steps: self.report.weeks.iter().map(|week| week.week.to_string()).collect(),
            what: what.to_owned(),
            unit,
            from_nought: true,
            band,
            series,
        }
    }

    /// What came in, went out and happened: means alone, because nothing else is kept of them.
    fn happened(&self) -> Vec<crate::figures::Figure> {
        let weeks = &self.report.weeks;
        let line = |name: &str, of: &dyn Fn(&WeekRow) -> f64| {
            let point = |week| Some(Point { value: of(week), interval: None, open: false });
            Series { name: name.to_owned(), points: weeks.iter().map(point).collect() }
        };
        let events = self.events();
        let sent = vec![
            line("came in", &|week| week.leads),
            line("messages sent", &|week| week.sent),
            line("answers of people", &|week| week.approvals),
        ];
        let mut buyers: Vec<Series> = events
            .iter()
            .enumerate()
            .map(|(place, name)| line(name, &|week| week.events.get(place).copied().unwrap_or(0.0)))
            .collect();
        buyers.push(line("deals made", &|week| week.deals));
        let did = About {
            id: "sent",
            title: "What came in and went out",
            description: "Leads that came in, messages that went out and questions that people answered in each week, means of all seeds.",
        };
        let happened = About {
            id: "events",
            title: "What buyers did",
            description: "How often buyers did what the scenario says of them in each week, and how many deals were made, means of all seeds.",
        };
        vec![
            lines(did, &self.drawn("in a week", "", None, sent)),
            lines(happened, &self.drawn("in a week", "", None, buyers)),
        ]
    }

    fn events(&self) -> &[SmolStr] {
        self.report.scores.first().map(|score| score.events.as_slice()).unwrap_or_default()
    }

    fn scores(&self) -> Part {
        let mut part = Part::new("scores", "How scores and outcomes go together");
        for score in &self.report.scores {
            let mut columns = vec!["route", "leads"];
            columns.extend(score.events.iter().map(SmolStr::as_str));
            let rows = score.routes.iter().map(|route| {
                let mut cells = vec![route.label.to_string(), words::spread(&route.leads, "")];
                let had =
                    |had: &Option<Spread>| had.map_or_else(|| "nobody".to_owned(), |had| words::spread(&had, "%"));
                cells.extend(route.had.iter().map(had));
                cells
            });
            let caption = format!("By {} when first scored: how many, and which share had each event", score.score);
            part.tables.push(Table::new(&caption, &columns, rows.collect()));
            part.figures.extend(self.spread(score));
            part.notes.extend(words::agreement(score).map(|said| format!("{}: {said}.", score.score)));
        }
        part
    }

    /// The points of what was decided first in each seed, by outcome.
    fn spread(&self, score: &ScoreRow) -> Option<crate::figures::Figure> {
        let place = self.program.scores.iter().position(|known| known.name == score.score)?;
        let mut given = Histogram::default();
        for seed in self.seeds {
            for (points, good) in seed.scores.get(place)?.decisions.iter().copied() {
                if good { given.good.push(points) } else { given.others.push(points) }
            }
        }
        if given.good.is_empty() && given.others.is_empty() {
            return None;
        }
        let id = format!("spread-{}", words::hyphened(&score.score));
        let description = format!(
            "Points of {} when first scored, of the first {DECISIONS} decided contacts of each seed, all seeds together: above those that \
             turned out well, below the others, each as a share of its own kind.",
            score.score
        );
        let title = format!("Points of {} by what came of it", score.score);
        let about = About { id: &id, title: &title, description: &description };
        Some(histogram(about, &format!("points of {}", score.score), &given))
    }

    fn experiments(&self) -> Part {
        let mut part = Part::new("experiments", "What experiments would teach");
        for (place, experiment) in self.report.experiments.iter().enumerate() {
            if experiment.arms.iter().all(|arm| arm.pulls.mean <= 0.0) {
                part.notes.push(format!("{}: nobody was reached by any arm.", experiment.experiment));
                continue;
            }
            part.figures.extend(self.taught(place, experiment));
            let rows = experiment.arms.iter().map(|arm| {
                vec![
                    arm.arm.to_string(),
                    words::spread(&arm.pulls, ""),
                    number(arm.successes.mean),
                    arm.share.map_or_else(|| "undefined".to_owned(), |share| format!("{}%", number(share))),
                ]
            });
            let caption = format!("{}: of a seed, and over all seeds", experiment.experiment);
            part.tables.push(Table::new(&caption, &["arm", "reached", "succeeded", "of all seeds"], rows.collect()));
        }
        part
    }

    /// What one seed teaches of the arms, beside what all of them show.
    fn taught(&self, place: usize, experiment: &ExperimentRow) -> Option<crate::figures::Figure> {
        let first = self.seeds.first()?;
        let arms = first.experiments.get(place)?;
        let given = Posterior {
            arms: experiment
                .arms
                .iter()
                .zip(arms)
                .map(|(row, arm)| Arm { name: row.arm.to_string(), pulls: arm.pulls, successes: arm.successes })
                .collect(),
            over_all: experiment.arms.iter().map(|arm| arm.share).collect(),
            called: "over all seeds".to_owned(),
        };
        let id = format!("arms-{}", words::hyphened(&experiment.experiment));
        let title = format!("What seed {} would teach of {}", first.seed, experiment.experiment);
        let description = format!(
            "How likely each share of successes is for each arm, after what happened in seed {} alone: that much a team would know after such \
             a time. The line below each curve is its 95% interval; the dashed line is the share over all seeds.",
            first.seed
        );
        Some(posterior(About { id: &id, title: &title, description: &description }, &given))
    }

    fn goals(&self) -> Part {
        let mut part = Part::new("goals", "Goals and kill signals");
        let rows = self.report.goals.iter().map(|goal| vec![words::goal_is(goal), words::goal_was(goal)]);
        let rows: Vec<Vec<String>> = rows.collect();
        if !rows.is_empty() {
            part.tables.push(Table::new("Goals, in their last whole period", &["goal", "over all seeds"], rows));
        }
        let kills = self.report.kills.iter();
        part.notes.extend(kills.map(|kill| format!("Kill signal of {}: {}.", kill.score, words::kill(kill))));
        part
    }

    fn compared(&self) -> Part {
        let mut part = Part::new("compared", "The same buyers otherwise");
        if self.others.is_empty() {
            return part;
        }
        let differ = self.others.iter().filter_map(|other| words::other_buyers(&other.what, &other.buyers));
        let mut differ: Vec<String> = differ.map(|said| format!("{said}.")).collect();
        if differ.is_empty() {
            differ.push("Each seed has the same buyers in both: what differs is differed by the playbook.".to_owned());
        }
        part.paragraphs.extend(differ);
        part.paragraphs
            .push("The intervals are of the mean difference, seed by seed; an empty dot may be chance.".to_owned());
        part.figures.extend(sweep::figures(self.report, self.others));
        // Of many values the sweep is read; each by itself stands in the tables.
        for (number, other) in (1..).zip(self.others) {
            let rows = compared(self.report, other);
            if self.others.len() <= 2 {
                let id = format!("compared-{number}");
                let title = format!("{} against the playbook as it is", other.what);
                let about = About {
                    id: &id,
                    title: &title,
                    description: "How much more there is of each measure: the dot is the mean difference, its line between what that surely is \
                                  (95 times in 100). Each measure has a scale of its own.",
                };
                part.figures.push(comparison(about, ["as it is", &other.what], &rows));
            } else {
                let table = other.differences.iter().map(|row| {
                    let unit = if row.percent { "%" } else { "" };
                    vec![
                        row.name.to_string(),
                        row.value.as_ref().map_or_else(|| "undefined".to_owned(), |value| words::spread(value, unit)),
                        row.more.as_ref().map_or_else(|| "undefined".to_owned(), |more| words::more(more, unit)),
                    ]
                });
                part.tables.push(Table::new(&other.what, &["measure", "mean", "more, surely"], table.collect()));
            }
        }
        part
    }

    fn unknown(&self) -> Part {
        let mut part = Part::new("unknown", "What this does not say");
        let mut said: Vec<String> = Vec::new();
        let report = self.report;
        if !self.missing.is_empty() {
            said.push(format!("{}.", words::sentence(&words::missing(self.missing))));
        }
        if report.seeds < 2 {
            said.push(
                "How far figures go from seed to seed, and whether a difference is chance: one seed does not say."
                    .to_owned(),
            );
        }
        for total in report.totals.iter().filter(|total| total.spread.is_none()) {
            said.push(format!("{}: undefined in every seed.", total.name));
        }
        let silent = report.goals.iter().filter_map(|goal| Some((goal, goal.unmeasured.as_ref()?)));
        said.extend(silent.map(|(goal, why)| format!("“{}” is not measured: {why}.", goal.title)));
        let some = report.goals.iter().filter(|goal| goal.undefined > 0 && goal.reached.of > 0);
        said.extend(
            some.map(|goal| {
                format!("“{}”: undefined in {}.", goal.title, words::count(goal.undefined, "seed", "seeds"))
            }),
        );
        if report.weeks.iter().any(|week| week.response_is_open) {
            said.push("Not everybody had 7 days to answer before the end: --weeks lets them.".to_owned());
        }
        if self.worth.is_none() {
            said.push("What deals are worth that the playbook makes: nobody said (--worth does).".to_owned());
        }
        said.extend(words::unanswered(&report.people).map(|said| format!("{}.", words::sentence(&said))));
        said.push("Means of what happened in a week have no interval: it is not kept by seed.".to_owned());
        part.paragraphs = said;
        part
    }
}

/// Measures of both, in the order in which the other tells them.
fn compared(report: &Report, other: &Other) -> Vec<Compared> {
    let row = |row: &Difference| {
        let before = report.totals.iter().find(|total| total.name == row.name);
        Compared {
            name: row.name.to_string(),
            unit: if row.percent { "%" } else { "" },
            before: before.and_then(|total| total.spread).map(|spread| spread.mean),
            after: row.value.map(|value| value.mean),
            // Of one seed nobody knows how far the mean goes.
            more: row.more.filter(|more| more.seeds > 1).map(|more| (more.mean, (more.from, more.to))),
        }
    };
    other.differences.iter().map(row).collect()
}
