//! What was learned as a page: how far the card would move, what speaks for it, and who would be routed otherwise.

use super::backtest::{beware, row};
use super::page::{Page, Part, Table};
use super::{Whose, words};
use crate::backtest::Report;
use crate::figures::{About, Figure, Intervals, Moved, Row, intervals, shift, signed, thousands};
use crate::learn::{Evidence, Proposal, ProposedRule, Rerouted, RouteCount};
use crate::statistics::Estimate;

/// What was learned, with all that is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Learned<'a> {
    /// Whose.
    pub whose: &'a Whose,
    /// As of when, in words.
    pub as_of: &'a str,
    /// What would change.
    pub proposal: &'a Proposal,
    /// The back-test that it was found in.
    pub report: &'a Report,
    /// Where everybody would have gone.
    pub routes: &'a [RouteCount],
    /// Who would have gone elsewhere.
    pub rerouted: &'a [Rerouted],
    /// Files that it was written into.
    pub written: &'a [String],
}

/// `61% of 840 good, 34% of the others (+20 to +31 points)`
#[must_use]
pub fn evidence(of: &Evidence) -> String {
    let apart = of.difference.map(|apart| {
        let (low, high) = (apart.low * 100.0, apart.high * 100.0);
        format!(" ({low:+.0} to {high:+.0} points)")
    });
    format!(
        "{} of {} good, {} of the others{}",
        words::percent(of.holds.share),
        thousands(of.holds.of),
        words::percent(of.others.share),
        apart.unwrap_or_default()
    )
}

impl Learned<'_> {
    /// The page.
    #[must_use]
    pub fn page(&self) -> Page {
        let proposal = self.proposal;
        let parts = [self.known(), self.weights(), self.points(), self.new_rules(), self.routed()];
        let known = words::count(proposal.decisions, "decision is", "decisions are");
        Page {
            kind: "Learning".to_owned(),
            title: format!("What outcomes say of {}", proposal.score),
            client: self.whose.client.clone(),
            lead: format!("{known} known, {} good.", thousands(proposal.good)),
            facts: vec![
                ("playbook".to_owned(), self.whose.playbook.clone()),
                ("as of".to_owned(), self.as_of.to_owned()),
            ],
            parts: parts.into_iter().filter(|part| !part.is_empty()).collect(),
        }
    }

    fn known(&self) -> Part {
        let mut part = Part::new("known", "What is known");
        let proposal = self.proposal;
        if proposal.provisional {
            part.paragraphs.push(format!(
                "Provisional: it takes {} decisions and {} of the rarer outcome.",
                proposal.decisions_needed, proposal.rarer_needed
            ));
        }
        let rows: Vec<Row> = [("the card", self.report.own.as_ref()), ("learned", self.report.learned.as_ref())]
            .into_iter()
            .filter_map(|(name, figures)| Some(row(name, figures?.auc, false)))
            .collect();
        if rows.iter().any(|row| row.value.is_some()) {
            let about = About {
                id: "auc",
                title: "What both cards were worth, forward in time",
                description: "The AUC within each block of time with its 95% interval. One half is what chance does; an empty dot may be chance.",
            };
            part.figures.push(intervals(
                about,
                &Intervals { what: "AUC".to_owned(), unit: "", nothing: Some(0.5), rows_are: "card".to_owned(), rows },
            ));
        } else {
            part.paragraphs.push("What either card was worth forward in time is undefined.".to_owned());
        }
        part.notes.extend(self.report.difference.map(|of| format!("AUC, learned less card: {}.", words::signed(of))));
        let rows: Vec<Vec<String>> =
            beware(self.report).into_iter().map(|(label, said)| vec![label.to_owned(), said]).collect();
        if !rows.is_empty() {
            part.tables.push(Table::new("What is to be known of the data", &["kind", "what"], rows));
        }
        if proposal.weights.is_empty() && proposal.points.is_empty() && proposal.rules.is_empty() {
            part.notes.push("Nothing to change: outcomes do not pay for moving the card yet.".to_owned());
        } else if self.written.is_empty() {
            part.notes.push("Nothing is written: this is proposed.".to_owned());
        } else {
            part.notes.push(format!("Written into {}.", self.written.join(", ")));
        }
        part
    }

    fn weights(&self) -> Part {
        let mut part = Part::new("weights", "Weights");
        let rows: Vec<Moved> = self
            .proposal
            .weights
            .iter()
            .map(|change| Moved {
                name: change.layer.to_string(),
                before: change.before.to_f64(),
                after: change.after.to_f64(),
                said: format!("{}% to {}%", change.before, change.after),
            })
            .collect();
        if rows.is_empty() {
            return part;
        }
        let about = About {
            id: "weights",
            title: "What each layer would count",
            description: "The weight of each layer that changes, as it is and as it would be.",
        };
        part.figures.push(shift(about, "weight", "%", "layer", &rows));
        part.notes.push(
            "Weights have no interval of their own: together they were chosen by what held forward in time.".to_owned(),
        );
        part
    }

    fn points(&self) -> Part {
        let mut part = Part::new("points", "Points");
        let changes = &self.proposal.points;
        if changes.is_empty() {
            return part;
        }
        let moved: Vec<Moved> = changes
            .iter()
            .map(|change| Moved {
                name: change.words.to_string(),
                before: change.before.to_f64(),
                after: change.after.to_f64(),
                said: format!("{} to {}", signed(change.before.to_f64()), signed(change.after.to_f64())),
            })
            .collect();
        let about = About {
            id: "points",
            title: "What each rule would give",
            description: "The points of each rule that changes, as they are and as they would be; nought switches a rule off.",
        };
        part.figures.push(shift(about, "points", "", "rule", &moved));
        let rows = changes.iter().map(|change| spoken(&change.words, &change.evidence)).collect();
        let about = About {
            id: "points-evidence",
            title: "What speaks for that",
            description: "How many more in a hundred turned out well where the rule held than where it did not, with the 95% interval; an empty \
                          dot may be chance.",
        };
        part.figures.push(intervals(about, &apart("rule", rows)));
        part
    }

    fn new_rules(&self) -> Part {
        let mut part = Part::new("rules", "New rules");
        let rules: Vec<&ProposedRule> = self.proposal.rules.iter().collect();
        if !rules.is_empty() {
            part.figures.push(found("new-rules", &rules));
        }
        part
    }

    fn routed(&self) -> Part {
        let mut part = Part::new("routed", "Who would have been routed otherwise");
        if self.routes.is_empty() {
            return part;
        }
        let counts: Vec<Moved> = self
            .routes
            .iter()
            .map(|route| Moved {
                name: route.route.to_string(),
                before: crate::statistics::float(route.before),
                after: crate::statistics::float(route.after),
                said: format!("{} to {}", thousands(route.before), thousands(route.after)),
            })
            .collect();
        let about = About {
            id: "routed",
            title: "How many would go where",
            description: "All records that there are, by the card as it is and as it would be.",
        };
        part.figures.push(shift(about, "records", "", "route", &counts));
        let name = |route: &Option<smol_str::SmolStr>| route.as_ref().map_or("nowhere".to_owned(), ToString::to_string);
        let rows = self.rerouted.iter().map(|moved| {
            vec![
                format!("{} to {}", name(&moved.from), name(&moved.to)),
                thousands(moved.records),
                words::percent(moved.good.share),
                moved.examples.join(", "),
            ]
        });
        let rows: Vec<Vec<String>> = rows.collect();
        if !rows.is_empty() {
            let columns = ["from and to", "records", "of the decided ones good", "some of them"];
            part.tables.push(Table::new("Who would have gone elsewhere", &columns, rows));
            part.notes.push("This names people: it is for those who may know them.".to_owned());
        }
        part
    }
}

