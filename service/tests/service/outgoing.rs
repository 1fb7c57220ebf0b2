//! Webhooks that go out: told once each, tried again until they are taken, told again under the same id; never to where they may not go.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use serde_json::{Value, json};
use service::access::role::Role;

use crate::stand::Stand;

/// What came in: the head by its names in small letters, and the body.
#[derive(Clone, Debug)]
struct Told {
    head: Vec<(String, String)>,
    body: Value,
}

impl Told {
    fn header(&self, name: &str) -> &str {
        self.head.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// Somebody who is told, and answers what the test says.
struct Receiver {
    at: SocketAddr,
    told: Arc<Mutex<Vec<Told>>>,
    answer: Arc<AtomicU16>,
}

impl Receiver {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let receiver =
            Self { at: listener.local_addr().unwrap(), told: Arc::default(), answer: Arc::new(AtomicU16::new(200)) };
        let (told, answer) = (Arc::clone(&receiver.told), Arc::clone(&receiver.answer));
        // It ends with the process.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (told, answer) = (Arc::clone(&told), Arc::clone(&answer));
                std::thread::spawn(move || answered(stream, &told, &answer));
            }
        });
        receiver
    }

    fn told(&self) -> Vec<Told> {
        self.told.lock().unwrap().clone()
    }

    fn settings(&self, private: bool) -> String {
        let (scheme, at) = (if private { "http" } else { "https" }, self.at);
        format!(
            "[webhooks]\nprivate = {private}\n[clients.hillside.outgoing.crm]\nurl = \"{scheme}://{at}/in?key=hidden\"\n\
             secret_env = \"SECRET\"\ntypes = [\"log.asked\", \"log.settled\"]\n"
        )
    }
}

fn answered(stream: TcpStream, told: &Mutex<Vec<Told>>, answer: &AtomicU16) {
    let mut reader = BufReader::new(stream);
    loop {
        let (mut head, mut line) = (Vec::new(), String::new());
        while reader.read_line(&mut line).is_ok_and(|read| read > 0) && !line.trim().is_empty() {
            if let Some((name, value)) = line.trim().split_once(": ") {
                head.push((name.to_lowercase(), value.to_owned()));
            }
            line.clear();
        }
        let Some((_, length)) = head.iter().find(|(name, _)| name == "content-length") else { return };
        let mut body = vec![0; length.parse().unwrap()];
        reader.read_exact(&mut body).unwrap();
        told.lock().unwrap().push(Told { head, body: serde_json::from_slice(&body).unwrap() });
        let answer = answer.load(Ordering::SeqCst);
        let more = "Location: http://127.0.0.1:9/elsewhere\r\nContent-Length: 0\r\n\r\n";
        reader.get_mut().write_all(format!("HTTP/1.1 {answer} x\r\n{more}").as_bytes()).unwrap();
    }
}

fn deliveries(stand: &Stand, token: &str) -> Vec<Value> {
    stand.get(token, "/webhooks/crm/deliveries").json()["deliveries"].as_array().unwrap().clone()
}

/// Answers the first question; what is asked anew is told.
fn reject(stand: &Stand, token: &str) {
    let question = stand.question(token);
    let rejected = stand.post(token, &format!("/inbox/{}/reject", question["number"]), &json!({"why": "no"}));
    assert_eq!(rejected.status, 200, "{}", rejected.body);
}

#[test]
fn what_enters_the_log_is_told_signed_and_once() {
    let receiver = Receiver::new();
    let stand = Stand::with(&receiver.settings(true));
    let owner = stand.token(Role::Owner);
    reject(&stand, &owner);
    stand.until("it is told", || receiver.told().iter().any(|told| told.body["type"] == "log.settled"));
    for told in receiver.told() {
        assert!(["log.asked", "log.settled"].contains(&told.body["type"].as_str().unwrap()), "{told:?}");
        assert!(told.header("webhook-signature").starts_with("v1,") && told.header("webhook-id").starts_with("msg_"));
        assert_eq!(told.header("webhook-timestamp"), "1795122000", "by the service's clock");
        assert_eq!(
            (&told.body["data"]["client"], told.header("content-type")),
            (&json!("hillside"), "application/json")
        );
        let words = told.body.to_string();
        assert!(!words.contains("Ana") && !words.contains("hillside-guests"), "nobody's data: {words}");
    }
    let mut ids: Vec<String> = receiver.told().iter().map(|told| told.header("webhook-id").to_owned()).collect();
    let many = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), many, "each once");
    let listed = stand.get(&owner, "/webhooks").json();
    assert_eq!((&listed[0]["name"], &listed[0]["host"]), (&json!("crm"), &json!("127.0.0.1")), "{listed}");
    assert!(!listed.to_string().contains("hidden"), "an address may hold a secret: {listed}");
    stand.until("all are taken", || deliveries(&stand, &owner).iter().all(|one| !one["delivered"].is_null()));
}

