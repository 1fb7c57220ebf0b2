//! Which client a file belongs to, and for whom something breaks.

use serde_json::{Value, json};

use crate::support::editor::document;
use crate::support::{Editor, HILL, Manner, RIVER, WORDS, WORK, uri, world};

/// The messages of a file's findings.
async fn messages(editor: &mut Editor, path: &str) -> Vec<String> {
    let findings = editor.findings(path).await;
    findings.iter().map(|finding| finding["message"].as_str().unwrap().lines().next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_shared_file_that_breaks_for_one_client_says_for_whom() {
    let mut editor = Editor::with(world(), &Manner::default(), &[WORDS]).await;
    assert_eq!(messages(&mut editor, WORDS).await, Vec::<String>::new());
    // A field that Hillside has and Riverbend has not.
    editor.exchange(WORDS, "in the last 30 days", "in the last 30 days and built < 1990");
    insta::assert_snapshot!(messages(&mut editor, WORDS).await.join("\n"), @"for Riverbend: nothing is called `built` here");
    // What is wrong for everybody is said once, also where not the same helps everybody.
    editor.exchange(WORDS, "built < 1990", "zebra < 1990");
    insta::assert_snapshot!(messages(&mut editor, WORDS).await.join("\n"), @"nothing is called `zebra` here");
    // A word like it is for one to take, and for the other not.
    editor.exchange(WORDS, "zebra < 1990", "buillt < 1990");
    let found = editor.findings(WORDS).await;
    assert_eq!(found.len(), 1, "{found:?}");
    let message = found[0]["message"].as_str().unwrap();
    assert!(message.lines().next().is_some_and(|line| line == "nothing is called `buillt` here"), "{message}");
    assert!(message.contains("\nhelp, for Hillside: ") && message.contains("`built`"), "{message}");
    editor.exchange(WORDS, "buillt < 1990", "zebra < 1990");
    editor.exchange(WORDS, "zebra < 1990", "zebra <");
    let broken = messages(&mut editor, WORDS).await;
    assert!(!broken.is_empty() && !broken.iter().any(|message| message.starts_with("for ")), "{broken:?}");
    editor.exchange(WORDS, "zebra <", "zebra < 1990");
    // And back.
    editor.exchange(WORDS, " and zebra < 1990", "");
    assert_eq!(messages(&mut editor, WORDS).await, Vec::<String>::new());
    editor.leave().await;
}

#[tokio::test]
async fn a_field_of_one_client_is_none_of_another() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL, RIVER]).await;
    let end = editor.text(RIVER).len();
    editor.change(RIVER, end..end, "\nscore age for Contact {\n  +10 when built < 1990\n}\n");
    insta::assert_snapshot!(messages(&mut editor, RIVER).await.join("\n"), @"nothing is called `built` here");
    assert_eq!(messages(&mut editor, HILL).await, Vec::<String>::new());
    let end = editor.text(HILL).len();
    editor.change(HILL, end..end, "\nscore age for Contact {\n  +10 when built < 1990\n}\n");
    assert_eq!(messages(&mut editor, HILL).await, Vec::<String>::new());
    editor.leave().await;
}

#[tokio::test]
async fn each_file_of_a_folder_of_examples_stands_for_itself() {
    const ONE: &str = "/clients/examples/one.playbook";
    const TWO: &str = "/clients/examples/two.playbook";
    let client = |name: &str| {
        format!("client \"{name}\" {{\n  currency NZD\n}}\n\nuse std.crm\n\nextend Contact {{ built: number? }}\n")
    };
    let score = "\nscore age for Contact {\n  +10 when built < 1990 because \"old\"\n}\n";
    let disk = world();
    disk.put(ONE, &format!("{}{score}", client("One")));
    disk.put(TWO, &format!("{}{score}", client("Two")));
    let mut editor = Editor::with(disk, &Manner::default(), &[ONE, TWO]).await;
    assert_eq!(messages(&mut editor, ONE).await, Vec::<String>::new());
    assert_eq!(messages(&mut editor, TWO).await, Vec::<String>::new());
    // One client is left, and both files are its own.
    let head = client("Two");
    editor.exchange(TWO, &head, "// Two\n");
    insta::assert_snapshot!(messages(&mut editor, TWO).await.join("\n"), @"score `age` is declared twice");
    // And two again.
    editor.exchange(TWO, "// Two\n", &head);
    assert_eq!(messages(&mut editor, ONE).await, Vec::<String>::new());
    assert_eq!(messages(&mut editor, TWO).await, Vec::<String>::new());
    editor.leave().await;
}

