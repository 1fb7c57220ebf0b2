//! What may stand where somebody types: keywords as the grammar has them, and the client's own names of the kind that is meant there.
//!
//! It works from the tokens of the clause, whole or not: [`language::place_at`] says what may follow, [`wanted`] what a name would
//! stand for, [`offer`] which names of that kind there are.

mod condition;
mod items;
mod measures;
mod modules;
mod offer;
mod permits;
mod proposal;
mod reading;
mod snippets;
#[cfg(test)]
mod tests;
mod values;
mod wanted;
mod within;
mod world;

use compiler::compile::Compiled;
use language::{Context, Parsed, Place, Span, Token, place_at};
use tower_lsp::ls_types::{CompletionItem, CompletionItemKind, CompletionParams, CompletionResponse};

use super::Answer;
use crate::server::Server;
use offer::Offer;
use proposal::{Proposal, Rank};
use world::World;

/// What is proposed for a place in a text.
struct Proposed {
    /// What a proposal takes the place of.
    word: Span,
    found: Vec<Proposal>,
}

/// A text of a client, and what is known around it.
struct Around<'a> {
    text: &'a str,
    parsed: &'a Parsed,
    compiled: &'a Compiled,
    /// The playbooks of the client's folder and the shared one.
    files: &'a [String],
}

pub(crate) fn complete(server: &mut Server, params: CompletionParams) -> Answer<Option<CompletionResponse>> {
    let at = params.text_document_position;
    let Some(view) = server.workspace.view(&at.text_document.uri) else { return Ok(None) };
    let byte = view.byte(at.position, server.encoding);
    let files = server.workspace.module_names(&view.compilation.folder);
    let around =
        Around { text: &view.text, parsed: view.parsed(), compiled: &view.compilation.compiled, files: &files };
    let proposed = around.proposed(byte);
    Ok(Some(CompletionResponse::Array(items::items(server, &view, &at.text_document.uri, proposed))))
}

/// Says more of one that the user looks at: what its declaration says.
pub(crate) fn resolve(server: &mut Server, item: CompletionItem) -> Answer<CompletionItem> {
    Ok(items::resolved(server, item))
}

impl Around<'_> {
    /// What may stand at a byte.
    fn proposed(&self, byte: u32) -> Proposed {
        if let Some(place) = place_at(self.parsed, self.text, byte) {
            return self.at_place(&place);
        }
        let (word, wanted, qualifier) = within::asked(self.parsed, self.text, byte);
        let mut offer = Offer { world: World::new(self.compiled), qualifier: &qualifier, found: Vec::new() };
        for wanted in &wanted {
            offer.add(wanted);
            offer.add_elsewhere(wanted, self.files);
        }
        if let Some(zones) = within::zones(self.parsed, byte) {
            return Proposed { word: zones, found: within::zone_names() };
        }
        Proposed { word, found: offer.found }
    }

    fn at_place(&self, place: &Place) -> Proposed {
        let asked = wanted::asked(place, self.text);
        let mut offer = Offer { world: World::new(self.compiled), qualifier: &asked.qualifier, found: Vec::new() };
        // Where it is not known what may follow, what is wanted is proposed all the same.
        if place.follow.as_ref().is_none_or(|follow| follow.name) {
            for wanted in &asked.wanted {
                let before = offer.found.len();
                offer.add(wanted);
                offer.add_elsewhere(wanted, self.files);
                // What is meant first comes first.
                if before > 0 {
                    let later = offer.found.iter_mut().skip(before);
                    later.for_each(|proposal| proposal.rank = proposal.rank.max(Rank::Also));
                }
            }
        }
        if place.follow.as_ref().is_some_and(|follow| follow.others.contains(&Token::Capitals)) {
            offer.add(&wanted::Wanted::Money);
        }
        let mut found = offer.found;
        found.extend(self.keywords(place));
        found.sort_by(|left, right| (left.rank, left.side, &left.label).cmp(&(right.rank, right.side, &right.label)));
        let mut seen = std::collections::HashSet::new();
        found.retain(|proposal| seen.insert(proposal.label.clone()));
        Proposed { word: with_hyphens(self.parsed, place), found }
    }

    fn keywords(&self, place: &Place) -> Vec<Proposal> {
        let Some(follow) = &place.follow else { return Vec::new() };
        let context = place.context.filter(|_| place.before.is_empty() && self.ends_line(place.word.end));
        let mut found = Vec::new();
        for phrase in &follow.phrases {
            let words: Vec<&str> = phrase.iter().filter_map(|token| token.keyword()).collect();
            let mut proposal = Proposal::keyword(words.join(" "));
            if let Some(snippet) = context.and_then(|context| snippets::snippet(context, &proposal.label)) {
                proposal.snippet = Some(snippet.body);
                proposal.kind = CompletionItemKind::SNIPPET;
                proposal.detail = snippets::filled(snippet.body).lines().next().unwrap_or_default().to_owned();
            }
            if place.context == Some(Context::File) && place.before.is_empty() {
                proposal.rank = Rank::Wanted;
            }
            found.push(proposal);
        }
        if follow.others.contains(&Token::Plus)
            && let Some(context) = context
        {
            found.extend(snippets::rules(context).map(|snippet| Proposal {
                label: snippet.keyword.to_owned(),
                snippet: Some(snippet.body),
                kind: CompletionItemKind::SNIPPET,
                detail: snippets::filled(snippet.body),
                rank: Rank::Wanted,
                ..Proposal::keyword(String::new())
            }));
        }
        let value = place.before.last().is_some_and(|(kind, _)| matches!(kind, Token::Colon | Token::LeftBracket));
        // Terms may be given in a test, and nobody gives one.
        if place.context == Some(Context::Record) && value {
            found.retain(|proposal| ["missing", "yes", "no", "today", "now"].contains(&proposal.label.as_str()));
        }
        let unit_follows = follow.phrases.iter().any(|phrase| phrase.first() == Some(&Token::Days));
        if unit_follows {
            for proposal in &mut found {
                proposal.kind = if is_unit(&proposal.label) { CompletionItemKind::UNIT } else { proposal.kind };
            }
        }
        found
    }

    /// Whether nothing but blanks stands between a byte and its line's end.
    fn ends_line(&self, byte: u32) -> bool {
        let rest = self.text.get(byte as usize..).unwrap_or_default();
        rest.lines().next().is_none_or(|line| line.trim().is_empty())
    }
}

fn is_unit(word: &str) -> bool {
    let stem = word.strip_suffix('s').unwrap_or(word);
    ["second", "minute", "hour", "day", "week", "month", "year", "business"].contains(&stem)
}

/// A lint's name has hyphens in it: all of it gives way.
fn with_hyphens(parsed: &Parsed, place: &Place) -> Span {
    let is_lint =
        place.context == Some(Context::Client) && place.before.first().is_some_and(|(kind, _)| *kind == Token::Allow);
    let mut word = place.word;
    if is_lint {
        for (_, span) in place.before.iter().skip(1).rev() {
            if span.end == word.start {
                word.start = span.start;
            }
        }
        let mut at = parsed.tokens.at(word.end);
        while let Some(index) = at.filter(|index| parsed.tokens.start(*index) == word.end) {
            let kind = parsed.tokens.kind(index);
            if kind != Token::Minus && !kind.is_word() {
                break;
            }
            word.end = parsed.tokens.span(index).end;
            at = parsed.tokens.at(word.end);
        }
    }
    word
}
