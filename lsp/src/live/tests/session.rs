//! An editor and the server, over pipes in memory: what is shown when, and what is in the log.
#![expect(clippy::string_slice, reason = "a test that cannot go on fails")]

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream};

use super::stand::{Stand, contacts, now};
use crate::live::AsOf;
use crate::{OnDisk, Settings};

/// Nothing that an editor asks for takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// Holds up whoever reads a CRM, until it is opened.
#[derive(Default)]
struct Gate {
    is_open: Mutex<bool>,
    bell: Condvar,
}

impl Gate {
    fn open(&self) {
        *self.is_open.lock().unwrap() = true;
        self.bell.notify_all();
    }

    fn pass(&self) {
        let mut is_open = self.is_open.lock().unwrap();
        while !*is_open {
            is_open = self.bell.wait(is_open).unwrap();
        }
    }
}

struct Editor {
    to: DuplexStream,
    from: BufReader<DuplexStream>,
    next: i64,
    /// What the server has said by itself, and was not looked for yet.
    said: VecDeque<Value>,
    /// Every line of the log.
    log: Vec<String>,
}

impl Editor {
    /// With the sample client's folder open; reading its CRM waits for the gate.
    async fn begin(stand: &Stand, gate: Arc<Gate>) -> Self {
        Self::begin_with(stand, gate, json!({ "inlayHint": {} })).await
    }

    /// An editor that can so much with texts.
    async fn begin_with(stand: &Stand, gate: Arc<Gate>, text: Value) -> Self {
        let (to, input) = tokio::io::duplex(1 << 20);
        let (output, from) = tokio::io::duplex(1 << 20);
        let as_of: AsOf = Arc::new(move |_, _| {
            gate.pass();
            now()
        });
        let settings = Settings { disk: Arc::new(OnDisk), standard: None, as_of, version: "test" };
        tokio::spawn(crate::serve(input, output, settings));
        let mut editor = Self { to, from: BufReader::new(from), next: 0, said: VecDeque::new(), log: Vec::new() };
        let capabilities = json!({
            "workspace": { "codeLens": { "refreshSupport": true }, "inlayHint": { "refreshSupport": true } },
            "textDocument": text,
        });
        let root = json!({ "uri": uri(stand.root()), "name": "clients" });
        let params = json!({ "processId": null, "capabilities": capabilities, "workspaceFolders": [root] });
        let begun = editor.ask("initialize", params).await;
        assert_eq!(
            begun["capabilities"]["executeCommandProvider"]["commands"],
            json!(["playbook.runTest", "playbook.simulate", "playbook.showContacts"])
        );
        editor.tell("initialized", json!({})).await;
        let (uri, text) = (uri(&stand.playbook()), stand.text());
        let document = json!({ "uri": uri, "languageId": "playbook", "version": 1, "text": text });
        editor.tell("textDocument/didOpen", json!({ "textDocument": document })).await;
        editor
    }

    async fn send(&mut self, message: Value) {
        let body = message.to_string();
        let framed = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.to.write_all(framed.as_bytes()).await.unwrap();
    }

    async fn tell(&mut self, method: &str, params: Value) {
        self.send(json!({ "jsonrpc": "2.0", "method": method, "params": params })).await;
    }

