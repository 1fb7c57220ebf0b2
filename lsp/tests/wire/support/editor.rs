//! A client of the protocol: frames, ids, what the server says by itself. It keeps the texts as an editor does, and tells the server
//! of each change. Whatever it is told, it notes; what nobody has foreseen (a panic, an answer to nothing) fails the test.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream};
use tokio::sync::mpsc;

use super::{Memory, Unit, fixture};

/// Nothing that an editor asks for takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// So long nothing more is said by a server that has said all.
const QUIET: Duration = Duration::from_millis(150);

/// Where the server puts the standard library for the editor to show.
pub(crate) const STANDARD: &str = "/std";

/// What kind of editor it is.
#[derive(Clone, Debug)]
pub(crate) struct Manner {
    pub(crate) capabilities: Value,
    pub(crate) roots: Vec<String>,
    /// It answers what the server asks.
    pub(crate) answers: bool,
}

impl Default for Manner {
    /// One that can all there is, with the folder of all clients open.
    fn default() -> Self {
        let capabilities = json!({
            "general": { "positionEncodings": ["utf-16"] },
            "workspace": {
                "workspaceFolders": true,
                "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] },
                "didChangeWatchedFiles": { "dynamicRegistration": true },
                "diagnostics": { "refreshSupport": true },
                "inlayHint": { "refreshSupport": true },
                "codeLens": { "refreshSupport": true },
            },
            "textDocument": {
                "diagnostic": {},
                "publishDiagnostics": { "relatedInformation": true },
                "inlayHint": {},
                "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
                "completion": { "completionItem": { "snippetSupport": true } },
            },
        });
        Self { capabilities, roots: vec!["/clients".to_owned()], answers: true }
    }
}

impl Manner {
    /// An editor that has to be told of findings.
    pub(crate) fn told() -> Self {
        let mut manner = Self::default();
        manner.capabilities["textDocument"].as_object_mut().unwrap().remove("diagnostic");
        manner
    }

    pub(crate) fn counting(unit: &str) -> Self {
        let mut manner = Self::default();
        manner.capabilities["general"]["positionEncodings"] = json!([unit]);
        manner
    }

    pub(crate) fn at(roots: &[&str]) -> Self {
        Self { roots: roots.iter().map(|root| (*root).to_owned()).collect(), ..Self::default() }
    }
}

/// A document as the editor has it.
#[derive(Clone, Debug)]
pub(crate) struct Open {
    pub(crate) version: i32,
    pub(crate) text: String,
}

pub(crate) struct Editor {
    to: mpsc::UnboundedSender<Value>,
    from: mpsc::UnboundedReceiver<Value>,
    next: i64,
    /// Those that wait for an answer.
    asked: HashMap<i64, &'static str>,
    answers: HashMap<i64, Result<Value, Value>>,
    /// What the server has said and asked by itself, and was not looked for yet.
    pub(crate) said: Vec<Value>,
    pub(crate) open: BTreeMap<String, Open>,
    pub(crate) disk: Arc<Memory>,
    pub(crate) unit: Unit,
    /// The answer to `initialize`.
    pub(crate) begun: Value,
}

impl Editor {
    /// An editor that has just begun a server.
    pub(crate) async fn begin(disk: Memory, manner: &Manner) -> Self {
        listen_for_panics();
        let (to_server, input) = tokio::io::duplex(1 << 20);
        let (output, from_server) = tokio::io::duplex(1 << 20);
        let disk = Arc::new(disk);
        let settings = lsp::Settings {
            disk: Arc::<Memory>::clone(&disk),
            standard: Some(STANDARD.into()),
            as_of: Arc::new(|_, _| jiff::Timestamp::UNIX_EPOCH),
            version: "test",
        };
        tokio::spawn(lsp::serve(input, output, settings));
        let (to, outgoing) = mpsc::unbounded_channel();
        let (incoming, from) = mpsc::unbounded_channel();
        tokio::spawn(write(to_server, outgoing));
        tokio::spawn(read(from_server, incoming, manner.answers.then(|| to.clone())));
        let mut editor = Self {
            to,
            from,
            next: 0,
            asked: HashMap::new(),
            answers: HashMap::new(),
            said: Vec::new(),
            open: BTreeMap::new(),
            disk,
            unit: Unit::Utf16,
            begun: Value::Null,
        };
        let folders: Vec<Value> = manner.roots.iter().map(|root| json!({ "uri": uri(root), "name": root })).collect();
        let params = json!({
            "processId": null,
            "capabilities": manner.capabilities,
            "workspaceFolders": if folders.is_empty() { Value::Null } else { folders.into() },
        });
        editor.begun = editor.ask("initialize", params).await;
        editor.unit = Unit::of(&editor.begun["capabilities"]["positionEncoding"]);
        editor.tell("initialized", json!({}));
        editor
    }

    /// With some of the disk's files open.
    pub(crate) async fn with(disk: Memory, manner: &Manner, open: &[&str]) -> Self {
        let mut editor = Self::begin(disk, manner).await;
        for path in open {
            editor.open(path);
        }
        editor
    }

