//! The suppression list's keys: an address as a salted hash, so that the list outlives the erasure of the person.
//!
//! Where two spellings may be one address, they have one key: to leave somebody alone once too often is the lesser harm.

/// The key of an address on the suppression list: BLAKE3 of its normal form, keyed with the client's salt (RFC 2104's purpose, with
/// BLAKE3's own keyed mode). Without the salt nobody can try addresses against the list, so it is to be kept like a password.
///
/// The normal form of what has an `@`, an e-mail address: what stands between `<` and `>` where there are such; no `mailto:` and
/// nothing from a `?` on after it; no blanks; lower case; no dot at the end of the domain. Tags (`ann+news@`) and dots stay: they
/// are other mailboxes with most providers.
///
/// The normal form of a phone number, at least five digits and no letters but `tel:` in front and an extension behind (`ext. 12`,
/// `x12`): its last eight digits. So `+64 21 555 1234`, `0064 21 5551234` and `021 555 1234` have one key, whatever the country;
/// so have, rarely, two numbers of different countries.
///
/// Of anything else, a handle or a profile's address: no blanks around it, lower case, no `/` at its end.
#[must_use]
pub fn suppression_key(salt: &[u8; 32], address: &str) -> [u8; 32] {
    let address = address.trim().to_lowercase();
    let (kind, normal) = if address.contains('@') {
        ("email", email(&address))
    } else if let Some(digits) = phone(&address) {
        ("phone", digits)
    } else {
        ("other", address.trim_end_matches('/').to_owned())
    };
    let mut hasher = blake3::Hasher::new_keyed(salt);
    hasher.update(kind.as_bytes());
    hasher.update(b":");
    hasher.update(normal.as_bytes());
    *hasher.finalize().as_bytes()
}

fn email(address: &str) -> String {
    let inner = address.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(address, |(inner, _)| inner);
    let inner = inner.trim();
    let inner = match inner.strip_prefix("mailto:") {
        Some(link) => link.split_once('?').map_or(link, |(address, _)| address),
        None => inner,
    };
    let letters: String = inner.chars().filter(|letter| !letter.is_whitespace()).collect();
    letters.trim_end_matches('.').to_owned()
}

/// The digits that make a phone number; none where it is not one.
fn phone(address: &str) -> Option<String> {
    const LEAST: usize = 5;
    const KEPT: usize = 8;
    let number = address.strip_prefix("tel:").unwrap_or(address);
    let number = number.split_once(['e', 'x', ';', ',']).map_or(number, |(number, _)| number);
    let is_part = |letter: char| {
        letter.is_ascii_digit() || letter.is_whitespace() || "+-()./\u{2010}\u{2011}\u{2013}".contains(letter)
    };
    if !number.chars().all(is_part) {
        return None;
    }
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let kept = digits.get(digits.len().saturating_sub(KEPT)..)?;
    (digits.len() >= LEAST).then(|| kept.iter().collect())
}
