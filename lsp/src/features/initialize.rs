//! What the editor can and what the server can: agreed on once, at the beginning.

use std::path::PathBuf;

use tower_lsp::ls_types::{
    CallHierarchyServerCapability, ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProviderCapability,
    CodeLensOptions, CompletionOptions, DiagnosticOptions, DiagnosticServerCapabilities,
    DidChangeWatchedFilesRegistrationOptions, DocumentLinkOptions, DocumentOnTypeFormattingOptions,
    ExecuteCommandOptions, FileSystemWatcher, FoldingRangeProviderCapability, GlobPattern, HoverProviderCapability,
    ImplementationProviderCapability, InitializeParams, InitializeResult, LinkedEditingRangeServerCapabilities, OneOf,
    Registration, RenameOptions, SelectionRangeProviderCapability, SemanticTokensFullOptions, SemanticTokensOptions,
    ServerCapabilities, ServerInfo, SignatureHelpOptions, TextDocumentSyncCapability, TextDocumentSyncKind,
    TextDocumentSyncOptions, TextDocumentSyncSaveOptions, Uri, WorkDoneProgressOptions,
    WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};

use super::{Answer, commands, semantic_tokens};
use crate::server::Server;
use crate::text::Encoding;
use crate::workspace::path_of;

/// What an editor can, as far as it changes what is told.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Editor {
    /// It asks for findings by itself.
    pub(crate) pulls_diagnostics: bool,
    /// It can be told to ask for findings again.
    pub(crate) refreshes_diagnostics: bool,
    pub(crate) refreshes_inlay_hints: bool,
    pub(crate) refreshes_code_lenses: bool,
    /// It shows hints at the ends of lines.
    pub(crate) inlay_hints: bool,
    /// It shows other places beside a finding.
    pub(crate) related_information: bool,
    /// It tells of changed files where it is asked to.
    pub(crate) watches_files: bool,
    /// It fills in snippets with places to go to.
    pub(crate) snippets: bool,
    /// It takes edits of files with their versions, and of files that are made.
    pub(crate) document_changes: bool,
    /// It shows symbols in each other.
    pub(crate) nested_symbols: bool,
}

impl Editor {
    fn of(can: &ClientCapabilities) -> Self {
        let text = can.text_document.as_ref();
        let workspace = can.workspace.as_ref();
        let refreshes = |support: Option<Option<bool>>| support.flatten().unwrap_or(false);
        Self {
            pulls_diagnostics: text.is_some_and(|text| text.diagnostic.is_some()),
            refreshes_diagnostics: refreshes(
                workspace.and_then(|can| can.diagnostics.as_ref()).map(|can| can.refresh_support),
            ),
            refreshes_inlay_hints: refreshes(
                workspace.and_then(|can| can.inlay_hint.as_ref()).map(|can| can.refresh_support),
            ),
            refreshes_code_lenses: refreshes(
                workspace.and_then(|can| can.code_lens.as_ref()).map(|can| can.refresh_support),
            ),
            inlay_hints: text.is_some_and(|text| text.inlay_hint.is_some()),
            related_information: text
                .and_then(|text| text.publish_diagnostics.as_ref())
                .and_then(|can| can.related_information)
                .or(text.and_then(|text| text.diagnostic.as_ref()).map(|_| true))
                .unwrap_or(false),
            watches_files: workspace
                .and_then(|can| can.did_change_watched_files.as_ref())
                .and_then(|can| can.dynamic_registration)
                .unwrap_or(false),
            snippets: text
                .and_then(|text| text.completion.as_ref())
                .and_then(|can| can.completion_item.as_ref())
                .and_then(|can| can.snippet_support)
                .unwrap_or(false),
            document_changes: workspace
                .and_then(|can| can.workspace_edit.as_ref())
                // Whoever can create files takes changes of documents, whether or not they say so (Neovim 0.7).
                .and_then(|can| can.document_changes.or(can.resource_operations.as_ref().map(|_| true)))
                .unwrap_or(false),
            nested_symbols: text
                .and_then(|text| text.document_symbol.as_ref())
                .and_then(|can| can.hierarchical_document_symbol_support)
                .unwrap_or(false),
        }
    }
}