    /// Whether the server says that it can this.
    pub(crate) fn offers(&self, capability: &str) -> bool {
        !self.begun["capabilities"][capability].is_null()
    }

    pub(crate) fn tell(&self, method: &str, params: Value) {
        let mut message = json!({ "jsonrpc": "2.0", "method": method });
        message["params"] = params;
        self.raw(message);
    }

    pub(crate) fn raw(&self, message: Value) {
        self.to.send(message).expect("the server listens");
    }

    /// Asks, without waiting for the answer.
    pub(crate) fn send(&mut self, method: &'static str, params: Value) -> i64 {
        self.next += 1;
        self.asked.insert(self.next, method);
        let mut message = json!({ "jsonrpc": "2.0", "id": self.next, "method": method });
        message["params"] = params;
        self.raw(message);
        self.next
    }

    pub(crate) fn cancel(&self, id: i64) {
        self.tell("$/cancelRequest", json!({ "id": id }));
    }

    /// The answer to what was asked, or the refusal.
    pub(crate) async fn answer(&mut self, id: i64) -> Result<Value, Value> {
        loop {
            if let Some(answer) = self.answers.remove(&id) {
                return answer;
            }
            let received = tokio::time::timeout(PATIENCE, self.from.recv()).await;
            let waited_for = || self.asked.get(&id).copied().unwrap_or_default();
            let message = received.unwrap_or_else(|_| panic!("no answer to {}", waited_for()));
            self.take(message.expect("the server is there"));
        }
    }

    fn take(&mut self, message: Value) {
        if message.get("method").is_some() {
            let line = message["params"]["message"].as_str().unwrap_or_default();
            assert!(!line.contains("went wrong"), "{message}");
            self.said.push(message);
            return;
        }
        let id = message["id"].as_i64().unwrap_or_else(|| panic!("an answer to nobody: {message}"));
        assert!(self.asked.remove(&id).is_some(), "an answer to what was not asked: {message}");
        let answer = message.get("error").cloned().map_or_else(|| Ok(message["result"].clone()), Err);
        self.answers.insert(id, answer);
    }

    pub(crate) async fn try_ask(&mut self, method: &'static str, params: Value) -> Result<Value, Value> {
        let id = self.send(method, params);
        self.answer(id).await
    }

    pub(crate) async fn ask(&mut self, method: &'static str, params: Value) -> Value {
        let answer = self.try_ask(method, params).await;
        answer.unwrap_or_else(|error| panic!("{method} is refused: {error}"))
    }

    /// Waits until the server says something by itself.
    pub(crate) async fn hear(&mut self, method: &str) -> Value {
        loop {
            if let Some(at) = self.said.iter().position(|message| message["method"] == method) {
                return self.said.remove(at);
            }
            let received = tokio::time::timeout(PATIENCE, self.from.recv()).await;
            let message = received.unwrap_or_else(|_| panic!("the server never says {method}"));
            self.take(message.expect("the server is there"));
        }
    }

    /// All that the server says until it is quiet.
    pub(crate) async fn quiet(&mut self) -> Vec<Value> {
        while let Ok(Some(message)) = tokio::time::timeout(QUIET, self.from.recv()).await {
            self.take(message);
        }
        std::mem::take(&mut self.said)
    }

    /// A file as it is: open, or on the disk.
    pub(crate) fn text(&self, path: &str) -> String {
        let open = self.open.get(path).map(|open| open.text.clone());
        open.or_else(|| self.disk.get(path)).unwrap_or_else(|| panic!("there is no {path}"))
    }

    pub(crate) fn open(&mut self, path: &str) {
        let text = self.disk.get(path).unwrap_or_else(|| panic!("there is no {path}"));
        self.open_as(path, &text);
    }

