//! Files brought in over the API and over the page, and companies, deals and tasks that came with them.

use serde_json::{Value, json};
use service::access::role::Role;

use crate::pages::{csrf, log_in, page};
use crate::stand::Stand;
use crate::wire::Answer;

const MORE: &str =
    "First,Last,E-mail,Phone,Country\nDi,Orr,di@hillside-guests.example,+64 2 5550 0004,NZ\n,,no address,,\n";

fn send(stand: &Stand, token: &str, query: &str, more: &[(&str, &str)], body: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("Authorization", bearer.as_str()), ("Content-Type", "text/csv")];
    headers.extend(more);
    stand.send("POST", &format!("/api/v1/clients/hillside/imports{query}"), &headers, body.as_bytes())
}

fn total(stand: &Stand, token: &str) -> Value {
    stand.get(token, "/contacts").json()["total"].clone()
}

#[test]
fn a_file_is_tried_taken_once_and_taken_back() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    let tried = send(&stand, &owner, "?source=people&name=more.csv&dry_run=true", &[], MORE);
    assert_eq!(tried.status, 200, "{}", tried.body);
    let (report, preview) = (&tried.json()["report"], &tried.json()["preview"]);
    assert_eq!((&report["counts"]["created"], &report["file"]), (&json!(1), &json!("more.csv")), "{report}");
    assert!(preview["columns"][0]["cells"][0]["value"] == "Di" && report["import"].is_null(), "{preview}");
    assert_eq!(total(&stand, &owner), 3, "nothing is kept");
    let key = [("Idempotency-Key", "once")];
    let taken = send(&stand, &owner, "?source=people&name=../more.csv", &key, MORE);
    let again = send(&stand, &owner, "?source=people&name=../more.csv", &key, MORE);
    assert_eq!((taken.status, &again.body, again.header("idempotency-replayed")), (200, &taken.body, Some("true")));
    assert_eq!(total(&stand, &owner), 4);
    let report = &taken.json()["report"];
    assert_eq!(
        report["rejected_file"], "more.csv.rejected.csv",
        "its place on this machine is nobody's concern: {report}"
    );
    assert!(stand.client("hillside").join("more.csv.rejected.csv").exists());
    let uploads = std::fs::read_dir(stand.client("hillside").join(".uploads")).unwrap().count();
    assert_eq!(uploads, 0, "what was sent is not kept");
    let listed = stand.get(&owner, "/imports").json();
    assert_eq!((&listed[0]["file"], &listed[0]["created"]), (&json!("more.csv"), &json!(1)), "{listed}");
    let undo = |number: &str| stand.post(&owner, &format!("/imports/{number}/undo"), &json!({}));
    assert_eq!(undo("99").status, 404);
    // Whoever is asked about by now is not taken back; that is said, and not that something failed.
    let undone = undo(&listed[0]["number"].to_string());
    assert!([200, 409].contains(&undone.status), "{}", undone.body);
}

#[test]
fn what_cannot_be_read_is_said_and_only_some_bring_files_in() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    for (query, body, why) in [
        ("?source=nothing", MORE, "no such source"),
        ("?source=people", "", "empty"),
        ("?source=people", "a,b\n1,2\n", "E-mail"),
        ("", "a,b\n1,2\n", "people, consents"),
    ] {
        let refused = send(&stand, &owner, query, &[], body);
        let said = refused.body.replace('`', "");
        assert!(refused.status == 422 && said.contains(why), "{query}: {}", refused.body);
        assert!(!said.contains(&*stand.folder.path().to_string_lossy()), "{said}");
    }
    for role in [Role::Approver, Role::Viewer, Role::Agent] {
        let refused = send(&stand, &stand.token(role), "?source=people", &[], MORE);
        assert_eq!(refused.status, 403, "{role:?}");
    }
    assert_eq!(send(&stand, &stand.token(Role::Consultant), "?source=people&dry_run=true", &[], MORE).status, 200);
    let detected = send(&stand, &owner, "?name=any.csv&dry_run=true", &[], MORE);
    assert_eq!(detected.json()["report"]["source"], "people", "by its headers: {}", detected.body);
}

