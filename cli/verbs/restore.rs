//! `playbook restore`: a client's CRM as it stood at an instant, in the place of the one that there is, which is copied first.

use std::path::PathBuf;

use runtime::crm::backup::{self, Backups, Kept};
use serde::Serialize;

use super::backup::FOLDER;
use crate::client::Client;
use crate::exit::{Failure, Outcome};
use crate::layout::paragraph;
use crate::terminal::Terminal;
use crate::words;

/// Bring a client's CRM back as it stood at an instant
#[derive(clap::Args)]
#[command(after_help = "\
The last copy of that instant or before is taken. Stop the service first. What there is now is copied before it is replaced, \
so that this can be taken back by restoring once more. What went out since is in other people's mailboxes all the same, and is not \
known to the CRM any more.

Example:
  playbook restore playbooks/stackmates --at '2026-11-20 09:00'
  playbook restore playbooks/stackmates --at 2026-11-20T09:00:00Z --into /mnt/other/look.db")]
pub(crate) struct Arguments {
    /// The client [default: the folder you stand in]
    client: Option<String>,

    /// As it stood then: 2026-11-20, "2026-11-20 09:00" (both in UTC) or RFC 3339 [default: the last copy]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,

    /// The CRM's database [default: crm.db in the client's folder]
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,

    /// The folder of the copies [default: .backups in the client's folder]
    #[arg(long, value_name = "FOLDER")]
    from: Option<PathBuf>,

    /// Write it to a new file, and leave the CRM as it is
    #[arg(long, value_name = "FILE")]
    into: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Restored {
    /// The copy that was taken.
    from: Kept,
    /// Where the CRM is now.
    file: String,
    /// The copy of what there was before; none where there was nothing, or it was left.
    before: Option<Kept>,
}

/// Restores.
///
/// # Errors
/// Where there is no such copy, it is damaged, or somebody works with the CRM.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let client = Client::named(arguments.client.as_deref())?;
    let backups = Backups::within(arguments.from.clone().unwrap_or_else(|| client.folder.join(FOLDER)));
    let now = words::clock();
    let at = arguments.at.as_deref().map(|at| words::instant(Some(at), "UTC")).transpose()?.unwrap_or(now);
    let crm = client.database(arguments.db.as_deref());
    let (target, beside) = match &arguments.into {
        Some(into) if into.exists() => {
            return Err(Failure::usage(format!("`{}` is there already", into.display()))
                .help("name a new file")
                .into());
        }
        Some(into) => (into.clone(), into.clone()),
        None => (crm.clone(), crm.with_extension("db.restoring")),
    };
    // What a run that was ended left there is of nobody.
    if arguments.into.is_none() && beside.exists() {
        std::fs::remove_file(&beside)?;
    }
    let restored = backups.restore(at, &beside);
    let from = restored.inspect_err(|_| drop(std::fs::remove_file(&beside)))?;
    let mut before = None;
    if arguments.into.is_none() {
        if crm.exists() {
            before = Some(backups.take(&crm, now)?);
        }
        backup::replace(&crm, &beside).inspect_err(|_| drop(std::fs::remove_file(&beside)))?;
    }
    let done = Restored { from, file: target.display().to_string(), before };
    if arguments.json {
        terminal.print_json(&done)?;
        return Ok(Outcome::Fine);
    }
    let as_of = done.from.at.strftime("%Y-%m-%dT%H:%M:%SZ");
    terminal.print(&format!("`{}` stands as it did at {as_of}\n", done.file))?;
    if let Some(before) = &done.before {
        let back = format!("{} restore{} --at {}", words::command(), client.as_argument(), before.at);
        terminal.say(&paragraph("note: ", &format!("what there was before is kept: {back}"), terminal.width()));
    }
    Ok(Outcome::Fine)
}
