//! What an editor shows around a text: outline, names, folds, selections, links, hints.

use serde_json::{Value, json};

use crate::support::editor::document;
use crate::support::{Editor, HILL, Manner, WORDS, WORK, draw, path_of, uri, world};

const KINDS: [&str; 27] = [
    "",
    "file",
    "module",
    "namespace",
    "package",
    "class",
    "method",
    "property",
    "field",
    "constructor",
    "enum",
    "interface",
    "function",
    "variable",
    "constant",
    "string",
    "number",
    "boolean",
    "array",
    "object",
    "key",
    "null",
    "enum member",
    "struct",
    "event",
    "operator",
    "type parameter",
];

fn kind(of: &Value) -> &'static str {
    KINDS[of["kind"].as_u64().unwrap() as usize]
}

fn tree(editor: &Editor, text: &str, symbols: &Value, depth: usize, into: &mut String) {
    for symbol in symbols.as_array().into_iter().flatten() {
        let (whole, name) = (&symbol["range"], &symbol["selectionRange"]);
        let (whole, name) = (editor.unit.bytes(text, whole), editor.unit.bytes(text, name));
        assert!(whole.start <= name.start && name.end <= whole.end, "{symbol}");
        let lines = |bytes: &std::ops::Range<usize>| {
            let line = |byte: usize| text[..byte].matches('\n').count() + 1;
            format!("{}-{}", line(bytes.start), line(bytes.end))
        };
        into.push_str(&format!(
            "{}{} ({}, {}) lines {} at `{}`\n",
            "  ".repeat(depth),
            symbol["name"].as_str().unwrap(),
            kind(symbol),
            symbol["detail"].as_str().unwrap_or_default(),
            lines(&whole),
            &text[name]
        ));
        tree(editor, text, &symbol["children"], depth + 1, into);
    }
}

#[tokio::test]
async fn the_outline_of_a_document() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let mut found = String::new();
    for path in [HILL, WORK] {
        let answer = editor.ask("textDocument/documentSymbol", document(path)).await;
        found.push_str(&format!("── {path}\n"));
        tree(&editor, &editor.text(path), &answer, 0, &mut found);
    }
    insta::assert_snapshot!(found);
    editor.leave().await;
}

#[tokio::test]
async fn an_editor_without_trees_gets_a_list() {
    let mut manner = Manner::default();
    manner.capabilities["textDocument"].as_object_mut().unwrap().remove("documentSymbol");
    let mut editor = Editor::with(world(), &manner, &[HILL]).await;
    let answer = editor.ask("textDocument/documentSymbol", document(HILL)).await;
    let list: Vec<String> = answer
        .as_array()
        .unwrap()
        .iter()
        .map(|symbol| {
            assert_eq!(symbol["location"]["uri"], uri(HILL));
            format!("{} in {}", symbol["name"].as_str().unwrap(), symbol["containerName"].as_str().unwrap_or("-"))
        })
        .collect();
    insta::assert_snapshot!(list.join("\n"));
    editor.leave().await;
}

#[tokio::test]
async fn names_of_the_workspace() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let mut found = String::new();
    for query in ["fit", "Hosting", "quizcom", "  ICP ", "no such name"] {
        let answer = editor.ask("workspace/symbol", json!({ "query": query })).await;
        found.push_str(&format!("── {query}\n"));
        for symbol in answer.as_array().unwrap().iter().take(6) {
            let path = path_of(symbol["location"]["uri"].as_str().unwrap());
            let text = editor.text(&path);
            let slice = &text[editor.unit.bytes(&text, &symbol["location"]["range"])];
            let (name, container) = (symbol["name"].as_str().unwrap(), symbol["containerName"].as_str().unwrap());
            found.push_str(&format!("{name} ({}) of {container}: `{slice}` in {path}\n", kind(symbol)));
        }
    }
    insta::assert_snapshot!(found);
    editor.leave().await;
}