#[test]
fn a_file_that_the_playbook_names_is_tried_on_the_page_and_what_was_rejected_is_handed_out() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    let cookie = log_in(&stand, &owner);
    let shown = page(&stand, &cookie, "/import");
    assert!(shown.body.contains(r#"value="people.csv""#), "{}", shown.body);
    let word = csrf(&shown);
    let lying = |csrf: &str, file: &str| {
        let body = format!("csrf={csrf}&source=people&file={file}");
        let form = ("Content-Type", "application/x-www-form-urlencoded");
        stand.send("POST", "/import/lying", &[form, ("Cookie", &cookie)], body.as_bytes())
    };
    assert_eq!(lying("wrong", "people.csv").status, 403);
    for elsewhere in ["hillside.playbook", "../hillside/people.csv", "consents.csv", ""] {
        assert_eq!(lying(&word, elsewhere).status, 404, "{elsewhere}");
    }
    let tried = lying(&word, "people.csv");
    assert!(tried.status == 200 && tried.body.contains("people.csv was tried"), "{}", tried.body);

    assert_eq!(send(&stand, &owner, "?source=people&name=more.csv", &[], MORE).status, 200);
    let rejected =
        |name: &str, cookie: &str| stand.send("GET", &format!("/import/rejected/{name}"), &[("Cookie", cookie)], b"");
    let handed = rejected("more.csv.rejected.csv", &cookie);
    assert!(handed.status == 200 && handed.body.contains("no address"), "{}", handed.body);
    for other in ["people.csv", "crm.db", "..%2Fhillside.rejected.csv", "more.csv.rejected-2.csv"] {
        assert_eq!(rejected(other, &cookie).status, 404, "{other}");
    }
    let viewer = log_in(&stand, &stand.token(Role::Viewer));
    assert_eq!(rejected("more.csv.rejected.csv", &viewer).status, 403);
}

#[test]
fn a_file_may_be_larger_than_any_other_request_and_no_larger_than_that() {
    let folder = tempfile::tempdir().unwrap();
    crate::stand::client(folder.path(), "hillside");
    let stand = Stand::limited(folder, "", "upload = 200000");
    let owner = stand.token(Role::Owner);
    let rows = |many: usize| -> String {
        let row = |number| format!("A,B,a{number}@hillside-guests.example,+64 2 5550 0004,NZ\n");
        std::iter::once("First,Last,E-mail,Phone,Country\n".to_owned()).chain((0..many).map(row)).collect()
    };
    let (fits, not) = (rows(3000), rows(5000));
    assert!(fits.len() > 65_536 && not.len() > 200_000);
    for key in [&[][..], &[("Idempotency-Key", "large")]] {
        let tried = send(&stand, &owner, "?source=people&dry_run=true", key, &fits);
        assert_eq!(tried.status, 200, "{}", tried.body);
    }
    assert_eq!(send(&stand, &owner, "?source=people&dry_run=true", &[], &not).status, 413);
    assert_eq!(stand.post(&owner, "/playbook/check", &json!({"files": {"a.playbook": fits}})).status, 413);
}

#[test]
fn a_form_of_somebody_else_brings_nothing_in() {
    let stand = Stand::new();
    let cookie = log_in(&stand, &stand.token(Role::Owner));
    let word = csrf(&page(&stand, &cookie, "/import"));
    let send = |csrf: &str| {
        let part = |name: &str, more: &str, value: &str| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n")
        };
        let parts =
            [part("csrf", "", csrf), part("source", "", "people"), part("file", "; filename=\"more.csv\"", MORE)];
        let body = format!("{}--x--\r\n", parts.concat());
        let headers = [("Content-Type", "multipart/form-data; boundary=x"), ("Cookie", cookie.as_str())];
        stand.send("POST", "/import", &headers, body.as_bytes())
    };
    assert_eq!(send("wrong").status, 403);
    assert!(!stand.client("hillside").join(".uploads").exists(), "nothing of it is written");
    let tried = send(&word);
    assert!(tried.status == 200 && tried.body.contains("more.csv was tried"), "{}", tried.body);
    let id = tried.body.split("name=\"upload\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let keep = |id: &str| {
        let body = format!("csrf={word}&upload={id}&source=people&keep=yes");
        let form = ("Content-Type", "application/x-www-form-urlencoded");
        stand.send("POST", "/import/keep", &[form, ("Cookie", &cookie)], body.as_bytes())
    };
    for wrong in ["", "..", "0123", "%2e%2e%2f%2e%2e"] {
        assert_eq!(keep(wrong).status, 404, "{wrong}");
    }
    let kept = keep(id);
    assert!(kept.status == 200 && kept.body.contains("more.csv is in"), "{}", kept.body);
    assert_eq!(keep(id).status, 404, "once");
}

#[test]
fn companies_deals_and_tasks_are_listed_and_told() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    let files = json!({"files": {"more.playbook": r#"
source deals from csv "deals.csv" into Deal by external_id {
  external_id  from "Id"
  name         from "Name"
  value        from "Value"
  close_date   from "Closes" as date "%Y-%m-%d"
  contact      from "E-mail" lookup Contact by email
  company      from "Domain" lookup Company by domain or create
}
source tasks from csv "tasks.csv" into Task by external_id {
  external_id  from "Id"
  title        from "What"
  contact      from "E-mail" lookup Contact by email
}
"#}, "version": stand.get(&owner, "/playbook").json()["version"]});
    let activated = stand.post(&owner, "/playbook", &files);
    assert_eq!(activated.status, 200, "{}", activated.body);
    let deals = "Id,Name,Value,Closes,E-mail,Domain\nd1,Roof,1200,2026-12-01,ana@hillside-guests.example,roofs.example\n\
                 d2,Barn,900,2026-12-02,bo@hillside-guests.example,barns.example\n";
    for (source, body) in [("deals", deals), ("tasks", "Id,What,E-mail\nt1,Call her,ana@hillside-guests.example\n")] {
        let taken = send(&stand, &owner, &format!("?source={source}"), &[], body);
        assert_eq!(taken.status, 200, "{}", taken.body);
    }
    let read = |path: &str| stand.get(&owner, path).json();
    let first = read("/deals?limit=1");
    let deal = &first["records"][0];
    assert_eq!(
        (&deal["title"], &deal["fields"]["value"], &deal["fields"]["close_date"]),
        (&json!("Roof"), &json!("1200"), &json!("2026-12-01"))
    );
    assert_eq!(read(&format!("/deals?after={}", first["next"]))["records"][0]["title"], "Barn");
    let (contact, company) = (&deal["of"]["contact"], &deal["of"]["company"]);
    assert_eq!(read(&format!("/companies/{company}"))["fields"]["domain"], "roofs.example");
    assert_eq!(read("/companies")["records"].as_array().unwrap().len(), 2);
    assert_eq!(read(&format!("/deals?contact={contact}"))["records"].as_array().unwrap().len(), 1);
    assert_eq!(read(&format!("/tasks?contact={contact}"))["records"][0]["title"], "Call her");
    assert_eq!(read("/activities")["records"], json!([]));
    assert_eq!(read(&format!("/deals/{}", deal["id"])), *deal);
    assert_eq!(stand.get(&owner, "/tasks/99").status, 404);
}
