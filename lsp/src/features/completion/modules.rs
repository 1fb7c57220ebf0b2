//! What is named and stands in no playbook: modules and lints.

use std::collections::BTreeSet;

use compiler::codes;
use compiler::modules::standard;
use tower_lsp::ls_types::CompletionItemKind as Kind;

use super::offer::Offer;
use super::world::Side;

/// What `use` may name. `files`: the playbooks of the client's folder, and of the one that all share, by their names there.
pub(super) fn modules(offer: &mut Offer<'_>, beside: bool, files: &[String]) {
    for file in files {
        let dotted = standard::dotted(file);
        let is_shared = file.contains(':');
        if beside != is_shared {
            let (side, whose) =
                if is_shared { (Side::Module, "shared module") } else { (Side::Client, "file beside this one") };
            offer.own(&dotted, Kind::MODULE, whose, side);
        }
    }
    if !beside {
        let names: BTreeSet<String> = standard::names().iter().map(|name| standard::dotted(name)).collect();
        for name in names {
            offer.own(&name, Kind::MODULE, "standard library", Side::Standard);
        }
    }
}

/// What may be allowed for a reason.
pub(super) fn lints(offer: &mut Offer<'_>) {
    for code in codes::all().filter(|code| codes::is_lint(code)) {
        offer.own(code.name, Kind::CONSTANT, "lint", Side::Standard);
    }
}