    pub(crate) fn open_as(&mut self, path: &str, text: &str) {
        let document = json!({ "uri": uri(path), "languageId": "playbook", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        self.open.insert(path.to_owned(), Open { version: 1, text: text.to_owned() });
    }

    pub(crate) fn close(&mut self, path: &str) {
        self.tell("textDocument/didClose", document(path));
        self.open.remove(path);
    }

    /// Changes some bytes of an open document.
    pub(crate) fn change(&mut self, path: &str, bytes: std::ops::Range<usize>, text: &str) {
        let open = self.open.get_mut(path).expect("it is open");
        let range = self.unit.range(&open.text, bytes.clone());
        open.text.replace_range(bytes, text);
        open.version += 1;
        let version = open.version;
        self.tell_change(path, version, &json!({ "range": range, "text": text }));
    }

    pub(crate) fn replace_all(&mut self, path: &str, text: &str) {
        let open = self.open.get_mut(path).expect("it is open");
        text.clone_into(&mut open.text);
        open.version += 1;
        let version = open.version;
        self.tell_change(path, version, &json!({ "text": text }));
    }

    fn tell_change(&self, path: &str, version: i32, change: &Value) {
        let document = json!({ "uri": uri(path), "version": version });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change] }));
    }

    /// Puts a text in the place of another, which has to stand there once.
    pub(crate) fn exchange(&mut self, path: &str, before: &str, after: &str) {
        let text = self.text(path);
        assert_eq!(text.matches(before).count(), 1, "`{before}` has to stand once in {path}:\n{text}");
        let start = text.find(before).unwrap();
        self.change(path, start..start + before.len(), after);
    }

    /// Changes the disk, and tells the server.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let kind = if self.disk.get(path).is_some() { 2 } else { 1 };
        self.disk.put(path, text);
        self.watched(path, kind);
    }

    pub(crate) fn delete(&self, path: &str) {
        self.disk.remove(path);
        self.watched(path, 3);
    }

    fn watched(&self, path: &str, kind: u32) {
        self.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri(path), "type": kind }] }));
    }

    /// A document, and the place in it that a needle with a mark names.
    pub(crate) fn at(&self, path: &str, needle: &str) -> Value {
        let text = self.text(path);
        let place = self.unit.place(&text, fixture::marked(&text, needle));
        json!({ "textDocument": { "uri": uri(path) }, "position": place.value() })
    }

    /// The findings of a document, asked for.
    pub(crate) async fn findings(&mut self, path: &str) -> Vec<Value> {
        let report = self.ask("textDocument/diagnostic", document(path)).await;
        assert_eq!(report["kind"], "full", "{report}");
        report["items"].as_array().unwrap().clone()
    }

    /// The findings of all files, by path.
    pub(crate) async fn all_findings(&mut self) -> BTreeMap<String, Vec<Value>> {
        let report = self.ask("workspace/diagnostic", json!({ "previousResultIds": [] })).await;
        let files = report["items"].as_array().unwrap().iter();
        files
            .map(|file| {
                let path = path_of(file["uri"].as_str().unwrap());
                (path, file["items"].as_array().unwrap().clone())
            })
            .collect()
    }

    /// Does what the server says should be done: in what is open, else on the disk.
    pub(crate) fn apply(&mut self, edit: &Value) {
        if let Some(changes) = edit["changes"].as_object() {
            for (uri, edits) in changes {
                self.apply_to(&path_of(uri), edits.as_array().unwrap());
            }
        }
        for change in edit["documentChanges"].as_array().into_iter().flatten() {
            if change["kind"] == "create" {
                let path = path_of(change["uri"].as_str().unwrap());
                assert!(self.disk.get(&path).is_none(), "{path} is there already");
                self.write(&path, "");
                continue;
            }
            let path = path_of(change["textDocument"]["uri"].as_str().unwrap());
            let version = self.open.get(&path).map(|open| open.version);
            assert_eq!(change["textDocument"]["version"].as_i64(), version.map(i64::from), "{path}: {change}");
            self.apply_to(&path, change["edits"].as_array().unwrap());
        }
    }

    pub(crate) fn apply_to(&mut self, path: &str, edits: &[Value]) {
        let after = self.unit.applied(&self.text(path), edits);
        if self.open.contains_key(path) { self.replace_all(path, &after) } else { self.write(path, &after) }
    }

    /// Ends the server as an editor does.
    pub(crate) async fn leave(mut self) {
        self.ask("shutdown", Value::Null).await;
        self.tell("exit", Value::Null);
        assert_no_panics();
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        self.disk.release();
        if !std::thread::panicking() {
            assert_no_panics();
        }
    }
}

pub(crate) fn uri(path: &str) -> String {
    if path.starts_with('/') { format!("file://{path}") } else { path.to_owned() }
}

pub(crate) fn path_of(uri: &str) -> String {
    uri.strip_prefix("file://").unwrap_or(uri).to_owned()
}

/// `{"textDocument": {"uri": …}}`
pub(crate) fn document(path: &str) -> Value {
    json!({ "textDocument": { "uri": uri(path) } })
}

async fn write(mut to: DuplexStream, mut messages: mpsc::UnboundedReceiver<Value>) {
    while let Some(message) = messages.recv().await {
        let body = message.to_string();
        let framed = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        if to.write_all(framed.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read(
    from: DuplexStream,
    messages: mpsc::UnboundedSender<Value>,
    replies: Option<mpsc::UnboundedSender<Value>>,
) {
    let mut from = BufReader::new(from);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if from.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            match line.trim_end().split_once(": ") {
                Some(("Content-Length", number)) => length = number.parse().unwrap(),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        if from.read_exact(&mut body).await.is_err() {
            return;
        }
        let message: Value = serde_json::from_slice(&body).unwrap();
        if let (Some(replies), Some(id), Some(_)) = (&replies, message.get("id"), message.get("method")) {
            let _ = replies.send(json!({ "jsonrpc": "2.0", "id": id, "result": null }));
        }
        if messages.send(message).is_err() {
            return;
        }
    }
}

static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Notes whatever panics on the server's own threads.
fn listen_for_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if matches!(std::thread::current().name(), Some("playbooks" | "counts")) {
                PANICS.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(info.to_string());
            }
            before(info);
        }));
    });
}

pub(crate) fn assert_no_panics() {
    let panics = PANICS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    assert!(panics.is_empty(), "{}", panics.join("\n"));
}
