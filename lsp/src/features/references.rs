//! Everywhere that something is named.

use tower_lsp::ls_types::{Location, ReferenceParams};

use super::{Answer, names};
use crate::server::Server;

pub(crate) fn references(server: &mut Server, params: ReferenceParams) -> Answer<Option<Vec<Location>>> {
    let at = params.text_document_position;
    let Some(named) = names::at(server, &at.text_document.uri, at.position) else { return Ok(None) };
    let wanted = |place: &names::Place| params.context.include_declaration || !place.is_definition;
    let places = names::places(server, &named);
    let location = |place: &names::Place| {
        let (uri, range) = names::range(server, &named, place)?;
        Some(Location::new(uri, range))
    };
    Ok(Some(places.iter().filter(|place| wanted(place)).filter_map(location).collect()))
}
