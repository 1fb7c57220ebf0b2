//! `playbook explain`: the page of a code, laid out for where it is read.

use compiler::codes;
use compiler::diagnostics::{Code, Severity};
use serde::Serialize;

use crate::exit::{Failure, Outcome};
use crate::layout::wrap;
use crate::terminal::{Paint, Terminal};

/// Explain a code that check has shown
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook explain E0301
  playbook explain scored-email-opens")]
pub(crate) struct Arguments {
    /// The code's number or name
    code: String,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Page {
    code: &'static str,
    name: &'static str,
    severity: Severity,
    page: String,
}

/// Prints the page.
///
/// # Errors
/// Where there is no such code.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let typed = arguments.code.trim();
    // `406` is E0406.
    let number = typed.chars().all(|sign| sign.is_ascii_digit()).then(|| format!("E{typed:0>4}"));
    let Some(code) = codes::find(typed).or_else(|| codes::find(number.as_deref()?)) else {
        let failure = Failure::usage(format!("there is no code `{}`", arguments.code));
        let near = near(typed);
        if near.is_empty() {
            return Err(failure.help("a code is a number such as E0301, or the name that stands beside it").into());
        }
        let named = |code: &&Code| {
            if codes::is_lint(code) { code.name.to_owned() } else { format!("{} {}", code.id, code.name) }
        };
        return Err(failure.help("these are near:").list(near.iter().map(named)).into());
    };
    let page = codes::summary(code);
    if arguments.json {
        let page = page.split_once('\n').map_or("", |(_, page)| page).trim().to_owned();
        terminal.print_json(&Page { code: code.id, name: code.name, severity: code.severity, page })?;
    } else {
        terminal.print(&laid_out(&page, terminal.paint(), terminal.width()))?;
    }
    Ok(Outcome::Fine)
}

/// Codes that were perhaps meant: those whose names have all the words that were typed, and the nearest one.
fn near(typed: &str) -> Vec<&'static Code> {
    const SHOWN: usize = 8;
    let words: Vec<String> = typed
        .split(|sign: char| !sign.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| word.len() > 2)
        .collect();
    let has_all = |code: &&Code| !words.is_empty() && words.iter().all(|word| code.name.contains(word.as_str()));
    let mut near: Vec<&'static Code> = codes::nearest(typed).into_iter().collect();
    for code in codes::all().filter(has_all) {
        if near.len() < SHOWN && !near.iter().any(|known| known.id == code.id) {
            near.push(code);
        }
    }
    near
}

/// Markdown as plain text: headings bold, paragraphs wrapped, examples indented without their fences.
fn laid_out(page: &str, paint: Paint, width: usize) -> String {
    let mut text = String::new();
    let mut paragraph = String::new();
    let mut in_example = false;
    for line in page.lines().chain([""]) {
        let fence = line.starts_with("```");
        let ends = in_example || fence || line.is_empty() || line.starts_with('#') || line.starts_with("- ");
        if ends && !paragraph.is_empty() {
            for line in wrap(&paragraph, width) {
                text.push_str(&line);
                text.push('\n');
            }
            paragraph.clear();
        }
        if fence {
            in_example = !in_example;
        } else if in_example {
            text.push_str(paint.cyan(&format!("    {line}")).trim_end());
            text.push('\n');
        } else if let Some(heading) = line.strip_prefix("# ") {
            text.push_str(&paint.bold(heading));
            text.push('\n');
        } else if line.is_empty() {
            text.push('\n');
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(line.trim());
        }
    }
    format!("{}\n", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_lose_their_marks_and_keep_their_examples() {
        let page = "# E1 name (error)\n\nOne line\nand another.\n\n```playbook\nscore a {\n  +1\n```\n\nEnd.\n";
        let plain = laid_out(page, crate::terminal::Paint::none(), 40);
        assert_eq!(plain, "E1 name (error)\n\nOne line and another.\n\n    score a {\n      +1\n\nEnd.\n");
    }
}
