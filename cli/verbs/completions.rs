//! `playbook completions`: what a shell needs to complete the command. Made from the definitions, so it is never out of date.

use clap::CommandFactory as _;

use crate::exit::Outcome;
use crate::terminal::Terminal;

/// Print a completion script for a shell
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook completions bash > ~/.local/share/bash-completion/completions/playbook")]
pub(crate) struct Arguments {
    /// Which shell
    shell: clap_complete::Shell,
}

/// Prints the script.
///
/// # Errors
/// Where stdout takes no more.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut crate::Command::command(), "playbook", &mut script);
    terminal.print_as_is(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Fine)
}
