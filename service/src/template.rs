//! The client that every new one begins as: a commented playbook that passes check and test, with sample data to try it on.

use jiff::{ToSpan as _, civil::Date};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// What goes into the folder. In the texts, `{name}` is the client's name and `{3 days ago}` a day.
const FILES: [(&str, &str); 4] = [
    ("{file}.playbook", include_str!("template/client.playbook")),
    ("sample/contacts.csv", include_str!("template/sample/contacts.csv")),
    ("sample/events.csv", include_str!("template/sample/events.csv")),
    (".gitignore", "crm.db*\nservice.db*\n.backups/\n.uploads/\n.versions/\n"),
];

/// A client that is about to begin. Nothing of it may have quotation marks, backslashes or braces.
#[derive(Clone, Copy, Debug)]
pub struct Beginning<'b> {
    /// How its playbook's file is called, without the ending.
    pub file: &'b str,
    /// How it is called.
    pub title: &'b str,
    /// Its currency, in three letters.
    pub currency: &'b str,
    /// Its time zone: `Pacific/Auckland`
    pub zone: &'b str,
    /// The founder's name.
    pub founder: &'b str,
    /// The day that the sample data is made for.
    pub today: Date,
}

impl Beginning<'_> {
    /// Its files, by their names in its folder.
    #[must_use]
    pub fn files(&self) -> Vec<(String, String)> {
        FILES.iter().map(|(name, text)| (name.replace("{file}", self.file), self.filled(text))).collect()
    }

    fn filled(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (word, filled) in [
            ("{name}", self.title),
            ("{currency}", self.currency),
            ("{zone}", self.zone),
            ("{founder}", self.founder),
            ("{1 day ago}", &self.day(1)),
        ] {
            text = text.replace(word, filled);
        }
        for days in 2..=90 {
            text = text.replace(&format!("{{{days} days ago}}"), &self.day(days));
        }
        text
    }

    fn day(&self, ago: i32) -> String {
        self.today.saturating_sub(ago.days()).to_string()
    }
}

/// Whether a client's folder may be called so.
#[must_use]
pub fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character))
}

/// A folder called `north-star` is of `North star`.
#[must_use]
pub fn title(file: &str) -> String {
    let words = file.replace(['-', '_'], " ");
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// The folder of `North Star Ltd.` is called `north-star-ltd`; nothing where no letter or digit is left.
#[must_use]
pub fn folder_name(title: &str) -> String {
    // Accents come apart from the letters that bear them, and are left out.
    let apart = title.nfkd().filter(|letter| !is_combining_mark(*letter));
    let plain = apart.map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' });
    let plain: String = plain.collect();
    plain.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_sample_is_filled_in() {
        let beginning = Beginning {
            file: "north-star",
            title: "North star",
            currency: "NZD",
            zone: "Pacific/Auckland",
            founder: "Mere Ngata",
            today: jiff::civil::date(2026, 11, 20),
        };
        for (name, text) in beginning.files() {
            for word in ["ago}", "{name}", "{currency}", "{zone}", "{founder}", "{file}"] {
                assert!(!text.contains(word) && !name.contains(word), "{name}: {text}");
            }
        }
    }

    #[test]
    fn names_that_could_leave_the_folder_are_refused() {
        for name in ["", "..", "a b", "-x", "a/b"] {
            assert!(!is_plain(name), "{name}");
        }
        assert!(is_plain("north-star"));
    }

    #[test]
    fn a_folder_is_called_as_its_client() {
        for (called, folder) in
            [("North Star Ltd.", "north-star-ltd"), ("  A/../B ", "a-b"), ("Ōtaki", "otaki"), ("日本", "")]
        {
            assert_eq!(folder_name(called), folder);
            assert!(folder.is_empty() || is_plain(folder));
        }
    }
}
