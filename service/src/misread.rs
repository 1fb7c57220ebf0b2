//! What could not be read, in plain words: which part of it, and what would be right there. The libraries that read say it for programmers.

use serde::de::DeserializeOwned;

/// Reads JSON strictly.
///
/// # Errors
/// Where it is none, or something in it is not what is taken: which part of it, and nothing of what it says.
pub(crate) fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    use serde_json::error::Category;
    let words = |error: &serde_json::Error, path: &str| match error.classify() {
        Category::Data => plain(path, &error.to_string()),
        Category::Syntax | Category::Eof | Category::Io => {
            format!("it is no JSON at line {}, column {}", error.line(), error.column())
        }
    };
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(&mut reader);
    let read = read.map_err(|error| words(error.inner(), &error.path().to_string()))?;
    reader.end().map_err(|error| words(&error, ""))?;
    Ok(read)
}

/// Reads JSON that was taken apart already.
///
/// # Errors
/// As [`json`].
pub(crate) fn value<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, String> {
    serde_path_to_error::deserialize(value)
        .map_err(|error| plain(&error.path().to_string(), &error.inner().to_string()))
}

/// What is wrong with what stands behind the `?` of an address, by the words in which it was refused.
pub(crate) fn query(said: &str) -> String {
    let said = said.split_once("query string: ").map_or(said, |(_, rest)| rest);
    let is_name = |name: &str| name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    match said.split_once(": ").filter(|(name, _)| is_name(name)) {
        Some((name, why)) => plain(name, why),
        None => plain("", said),
    }
}

/// What is wrong with what stands at a path, by the words of a reader. Those that begin with a quoted word or with `write` are of readers of
/// ours, and stay as they are.
pub(crate) fn plain(path: &str, said: &str) -> String {
    let said = said.rsplit_once(" at line ").map_or(said, |(said, _)| said);
    let path = path.trim_end_matches(['?', '.']);
    let here = if path.is_empty() { "it".to_owned() } else { format!("`{path}`") };
    if said.starts_with('`') {
        return if path.is_empty() { said.to_owned() } else { format!("{here}: {said}") };
    }
    if said.starts_with("write ") {
        return format!("{here} cannot be read: {said}");
    }
    if let Some((name, _)) = named(said, "missing field `") {
        return format!("`{}` is missing", below(path, name));
    }
    if let Some((name, rest)) = named(said, "unknown field `") {
        let known = choices(rest).map_or_else(String::new, |known| format!("; known here is {known}"));
        return format!("`{}` is not known{known}", below(path, name));
    }
    if let Some((name, rest)) = named(said, "unknown variant `") {
        let known = choices(rest).map_or_else(String::new, |known| format!(": write {known}"));
        return format!("{here} cannot be `{name}`{known}");
    }
    if let Some((name, _)) = named(said, "duplicate field `") {
        return format!("`{}` stands there twice", below(path, name));
    }
    let wanted = match said {
        "invalid digit found in string" | "cannot parse integer from empty string" => {
            Some("a whole number, such as 50")
        }
        "provided string was not `true` or `false`" => Some("true or false"),
        _ if said.starts_with("number too ") => return format!("{here} is a number that is too large or too small"),
        _ => said.rsplit_once(", expected ").and_then(|(_, wanted)| form(wanted)),
    };
    match wanted {
        Some(wanted) => format!("{here} has to be {wanted}"),
        None => format!("{here} is not what can stand there"),
    }
}

/// A name that words go on with in backticks, and what stands behind it.
fn named<'w>(said: &'w str, before: &str) -> Option<(&'w str, &'w str)> {
    said.strip_prefix(before)?.split_once('`')
}

/// A name below a path, unless the path ends in it already.
fn below(path: &str, name: &str) -> String {
    let is_there = path == name || path.strip_suffix(name).is_some_and(|before| before.ends_with('.'));
    match path {
        "" => name.to_owned(),
        _ if is_there => path.to_owned(),
        _ => format!("{path}.{name}"),
    }
}

