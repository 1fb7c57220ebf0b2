//! What a webhook tells of an entry of the log, signed as Standard Webhooks 1.0 has it. No entry holds personal data: whoever is told asks
//! the API for the rest.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::Sha256;

use super::super::signature::key;
use crate::views::log::Logline;

/// No body is longer, by the standard.
const LONGEST: usize = 20_000;
/// Between tries, as Svix has it; behind the last one it is given up.
const WAITS: [SignedDuration; 7] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(10),
];
/// A wait is longer by at most such a part of it, so that not all come back at once.
const SPREAD: u32 = 10;

/// `log.asked`: the kind of the entry.
pub(super) fn kind(entry: &Value) -> Option<String> {
    entry.get("kind")?.as_str().map(|kind| format!("log.{kind}"))
}

/// The same of every try and of every replay, so that whoever is told twice knows.
pub(super) fn id(client: &str, receiver: &str, entry: i64) -> String {
    let hash = blake3::hash(format!("{client}\n{receiver}\n{entry}").as_bytes()).to_hex();
    format!("msg_{}", hash.get(..24).unwrap_or_default())
}

/// What is told.
pub(super) fn body(client: &str, line: &Logline) -> String {
    let (number, at, entity, record, said) = (line.number, line.at, &line.entity, line.record, &line.said);
    let mut data = json!({ "client": client, "number": number, "entity": entity, "record": record, "said": said, "entry": line.entry });
    let kind = kind(&line.entry).unwrap_or_default();
    let whole = json!({ "type": kind, "timestamp": at, "data": data }).to_string();
    if whole.len() <= LONGEST {
        return whole;
    }
    // The number says where the rest is.
    data = json!({ "client": client, "number": number, "entity": entity, "record": record });
    json!({ "type": kind, "timestamp": at, "data": data }).to_string()
}

/// The signature by each of the secrets, with a blank between them; none where no secret is one.
pub(super) fn signature(secrets: &str, id: &str, at: Timestamp, body: &str) -> Option<String> {
    let at = at.as_second().to_string();
    let sign = |key: Vec<u8>| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
        for part in [id, ".", &at, ".", body] {
            mac.update(part.as_bytes());
        }
        Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    };
    let signed: Vec<String> = secrets.split_whitespace().filter_map(key).filter_map(sign).collect();
    (!signed.is_empty()).then(|| signed.join(" "))
}

/// When it is tried again, once so many tries have failed; nothing where it is given up.
pub(super) fn again(id: &str, tries: u32, now: Timestamp) -> Option<Timestamp> {
    let wait = *WAITS.get(usize::try_from(tries).ok()?.checked_sub(1)?)?;
    let part =
        i32::from(blake3::hash(format!("{id}{tries}").as_bytes()).as_bytes().first().copied().unwrap_or_default());
    let spread = wait / i32::try_from(SPREAD).ok()? * part / 255;
    now.checked_add(wait + spread).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_signed_as_the_test_vector_says() {
        let at = Timestamp::from_second(1_614_265_330).unwrap();
        let sign = |secrets: &str| signature(secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, r#"{"test": 2432232314}"#);
        let right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        assert_eq!(sign(secret).as_deref(), Some(right));
        let both = sign(&format!("{secret} whsec_{}", "QUFB".repeat(8))).unwrap();
        assert!(both.starts_with(right) && both.split(' ').count() == 2, "{both}");
        for none in ["", "whsec_QUFB"] {
            assert_eq!(sign(none), None, "{none}");
        }
    }

    #[test]
    fn tries_come_ever_later_and_end() {
        let now = Timestamp::from_second(0).unwrap();
        for (place, wait) in WAITS.iter().enumerate() {
            let again = again("msg_a", u32::try_from(place + 1).unwrap(), now).unwrap().duration_since(now);
            assert!(again >= *wait && again <= *wait + *wait / 10, "{place}: {again}");
        }
        assert_eq!((again("msg_a", 8, now), again("msg_a", 0, now)), (None, None));
    }

    #[test]
    fn what_is_too_long_is_told_by_its_number() {
        let mut line = Logline {
            number: 8,
            at: Timestamp::from_second(0).unwrap(),
            entity: Some("Contact".to_owned()),
            record: Some(4),
            said: "is over".to_owned(),
            entry: json!({ "kind": "ended", "run": 3 }),
        };
        let told: Value = serde_json::from_str(&body("acme", &line)).unwrap();
        assert_eq!((&told["type"], &told["data"]["entry"]["run"]), (&json!("log.ended"), &json!(3)));
        line.entry = json!({ "kind": "ended", "because": "x".repeat(30_000) });
        let told = body("acme", &line);
        assert!(told.len() < LONGEST && told.contains("\"number\":8"), "{told}");
    }
}
