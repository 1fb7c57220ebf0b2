//! That it serves: by the clock, with a changed playbook, until it is told to stop.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use service::access::role::Role;

use crate::stand::{Stand, client, token};
use crate::wire::read;

#[test]
fn an_approved_letter_goes_out_and_the_run_goes_on_by_the_clock() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    let question = stand.question(&owner);
    let number = &question["number"];
    let approved =
        stand.post(&owner, &format!("/inbox/{number}/approve"), &json!({"hash": question["message"]["hash"]}));
    assert_eq!(approved.status, 200, "{}", approved.body);
    assert_eq!(approved.json()["by"], "owner");
    stand.until("the letter goes out", || stand.letters() == 1);
    let run = format!("/runs/{}", question["run"]);
    assert_eq!(stand.get(&owner, &run).json()["stage"], "Sending");
    stand.later(SignedDuration::from_mins(61));
    stand.until("the hour is over", || stand.get(&owner, &run).json()["outcome"] == "invited");
    assert_eq!(stand.letters(), 1);
    assert_eq!(stand.get(&owner, "/log/verify").json()["whole"], true);
}

#[test]
fn clients_share_nothing_and_an_import_by_somebody_else_is_worked_on() {
    let folder = tempfile::tempdir().unwrap();
    client(folder.path(), "hillside");
    client(folder.path(), "valley");
    let stand = Stand::over(folder, "");
    let (here, there) = (stand.token(Role::Owner), token(&stand.client("valley"), Role::Owner));
    let question = stand.question(&here);
    let rejected = stand.post(&here, &format!("/inbox/{}/reject", question["number"]), &json!({"why": "not now"}));
    assert_eq!(rejected.status, 200, "{}", rejected.body);
    let total =
        |token: &str, name: &str| stand.get(token, &format!("/api/v1/clients/{name}/inbox")).json()["total"].as_u64();
    assert_eq!((total(&here, "hillside"), total(&there, "valley")), (Some(1), Some(2)));
    assert_eq!(stand.get(&there, "/inbox").status, 401, "a token of another client");

    // Another process adds somebody.
    let own = stand.client("hillside");
    std::fs::write(
        own.join("more.csv"),
        "First,Last,E-mail,Phone,Country\nDi,Orr,di@hillside-guests.example,+64 2 5550 0004,NZ\n",
    )
    .unwrap();
    let text = std::fs::read_to_string(own.join("hillside.playbook")).unwrap();
    let program = compiler::compile::compile_text("hillside.playbook", &text).program.unwrap();
    let mut crm = runtime::crm::Crm::open(&own.join("crm.db"), &program).unwrap();
    let source = program.sources.iter().find(|source| source.name == "people").unwrap();
    let (file, now) = (own.join("more.csv"), crate::stand::NOW.parse().unwrap());
    let request =
        runtime::import::Request { program: &program, source, file: &file, now, dry_run: false, rejected: None };
    runtime::import::run(&mut crm, &request, &mut |_| {}).unwrap();
    stand.until("she is asked about", || total(&here, "hillside") == Some(2));
}

#[test]
fn a_changed_playbook_is_taken_and_a_broken_one_is_not() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    let version = || stand.get(&owner, "").json()["version"].clone();
    let path = stand.client("hillside").join("hillside.playbook");
    let (before, text) = (version(), std::fs::read_to_string(&path).unwrap());
    std::fs::write(&path, text.replace("+60 when country is NZ", "+65 when country is NZ")).unwrap();
    stand.until("it is taken", || version() != before);
    let taken = version();
    std::fs::write(&path, text.replace("country is NZ", "continent is NZ")).unwrap();
    stand.until("it is told", || stand.get(&owner, "").json()["trouble"].is_string());
    let told = stand.get(&owner, "").json();
    assert_eq!(told["version"], taken, "the one before is at work");
    let trouble = told["trouble"].as_str().unwrap();
    assert!(trouble.contains("hillside.playbook:16") && trouble.contains("continent"), "{trouble}");
    assert_eq!(stand.send("GET", "/ready", &[], b"").json()["in_trouble"], 1);
    let refused = |is: u8| {
        let gauge = format!("playbook_refused_change{{client=\"hillside\"}} {is}\n");
        stand.send("GET", "/metrics", &[], b"").body.contains(&gauge)
    };
    assert!(refused(1));
    assert_eq!(stand.get(&owner, "/inbox").status, 200, "and answers");
    std::fs::write(&path, &text).unwrap();
    stand.until("it is mended", || stand.get(&owner, "").json()["trouble"].is_null());
    assert!(refused(0));
    assert_eq!(version(), before);
}

