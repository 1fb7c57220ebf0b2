//! One thing that is proposed, before it is put into the protocol's words.

use compiler::program::FileId;
use language::Span;
use tower_lsp::ls_types::CompletionItemKind;

use super::world::Side;

/// How likely it is: what is meant for the place comes before what may stand there as well, and that before keywords.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// Just this kind of name is wanted.
    Wanted,
    /// It may stand there as well.
    Also,
    /// A word of the language.
    Keyword,
}

/// What is proposed.
#[derive(Clone, Debug)]
pub(super) struct Proposal {
    /// What is shown, and filled in where there is no snippet.
    pub(super) label: String,
    /// In the form of a snippet, with places to go to.
    pub(super) snippet: Option<&'static str>,
    pub(super) kind: CompletionItemKind,
    /// What it is, in a few words.
    pub(super) detail: String,
    pub(super) rank: Rank,
    pub(super) side: Side,
    /// Where it is declared.
    pub(super) declared: Option<(FileId, Span)>,
}

impl Proposal {
    pub(super) fn keyword(label: String) -> Self {
        Self {
            label,
            snippet: None,
            kind: CompletionItemKind::KEYWORD,
            detail: String::new(),
            rank: Rank::Keyword,
            side: Side::Standard,
            declared: None,
        }
    }

    /// A word of the language that stands for a name.
    pub(super) fn word(label: &str) -> Self {
        Self { rank: Rank::Wanted, ..Self::keyword(label.to_owned()) }
    }

    pub(super) const fn also(mut self) -> Self {
        self.rank = Rank::Also;
        self
    }
}
