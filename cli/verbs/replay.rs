//! `playbook replay`: folds the log once more and compares it with what is kept.

use serde::Serialize;

use crate::client::Client;
use crate::exit::Outcome;
use crate::layout::count;
use crate::office::Office;
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;
use crate::words;

/// Fold the log once more and compare the outcome with every case that is kept
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook replay playbooks/stackmates")]
pub(crate) struct Arguments {
    /// The client [default: the folder you stand in]
    client: Option<String>,

    #[command(flatten)]
    crm: CrmArguments,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Replayed {
    entries: u64,
    cases: u64,
    differences: Vec<String>,
}

/// Replays.
///
/// # Errors
/// Where there is no CRM, or its log cannot be read.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let client = Client::named(arguments.client.as_deref())?;
    let office = Office::to_read(client, &arguments.crm, terminal)?;
    let zone = words::zone(&office.program.client.timezone);
    let replayed = office.runner.crm.replay(&zone)?;
    let differences: Vec<String> =
        replayed.differences.iter().map(|found| format!("{}: {}", found.what, found.how)).collect();
    let outcome = if differences.is_empty() { Outcome::Fine } else { Outcome::Findings };
    let replayed = Replayed { entries: replayed.entries, cases: replayed.cases, differences };
    if arguments.json {
        terminal.print_json(&replayed)?;
        return Ok(outcome);
    }
    let mut page = format!(
        "{} replayed into {}: ",
        count(replayed.entries, "entry", "entries"),
        count(replayed.cases, "case", "cases")
    );
    if replayed.differences.is_empty() {
        page.push_str("they are what is kept\n");
    } else {
        page.push_str(&format!("{}\n", count(replayed.differences.len() as u64, "difference", "differences")));
        for difference in &replayed.differences {
            page.push_str(&format!("  {difference}\n"));
        }
    }
    terminal.print(&page)?;
    Ok(outcome)
}
