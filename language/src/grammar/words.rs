//! What the language expected somewhere, in its own words: the table from rules to words, and the nearest word.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Rule;
use crate::token::Token;

/// What could stand in a place.
#[derive(Debug, Default)]
pub(crate) struct Expectation {
    /// In words, each once.
    pub(crate) words: Vec<&'static str>,
    /// The keywords among them, for a misspelt one.
    pub(crate) keywords: Vec<&'static str>,
}

/// The tokens by their rules, in the form that messages need.
static TOKENS: LazyLock<HashMap<Rule, Described>> = LazyLock::new(|| {
    let named: HashMap<String, Token> = Token::ALL.iter().map(|token| (token.rule_name(), *token)).collect();
    let described = |rule: &Rule| {
        let token = named.get(&format!("{rule:?}"))?;
        Some((*rule, Described { words: [token.described()], keyword: token.keyword().map(|keyword| [keyword]) }))
    };
    Rule::all_rules().iter().filter_map(described).collect()
});

struct Described {
    words: [&'static str; 1],
    keyword: Option<[&'static str; 1]>,
}

impl Expectation {
    /// From what pest tried at the place. `header`: the clause's end is its block's `{`.
    pub(crate) fn of(rules: &[Rule], header: bool) -> Self {
        let mut expectation = Self::default();
        for rule in rules {
            let (words, keywords) = described(*rule, header);
            for word in words {
                if !expectation.words.contains(word) {
                    expectation.words.push(word);
                }
            }
            expectation.keywords.extend(keywords);
        }
        // What says most comes first in a sentence, what ends the clause last.
        expectation.words.sort_by_key(|word| match *word {
            "the end of the line" | "`{`" => 2,
            word => i32::from(word.starts_with('`')),
        });
        expectation
    }
}

/// The keyword that a word nearly is.
pub(crate) fn nearest(word: &str, keywords: impl IntoIterator<Item = &'static str>) -> Option<&'static str> {
    let length = word.chars().count();
    if length > 40 {
        return None;
    }
    let furthest = (length / 3).max(1);
    keywords
        .into_iter()
        .map(|keyword| (strsim::osa_distance(word, keyword), keyword))
        .filter(|(distance, keyword)| *distance <= furthest && *distance < keyword.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, keyword)| keyword)
}

/// A rule's words and its keywords.
fn described(rule: Rule, header: bool) -> (&'static [&'static str], &'static [&'static str]) {
    match rule {
        Rule::EOI if header => (&["`{`"], &[]),
        Rule::EOI => (&["the end of the line"], &[]),
        Rule::name => (&["a name"], &[]),
        Rule::text => (&["a text in quotes"], &[]),
        Rule::points => (&["points such as `+20`"], &[]),
        Rule::duration => (&["a duration such as `21 days`"], &[]),
        Rule::unit => (
            &["a unit such as `days`"],
            &[
                "second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month",
                "months", "year", "years",
            ],
        ),
        Rule::weekday => (&["a weekday such as `mon`"], &["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
        Rule::money => (&["an amount such as `NZD 50k`"], &[]),
        Rule::condition | Rule::operand | Rule::situation => (&["a condition"], &["not", "any", "no"]),
        Rule::filter | Rule::filter_operand | Rule::filtered => (&["a condition"], &["not"]),
        Rule::judged | Rule::term | Rule::product | Rule::factor => (&["a value or a name"], &["count"]),
        Rule::quantity | Rule::happened | Rule::mentions => (&["`any`", "`no`"], &["any", "no", "at", "exactly"]),
        Rule::connective => (&["`and`", "`or`"], &["and", "or"]),
        Rule::test => (&["a comparison such as `is` or `>=`"], &["is", "has", "starts", "ends", "contains"]),
        Rule::comparator | Rule::compare | Rule::equals | Rule::equal_sign => (&["a comparison such as `>=`"], &[]),
        Rule::is_values => (&["a value"], &["certainly", "provisionally"]),
        Rule::certainty => (&["`certainly`", "`provisionally`"], &["certainly", "provisionally"]),
        Rule::has_which => (&["`any of`", "`all of`", "`none of`"], &["any", "all", "none"]),
        Rule::function => {
            (&["an aggregate such as `median`"], &["average", "median", "sum", "highest", "lowest", "latest"])
        }
        Rule::events | Rule::query | Rule::outcome | Rule::given_events => (&["an event"], &[]),
        Rule::brief_item => (&["what is handed over"], &["top", "last"]),
        Rule::expect_denied => (&["`denied`", "`allowed`"], &["denied", "allowed"]),
        Rule::when_event => (&["an event"], &[]),
        Rule::when_tries => (&["what an agent tries"], &["tries"]),
        Rule::when_answers => (&["an answer"], &["approves", "rejects", "rates"]),
        Rule::when_passes => (&["a duration such as `2 days pass`"], &["pass", "passes"]),
        Rule::given_record | Rule::given_stage => (&["a record such as `contact { … }`"], &[]),
        Rule::window | Rule::IN => (&["`in the last`"], &["in"]),
        // Operators could stand behind every term: naming them helps nobody.
        Rule::plus_or_minus | Rule::times_or_over | Rule::behind_value | Rule::DOT => (&[], &[]),
        Rule::amount | Rule::signed => (&["a number"], &[]),
        Rule::refined | Rule::only_one => (
            &["a kind of declaration such as `score`"],
            &["score", "workflow", "phrases", "objection", "source", "permissions", "priority"],
        ),
        Rule::type_expression => (&["a type such as `number?`"], &["list", "one", "yes"]),
        Rule::conversion | Rule::converted => {
            (&["a conversion such as `split by`"], &["split", "others", "as", "lookup"])
        }
        Rule::others => (&["`, others wait`", "`, others stop`"], &[]),
        Rule::maturity => (&["a status such as `documented`"], &["draft", "documented", "measured", "approved"]),
        Rule::right => (&["a right such as `read`"], &["read", "write", "create", "ask"]),
        Rule::limit | Rule::measure => (&["a limit such as `at least 20`"], &["at", "over", "under", "every", "share"]),
        Rule::share_limit => (&["a share such as `at least 80%`"], &["at", "over", "under"]),
        Rule::to_what => (&["to what", "`to`"], &["to"]),
        Rule::since_what => (&["`after`"], &["after"]),
        Rule::instead => (&["`, else`"], &[]),
        Rule::certain => (&["`certainly`"], &["certainly"]),
        Rule::actor => (&["an agent's name or `human`"], &["human"]),
        Rule::manner => (&["a manner such as `by` or `via`"], &["by", "via", "to", "with", "for", "on"]),
        Rule::crosses => (&["`rises above`", "`falls below`"], &["rises", "falls"]),
        _ => token(rule),
    }
}

/// The words of a token's rule; nothing for a rule that only ever fails inside.
fn token(rule: Rule) -> (&'static [&'static str], &'static [&'static str]) {
    TOKENS
        .get(&rule)
        .map_or((&[], &[]), |token| (&token.words, token.keyword.as_ref().map_or(&[], |keyword| keyword.as_slice())))
}
