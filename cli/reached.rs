//! What `playbook test --coverage` says: which rules, routes, stages and ways the tests reach, and which they do not.

use std::collections::BTreeMap;

use compiler::diagnostics::Files;
use compiler::program::Program;
use runtime::testing::coverage::{self, Kind};
use serde::Serialize;

use crate::layout::paragraph;
use crate::mutations::percent;
use crate::terminal::Terminal;

/// What tests of one or several playbooks reach.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Coverage {
    kinds: BTreeMap<Kind, Share>,
    missed: Vec<Missed>,
}

/// How many places of a kind there are, and how many of them are reached.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Share {
    reached: usize,
    of: usize,
}

/// A place that no test reaches.
#[derive(Debug, Serialize)]
struct Missed {
    kind: Kind,
    file: String,
    line: u32,
    place: String,
}

impl Coverage {
    /// Takes a playbook's in.
    pub(crate) fn add(&mut self, program: &Program, files: &Files) {
        for place in coverage::coverage(program) {
            let share = self.kinds.entry(place.kind).or_default();
            share.of += 1;
            if place.reached {
                share.reached += 1;
            } else {
                self.missed.push(Missed {
                    kind: place.kind,
                    file: files.name(place.origin.file).to_owned(),
                    line: place.origin.line,
                    place: place.words,
                });
            }
        }
    }

    /// How many of a hundred places of a kind are reached; all where there are none.
    pub(crate) fn percent(&self, kind: Kind) -> f64 {
        let share = self.kinds.get(&kind).copied().unwrap_or_default();
        percent(share.reached, share.of)
    }

    /// Drawn: what is missed by kind and place, then the shares.
    pub(crate) fn drawn(&self, terminal: &Terminal) -> String {
        let paint = terminal.paint();
        let mut text = String::new();
        for kind in Kind::ALL {
            let missed: Vec<&Missed> = self.missed.iter().filter(|missed| missed.kind == kind).collect();
            if !missed.is_empty() {
                text.push_str(&format!("no test reaches these {}:\n", kind.name()));
            }
            for missed in missed {
                let place = paint.dim(&format!("{}:{}", missed.file, missed.line));
                text.push_str(&paragraph("  ", &format!("{}  {place}", missed.place), terminal.width()));
            }
        }
        if !text.is_empty() {
            text.push('\n');
        }
        for (kind, share) in &self.kinds {
            text.push_str(&format!(
                "{:>4.0}%  {} of {} {}\n",
                self.percent(*kind),
                share.reached,
                share.of,
                kind.name()
            ));
        }
        text
    }
}
