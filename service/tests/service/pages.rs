//! The pages: logging in, each page within its limits, answering by a form, markup that stays text, news.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;
use service::access::role::Role;
use service::access::tokens::Tokens;

use crate::stand::Stand;
use crate::wire::Answer;

pub(crate) const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// Logs in; gives the cookie.
pub(crate) fn log_in(stand: &Stand, token: &str) -> String {
    let login = stand.send("POST", "/login", &[FORM], format!("token={token}").as_bytes());
    assert_eq!((login.status, login.header("location")), (303, Some("/today")), "{}", login.body);
    login.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

pub(crate) fn page(stand: &Stand, cookie: &str, path: &str) -> Answer {
    stand.send("GET", path, &[("Cookie", cookie)], b"")
}

pub(crate) fn csrf(page: &Answer) -> String {
    page.body.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn every_page_is_small_and_complete() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    let question = stand.question(&owner);
    let cookie = log_in(&stand, &owner);
    let contact = format!("/contacts/{}", question["contact"]);
    for (path, shows) in [
        ("/today", vec!["Hello Ana", "the orchard opens on Saturday", "near", "Approve", "Change", "Reject"]),
        ("/prospects", vec!["Ana Quillfeather", "90", "hot"]),
        ("/contacts?search=bo", vec!["Bo Marlowick"]),
        (contact.as_str(), vec!["Welcome begins", "consent.given", "Pause", "can be called"]),
        ("/pipeline", vec!["Welcome", "Writing", "Rating"]),
        ("/agents", vec!["LeadGen", "Pause"]),
        ("/goals", vec!["people are invited", "documented"]),
        ("/experiments", vec!["tries nothing out"]),
        ("/playbook", vec!["hillside.playbook", "score fit for Contact", "editor.js"]),
        ("/import", vec!["people.csv", "Take back", "Try it", "value=\"consents\""]),
        ("/webhooks", vec!["Nobody is told"]),
    ] {
        let first = page(&stand, &cookie, path);
        assert_eq!(first.status, 200, "{path}: {}", first.body);
        for words in shows {
            assert!(first.body.contains(words), "{path} does not show `{words}`: {}", first.body);
        }
        assert!(first.body.len() < 100_000, "{path} has {} bytes", first.body.len());
        for outside in ["src=\"http", "href=\"http", "style=\"", "<script>", "onclick"] {
            assert!(!first.body.contains(outside), "{path} has `{outside}`");
        }
        let h1 = first.body.matches("<h1").count();
        assert!(h1 == 1 && first.body.contains("lang=\"en\"") && first.body.contains("<title>"), "{path}");
    }
    for path in ["/assets/style.css", "/assets/page.js", "/assets/editor.js", "/assets/icon.svg"] {
        assert_eq!(stand.send("GET", path, &[], b"").status, 200, "{path}");
    }
}

#[test]
fn a_person_logs_in_answers_pauses_and_logs_out() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    let question = stand.question(&owner);
    assert_eq!(stand.send("GET", "/today", &[], b"").header("location"), Some("/login"));
    let cookie = log_in(&stand, &owner);
    let csrf = csrf(&page(&stand, &cookie, "/today"));
    let send = |path: &str, body: String| stand.send("POST", path, &[FORM, ("Cookie", &cookie)], body.as_bytes());
    let paused = send("/step", format!("csrf={csrf}&what=agent+LeadGen&how=pause"));
    assert_eq!(paused.status, 303, "{}", paused.body);
    assert!(page(&stand, &cookie, "/today").body.contains("Paused: <strong>agent LeadGen</strong>"));
    assert_eq!(send("/step", format!("csrf={csrf}&what=agent+LeadGen&how=resume")).status, 303);
    let hash = question["message"]["hash"].as_str().unwrap();
    let changed = send(
        &format!("/inbox/{}/change", question["number"]),
        format!("csrf={csrf}&hash={hash}&subject=Saturday&body=Come+by%0D%0Aat+ten."),
    );
    assert_eq!(changed.status, 303, "{}", changed.body);
    let told = format!("/today?answered={}", question["number"]);
    assert_eq!(changed.header("location"), Some(told.as_str()));
    let next = page(&stand, &cookie, &told);
    let said = format!("Question {} is changed and approved", question["number"]);
    assert!(next.body.contains(&said) && next.body.contains("data-answered"), "{}", next.body);
    stand.until("the letter goes out", || stand.letters() == 1);
    let again = send(&format!("/inbox/{}/approve", question["number"]), format!("csrf={csrf}&hash={hash}"));
    assert_eq!(again.status, 409);
    assert!(again.body.contains("is no longer open"), "{}", again.body);
    let out = send("/logout", format!("csrf={csrf}"));
    assert_eq!(out.header("location"), Some("/login"));
    assert_eq!(page(&stand, &cookie, "/today").header("location"), Some("/login"));
}

