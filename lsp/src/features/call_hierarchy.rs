//! Which workflow hands over to which: who calls, and who is called.

use std::path::Path;

use compiler::modules::Declared;
use compiler::symbols::Symbol;
use language::Span;
use language::syntax::{DeclarationKind, Handoff, Workflow, WorkflowMember};
use tower_lsp::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem, CallHierarchyOutgoingCall,
    CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams, SymbolKind,
};

use super::{Answer, names};
use crate::server::Server;
use crate::workspace::View;

/// The workflow under the cursor, or the one of the stage there.
pub(crate) fn prepare(
    server: &mut Server,
    params: CallHierarchyPrepareParams,
) -> Answer<Option<Vec<CallHierarchyItem>>> {
    let at = params.text_document_position_params;
    let Some(named) = names::at(server, &at.text_document.uri, at.position) else { return Ok(None) };
    let (Symbol::Workflow(name) | Symbol::Stage { workflow: name, .. }) = &named.symbol else { return Ok(None) };
    Ok(Some(item(server, &named.view, name).into_iter().collect()))
}

/// The workflows that hand over to it.
pub(crate) fn incoming(
    server: &mut Server,
    params: CallHierarchyIncomingCallsParams,
) -> Answer<Option<Vec<CallHierarchyIncomingCall>>> {
    let Some(view) = view_of(server, &params.item) else { return Ok(None) };
    let mut calls = Vec::new();
    for (declared, workflow) in workflows(&view) {
        let to_it: Vec<(usize, &Handoff)> =
            handoffs(workflow).filter(|(_, handoff)| handoff.to.text == params.item.name).collect();
        let Some(from) = item(server, &view, &workflow.name.text).filter(|_| !to_it.is_empty()) else { continue };
        let from_ranges = to_it.iter().filter_map(|(index, handoff)| {
            let location =
                view.location(&server.workspace, declared.member_file(*index), handoff.to.span, server.encoding)?;
            (location.uri == from.uri).then_some(location.range)
        });
        let from_ranges = from_ranges.collect();
        calls.push(CallHierarchyIncomingCall { from, from_ranges });
    }
    Ok(Some(calls))
}

/// The workflows that it hands over to.
pub(crate) fn outgoing(
    server: &mut Server,
    params: CallHierarchyOutgoingCallsParams,
) -> Answer<Option<Vec<CallHierarchyOutgoingCall>>> {
    let Some(view) = view_of(server, &params.item) else { return Ok(None) };
    let mut calls: Vec<CallHierarchyOutgoingCall> = Vec::new();
    let own = workflows(&view).find(|(_, workflow)| workflow.name.text == params.item.name);
    let Some((declared, workflow)) = own else { return Ok(Some(calls)) };
    for (index, handoff) in handoffs(workflow) {
        let Some(to) = item(server, &view, &handoff.to.text) else { continue };
        let location = view.location(&server.workspace, declared.member_file(index), handoff.to.span, server.encoding);
        let ranges = location.filter(|location| location.uri == params.item.uri).map(|location| location.range);
        match calls.iter_mut().find(|call| call.to.name == to.name) {
            Some(call) => call.from_ranges.extend(ranges),
            None => calls.push(CallHierarchyOutgoingCall { to, from_ranges: ranges.into_iter().collect() }),
        }
    }
    Ok(Some(calls))
}

/// The client that an item was made of: a workflow of the standard library means another in each client.
fn view_of(server: &mut Server, item: &CallHierarchyItem) -> Option<View> {
    let folder = item.data.as_ref().and_then(|data| data.as_str()).map(str::to_owned);
    let view = folder.and_then(|folder| server.workspace.first_view(Path::new(&folder)));
    view.or_else(|| server.workspace.view(&item.uri))
}

fn workflows(view: &View) -> impl Iterator<Item = (&Declared, &Workflow)> {
    view.compilation.compiled.modules.declarations.iter().filter_map(|declared| match &declared.declaration.kind {
        DeclarationKind::Workflow(workflow) => Some((declared, workflow)),
        _ => None,
    })
}

fn handoffs(workflow: &Workflow) -> impl Iterator<Item = (usize, &Handoff)> {
    workflow.members.iter().enumerate().filter_map(|(index, member)| match member {
        WorkflowMember::Handoff(handoff) => Some((index, handoff)),
        _ => None,
    })
}

fn item(server: &Server, view: &View, name: &str) -> Option<CallHierarchyItem> {
    let (declared, workflow) = workflows(view).find(|(_, workflow)| workflow.name.text == name)?;
    let place = |span: Span| view.location(&server.workspace, declared.file, span, server.encoding);
    let (whole, selected) = (place(declared.declaration.span)?, place(workflow.name.span)?);
    Some(CallHierarchyItem {
        name: workflow.name.text.to_string(),
        kind: SymbolKind::CLASS,
        tags: None,
        detail: Some(format!("workflow for {}, {}", workflow.entity.text, view.compilation.name())),
        uri: whole.uri,
        range: whole.range,
        selection_range: selected.range,
        data: Some(serde_json::Value::String(view.compilation.folder.to_string_lossy().into_owned())),
    })
}