    async fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })).await;
        loop {
            let message = self.receive().await;
            if message["id"] == json!(id) && message.get("method").is_none() {
                assert!(message.get("error").is_none(), "{message}");
                return message["result"].clone();
            }
            self.said.push_back(message);
        }
    }

    /// Waits until the server says something by itself.
    async fn hear(&mut self, method: &str) -> Value {
        loop {
            if let Some(place) = self.said.iter().position(|message| message["method"] == method) {
                return self.said.remove(place).unwrap();
            }
            let message = self.receive().await;
            self.said.push_back(message);
        }
    }

    async fn receive(&mut self) -> Value {
        let message = tokio::time::timeout(PATIENCE, self.read()).await.unwrap();
        if message["method"] == "window/logMessage" {
            self.log.push(message.to_string());
        }
        // A request of the server's: an editor answers it at once.
        if let (Some(id), Some(_)) = (message.get("id"), message.get("method")) {
            self.send(json!({ "jsonrpc": "2.0", "id": id, "result": null })).await;
        }
        message
    }

    async fn read(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.from.read_line(&mut line).await.unwrap();
            match line.trim() {
                "" => break,
                header => {
                    if let Some(value) = header.strip_prefix("Content-Length: ") {
                        length = value.parse().unwrap();
                    }
                }
            }
        }
        let mut body = vec![0; length];
        self.from.read_exact(&mut body).await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    async fn change(&mut self, stand: &Stand, version: i32, text: &str) {
        let document = json!({ "uri": uri(&stand.playbook()), "version": version });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [{ "text": text }] }))
            .await;
    }

    /// The titles of all lenses of a file, each with its line from 1.
    async fn lenses(&mut self, path: &Path) -> Vec<String> {
        let lenses = self.ask("textDocument/codeLens", json!({ "textDocument": { "uri": uri(path) } })).await;
        let lenses = lenses.as_array().unwrap().clone();
        let title = |lens: &Value| {
            let line = lens["range"]["start"]["line"].as_u64().unwrap() + 1;
            format!("{line}: {}", lens["command"]["title"].as_str().unwrap())
        };
        lenses.iter().map(title).collect()
    }

    /// Waits for other counts than those that are shown.
    async fn lenses_after_counting(&mut self, stand: &Stand) -> Vec<String> {
        self.hear("workspace/codeLens/refresh").await;
        self.said.clear();
        self.lenses(&stand.playbook()).await
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// What a hover says of contacts.
fn after_the_rule(hover: &Value) -> String {
    let text = hover["contents"]["value"].as_str().unwrap();
    text.rsplit("---").next().unwrap().trim().to_owned()
}

/// The place of a text in another, as an editor names it.
fn position(text: &str, of: &str) -> Value {
    let before = &text[..text.find(of).unwrap()];
    let line = before.matches('\n').count();
    json!({ "line": line, "character": before.len() - before.rfind('\n').map_or(0, |end| end + 1) })
}

#[tokio::test]
async fn typing_never_waits_for_the_crm_and_counts_follow() {
    let stand = Stand::at_work();
    let gate = Arc::new(Gate::default());
    let mut editor = Editor::begin(&stand, Arc::clone(&gate)).await;
    let text = stand.text();

    // While the CRM is held up, everything is answered.
    assert_eq!(editor.lenses(&stand.playbook()).await, Vec::<String>::new());
    let at =
        json!({ "textDocument": { "uri": uri(&stand.playbook()) }, "position": position(&text, "icp for Contact") });
    let hover = editor.ask("textDocument/hover", at.clone()).await;
    assert!(hover["contents"]["value"].as_str().unwrap().contains("icp"), "{hover}");
    editor.change(&stand, 2, &format!("{text}\n")).await;
    assert_eq!(editor.lenses(&stand.playbook()).await, Vec::<String>::new());

    gate.open();
    let counted = editor.lenses_after_counting(&stand).await;
    insta::assert_snapshot!(counted.join("\n"), @"35: hot 6 · warm 11 · cold 43");

    let shown = editor.ask("textDocument/hover", at).await;
    insta::assert_snapshot!(after_the_rule(&shown), @r"
    **hot 6 · warm 11 · cold 43** of 60 contacts

    hot, among others:
    - Jack Yarborne, Oakenquay Construction (96.83 points)
    - Ivy Fenwright, Quillstone Solar (88.56 points)
    - Sione Fenwright, Tidefall Builders (82.04 points)

    warm, among others:
    - Liang Dunmarsh, Oakenquay Construction (69.72 points)
    - Wiremu Northgarth, Thistlerow Civil (67.46 points)
    - Noah Ashgarrow, Marrowbank Solar (64.78 points)

    cold, among others:
    - Tane Ravensdon, Copperlea Solar (44.57 points)
    - Wanda Bellthorn, Harrowden Civil (43.29 points)
    - Nina Eldermoor, Fallowbeck Solar (40.67 points)

    *as of 20 Nov 2026, 13:00 (Pacific/Auckland)*
    ");
    let at = position(&text, "+35 when company.industry");
    let at = json!({ "textDocument": { "uri": uri(&stand.playbook()) }, "position": at });
    let shown = editor.ask("textDocument/hover", at).await;
    insta::assert_snapshot!(after_the_rule(&shown), @r"
    gives points to **44 of 60** contacts
    - Jack Yarborne, Oakenquay Construction (96.83 points)
    - Ivy Fenwright, Quillstone Solar (88.56 points)
    - Sione Fenwright, Tidefall Builders (82.04 points)

    *as of 20 Nov 2026, 13:00 (Pacific/Auckland)*
    ");

    let hints = json!({
        "textDocument": { "uri": uri(&stand.playbook()) },
        "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 999, "character": 0 } },
    });
    let hints = editor.ask("textDocument/inlayHint", hints).await;
    let label = |hint: &Value| Some(format!("{}: {}", hint["position"]["line"].as_u64()? + 1, hint["label"].as_str()?));
    let hints: Vec<String> =
        hints.as_array().unwrap().iter().filter_map(label).filter(|label| label.contains(" of 6")).collect();
    insta::assert_snapshot!(hints.join("\n"), @r"
    38: 44 of 60
    39: 30 of 60
    40: 60 of 60
    41: 17 of 60
    45: 44 of 60
    46: 9 of 60
    47: 23 of 60
    48: 15 of 60
    53: 23 of 60
    54: 26 of 60
    55: 18 of 60
    56: 8 of 60
    57: 9 of 60
    61: 18 of 60
    62: 7 of 60
    63: 9 of 60
    64: 25 of 60
    68: 5 of 60
    69: 6 of 60
    70: 11 of 60
    71: 38 of 60
    ");

    // Another threshold, and who would move.
    let other = text.replace("icp >= 45", "icp >= 20");
    editor.change(&stand, 3, &other).await;
    let moved = editor.lenses_after_counting(&stand).await;
    insta::assert_snapshot!(moved.join("\n"), @r"
    35: hot 6 · warm 36 · cold 18
    35: 25 would move: 25 cold → warm
    ");

    let at =
        json!({ "textDocument": { "uri": uri(&stand.playbook()) }, "position": position(&other, "icp for Contact") });
    let shown = editor.ask("textDocument/hover", at).await;
    let moves = after_the_rule(&shown);
    insta::assert_snapshot!(moves[moves.find("against").unwrap()..], @r"
    against the playbook on the disk, **25 would move: 25 cold → warm**
    - Wanda Ashgarrow, Rookhope Builders (cold → warm, 20.67 points)
    - Wanda Bellthorn, Harrowden Civil (cold → warm, 43.29 points)
    - Max Carrowby, Amberfold Solar (cold → warm, 21.69 points)

    *as of 20 Nov 2026, 13:00 (Pacific/Auckland)*
    ");

    // With an error the last counts stay, and say so.
    editor.change(&stand, 4, &other.replace("icp >= 20", "icp >=")).await;
    let stale = editor.lenses(&stand.playbook()).await;
    insta::assert_snapshot!(stale.join("\n"), @r"
    35: hot 6 · warm 36 · cold 18, as of the last playbook without errors
    35: 25 would move: 25 cold → warm, as of the last playbook without errors
    ");

    // Corrected and gone: what cannot be counted any more is not shown.
    editor.change(&stand, 5, &text).await;
    assert_eq!(editor.lenses_after_counting(&stand).await, counted);
    std::fs::remove_file(stand.crm()).unwrap();
    let gone = json!({ "changes": [{ "uri": uri(&stand.crm()), "type": 3 }] });
    editor.tell("workspace/didChangeWatchedFiles", gone).await;
    assert_eq!(editor.lenses_after_counting(&stand).await, Vec::<String>::new());
    assert_no_person_in(&editor.log);
}

#[tokio::test]
async fn stages_and_tests_have_lenses_and_a_test_runs_in_the_server() {
    let stand = Stand::at_work();
    let gate = Arc::new(Gate::default());
    gate.open();
    let mut editor = Editor::begin(&stand, gate).await;
    editor.lenses_after_counting(&stand).await;
    let workflows = editor.lenses(&stand.client().join("workflows.playbook")).await;
    insta::assert_snapshot!(workflows.join("\n"), @r"
    40: 20 runs here
    47: 28 runs here
    55: 12 runs here
    63: no runs here
    69: no runs here
    76: no runs here
    98: simulate
    ");

    let path = stand.client().join("tests.playbook");
    let lenses = editor.ask("textDocument/codeLens", json!({ "textDocument": { "uri": uri(&path) } })).await;
    let command = lenses[0]["command"].clone();
    assert_eq!(command["title"], "run test");
    let params = json!({ "command": command["command"], "arguments": command["arguments"] });
    let answer = editor.ask("workspace/executeCommand", params).await;
    assert!(answer.as_str().unwrap().contains("passed"), "{answer}");
    let shown = editor.hear("window/showMessage").await;
    assert_eq!((&shown["params"]["message"], &shown["params"]["type"]), (&answer, &json!(3)));

    // What is open counts, not what is on the disk; and a test that fails says what is.
    let text = stand.text().replace("+35 when company.industry", "-35 when company.industry");
    editor.change(&stand, 2, &text).await;
    let mut failed = Vec::new();
    for lens in lenses.as_array().unwrap() {
        let command = &lens["command"];
        let params = json!({ "command": command["command"], "arguments": command["arguments"] });
        let answer = editor.ask("workspace/executeCommand", params).await;
        failed.extend(answer.as_str().filter(|answer| answer.contains("failed")).map(str::to_owned));
    }
    assert!(!failed.is_empty());
    insta::assert_snapshot!(failed[0], @r"
    `an unknown headcount is asked for, not guessed` failed
    line 13: `firmographic is 55, could reach 80` expects 55, could reach 80, and what is: 0, could reach 10
    ");
    assert_no_person_in(&editor.log);
}

#[tokio::test]
async fn an_editor_without_hints_sees_the_counts_of_rules_as_lenses() {
    let stand = Stand::new();
    let gate = Arc::new(Gate::default());
    gate.open();
    let mut editor = Editor::begin_with(&stand, gate, json!({})).await;
    let lenses = editor.lenses_after_counting(&stand).await;
    insta::assert_snapshot!(lenses[..3].join("\n"), @r"
    35: hot 6 · warm 11 · cold 43
    38: 44 of 60
    39: 30 of 60
    ");
    assert_eq!(lenses.len(), 22);

    // What a lens of a rule brings along is shown where it is chosen.
    let params = json!({ "textDocument": { "uri": uri(&stand.playbook()) } });
    let lens = editor.ask("textDocument/codeLens", params).await[1]["command"].clone();
    let params = json!({ "command": lens["command"], "arguments": lens["arguments"] });
    let answer = editor.ask("workspace/executeCommand", params).await;
    insta::assert_snapshot!(answer.as_str().unwrap(), @r"
    44 of 60 contacts get points of `icp`
    Jack Yarborne (Oakenquay Construction · 96.83 points)
    Ivy Fenwright (Quillstone Solar · 88.56 points)
    Sione Fenwright (Tidefall Builders · 82.04 points)
    ");
    let mut argument = lens["arguments"][0].clone();
    argument["client"] = Value::Null;
    argument["contacts"] = Value::Null;
    insta::assert_snapshot!(argument, @r#"{"client":null,"title":"44 of 60 contacts get points of `icp`","contacts":null,"score":"icp","layer":"firmographic","rule":0}"#);
    assert_no_person_in(&editor.log);
}

#[tokio::test]
async fn a_crm_that_cannot_be_read_is_said_once_and_without_a_word_of_it() {
    let stand = Stand::new();
    let gate = Arc::new(Gate::default());
    gate.open();
    std::fs::write(stand.crm(), contacts()).unwrap();
    let mut editor = Editor::begin(&stand, gate).await;
    let said = editor.hear("window/logMessage").await;
    assert_eq!(said["params"]["message"], "live data is not to be had: `crm.db` is no CRM that this version can read");
    editor.change(&stand, 2, &format!("{}\n", stand.text())).await;
    assert_eq!(editor.lenses(&stand.playbook()).await, Vec::<String>::new());
    assert_no_person_in(&editor.log);
}

/// No name, address or telephone number of the sample data.
fn assert_no_person_in(log: &[String]) {
    let contacts = contacts();
    let cells = contacts.lines().skip(1).flat_map(|line| line.split(',').skip(1).take(6)).map(str::trim);
    for cell in cells.filter(|cell| cell.len() > 3 && !cell.chars().all(|letter| letter.is_ascii_digit())) {
        assert!(!log.iter().any(|line| line.contains(cell)), "`{cell}` is in the log: {log:#?}");
    }
}
