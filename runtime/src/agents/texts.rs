//! Quotes and texts: whether the one is in the other, to the letter but for blanks.

/// The quote is in the text, to the letter but for blanks, which count as one however many and of what kind. An empty quote is
/// in no text.
#[must_use]
pub fn occurs(quote: &str, text: &str) -> bool {
    let quote = single_blanks(quote);
    !quote.is_empty() && single_blanks(text).contains(&quote)
}

/// All blanks single, none at the ends.
pub(in crate::agents) fn single_blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Somebody else's words for a message: on one line, and not endless.
pub(in crate::agents) fn in_short(words: &str) -> String {
    const LONGEST: usize = 300;
    let words = single_blanks(words);
    match words.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{} …", words.get(..at).unwrap_or_default()),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_do_not_matter_and_letters_do() {
        assert!(occurs("a  weekend\nlost", "We had a weekend lost again."));
        assert!(!occurs("A weekend", "a weekend"));
        assert!(!occurs("  ", "a text"));
        assert!(!occurs("weekend lost", "weekend, lost"));
    }

    #[test]
    fn long_words_are_cut_between_letters() {
        assert_eq!(in_short(" too\r\n  many "), "too many");
        assert_eq!(in_short(&"é".repeat(301)), format!("{} …", "é".repeat(300)));
    }
}
