//! What arrives from the editor, passed on to the loop that owns all state. Nothing here looks at a playbook, and nothing waits
//! before it has passed on what arrived: so edits stay in order, and a request to cancel another gets through.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};

use tokio::sync::oneshot;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::request::{GotoImplementationParams, GotoImplementationResponse};
use tower_lsp::ls_types::*;
use tower_lsp::{Client, LanguageServer};

use crate::Settings;
use crate::features::commands::Reply;
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
    /// The only one that keeps the loop going.
    jobs: Arc<mpsc::Sender<Job>>,
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
        received(answer).await
    }

    /// Has something done that the loop does not wait for: whoever does it answers.
    async fn order<P, R>(&self, order: fn(&mut Server, P, Reply<R>), params: P) -> Result<R>
    where
        P: Send + 'static,
        R: Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.pass_on(Box::new(move |server| order(server, params, reply)));
        received(answer).await
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

async fn received<R>(answer: oneshot::Receiver<Answer<R>>) -> Result<R> {
    match answer.await {
        Ok(answer) => answer.map_err(Error::from),
        Err(_) => Err(Error { code: ErrorCode::InternalError, message: OUR_FAULT.into(), data: None }),
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

    async fn range_formatting(&self, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask(features::format::range, params).await
    }

    async fn on_type_formatting(&self, params: DocumentOnTypeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask(features::format::on_type, params).await
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        self.ask(features::hover::hover, params).await
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        self.ask(features::definition::definition, params).await
    }

    async fn goto_implementation(
        &self,
        params: GotoImplementationParams,
    ) -> Result<Option<GotoImplementationResponse>> {
        self.ask(features::definition::implementation, params).await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        self.ask(features::references::references, params).await
    }

    async fn document_highlight(&self, params: DocumentHighlightParams) -> Result<Option<Vec<DocumentHighlight>>> {
        self.ask(features::highlight::highlight, params).await
    }

    async fn linked_editing_range(&self, params: LinkedEditingRangeParams) -> Result<Option<LinkedEditingRanges>> {
        self.ask(features::highlight::linked, params).await
    }

    async fn prepare_rename(&self, params: TextDocumentPositionParams) -> Result<Option<PrepareRenameResponse>> {
        self.ask(features::rename::prepare, params).await
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        self.ask(features::rename::rename, params).await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        self.ask(features::symbols::of_document, params).await
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        self.ask(features::symbols::of_workspace, params).await
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        self.ask(features::folding::folding, params).await
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        self.ask(features::selection::selection, params).await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.ask(features::links::links, params).await
    }

    async fn semantic_tokens_full(&self, params: SemanticTokensParams) -> Result<Option<SemanticTokensResult>> {
        self.ask(features::semantic_tokens::full, params).await
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        self.ask(features::semantic_tokens::delta, params).await
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        self.ask(features::semantic_tokens::range, params).await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.ask(features::inlay_hints::hints, params).await
    }

    async fn prepare_call_hierarchy(
        &self,
        params: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        self.ask(features::call_hierarchy::prepare, params).await
    }

    async fn incoming_calls(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        self.ask(features::call_hierarchy::incoming, params).await
    }

    async fn outgoing_calls(
        &self,
        params: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        self.ask(features::call_hierarchy::outgoing, params).await
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        self.ask(features::completion::complete, params).await
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        self.ask(features::completion::resolve, item).await
    }

    async fn signature_help(&self, params: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
        self.ask(features::signature::help, params).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.ask(features::code_lens::lenses, params).await
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        self.order(features::commands::execute, params).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        self.ask(features::actions::actions, params).await
    }
}
