//! Whether two rows with one key are of one person: an address that several share (`info@…`) makes one contact of them.
//!
//! It knows texts alone. A nickname, a slip, a name cut short and a name taken by marriage are no other person.

use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// So many are named of those whose name changed.
const EXAMPLES: usize = 5;

/// Rows of an import that call a contact what nobody called it before in the same import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Merged {
    /// How many.
    pub rows: u64,
    /// Some of them: `info@acme.example: Ann Smith, then Bo Jones`
    pub examples: Vec<String>,
}

/// First and last name, as far as they are known.
pub(super) type Called = [Option<String>; 2];

impl Merged {
    pub(super) fn add(&mut self, address: Option<&str>, before: &Called, after: &Called) {
        self.rows += 1;
        if self.examples.len() < EXAMPLES {
            let whole = |name: &Called| name.iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
            let of = address.map_or_else(String::new, |address| format!("{address}: "));
            self.examples.push(format!("{of}{}, then {}", whole(before), whole(after)));
        }
    }
}

/// Whether they are clearly two people's names. Only where a first name is not known on both sides does the last one tell.
pub(super) fn clearly_differ(before: &Called, after: &Called) -> bool {
    let mut both = before.iter().zip(after).filter_map(|(before, after)| before.as_ref().zip(after.as_ref()));
    both.next().is_some_and(|(before, after)| !alike(before, after))
}

fn alike(one: &str, other: &str) -> bool {
    let (one, other) = (bare(one), bare(other));
    let longest = one.chars().count().max(other.chars().count());
    one.starts_with(&other) || other.starts_with(&one) || strsim::osa_distance(&one, &other) * 3 <= longest
}

/// Letters and digits alone, the words in an order of their own: `Smith, Ann` is `Ann Smith`.
fn bare(name: &str) -> String {
    let folded = folded(name);
    let mut words: Vec<&str> = folded.split(|letter: char| !letter.is_alphanumeric()).collect();
    words.sort_unstable();
    words.concat()
}

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

    fn called(name: &str) -> Called {
        let part = |part: &str| Some(part.to_owned()).filter(|part| !part.is_empty());
        let (first, last) = name.split_once('|').unwrap();
        [part(first), part(last)]
    }

    #[test]
    fn two_people_are_told_from_one_who_is_written_differently() {
        for (one, other) in [
            ("Ann|Smith", "ANN|Smith"),
            ("Jo|Smith", "Joanna|Smith"),
            ("Ann|Smith", "Ann|Jones"),
            ("Zoë|", "Zoe|Smith"),
            ("Stephen|Smith", "Steven|Smith"),
            ("|Smith", "Bo|Smith"),
            ("Ann Smith|", "Smith, Ann|"),
            ("Ann|", "|Smith"),
            ("|", "Bo|Jones"),
        ] {
            assert!(!clearly_differ(&called(one), &called(other)), "{one} {other}");
        }
        for (one, other) in
            [("Ann|Smith", "Bo|Jones"), ("Ann|Smith", "Bo|Smith"), ("|Smith", "Bo|Jones"), ("Ann Smith|", "Bo Jones|")]
        {
            assert!(clearly_differ(&called(one), &called(other)), "{one} {other}");
        }
    }
}
