//! Placeholders of templates in a text that a person wrote: nobody fills them in there.

/// A placeholder: what stands in the braces, and the fact that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placeholder<'t> {
    /// `contact.first_name else "there"`
    pub written: &'t str,
    /// `contact.first_name`
    pub path: &'t str,
}

/// The first one: an open brace with a path behind it, on one line. Behind a backslash a brace is a brace.
#[must_use]
pub fn first(text: &str) -> Option<Placeholder<'_>> {
    let mut before = None;
    for (at, letter) in text.char_indices() {
        if letter == '{' && before != Some('\\') {
            let inner =
                text.get(at + 1..).and_then(|rest| rest.lines().next()?.split_once('}')).map(|(inner, _)| inner);
            let path = inner.and_then(|inner| inner.split_whitespace().next()).unwrap_or_default();
            if let Some(written) = inner.filter(|_| is_path(path)) {
                return Some(Placeholder { written: written.trim(), path });
            }
        }
        before = Some(letter);
    }
    None
}

/// The text with its written braces as braces.
#[must_use]
pub fn unescaped(text: &str) -> String {
    text.replace("\\{", "{")
}

fn is_path(path: &str) -> bool {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    path.contains('.') && path.split('.').all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_found_and_other_braces_are_not() {
        for (text, path) in [
            ("Hi {contact.first_name}, …", Some("contact.first_name")),
            ("Hi\nthere { contact.first_name else \"x\" }", Some("contact.first_name")),
            ("{sender.name}", Some("sender.name")),
            ("a {1} and {sender.name}", Some("sender.name")),
            ("a set {1, 2} and f{x}", None),
            ("a \\{contact.first_name} as it is", None),
            ("open { contact.first_name", None),
            ("{contact.first_name\n}", None),
            ("{a. b}", None),
        ] {
            assert_eq!(first(text).map(|found| found.path), path, "{text}");
        }
        assert_eq!(unescaped("a \\{b}"), "a {b}");
    }
}
