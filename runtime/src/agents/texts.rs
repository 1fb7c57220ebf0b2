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
}
