//! When a text earns a line of a rubric, by rules: a small vocabulary of lines whose meaning can be checked by reading letters.
//!
//! A line is known if all of it is in the vocabulary, to the letter but for case; several criteria may be joined by commas.
//! What the rules cannot know (whether something is true, whether it is kind) they do not judge: such lines are not here.
//! Signs are English.

use super::super::texts::single_blanks;
use crate::agents::{Given, Reason};

/// None where the line has a criterion that no rule knows; `Some(None)` where the text does not earn it.
pub(super) fn judge(line: &str, reading: &Reading<'_>) -> Option<Option<Vec<Reason>>> {
    let line = single_blanks(line).to_lowercase();
    if let Some(verdict) = one(&line, reading) {
        return Some(verdict);
    }
    let mut reasons = Vec::new();
    let mut earned = true;
    for part in line.split(", ") {
        match one(part, reading)? {
            Some(more) => reasons.extend(more),
            None => earned = false,
        }
    }
    Some(earned.then_some(reasons))
}

/// A text, divided, with what is known about whom it is for.
pub(super) struct Reading<'a> {
    sentences: Vec<String>,
    lower: String,
    facts: &'a [Given],
}

impl<'a> Reading<'a> {
    pub(super) fn new(text: &str, facts: &'a [Given]) -> Self {
        let mut sentences = Vec::new();
        for paragraph in text.split("\n\n") {
            let mut sentence = String::new();
            for word in paragraph.split_whitespace() {
                if !sentence.is_empty() {
                    sentence.push(' ');
                }
                sentence.push_str(word);
                if word.ends_with(['.', '!', '?', '…']) {
                    sentences.push(std::mem::take(&mut sentence));
                }
            }
            if !sentence.is_empty() {
                sentences.push(sentence);
            }
        }
        let lower = sentences.join(" ").to_lowercase();
        Self { sentences, lower, facts }
    }

    /// The first sentence for which it holds; it is told in lower case.
    fn sentence(&self, words: &str, holds: impl Fn(&str) -> bool) -> Option<Vec<Reason>> {
        let found = self.sentences.iter().find(|sentence| holds(&sentence.to_lowercase()))?;
        Some(vec![Reason { words: words.to_owned(), quote: Some(found.clone()) }])
    }

    fn words(&self) -> usize {
        self.lower.split_whitespace().count()
    }
}

type Verdict = Option<Vec<Reason>>;

/// One criterion of the vocabulary.
fn one(line: &str, reading: &Reading<'_>) -> Option<Verdict> {
    if let Some(verdict) = length(line, reading) {
        return Some(verdict);
    }
    Some(match line {
        "a number" => number(reading),
        "a source" => source(reading),
        "asks a question" => reading.sentence("a question", |sentence| sentence.ends_with('?')),
        "asks for nothing" => without("it asks for no favour", &favour(reading)),
        "names a result that few others could have brought" => result(reading),
        "names what we do for people like them" => for_people_like_them(reading),
        "asks for a favour" => favour(reading),
        "gives something to try that works without us" => something_to_try(reading),
        "says what to do next and why" => next_and_why(reading),
        "says only what we want" => only_what_we_want(reading),
        "a proof by a third party, with a source" | "a proof by a third party" => third_party(reading),
        "a fact that can be checked" => number(reading).or_else(|| source(reading)),
        "praises itself" => praise(reading),
        "their words, their day, one thing about them alone" | "one thing about them alone" => personal(reading),
        "plain words" => plain(reading),
        "could have gone to anybody" => without("it uses nothing that is known about them alone", &personal(reading)),
        "all four shown" => shown(reading, 4),
        "three shown" => shown(reading, 3),
        "nothing claimed without a source" => claims_have_sources(reading),
        "clear and polite" => clear_and_polite(reading),
        "about us" => about_us(reading),
        _ => return None,
    })
}

