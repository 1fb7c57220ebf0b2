//! Ledgers and their lines as plain text, one line a line.

use std::fmt;

use compiler::program::{Fixed, Layer};
use smol_str::SmolStr;

use super::{Ledger, Line, OpenLine, RuleLine};
use crate::score::plan::{LayerPlan, RuleKind};
use crate::score::words;

impl<'a> Ledger<'a> {
    /// Appends the whole ledger, one line a line.
    pub fn push_words(&self, out: &mut String) {
        let standing = self.standing();
        out.push_str(&self.score.name);
        out.push(' ');
        words::push_number(out, standing.value);
        if !standing.is_decided() {
            out.push_str(", could be ");
            words::push_number(out, standing.low);
            out.push_str(" to ");
            words::push_number(out, standing.high);
        }
        match self.route_line() {
            Some((_, line)) if self.is_certain() => line.certainly.push(out),
            Some((_, line)) => line.provisionally.push(out),
            None => out.push('\n'),
        }
        let mut given = 0;
        for (number, (layer, source)) in self.layers().zip(&self.score.layers).enumerate() {
            self.push_rules(out, number, layer, source);
            given += self.layer_lines(number, layer, source, &mut |line| match line {
                Line::Layer { value, points, .. } => push_layer(out, layer, value, points),
                _ => line.push_line(out),
            });
        }
        if let Some(line) = self.rescaling(given) {
            line.push_line(out);
        }
        self.each_open(|line| line.push_line(out));
    }

    fn push_rules(&self, out: &mut String, number: usize, layer: &'a LayerPlan, source: &'a Layer) {
        for place in self.state.fired_of(self.score_plan, layer) {
            let (Some(plan), Some(rule)) = (layer.rules.get(place), source.rules.get(place)) else { continue };
            if matches!(plan.kind, RuleKind::Plain(_)) {
                plan.words.opening.push(out);
                self.push_readings(out, plan, |leaf| self.state.truth(leaf.literal).yes & 1 == 1);
                plan.words.closing.push(out);
            } else {
                self.rule_line(number, plan, rule).push_line(out);
            }
        }
    }
}

fn push_layer(out: &mut String, layer: &LayerPlan, value: Fixed, points: Fixed) {
    layer.opening.push(out);
    words::push_number(out, value);
    if layer.weighted {
        layer.weighed.push(out);
        words::push_points(out, points);
    }
    out.push('\n');
}

impl RuleLine<'_> {
    fn push_line(&self, out: &mut String) {
        let written = &self.plan.words;
        match (&self.plan.kind, self.age) {
            (RuleKind::Each { .. }, _) => {
                words::push_points(out, self.points);
                out.push_str(", ");
                words::push_points(out, self.rule.points);
                out.push_str(" each  ");
            }
            (RuleKind::Fading { .. }, Some(age)) if self.points != self.rule.points => {
                words::push_points(out, self.points);
                out.push_str(" of ");
                words::push_points(out, self.rule.points);
                out.push_str(", ");
                words::push_age(out, age);
                out.push_str("  ");
            }
            _ => written.opening.push(out),
        }
        self.push_facts(out);
        written.closing.push(out);
    }
}

impl OpenLine<'_> {
    fn push_line(&self, out: &mut String) {
        let written = &self.plan.words;
        written.undecided.push(out);
        let start = out.len();
        out.push_str(": ");
        let before = out.len();
        self.push_unknown(out);
        if out.len() == before {
            out.truncate(start);
        }
        written.place.push(out);
    }
}

impl Line<'_> {
    /// Appends the line as words.
    pub fn push_words(&self, out: &mut String) {
        self.push_line(out);
        if out.ends_with('\n') {
            out.pop();
        }
    }

    fn push_line(&self, out: &mut String) {
        match self {
            Self::Rule(line) => return line.push_line(out),
            Self::Clamp { points, .. } => {
                words::push_points(out, *points);
                out.push_str("  a layer has 0 to 100 points");
            }
            Self::Layer { name, weight, value, points, .. } => {
                out.push_str(name.map(SmolStr::as_str).unwrap_or("points"));
                out.push(' ');
                words::push_number(out, *value);
                if let Some(weight) = weight {
                    out.push_str(" at ");
                    words::push_number(out, *weight);
                    out.push_str("%: ");
                    words::push_points(out, *points);
                }
            }
            Self::LeftOut { name, event, .. } => {
                out.push_str(name.map(SmolStr::as_str).unwrap_or("points"));
                out.push_str(" left out until ");
                out.push_str(event);
                out.push_str(" is reported");
            }
            Self::Rescaled { points } => {
                words::push_points(out, *points);
                out.push_str("  the other layers' weights rescaled to 100%");
            }
        }
        out.push('\n');
    }
}

impl fmt::Display for Ledger<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.push_words(&mut out);
        f.write_str(out.trim_end())
    }
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.push_words(&mut out);
        f.write_str(&out)
    }
}
