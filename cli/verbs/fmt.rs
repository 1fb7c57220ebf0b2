//! `playbook fmt`: decides the layout, so that nobody has to. What is broken is left as it is.

use std::path::PathBuf;

use compiler::diagnostics::lines::Lines;
use serde::Serialize;

use crate::client::{Client, is_playbook};
use crate::exit::{Failure, Outcome};
use crate::files;
use crate::layout::count;
use crate::terminal::Terminal;

/// Lay playbooks out: tables aligned, comments kept in place
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook fmt playbooks/stackmates
  playbook fmt --check playbooks/*/
  playbook fmt - < draft.playbook")]
pub(crate) struct Arguments {
    /// Clients, files, or - for stdin to stdout [default: the folder you stand in]
    #[arg(value_name = "CLIENT|FILE")]
    what: Vec<String>,

    /// Write nothing; name the files that would change, and exit 1 where there are any
    #[arg(long)]
    check: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    written: bool,
    changed: Vec<String>,
    unchanged: usize,
}

/// Formats what is named.
///
/// # Errors
/// Where a file cannot be read or written.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    if arguments.what == ["-"] {
        return stdin(arguments.check, terminal);
    }
    let mut report = Report { written: !arguments.check, changed: Vec::new(), unchanged: 0 };
    let mut outcome = Outcome::Fine;
    for path in named(&arguments.what)? {
        let name = path.display().to_string();
        let text = text(files::read(&path)?, &name)?;
        let formatted = language::format(&text);
        if say_untouched(&formatted, &text, &name, terminal) {
            outcome = Outcome::Findings;
        }
        if formatted.text == text {
            report.unchanged += 1;
            continue;
        }
        if arguments.check {
            outcome = Outcome::Findings;
        } else {
            files::replace(&path, &formatted.text)?;
        }
        if !arguments.json {
            terminal.print(&format!("{} {name}\n", if arguments.check { "would change" } else { "changed" }))?;
        }
        report.changed.push(name);
    }
    if arguments.json {
        terminal.print_json(&report)?;
    } else if arguments.check && !report.changed.is_empty() {
        let changed = report.changed.len();
        let of = count((changed + report.unchanged) as u64, "file", "files");
        terminal.say(&format!("{changed} of {of} would change: write them with playbook fmt\n"));
    }
    Ok(outcome)
}

fn stdin(check: bool, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let text = text(files::read_stdin()?, "stdin")?;
    let formatted = language::format(&text);
    let broken = say_untouched(&formatted, &text, "stdin", terminal);
    if check {
        let differs = formatted.text != text;
        if differs {
            terminal.say("stdin would change\n");
        }
        return Ok(if broken || differs { Outcome::Findings } else { Outcome::Fine });
    }
    terminal.print_as_is(&formatted.text)?;
    Ok(if broken { Outcome::Findings } else { Outcome::Fine })
}

/// The files that arguments name: each a file, or all of a client.
fn named(arguments: &[String]) -> anyhow::Result<Vec<PathBuf>> {
    if arguments.is_empty() {
        return Ok(Client::named(None)?.files);
    }
    let mut files = Vec::new();
    for argument in arguments {
        let path = PathBuf::from(argument);
        if path.is_file() || is_playbook(&path) {
            files.push(path);
        } else {
            files.extend(Client::named(Some(argument))?.files);
        }
    }
    Ok(files)
}

fn text(bytes: Vec<u8>, name: &str) -> anyhow::Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to() + 1;
        Failure::findings(format!("`{name}` is not UTF-8: byte {at} begins no character"))
            .help("it was left as it is; playbook check shows the place")
            .into()
    })
}

/// Says which declarations were left as they are; whether there are any.
fn say_untouched(formatted: &language::Formatted, text: &str, name: &str, terminal: &Terminal) -> bool {
    let lines = Lines::of(text);
    for span in &formatted.untouched {
        let line = lines.position(text, span.start).line;
        let warning = terminal.error_paint().yellow("left as it is");
        terminal.say(&format!(
            "{warning}: {name}:{line}, because something in it cannot be read; playbook check says what\n"
        ));
    }
    !formatted.untouched.is_empty()
}
