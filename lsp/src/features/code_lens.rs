//! Lines of their own above scores, routes, stages and tests: how many contacts each concerns today, who would move, `run test` and `simulate`.
//! Rules and lines of a route have their counts as hints at their ends, where the editor can show those.

use std::path::Path;

use tower_lsp::ls_types::{CodeLens, CodeLensParams, Command};

use super::{Answer, Refusal, commands};
use crate::live::Shown;
use crate::live::places::{What, items};
use crate::server::Server;
use crate::workspace::View;

pub(crate) fn lenses(server: &mut Server, params: CodeLensParams) -> Answer<Option<Vec<CodeLens>>> {
    if server.pending.any() {
        return Err(Refusal::Stale);
    }
    let Some(view) = server.workspace.view(&params.text_document.uri) else { return Ok(None) };
    server.live.want(&view.compilation.folder);
    let mut lenses: Vec<CodeLens> = server
        .live
        .shown(&view)
        .iter()
        // A line of its own above each rule would tear a score apart.
        .filter(|shown| !server.editor.inlay_hints || !matches!(shown.item.what, What::Rule { .. } | What::Line { .. }))
        .map(|shown| counted(server, &view, shown))
        .collect();
    lenses.extend(items(&view.parsed().file).iter().filter_map(|item| {
        let client = client(&view.compilation.folder);
        let (title, command, argument) = match &item.what {
            What::Test { test } => {
                ("run test", commands::RUN_TEST, serde_json::json!({ "client": client, "test": test }))
            }
            What::Scenario { title } => {
                ("simulate", commands::SIMULATE, serde_json::json!({ "client": client, "scenario": title }))
            }
            _ => return None,
        };
        let command = Command { title: title.to_owned(), command: command.to_owned(), arguments: Some(vec![argument]) };
        Some(CodeLens { range: view.range(item.head, server.encoding), command: Some(command), data: None })
    }));
    lenses.sort_by_key(|lens| lens.range.start);
    Ok(Some(lenses))
}

fn counted(server: &Server, view: &View, shown: &Shown) -> CodeLens {
    let contacts = shown.examples.iter().map(|example| {
        let beside = Some(example.beside.as_str()).filter(|beside| !beside.is_empty());
        let detail: Vec<&str> = beside.into_iter().chain([example.detail.as_str()]).collect();
        serde_json::json!({ "id": example.id, "name": example.name, "detail": detail.join(" · ") })
    });
    let contacts: Vec<_> = contacts.collect();
    let mut argument = serde_json::json!({
        "client": client(&view.compilation.folder),
        "title": shown.title,
        "contacts": contacts,
    });
    if let Some(argument) = argument.as_object_mut() {
        let mut put = |name: &str, value: serde_json::Value| drop(argument.insert(name.to_owned(), value));
        match &shown.item.what {
            What::Score { score } => put("score", score.as_str().into()),
            What::Rule { score, layer, index } => {
                put("score", score.as_str().into());
                put("layer", layer.as_deref().into());
                put("rule", (*index).into());
            }
            What::Line { score, label } => {
                put("score", score.as_str().into());
                put("label", label.as_str().into());
            }
            What::Stage { workflow, stage } => {
                put("workflow", workflow.as_str().into());
                put("stage", stage.as_str().into());
            }
            What::Test { .. } | What::Scenario { .. } => {}
        }
    }
    let command = Command {
        title: crate::live::in_short(shown, view),
        command: commands::SHOW_CONTACTS.to_owned(),
        arguments: Some(vec![argument]),
    };
    // A lens stands on one line.
    let mut range = view.range(shown.item.head, server.encoding);
    if range.end.line > range.start.line {
        range.end = range.start;
    }
    CodeLens { range, command: Some(command), data: None }
}

fn client(folder: &Path) -> String {
    folder.to_string_lossy().into_owned()
}
