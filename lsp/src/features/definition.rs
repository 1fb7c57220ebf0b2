//! Where something is declared; where it is refined, as the places that put it into effect.

use compiler::symbols::Role;
use tower_lsp::ls_types::request::{GotoImplementationParams, GotoImplementationResponse};
use tower_lsp::ls_types::{GotoDefinitionParams, GotoDefinitionResponse, Location, TextDocumentPositionParams};

use super::{Answer, names};
use crate::server::Server;

/// The first declaration.
pub(crate) fn definition(server: &mut Server, params: GotoDefinitionParams) -> Answer<Option<GotoDefinitionResponse>> {
    let found = locations(server, &params.text_document_position_params, |role| role == Role::First);
    Ok(found.map(GotoDefinitionResponse::Array))
}

/// What refines or extends it; the declaration itself where nothing does.
pub(crate) fn implementation(
    server: &mut Server,
    params: GotoImplementationParams,
) -> Answer<Option<GotoImplementationResponse>> {
    let position = &params.text_document_position_params;
    let refined = locations(server, position, |role| role != Role::First).filter(|found| !found.is_empty());
    let found = refined.or_else(|| locations(server, position, |_| true));
    Ok(found.map(GotoImplementationResponse::Array))
}

fn locations(
    server: &mut Server,
    at: &TextDocumentPositionParams,
    wanted: impl Fn(Role) -> bool,
) -> Option<Vec<Location>> {
    let named = names::at(server, &at.text_document.uri, at.position)?;
    let definitions = names::definitions(&named.view, &named.symbol);
    let location = |definition: &&compiler::symbols::Definition| {
        named.view.location(&server.workspace, definition.file, definition.name, server.encoding)
    };
    Some(definitions.iter().filter(|definition| wanted(definition.role)).filter_map(location).collect())
}
