//! `playbook export`: what leaves the CRM for strangers.

mod key;
mod proof;
mod verify;

use crate::exit::Outcome;
use crate::terminal::Terminal;

/// Sign what the playbook publishes, so that a stranger can check it offline
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook export key
  playbook export proof playbooks/stackmates --out proofs.jsonl
  playbook export verify proofs.jsonl")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    Proof(proof::Arguments),
    Verify(verify::Arguments),
    Key(key::Arguments),
}

/// Exports.
///
/// # Errors
/// Where there is nothing to export, or it cannot be written.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    match &arguments.what {
        What::Proof(arguments) => proof::run(arguments, terminal),
        What::Verify(arguments) => verify::run(arguments, terminal),
        What::Key(arguments) => key::run(arguments, terminal),
    }
}
