//! The shape of the clause that is typed, and which part of it comes now. The shapes are the grammar's own.

use language::{Shape, Token, place_at, shapes};
use tower_lsp::ls_types::{
    ParameterInformation, ParameterLabel, SignatureHelp, SignatureHelpParams, SignatureInformation,
};

use super::Answer;
use crate::server::Server;

pub(crate) fn help(server: &mut Server, params: SignatureHelpParams) -> Answer<Option<SignatureHelp>> {
    let at = params.text_document_position_params;
    let Some(view) = server.workspace.view(&at.text_document.uri) else { return Ok(None) };
    let byte = view.byte(at.position, server.encoding);
    Ok(shown(&view.text, view.parsed(), byte))
}

/// The shapes of the clause around a byte; none where its clause has no fixed shape.
fn shown(text: &str, parsed: &language::Parsed, byte: u32) -> Option<SignatureHelp> {
    let is_comment = |byte: u32| {
        let token = parsed.token_at(byte);
        token.is_some_and(|(kind, span)| matches!(kind, Token::Comment | Token::Doc) && span.start < byte.max(1))
    };
    if is_comment(byte) || byte.checked_sub(1).is_some_and(is_comment) {
        return None;
    }
    // Within a number or a text, what stands before it is asked.
    let place = (0..=byte).rev().take(MOST).find_map(|byte| place_at(parsed, text, byte))?;
    let words: Vec<(Token, &str)> =
        place.before.iter().map(|(kind, span)| (*kind, text.get(span.range()).unwrap_or_default())).collect();
    let (first, _) = words.first()?;
    let shapes = shapes(place.context?, *first);
    let met = shapes.iter().map(|shape| shape.part(&words));
    let active =
        met.clone().enumerate().max_by_key(|(index, (_, met))| (*met, usize::MAX - index)).map(|(index, _)| index)?;
    let signatures: Vec<SignatureInformation> =
        shapes.iter().zip(met).map(|(shape, (part, _))| signature(shape, part)).collect();
    let parameter = signatures.get(active).and_then(|signature| signature.active_parameter);
    Some(SignatureHelp { signatures, active_signature: u32::try_from(active).ok(), active_parameter: parameter })
}

/// Nobody types a longer number or text and waits for the shape of what is around it.
const MOST: usize = 200;

fn signature(shape: &Shape, part: usize) -> SignatureInformation {
    let label = |part: &&str| ParameterLabel::Simple((*part).to_owned());
    let parameter = |part: &&str| ParameterInformation { label: label(part), documentation: None };
    SignatureInformation {
        label: shape.parts.join(" "),
        documentation: Some(tower_lsp::ls_types::Documentation::String(shape.example.to_owned())),
        parameters: Some(shape.parts.iter().map(parameter).collect()),
        active_parameter: u32::try_from(part).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shape that is active at the mark, with the active part in angle brackets.
    fn drawn(text: &str) -> String {
        let byte = text.find('‸').unwrap();
        let text = text.replace('‸', "");
        let Some(help) = shown(&text, &language::parse(&text), byte as u32) else { return "nothing".to_owned() };
        let active = &help.signatures[help.active_signature.unwrap() as usize];
        let parts = active.parameters.as_ref().unwrap().iter().enumerate().map(|(index, part)| {
            let ParameterLabel::Simple(part) = &part.label else { panic!("parts are texts") };
            if Some(index as u32) == help.active_parameter { format!("<{part}>") } else { part.clone() }
        });
        parts.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_part_that_comes_now_is_marked() {
        let cases = [
            "score icp for Contact {\n  layer ‸\n}",
            "score icp for Contact {\n  layer fit weight ‸\n}",
            "score icp for Contact {\n  layer fit weight 40% fading by half every 21 ‸",
            "score icp for Contact {\n  +20 each page.viewed in the last 30 days, up to ‸",
            "workflow W for Contact {\n  stage A {\n    next ‸\n  }\n}",
            "workflow W for Contact {\n  stage A {\n    next B after ‸\n  }\n}",
            "workflow W for Contact {\n  stage A {\n    next B on reply.received or ‸",
            "workflow W for Contact {\n  stage A {\n    ask human to approve message within 1 day, remind ‸",
            "workflow W for Contact {\n  start every mon to fri at ‸\n}",
            "workflow W for Contact {\n  handoff Qualify to ‸ {\n}",
            "goal F1 \"scored\" at least 20 per ‸",
            "goal \"cost\" under NZD 85 per month of spend per ‸",
            "test \"t\" {\n  expect icp is certainly ‸\n}",
            "phrases pain { ‸ }",
            "wor‸",
        ];
        let drawn: Vec<String> = cases.iter().map(|case| format!("{case}\n=> {}", drawn(case))).collect();
        insta::assert_snapshot!(drawn.join("\n\n"));
    }

    #[test]
    fn any_place_of_any_clause_will_do() {
        for (context, text) in [("a", "score icp for Contact {\n  layer é weight 40% \"x"), ("b", "goal F1 \"é‸\" at")]
        {
            let parsed = language::parse(text);
            for byte in 0..=text.len() + 1 {
                let shown = shown(text, &parsed, byte as u32);
                assert!(shown.is_none_or(|shown| !shown.signatures.is_empty()), "{context} {byte}");
            }
        }
    }
}
