//! Whatever an editor does, however fast and however wrong: no panic, no lost document, no wrong answer. At the end of each the answers
//! are those of a server that was never told anything but the final texts.
//!
//! All of it together takes a minute; with `PLAYBOOK_LONG_TESTS=1` it types every letter with a question behind it and edits at
//! random for ten minutes.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::editor::document;
use crate::support::{Editor, HILL, Manner, Memory, RIVER, WORDS, WORK, uri, world};

fn is_long() -> bool {
    std::env::var_os("PLAYBOOK_LONG_TESTS").is_some()
}

/// What is said of a document that does not depend on what was asked before.
async fn answers(editor: &mut Editor, path: &str) -> Vec<(String, Value)> {
    let text = json!({ "uri": uri(path) });
    let everything = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": u32::MAX, "character": 0 } });
    let questions = [
        ("textDocument/diagnostic", json!({ "textDocument": text })),
        ("textDocument/documentSymbol", json!({ "textDocument": text })),
        ("textDocument/semanticTokens/range", json!({ "textDocument": text, "range": everything })),
        ("textDocument/foldingRange", json!({ "textDocument": text })),
        ("textDocument/documentLink", json!({ "textDocument": text })),
        ("textDocument/inlayHint", json!({ "textDocument": text, "range": everything })),
        ("textDocument/formatting", json!({ "textDocument": text, "options": { "tabSize": 2, "insertSpaces": true } })),
    ];
    let mut found = Vec::new();
    for (method, params) in questions {
        found.push((method.to_owned(), editor.ask(method, params).await));
    }
    found
}

/// Everything that is open, asked about here and in a fresh server, has the same answers; and the texts are the editor's.
async fn assert_as_fresh(editor: &mut Editor, manner: &Manner) {
    let mut fresh = Editor::begin(editor.disk.copy(), manner).await;
    let open: Vec<(String, String)> =
        editor.open.iter().map(|(path, open)| (path.clone(), open.text.clone())).collect();
    for (path, text) in &open {
        fresh.open_as(path, text);
    }
    for (path, text) in &open {
        let (here, there) = (answers(editor, path).await, answers(&mut fresh, path).await);
        for ((method, here), (_, there)) in here.iter().zip(&there) {
            assert_eq!(here, there, "{method} of {path}:\n{text}");
        }
        // The server's text is the editor's: its layout is that of this very text.
        let (_, edits) = here.last().unwrap();
        if let Some(edits) = edits.as_array() {
            assert_eq!(editor.unit.applied(text, edits), language::format(text).text, "{path}");
        }
    }
    assert_eq!(editor.all_findings().await, fresh.all_findings().await);
    fresh.leave().await;
}

/// A playbook of the repository on a disk in memory, and the paths of its files.
fn playbook(name: &str, disk: &Memory) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../playbooks").join(name);
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "playbook") {
            let there = format!("/clients/{name}/{}", path.file_name().unwrap().to_string_lossy());
            disk.put(&there, &std::fs::read_to_string(&path).unwrap());
            paths.push(there);
        }
    }
    paths.sort();
    paths
}

/// Types a client's files, one after the other, letter by letter; every so many letters something is asked.
async fn typed(name: &str) {
    let every = if is_long() { 1 } else { 29 };
    let disk = Memory::default();
    let paths = playbook(name, &disk);
    let manner = Manner::default();
    let mut editor = Editor::begin(disk, &manner).await;
    let mut count = 0;
    for path in &paths {
        let whole = editor.disk.get(path).unwrap();
        editor.open_as(path, "");
        for letter in whole.chars() {
            let end = editor.open[path].text.len();
            editor.change(path, end..end, letter.encode_utf8(&mut [0; 4]));
            count += 1;
            if count % every == 0 {
                asked_of_everything(&mut editor, path, count / every).await;
            }
        }
        assert_eq!(editor.open[path].text, whole);
        // What the client allows is noted.
        let worse: Vec<Value> =
            editor.findings(path).await.into_iter().filter(|found| found["severity"] != 3).collect();
        assert_eq!(worse, Vec::<Value>::new(), "{path}");
    }
    assert_as_fresh(&mut editor, &manner).await;
    editor.leave().await;
}