#[test]
fn a_session_ends_by_time_and_with_its_token() {
    let stand = Stand::new();
    let (one, other) = (stand.token(Role::Viewer), stand.token(Role::Viewer));
    let (first, second) = (log_in(&stand, &one), log_in(&stand, &other));
    assert_eq!(page(&stand, &first, "/today").status, 200);
    assert!(!page(&stand, &first, "/today").body.contains("Approve <kbd>"), "a viewer answers nothing");
    let id = one.rsplit('.').nth(1).unwrap();
    Tokens::of(&stand.client("hillside")).unwrap().revoke(id, crate::stand::NOW.parse().unwrap()).unwrap();
    assert_eq!(page(&stand, &first, "/today").header("location"), Some("/login"));
    assert_eq!(page(&stand, &second, "/today").status, 200);
    stand.later(jiff::SignedDuration::from_hours(12));
    assert_eq!(page(&stand, &second, "/today").header("location"), Some("/login"));
    let wrong = stand.send("POST", "/login", &[FORM], b"token=nonsense");
    assert_eq!((wrong.status, wrong.header("set-cookie")), (401, None));
    assert!(wrong.body.contains("worth nothing"), "{}", wrong.body);
}

#[test]
fn what_people_and_playbooks_say_is_never_markup() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    let question = stand.question(&owner);
    let cookie = log_in(&stand, &owner);
    let evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let event =
        json!({"contact": question["contact"].to_string(), "event": "email.opened", "facts": {"subject": evil}});
    assert_eq!(stand.post(&owner, "/events", &event).status, 202);
    let pause = json!({"what": "agent LeadGen", "how": "pause", "why": evil});
    assert_eq!(stand.post(&owner, "/switches", &pause).status, 200);
    for path in [
        format!("/contacts/{}", question["contact"]),
        "/today".to_owned(),
        "/agents".to_owned(),
        "/contacts?search=%3Cscript%3Ealert(1)%3C/script%3E".to_owned(),
    ] {
        let shown = page(&stand, &cookie, &path);
        assert!(shown.body.contains("&lt;script&gt;"), "{path}: {}", shown.body);
        assert!(!shown.body.contains("<script>alert") && !shown.body.contains("<img"), "{path}");
    }
}

#[test]
fn whoever_looks_is_told_of_news_and_of_nothing_else() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    let question = stand.question(&owner);
    let cookie = log_in(&stand, &owner);
    let mut stream = TcpStream::connect(stand.at).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    write!(stream, "GET /news HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n").unwrap();
    let mut heard = String::new();
    let mut hear = |marks: usize| {
        let mut part = [0; 4096];
        while heard.matches("event: news").count() < marks {
            let read = stream.read(&mut part).unwrap();
            assert!(read > 0, "it ended: {heard}");
            heard.push_str(&String::from_utf8_lossy(&part[..read]));
        }
        heard.clone()
    };
    assert!(hear(1).contains("text/event-stream"));
    stand.post(&owner, &format!("/inbox/{}/reject", question["number"]), &json!({"why": "no"}));
    let heard = hear(2);
    for line in heard.lines().filter_map(|line| line.strip_prefix("data: ")) {
        assert!(line.parse::<u64>().is_ok(), "{line}");
    }
}

