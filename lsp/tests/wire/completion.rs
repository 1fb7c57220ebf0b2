//! What may stand where somebody types, for the client at hand, also where the clause is not finished.

use serde_json::{Value, json};

use crate::support::{Editor, HILL, Manner, RIVER, WORK, world};

/// Types a text behind a needle's mark, and gives what is proposed there.
async fn proposed(editor: &mut Editor, path: &str, before: &str, typed: &str) -> Vec<Value> {
    editor.exchange(path, before, &format!("{before}{typed}"));
    let text = editor.text(path);
    let byte = text.find(&format!("{before}{typed}")).unwrap() + before.len() + typed.len();
    let position = editor.unit.place(&text, byte).value();
    let params = json!({ "textDocument": { "uri": crate::support::uri(path) }, "position": position });
    let answer = editor.ask("textDocument/completion", params).await;
    let items = answer.as_array().cloned().unwrap_or_else(|| answer["items"].as_array().unwrap().clone());
    // Each takes the place of what stands there up to the cursor, and leaves the editor's text whole.
    for item in &items {
        if let Some(edit) = item.get("textEdit") {
            let range = edit.get("range").or_else(|| edit.get("replace")).unwrap();
            let bytes = editor.unit.bytes(&text, range);
            assert!(bytes.start <= byte && byte <= bytes.end, "{item}");
        }
    }
    items
}

fn first(items: &[Value], count: usize) -> String {
    let item = |item: &Value| {
        let detail = item["detail"].as_str().unwrap_or_default().lines().next().unwrap_or_default().to_owned();
        format!("{} {detail}", item["label"].as_str().unwrap()).trim_end().to_owned()
    };
    items.iter().take(count).map(item).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn what_may_stand_here_is_the_clients_own() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL, WORK, RIVER]).await;
    let mut found = String::new();
    for (path, before, typed) in [
        // A clause that is not finished, with the rest of the score behind it.
        (HILL, "  layer house weight 40% {\n", "    +10 when sy"),
        (HILL, "symptoms has any of [", "con"),
        (WORK, "    next Invite when icp is ", ""),
        (WORK, "  handoff Invite to ", "Ho"),
        (RIVER, "use shared.words\n", "use shared."),
    ] {
        let items = proposed(&mut editor, path, before, typed).await;
        found.push_str(&format!("── {typed}‸ behind `{}`\n{}\n", before.trim(), first(&items, 5)));
    }
    insta::assert_snapshot!(found);
    editor.leave().await;
}

#[tokio::test]
async fn a_field_of_one_client_is_not_proposed_to_another() {
    for (path, is_there) in [(HILL, true), (RIVER, false)] {
        let mut editor = Editor::with(world(), &Manner::default(), &[path]).await;
        let end = editor.text(path).len();
        editor.change(path, end..end, "\nscore extra for Contact {\n  +1 when ");
        let items = proposed(&mut editor, path, "  +1 when ", "b").await;
        assert_eq!(items.iter().any(|item| item["label"] == "built"), is_there, "{path}");
        assert!(items.iter().any(|item| item["label"] == "city"), "{path}");
        editor.leave().await;
    }
}

#[tokio::test]
async fn more_is_said_of_one_that_is_looked_at() {
    let mut editor = Editor::with(world(), &Manner::default(), &[WORK]).await;
    let items = proposed(&mut editor, WORK, "    do score contact by ", "i").await;
    let item = items.iter().find(|item| item["label"] == "icp").unwrap();
    let resolved = editor.ask("completionItem/resolve", item.clone()).await;
    assert_eq!(resolved["label"], "icp");
    assert!(resolved["documentation"].to_string().contains("Who lives in a damp house"), "{resolved}");
    // An item of nobody's is given back as it is.
    let unknown = json!({ "label": "nothing" });
    assert_eq!(editor.ask("completionItem/resolve", unknown).await["label"], "nothing");
    editor.leave().await;
}

#[tokio::test]
async fn an_editor_without_snippets_gets_plain_words() {
    for can in [true, false] {
        let mut manner = Manner::default();
        manner.capabilities["textDocument"]["completion"]["completionItem"]["snippetSupport"] = json!(can);
        let mut editor = Editor::with(world(), &manner, &[HILL]).await;
        let end = editor.text(HILL).len();
        editor.change(HILL, end..end, "\n// the end\n");
        let items = proposed(&mut editor, HILL, "// the end\n", "scor").await;
        let snippets = items.iter().filter(|item| item["insertTextFormat"] == 2).count();
        assert_eq!(snippets > 0, can, "{}", first(&items, 9));
        assert!(can || !items.iter().any(|item| item.to_string().contains("${")));
        editor.leave().await;
    }
}

#[tokio::test]
async fn the_shape_of_the_clause_that_is_typed() {
    let mut editor = Editor::with(world(), &Manner::default(), &[WORK]).await;
    let mut found = String::new();
    for needle in [
        "next Gone   after 5 business days ‸because",
        "accepted within ‸1 business",
        "status doc‸umented\n\n  start",
        "// Who does ‸what",
    ] {
        let help = editor.ask("textDocument/signatureHelp", editor.at(WORK, needle)).await;
        let Some(active) = help["activeSignature"].as_u64() else {
            found.push_str(&format!("── {needle}\nnothing\n"));
            continue;
        };
        let signature = &help["signatures"][active as usize];
        let part = &signature["parameters"][help["activeParameter"].as_u64().unwrap_or(99) as usize]["label"];
        found.push_str(&format!("── {needle}\n{}\nnow: {part}\n", signature["label"].as_str().unwrap()));
    }
    insta::assert_snapshot!(found);
    editor.leave().await;
}