/// One question at the end of a text; another each time.
async fn asked_of_everything(editor: &mut Editor, path: &str, round: usize) {
    let text = editor.open[path].text.clone();
    let at = editor.unit.place(&text, text.len()).value();
    let (method, params) = question(editor, path, &at, round);
    // A title or a name of the library may be what stands there: that is refused, and in words.
    if let Err(refusal) = editor.try_ask(method, params).await {
        assert_eq!(refusal["code"], -32803, "{method} of {path}: {refusal}\n{text}");
    }
}

/// So many kinds of questions there are.
const KINDS: usize = 26;

/// One of all questions that an editor can ask about a place.
fn question(editor: &Editor, path: &str, at: &Value, round: usize) -> (&'static str, Value) {
    let text = json!({ "uri": uri(path) });
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": at });
    let place = json!({ "textDocument": text, "position": at });
    let with = |name: &str, value: Value| {
        let mut params = place.clone();
        params[name] = value;
        params
    };
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    match round % KINDS {
        0 => ("textDocument/hover", place),
        1 => ("textDocument/definition", place),
        2 => ("textDocument/implementation", place),
        3 => ("textDocument/references", with("context", json!({ "includeDeclaration": true }))),
        4 => ("textDocument/documentHighlight", place),
        5 => ("textDocument/linkedEditingRange", place),
        6 => ("textDocument/prepareRename", place),
        7 => ("textDocument/rename", with("newName", json!("renamed"))),
        8 => ("textDocument/documentSymbol", json!({ "textDocument": text })),
        9 => ("workspace/symbol", json!({ "query": "co" })),
        10 => ("textDocument/foldingRange", json!({ "textDocument": text })),
        11 => ("textDocument/selectionRange", json!({ "textDocument": text, "positions": [at] })),
        12 => ("textDocument/documentLink", json!({ "textDocument": text })),
        13 => ("textDocument/semanticTokens/full", json!({ "textDocument": text })),
        14 => ("textDocument/semanticTokens/full/delta", json!({ "textDocument": text, "previousResultId": "1" })),
        15 => ("textDocument/semanticTokens/range", json!({ "textDocument": text, "range": range })),
        16 => ("textDocument/inlayHint", json!({ "textDocument": text, "range": range })),
        17 => ("textDocument/codeLens", json!({ "textDocument": text })),
        18 => ("textDocument/prepareCallHierarchy", place),
        19 => ("textDocument/formatting", json!({ "textDocument": text, "options": options })),
        20 => ("textDocument/rangeFormatting", json!({ "textDocument": text, "range": range, "options": options })),
        21 => {
            let mut params = with("ch", json!("\n"));
            params["options"] = options;
            ("textDocument/onTypeFormatting", params)
        }
        22 => (
            "textDocument/codeAction",
            json!({ "textDocument": text, "range": range, "context": { "diagnostics": [] } }),
        ),
        23 if editor.offers("completionProvider") => ("textDocument/completion", place),
        24 if editor.offers("signatureHelpProvider") => ("textDocument/signatureHelp", place),
        _ => ("textDocument/diagnostic", json!({ "textDocument": text })),
    }
}

#[tokio::test]
async fn every_prefix_of_sneakers_typed_letter_by_letter() {
    typed("sneakers").await;
}

#[tokio::test]
async fn every_prefix_of_stackmates_typed_letter_by_letter() {
    typed("stackmates").await;
}

/// Numbers that look random and are the same each time (xorshift64*, Marsaglia 2003 and Vigna 2016).
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % most.max(1)
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// What somebody may type or paste.
const PIECES: [&str; 24] = [
    "",
    "\n",
    " ",
    "}",
    "{",
    "\"",
    "\"\"\"",
    "//",
    "/// ",
    "when",
    "score x for Contact {",
    "é漢😀",
    "\r\n",
    "\r",
    "\u{feff}",
    "use shared.words\n",
    "phrases p { \"a\" }\n",
    "+10 when ",
    "because \"b\"",
    "[",
    ")",
    "0",
    "\t",
    "\u{202e}",
];

