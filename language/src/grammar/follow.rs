//! What may follow the first tokens of a clause. Pest is asked by trying each token there; no rule is known here by its name.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::{Context, Form, Refusal, Rule, declaration, form, run};
use crate::token::Token;

/// What may stand in a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Follow {
    /// Keywords, each with those that have to come behind it: `in the last`.
    pub phrases: Vec<Vec<Token>>,
    /// A name.
    pub name: bool,
    /// A currency, a number, a text, a sign.
    pub others: Vec<Token>,
    /// Nothing: the clause or its header may end.
    pub end: bool,
}

/// Stands for no token of a clause.
const NOTHING: Token = Token::Unknown;

/// No keyword has so many behind it that have to come.
const LONGEST: usize = 6;

/// What may stand behind those tokens, the first ones of what the rule reads; none where it cannot read them. `before` has one
/// character a token.
pub(crate) fn follow(rule: Rule, before: &str) -> Option<Follow> {
    let trial = Trial { rule, before, length: before.chars().count() };
    let wanted = trial.behind(&[])?;
    let name = trial.behind(&[Token::Word]);
    let mut follow = Follow { name: name.is_some(), end: wanted.contains(&Rule::EOI), ..Follow::default() };
    for token in trial.candidates(wanted, name.as_deref()).iter().copied() {
        let Some(next) = trial.behind(&[token]) else { continue };
        if name.as_ref() == Some(&next) || trial.is_mere_name(&next, name.as_deref()) {
            continue;
        }
        if token.keyword().is_some() {
            trial.complete(vec![token], &next, name.as_deref(), &mut follow.phrases);
        } else {
            follow.others.push(token);
        }
    }
    Some(follow)
}

/// What a clause of a block may start with.
pub(crate) fn starts(context: Context) -> Follow {
    let form_of = |token: Token| -> Option<Form> {
        match context {
            Context::File => token.starts_declaration().then(|| declaration(token)).flatten(),
            _ => form(context, token, Token::LineEnd),
        }
    };
    let named = form_of(Token::Word);
    let mut follow = Follow { name: named.is_some(), ..Follow::default() };
    for token in Token::ALL.iter().copied() {
        let Some(form) = form_of(token) else { continue };
        if token.keyword().is_some() {
            if named.is_some_and(|named| named.rule == form.rule) {
                continue;
            }
            let trial = Trial { rule: form.rule, before: "", length: 0 };
            if let Some(next) = trial.behind(&[token]) {
                trial.complete(vec![token], &next, None, &mut follow.phrases);
            }
        } else if !token.is_word() {
            follow.others.push(token);
        }
    }
    follow
}

/// Tokens by the rules that are tried in their place.
type Known = HashMap<Vec<Rule>, Arc<[Token]>>;

/// A rule and the tokens that it has read.
struct Trial<'t> {
    rule: Rule,
    before: &'t str,
    length: usize,
}

impl Trial<'_> {
    /// What could stand behind more tokens, sorted; none where they cannot stand there.
    fn behind(&self, more: &[Token]) -> Option<Vec<Rule>> {
        let mut input = String::with_capacity(self.before.len() + 2 * more.len() + 2);
        input.push_str(self.before);
        input.extend(more.iter().chain([&NOTHING]).map(|token| token.code()));
        match run(self.rule, &input) {
            Err(Refusal::Unexpected { at, mut expected }) if at >= self.length + more.len() => {
                expected.sort_unstable();
                expected.dedup();
                Some(expected)
            }
            _ => None,
        }
    }

    /// The tokens that may be read in a place where those rules are tried, but for those that are mere names there. Found out once
    /// for the same rules.
    fn candidates(&self, wanted: Vec<Rule>, name: Option<&[Rule]>) -> Arc<[Token]> {
        static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);
        let lock = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&wanted) {
            return Arc::clone(known);
        }
        let may = |token: &Token| {
            let read = !token.is_trivia() && *token != NOTHING && *token != Token::Word;
            read && self.behind(&[*token]).is_some_and(|next| name != Some(next.as_slice()))
        };
        let found: Arc<[Token]> = Token::ALL.iter().copied().filter(may).collect();
        lock().insert(wanted, Arc::clone(&found));
        found
    }

    /// Whether a keyword leads nowhere but where a name leads as well: all that could stand behind it could stand behind a name.
    fn is_mere_name(&self, next: &[Rule], name: Option<&[Rule]>) -> bool {
        let Some(name) = name else { return false };
        let mut own = next.iter().filter(|rule| !name.contains(rule)).peekable();
        own.peek().is_some()
            && own.all(|rule| KEYWORDS.get(rule).is_some_and(|keyword| self.behind(&[Token::Word, *keyword]).is_some()))
    }

    /// Adds the keywords that have to come, as long as there is hardly a choice. `name`: what could stand behind a name instead.
    fn complete(&self, phrase: Vec<Token>, next: &[Rule], name: Option<&[Rule]>, into: &mut Vec<Vec<Token>>) {
        // What may end here needs no more.
        let ends = next.contains(&Rule::EOI);
        let own = next.iter().filter(|rule| name.is_none_or(|name| !name.contains(rule)));
        let keywords: Option<Vec<Token>> = own.map(|rule| KEYWORDS.get(rule).copied()).collect();
        match keywords.filter(|keywords| !ends && (1..=2).contains(&keywords.len()) && phrase.len() < LONGEST) {
            Some(keywords) => {
                for keyword in keywords {
                    let longer: Vec<Token> = phrase.iter().copied().chain([keyword]).collect();
                    if let Some(next) = self.behind(&longer) {
                        self.complete(longer, &next, None, into);
                    }
                }
            }
            None => into.push(phrase),
        }
    }
}

/// The keywords by their rules.
static KEYWORDS: LazyLock<HashMap<Rule, Token>> = LazyLock::new(|| {
    let keywords = Token::ALL.iter().filter(|token| token.keyword().is_some());
    let named: HashMap<String, Token> = keywords.map(|token| (token.rule_name(), *token)).collect();
    let keyword = |rule: &Rule| Some((*rule, *named.get(&format!("{rule:?}"))?));
    Rule::all_rules().iter().filter_map(keyword).collect()
});
