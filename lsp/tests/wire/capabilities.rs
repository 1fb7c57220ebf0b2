//! All that the server says it can: each has a handler, and a test that says what it does.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::editor::document;
use crate::support::{Editor, HILL, Manner, WORK, uri, world};

/// What the protocol calls a method that nobody has.
const METHOD_NOT_FOUND: i64 = -32601;

/// Each capability, and the test that covers it: its file below `lsp/`, its name.
const COVERED: [(&str, &str, &str); 35] = [
    ("positionEncoding", "capabilities", "each_unit_is_agreed_on_and_counted_in"),
    ("textDocumentSync.openClose", "per_client", "an_untitled_document_is_a_client_by_itself"),
    ("textDocumentSync.change", "torture", "random_edits_with_fifty_files_open"),
    ("textDocumentSync.save", "per_client", "saving_reads_the_disk_anew"),
    ("diagnosticProvider", "diagnostics", "findings_are_drawn_where_they_are"),
    ("diagnosticProvider.workspaceDiagnostics", "diagnostics", "the_whole_workspace_is_told_once"),
    ("diagnosticProvider.interFileDependencies", "stale", "what_is_asked_after_an_edit_is_about_the_text_after_it"),
    ("documentFormattingProvider", "formatting", "a_document_is_laid_out_as_the_command_does"),
    ("documentRangeFormattingProvider", "formatting", "a_range_lays_out_the_declarations_that_it_touches"),
    ("documentOnTypeFormattingProvider", "formatting", "a_brace_lays_out_what_it_closes"),
    ("hoverProvider", "hover", "what_is_said_of_names"),
    ("definitionProvider", "navigation", "definitions"),
    ("implementationProvider", "navigation", "implementations"),
    ("referencesProvider", "navigation", "references"),
    ("documentHighlightProvider", "navigation", "highlights"),
    ("linkedEditingRangeProvider", "navigation", "linked_editing"),
    ("renameProvider", "rename", "a_name_is_exchanged_in_all_files"),
    ("renameProvider.prepareProvider", "rename", "what_would_be_renamed"),
    ("documentSymbolProvider", "outline", "the_outline_of_a_document"),
    ("workspaceSymbolProvider", "outline", "names_of_the_workspace"),
    ("foldingRangeProvider", "outline", "what_can_be_folded"),
    ("selectionRangeProvider", "outline", "what_to_select_next"),
    ("documentLinkProvider", "outline", "what_a_document_points_to"),
    ("semanticTokensProvider", "semantic_tokens", "what_each_word_is"),
    ("semanticTokensProvider.full.delta", "semantic_tokens", "a_difference_makes_the_new_of_the_old"),
    ("semanticTokensProvider.range", "semantic_tokens", "a_range_is_part_of_the_whole"),
    ("inlayHintProvider", "outline", "hints"),
    ("codeLensProvider", "src/live", "stages_and_tests_have_lenses_and_a_test_runs_in_the_server"),
    ("executeCommandProvider", "src/live", "stages_and_tests_have_lenses_and_a_test_runs_in_the_server"),
    ("callHierarchyProvider", "call_hierarchy", "who_hands_over_to_whom"),
    ("codeActionProvider", "code_actions", "what_can_be_done"),
    ("completionProvider", "completion", "what_may_stand_here_is_the_clients_own"),
    ("completionProvider.resolveProvider", "completion", "more_is_said_of_one_that_is_looked_at"),
    ("signatureHelpProvider", "completion", "the_shape_of_the_clause_that_is_typed"),
    ("workspace.workspaceFolders", "per_client", "folders_come_and_go"),
];

