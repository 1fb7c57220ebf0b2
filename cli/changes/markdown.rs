//! A change of a playbook in Markdown, for a pull request: a short summary first, tables, and details that fold away. It names records
//! by their numbers alone: who reads it may be anybody.

use std::fmt::Write as _;

use compiler::diff::Change;

use super::{Changes, OnCrm, heading, route, routed, sign};

/// The document.
pub(crate) fn markdown(changes: &Changes) -> String {
    let mut text = format!("## Playbook: {} → {}\n\n", code(&changes.before), code(&changes.after));
    let _ = writeln!(text, "**In short:** {}\n", changes.in_short());
    for (area, found) in changes.areas() {
        table(&mut text, heading(area), &found);
    }
    if changes.changed {
        scores(&mut text, changes);
    }
    let only_words = changes.only_words();
    if !only_words.is_empty() {
        let _ = writeln!(text, "<details><summary>Only in words, or in proofs ({})</summary>\n", only_words.len());
        rows(&mut text, &only_words);
        text.push_str("\n</details>\n\n");
    }
    if let Some(crm) = &changes.crm {
        on_crm(&mut text, crm);
    }
    let kept = text.trim_end().len();
    text.truncate(kept);
    text.push('\n');
    text
}

fn table(text: &mut String, heading: &str, changes: &[&Change]) {
    let _ = writeln!(text, "### {heading}\n");
    rows(text, changes);
    text.push('\n');
}

fn rows(text: &mut String, changes: &[&Change]) {
    text.push_str("| | of | what changed |\n|---|---|---|\n");
    for change in changes {
        let _ = writeln!(text, "| {} | {} | {} |", sign(change.kind), code(&change.of), cell(&change.words));
    }
}

fn scores(text: &mut String, changes: &Changes) {
    let known: Vec<_> = changes.scores.iter().filter_map(|score| Some((score, score.sentence()?))).collect();
    if known.is_empty() {
        return;
    }
    text.push_str("### Proven or told apart\n\n");
    for (score, sentence) in known {
        let _ = writeln!(text, "- {}", cell(&sentence));
        if let Some(test) = score.witness.as_ref().and_then(|witness| witness.test.as_ref()) {
            let _ = writeln!(text, "  <details><summary>as a test to paste</summary>\n");
            let fence = "`".repeat(longest_ticks(test).max(2) + 1);
            let _ = writeln!(text, "  {fence}playbook");
            for line in test.lines() {
                let _ = writeln!(text, "  {line}");
            }
            let _ = writeln!(text, "  {fence}\n\n  </details>");
        }
    }
    text.push('\n');
}

fn on_crm(text: &mut String, crm: &OnCrm) {
    text.push_str("### In the CRM\n\n");
    for note in &crm.notes {
        let _ = writeln!(text, "{}\n", cell(note));
    }
    for score in &crm.scores {
        let _ = writeln!(text, "By {} {}.\n", code(&score.score), routed(score));
        if !score.moves.is_empty() {
            text.push_str("| from | to | records |\n|---|---|---:|\n");
            for of in &score.moves {
                let (from, to) = (route(of.from.as_ref()), route(of.to.as_ref()));
                let _ = writeln!(text, "| {} | {} | {} |", cell(from), cell(to), of.records);
            }
            text.push('\n');
        }
    }
    if crm.runs.is_empty() {
        text.push_str("Nothing is under way.\n\n");
        return;
    }
    text.push_str("| stage | live runs |\n|---|---|\n");
    for runs in &crm.runs {
        let stage = code(&format!("{}.{}", runs.workflow, runs.stage));
        let sentence = cell(&runs.sentence());
        let _ = writeln!(text, "| {stage} | {} |", if runs.stays { sentence } else { format!("**{sentence}**") });
    }
    text.push('\n');
}

/// A name as code.
fn code(name: &str) -> String {
    let ticks = "`".repeat(longest_ticks(name) + 1);
    let blank = if name.starts_with('`') || name.ends_with('`') { " " } else { "" };
    format!("{ticks}{blank}{}{blank}{ticks}", name.replace('|', "\\|").replace('\n', " "))
}

/// Words in a cell: no sign of them ends it or means something to Markdown. What stands between backticks is code already.
fn cell(words: &str) -> String {
    let mut text = String::new();
    let mut within = false;
    for letter in words.chars() {
        match letter {
            '`' => {
                within = !within;
                text.push(letter);
            }
            '|' => text.push_str("\\|"),
            '\n' => text.push_str(if within { " " } else { "<br>" }),
            '*' | '_' | '<' | '>' | '[' | ']' | '#' | '\\' | '@' if !within => {
                match letter {
                    '<' => text.push_str("&lt;"),
                    '>' => text.push_str("&gt;"),
                    // Nobody is called by it.
                    '@' => text.push_str("&#64;"),
                    other => {
                        text.push('\\');
                        text.push(other);
                    }
                }
            }
            other => text.push(other),
        }
    }
    text
}

/// How many backticks stand in a row at most.
fn longest_ticks(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_name_ends_its_cell_or_code() {
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(cell("a|b <script> `x_y|z` _c_"), "a\\|b &lt;script&gt; `x_y\\|z` \\_c\\_");
        assert_eq!(cell("@someone\n# no heading"), "&#64;someone<br>\\# no heading");
    }
}
