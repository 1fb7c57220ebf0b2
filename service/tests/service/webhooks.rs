//! Webhooks that come in: signed by our own hand here, as Standard Webhooks and Svix say.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use service::access::role::Role;

use crate::stand::{NOW, SECRET, Stand};
use crate::wire::Answer;

/// A webhook, signed.
pub(crate) struct Signed {
    prefix: &'static str,
    id: String,
    at: i64,
    body: String,
}

impl Signed {
    pub(crate) fn new(id: &str, body: &Value) -> Self {
        let at = NOW.parse::<jiff::Timestamp>().unwrap().as_second();
        Self { prefix: "svix", id: id.to_owned(), at, body: body.to_string() }
    }

    pub(crate) fn signature_by(&self, secret: &str) -> String {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("{}.{}.{}", self.id, self.at, self.body).as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }

    pub(crate) fn send(&self, stand: &Stand, hook: &str) -> Answer {
        self.send_signed(stand, hook, &self.signature_by(SECRET))
    }

    pub(crate) fn send_signed(&self, stand: &Stand, hook: &str, signature: &str) -> Answer {
        let at = self.at.to_string();
        let names: Vec<String> =
            ["id", "timestamp", "signature"].iter().map(|name| format!("{}-{name}", self.prefix)).collect();
        let headers = [(names[0].as_str(), self.id.as_str()), (&names[1], &at), (&names[2], signature)];
        stand.send("POST", &format!("/hooks/hillside/{hook}"), &headers, self.body.as_bytes())
    }
}

fn resend(kind: &str, at: &str, more: &Value) -> Value {
    let mut data = json!({"email_id": "e1", "to": ["Ana <ana@hillside-guests.example>"], "from": "owner@hillside.example", "subject": "Hello"});
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"type": kind, "created_at": at, "data": data})
}

fn moments(stand: &Stand, token: &str) -> Vec<String> {
    let found = stand.get(token, "/contacts?search=ana@").json();
    let story = stand.get(token, &format!("/contacts/{}", found["contacts"][0]["id"])).json();
    let moments = story["moments"].as_array().unwrap().iter();
    moments
        .filter(|moment| moment["kind"] == "event")
        .map(|moment| moment["words"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_comes_in_twice_or_in_another_order_counts_once_at_its_own_time() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    stand.question(&owner);
    let clicked = Signed::new(
        "m2",
        &resend("email.clicked", "2026-11-19T20:10:00Z", &json!({"click": {"link": "https://hillside.example/a"}})),
    );
    let delivered = Signed {
        prefix: "webhook",
        ..Signed::new("m1", &resend("email.delivered", "2026-11-19T20:00:00Z", &json!({})))
    };
    for (signed, became) in
        [(&clicked, "recorded"), (&delivered, "recorded"), (&clicked, "known"), (&delivered, "known")]
    {
        let answer = signed.send(&stand, "resend");
        assert_eq!((answer.status, answer.json()["became"].as_str()), (202, Some(became)), "{}", answer.body);
    }
    // The newest first.
    assert_eq!(
        moments(&stand, &owner)[..2],
        ["email.clicked: url https://hillside.example/a", "email.delivered: subject Hello"]
    );
    for (body, became) in [
        (resend("domain.created", "2026-11-19T20:00:00Z", &json!({})), "nothing"),
        (
            json!({"type": "email.opened", "created_at": "2026-11-19T20:00:00Z", "data": {"to": ["stranger@x.example"]}}),
            "nobody",
        ),
    ] {
        let answer = Signed::new("m3", &body).send(&stand, "resend");
        assert_eq!((answer.status, answer.json()["became"].as_str()), (202, Some(became)), "{}", answer.body);
    }
}

#[test]
fn whoever_bounces_or_complains_is_never_written_to_again() {
    for (kind, more, why) in [
        (
            "email.bounced",
            json!({"bounce": {"type": "Permanent", "subType": "General", "message": "no such user"}}),
            "the address does not exist",
        ),
        ("email.complained", json!({}), "complained"),
    ] {
        let stand = Stand::new();
        let owner = stand.token(Role::Owner);
        stand.until("both are asked about", || stand.get(&owner, "/inbox").json()["total"] == 2);
        let answer = Signed::new("m1", &resend(kind, "2026-11-19T20:50:00Z", &more)).send(&stand, "resend");
        assert_eq!(answer.status, 202, "{}", answer.body);
        let found = stand.get(&owner, "/contacts?search=ana@").json();
        let path = format!("/contacts/{}", found["contacts"][0]["id"]);
        stand.until("the address is left alone", || {
            !stand.get(&owner, &path).json()["never_again"].as_array().unwrap().is_empty()
        });
        assert_eq!(stand.get(&owner, &path).json()["never_again"][0]["why"], why);
        let about_her = || {
            stand.get(&owner, &path).json()["questions"]
                .as_array()
                .unwrap()
                .iter()
                .any(|question| !question["message"].is_null())
        };
        stand.until("nobody is asked to approve a message to her", || !about_her());
    }
}

#[test]
fn a_reply_comes_in_and_its_words_are_counted() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    stand.question(&owner);
    let body = json!({"type": "reply.received", "timestamp": "2026-11-19T20:40:00Z", "data": {"contact": "ana@hillside-guests.example", "text": "Yes, with pleasure!"}});
    assert_eq!(Signed::new("r1", &body).send(&stand, "replies").json()["became"], "recorded");
    assert!(moments(&stand, &owner).contains(&"reply.received: words 3".to_owned()));
}
