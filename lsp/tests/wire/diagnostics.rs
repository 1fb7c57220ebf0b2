//! Findings, asked for and told.

use serde_json::{Value, json};

use crate::support::editor::document;
use crate::support::{Editor, HILL, Manner, RIVER, WORDS, WORK, draw_files, path_of, uri, world};

/// A word for each finding below its place, and those beside it.
fn drawn(editor: &Editor, path: &str, findings: &[Value]) -> String {
    let mut places = Vec::new();
    for finding in findings {
        let severity = ["", "error", "warning", "note"][finding["severity"].as_u64().unwrap() as usize];
        let tags = if finding["tags"].is_null() { String::new() } else { format!(" tags {}", finding["tags"]) };
        let word =
            format!("{severity} {}{tags}: {}", finding["code"].as_str().unwrap(), finding["message"].as_str().unwrap());
        assert_eq!(finding["source"], "playbook");
        places.push((uri(path), finding["range"].clone(), word));
        for related in finding["relatedInformation"].as_array().into_iter().flatten() {
            let uri = related["location"]["uri"].as_str().unwrap().to_owned();
            let word = format!("beside it: {}", related["message"].as_str().unwrap());
            places.push((uri, related["location"]["range"].clone(), word));
        }
    }
    draw_files(editor, places)
}

#[tokio::test]
async fn findings_are_drawn_where_they_are() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL, WORK]).await;
    assert_eq!(editor.findings(HILL).await, Vec::<Value>::new());
    // An error in one clause, a name that is not there, what is declared twice, what nobody uses, and a line that cannot hold.
    editor.exchange(HILL, "built < 1990", "builts < 1990");
    editor.exchange(HILL, "symptoms has any of [mould]  ", "symptoms has any of [mold]  ");
    editor.exchange(HILL, "event quiz.completed {", "phrases nobody { \"asks\" }\n\nevent quiz.completed {");
    editor.exchange(HILL, "agent Finder {", "agent Finder { hands \"x\" to owner }\nagent Finder {");
    editor.exchange(HILL, "    cold otherwise", "    cold when icp >= 70\n    cold otherwise");
    let findings = editor.findings(HILL).await;
    insta::assert_snapshot!(drawn(&editor, HILL, &findings));
    // Another file of the client is told of what it takes from there.
    editor.exchange(HILL, "score icp for", "score icq for");
    let findings = editor.findings(WORK).await;
    insta::assert_snapshot!(drawn(&editor, WORK, &findings));
    editor.leave().await;
}

#[tokio::test]
async fn what_the_editor_has_already_is_not_said_again() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let first = editor.ask("textDocument/diagnostic", document(HILL)).await;
    let again = json!({ "textDocument": { "uri": uri(HILL) }, "previousResultId": first["resultId"] });
    let second = editor.ask("textDocument/diagnostic", again.clone()).await;
    assert_eq!(second, json!({ "kind": "unchanged", "resultId": first["resultId"] }));
    // Typed, and nothing new found.
    editor.exchange(HILL, "because \"sees it\"", "because \"sees it at home\"");
    assert_eq!(editor.ask("textDocument/diagnostic", again.clone()).await["kind"], "unchanged");
    editor.exchange(HILL, "built < 1990", "builts < 1990");
    let third = editor.ask("textDocument/diagnostic", again).await;
    assert_eq!(third["kind"], "full");
    assert_ne!(third["resultId"], first["resultId"]);
    // The same finding, but elsewhere, is another.
    let again = json!({ "textDocument": { "uri": uri(HILL) }, "previousResultId": third["resultId"] });
    editor.change(HILL, 0..0, "\n");
    assert_eq!(editor.ask("textDocument/diagnostic", again).await["kind"], "full");
    editor.leave().await;
}

