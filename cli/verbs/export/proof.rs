//! `playbook export proof`: receipts of what the playbook publishes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use foresight::receipts::{SigningKey, collect};

use super::key::VARIABLE;
use crate::client::Client;
use crate::desk::Desk;
use crate::exit::{Failure, Outcome};
use crate::layout::{count, listed};
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;

/// Sign a receipt of everything that the playbook publishes, one a line
#[derive(clap::Args)]
#[command(after_help = "\
What is published is what `publish` declarations say. A receipt names nobody: people, and what they wrote, are pseudonyms. It is
canonical JSON (RFC 8785) under an ed25519 signature, by the key in PLAYBOOK_SIGNING_KEY (`playbook export key` draws one).

Example:
  playbook export proof playbooks/stackmates --out proofs.jsonl")]
pub(crate) struct Arguments {
    /// The client [default: the one whose folder you stand in]
    #[arg(value_name = "CLIENT")]
    client: Option<String>,

    /// Write to this file instead of printing
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    #[command(flatten)]
    crm: CrmArguments,
}

/// Exports.
///
/// # Errors
/// Where there is no key, nothing is published, or the file cannot be written.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let key = key()?;
    let client = Client::named(arguments.client.as_deref())?;
    let desk = Desk::open(client, &arguments.crm, terminal)?;
    if desk.program.publications.is_empty() {
        return Err(Failure::could_not_run("the playbook publishes nothing")
            .help("say what it does: publish proof on end of LeadQualification { icp by layer, reasons, outcome }")
            .into());
    }
    let receipts = collect(&desk.crm, &desk.program, &key, desk.now)?;
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    let mut lines = String::new();
    for receipt in receipts {
        *kinds.entry(receipt.kind.clone()).or_default() += 1;
        let line = receipt.signed(&key).and_then(|signed| signed.line());
        lines.push_str(&line.ok_or_else(|| anyhow::anyhow!("a receipt has no canonical form"))?);
        lines.push('\n');
    }
    let counted: Vec<String> = kinds.iter().map(|(kind, number)| format!("{number} of `{kind}`")).collect();
    let total = count(kinds.values().sum(), "receipt", "receipts");
    let said = if counted.is_empty() { total } else { format!("{total}: {}", listed(&counted, "and")) };
    match &arguments.out {
        None => {
            terminal.print_as_is(&lines)?;
            terminal.say(&format!("{said}, signed by {}\n", key.public()));
        }
        Some(path) => {
            std::fs::write(path, lines)
                .map_err(|error| Failure::could_not_run(format!("`{}` cannot be written: {error}", path.display())))?;
            let named = path.display();
            terminal.print(&format!(
                "{said}, in {named}\nsigned by {}\nto check them: playbook export verify {named}\n",
                key.public()
            ))?;
        }
    }
    Ok(Outcome::Fine)
}

fn key() -> anyhow::Result<SigningKey> {
    let Some(text) = std::env::var(VARIABLE).ok().filter(|text| !text.trim().is_empty()) else {
        return Err(Failure::could_not_run(format!("there is no key to sign with: {VARIABLE} is not set"))
            .help("`playbook export key` draws one; keep it, or nobody can tell that the next receipts are yours")
            .into());
    };
    SigningKey::read(&text).map_err(|error| Failure::could_not_run(format!("{VARIABLE} is no key: {error}")).into())
}
