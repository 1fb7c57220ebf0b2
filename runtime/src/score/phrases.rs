//! What people say: phrases found in texts whatever the case and the blanks, and the sentence around a find.
//!
//! Both sides are folded: letters to lower case (Unicode), every run of blanks to one blank, typographic quotes to plain
//! ones. A find counts at word boundaries: where the phrase begins or ends with a letter or digit, none may touch it.

use aho_corasick::AhoCorasick;
use compiler::program::PhrasesId;

/// One automaton for the phrases of several sets.
#[derive(Debug)]
pub(crate) struct PhraseFinder {
    automaton: Option<AhoCorasick>,
    /// By pattern: whose phrase it is.
    sets: Vec<PhrasesId>,
}

/// Where a phrase stands in a folded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Find {
    pub(crate) set: PhrasesId,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl PhraseFinder {
    pub(crate) fn new<'a>(
        phrases: impl Iterator<Item = (PhrasesId, &'a str)>,
    ) -> Result<Self, aho_corasick::BuildError> {
        let mut patterns = Vec::new();
        let mut sets = Vec::new();
        for (set, phrase) in phrases {
            let mut folded = String::new();
            fold(phrase, &mut folded);
            let folded = folded.trim();
            if !folded.is_empty() {
                patterns.push(folded.to_owned());
                sets.push(set);
            }
        }
        let automaton = if patterns.is_empty() { None } else { Some(AhoCorasick::new(&patterns)?) };
        Ok(Self { automaton, sets })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.automaton.is_none()
    }

    /// All finds in a folded text, overlapping ones too.
    pub(crate) fn finds<'t>(&'t self, folded: &'t str) -> impl Iterator<Item = Find> + 't {
        self.automaton.iter().flat_map(move |automaton| automaton.find_overlapping_iter(folded)).filter_map(
            move |found| {
                let set = *self.sets.get(found.pattern().as_usize())?;
                let (start, end) = (found.start(), found.end());
                let hit = folded.get(start..end)?;
                let touches_before = joins(folded.get(..start)?.chars().next_back(), hit.chars().next());
                let touches_after = joins(hit.chars().next_back(), folded.get(end..)?.chars().next());
                (!touches_before && !touches_after).then_some(Find { set, start, end })
            },
        )
    }
}

fn joins(left: Option<char>, right: Option<char>) -> bool {
    left.is_some_and(char::is_alphanumeric) && right.is_some_and(char::is_alphanumeric)
}

/// Appends the folded text.
pub(crate) fn fold(text: &str, folded: &mut String) {
    folded.reserve(text.len());
    fold_with(text, |_, character| folded.push(character));
}

/// Calls with each character of the folded text and where in the text it came from.
fn fold_with(text: &str, mut push: impl FnMut(usize, char)) {
    let mut after_blank = false;
    for (at, character) in text.char_indices() {
        if character.is_whitespace() {
            if !after_blank {
                push(at, ' ');
            }
            after_blank = true;
            continue;
        }
        after_blank = false;
        match character {
            '\u{2018}' | '\u{2019}' => push(at, '\''),
            '\u{201c}' | '\u{201d}' => push(at, '"'),
            '\u{2010}' | '\u{2011}' => push(at, '-'),
            _ if character.is_ascii() => push(at, character.to_ascii_lowercase()),
            _ => character.to_lowercase().for_each(|lower| push(at, lower)),
        }
    }
}

/// The longest quote, in characters, before it is cut at both ends.
const LONGEST_QUOTE: usize = 240;

/// The sentence of `text` around the find from `start` to `end` of its folded form, its blanks made single.
pub(crate) fn sentence(text: &str, start: usize, end: usize) -> String {
    let (mut from, mut to, mut folded_length) = (None, text.len(), 0);
    fold_with(text, |at, character| {
        if folded_length <= start {
            from = Some(at);
        }
        if folded_length >= end && to == text.len() {
            to = at;
        }
        folded_length += character.len_utf8();
    });
    let from = from.unwrap_or(0);
    let before = text.get(..from).unwrap_or_default();
    let after = text.get(to..).unwrap_or_default();
    let begins = sentence_ends(before).last().unwrap_or(0);
    let ends = sentence_ends(after).next().map_or(text.len(), |end| to + end);
    let (begins, left_out) = cut_before(text, begins, from);
    let (ends, right_out) = cut_after(text, to, ends);
    let words = text.get(begins..ends).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{}{words}{}", if left_out { "… " } else { "" }, if right_out { " …" } else { "" })
}

