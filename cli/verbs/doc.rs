//! `playbook doc`: the playbook as its client reads it, one page for a browser or a printer.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use compiler::program::Program;
use runtime::crm::Crm;
use runtime::engine::{Entry, EntryId};
use runtime::runner::{Book, signed_hash};
use serde::Serialize;
use smol_str::SmolStr;

use crate::client::Client;
use crate::doc::{self, Hashes, Signature};
use crate::exit::{Failure, Outcome};
use crate::files;
use crate::playbook;
use crate::terminal::Terminal;
use crate::words;

/// Write the playbook down for whoever has to read it and sign it: one HTML page
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook doc playbooks/stackmates
  playbook doc playbooks/sneakers --out - > sneakers.html")]
pub(crate) struct Arguments {
    /// The client [default: the folder you stand in]
    client: Option<String>,

    /// Where to write the page; - is stdout [default: playbook.html where you stand]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// The CRM's database, for who has signed [default: crm.db in the client's folder, where there is one]
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Where the page is.
#[derive(Debug, Serialize)]
struct Written {
    path: String,
    hash: SmolStr,
    bytes: usize,
}

/// Where the page goes without `--out`.
const PAGE: &str = "playbook.html";

/// Writes the page.
///
/// # Errors
/// Where the playbook has errors, a CRM that was named cannot be read, or the page cannot be written.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let path = arguments.out.as_deref().unwrap_or(Path::new(PAGE));
    let is_stdout = path.as_os_str() == "-";
    if is_stdout && arguments.json {
        return Err(Failure::usage("the page and `--json` cannot both go to stdout")
            .help("name a file for the page: --out playbook.html")
            .into());
    }
    let client = Client::named(arguments.client.as_deref())?;
    let program = Arc::new(playbook::program(&client, terminal)?);
    let signatures = signatures(&client, &program, arguments.db.as_deref())?;
    let book = Book::new(Arc::clone(&program))?;
    let hashes = Hashes {
        playbook: book.version.clone(),
        workflows: program.workflows.iter().map(signed_hash).collect(),
        crm: signatures.is_some(),
    };
    let page = doc::page(&program, &hashes, &signatures.unwrap_or_default())?;
    if !is_stdout {
        files::write(path, &page)?;
    }
    if arguments.json {
        let path = path.to_string_lossy().into_owned();
        terminal.print_json(&Written { path, hash: book.version, bytes: page.len() })?;
    } else if is_stdout {
        terminal.print(&page)?;
    } else {
        let kilobytes = page.len().div_ceil(1000);
        terminal.print(&format!("{} written: {kilobytes} kB, opens in any browser\n", path.display()))?;
    }
    Ok(Outcome::Fine)
}

/// Who has signed what; none where there is no CRM.
fn signatures(client: &Client, program: &Program, named: Option<&Path>) -> anyhow::Result<Option<Vec<Signature>>> {
    let path = client.database(named);
    if named.is_none() && !path.exists() {
        return Ok(None);
    }
    let crm = Crm::open_to_read(&path, program)?;
    let zone = words::zone(&program.client.timezone);
    let mut signatures = Vec::new();
    crm.entries(None, EntryId(0), |logged| {
        if let Entry::Signed { workflow, hash, by } = logged.entry {
            let day = logged.at.to_zoned(zone.clone()).strftime("%-d %B %Y").to_string();
            signatures.push(Signature { workflow, hash, by, day });
        }
        ControlFlow::Continue(())
    })?;
    Ok(Some(signatures))
}