/// What an editor sends for a capability.
fn requests(editor: &Editor, capability: &str) -> Vec<(&'static str, Value)> {
    let text = json!({ "uri": uri(WORK) });
    let at = editor.at(WORK, "workflow Find‸ing for");
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 20, "character": 0 } });
    let with = |name: &str, value: Value| {
        let mut params = at.clone();
        params[name] = value;
        params
    };
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    let item = json!({
        "name": "Finding", "kind": 5, "uri": uri(WORK), "range": range, "selectionRange": range,
    });
    match capability {
        "diagnosticProvider" => vec![("textDocument/diagnostic", document(WORK))],
        "diagnosticProvider.workspaceDiagnostics" => {
            vec![("workspace/diagnostic", json!({ "previousResultIds": [] }))]
        }
        "documentFormattingProvider" => {
            vec![("textDocument/formatting", json!({ "textDocument": text, "options": options }))]
        }
        "documentRangeFormattingProvider" => {
            let params = json!({ "textDocument": text, "range": range, "options": options });
            vec![("textDocument/rangeFormatting", params)]
        }
        "documentOnTypeFormattingProvider" => {
            let mut params = with("ch", json!("}"));
            params["options"] = options;
            vec![("textDocument/onTypeFormatting", params)]
        }
        "hoverProvider" => vec![("textDocument/hover", at)],
        "definitionProvider" => vec![("textDocument/definition", at)],
        "implementationProvider" => vec![("textDocument/implementation", at)],
        "referencesProvider" => {
            vec![("textDocument/references", with("context", json!({ "includeDeclaration": true })))]
        }
        "documentHighlightProvider" => vec![("textDocument/documentHighlight", at)],
        "linkedEditingRangeProvider" => vec![("textDocument/linkedEditingRange", at)],
        "renameProvider" => vec![("textDocument/rename", with("newName", json!("Looking")))],
        "renameProvider.prepareProvider" => vec![("textDocument/prepareRename", at)],
        "documentSymbolProvider" => vec![("textDocument/documentSymbol", document(WORK))],
        "workspaceSymbolProvider" => vec![("workspace/symbol", json!({ "query": "fit" }))],
        "foldingRangeProvider" => vec![("textDocument/foldingRange", document(WORK))],
        "selectionRangeProvider" => {
            vec![("textDocument/selectionRange", json!({ "textDocument": text, "positions": [at["position"]] }))]
        }
        "documentLinkProvider" => vec![("textDocument/documentLink", document(WORK))],
        "semanticTokensProvider" => vec![("textDocument/semanticTokens/full", document(WORK))],
        "semanticTokensProvider.full.delta" => {
            let params = json!({ "textDocument": text, "previousResultId": "1" });
            vec![("textDocument/semanticTokens/full/delta", params)]
        }
        "semanticTokensProvider.range" => {
            vec![("textDocument/semanticTokens/range", json!({ "textDocument": text, "range": range }))]
        }
        "inlayHintProvider" => vec![("textDocument/inlayHint", json!({ "textDocument": text, "range": range }))],
        "codeLensProvider" => vec![("textDocument/codeLens", document(WORK))],
        "executeCommandProvider" => {
            let arguments = json!([{ "client": "/clients/hill", "test": "a damp house counts" }]);
            vec![("workspace/executeCommand", json!({ "command": "playbook.runTest", "arguments": arguments }))]
        }
        "callHierarchyProvider" => vec![
            ("textDocument/prepareCallHierarchy", at),
            ("callHierarchy/incomingCalls", json!({ "item": item })),
            ("callHierarchy/outgoingCalls", json!({ "item": item })),
        ],
        "codeActionProvider" => {
            let params = json!({ "textDocument": text, "range": range, "context": { "diagnostics": [] } });
            vec![("textDocument/codeAction", params)]
        }
        "completionProvider" => vec![("textDocument/completion", at)],
        "completionProvider.resolveProvider" => vec![("completionItem/resolve", json!({ "label": "icp" }))],
        "signatureHelpProvider" => vec![("textDocument/signatureHelp", at)],
        // What is told, not asked.
        "positionEncoding"
        | "textDocumentSync.openClose"
        | "textDocumentSync.change"
        | "textDocumentSync.save"
        | "diagnosticProvider.interFileDependencies"
        | "workspace.workspaceFolders" => Vec::new(),
        other => panic!("nobody knows what an editor sends for {other}"),
    }
}

/// Every capability by its name, and those within that are promises of their own.
fn advertised(capabilities: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (name, value) in capabilities.as_object().unwrap() {
        let is_promised = |inner: &Value| !matches!(inner, Value::Null | Value::Bool(false));
        if !is_promised(value) {
            continue;
        }
        if !matches!(name.as_str(), "textDocumentSync" | "workspace") {
            found.insert(name.clone());
        }
        // How a promise is kept is no promise.
        let how = [
            "legend",
            "identifier",
            "codeActionKinds",
            "triggerCharacters",
            "retriggerCharacters",
            "commands",
            "full",
            "firstTriggerCharacter",
            "moreTriggerCharacter",
            "completionItem",
            "allCommitCharacters",
        ];
        for (inner, promise) in value.as_object().into_iter().flatten() {
            if is_promised(promise) && !how.contains(&inner.as_str()) {
                found.insert(format!("{name}.{inner}"));
            }
        }
        if is_promised(&value["full"]["delta"]) {
            found.insert(format!("{name}.full.delta"));
        }
    }
    found
}

#[tokio::test]
async fn what_the_server_can_is_said_once() {
    let editor = Editor::begin(world(), &Manner::default()).await;
    insta::assert_json_snapshot!(editor.begun);
    editor.leave().await;
}