pub(crate) fn initialize(server: &mut Server, params: InitializeParams) -> Answer<InitializeResult> {
    server.editor = Editor::of(&params.capabilities);
    let offered = params.capabilities.general.as_ref().and_then(|general| general.position_encodings.as_deref());
    server.encoding = Encoding::agreed(offered);
    server.workspace.set_roots(roots(&params));
    Ok(InitializeResult {
        capabilities: ServerCapabilities {
            execute_command_provider: Some(ExecuteCommandOptions {
                commands: commands::offered(params.initialization_options.as_ref()),
                ..ExecuteCommandOptions::default()
            }),
            ..capabilities(server.encoding)
        },
        server_info: Some(ServerInfo { name: "playbook".to_owned(), version: Some(server.version.to_owned()) }),
        offset_encoding: None,
    })
}

/// The folders that are open: several, or one as older editors say it.
fn roots(params: &InitializeParams) -> Vec<PathBuf> {
    let several: Vec<&Uri> = params.workspace_folders.iter().flatten().map(|folder| &folder.uri).collect();
    #[expect(deprecated, reason = "Neovim 0.7 says it so")]
    let one: Vec<&Uri> = params.root_uri.iter().collect();
    let named = if several.is_empty() { one } else { several };
    named.into_iter().map(path_of).filter(|path| path.is_absolute()).collect()
}

/// The editor is ready: it is asked to tell of changed files.
pub(crate) fn initialized(server: &mut Server, (): ()) {
    if !server.editor.watches_files {
        return;
    }
    let watcher =
        |pattern: &str| FileSystemWatcher { glob_pattern: GlobPattern::String(pattern.to_owned()), kind: None };
    let options = DidChangeWatchedFilesRegistrationOptions {
        watchers: vec![watcher("**/*.playbook"), watcher("**/crm.db"), watcher("**/crm.db-wal")],
    };
    server.outgoing.register(vec![Registration {
        id: "files".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: serde_json::to_value(options).ok(),
    }]);
}

/// All that the server can. Each has a handler and a test: `tests/wire/capabilities.rs` goes through what is said here.
fn capabilities(encoding: Encoding) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::Supported(true)),
            ..TextDocumentSyncOptions::default()
        })),
        diagnostic_provider: Some(DiagnosticServerCapabilities::Options(DiagnosticOptions {
            identifier: Some("playbook".to_owned()),
            inter_file_dependencies: true,
            workspace_diagnostics: true,
            ..DiagnosticOptions::default()
        })),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_range_formatting_provider: Some(OneOf::Left(true)),
        document_on_type_formatting_provider: Some(DocumentOnTypeFormattingOptions {
            first_trigger_character: "}".to_owned(),
            more_trigger_character: Some(vec!["\n".to_owned()]),
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        implementation_provider: Some(ImplementationProviderCapability::Simple(true)),
        references_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        linked_editing_range_provider: Some(LinkedEditingRangeServerCapabilities::Simple(true)),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        })),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
        document_link_provider: Some(DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        semantic_tokens_provider: Some(
            SemanticTokensOptions {
                work_done_progress_options: WorkDoneProgressOptions::default(),
                legend: semantic_tokens::legend(),
                range: Some(true),
                full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
            }
            .into(),
        ),
        completion_provider: Some(CompletionOptions {
            resolve_provider: Some(true),
            trigger_characters: Some(vec![".".to_owned(), "/".to_owned()]),
            ..CompletionOptions::default()
        }),
        signature_help_provider: Some(SignatureHelpOptions {
            trigger_characters: Some(vec![" ".to_owned(), ",".to_owned()]),
            ..SignatureHelpOptions::default()
        }),
        inlay_hint_provider: Some(OneOf::Left(true)),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        call_hierarchy_provider: Some(CallHierarchyServerCapability::Simple(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![
                CodeActionKind::QUICKFIX,
                CodeActionKind::REFACTOR_EXTRACT,
                CodeActionKind::new("refactor.move"),
                CodeActionKind::SOURCE_FIX_ALL,
            ]),
            ..CodeActionOptions::default()
        })),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            file_operations: None,
        }),
        ..ServerCapabilities::default()
    }
}