#[tokio::test]
async fn what_can_be_folded() {
    let mut editor = Editor::with(world(), &Manner::default(), &[WORK]).await;
    let end = editor.text(WORK).len();
    editor.change(
        WORK,
        end..end,
        "\n// one\n// two\n\ntemplate t {\n  subject \"s\"\n  body \"\"\"\n    Hello\n    there\n  \"\"\"\n}\n",
    );
    let mut found = String::new();
    for path in [HILL, WORK] {
        let answer = editor.ask("textDocument/foldingRange", document(path)).await;
        let text = editor.text(path);
        let lines: Vec<&str> = text.lines().collect();
        found.push_str(&format!("── {path}\n"));
        for range in answer.as_array().unwrap() {
            let line = |name: &str| range[name].as_u64().unwrap() as usize;
            let (start, end) = (line("startLine"), line("endLine"));
            let kind = range["kind"].as_str().unwrap_or("-");
            found.push_str(&format!(
                "{:>3}-{:<3} {kind:8} {}  …  {}\n",
                start + 1,
                end + 1,
                lines[start],
                lines[end].trim()
            ));
        }
    }
    insta::assert_snapshot!(found);
    editor.leave().await;
}

#[tokio::test]
async fn what_to_select_next() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let mut found = String::new();
    for needle in
        ["because \"the qu‸iz found", "any quiz.comp‸leted where", "symptoms has any of [mou‸ld]", "hot  ‸when icp"]
    {
        let at = editor.at(HILL, needle);
        let params = json!({ "textDocument": { "uri": uri(HILL) }, "positions": [at["position"]] });
        let answer = editor.ask("textDocument/selectionRange", params).await;
        let text = editor.text(HILL);
        found.push_str(&format!("── {needle}\n"));
        let mut next = &answer[0];
        let mut inner = None::<std::ops::Range<usize>>;
        while !next.is_null() {
            let bytes = editor.unit.bytes(&text, &next["range"]);
            if let Some(inner) = inner {
                assert!(bytes.start <= inner.start && inner.end <= bytes.end && bytes != inner);
            }
            let slice = &text[bytes.clone()];
            let lines = slice.lines().count();
            let first = slice.lines().next().unwrap_or_default();
            let more = if lines > 1 { format!(" … ({lines} lines)") } else { String::new() };
            found.push_str(&format!("{first}{more}\n"));
            inner = Some(bytes);
            next = &next["parent"];
        }
    }
    insta::assert_snapshot!(found);
    editor.leave().await;
}

#[tokio::test]
async fn what_a_document_points_to() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let end = editor.text(HILL).len();
    let source = "\nsource leads from csv \"sample/leads.csv\" into Contact by email {\n  email from \"Email\"\n}\n";
    editor.change(HILL, end..end, source);
    let mut found = String::new();
    for path in [HILL, WORDS] {
        let answer = editor.ask("textDocument/documentLink", document(path)).await;
        let target = |link: &Value| path_of(link["target"].as_str().unwrap());
        let marks: Vec<_> =
            answer.as_array().unwrap().iter().map(|link| (link["range"].clone(), target(link))).collect();
        found.push_str(&format!("── {path}\n{}", draw(&editor.text(path), editor.unit, &marks)));
    }
    insta::assert_snapshot!(found);
    editor.leave().await;
}

#[tokio::test]
async fn hints() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let end = editor.text(HILL).len();
    editor.change(HILL, end..end, "\nscore size for Contact { +10 when built < 1.5k }\n");
    let mut found = String::new();
    for path in [HILL, WORK] {
        let text = editor.text(path);
        let range = editor.unit.range(&text, 0..text.len());
        let params = json!({ "textDocument": { "uri": uri(path) }, "range": range });
        let answer = editor.ask("textDocument/inlayHint", params).await;
        // Written into the text, where the editor shows them.
        let mut shown = text.clone();
        for hint in answer.as_array().unwrap().iter().rev() {
            let range = json!({ "start": hint["position"], "end": hint["position"] });
            let at = editor.unit.bytes(&text, &range).start;
            shown.insert_str(at, &format!(" ⟨{}⟩", hint["label"].as_str().unwrap()));
        }
        let lines: Vec<&str> = shown.lines().filter(|line| line.contains('⟨')).collect();
        found.push_str(&format!("── {path}\n{}\n", lines.join("\n")));
        // Of a part of the text, only what stands there.
        let line = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 12, "character": 0 } });
        let part =
            editor.ask("textDocument/inlayHint", json!({ "textDocument": { "uri": uri(path) }, "range": line })).await;
        for hint in part.as_array().unwrap() {
            assert!(hint["position"]["line"].as_u64().unwrap() <= 12 && answer.as_array().unwrap().contains(hint));
        }
    }
    insta::assert_snapshot!(found);
    editor.leave().await;
}