#[tokio::test]
async fn whatever_is_advertised_has_a_handler_and_a_test() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL, WORK]).await;
    let advertised = advertised(&editor.begun["capabilities"]);
    for capability in &advertised {
        let covered = COVERED.iter().find(|(name, ..)| name == capability);
        let (_, file, test) = covered.unwrap_or_else(|| panic!("{capability} is advertised, and no test covers it"));
        assert!(is_there(file, test), "{capability}: there is no test `{test}` in {file}");
        for (method, params) in requests(&editor, capability) {
            if let Err(refusal) = editor.try_ask(method, params).await {
                assert_ne!(refusal["code"], METHOD_NOT_FOUND, "{capability} has no handler for {method}");
                panic!("{method} is refused: {refusal}");
            }
        }
    }
    for (name, ..) in COVERED {
        assert!(advertised.contains(name), "{name} is no longer advertised");
    }
    editor.leave().await;
}

/// Whether a test stands in a file of this folder, or anywhere below a folder of the server's own.
fn is_there(file: &str, test: &str) -> bool {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut left = vec![match file.strip_prefix("src/") {
        Some(_) => package.join(file),
        None => package.join("tests/wire").join(file).with_extension("rs"),
    }];
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if std::fs::read_to_string(&path).unwrap().contains(&format!("fn {test}(")) {
            return true;
        }
    }
    false
}

#[tokio::test]
async fn what_is_registered_later_is_covered_too() {
    let mut editor = Editor::begin(world(), &Manner::default()).await;
    let asked = editor.hear("client/registerCapability").await;
    insta::assert_json_snapshot!(asked["params"]);
    assert!(is_there("per_client", "a_file_of_the_disk_comes_changes_and_goes"));
    editor.leave().await;
    // Who cannot be asked is not asked.
    let mut manner = Manner::default();
    manner.capabilities["workspace"]["didChangeWatchedFiles"]["dynamicRegistration"] = json!(false);
    let mut editor = Editor::begin(world(), &manner).await;
    assert_eq!(editor.quiet().await, Vec::<Value>::new());
    editor.leave().await;
}

/// Letters of one to four bytes before what is asked about.
const LETTERS: &str = "client \"Ä\" { currency NZD }\nuse std.crm\n\nphrases a { \"aé漢😀\", \"b\" }\nscore s for Contact {\n  \
                       +1 when city is \"é漢😀\" and any conversation mentions a in the last 3 days because \"é漢😀\"\n}\n";

#[tokio::test]
async fn each_unit_is_agreed_on_and_counted_in() {
    let mut found = Vec::new();
    for (offered, agreed) in [
        (json!(["utf-8"]), "utf-8"),
        (json!(["utf-16"]), "utf-16"),
        (json!(["utf-32"]), "utf-32"),
        (json!(["utf-16", "utf-8"]), "utf-8"),
        (json!(["utf-32", "utf-16"]), "utf-16"),
        (json!(["utf-7"]), "utf-16"),
        (Value::Null, "utf-16"),
    ] {
        let mut manner = Manner::default();
        manner.capabilities["general"]["positionEncodings"] = offered;
        let disk = world();
        disk.put("/clients/letters/letters.playbook", LETTERS);
        let path = "/clients/letters/letters.playbook";
        let mut editor = Editor::with(disk, &manner, &[path]).await;
        assert_eq!(editor.begun["capabilities"]["positionEncoding"], agreed);
        // Behind the letters in the line: there, and back.
        let answer = editor.ask("textDocument/definition", editor.at(path, "mentions ‸a in")).await;
        let range = &answer[0]["range"];
        assert_eq!(editor.unit.bytes(LETTERS, range), LETTERS.find("a {").unwrap()..LETTERS.find(" { \"aé").unwrap());
        let highlights = editor.ask("textDocument/documentHighlight", editor.at(path, "phrases ‸a")).await;
        let last = highlights.as_array().unwrap().last().unwrap()["range"].clone();
        assert_eq!(&LETTERS[editor.unit.bytes(LETTERS, &last)], "a");
        found.push((agreed, last["start"]["character"].as_u64().unwrap()));
        // And in what is typed there.
        editor.exchange(path, "is \"é漢😀\"", "is \"é漢😀é漢😀\"");
        editor.exchange(path, "mentions a in", "mentions nobody in");
        let findings = editor.findings(path).await;
        let text = editor.text(path);
        let slices: Vec<&str> =
            findings.iter().map(|finding| &text[editor.unit.bytes(&text, &finding["range"])]).collect();
        assert!(slices.contains(&"nobody"), "{findings:#?}");
        editor.leave().await;
    }
    found.sort();
    found.dedup();
    assert_eq!(found, [("utf-16", 55), ("utf-32", 54), ("utf-8", 60)]);
}