#[test]
fn a_rule_is_changed_on_the_page() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    let cookie = log_in(&stand, &owner);
    let first = page(&stand, &cookie, "/playbook");
    let (csrf, version) = (csrf(&first), stand.get(&owner, "/playbook").json()["version"].as_str().unwrap().to_owned());
    let text = std::fs::read_to_string(stand.client("hillside").join("hillside.playbook")).unwrap();
    let text: String =
        text.replace("country is NZ", "country is AU").bytes().map(|byte| format!("%{byte:02X}")).collect();
    let send = |path: &str, body: String| stand.send("POST", path, &[FORM, ("Cookie", &cookie)], body.as_bytes());
    let compared = send("/playbook/compare", format!("csrf={csrf}&file=hillside.playbook&text={text}"));
    assert_eq!(compared.status, 200, "{}", compared.body);
    for words in ["2 from hot to cold", "Ana Quillfeather", "Put it to work"] {
        assert!(compared.body.contains(words), "`{words}` is not in {}", compared.body);
    }
    let activated =
        send("/playbook/activate", format!("csrf={csrf}&file=hillside.playbook&version={version}&text={text}"));
    assert_eq!(
        (activated.status, activated.header("location")),
        (303, Some("/playbook?file=hillside%2Eplaybook&done=yes")),
        "{}",
        activated.body
    );
    assert_eq!(stand.get(&owner, "/scores").json()["routes"][0]["count"], 1);
    let after = page(&stand, &cookie, "/playbook?file=hillside%2Eplaybook&done=yes");
    for words in ["It is at work.", "What was at work before", "Put this back to work", version.as_str()] {
        assert!(after.body.contains(words), "`{words}` is not in {}", after.body);
    }
    let now = stand.get(&owner, "/playbook").json()["version"].as_str().unwrap().to_owned();
    let refused = send("/playbook/roll-back", format!("csrf=nonsense&to={version}&version={now}"));
    assert_eq!(refused.status, 403, "{}", refused.body);
    let back = send("/playbook/roll-back", format!("csrf={csrf}&to={version}&version={now}"));
    assert_eq!((back.status, back.header("location")), (303, Some("/playbook?done=back")), "{}", back.body);
    assert_eq!(stand.get(&owner, "/playbook").json()["version"], version.as_str());
    assert!(page(&stand, &cookie, "/playbook?done=back").body.contains("The former version is at work again"));
}

#[test]
fn whoever_looks_where_nothing_is_sees_a_page() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    let cookie = log_in(&stand, &owner);
    let browser = [("Cookie", cookie.as_str()), ("Accept", "text/html")];
    for path in ["/contacts/abc", "/contacts/999", "/nowhere"] {
        let shown = stand.send("GET", path, &browser, b"");
        assert!(shown.status == 404 && shown.body.contains("<h1>Not there</h1>"), "{path}: {}", shown.body);
    }
    let outside = stand.send("GET", "/nowhere", &[("Accept", "text/html")], b"");
    assert!(outside.status == 404 && outside.body.contains("<h1>Not there</h1>"), "{}", outside.body);
    let problem = stand.send("GET", "/nowhere", &[], b"");
    assert!(problem.status == 404 && problem.body.starts_with('{'), "{}", problem.body);
    for path in ["/today?after=nonsense", "/contacts?after=-1"] {
        assert_eq!(page(&stand, &cookie, path).status, 200, "{path}");
    }
}

#[test]
fn a_page_behind_the_last_one_says_so() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    stand.question(&owner);
    let cookie = log_in(&stand, &owner);
    for path in ["/today?after=999999", "/prospects?after=999999", "/contacts?after=999999"] {
        let shown = page(&stand, &cookie, path);
        assert!(shown.body.contains("Nothing further"), "{path}: {}", shown.body);
    }
}

#[test]
fn whoever_answers_nothing_is_told_who_does() {
    let stand = Stand::new();
    stand.question(&stand.token(Role::Owner));
    let viewer = stand.token(Role::Viewer);
    let cookie = log_in(&stand, &viewer);
    assert!(page(&stand, &cookie, "/today").body.contains("An owner or an approver answers this."));
}
