//! Names as people write them.

/// `LeadGeneration` as `Lead Generation`, `SPCLCheck` as `SPCL Check`.
pub(crate) fn spaced(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after_small = before.is_some_and(|before| before.is_lowercase() || before.is_ascii_digit());
        let begins_word = before.is_some_and(|before| before.is_uppercase())
            && letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (after_small || begins_word) {
            out.push(' ');
        }
        out.push(if *letter == '_' { ' ' } else { *letter });
    }
    out
}

/// `page.viewed` as `page viewed`, `solar_epc` as `solar epc`.
pub(crate) fn plain(name: &str) -> String {
    name.replace(['.', '_'], " ")
}

/// A word as it is, a text in quotes.
pub(crate) fn quoted(value: &str) -> String {
    let is_word = |letter: char| letter.is_lowercase() || letter.is_ascii_digit() || letter == '_';
    let is_code = value.len() <= 3 && value.chars().all(|letter| letter.is_ascii_uppercase());
    if !value.is_empty() && (value.chars().all(is_word) || is_code) { plain(value) } else { format!("“{value}”") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use foresight::reports::words::sentence;

    #[test]
    fn names_become_words() {
        assert_eq!(spaced("LeadGeneration"), "Lead Generation");
        assert_eq!(spaced("SPCLCheck"), "SPCL Check");
        assert_eq!(spaced("Won"), "Won");
        assert_eq!(plain("needs.stated_once"), "needs stated once");
        assert_eq!([quoted("solar_epc"), quoted("NZ"), quoted("simPRO")], ["solar epc", "NZ", "“simPRO”"]);
        assert_eq!(sentence("über uns"), "Über uns");
    }
}
