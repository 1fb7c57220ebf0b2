//! `playbook sign`: a person stands behind a workflow as it is written now.

use serde::Serialize;

use crate::client::Client;
use crate::desk::{Adopting, Desk};
use crate::exit::{Failure, Outcome};
use crate::layout::listed;
use crate::office::Office;
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;

/// Stand behind a workflow as it is written now: what makes it approved, until its text changes
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook sign playbooks/stackmates LeadGeneration --by founder")]
pub(crate) struct Arguments {
    /// The client, unless you stand in its folder, and the workflow
    #[arg(value_name = "[CLIENT] WORKFLOW", required = true, num_args = 1..=2)]
    what: Vec<String>,

    /// Who signs: one of the client's people
    #[arg(long, value_name = "ROLE", required = true)]
    by: String,

    #[command(flatten)]
    crm: CrmArguments,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Signed {
    workflow: String,
    by: String,
    hash: String,
}

/// Signs.
///
/// # Errors
/// Where there is no such workflow or person.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let mut what = arguments.what.clone();
    let client = if what.len() > 1 { Client::take(&mut what)? } else { Client::named(None)? };
    let desk = Desk::open_to_write(client, &arguments.crm, Adopting::default(), terminal)?;
    let mut office = Office::open(desk, &arguments.crm)?;
    let [wanted] = what.as_slice() else {
        return Err(Failure::usage(format!("there is no client `{}`", what.join(" "))).into());
    };
    let by = office.person(Some(&arguments.by), None)?;
    let program = std::sync::Arc::clone(&office.program);
    let Some(workflow) = program.workflows.iter().find(|workflow| workflow.name == wanted.as_str()) else {
        let known: Vec<String> = program.workflows.iter().map(|workflow| format!("`{}`", workflow.name)).collect();
        return Err(Failure::usage(format!("the playbook has no workflow `{wanted}`"))
            .help(format!("it has {}", listed(&known, "and")))
            .into());
    };
    let now = office.now;
    office.runner.sign(&workflow.name, &by, now)?;
    let hash = runtime::runner::signed_hash(workflow).to_string();
    if arguments.json {
        terminal.print_json(&Signed { workflow: workflow.name.to_string(), by, hash })?;
    } else {
        terminal.print(&format!(
            "{} signed by {by} as it stands ({})\n",
            workflow.name,
            hash.get(..12).unwrap_or(&hash)
        ))?;
    }
    Ok(Outcome::Fine)
}
