//! The grammar's alphabet, made from the list of tokens: which character of pest's input stands for which token.

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use crate::token::Token;

    /// What `alphabet.pest` has to say.
    fn generated() -> String {
        let mut text = String::from(
            "// Generated from the list of tokens in token/mod.rs; a test compares. One character stands for one token.\n",
        );
        let character = |token: Token| format!("\\u{{{:04X}}}", token.code() as u32);
        for (name, first, last) in [
            ("name = {", Token::Not, Token::Capitals),
            ("text = {", Token::Text, Token::LongText),
            // To look ahead with: silent, so that no message speaks of them.
            ("plain = _{", Token::Client, Token::Word),
            ("additive = _{", Token::Plus, Token::Minus),
            ("multiplicative = _{", Token::Star, Token::Slash),
            ("sign = _{", Token::Less, Token::NotEqual),
        ] {
            writeln!(text, "{name} '{}'..'{}' }}", character(first), character(last)).unwrap();
        }
        for token in Token::ALL {
            let unseen = token.is_trivia() || token.is_damage();
            if !unseen && !matches!(token, Token::Text | Token::LongText | Token::Word) {
                writeln!(text, "{} = {{ \"{}\" }}", token.rule_name(), character(*token)).unwrap();
            }
        }
        text
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "on request it writes the grammar's source anew")]
    fn the_alphabet_is_the_list_of_tokens() {
        if std::env::var_os("UPDATE_ALPHABET").is_some() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/grammar/alphabet.pest"), generated()).unwrap();
            return;
        }
        assert_eq!(
            include_str!("alphabet.pest"),
            generated(),
            "alphabet.pest is out of date: UPDATE_ALPHABET=1 cargo test -p language --lib, and build again"
        );
    }

    #[test]
    fn every_token_is_a_character_of_two_bytes_of_its_own() {
        for (index, token) in Token::ALL.iter().enumerate() {
            assert_eq!(token.code().len_utf8(), 2, "{token:?}");
            assert_eq!(*token as usize, index, "{token:?}");
        }
    }
}