#[test]
fn what_is_not_taken_is_tried_again_and_told_again_under_its_id() {
    let receiver = Receiver::new();
    receiver.answer.store(503, Ordering::SeqCst);
    let stand = Stand::with(&receiver.settings(true));
    let owner = stand.token(Role::Owner);
    reject(&stand, &owner);
    let settled = |told: &Told| told.body["type"] == "log.settled";
    let count = || receiver.told().iter().filter(|told| settled(told)).count();
    stand.until("it is tried", || count() == 1);
    let one = || deliveries(&stand, &owner).into_iter().find(|one| one["type"] == "log.settled").unwrap();
    stand.until("that is kept", || one()["tries"] == 1);
    // A redirect is no yes, and leads nowhere.
    receiver.answer.store(302, Ordering::SeqCst);
    stand.later(SignedDuration::from_secs(6));
    stand.until("it is tried again", || count() == 2 && one()["tries"] == 2);
    receiver.answer.store(204, Ordering::SeqCst);
    stand.later(SignedDuration::from_mins(6));
    stand.until("it is taken", || !one()["delivered"].is_null());
    assert_eq!((one()["tries"].as_u64(), one()["status"].as_u64()), (Some(3), Some(204)));
    assert_eq!(stand.get(&owner, "/webhooks").json()[0]["failing"], Value::Null);
    let replay = json!({"delivery": one()["number"]});
    assert_eq!(stand.post(&stand.token(Role::Viewer), "/webhooks/crm/replay", &replay).status, 403);
    assert_eq!(stand.post(&owner, "/webhooks/crm/replay", &replay).json()["deliveries"], 1);
    stand.until("it is told again", || count() == 4);
    let mut ids: Vec<String> =
        receiver.told().iter().filter(|told| settled(told)).map(|told| told.header("webhook-id").to_owned()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
    for wrong in [json!({}), json!({"delivery": 1, "since": 1})] {
        assert_eq!(stand.post(&owner, "/webhooks/crm/replay", &wrong).status, 422);
    }
    assert_eq!(stand.post(&owner, "/webhooks/crm/replay", &json!({"delivery": 9999})).status, 404);
    assert_eq!(stand.post(&owner, "/webhooks/other/replay", &replay).status, 404);
}

#[test]
fn whoever_is_gone_is_told_no_more_until_somebody_says_so() {
    let receiver = Receiver::new();
    receiver.answer.store(410, Ordering::SeqCst);
    let stand = Stand::with(&receiver.settings(true));
    let owner = stand.token(Role::Owner);
    reject(&stand, &owner);
    let stopped = || stand.get(&owner, "/webhooks").json()[0]["stopped"].clone();
    stand.until("it is stopped", || !stopped().is_null());
    let many = receiver.told().len();
    reject(&stand, &owner);
    receiver.answer.store(200, Ordering::SeqCst);
    assert_eq!(receiver.told().len(), many);
    assert_eq!(stand.post(&owner, "/webhooks/crm/resume", &json!({})).json()["done"], true);
    stand.until("it is told what it missed", || receiver.told().len() > many);
    assert_eq!(stopped(), Value::Null);
}

#[test]
fn nothing_goes_to_a_private_address_unless_that_is_allowed() {
    let receiver = Receiver::new();
    let stand = Stand::with(&receiver.settings(false));
    let owner = stand.token(Role::Owner);
    reject(&stand, &owner);
    let refused = || {
        deliveries(&stand, &owner).iter().any(|one| one["error"].as_str().is_some_and(|why| why.contains("private")))
    };
    stand.until("it is refused", refused);
    assert!(receiver.told().is_empty());
}
