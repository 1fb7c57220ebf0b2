//! The facts that made a rule hold, or that it would have to know, as words and quotes.

use compiler::program::{Fixed, Type};
use smol_str::SmolStr;

use super::Ledger;
use crate::score::evaluation::{Standing, standing};
use crate::score::filter;
use crate::score::load::Quote;
use crate::score::plan::{FieldSlot, Holds, Leaf, Output, Query, Reading, RulePlan};
use crate::score::words::{self, Piece};

impl<'a> Ledger<'a> {
    pub(super) fn push_reading(&self, out: &mut String, reading: &Reading) {
        let (reader, record) = (self.reader(), &self.row.record);
        match *reading {
            Reading::Field(place) => {
                let Some(slot) = self.plan.fields.get(place as usize) else { return };
                if !record.is_known(slot.known) {
                    return slot.missing.push(out);
                }
                if let Some(told) = self.told(slot) {
                    return told.push(out);
                }
                slot.opening.push(out);
                match slot.holds {
                    Holds::Number(number) => {
                        reader.push_of_type(out, Fixed(record.number(number)), &slot.ty);
                    }
                    Holds::Flag(flag) => out.push_str(if record.flag(flag) { "yes" } else { "no" }),
                    Holds::Text(text) => {
                        words::push_text(out, self.row.text(text), &slot.ty);
                    }
                    Holds::List(list) => {
                        words::push_list(out, self.row.list(self.plan, list), &slot.ty);
                    }
                    Holds::Record => out.push_str("known"),
                }
                if let Some(quote) = self.objection_quote(place) {
                    out.push_str(", as ");
                    self.push_quote(out, &quote);
                }
            }
            Reading::Query(place) => {
                let Some(query) = self.plan.queries.get(place as usize) else { return };
                let count = record.number(query.count);
                let is_silent = self.is_silent(reading);
                // All of them are reported, so one has happened of which it cannot be told whether it counts.
                if is_silent && query.reported {
                    return push_unsure(out, query, count);
                }
                if count == 0 && is_silent {
                    out.push_str(&query.name);
                    return out.push_str(" is not reported");
                }
                words::push_whole(out, count.unsigned_abs());
                out.push(' ');
                out.push_str(&query.name);
                if count > 0 {
                    out.push_str(if count == 1 { " on " } else { ", the newest on " });
                    reader.push_local_day(out, record.number(query.newest));
                }
                if is_silent {
                    out.push_str(", not all reported");
                }
            }
            Reading::Calculation(query, calculation) => self.push_calculation(out, query, calculation),
            Reading::Heard(heard) => {
                if let Some(quote) = self.row.quote(self.plan, heard) {
                    self.push_quote(out, &quote);
                } else if self.plan.conversations_reported {
                    out.push_str("nothing was said of ");
                    out.push_str(
                        self.plan.heard.get(heard as usize).map(|heard| heard.name.as_str()).unwrap_or_default(),
                    );
                } else {
                    out.push_str("conversations are not reported");
                }
            }
            Reading::Layer(place) => {
                let value = self.state.layers.get(place as usize).map(standing);
                let layer = self.plan.layers.get(place as usize);
                let score = layer.and_then(|layer| self.plan.scores.get(layer.score));
                let source = score.and_then(|score| self.scorer.program().scores.get(score.id.index()));
                let number = (place as usize).checked_sub(score.map_or(0, |score| score.layers.start));
                let name = source.zip(number).and_then(|(source, number)| source.layers.get(number)?.name.as_ref());
                push_standing(out, name.map(SmolStr::as_str).unwrap_or_default(), value);
            }
            Reading::Score(place) => {
                let value = self.state.totals.get(place as usize).map(standing);
                let score = self.plan.scores.get(place as usize);
                let source = score.and_then(|score| self.scorer.program().scores.get(score.id.index()));
                push_standing(out, source.map(|source| source.name.as_str()).unwrap_or_default(), value);
            }
        }
    }

    fn push_quote(&self, out: &mut String, quote: &Quote) {
        out.push('“');
        out.push_str(&quote.text);
        out.push_str("” on ");
        self.reader().push_local_day(out, quote.at.as_microsecond());
    }