#[tokio::test]
async fn a_file_beside_shared_is_a_client_of_its_own() {
    let disk = world();
    disk.put("/clients/loose.playbook", "client \"Loose\" { currency NZD }\nuse std.crm\n");
    let path = "/clients/loose.playbook";
    let mut editor = Editor::with(disk, &Manner::default(), &[path, HILL]).await;
    assert_eq!(messages(&mut editor, path).await, Vec::<String>::new());
    let end = editor.text(path).len();
    editor.change(path, end..end, "score age for Contact { +10 when built < 1990 }\n");
    assert_eq!(messages(&mut editor, path).await.len(), 1);
    assert_eq!(messages(&mut editor, HILL).await, Vec::<String>::new());
    editor.leave().await;
}

#[tokio::test]
async fn a_shared_file_that_nobody_uses_yet_is_looked_at_all_the_same() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let path = "/clients/shared/new.playbook";
    editor.open_as(
        path,
        "use std.crm\n\nphrases   rain { \"wet\" }\nscore damp for Contact { +1 when citty is \"x\" because \"y\" }\n",
    );
    let found = messages(&mut editor, path).await;
    insta::assert_snapshot!(found.join("\n"), @"nothing is called `citty` here");
    let symbols = editor.ask("textDocument/documentSymbol", document(path)).await;
    assert_eq!(symbols.as_array().map_or(0, Vec::len), 3, "{symbols}");
    let mut params = document(path);
    params["options"] = json!({ "tabSize": 2, "insertSpaces": true });
    let edits = editor.ask("textDocument/formatting", params).await;
    assert!(edits.as_array().is_some_and(|edits| !edits.is_empty()), "{edits}");
    // Once somebody uses it, it is theirs.
    editor.exchange(path, "citty", "city");
    editor.exchange(HILL, "use shared.words\n", "use shared.words\nuse shared.new\n");
    editor.exchange(
        HILL,
        "when built < 1990",
        "when built < 1990 and any conversation mentions rain in the last 9 days",
    );
    assert_eq!(messages(&mut editor, HILL).await, Vec::<String>::new());
    assert_eq!(messages(&mut editor, path).await, Vec::<String>::new());
    let places = editor.ask("textDocument/definition", editor.at(HILL, "mentions ra‸in in")).await;
    assert_eq!(places[0]["uri"], uri(path));
    editor.leave().await;
}

#[tokio::test]
async fn a_workspace_below_a_folder_called_shared_is_like_others() {
    let disk = crate::support::Memory::default();
    let text =
        "client \"A\" { currency NZD }\nuse std.crm\nscore s for Contact { +1 when citty is \"x\" because \"y\" }\n";
    let path = "/shared/work/a/a.playbook";
    disk.put(path, text);
    for manner in [Manner::at(&["/shared/work"]), Manner::at(&["/shared/work/a"])] {
        let mut editor = Editor::with(disk.copy(), &manner, &[path]).await;
        assert_eq!(messages(&mut editor, path).await.len(), 1);
        editor.leave().await;
    }
}

