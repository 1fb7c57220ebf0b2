//! `playbook export key`: a new key to sign with.

use foresight::receipts::SigningKey;

use crate::exit::Outcome;
use crate::terminal::Terminal;

/// The variable that a client's key stands in.
pub(super) const VARIABLE: &str = "PLAYBOOK_SIGNING_KEY";

/// Draw a new key to sign with, and show it once: keep it where you keep passwords
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook export key")]
pub(crate) struct Arguments {}

/// Draws one.
///
/// # Errors
/// Where the system has no randomness.
pub(crate) fn run(_: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let secret = crate::office::drawn()?;
    let digits: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    terminal.print(&format!("export {VARIABLE}={digits}\n"))?;
    terminal.say(&format!("its public half, for whoever checks: {}\n", SigningKey::new(&secret).public()));
    Ok(Outcome::Fine)
}
