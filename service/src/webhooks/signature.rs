//! Signatures of webhooks: Standard Webhooks 1.0 and Svix sign alike, under other names of headers. HMAC-SHA256 of `id.timestamp.body`,
//! by a secret that both know; compared in constant time; worth nothing once the instant is too far from the clock.

use std::time::Duration;

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;

/// How a secret begins.
const PREFIX: &str = "whsec_";
/// So many bytes a secret has at least: less is guessed, or was forgotten to be set.
const LEAST: usize = 24;
/// No id is longer.
const LONGEST_ID: usize = 200;

/// Whether a webhook was signed with one of the secrets; gives its id.
///
/// # Errors
/// Where it was not, or long ago; in words for the log and for whoever sent it, which tell a forger no more than Standard Webhooks does.
pub(super) fn verify(
    headers: &HeaderMap,
    body: &[u8],
    secrets: &str,
    now: Timestamp,
    tolerance: Duration,
) -> Result<String, &'static str> {
    let named = |name: &str| {
        let standard = headers.get(format!("webhook-{name}"));
        standard.or_else(|| headers.get(format!("svix-{name}"))).and_then(|value| value.to_str().ok())
    };
    let (Some(id), Some(at), Some(signatures)) = (named("id"), named("timestamp"), named("signature")) else {
        return Err("it is not signed: it needs the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`");
    };
    if id.is_empty() || id.len() > LONGEST_ID {
        return Err("its `webhook-id` has 1 to 200 letters");
    }
    let seconds: i64 = at.parse().map_err(|_| "its `webhook-timestamp` is in whole seconds since 1970")?;
    if now.as_second().abs_diff(seconds) > tolerance.as_secs() {
        return Err(
            "its `webhook-timestamp` is too far from the clock here: look at the clock there, and sign anew what is sent again",
        );
    }
    let mut is_signed = false;
    for key in secrets.split_whitespace().filter_map(key) {
        for signature in signatures.split_whitespace().filter_map(|one| one.strip_prefix("v1,")) {
            let Ok(signature) = STANDARD.decode(signature) else { continue };
            let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else { continue };
            for part in [id.as_bytes(), b".", at.as_bytes(), b".", body] {
                mac.update(part);
            }
            is_signed |= mac.verify_slice(&signature).is_ok();
        }
    }
    if is_signed {
        Ok(id.to_owned())
    } else {
        Err(
            "none of its signatures fits its id, its timestamp and its body as they came in: look at the secret, and sign the very bytes that are sent",
        )
    }
}

/// What a secret is in bytes; nothing where it is none.
pub(super) fn key(secret: &str) -> Option<Vec<u8>> {
    let key = STANDARD.decode(secret.strip_prefix(PREFIX).unwrap_or(secret)).ok()?;
    (key.len() >= LEAST).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vector of Standard Webhooks' own library for Go.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const AT: i64 = 1_614_265_330;

    fn headers(prefix: &str, signature: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in
            [("id", "msg_p5jXN8AQM9LWM0D4loKWxJek"), ("timestamp", "1614265330"), ("signature", signature)]
        {
            let name: axum::http::HeaderName = format!("{prefix}-{name}").parse().unwrap();
            headers.insert(name, value.parse().unwrap());
        }
        headers
    }

    fn verified(headers: &HeaderMap, body: &[u8], secrets: &str, after: i64) -> Result<String, &'static str> {
        let now = Timestamp::from_second(AT + after).unwrap();
        verify(headers, body, secrets, now, Duration::from_secs(300))
    }

    const RIGHT: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    #[test]
    fn the_test_vector_is_taken_under_both_names() {
        for prefix in ["webhook", "svix"] {
            assert_eq!(
                verified(&headers(prefix, RIGHT), BODY, SECRET, 0).as_deref(),
                Ok("msg_p5jXN8AQM9LWM0D4loKWxJek")
            );
        }
        let several = format!("v1,AAAA v2,x {RIGHT}");
        assert!(verified(&headers("webhook", &several), BODY, SECRET, 0).is_ok(), "one of several signatures");
        let exchanged = format!("whsec_{} {SECRET}", "QUFB".repeat(8));
        assert!(verified(&headers("webhook", RIGHT), BODY, &exchanged, 0).is_ok(), "one of several secrets");
    }

    #[test]
    fn whatever_is_otherwise_is_refused() {
        let right = headers("webhook", RIGHT);
        assert!(verified(&right, BODY, SECRET, 300).is_ok());
        assert!(verified(&right, BODY, SECRET, 301).is_err(), "replayed later");
        assert!(verified(&right, BODY, SECRET, -301).is_err(), "from the time to come");
        assert!(verified(&right, br#"{"test": 2432232315}"#, SECRET, 0).is_err(), "another body");
        assert!(verified(&right, BODY, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx", 0).is_err(), "another secret");
        for secret in ["", "whsec_", "whsec_QUFB", "no base64"] {
            assert!(verified(&right, BODY, secret, 0).is_err(), "`{secret}` is no secret");
        }
        for signature in [
            "",
            "v1,",
            "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ] {
            assert!(verified(&headers("webhook", signature), BODY, SECRET, 0).is_err(), "{signature}");
        }
        assert!(verified(&HeaderMap::new(), BODY, SECRET, 0).is_err());
    }
}
