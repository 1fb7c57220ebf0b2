//! Names as texts: when two are the same to a reader.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Without case and without marks on letters. Up before down, so that `ß` is `ss` and every sigma one.
pub(super) fn folded(text: &str) -> String {
    let bare = text.nfkd().filter(|letter| !is_combining_mark(*letter));
    bare.flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_the_same_whatever_their_case_script_and_marks() {
        for (one, other) in [
            ("Zoë", "ZOË"),
            ("Zoë", "zoe"),
            ("Åsa", "asa"),
            ("Groß", "GROSS"),
            ("ΟΔΥΣΣΕΥΣ", "Οδυσσεύς"),
            ("Юлия", "юЛИЯ"),
            ("Jo\u{308}rg", "Jörg"),
        ] {
            assert_eq!(folded(one), folded(other));
        }
        assert_ne!(folded("Zoë"), folded("Zoa"));
    }
}
