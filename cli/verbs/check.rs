//! `playbook check`: what the compiler can prove before anything runs.

use compiler::codes;
use compiler::diagnostics::{Diagnostic, Severity};
use runtime::crm::Crm;

use crate::client::Client;
use crate::exit::{Failure, Outcome};
use crate::findings::{Findings, Format};
use crate::fix;
use crate::forgotten;
use crate::layout::{count, listed};
use crate::playbook::{self, Playbook};
use crate::ports_file;
use crate::terminal::Terminal;
use crate::units::{self, Unit};

/// The lint that this verb asks for by itself: whoever checks a file alone may not know what it takes for granted.
const NO_CLIENT: &str = "no-client";

/// Prove that playbooks hold together: names, types, units, scores that can be reached
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook check playbooks/stackmates
  playbook check --fix playbooks/stackmates/icp.playbook
  playbook check --deny warnings --format github playbooks/*/")]
pub(crate) struct Arguments {
    /// Clients or files [default: the folder you stand in]
    #[arg(value_name = "CLIENT|FILE")]
    what: Vec<String>,

    /// Exit 1 for warnings as for errors
    #[arg(long, value_name = "WHAT", value_parser = ["warnings"])]
    deny: Option<String>,

    /// Ask a lint that is silent by itself, such as points-without-because
    #[arg(long, value_name = "LINT")]
    ask: Vec<String>,

    /// Mend in the files what can be mended safely, then show what is left
    #[arg(long)]
    fix: bool,

    /// In which form to print findings
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

/// Checks what is named.
///
/// # Errors
/// Where a file cannot be read.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let format = if arguments.json { Format::Json } else { arguments.format };
    arguments.ask.iter().try_for_each(|lint| known(lint))?;
    let mut findings = Findings::default();
    for unit in units::named(&arguments.what)? {
        if arguments.fix {
            let mended = fix::mend(&unit.client, &unit.only, &asked(&arguments.ask))?;
            terminal.say(&mended.to_string());
        }
        let playbook = looked_at(&unit, &arguments.ask)?;
        let grave = playbook.diagnostics.iter().any(|found| found.severity > Severity::Note);
        if format == Format::Human && !grave {
            terminal.print(&fine(&unit.client, &playbook))?;
        }
        if format == Format::Human {
            beside(&unit.client, &playbook, terminal)?;
        }
        findings.add(playbook);
    }
    findings.print(format, terminal)?;
    let denied = if arguments.deny.is_some() { Severity::Warning } else { Severity::Error };
    Ok(if findings.any(denied) { Outcome::Findings } else { Outcome::Fine })
}

/// What the client's CRM says to the playbook, where there is one. Whose it is and whether it can be read, the verbs tell that need it.
fn beside(client: &Client, playbook: &Playbook, terminal: &Terminal) -> anyhow::Result<()> {
    let path = client.database(None);
    if let Some(program) = playbook.program.as_ref().filter(|_| path.exists())
        && let Ok(crm) = Crm::open_to_read(&path, program)
    {
        forgotten::say(&crm, program, terminal)?;
    }
    Ok(())
}

/// Whether a lint is there to be asked.
fn known(lint: &str) -> Result<(), Failure> {
    if codes::find(lint).is_some_and(codes::is_lint) {
        return Ok(());
    }
    let failure = Failure::usage(format!("there is no lint `{lint}`"));
    Err(match codes::nearest(lint).filter(|code| codes::is_lint(code)) {
        Some(meant) => failure.help(format!("did you mean `{}`?", meant.name)),
        None => failure
            .help("there are these lints:")
            .list(codes::all().filter(|code| codes::is_lint(code)).map(|code| code.name.to_owned())),
    })
}

/// The lints that are asked: those named, and this verb's own.
fn asked(named: &[String]) -> Vec<String> {
    [named, &[NO_CLIENT.to_owned()]].concat()
}

/// A unit compiled, with the findings in the files that were asked for.
fn looked_at(unit: &Unit, asked: &[String]) -> anyhow::Result<Playbook> {
    let mut playbook = playbook::compiled(&unit.client, &self::asked(asked))?;
    if unit.only.is_empty() {
        ports_file::look_at(&unit.client, &mut playbook)?;
        return Ok(playbook);
    }
    let files = &playbook.files;
    let wanted =
        |found: &Diagnostic| unit.only.iter().any(|path| path.to_string_lossy() == files.name(found.primary.file));
    playbook.diagnostics.retain(wanted);
    Ok(playbook)
}

/// `playbooks/stackmates is fine: 5 files, 1 score of 20 rules, 3 sources, 12 tests`
fn fine(client: &Client, playbook: &Playbook) -> String {
    let Some(program) = &playbook.program else { return String::new() };
    let rules: usize = program.scores.iter().flat_map(|score| &score.layers).map(|layer| layer.rules.len()).sum();
    let sources = program.sources.iter().filter(|source| !source.preset).count();
    let parts = [
        (client.files.len(), "file", "files"),
        (program.scores.len(), "score", "scores"),
        (rules, "rule", "rules"),
        (sources, "source", "sources"),
        (program.tests.len(), "test", "tests"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| count(*number as u64, one, many))
        .collect();
    let name = if client.spelled.is_empty() { program.client.name.to_string() } else { client.spelled.clone() };
    format!("{name} is fine: {}\n", listed(&parts, "and"))
}