/// `at most 120 words`, `at least 30 words`
fn length(line: &str, reading: &Reading<'_>) -> Option<Verdict> {
    let limit = line.strip_suffix(" words")?;
    let most = limit.strip_prefix("at most ").and_then(|limit| limit.parse::<usize>().ok());
    let least = limit.strip_prefix("at least ").and_then(|limit| limit.parse::<usize>().ok());
    if most.is_none() && least.is_none() {
        return None;
    }
    let words = reading.words();
    let holds = most.is_none_or(|most| words <= most) && least.is_none_or(|least| words >= least);
    Some(holds.then(|| about_all(format!("{words} words"))))
}

fn about_all(words: String) -> Vec<Reason> {
    vec![Reason { words, quote: None }]
}

/// Earned by what is not there.
fn without(words: &str, verdict: &Verdict) -> Verdict {
    verdict.is_none().then(|| about_all(words.to_owned()))
}

fn any(sentence: &str, signs: &[&str]) -> bool {
    signs.iter().any(|sign| has_words(sentence, sign))
}

/// The sign stands there, and no letter or digit touches it.
fn has_words(text: &str, sign: &str) -> bool {
    text.match_indices(sign).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + sign.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

fn has_digit(sentence: &str) -> bool {
    // A digit inside an address is no claim.
    sentence.split_whitespace().any(|word| !word.contains("://") && word.contains(|c: char| c.is_ascii_digit()))
}

fn number(reading: &Reading<'_>) -> Verdict {
    reading.sentence("a number", has_digit)
}

fn source(reading: &Reading<'_>) -> Verdict {
    reading.sentence("a source", |sentence| {
        sentence.contains("https://") || any(sentence, &["according to", "source", "case study"])
    })
}

fn result(reading: &Reading<'_>) -> Verdict {
    const SIGNS: &[&str] = &[
        "saved",
        "saves",
        "cut",
        "won",
        "fewer",
        "less",
        "more",
        "faster",
        "doubled",
        "halved",
        "grew",
        "down to",
        "up to",
        "instead of",
    ];
    reading.sentence("a result with a number", |sentence| has_digit(sentence) && any(sentence, SIGNS))
}

fn for_people_like_them(reading: &Reading<'_>) -> Verdict {
    const SIGNS: &[&str] = &["we help", "we work with", "we do", "we build", "we make", "we run", "our work"];
    reading.sentence("what we do for people like them", |sentence| any(sentence, SIGNS))
}

fn favour(reading: &Reading<'_>) -> Verdict {
    const SIGNS: &[&str] = &[
        "a favour",
        "a favor",
        "could you do me",
        "would you mind",
        "pick your brain",
        "a moment of your time",
        "minutes of your time",
        "can i ask you",
        "i was hoping you",
    ];
    reading.sentence("asks for a favour", |sentence| any(sentence, SIGNS))
}

fn something_to_try(reading: &Reading<'_>) -> Verdict {
    const SIGNS: &[&str] =
        &["try", "yours to keep", "without us", "checklist", "free to use", "works on your own", "take it"];
    reading.sentence("something to try", |sentence| any(sentence, SIGNS))
}

fn next_and_why(reading: &Reading<'_>) -> Verdict {
    const NEXT: &[&str] = &["reply", "answer", "book", "call", "talk", "send", "pick", "choose", "shall we"];
    const WHY: &[&str] = &["because", "so that", "then you", "you will see", "to see", "to hear"];
    reading.sentence("the next step and its reason", |sentence| any(sentence, NEXT) && any(sentence, WHY))
}

fn only_what_we_want(reading: &Reading<'_>) -> Verdict {
    const WANT: &[&str] = &["i want", "we want", "i would like", "i'd like", "we would like", "we'd like", "i need"];
    const FOR_THEM: &[&str] = &["for you", "you will", "you get", "you can", "your"];
    if any(&reading.lower, FOR_THEM) {
        return None;
    }
    reading.sentence("what we want, and nothing for them", |sentence| any(sentence, WANT))
}

fn third_party(reading: &Reading<'_>) -> Verdict {
    const SAY: &[&str] = &["says", "said", "wrote", "writes", "told", "according to", "case study", "measured by"];
    reading.sentence("somebody else's word, with a source", |sentence| {
        any(sentence, SAY) && (sentence.contains("https://") || any(sentence, &["according to", "case study"]))
    })
}

fn praise(reading: &Reading<'_>) -> Verdict {
    const SIGNS: &[&str] = &[
        "leading",
        "world-class",
        "best-in-class",
        "cutting-edge",
        "award-winning",
        "number one",
        "revolutionary",
        "unique",
        "the best",
        "innovative",
    ];
    reading.sentence("praises itself", |sentence| any(sentence, SIGNS))
}

/// A fact about them, not their name or address: those are in every list.
fn personal(reading: &Reading<'_>) -> Verdict {
    let alone = |given: &&Given| {
        let field = given.path.rsplit_once('.').map_or(given.path.as_str(), |(_, field)| field);
        !matches!(field, "first_name" | "last_name" | "name" | "email" | "phone" | "domain" | "title" | "country")
            && given.words.chars().count() > 2
            && !matches!(given.words.as_str(), "yes" | "no")
    };
    reading.facts.iter().filter(alone).find_map(|given| {
        let words = format!("uses `{}`", given.path);
        reading.sentence(&words, |sentence| has_words(sentence, &given.words.to_lowercase()))
    })
}

fn plain(reading: &Reading<'_>) -> Verdict {
    let words = reading.words();
    let sentences = reading.sentences.len();
    let letters = reading.lower.chars().filter(|letter| letter.is_alphanumeric()).count();
    let holds = sentences > 0 && words <= 20 * sentences && 2 * letters <= 11 * words;
    holds.then(|| about_all(format!("{words} words in {sentences} sentences, {letters} letters")))
}

/// Status, power, credibility, likeness: at least so many of the four.
fn shown(reading: &Reading<'_>, least: usize) -> Verdict {
    let four = [
        result(reading),
        something_to_try(reading).or_else(|| next_and_why(reading)),
        third_party(reading).or_else(|| number(reading)).or_else(|| source(reading)),
        personal(reading),
    ];
    let reasons: Vec<Vec<Reason>> = four.into_iter().flatten().collect();
    (reasons.len() >= least).then(|| reasons.concat())
}

/// A sentence with a number either holds a fact that is known or a source, or the one behind it does.
fn claims_have_sources(reading: &Reading<'_>) -> Verdict {
    let backed = |sentence: &str| {
        let lower = sentence.to_lowercase();
        lower.contains("https://")
            || any(&lower, &["according to", "case study"])
            || reading.facts.iter().any(|given| has_digit(&given.words) && has_words(sentence, &given.words))
    };
    let claims: Vec<usize> =
        (0..).zip(&reading.sentences).filter_map(|(place, sentence)| has_digit(sentence).then_some(place)).collect();
    let all = claims.iter().all(|place| {
        let behind = reading.sentences.get(place + 1).is_some_and(|sentence| sentence.contains("https://"));
        behind || reading.sentences.get(*place).is_some_and(|sentence| backed(sentence))
    });
    all.then(|| about_all(format!("{} numbers, each with a source", claims.len())))
}

fn clear_and_polite(reading: &Reading<'_>) -> Verdict {
    const SIGNS: &[&str] = &["please", "thank you", "thanks", "hi", "hello", "dear", "kia ora", "good morning"];
    let words = reading.words();
    let polite = reading.sentence("polite", |sentence| any(sentence, SIGNS))?;
    let mut reasons = plain(reading)?;
    (10..=200).contains(&words).then(|| {
        reasons.extend(polite);
        reasons
    })
}

/// More of us than of them.
fn about_us(reading: &Reading<'_>) -> Verdict {
    let count = |signs: &[&str]| {
        let bare = |word: &str| word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_owned();
        reading.lower.split_whitespace().filter(|word| signs.contains(&bare(word).as_str())).count()
    };
    let (ours, theirs) = (count(&["we", "our", "ours", "us", "i", "my"]), count(&["you", "your", "yours"]));
    (ours > theirs).then(|| about_all(format!("words about us: {ours}, about them: {theirs}")))
}