/// Fifty files of fourteen clients, with what they share.
fn many() -> (Memory, Vec<String>) {
    let disk = world();
    let mut paths = vec![WORDS.to_owned()];
    for number in 0..12 {
        let folder = format!("/clients/c{number}");
        for (from, name) in [(HILL, "hill"), (WORK, "work")] {
            let path = format!("{folder}/{name}.playbook");
            disk.put(&path, &disk.get(from).unwrap().replace("Hillside", &format!("Client {number}")));
            paths.push(path);
        }
        for name in ["one", "two"] {
            let path = format!("{folder}/{name}.playbook");
            disk.put(&path, &format!("phrases {name} {{ \"{name}\" }}\n"));
            paths.push(path);
        }
    }
    paths.push(RIVER.to_owned());
    (disk, paths)
}

#[tokio::test]
async fn random_edits_with_fifty_files_open() {
    let (disk, paths) = many();
    assert_eq!(paths.len(), 50);
    let (manner, original) = (Manner::default(), disk.copy());
    let mut editor = Editor::begin(disk, &manner).await;
    for path in &paths {
        editor.open(path);
    }
    let until = Instant::now() + Duration::from_secs(if is_long() { 600 } else { 12 });
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut waiting = Vec::new();
    let mut steps = 0;
    while Instant::now() < until {
        steps += 1;
        let path = random.of(&paths).clone();
        match random.below(20) {
            // The text as it was at first.
            0 => {
                if let Some(open) = editor.open.get(&path) {
                    let (length, text) = (open.text.len(), original.get(&path).unwrap());
                    editor.change(&path, 0..length, &text);
                }
            }
            1 => {
                if editor.open.contains_key(&path) {
                    editor.close(&path);
                } else {
                    editor.open_as(&path, &original.get(&path).unwrap());
                }
            }
            // A file vanishes, or comes back.
            2 => {
                if editor.disk.get(&path).is_some() {
                    editor.delete(&path);
                } else {
                    editor.write(&path, &original.get(&path).unwrap());
                }
            }
            3..=9 => {
                let Some(open) = editor.open.get(&path) else { continue };
                let text = open.text.clone();
                let mut ends = [random.below(text.len() + 1), 0];
                ends[1] = (ends[0] + random.below(12)).min(text.len());
                let [start, end] = ends.map(|byte| (0..=byte).rev().find(|at| text.is_char_boundary(*at)).unwrap());
                // The test's own editor knows no line ends but `\n`.
                let piece = random.of(&PIECES).replace('\r', "");
                editor.change(&path, start..end, &piece);
            }
            10 => {
                if let Some(id) = waiting.pop() {
                    editor.cancel(id);
                    waiting.insert(0, id);
                }
            }
            _ => {
                let at = json!({ "line": random.below(60), "character": random.below(90) });
                let (method, params) = question(&editor, &path, &at, random.below(KINDS));
                waiting.push(editor.send(method, params));
            }
        }
        if waiting.len() > 64 {
            for id in waiting.drain(..) {
                refused_rightly(editor.answer(id).await);
            }
        }
        tokio::task::yield_now().await;
    }
    for id in waiting {
        refused_rightly(editor.answer(id).await);
    }
    assert!(steps > 500, "{steps} steps");
    assert_as_fresh(&mut editor, &manner).await;
    editor.leave().await;
}

/// Cancelled, overtaken, or impossible in words: nothing else is a reason not to answer.
fn refused_rightly(answer: Result<Value, Value>) {
    if let Err(refusal) = answer {
        let code = refusal["code"].as_i64().unwrap();
        assert!([-32800, -32801, -32802, -32803].contains(&code), "{refusal}");
    }
}

