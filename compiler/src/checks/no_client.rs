//! What in a playbook without a `client` depends on one: amounts of money, days and times of a zone, business hours. It goes by the
//! words of the client's files, and by the columns of its sources.

use language::syntax::DeclarationKind;
use language::{Span, Token, Tokens};

use crate::codes::lints::no_client;
use crate::diagnostics::Diagnostic;
use crate::modules::Modules;
use crate::program::{FileId, Program, Type};

/// A setting of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    Currency,
    Timezone,
    Hours,
}

/// Something that depends on a setting, and where it stands.
pub(crate) type Use = (Setting, FileId, Span);

/// One note for the whole playbook, at the first use of each setting.
pub(super) fn run(program: &Program, modules: &Modules, diagnostics: &mut Vec<Diagnostic>) {
    if modules.client().is_some() {
        return;
    }
    let mut found: Vec<Use> = Vec::new();
    let mut uses = of_words(modules);
    uses.extend(of_columns(program, modules));
    uses.sort_by_key(|(_, file, span)| (*file, *span));
    for (setting, file, span) in uses {
        if !found.iter().any(|(known, ..)| *known == setting) {
            found.push((setting, file, span));
        }
    }
    if let Some((first, others)) = found.split_first() {
        diagnostics.push(no_client::diagnostic(&program.client, first, others));
    }
}

fn of_words(modules: &Modules) -> Vec<Use> {
    let mut uses = Vec::new();
    for (file, text) in (0..).map(FileId).zip(&modules.files.files) {
        if modules.is_client(file) {
            let tokens = language::parse(&text.text).tokens;
            let words: Vec<u32> = (0..tokens.len()).filter(|at| !tokens.kind(*at).is_trivia()).collect();
            let found = (0..words.len()).filter_map(|at| setting(&tokens, &words, at));
            uses.extend(found.map(|(setting, span)| (setting, file, span)));
        }
    }
    uses
}

/// What the word at that place depends on, by its neighbours.
fn setting(tokens: &Tokens, words: &[u32], at: usize) -> Option<(Setting, Span)> {
    let kind = |at: Option<usize>| at.and_then(|at| words.get(at)).map(|word| tokens.kind(*word));
    let (before, here, after) = (kind(at.checked_sub(1)), kind(Some(at))?, kind(Some(at + 1)));
    let setting = match here {
        Token::Capitals if after == Some(Token::Number) || before == Some(Token::As) => Setting::Currency,
        Token::TimeLiteral => Setting::Timezone,
        // A day in a comparison is a day of the calendar; the first or last of a period has a first instant.
        Token::DateLiteral if matches!(before, Some(Token::Since | Token::Until)) => Setting::Timezone,
        Token::Business if matches!(after, Some(Token::Hour | Token::Hours | Token::Day | Token::Days)) => {
            Setting::Hours
        }
        _ => return None,
    };
    Some((setting, tokens.span(*words.get(at)?)))
}

fn of_columns(program: &Program, modules: &Modules) -> Vec<Use> {
    let mut uses = Vec::new();
    for declared in modules.declarations.iter().filter(|declared| modules.is_client(declared.file)) {
        let DeclarationKind::Source(source) = &declared.declaration.kind else { continue };
        let name = source.name.dotted();
        let Some(known) = program.sources.iter().find(|known| known.name == name) else { continue };
        for (ty, setting) in [(Type::Money, Setting::Currency), (Type::Time, Setting::Timezone)] {
            if known.mappings.iter().any(|mapping| mapping.ty == ty) {
                uses.push((setting, declared.file, source.name.span));
            }
        }
    }
    uses
}
