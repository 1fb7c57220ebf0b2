//! The command `playbook`: reads arguments and files, asks the libraries, prints. Everything it knows of the language it is told.

mod ahead;
mod backtested;
mod changes;
mod client;
mod desk;
mod doc;
mod editor;
mod evidence;
mod exit;
mod files;
mod findings;
mod fix;
mod followed;
mod forgotten;
mod harmless;
mod imports;
mod inbox;
mod junit;
mod layout;
mod log_lines;
mod mutations;
mod office;
mod parts;
mod paused;
mod people;
mod playbook;
mod ports_file;
mod progress;
mod questions;
mod ranked_list;
mod ranking;
mod reached;
mod report;
mod standing;
mod table;
mod terminal;
mod time_bar;
mod units;
mod verbs;
mod words;

use std::process::ExitCode;

use clap::Parser as _;

use crate::exit::Outcome;
use crate::terminal::{ColorChoice, Terminal};

/// A compiler allocates little things by the thousand, and this is faster at that than the system's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Score cards for sales, written down, proven and run.
#[derive(clap::Parser)]
#[command(name = "playbook", version, about, max_term_width = 100, after_help = AFTER_HELP)]
pub(crate) struct Command {
    /// Colours: auto is on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = ColorChoice::Auto)]
    color: ColorChoice,

    #[command(subcommand)]
    verb: verbs::Verb,
}

const AFTER_HELP: &str = "\
CLIENT is a folder under playbooks/ or any folder with *.playbook files; without it, the folder you stand in.
Exit codes: 0 fine, 1 findings or failures, 2 wrong usage, 3 could not run.

Start with:
  playbook run playbooks/stackmates";

fn main() -> ExitCode {
    let command = match Command::try_parse() {
        Ok(command) => command,
        Err(error) => {
            // Nothing is left to do where even that cannot be written.
            let _ = error.print();
            return if error.use_stderr() { Outcome::Usage.into() } else { Outcome::Fine.into() };
        }
    };
    let terminal = Terminal::new(command.color);
    match command.verb.run(&terminal) {
        Ok(outcome) => outcome.into(),
        Err(error) => exit::explain(&error, &terminal).into(),
    }
}