#[test]
fn what_is_being_asked_is_answered_before_it_stops_and_the_next_one_goes_on() {
    let mut stand = Stand::new();
    let owner = stand.token(Role::Owner);
    let question = stand.question(&owner);
    // A request whose second half comes after it was told to stop.
    let body = json!({"hash": question["message"]["hash"]}).to_string();
    let mut slow = TcpStream::connect(stand.at).unwrap();
    let path = format!("/api/v1/clients/hillside/inbox/{}/approve", question["number"]);
    write!(
        slow,
        "POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {owner}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let at = stand.at;
    let ended = std::thread::scope(|scope| {
        let stopping = scope.spawn(|| stand.stop());
        std::thread::sleep(Duration::from_millis(300));
        assert!(TcpStream::connect(at).is_err(), "nobody new is let in");
        slow.write_all(body.as_bytes()).unwrap();
        let answer = read(slow);
        stopping.join().unwrap();
        answer
    });
    assert_eq!(ended.status, 200, "{}", ended.body);
    let folder = std::mem::replace(&mut stand.folder, tempfile::tempdir().unwrap());
    drop(stand);
    let again = Stand::over(folder, "");
    again.until("the letter goes out", || again.letters() == 1);
    assert_eq!(again.get(&owner, &format!("/inbox/{}", question["number"])).status, 404, "it is answered");
}

#[test]
fn meters_and_health_need_no_token_and_name_nobody() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    stand.question(&owner);
    assert_eq!(stand.send("GET", "/health", &[], b"").json()["status"], "alive");
    let page = stand.send("GET", "/metrics", &[], b"");
    assert!(page.header("content-type").unwrap().starts_with("application/openmetrics-text"));
    for line in [
        "playbook_open_questions{client=\"hillside\"} 2",
        "playbook_client_at_work{client=\"hillside\"} 1",
        "playbook_http_answers_total{",
    ] {
        assert!(page.body.contains(line), "{line} is not in {}", page.body);
    }
    for name in ["ana", "hillside-guests", "Quillfeather"] {
        assert!(!page.body.to_lowercase().contains(&name.to_lowercase()), "{name}");
    }
}

#[test]
fn a_client_is_served_by_one_alone_and_free_once_that_has_stopped() {
    let mut stand = Stand::new();
    let folder = stand.folder.path().to_owned();
    let another = |folder: &std::path::Path| {
        let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let settings = service::config::Configuration::read("listen = \"127.0.0.1:0\"").unwrap();
        let clock = std::sync::Arc::new(std::sync::Mutex::new(crate::stand::NOW.parse().unwrap()));
        let around = crate::stand::around(clock);
        tokio.block_on(service::Service::begin(folder, settings, around)).err().map(|error| error.to_string())
    };
    for served in [folder.clone(), folder.join("hillside")] {
        let refused = another(&served).unwrap();
        assert!(refused.contains("`hillside` is served by another process"), "{refused}");
    }
    stand.stop();
    assert_eq!(another(&folder), None);
}

#[cfg(unix)]
#[test]
fn a_folder_in_which_no_client_can_be_made_is_not_served() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let mode = |mode| std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o555);
    // Whoever may write everywhere is not kept out by that.
    let is_kept_out = std::fs::create_dir(folder.path().join("tried")).is_err();
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let settings = service::config::Configuration::read("listen = \"127.0.0.1:0\"").unwrap();
    let clock = std::sync::Arc::new(std::sync::Mutex::new(crate::stand::NOW.parse().unwrap()));
    let begun = tokio.block_on(service::Service::begin(folder.path(), settings, crate::stand::around(clock)));
    let refused = begun.err().map(|error| error.to_string());
    mode(0o755);
    assert_eq!(refused.is_some_and(|why| why.contains("nothing can be written into")), is_kept_out);
}
