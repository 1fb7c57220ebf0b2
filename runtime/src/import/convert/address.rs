//! What an e-mail address looks like: enough to tell one from a name, a note or a slip. Whether it is anybody's, only a mail can tell.

use smol_str::SmolStr;

use super::Problem;

/// The kind of a problem with one.
pub(super) const KIND: &str = "e-mail";

/// The address, where it is one.
pub(super) fn read(text: &SmolStr) -> Result<SmolStr, Problem> {
    if is_address(text) {
        return Ok(text.clone());
    }
    let reason = format!(
        "`{text}` is not an e-mail address, which is written as in `ann@example.com`: correct it, or say that it means \
         nothing, `\"{text}\" means missing`"
    );
    Err(Problem::new(KIND, reason))
}

/// One `@`, something before it, and a domain of at least two parts behind it (RFC 5321, without quotes and comments).
pub(in crate::import) fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let dotted = |text: &str, allowed: fn(char) -> bool| {
        text.split('.').all(|part| !part.is_empty() && part.chars().all(allowed))
    };
    let label = |part: &str| !part.starts_with('-') && !part.ends_with('-') && part.len() <= 63;
    let last = domain.rsplit('.').next().unwrap_or_default();
    local.len() <= 64
        && domain.len() <= 255
        && domain.contains('.')
        && dotted(local, |letter| letter.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(letter))
        && dotted(domain, |letter| letter.is_alphanumeric() || letter == '-')
        && domain.split('.').all(label)
        && last.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_what_is_none() {
        for good in [
            "ann@example.com",
            "a.b+c@sub.example.co.nz",
            "o'neil@example.com",
            "jörg@müller.example",
            "x@xn--mller-kva.example",
        ] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "ann",
            "@example.com",
            "ann@",
            "ann@example",
            "ann@@example.com",
            "ann@example..com",
            "ann@.com",
            "ann example@a.com",
            ".ann@example.com",
            "ann.@example.com",
            "ann@example.com; bo@example.com",
            "Ann <ann@example.com>",
            "ann@example.com.",
            "ann@-a.com",
            "ann@1.2",
            "ann,bo@example.com",
            "n/a",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