#[tokio::test]
async fn a_file_of_the_disk_comes_changes_and_goes() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    assert_eq!(messages(&mut editor, HILL).await, Vec::<String>::new());
    // The shared module goes.
    let words = editor.disk.get(WORDS).unwrap();
    editor.delete(WORDS);
    assert!(!messages(&mut editor, HILL).await.is_empty());
    assert!(!messages(&mut editor, RIVER).await.is_empty());
    editor.write(WORDS, &words);
    assert_eq!(messages(&mut editor, HILL).await, Vec::<String>::new());
    assert_eq!(messages(&mut editor, RIVER).await, Vec::<String>::new());
    // It changes.
    editor.write(WORDS, &words.replace("score fit for", "score fitness for"));
    assert!(!messages(&mut editor, HILL).await.is_empty());
    editor.write(WORDS, &words);
    // The whole folder goes at once, as one event.
    editor.delete("/clients/shared");
    assert!(!messages(&mut editor, HILL).await.is_empty());
    editor.write(WORDS, &words);
    assert_eq!(messages(&mut editor, HILL).await, Vec::<String>::new());
    // A file of the client's own: gone, nobody may act; and back.
    let work = editor.disk.get(WORK).unwrap();
    editor.delete(WORK);
    assert_eq!(editor.all_findings().await.keys().filter(|path| *path == WORK).count(), 0);
    editor.write(WORK, &work);
    assert_eq!(editor.all_findings().await[WORK], Vec::<Value>::new());
    // A whole client comes and goes.
    editor.write("/clients/dale/dale.playbook", "score s for Nobody { +1 when x is 1 }\n");
    assert!(!editor.all_findings().await["/clients/dale/dale.playbook"].is_empty());
    editor.delete("/clients/dale");
    assert!(!editor.all_findings().await.contains_key("/clients/dale/dale.playbook"));
    editor.leave().await;
}

#[tokio::test]
async fn what_is_open_stands_for_what_is_on_the_disk() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL, WORDS]).await;
    editor.write(WORDS, "score nothing for Contact { }\n");
    assert_eq!(messages(&mut editor, HILL).await, Vec::<String>::new());
    editor.close(WORDS);
    assert!(!messages(&mut editor, HILL).await.is_empty());
    editor.leave().await;
}

#[tokio::test]
async fn saving_reads_the_disk_anew() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    assert_eq!(messages(&mut editor, HILL).await, Vec::<String>::new());
    // The file is saved and closed, and nobody tells of the disk.
    editor.exchange(HILL, "built < 1990", "builts < 1990");
    editor.disk.put(HILL, &editor.text(HILL));
    editor.tell("textDocument/didSave", document(HILL));
    editor.close(HILL);
    assert_eq!(messages(&mut editor, HILL).await.len(), 1);
    editor.leave().await;
}

#[tokio::test]
async fn folders_come_and_go() {
    let mut editor = Editor::begin(world(), &Manner::at(&["/clients/hill"])).await;
    let files = |found: &std::collections::BTreeMap<String, Vec<Value>>| found.keys().cloned().collect::<Vec<_>>();
    assert_eq!(files(&editor.all_findings().await), [HILL, WORK, WORDS]);
    let folder = |path: &str| json!({ "uri": uri(path), "name": path });
    let change = |added: &[&str], removed: &[&str]| {
        let of = |paths: &[&str]| paths.iter().map(|path| folder(path)).collect::<Vec<_>>();
        json!({ "event": { "added": of(added), "removed": of(removed) } })
    };
    editor.tell("workspace/didChangeWorkspaceFolders", change(&["/clients/river"], &[]));
    assert_eq!(files(&editor.all_findings().await), [HILL, WORK, RIVER, WORDS]);
    editor.tell("workspace/didChangeWorkspaceFolders", change(&[], &["/clients/hill"]));
    assert_eq!(files(&editor.all_findings().await), [RIVER, WORDS]);
    // An open file keeps its client.
    editor.open(HILL);
    assert_eq!(files(&editor.all_findings().await), [HILL, WORK, RIVER, WORDS]);
    editor.close(HILL);
    assert_eq!(files(&editor.all_findings().await), [RIVER, WORDS]);
    editor.leave().await;
}

