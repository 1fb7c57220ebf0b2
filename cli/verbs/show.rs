//! `playbook show`: what a playbook consists of, and its text after `use` and `refine`.

use compiler::modules::Modules;
use compiler::resolved;

use crate::client::Client;
use crate::exit::{Failure, Outcome};
use crate::layout::{left, paragraph, width};
use crate::parts::{self, Part};
use crate::playbook::{self, Playbook};
use crate::table;
use crate::terminal::Terminal;
use crate::words;

/// A name that is longer than this is cut.
const MOST_NAMES: usize = 20;

/// Show what a playbook consists of, one part of it in full, or its whole text as resolved
#[derive(clap::Args)]
#[command(after_help = "\
A part is named by its name or its keyword: icp, LeadGeneration, permissions, goal; a stage by LeadGeneration.Rating. It is shown as it stands after `use` and `refine`, \
with what each refined part of it replaces.

Example:
  playbook show playbooks/stackmates
  playbook show playbooks/stackmates LeadGeneration
  playbook show --resolved playbooks/sneakers > resolved.playbook")]
pub(crate) struct Arguments {
    /// The client, unless you stand in its folder, and the part
    #[arg(value_name = "[CLIENT] [PART]", num_args = 0..=2)]
    what: Vec<String>,

    /// Print every declaration as it stands after `use` and `refine`, with what each refined part replaces
    #[arg(long)]
    resolved: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints the parts, or the text.
///
/// # Errors
/// Where a file cannot be read, the playbook has errors, or there is no such part.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let mut what = arguments.what.clone();
    let client = Client::take(&mut what)?;
    let mut playbook = playbook::compiled(&client, &[])?;
    let modules = std::mem::take(&mut playbook.modules);
    let (program, files) = playbook::runnable(Playbook { modules: Modules::default(), ..playbook }, terminal)?;
    if let [named] = what.as_slice() {
        let text = named_text(&modules, &program, named).ok_or_else(|| {
            Failure::usage(format!("the playbook has no part `{named}`")).help(format!(
                "all of them: {} show{}",
                words::command(),
                client.as_argument()
            ))
        })?;
        if arguments.json {
            terminal.print_json(&serde_json::json!({ "resolved": text }))?;
        } else {
            terminal.print(&text)?;
        }
    } else if arguments.resolved {
        let text = resolved::resolved(&modules, Some(&program));
        if arguments.json {
            terminal.print_json(&serde_json::json!({ "resolved": text, "program": program }))?;
        } else {
            terminal.print(&text)?;
        }
    } else {
        let parts = parts::of(&program, &files);
        if arguments.json {
            terminal.print_json(&serde_json::json!({ "parts": parts }))?;
        } else {
            terminal.print(&page(&parts, terminal))?;
        }
    }
    Ok(Outcome::Fine)
}

/// The text of what is called so, as resolved; by its keyword, of all of that kind.
fn named_text(modules: &Modules, program: &compiler::program::Program, named: &str) -> Option<String> {
    let text = resolved::resolved_of(modules, Some(program), |declared| {
        let kind = &declared.declaration.kind;
        kind.what().eq_ignore_ascii_case(named) || kind.name().is_some_and(|name| name.text.eq_ignore_ascii_case(named))
    });
    if !text.trim().is_empty() {
        return Some(text);
    }
    let (workflow, stage) = named.split_once('.')?;
    resolved::resolved_stage(modules, workflow, stage)
}

/// The parts, what each is made of below it; what each permission is about, and for whom, in a table of its own.
fn page(parts: &[Part], terminal: &Terminal) -> String {
    let paint = terminal.paint();
    let members = || parts.iter().flat_map(|part| &part.members).filter(|member| member.cells.is_empty());
    let names = parts.iter().map(|part| width(part.kind)).chain(members().map(|member| width(&member.name) + 2));
    let widest = names.max().unwrap_or(0).min(MOST_NAMES);
    let mut page = String::new();
    for part in parts {
        let text = match (part.name.as_str(), part.what.as_str()) {
            ("", what) => what.to_owned(),
            (name, "") => name.to_owned(),
            (name, what) => format!("{name}: {what}"),
        };
        let entry = paragraph(&format!("{}  ", left(part.kind, widest)), &text, terminal.width());
        page.push_str(&entry.replacen(part.kind, &paint.bold(part.kind), 1));
        for member in part.members.iter().filter(|member| member.cells.is_empty()) {
            let first = format!("{}  ", left(&format!("  {}", member.name), widest));
            page.push_str(&paragraph(&first, &member.what, terminal.width()));
        }
    }
    for part in parts {
        let rows: Vec<_> = part.members.iter().filter(|member| !member.cells.is_empty()).collect();
        if rows.is_empty() {
            continue;
        }
        let mut header = vec![part.kind];
        header.extend(part.what.split(", "));
        let mut table = table::table(&header, terminal);
        for row in rows {
            table.add_row(std::iter::once(&row.name).chain(&row.cells));
        }
        page.push_str(&format!("\n{}", table::lines(&table)));
    }
    page
}
