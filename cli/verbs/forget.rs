//! `playbook forget`: a person's data go; the log's chain stays whole, and their address is never written to again.

use serde::Serialize;

use crate::client::Client;
use crate::desk::{Adopting, Desk};
use crate::exit::{Failure, Outcome};
use crate::layout::count;
use crate::office::Office;
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;

/// Erase a person's data; what was decided stays verifiable, and their address is never written to again
#[derive(clap::Args)]
#[command(override_usage = "playbook forget [OPTIONS] [CLIENT] CONTACT")]
#[command(after_help = "\
Letters to them in the outbox folder go too. What a mail server has carried, and files that were imported from, are out of reach.

Example:
  playbook forget playbooks/stackmates wanda.bellthorn@harrowden-civil.example --by founder")]
pub(crate) struct Arguments {
    /// The client, unless you stand in its folder, and the contact
    #[arg(value_name = "CONTACT", required = true, num_args = 1..=2)]
    what: Vec<String>,

    /// Who sees to it: one of the client's people
    #[arg(long, value_name = "ROLE")]
    by: Option<String>,

    #[command(flatten)]
    crm: CrmArguments,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Forgotten {
    record: i64,
    /// Letters to them that were taken out of the outbox folder.
    letters: usize,
    /// Nothing of it is left in the file; otherwise another process was reading, and the next `forget` or `log verify` finishes it.
    scrubbed: bool,
}

/// Forgets.
///
/// # Errors
/// Where there is no such contact.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let mut what = arguments.what.clone();
    if let [only] = what.as_slice()
        && std::path::Path::new(only).is_dir()
    {
        return Err(Failure::usage(format!("`{only}` is a client, and whom to forget is not said"))
            .help("name the contact behind it, by name, e-mail address or number")
            .into());
    }
    let client = if what.len() > 1 { Client::take(&mut what)? } else { Client::named(None)? };
    let desk = Desk::open_to_write(client, &arguments.crm, Adopting::default(), terminal)?;
    let mut office = Office::open(desk, &arguments.crm)?;
    let [wanted] = what.as_slice() else {
        let first = what.first().map(String::as_str).unwrap_or_default();
        return Err(Failure::usage(format!("there is no client `{first}`"))
            .help("a name with a blank is one word in quotes: playbook forget [CLIENT] 'Ana Smith'")
            .into());
    };
    let by = office.person(arguments.by.as_deref(), None)?;
    let record = super::step_in::contact(&office, wanted)?;
    let now = office.now;
    let (erased, letters) = office.runner.forget(&record, &by, now)?;
    if arguments.json {
        terminal.print_json(&Forgotten { record: record.id, letters, scrubbed: erased.is_scrubbed })?;
    } else {
        terminal.print(&format!("contact {} is forgotten, and nobody will write to them again\n", record.id))?;
        if letters > 0 {
            let letters = count(letters as u64, "letter to them was", "letters to them were");
            terminal.print(&format!("{letters} removed from the outbox folder\n"))?;
        }
        if !erased.is_scrubbed {
            terminal.print("another process is reading the file: run this again to clear its traces\n")?;
        }
    }
    Ok(Outcome::Fine)
}