    /// A known word that the playbook compares with has been put into words already.
    fn told(&self, slot: &'a FieldSlot) -> Option<&'a Piece> {
        let Holds::Text(text) = slot.holds else { return None };
        let code = self.row.record.code(self.plan.texts.get(text as usize)?.code);
        slot.told.get(usize::from(code)).filter(|told| !told.is_empty())
    }

    /// Not all of these events are reported.
    pub(super) fn is_silent(&self, reading: &Reading) -> bool {
        let query = match *reading {
            Reading::Query(query) | Reading::Calculation(query, _) => self.plan.queries.get(query as usize),
            Reading::Heard(_) => return !self.plan.conversations_reported,
            _ => None,
        };
        query.is_some_and(|query| !self.row.record.is_known(query.complete))
    }

    fn push_calculation(&self, out: &mut String, query: u32, calculation: u32) {
        let (reader, record) = (self.reader(), &self.row.record);
        let Some(query) = self.plan.queries.get(query as usize) else { return };
        let Some(calculation) = query.calculations.get(calculation as usize) else { return };
        out.push_str(words::function(calculation.function));
        out.push(' ');
        out.push_str(&query.name);
        out.push('.');
        out.push_str(&calculation.field);
        out.push_str(" is ");
        let event = query.query.events.first().and_then(|event| self.scorer.program().events.get(event.index()));
        let field = event.and_then(|event| event.fields.iter().find(|field| field.name == calculation.field));
        let ty = field.map_or(&Type::Number, |field| &field.ty);
        match calculation.output {
            Output::Number { number, known } if record.is_known(known) => {
                reader.push_of_type(out, Fixed(record.number(number)), ty);
            }
            Output::Flag { flag, known } if record.is_known(known) => {
                out.push_str(if record.flag(flag) { "yes" } else { "no" });
            }
            Output::Text(text) => {
                let known = self.plan.texts.get(text as usize).is_some_and(|slot| record.is_known(slot.known));
                if known {
                    words::push_text(out, self.row.text(text), ty);
                } else {
                    out.push_str("not known");
                }
            }
            _ => out.push_str("not known"),
        }
    }

    /// The facts that a rule's leaves read, each once.
    pub(super) fn push_readings(&self, out: &mut String, rule: &RulePlan, tells: impl Fn(&Leaf) -> bool) {
        let start = out.len();
        for (place, leaf) in rule.leaves.iter().enumerate().filter(|(_, leaf)| tells(leaf)) {
            let before = rule.leaves.get(..place).unwrap_or_default();
            for reading in &leaf.reads {
                if rule.repeats && before.iter().any(|leaf| leaf.reads.contains(reading) && tells(leaf)) {
                    continue;
                }
                if out.len() > start {
                    out.push_str(", ");
                }
                self.push_reading(out, reading);
            }
        }
    }

    pub(super) fn quote(&self, leaves: &[Leaf]) -> Option<Quote> {
        let readings = leaves.iter().flat_map(|leaf| &leaf.reads);
        let quotes = readings.filter_map(|reading| match reading {
            Reading::Heard(heard) => self.row.quote(self.plan, *heard),
            Reading::Field(field) => self.objection_quote(*field),
            _ => None,
        });
        quotes.max_by_key(|quote| quote.at)
    }

    /// What was said, where a list of objections is read.
    fn objection_quote(&self, field: u32) -> Option<Quote> {
        let Holds::List(list) = self.plan.fields.get(field as usize)?.holds else { return None };
        self.plan.lists.get(list as usize).filter(|list| list.objections)?;
        let open = self.row.list(self.plan, list);
        let heard = (0..).zip(&self.plan.heard).filter(|(_, heard)| open.contains(&heard.name));
        heard.filter_map(|(place, _)| self.row.quote(self.plan, place)).max_by_key(|quote| quote.at)
    }
}

fn push_standing(out: &mut String, name: &str, standing: Option<Standing>) {
    out.push_str(name);
    out.push_str(" is ");
    if let Some(standing) = standing {
        words::push_number(out, standing.value);
    }
}

/// An event happened, and a fact of it is missing that the query asks for: `quiz.completed happened, its result is not known`.
fn push_unsure(out: &mut String, query: &Query, count: i64) {
    if count > 0 {
        words::push_whole(out, count.unsigned_abs());
        out.push(' ');
        out.push_str(&query.name);
        out.push_str(", and of another one its ");
    } else {
        out.push_str(&query.name);
        out.push_str(" happened, its ");
    }
    let mut facts = Vec::new();
    query.query.filter.iter().for_each(|filter| filter::facts_of(filter, &mut facts));
    facts.dedup();
    if facts.is_empty() {
        return out.push_str("facts are not known");
    }
    out.push_str(&facts.join(" or "));
    out.push_str(" is not known");
}
