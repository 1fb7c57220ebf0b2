//! The editor's server: what an editor asks about a playbook, answered from the compiler and, read-only, the client's CRM.
//!
//! The only crate that names the types of the Language Server Protocol (3.17). It knows nothing of how a playbook is run or drawn
//! in a terminal. `mailbox` takes what arrives and passes it on without waiting, `server` is the one loop that owns all state,
//! `live` asks the CRM on a thread of its own, `workspace` says which files make up which client, `features` has one file for each thing
//! that an editor can ask.

mod features;
mod live;
mod mailbox;
mod outgoing;
mod server;
mod text;
mod workspace;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tower_lsp::{LspService, Server};

pub use live::AsOf;
pub use workspace::disk::{Disk, OnDisk};

/// So many requests may wait for their answers at once; a request to cancel one of them still gets through.
const AT_ONCE: usize = 4096;

/// What the server needs of the world around it.
pub struct Settings {
    /// The files.
    pub disk: Arc<dyn Disk>,
    /// A folder to put the standard library's files into, for an editor to show; none where they are not shown.
    pub standard: Option<PathBuf>,
    /// The instant that a CRM is asked about: the clock's, or where time stands in it. It is asked on a thread that may wait.
    pub as_of: AsOf,
    /// The version of the program, for the editor's log.
    pub version: &'static str,
}

/// Serves one editor until it says `exit` or goes away. Whether it said `shutdown` before, as it should.
pub async fn serve(input: impl AsyncRead + Unpin, output: impl AsyncWrite, settings: Settings) -> bool {
    let farewell = mailbox::Farewell::default();
    let said = farewell.clone();
    let (service, socket) = LspService::build(move |client| mailbox::Mailbox::new(client, settings, said)).finish();
    Server::new(input, output, socket).concurrency_level(AT_ONCE).serve(service).await;
    farewell.was_said()
}
