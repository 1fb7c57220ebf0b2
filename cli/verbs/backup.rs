//! `playbook backup`: a client's CRM as it stands, copied while others work with it; the copies that there are.

use std::path::PathBuf;

use jiff::Timestamp;
use runtime::crm::backup::{Backups, Kept};
use serde::Serialize;

use crate::client::Client;
use crate::exit::{Failure, Outcome};
use crate::layout::count;
use crate::table;
use crate::terminal::Terminal;
use crate::words;

/// Where copies are, in the client's folder.
pub(super) const FOLDER: &str = ".backups";

/// Copy a client's CRM as it stands, also while the service works with it
#[derive(clap::Args)]
#[command(after_help = "\
A copy holds all of the CRM, or what differs from the last whole one of the day: taking one every few minutes costs what changed. \
Keep the folder on another disk. Tokens are in no copy.

Example:
  playbook backup playbooks/stackmates
  playbook backup playbooks/stackmates --to /mnt/other/stackmates --forget 30d
  playbook backup playbooks/stackmates --list")]
pub(crate) struct Arguments {
    /// The client [default: the folder you stand in]
    client: Option<String>,

    /// The CRM's database [default: crm.db in the client's folder]
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,

    /// The folder of the copies [default: .backups in the client's folder]
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,

    /// Show the copies that there are, and take none
    #[arg(long, conflicts_with = "forget")]
    list: bool,

    /// Take copies away that are older: 12h, 30d, 52w
    #[arg(long, value_name = "TIME")]
    forget: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Done {
    taken: Kept,
    /// Old copies that were taken away.
    forgotten: usize,
}

/// Takes a copy, or lists them.
///
/// # Errors
/// Where there is no CRM, or no room.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let client = Client::named(arguments.client.as_deref())?;
    let folder = arguments.to.clone().unwrap_or_else(|| client.folder.join(FOLDER));
    let backups = Backups::within(folder.clone());
    if arguments.list {
        return list(&backups, arguments.json, terminal);
    }
    let before = arguments.forget.as_deref().map(super::token::lasts).transpose()?;
    let crm = client.database(arguments.db.as_deref());
    if !crm.is_file() {
        return Err(Failure::could_not_run(format!("there is no CRM at `{}`", crm.display())).into());
    }
    // A copy is named by microseconds: what is printed is what `restore` takes.
    let now = Timestamp::from_microsecond(words::clock().as_microsecond())?;
    let taken = backups.take(&crm, now)?;
    let forgotten = match before {
        Some(age) => backups.forget(now.checked_sub(age)?)?,
        None => 0,
    };
    if arguments.json {
        terminal.print_json(&Done { taken, forgotten })?;
        return Ok(Outcome::Fine);
    }
    let what = if taken.whole { "all of it" } else { "what has changed" };
    terminal.print(&format!("{}: {what}, {}\n", folder.join(&taken.file).display(), bytes(taken.bytes)))?;
    if forgotten > 0 {
        terminal.print(&format!("{} taken away\n", count(forgotten as u64, "old copy was", "old copies were")))?;
    }
    Ok(Outcome::Fine)
}

fn list(backups: &Backups, json: bool, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let all = backups.all()?;
    if json {
        terminal.print_json(&all)?;
        return Ok(Outcome::Fine);
    }
    if all.is_empty() {
        terminal.print("there are no copies yet\n")?;
        return Ok(Outcome::Fine);
    }
    let mut table = table::table(&["as of", "holds", "size", "file"], terminal);
    for kept in all {
        let holds = if kept.whole { "all of it" } else { "what had changed" };
        table.add_row(vec![
            kept.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            holds.to_owned(),
            bytes(kept.bytes),
            kept.file,
        ]);
    }
    terminal.print(&table::lines(&table))?;
    Ok(Outcome::Fine)
}

/// `1.4 MB`
fn bytes(bytes: u64) -> String {
    if bytes < 1_000_000 {
        format!("{} kB", bytes.div_ceil(1000))
    } else {
        format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
    }
}