/// The offsets just behind each end of a sentence: a stop that a blank or nothing follows, or the end of a line.
fn sentence_ends(text: &str) -> impl Iterator<Item = usize> + '_ {
    text.char_indices().filter_map(|(at, character)| {
        let behind = at + character.len_utf8();
        let next = text.get(behind..).and_then(|rest| rest.chars().next());
        let stops = matches!(character, '.' | '!' | '?' | '…') && next.is_none_or(char::is_whitespace);
        (stops || character == '\n').then_some(behind)
    })
}

fn cut_before(text: &str, begins: usize, from: usize) -> (usize, bool) {
    let lead = text.get(begins..from).unwrap_or_default();
    let cut = lead.char_indices().rev().nth(LONGEST_QUOTE / 2).map(|(at, _)| begins + at);
    cut.map_or((begins, false), |at| (at, true))
}

fn cut_after(text: &str, to: usize, ends: usize) -> (usize, bool) {
    let tail = text.get(to..ends).unwrap_or_default();
    let cut = tail.char_indices().nth(LONGEST_QUOTE / 2).map(|(at, _)| to + at);
    cut.map_or((ends, false), |at| (at, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quotes(phrase: &str, text: &str) -> Vec<String> {
        let finder = PhraseFinder::new([(PhrasesId(0), phrase)].into_iter()).unwrap();
        let mut folded = String::new();
        fold(text, &mut folded);
        finder.finds(&folded).map(|find| sentence(text, find.start, find.end)).collect()
    }

    #[test]
    fn case_blanks_and_typography_do_not_matter() {
        let quote = quotes("won't  Fit how", "Nice. It WON\u{2019}T\n fit\u{a0}how we work!  Bye.");
        assert_eq!(quote, ["It WON\u{2019}T fit how we work!"]);
    }

    #[test]
    fn words_must_be_whole() {
        assert!(quotes("i sign", "I signed it").is_empty());
        assert!(quotes("i sign", "Hi sign here").is_empty());
        assert_eq!(quotes("i sign", "Yes, I sign.").len(), 1);
        assert_eq!(quotes("too custom", "ours is too custom").len(), 1);
        assert_eq!(quotes("c++", "we love c++2").len(), 1, "no letter at the edge, no boundary asked for");
    }

    #[test]
    fn letters_beyond_ascii_are_folded() {
        assert_eq!(quotes("zu TEUER für", "Das ist ZU TEUER FÜR uns."), ["Das ist ZU TEUER FÜR uns."]);
        assert!(quotes("teuer f", "zu teuer für").is_empty(), "ü continues the word");
        assert_eq!(quotes("x", "İ x"), ["İ x"], "a letter that folds to two keeps the places right");
    }

    #[test]
    fn the_quote_is_the_sentence() {
        let text = "We met. We copy and paste all weekend on version 2.1 of it! Then we sleep.";
        assert_eq!(quotes("copy and paste", text), ["We copy and paste all weekend on version 2.1 of it!"]);
        assert_eq!(quotes("then we sleep", text), ["Then we sleep."]);
        assert_eq!(quotes("we met", text), ["We met."]);
    }

    #[test]
    fn long_sentences_are_cut() {
        let text = format!("{} copy and paste {}", "so ".repeat(200), "on ".repeat(200));
        let quote = quotes("copy and paste", &text).remove(0);
        assert!(quote.starts_with("… ") && quote.ends_with(" …") && quote.contains("copy and paste"), "{quote}");
        assert!(quote.chars().count() < LONGEST_QUOTE + 40);
    }

    #[test]
    fn overlapping_phrases_are_all_found() {
        let finder =
            PhraseFinder::new([(PhrasesId(0), "no budget"), (PhrasesId(1), "budget"), (PhrasesId(2), " ")].into_iter())
                .unwrap();
        let found: Vec<_> = finder.finds("there is no budget").map(|find| find.set).collect();
        assert_eq!(found, [PhrasesId(0), PhrasesId(1)]);
    }
}
