//! `playbook lsp`: the editor's server, over stdin and stdout.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use jiff::Timestamp;
use runtime::crm::Crm;

use crate::editor;
use crate::exit::Outcome;
use crate::{standing, words};

/// Answer an editor over stdin and stdout, by the Language Server Protocol
#[derive(clap::Args)]
#[command(after_help = "An editor starts this by itself: docs/editors.md says how to set up yours.")]
pub(crate) struct Arguments {
    /// Taken as what is done anyway, since editors pass it
    #[arg(long, hide = true)]
    stdio: bool,
}

/// Serves until the editor says `exit` or goes away.
///
/// # Errors
/// Where it cannot begin.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let Arguments { stdio: _ } = arguments;
    let settings = lsp::Settings {
        disk: Arc::new(lsp::OnDisk),
        standard: standard(),
        as_of: Arc::new(as_of),
        version: env!("CARGO_PKG_VERSION"),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the server could not begin its work")?;
    let said_farewell = runtime.block_on(async { lsp::serve(editor::input(), editor::output(), settings).await });
    // A read of stdin that will never come is not waited for.
    runtime.shutdown_background();
    // As the protocol has it: whoever leaves without `shutdown` has not left in order.
    Ok(if said_farewell { Outcome::Fine } else { Outcome::Findings })
}

/// As of when a CRM is asked that no instant is named to: as every other verb has it.
fn as_of(crm: &Crm, client: &Path) -> Timestamp {
    let clock = words::clock();
    // What cannot be read of where time stands is said by whoever reads the rest.
    standing::now(crm, client, clock).ok().flatten().map_or(clock, |stands| stands.at)
}

/// Where the standard library is put for an editor to show: beside what else the user's programs keep to be made again.
fn standard() -> Option<PathBuf> {
    let from = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = from("XDG_CACHE_HOME").or_else(|| Some(from("HOME")?.join(".cache")))?;
    Some(cache.join("playbook").join(env!("CARGO_PKG_VERSION")).join("std"))
}
