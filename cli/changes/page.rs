//! A change of a playbook on a terminal.

use compiler::diff::Kind;

use super::{Changes, OnCrm, heading, route, routed, sign};
use crate::layout::{paragraph, right};
use crate::terminal::{Paint, Terminal};

/// The page.
pub(crate) fn page(changes: &Changes, terminal: &Terminal) -> String {
    let (paint, width) = (terminal.paint(), terminal.width());
    let mut page = format!("{}\n", paint.bold(&format!("{} → {}", changes.before, changes.after)));
    page.push_str(&paragraph("", &changes.in_short(), width));
    for (area, found) in changes.areas() {
        page.push_str(&format!("\n{}\n", paint.bold(heading(area))));
        for change in found {
            page.push_str(&line(change.kind, &format!("{} {}", change.of, change.words), paint, width));
        }
    }
    if changes.changed {
        scores(changes, terminal, &mut page);
    }
    let only_words = changes.only_words();
    if !only_words.is_empty() {
        page.push_str(&format!("\n{}\n", paint.bold("Only in words, or in proofs")));
        for change in only_words {
            page.push_str(&line(change.kind, &format!("{} {}", change.of, change.words), paint, width));
        }
    }
    if let Some(crm) = &changes.crm {
        on_crm(crm, terminal, &mut page);
    }
    page
}

/// `  + LeadGen may now write …`, the sign in its colour.
fn line(kind: Kind, words: &str, paint: Paint, width: usize) -> String {
    let sign = sign(kind);
    let painted = match kind {
        Kind::Added => paint.green(sign),
        Kind::Removed => paint.red(sign),
        Kind::Changed | Kind::Renamed => paint.yellow(sign),
    };
    paragraph(&format!("  {sign} "), words, width).replacen(sign, &painted, 1)
}

fn scores(changes: &Changes, terminal: &Terminal, page: &mut String) {
    let (paint, width) = (terminal.paint(), terminal.width());
    let known: Vec<_> = changes.scores.iter().filter_map(|score| Some((score, score.sentence()?))).collect();
    if known.is_empty() {
        return;
    }
    page.push_str(&format!("\n{}\n", paint.bold("Proven or told apart")));
    for (score, sentence) in known {
        page.push_str(&paragraph("  ", &sentence, width));
        if let Some(test) = score.witness.as_ref().and_then(|witness| witness.test.as_ref()) {
            page.push('\n');
            for line in test.lines() {
                page.push_str(&format!("    {}\n", paint.cyan(line)));
            }
            page.push('\n');
        }
    }
    let kept = page.trim_end().len();
    page.truncate(kept);
    page.push('\n');
}

fn on_crm(crm: &OnCrm, terminal: &Terminal, page: &mut String) {
    let (paint, width) = (terminal.paint(), terminal.width());
    page.push_str(&format!("\n{}\n", paint.bold("In the CRM")));
    for note in &crm.notes {
        page.push_str(&paragraph("  ", note, width));
    }
    for score in &crm.scores {
        page.push_str(&paragraph("  ", &format!("by `{}` {}", score.score, routed(score)), width));
        let widest = score.moves.iter().map(|of| of.records.to_string().len()).max().unwrap_or(0);
        for of in &score.moves {
            let records = right(&of.records.to_string(), widest);
            page.push_str(&format!("    {records}  {} → {}\n", route(of.from.as_ref()), route(of.to.as_ref())));
        }
        for moved in &score.examples {
            let name = moved.name.clone().unwrap_or_else(|| format!("{} {}", score.of, moved.id));
            let (from, to) = (route(moved.from.as_ref()), route(moved.to.as_ref()));
            let what = format!("{name}: {from} {} → {to} {}", moved.before.0, moved.after.0);
            page.push_str(&paragraph("    ", &what, width));
        }
    }
    if crm.runs.is_empty() {
        page.push_str("  nothing is under way\n");
    }
    for runs in &crm.runs {
        let first = format!("  {}.{}: ", runs.workflow, runs.stage);
        let text = paragraph("  ", &format!("{}{}", first.trim_start(), runs.sentence()), width);
        page.push_str(&if runs.stays {
            text
        } else {
            text.lines().map(|line| format!("{}\n", paint.red(line))).collect()
        });
    }
}
