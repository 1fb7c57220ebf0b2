//! Every fix there is, done through the server: the wrong examples of all codes, and the compiler's fixtures of findings. What is
//! mended is gone, and nothing else is worse.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::code_actions::actions;
use crate::support::{Editor, Manner, Memory};

const CLIENT: &str = "/clients/a/example.playbook";

/// All texts that have findings: where each is from, and its files.
fn examples() -> Vec<(String, Vec<(String, String)>)> {
    let mut found = Vec::new();
    for code in compiler::codes::all() {
        let wrong = code.page.split("```playbook wrong\n").skip(1).filter_map(|rest| rest.split("```").next());
        found.extend(wrong.enumerate().map(|(at, text)| (format!("{} page {}", code.name, at + 1), files(text))));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../compiler/tests/messages");
    let mut fixtures = Vec::new();
    for group in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let inside = std::fs::read_dir(&group).unwrap().map(|entry| entry.unwrap().path());
        fixtures.extend(inside.filter(|path| path.extension().is_some_and(|ending| ending == "playbook")));
    }
    fixtures.sort();
    assert!(fixtures.len() > 100);
    found.extend(fixtures.iter().map(|path| {
        let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        let name = format!("{}/{}", name(path.parent().unwrap()), name(path));
        (name, files(&std::fs::read_to_string(path).unwrap()))
    }));
    found
}

/// A text that lines `// ── name.playbook ──` divide: the client's file, and modules for it.
fn files(text: &str) -> Vec<(String, String)> {
    let mut files = vec![(CLIENT.to_owned(), String::new())];
    for line in text.split_inclusive('\n') {
        let divider = line.strip_prefix("// ── ").and_then(|rest| rest.trim_end().strip_suffix(" ──"));
        match divider.filter(|name| name.ends_with(".playbook")) {
            Some(name) => {
                let path = match name.strip_prefix("shared:") {
                    Some(inside) => format!("/clients/shared/{inside}"),
                    None => format!("/clients/a/{name}"),
                };
                files.push((path, String::new()));
            }
            None => files.last_mut().unwrap().1.push_str(line),
        }
    }
    files
}

/// How often each finding is there, by code and words.
fn counted(findings: &BTreeMap<String, Vec<Value>>) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for (path, findings) in findings {
        for finding in findings {
            let name = format!("{path} {} {}", finding["code"], finding["message"].as_str().unwrap());
            *counted.entry(name).or_default() += 1;
        }
    }
    counted
}

fn errors(findings: &BTreeMap<String, Vec<Value>>) -> usize {
    findings.values().flatten().filter(|finding| finding["severity"] == 1).count()
}

#[tokio::test]
async fn every_fix_mends_what_it_says_and_makes_nothing_worse() {
    let (mut done, mut witnesses) = (0, 0);
    let mut failures = Vec::new();
    for (name, files) in examples() {
        let disk = Memory::default();
        for (path, text) in &files {
            disk.put(path, text);
        }
        let mut editor = Editor::with(disk, &Manner::default(), &[CLIENT]).await;
        let findings = editor.all_findings().await;
        let before = counted(&findings);
        for finding in &findings[CLIENT] {
            for index in 0.. {
                // Each is tried by itself, on the text as it was; those of other findings come again.
                let offered = actions(&mut editor, CLIENT, &finding["range"], Some("quickfix")).await;
                let Some(action) = offered.get(index) else { break };
                if action["diagnostics"][0] != *finding {
                    continue;
                }
                let title = action["title"].as_str().unwrap();
                let (text, others) = (editor.text(CLIENT), editor.disk.copy());
                editor.apply(&action["edit"]);
                if title.starts_with("allow") {
                    // The reason is for the author to write.
                    let put_in = action["edit"]["documentChanges"][0]["edits"][0]["newText"].as_str().unwrap();
                    let reason = put_in.replace("\"\"", "\"known\"");
                    let text = editor.text(CLIENT).replacen(put_in, &reason, 1);
                    editor.replace_all(CLIENT, &text);
                }
                let after = editor.all_findings().await;
                let context = format!("{name}: `{title}` for {finding}\n{}", editor.text(CLIENT));
                let (now, is_witness) = (counted(&after), title.contains("as a test"));
                let key = format!("{CLIENT} {} {}", finding["code"], finding["message"].as_str().unwrap());
                let gone = now.get(&key).copied().unwrap_or_default() < before[&key];
                if is_witness {
                    witnesses += 1;
                    if let Some(failed) = failed_witness(&mut editor, &text).await {
                        failures.push(format!("{failed}: {context}"));
                    }
                } else if !gone {
                    failures.push(format!("not gone: {context}"));
                }
                if errors(&after) > errors(&findings) {
                    let worse: Vec<&String> = now.keys().filter(|key| !before.contains_key(*key)).collect();
                    failures.push(format!("worse: {context}\n{worse:#?}"));
                }
                done += 1;
                // Back to where it was, on the disk too.
                for path in editor.disk.paths() {
                    if others.get(&path) != editor.disk.get(&path) {
                        match others.get(&path) {
                            Some(text) => editor.write(&path, &text),
                            None => editor.delete(&path),
                        }
                    }
                }
                editor.replace_all(CLIENT, &text);
            }
        }
        editor.leave().await;
    }
    assert!(failures.is_empty(), "{} of {done}\n{}", failures.len(), failures.join("\n\n"));
    assert!(done > 100 && witnesses > 10, "{done} fixes, {witnesses} witnesses");
}

/// Why the test that was put in does not pass; none where it does.
async fn failed_witness(editor: &mut Editor, before: &str) -> Option<String> {
    let text = editor.text(CLIENT);
    let name = text[before.len()..].split('"').nth(1)?.to_owned();
    let arguments = json!([{ "client": "/clients/a", "test": name }]);
    let params = json!({ "command": "playbook.runTest", "arguments": arguments });
    match editor.try_ask("workspace/executeCommand", params).await {
        Ok(words) if words.as_str().is_some_and(|words| words.contains("passed")) => None,
        // Where other errors stand in the way, no test of it can be run.
        Err(refusal) if refusal["message"].as_str().is_some_and(|why| why.contains("has errors")) => None,
        other => Some(format!("the record shows something else ({other:?})")),
    }
}
