//! What a token is known by: its public part finds it, its secret part proves it. Only a salted argon2id hash of the secret is kept.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

/// Memory in KiB, passes and lanes.
type Cost = (u32, u32, u32);

/// What OWASP asks for at least.
const COST: Cost = (19_456, 2, 1);
/// What every token begins with, so that it is found where it should not be.
const PREFIX: &str = "pb";

/// A token as it is shown once: `pb.stackmates.1a2b3c4d5e6f.…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spelled<'t> {
    pub(crate) client: &'t str,
    pub(crate) id: &'t str,
    secret: &'t str,
}

/// A token is told apart into its parts; the client's own name may have dots.
pub(crate) fn read(text: &str) -> Option<Spelled<'_>> {
    if text.len() > 256 {
        return None;
    }
    let (rest, secret) = text.rsplit_once('.')?;
    let (rest, id) = rest.rsplit_once('.')?;
    let (prefix, client) = rest.split_once('.')?;
    (prefix == PREFIX && !client.is_empty() && !id.is_empty()).then_some(Spelled { client, id, secret })
}

/// A token as it is shown, and what is kept of it: the public part and the hash.
pub(crate) fn made(client: &str, drawn: [u8; 32], salt: [u8; 32], id: [u8; 32]) -> Option<(String, String, String)> {
    let id: String = id.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let secret = URL_SAFE_NO_PAD.encode(drawn);
    let salt = salt.get(..16)?;
    let hash = hashed(&secret, salt, COST)?;
    let (memory, passes, lanes) = COST;
    let kept =
        format!("argon2id${memory}${passes}${lanes}${}${}", URL_SAFE_NO_PAD.encode(salt), URL_SAFE_NO_PAD.encode(hash));
    Some((format!("{PREFIX}.{client}.{id}.{secret}"), id, kept))
}

/// Whether a secret is the one that was kept. It takes as long for one that is nearly right.
pub(crate) fn proves(spelled: &Spelled<'_>, kept: &str) -> bool {
    let Some((cost, salt, hash)) = parts(kept) else { return false };
    hashed(spelled.secret, &salt, cost).is_some_and(|found| bool::from(found.as_slice().ct_eq(&hash)))
}

/// Takes as long as [`proves`] does, so that a public part that is not there is not told from a wrong secret.
pub(crate) fn pretend(spelled: &Spelled<'_>) {
    let _ = hashed(spelled.secret, &[0; 16], COST);
}

fn parts(kept: &str) -> Option<(Cost, Vec<u8>, Vec<u8>)> {
    let mut parts = kept.split('$');
    if parts.next() != Some("argon2id") {
        return None;
    }
    let mut number = || parts.next()?.parse().ok();
    let cost = (number()?, number()?, number()?);
    let mut bytes = || URL_SAFE_NO_PAD.decode(parts.next()?).ok();
    Some((cost, bytes()?, bytes()?))
}

fn hashed(secret: &str, salt: &[u8], (memory, passes, lanes): Cost) -> Option<[u8; 32]> {
    let params = Params::new(memory, passes, lanes, Some(32)).ok()?;
    let mut hash = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(secret.as_bytes(), salt, &mut hash)
        .ok()?;
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_proven_by_its_secret_alone() {
        let (shown, id, kept) = made("stack.mates", [7; 32], [8; 32], [9; 32]).unwrap();
        let spelled = read(&shown).unwrap();
        assert_eq!((spelled.client, spelled.id), ("stack.mates", id.as_str()));
        assert!(proves(&spelled, &kept));
        assert!(!kept.contains(spelled.secret), "the secret is not kept");
        let mut other = shown.clone();
        other.replace_range(other.len() - 1.., if other.ends_with('c') { "d" } else { "c" });
        assert!(!proves(&read(&other).unwrap(), &kept));
        assert!(!proves(&spelled, "argon2id$1$1$1$x"), "what is kept is damaged");
    }

    #[test]
    fn what_is_no_token_is_none() {
        for text in ["", "pb", "pb..a.b", "pb.a..b", "xx.a.b.c", "a.b", &"pb.a.b.".repeat(90)] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