#[tokio::test]
async fn a_thousand_questions_at_once_and_half_of_them_cancelled() {
    let manner = Manner::default();
    let mut editor = Editor::with(world(), &manner, &[HILL, WORK, RIVER, WORDS]).await;
    editor.findings(HILL).await;
    editor.disk.hold();
    editor.open_as("/clients/hill/more.playbook", "");
    let paths = [HILL, WORK, RIVER, WORDS];
    let at = json!({ "line": 20, "character": 12 });
    let mut ids = Vec::new();
    for round in 0..1000 {
        let (method, params) = question(&editor, paths[round % 4], &at, round);
        ids.push(editor.send(method, params));
        if round % 2 == 1 {
            editor.cancel(*ids.last().unwrap());
        }
        if round == 500 {
            editor.exchange(HILL, "built < 1990", "built < 1980");
        }
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    editor.disk.release();
    let mut cancelled = 0;
    for id in ids {
        let answer = editor.answer(id).await;
        cancelled += usize::from(answer.as_ref().is_err_and(|refusal| refusal["code"] == -32800));
        refused_rightly(answer);
    }
    assert_eq!(cancelled, 500);
    assert_as_fresh(&mut editor, &manner).await;
    editor.leave().await;
}

#[tokio::test]
async fn an_editor_that_never_answers_is_served_all_the_same() {
    let manner = Manner { answers: false, ..Manner::default() };
    let mut editor = Editor::with(world(), &manner, &[HILL, WORK, RIVER, WORDS]).await;
    for path in [HILL, WORK, RIVER, WORDS] {
        editor.findings(path).await;
    }
    for round in 0..150 {
        let (before, after) = if round % 2 == 0 { ("fit", "fitness") } else { ("fitness", "fit") };
        editor.exchange(WORDS, &format!("score {before} for"), &format!("score {after} for"));
        let found = editor.findings(RIVER).await;
        assert_eq!(found.is_empty(), round % 2 == 1, "round {round}");
        // The server has time to ask for something that it never gets.
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let asked = editor.said.iter().filter(|message| message.get("id").is_some()).count();
    assert!(asked > 10, "{asked} questions");
    assert_as_fresh(&mut editor, &manner).await;
    editor.leave().await;
}

#[tokio::test]
async fn files_vanish_from_the_disk() {
    let manner = Manner::default();
    let mut editor = Editor::with(world(), &manner, &[HILL]).await;
    editor.findings(HILL).await;
    // Without a word, while they are looked at; and with one.
    for path in [WORK, WORDS, RIVER, HILL] {
        editor.disk.remove(path);
        for round in 0..KINDS {
            let (method, params) = question(&editor, path, &json!({ "line": 3, "character": 4 }), round);
            refused_rightly(editor.try_ask(method, params).await);
        }
        editor.delete(path);
    }
    assert_eq!(editor.all_findings().await.len(), 1);
    assert_as_fresh(&mut editor, &manner).await;
    editor.close(HILL);
    assert_eq!(editor.all_findings().await.len(), 0);
    editor.write(HILL, &world().get(HILL).unwrap());
    assert_eq!(editor.all_findings().await.len(), 1);
    editor.leave().await;
}

#[tokio::test]
async fn places_that_are_in_no_text() {
    for unit in ["utf-8", "utf-16", "utf-32"] {
        let mut editor = Editor::begin(world(), &Manner::counting(unit)).await;
        let path = "/clients/odd/odd.playbook";
        let text = "client \"😀é漢\" { currency NZD }\r\nuse std.crm\rphrases 😀 { \"😀😀\" }\n";
        editor.open_as(path, text);
        let numbers = [0, 1, 9, 10, 11, 12, 13, 14, 15, 16, 99, 1 << 31, u32::MAX];
        for line in [0, 1, 2, 3, 4, u32::MAX] {
            for character in numbers {
                for round in 0..KINDS {
                    let at = json!({ "line": line, "character": character });
                    let (method, params) = question(&editor, path, &at, round);
                    refused_rightly(editor.try_ask(method, params).await);
                }
            }
        }
        // Edits there: into the middle of a letter, backwards, beyond the end. The nearest places that are in the text are meant.
        let range = |from: (u32, u32), to: (u32, u32)| json!({ "start": { "line": from.0, "character": from.1 }, "end": { "line": to.0, "character": to.1 } });
        let ranges = [
            range((0, 9), (0, 9)),
            range((0, 10), (0, 9)),
            range((9, 9), (0, 0)),
            range((1, u32::MAX), (1, u32::MAX)),
            range((u32::MAX, u32::MAX), (u32::MAX, u32::MAX)),
            range((2, 9), (2, 10)),
        ];
        for (version, range) in ranges.into_iter().enumerate() {
            let document = json!({ "uri": uri(path), "version": version + 2 });
            let params = json!({ "textDocument": document, "contentChanges": [{ "range": range, "text": "x" }] });
            editor.tell("textDocument/didChange", params);
            answers(&mut editor, path).await;
        }
        // The text can be said anew, whatever it was.
        editor.replace_all(path, "client \"A\" { currency NZD }\n");
        assert_eq!(editor.findings(path).await, Vec::<Value>::new());
        editor.leave().await;
    }
}

#[tokio::test]
async fn what_no_editor_should_say() {
    let manner = Manner::default();
    let mut editor = Editor::with(world(), &manner, &[HILL]).await;
    let change = |path: &str, text: &str| {
        let document = json!({ "uri": uri(path), "version": 7 });
        json!({ "textDocument": document, "contentChanges": [{ "text": text }] })
    };
    // Of documents that were never opened, or are closed.
    editor.tell("textDocument/didChange", change(RIVER, "nonsense"));
    editor.tell("textDocument/didClose", document(RIVER));
    editor.tell("textDocument/didSave", document(RIVER));
    assert_eq!(editor.findings(RIVER).await, Vec::<Value>::new());
    // Opened twice: the last text counts. Closed twice.
    editor.open_as(RIVER, "client \"R\" { currency NZD }\nphrases a { \"x\" }\n");
    editor.open_as(RIVER, "client \"R\" { currency NZD }\n");
    assert_eq!(editor.findings(RIVER).await, Vec::<Value>::new());
    editor.close(RIVER);
    editor.tell("textDocument/didClose", document(RIVER));
    // Of schemes that nobody knows, and names that are no names.
    for path in [
        "untitled:a",
        "git:/clients/hill/hill.playbook?x",
        "vscode-notebook-cell:/a#1",
        "http://example.org/a.playbook",
        "file:",
        "file:///",
        "file:///%FF%00.playbook",
        "x:",
    ] {
        editor.open_as(path, "phrases a { \"x\" }\n");
        for round in 0..KINDS {
            let (method, params) = question(&editor, path, &json!({ "line": 0, "character": 9 }), round);
            refused_rightly(editor.try_ask(method, params).await);
        }
        let end = editor.open[path].text.len();
        editor.change(path, end..end, "}");
        editor.findings(path).await;
    }
    // What is no method, no parameter, no answer.
    assert_eq!(editor.try_ask("playbook/nothing", json!({})).await.unwrap_err()["code"], -32601);
    assert_eq!(editor.try_ask("textDocument/hover", json!({ "x": 1 })).await.unwrap_err()["code"], -32602);
    editor.tell("playbook/nothing", json!({}));
    editor.cancel(999_999);
    editor.raw(json!({ "jsonrpc": "2.0", "id": 999_999, "result": null }));
    editor.tell("textDocument/didOpen", json!({ "textDocument": 5 }));
    // Folders and files that are nowhere.
    let nowhere = json!([{ "uri": "file:///nowhere", "name": "n" }, { "uri": "untitled:folder", "name": "u" }]);
    editor.tell("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": nowhere, "removed": [] } }));
    editor.tell("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": [], "removed": nowhere } }));
    for command in ["playbook.runTest", "playbook.simulate", "playbook.showContacts", "no.command"] {
        for arguments in
            [json!([]), json!([5]), json!(["/clients/hill"]), json!([{ "client": "/nowhere", "test": "t" }])]
        {
            let params = json!({ "command": command, "arguments": arguments });
            refused_rightly(editor.try_ask("workspace/executeCommand", params).await);
        }
    }
    assert_as_fresh(&mut editor, &manner).await;
    editor.leave().await;
}

#[tokio::test]
async fn a_second_beginning_is_refused_and_nothing_is_answered_after_the_end() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    // A second beginning is refused.
    let params = json!({ "processId": null, "capabilities": {}, "workspaceFolders": null });
    assert_eq!(editor.try_ask("initialize", params).await.unwrap_err()["code"], -32600);
    assert_eq!(editor.findings(HILL).await, Vec::<Value>::new());
    editor.ask("shutdown", Value::Null).await;
    assert_eq!(
        editor.try_ask("textDocument/hover", editor.at(HILL, "score ic‸p for")).await.unwrap_err()["code"],
        -32600
    );
    editor.tell("exit", Value::Null);
}
