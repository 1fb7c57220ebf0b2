//! What the server says by itself: findings, requests to ask again, lines for the editor's log. The loop leaves it here and goes on;
//! a task takes it to the editor as fast as that reads. Of several findings about one file only the last are kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tower_lsp::Client;
use tower_lsp::ls_types::{Diagnostic, MessageType, Registration, Uri};

/// An editor that does not answer within this is not waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// So many lines wait for the log at most; the oldest ones go.
const LINES: usize = 100;

/// What an editor can be told to ask for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Again {
    Diagnostics,
    InlayHints,
    CodeLenses,
}

#[derive(Debug, Default)]
struct Waiting {
    diagnostics: BTreeMap<Uri, (Vec<Diagnostic>, Option<i32>)>,
    again: Vec<Again>,
    registrations: Vec<Registration>,
    lines: Vec<(MessageType, String)>,
    messages: Vec<(MessageType, String)>,
}

/// Where the loop leaves what the editor should hear.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    waiting: Arc<Mutex<Waiting>>,
    bell: Arc<Notify>,
}

impl Outgoing {
    /// Begins the task that carries things to the editor.
    pub(crate) fn begin(client: Client) -> Self {
        let outgoing = Self { waiting: Arc::default(), bell: Arc::default() };
        tokio::spawn(outgoing.clone().carry(client));
        outgoing
    }

    /// The findings about a file; they stand for all earlier ones.
    pub(crate) fn publish(&self, uri: Uri, diagnostics: Vec<Diagnostic>, version: Option<i32>) {
        self.leave(|waiting| {
            waiting.diagnostics.insert(uri, (diagnostics, version));
        });
    }

    /// Has the editor ask again, once however often it is said meanwhile.
    pub(crate) fn ask_again(&self, what: Again) {
        self.leave(|waiting| {
            if !waiting.again.contains(&what) {
                waiting.again.push(what);
            }
        });
    }

    /// Has the editor tell of more things than it does by itself.
    pub(crate) fn register(&self, registrations: Vec<Registration>) {
        self.leave(|waiting| waiting.registrations.extend(registrations));
    }

    /// A line for the editor's log. It names no person and no text of a file.
    pub(crate) fn log(&self, level: MessageType, line: impl Into<String>) {
        self.leave(|waiting| {
            waiting.lines.push((level, line.into()));
            let surplus = waiting.lines.len().saturating_sub(LINES);
            waiting.lines.drain(..surplus);
        });
    }

    /// Something to read for the user, who has asked for it.
    pub(crate) fn show(&self, level: MessageType, words: impl Into<String>) {
        self.leave(|waiting| waiting.messages.push((level, words.into())));
    }

    fn leave(&self, change: impl FnOnce(&mut Waiting)) {
        change(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        self.bell.notify_one();
    }

    async fn carry(self, client: Client) {
        loop {
            self.bell.notified().await;
            let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
            for (uri, (diagnostics, version)) in waiting.diagnostics {
                client.publish_diagnostics(uri, diagnostics, version).await;
            }
            for (level, line) in waiting.lines {
                client.log_message(level, line).await;
            }
            for (level, words) in waiting.messages {
                client.show_message(level, words).await;
            }
            // Whether the editor answers these is its own affair: nobody here waits for it.
            if !waiting.registrations.is_empty() {
                let client = client.clone();
                tokio::spawn(async move {
                    let _ = tokio::time::timeout(PATIENCE, client.register_capability(waiting.registrations)).await;
                });
            }
            for again in waiting.again {
                let client = client.clone();
                tokio::spawn(async move {
                    let asked = async {
                        match again {
                            Again::Diagnostics => client.workspace_diagnostic_refresh().await,
                            Again::InlayHints => client.inlay_hint_refresh().await,
                            Again::CodeLenses => client.code_lens_refresh().await,
                        }
                    };
                    let _ = tokio::time::timeout(PATIENCE, asked).await;
                });
            }
        }
    }
}
