//! A forecast as a page: how well it foretells, what comes in by month, and how likely each open record is won.

use super::page::{Page, Part, Table};
use super::{Whose, words};
use crate::figures::{About, Column, Columns, columns, number};
use crate::forecast::Foretold;

/// What is foretold, with all that is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Forecasted<'a> {
    /// Whose.
    pub whose: &'a Whose,
    /// As of when, in words.
    pub as_of: &'a str,
    /// The client's currency: `NZD`.
    pub currency: &'a str,
    /// The seed of the months' intervals.
    pub seed: u64,
    /// By declaration of the playbook.
    pub forecasts: &'a [Foretold],
}

impl Forecasted<'_> {
    /// The page.
    #[must_use]
    pub fn page(&self) -> Page {
        let parts = (1..)
            .zip(self.forecasts)
            .flat_map(|(place, of)| [self.learned(place, of), self.months(place, of), self.open(place, of)]);
        Page {
            kind: "Forecast".to_owned(),
            title: "What comes in".to_owned(),
            client: self.whose.client.clone(),
            lead: "Learned from what is decided, and shown, not written: what somebody wrote stays.".to_owned(),
            facts: vec![
                ("playbook".to_owned(), self.whose.playbook.clone()),
                ("as of".to_owned(), self.as_of.to_owned()),
                ("seed".to_owned(), self.seed.to_string()),
            ],
            parts: parts.filter(|part| !part.is_empty()).collect(),
        }
    }

    fn learned(&self, place: usize, of: &Foretold) -> Part {
        let mut part = Part::new(&format!("learned-{place}"), &of.words);
        part.paragraphs.extend(of.decided.share.map(|_| {
            format!("Learned from {} decided, {} won: {}.", of.decided.of, of.decided.hits, words::shared(of.decided))
        }));
        part.paragraphs.extend(of.too_little.iter().map(|why| format!("{}.", words::sentence(why))));
        part.notes.extend(of.remarks.iter().map(|remark| format!("{}.", words::sentence(remark))));
        if of.too_little.is_some() {
            return part;
        }
        if let Some(why) = &of.common {
            part.paragraphs.push(format!("{why}; until then each has the share that all have in common."));
            return part;
        }
        part.paragraphs.push(format!(
            "Of the newest three tenths, learned from the older, how often a won one was foretold more than a lost one: {}.",
            words::plain(of.auc)
        ));
        if let Some((own, common)) = of.brier {
            let verdict = if own < common { "better than" } else { "no better than" };
            part.paragraphs
                .push(format!("Mean squared error {own:.3}, {verdict} saying the common share of each ({common:.3})."));
        }
        part
    }

    fn months(&self, place: usize, of: &Foretold) -> Part {
        let mut part = Part::new(&format!("months-{place}"), "What comes in by month");
        if of.months.is_empty() {
            return part;
        }
        let id = format!("months-figure-{place}");
        let about = About {
            id: &id,
            title: "What comes in by month",
            description: "Each open record is won or not, many times over: a column is the mean, its line is where it is 90 times in 100.",
        };
        let column = |month: &crate::forecast::Month| Column {
            step: month.month.clone(),
            mean: month.expected,
            interval: (month.interval.low, month.interval.high),
        };
        part.figures.push(columns(
            about,
            &Columns {
                step: "month".to_owned(),
                what: self.currency.to_owned(),
                between: ["90 times in 100 from", "to"],
                columns: of.months.iter().map(column).collect(),
            },
        ));
        part.notes.extend(words::left_out(of).into_iter().map(|said| format!("{said}.")));
        part
    }

    fn open(&self, place: usize, of: &Foretold) -> Part {
        let mut part = Part::new(&format!("open-{place}"), "What is open");
        if of.open.is_empty() {
            part.paragraphs.push("Nothing is open.".to_owned());
            return part;
        }
        let rows = of.open.iter().map(|open| {
            let facts: Vec<String> = open.facts.iter().map(|(name, is)| format!("{name} {is}")).collect();
            vec![
                open.name.clone().unwrap_or_else(|| format!("number {}", open.id)),
                open.chance.map_or_else(|| "not foretold".to_owned(), |chance| format!("{:.0}%", chance * 100.0)),
                open.worth.map_or_else(|| "unknown".to_owned(), |worth| format!("{} {}", self.currency, number(worth))),
                facts.join(", "),
            ]
        });
        let caption = words::count(of.open.len() as u64, "is open", "are open");
        part.tables.push(Table::new(&caption, &["name", "chance", "worth", "what is known"], rows.collect()));
        part
    }
}
