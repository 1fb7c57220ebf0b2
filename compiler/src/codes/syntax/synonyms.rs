//! Words that other languages, spreadsheets and habits say for what the language calls otherwise.

/// What somebody who writes `word` most likely means, as the language says it.
pub(super) fn meaning(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "if" | "where" | "whenever" | "unless" => "when",
        "else" | "default" | "rest" | "fallback" => "otherwise",
        "reason" | "why" | "since" | "as" => "because",
        "&&" | "&" | "plus" => "and",
        "||" | "|" => "or",
        "!" | "isn't" => "not",
        "equals" | "equal" | "=" | "==" | ":" => "is",
        "in" | "any_of" | "anyof" => "is one of",
        "between" | "within" => "is from",
        "include" | "includes" | "including" => "has",
        "startswith" | "begins" | "starts_with" => "starts",
        "endswith" | "ends_with" => "ends",
        "null" | "empty" | "unknown" | "blank" | "nil" => "missing",
        "true" => "yes",
        "false" => "no",
        "max" | "maximum" | "upto" | "limit" => "up to",
        "per" | "every" => "each",
        "decay" | "decaying" | "halving" => "fading by half every",
        "percent" | "pct" => "%",
        "file" | "excel" | "xlsx" => "csv",
        _ => return None,
    })
}

/// What somebody who writes `word` before a span of time most likely means: `in 1 business day`.
pub(super) fn of_time(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "in" | "inside" | "until" | "by" | "before" => "within",
        "past" | "following" => "after",
        _ => return None,
    })
}