/// `` `a`, `b` `` of what was expected, where something was.
fn choices(rest: &str) -> Option<&str> {
    rest.split_once("expected ").map(|(_, choices)| choices.trim_start_matches("one of "))
}

/// What was expected, as one calls it who writes no programs.
fn form(wanted: &str) -> Option<&'static str> {
    Some(match wanted {
        "a string" | "string" | "str" | "a borrowed string" => "a text",
        "usize" | "u8" | "u16" | "u32" | "u64" => "a whole number, 0 or more",
        "isize" | "i8" | "i16" | "i32" | "i64" => "a whole number",
        "f32" | "f64" | "a number" => "a number",
        "a boolean" | "bool" => "true or false",
        "a sequence" => "a list",
        "a map" => "names with values",
        _ if wanted.starts_with("struct ") => "names with values",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum How {
        Pause,
        Resume,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only what is wrong is of interest")]
    struct Whole {
        text: String,
        number: Option<i64>,
        count: Option<usize>,
        how: Option<How>,
        yes: Option<bool>,
        part: Option<Part>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only what is wrong is of interest")]
    struct Part {
        name: String,
    }

    #[test]
    fn which_part_is_wrong_is_said_and_what_would_be_right() {
        for (text, words) in [
            ("", "it is no JSON at line 1, column 0"),
            ("{", "it is no JSON at line 1, column 1"),
            (r#"{"text": "a"} b"#, "it is no JSON at line 1, column 15"),
            ("[]", "it has to be names with values"),
            ("5", "it has to be names with values"),
            ("{}", "`text` is missing"),
            (r#"{"text": 5}"#, "`text` has to be a text"),
            (r#"{"text": "a", "number": "ana"}"#, "`number` has to be a whole number"),
            (r#"{"text": "a", "count": -1}"#, "`count` has to be a whole number, 0 or more"),
            (r#"{"text": "a", "yes": 1}"#, "`yes` has to be true or false"),
            (r#"{"text": "a", "how": "stop"}"#, "`how` cannot be `stop`: write `pause` or `resume`"),
            (r#"{"text": "a", "text": "b"}"#, "`text` stands there twice"),
            (r#"{"text": "a", "part": {}}"#, "`part.name` is missing"),
            (r#"{"text": "a", "part": {"name": 1}}"#, "`part.name` has to be a text"),
            (
                r#"{"text": "a", "txt": "b"}"#,
                "`txt` is not known; known here is `text`, `number`, `count`, `how`, `yes`, `part`",
            ),
        ] {
            assert_eq!(json::<Whole>(text.as_bytes()).unwrap_err(), words, "{text}");
        }
        let taken_apart = value::<Whole>(serde_json::json!({"text": "a", "number": "ana"})).unwrap_err();
        assert_eq!(taken_apart, "`number` has to be a whole number");
    }

    #[test]
    fn a_parameter_is_named_as_it_is_sent() {
        for (said, words) in [
            (
                "Failed to deserialize query string: limit: invalid digit found in string",
                "`limit` has to be a whole number, such as 50",
            ),
            ("Failed to deserialize query string: missing field `source`", "`source` is missing"),
            ("Failed to deserialize query string: duplicate field `limit`", "`limit` stands there twice"),
            (
                "Failed to deserialize query string: all: provided string was not `true` or `false`",
                "`all` has to be true or false",
            ),
            (
                "Failed to deserialize query string: after: number too large to fit in target type",
                "`after` is a number that is too large or too small",
            ),
            ("whatever else", "it is not what can stand there"),
        ] {
            assert_eq!(query(said), words, "{said}");
        }
    }

    #[test]
    fn the_words_of_our_own_readers_stay() {
        assert_eq!(plain("at", "write an instant"), "`at` cannot be read: write an instant");
        assert_eq!(plain("limits.head", "`soon` is no length of time"), "`limits.head`: `soon` is no length of time");
    }
}
