//! A port's own words, as the log may keep them for ever: without the addresses that they quote.

use smol_str::SmolStr;

/// The words with each e-mail address taken out.
pub(super) fn without_addresses(words: &str) -> SmolStr {
    let is_part = |letter: char| letter.is_alphanumeric() || "._%+-@'=".contains(letter);
    let mut said = String::with_capacity(words.len());
    let mut word = String::new();
    for letter in words.chars() {
        if is_part(letter) {
            word.push(letter);
        } else {
            close(&mut said, &mut word);
            said.push(letter);
        }
    }
    close(&mut said, &mut word);
    said.into()
}

fn close(said: &mut String, word: &mut String) {
    let inner = word.trim_matches(['.', '\'', '-', '=']);
    if inner.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty()) {
        said.push_str(&word.replace(inner, "[address]"));
    } else {
        said.push_str(word);
    }
    word.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_out_and_nothing_else() {
        for (words, kept) in [
            ("550 5.1.1 <ana.o'neil+x@guests.example>: no such user", "550 5.1.1 <[address]>: no such user"),
            ("mailbox of ana@guests.example.", "mailbox of [address]."),
            ("`ANA@GUESTS.EXAMPLE` and zoë@guests.example, both", "`[address]` and [address], both"),
            ("the line broke @ 10:00, 3 + 4 = 7", "the line broke @ 10:00, 3 + 4 = 7"),
            ("", ""),
        ] {
            assert_eq!(without_addresses(words), kept);
        }
    }
}