#[tokio::test]
async fn many_roots_are_many_clients() {
    // The shared folder is a root too, beside those who use it.
    let mut editor = Editor::begin(world(), &Manner::at(&["/clients/hill", "/clients/river", "/clients/shared"])).await;
    editor.open(WORDS);
    editor.exchange(WORDS, "in the last 30 days", "in the last 30 days and built < 1990");
    insta::assert_snapshot!(messages(&mut editor, WORDS).await.join("\n"), @"for Riverbend: nothing is called `built` here");
    editor.leave().await;
    // The same root twice, one in another.
    let mut editor = Editor::begin(world(), &Manner::at(&["/clients", "/clients", "/clients/hill"])).await;
    assert_eq!(editor.all_findings().await.len(), 4);
    editor.leave().await;
}

#[tokio::test]
async fn a_file_without_any_folder_is_looked_at_with_its_neighbours() {
    let mut editor = Editor::with(world(), &Manner::at(&[]), &[WORK]).await;
    assert_eq!(messages(&mut editor, WORK).await, Vec::<String>::new());
    let answer = editor.ask("textDocument/definition", editor.at(WORK, "by ic‸p\n")).await;
    assert_eq!(answer[0]["uri"], uri(HILL));
    editor.leave().await;
}

#[tokio::test]
async fn an_untitled_document_is_a_client_by_itself() {
    let mut editor = Editor::begin(world(), &Manner::default()).await;
    let path = "untitled:Untitled-1";
    editor.open_as(path, "client \"New\" { currency NZD }\nuse std.crm\n");
    assert_eq!(messages(&mut editor, path).await, Vec::<String>::new());
    let end = editor.text(path).len();
    editor.change(path, end..end, "score s for Contact { +1 when citty is \"x\" because \"y\" }\n");
    insta::assert_snapshot!(messages(&mut editor, path).await.join("\n"), @"nothing is called `citty` here");
    let answer = editor.ask("textDocument/definition", editor.at(path, "for Con‸tact")).await;
    assert_eq!(answer[0]["uri"], "file:///std/crm.playbook");
    editor.close(path);
    let report = editor.ask("textDocument/diagnostic", document(path)).await;
    assert_eq!(report["items"], json!([]));
    editor.leave().await;
}

#[tokio::test]
async fn a_file_of_the_standard_library_is_shown_and_answered_for() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let answer = editor.ask("textDocument/definition", editor.at(HILL, "icp for Con‸tact")).await;
    let path = "/std/crm.playbook";
    assert_eq!(answer[0]["uri"], uri(path));
    editor.open(path);
    assert_eq!(messages(&mut editor, path).await, Vec::<String>::new());
    let hover = editor
        .ask(
            "textDocument/hover",
            json!({ "textDocument": { "uri": uri(path) }, "position": answer[0]["range"]["start"] }),
        )
        .await;
    assert!(hover["contents"]["value"].as_str().unwrap().contains("entity Contact"), "{hover}");
    // Whoever works on it sees what comes of it in the clients.
    editor.exchange(path, "entity Contact", "entity Person");
    assert!(!messages(&mut editor, HILL).await.is_empty());
    editor.close(path);
    assert_eq!(messages(&mut editor, HILL).await, Vec::<String>::new());
    editor.leave().await;
}

#[tokio::test]
async fn a_file_of_the_standard_library_that_nobody_uses_is_answered_for() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    editor.ask("textDocument/definition", editor.at(HILL, "icp for Con‸tact")).await;
    let path = "/std/bant.playbook";
    editor.open(path);
    assert_eq!(messages(&mut editor, path).await, Vec::<String>::new());
    let symbols = editor.ask("textDocument/documentSymbol", document(path)).await;
    assert!(symbols.as_array().is_some_and(|symbols| !symbols.is_empty()), "{symbols}");
    editor.leave().await;
}