/// Rules that were found, with their points and what speaks for them.
pub(super) fn found(id: &str, rules: &[&ProposedRule]) -> Figure {
    let rows = rules.iter().map(|rule| {
        let layer = if rule.layer.is_empty() { String::new() } else { format!(" (in {})", rule.layer) };
        let words = format!("{}  {}{layer}", signed(rule.points.to_f64()), rule.words);
        spoken(&words, &rule.evidence)
    });
    let about = About {
        id,
        title: "Rules that outcomes speak for",
        description: "The points of each rule before its words. How many more in a hundred turned out well where it held than where it did not, \
                      with the 95% interval; an empty dot may be chance.",
    };
    intervals(about, &apart("rule", rows.collect()))
}

fn apart(rows_are: &str, rows: Vec<Row>) -> Intervals {
    Intervals {
        what: "points of a hundred apart".to_owned(),
        unit: "",
        nothing: Some(0.0),
        rows_are: rows_are.to_owned(),
        rows,
    }
}

fn spoken(name: &str, of: &Evidence) -> Row {
    let value = of.holds.share.zip(of.others.share).map(|(holds, others)| (holds - others) * 100.0);
    let interval = of.difference.map(|of| (of.low * 100.0, of.high * 100.0));
    let figure = Estimate { value, ..Estimate::default() };
    let said = match (figure.value, interval) {
        (Some(value), Some((low, high))) => format!("{value:+.0} ({low:+.0} to {high:+.0})"),
        (Some(value), None) => format!("{value:+.0}"),
        _ => "undefined".to_owned(),
    };
    Row { name: name.to_owned(), inner: false, value, interval, said, besides: evidence(of) }
}