#[tokio::test]
async fn the_whole_workspace_is_told_once() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    editor.exchange(HILL, "built < 1990", "builts < 1990");
    let report = editor.ask("workspace/diagnostic", json!({ "previousResultIds": [] })).await;
    let of = |report: &Value| {
        let files = report["items"].as_array().unwrap().iter();
        let files = files.map(|file| {
            let count = file["items"].as_array().map_or(0, Vec::len);
            let path = path_of(file["uri"].as_str().unwrap());
            format!("{path} {} {} findings {count}", file["version"], file["kind"].as_str().unwrap())
        });
        files.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(of(&report), @r"
    /clients/hill/hill.playbook 2 full findings 1
    /clients/hill/work.playbook null full findings 0
    /clients/river/river.playbook null full findings 0
    /clients/shared/words.playbook null full findings 0
    ");
    let known: Vec<Value> = report["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| json!({ "uri": file["uri"], "value": file["resultId"] }))
        .collect();
    editor.exchange(HILL, "builts < 1990", "built < 1990");
    let report = editor.ask("workspace/diagnostic", json!({ "previousResultIds": known })).await;
    insta::assert_snapshot!(of(&report), @r"
    /clients/hill/hill.playbook 3 full findings 0
    /clients/hill/work.playbook null unchanged findings 0
    /clients/river/river.playbook null unchanged findings 0
    /clients/shared/words.playbook null unchanged findings 0
    ");
    editor.leave().await;
}

/// What was published: of which file, for which version, how many findings.
fn published(said: &[Value]) -> Vec<(String, Value, usize)> {
    let published = said.iter().filter(|message| message["method"] == "textDocument/publishDiagnostics");
    published
        .map(|message| {
            let params = &message["params"];
            let count = params["diagnostics"].as_array().unwrap().len();
            (path_of(params["uri"].as_str().unwrap()), params["version"].clone(), count)
        })
        .collect()
}

#[tokio::test]
async fn who_does_not_ask_is_told_once_for_each_change() {
    let mut editor = Editor::with(world(), &Manner::told(), &[HILL]).await;
    assert_eq!(published(&editor.quiet().await), [(HILL.to_owned(), json!(1), 0)]);
    editor.exchange(HILL, "built < 1990", "builts < 1990");
    assert_eq!(published(&editor.quiet().await), [(HILL.to_owned(), json!(2), 1)]);
    // Nothing new is nothing to tell, even of another version.
    editor.exchange(HILL, "because \"sees it\"", "because \"saw it\"");
    assert_eq!(published(&editor.quiet().await), []);
    // Mended, the finding is taken back.
    editor.exchange(HILL, "builts < 1990", "built < 1990");
    assert_eq!(published(&editor.quiet().await), [(HILL.to_owned(), json!(4), 0)]);
    // Files that are not open are told of too, without a version.
    editor.exchange(HILL, "score icp for", "score icq for");
    let told = published(&editor.quiet().await);
    assert!(told.contains(&(WORK.to_owned(), Value::Null, 5)), "{told:?}");
    editor.exchange(HILL, "score icq for", "score icp for");
    let told = published(&editor.quiet().await);
    assert_eq!(told, [(HILL.to_owned(), json!(6), 0), (WORK.to_owned(), Value::Null, 0)]);
    // A word typed fast: the last findings stand for all.
    for letter in ["s", "x", "y"] {
        editor.exchange(HILL, " < 1990", &format!("{letter} < 1990"));
    }
    let told = published(&editor.quiet().await);
    assert_eq!(told.last(), Some(&(HILL.to_owned(), json!(9), 1)), "{told:?}");
    editor.leave().await;
}

#[tokio::test]
async fn what_is_closed_counts_as_it_is_on_the_disk() {
    let mut editor = Editor::with(world(), &Manner::told(), &[HILL]).await;
    editor.exchange(HILL, "built < 1990", "builts < 1990");
    assert_eq!(published(&editor.quiet().await).last(), Some(&(HILL.to_owned(), json!(2), 1)));
    editor.close(HILL);
    assert_eq!(published(&editor.quiet().await), [(HILL.to_owned(), Value::Null, 0)]);
    editor.leave().await;
}

#[tokio::test]
async fn who_asks_is_told_to_ask_again_where_another_file_changes_the_findings() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL, WORK, RIVER, WORDS]).await;
    for path in [HILL, WORK, RIVER, WORDS] {
        assert_eq!(editor.findings(path).await, Vec::<Value>::new(), "{path}");
    }
    editor.quiet().await;
    editor.exchange(WORDS, "score fit for", "score fitness for");
    let said = editor.quiet().await;
    let asked = said.iter().filter(|message| message["method"] == "workspace/diagnostic/refresh").count();
    assert!((1..=2).contains(&asked), "{said:#?}");
    assert_eq!(editor.findings(RIVER).await.len(), 1);
    // What changes nothing more elsewhere asks for nothing, whether or not the editor has asked about every file.
    editor.quiet().await;
    editor.exchange(WORDS, "because \"near\"", "because \"nearby\"");
    assert_eq!(editor.quiet().await, Vec::<Value>::new());
    editor.leave().await;
}

#[tokio::test]
async fn an_editor_that_does_not_watch_files_has_them_looked_at_when_it_saves() {
    let mut manner = Manner::default();
    manner.capabilities["workspace"].as_object_mut().unwrap().remove("didChangeWatchedFiles");
    let mut editor = Editor::with(world(), &manner, &[HILL]).await;
    assert_eq!(editor.findings(HILL).await, Vec::<Value>::new());
    // Another program renames a field that a file which is not open reads, and a file comes that declares what is there already.
    let work = editor.disk.get(WORK).unwrap();
    editor.disk.put(WORK, &work.replace("by icp\n", "by icq\n"));
    editor.disk.put("/clients/hill/more.playbook", "event quiz.completed { }\n");
    editor.tell("textDocument/didSave", json!({ "textDocument": { "uri": uri(HILL) } }));
    let found = editor.all_findings().await;
    let codes = |path: &str| found[path].iter().map(|found| found["code"].clone()).collect::<Vec<_>>();
    assert_eq!(codes(WORK).len(), 1, "{found:#?}");
    assert_eq!(codes("/clients/hill/more.playbook").len(), 1, "{found:#?}");
    editor.leave().await;
}
