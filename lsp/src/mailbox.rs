//! What arrives from the editor, passed on to the loop that owns all state. Nothing here looks at a playbook, and nothing waits
//! before it has passed on what arrived: so edits stay in order, and a request to cancel another gets through.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};

use tokio::sync::oneshot;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::*;
use tower_lsp::{Client, LanguageServer};

use crate::Settings;
use crate::features::{self, Answer};
use crate::outgoing::Outgoing;
use crate::server::{self, Job, Pending, Server};

/// Whether the editor said `shutdown` before it left.
#[derive(Clone, Debug, Default)]
pub(crate) struct Farewell(Arc<AtomicBool>);

impl Farewell {
    pub(crate) fn was_said(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Takes what arrives.
pub(crate) struct Mailbox {
    jobs: mpsc::Sender<Job>,
    pending: Pending,
    farewell: Farewell,
}

impl Mailbox {
    /// Begins the loop on a thread of its own.
    pub(crate) fn new(client: Client, settings: Settings, farewell: Farewell) -> Self {
        let pending = Pending::default();
        let jobs = server::begin(Outgoing::begin(client), settings, pending.clone());
        Self { jobs, pending, farewell }
    }

    /// Has a question answered by the loop. Whoever no longer waits for the answer is not given one.
    async fn ask<P, R>(&self, feature: fn(&mut Server, P) -> Answer<R>, params: P) -> Result<R>
    where
        P: Send + 'static,
        R: Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.pass_on(Box::new(move |server| {
            if !reply.is_closed() {
                // It may have gone away meanwhile.
                let _ = reply.send(feature(server, params));
            }
        }));
        match answer.await {
            Ok(answer) => answer.map_err(Error::from),
            Err(_) => Err(Error { code: ErrorCode::InternalError, message: OUR_FAULT.into(), data: None }),
        }
    }

    /// Tells the loop something that has no answer.
    fn tell<P: Send + 'static>(&self, event: fn(&mut Server, P), params: P) {
        self.pass_on(Box::new(move |server| event(server, params)));
    }

    fn pass_on(&self, job: Job) {
        // The loop ends with this mailbox; without one nobody waits for anything.
        let _ = self.jobs.send(job);
    }
}

const OUR_FAULT: &str = "the server could not answer this; it goes on, and its log says more";

impl LanguageServer for Mailbox {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        self.ask(features::initialize::initialize, params).await
    }

    async fn initialized(&self, _: InitializedParams) {
        self.tell(features::initialize::initialized, ());
    }

    async fn shutdown(&self) -> Result<()> {
        self.farewell.0.store(true, Ordering::SeqCst);
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.tell(features::sync::opened, params);
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        self.pending.edit_arrived();
        self.tell(features::sync::changed, params);
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        self.tell(features::sync::saved, params);
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.tell(features::sync::closed, params);
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        self.tell(features::sync::files_changed, params);
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        self.tell(features::sync::folders_changed, params);
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        self.ask(features::diagnostics::of_document, params).await
    }

    async fn workspace_diagnostic(&self, params: WorkspaceDiagnosticParams) -> Result<WorkspaceDiagnosticReportResult> {
        self.ask(features::diagnostics::of_workspace, params).await
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask(features::format::document, params).await
    }
}
