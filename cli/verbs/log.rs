//! `playbook log`: what was decided and done, and whether the record of it is whole.

use std::ops::ControlFlow;

use crate::client::Client;
use crate::exit::{Failure, Outcome};
use crate::layout::count;
use crate::log_lines::Lines;
use crate::office::Office;
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;
use runtime::crm::log::Logged;
use runtime::engine::EntryId;

/// Show what was decided and done, or verify that nobody changed the record of it
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook log playbooks/stackmates --contact hana
  playbook log playbooks/stackmates --limit 20 --json
  playbook log playbooks/stackmates verify")]
pub(crate) struct Arguments {
    /// The client, unless you stand in its folder; then `verify`
    #[arg(value_name = "[CLIENT] [verify]", num_args = 0..=2)]
    what: Vec<String>,

    /// Only what is about this contact
    #[arg(long, value_name = "CONTACT")]
    contact: Option<String>,

    /// The last so many [default: all]
    #[arg(long, value_name = "NUMBER")]
    limit: Option<usize>,

    #[command(flatten)]
    crm: CrmArguments,

    /// Print JSON, an entry a line
    #[arg(long)]
    json: bool,
}

/// Prints or verifies it.
///
/// # Errors
/// Where there is no CRM.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let mut what = arguments.what.clone();
    let verifies = what.last().is_some_and(|last| last == "verify");
    if verifies {
        what.pop();
    }
    let ([] | [_]) = what.as_slice() else {
        return Err(Failure::usage(format!("`{}` is nothing that `log` does", what.join(" "))).into());
    };
    let client = Client::named(what.first().map(String::as_str))?;
    let office = Office::to_read(client, &arguments.crm, terminal)?;
    if verifies {
        return verify(&office, arguments.json, terminal);
    }
    let of = arguments.contact.as_deref().map(|wanted| super::step_in::contact(&office, wanted)).transpose()?;
    let mut entries = std::collections::VecDeque::new();
    let most = arguments.limit.unwrap_or(usize::MAX);
    let mut lines = Lines::new(&office, terminal.width());
    office.runner.crm.entries(of.as_ref(), EntryId(0), |logged| {
        if entries.len() >= most {
            entries.pop_front();
        }
        lines.learn(&logged);
        entries.push_back(logged);
        ControlFlow::Continue(())
    })?;
    for logged in &entries {
        if arguments.json {
            terminal.print_as_is(&crate::harmless::escaped(&format!("{}\n", json(logged))))?;
        } else {
            terminal.print(&lines.line(logged)?)?;
        }
    }
    if entries.is_empty() && !arguments.json {
        terminal.print("nothing was decided yet\n")?;
    }
    Ok(Outcome::Fine)
}

fn json(logged: &Logged) -> serde_json::Value {
    serde_json::json!({
        "number": logged.number,
        "at": logged.at,
        "record": logged.record,
        "entry": logged.entry,
        "sealed": logged.sealed,
    })
}

fn verify(office: &Office, json: bool, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let found = office.runner.crm.verify()?;
    let (outcome, verified, page) = match &found {
        Ok(whole) => {
            let entries = count(u64::try_from(whole.entries).unwrap_or_default(), "entry", "entries");
            let mut page = format!("{entries}: the chain is whole, its last hash is {}\n", whole.last);
            for (number, what) in [
                (whole.erased, "of them have lost what they said of somebody who was forgotten"),
                (whole.clock_set_back, "of them were written while the clock had been set back"),
            ] {
                if number > 0 {
                    page.push_str(&format!("{number} {what}\n"));
                }
            }
            (Outcome::Fine, serde_json::to_value(whole)?, page)
        }
        Err(broken) => (Outcome::Findings, serde_json::to_value(broken)?, format!("{broken}\n")),
    };
    if json {
        terminal.print_json(&verified)?;
    } else {
        terminal.print(&page)?;
    }
    Ok(outcome)
}
