//! Where what is under the cursor is named in the same document, and, while it is typed, what has to change with it.

use tower_lsp::ls_types::{
    DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams, LinkedEditingRangeParams, LinkedEditingRanges,
};

use super::{Answer, names};
use crate::server::Server;

pub(crate) fn highlight(
    server: &mut Server,
    params: DocumentHighlightParams,
) -> Answer<Option<Vec<DocumentHighlight>>> {
    let at = params.text_document_position_params;
    let Some(named) = names::at(server, &at.text_document.uri, at.position) else { return Ok(None) };
    let places = names::places(server, &named);
    let here = places.iter().filter(|place| place.path == named.view.path);
    let highlight = |place: &names::Place| DocumentHighlight {
        range: named.view.range(place.span, server.encoding),
        kind: Some(if place.is_definition { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ }),
    };
    Ok(Some(here.map(highlight).collect()))
}

/// The places of a name that may be typed in all of them at once: it stands in this file alone and is written alike everywhere.
pub(crate) fn linked(server: &mut Server, params: LinkedEditingRangeParams) -> Answer<Option<LinkedEditingRanges>> {
    let at = params.text_document_position_params;
    let Some(named) = names::at(server, &at.text_document.uri, at.position) else { return Ok(None) };
    let places = names::places(server, &named);
    let written = named.view.slice(named.span);
    let is_plain = |text: &str| text.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    let alike = places.iter().all(|place| place.path == named.view.path && place.written == written);
    if !alike || !is_plain(written) || places.len() < 2 {
        return Ok(None);
    }
    let ranges = places.iter().map(|place| named.view.range(place.span, server.encoding)).collect();
    Ok(Some(LinkedEditingRanges { ranges, word_pattern: Some("[A-Za-z_][A-Za-z0-9_]*".to_owned()) }))
}
