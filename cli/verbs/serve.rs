//! `playbook serve`: every client of a folder in one process, by the clock, with an API, pages and webhooks.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use service::Surroundings;
use service::config::Configuration;

use crate::exit::{Failure, Outcome};
use crate::layout::count;
use crate::terminal::Terminal;
use crate::words;

/// The configuration where none is named.
const CONFIGURATION: &str = "service.toml";

/// Serve clients: their work by the clock, an API, pages for people, webhooks
#[derive(clap::Args)]
#[command(after_help = "\
A folder with *.playbook files is one client; any other one is served with each client right in it,
those that come later as well. Work is done by the clock. It stops in order on SIGTERM or SIGINT.
docs/service.md has every setting and every address.

Example:
  playbook token create playbooks/stackmates --role owner --name 'Mere Ngata' --person founder
  playbook serve playbooks
  playbook serve playbooks/stackmates --listen 127.0.0.1:9000 --config service.toml")]
pub(crate) struct Arguments {
    /// The folder
    folder: PathBuf,

    /// Where to listen [default: 127.0.0.1:8600, or what the configuration says]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,

    /// The configuration [default: service.toml in the folder, where it is there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Give a link to a page on which a client can be made, once and within an hour; where there is no client yet, it is given unasked
    #[arg(long)]
    invite: bool,
}

/// Serves until it is told to stop.
///
/// # Errors
/// Where the folder cannot be read, the configuration is wrong, or the address is taken.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let mut configuration = configuration(arguments)?;
    if let Some(listen) = arguments.listen {
        configuration.listen = listen;
    }
    configuration.invites = arguments.invite;
    let scheme = if configuration.tls.is_some() { "https" } else { "http" };
    let mut said = Ok(());
    service::serve(&arguments.folder, configuration, surroundings(), |begun| {
        let (clients, at) = (count(begun.clients as u64, "client", "clients"), format!("{scheme}://{}", begun.address));
        let url = &begun.url;
        let invitation =
            begun.key.as_ref().map(|key| format!("make a client at {url}/new?key={key} (once, within an hour)\n"));
        said = terminal.print(&format!("serving {clients} at {at}\n{}", invitation.unwrap_or_default()));
    })
    .map_err(|error| Failure::could_not_run(error.to_string()))?;
    said?;
    Ok(Outcome::Fine)
}

/// What the service is given: the command's clock, the process's environment, the system's randomness.
pub(crate) fn surroundings() -> Surroundings {
    Surroundings {
        clock: Arc::new(words::clock),
        environment: Arc::new(|name| std::env::var(name).ok()),
        entropy: Arc::new(|bytes| getrandom::fill(bytes).map_err(|error| std::io::Error::other(error.to_string()))),
    }
}

fn configuration(arguments: &Arguments) -> anyhow::Result<Configuration> {
    let beside = arguments.folder.join(CONFIGURATION);
    let path = match &arguments.config {
        Some(named) => named,
        None if beside.is_file() => &beside,
        None => return Ok(Configuration::default()),
    };
    let text = std::fs::read_to_string(path).map_err(|error| {
        let why = crate::client::why(&error);
        Failure::could_not_run(format!("could not read `{}`: {why}", path.display()))
    })?;
    Configuration::read(&text).map_err(|error| {
        Failure::usage(format!("`{}`: {error}", path.display())).help("docs/service.md has every setting").into()
    })
}
