//! A playbook over the API: checked, compared, put to work, put back.

use serde_json::json;
use service::access::role::Role;

use crate::stand::Stand;

#[test]
fn a_changed_rule_is_compared_put_to_work_and_put_back() {
    let stand = Stand::new();
    let consultant = stand.token(Role::Consultant);
    let playbook = stand.get(&consultant, "/playbook").json();
    let version = playbook["version"].clone();
    let text = playbook["files"]["hillside.playbook"].as_str().unwrap();
    let elsewhere = text.replace("country is NZ", "country is AU");
    let files = json!({"hillside.playbook": elsewhere});

    let checked = stand.post(&consultant, "/playbook/check", &json!({"files": files})).json();
    assert_eq!(checked["runs"], true, "{checked}");
    let changes = stand.post(&consultant, "/playbook/diff", &json!({"files": files})).json();
    assert_eq!(changes["changed"], true, "{changes}");
    let moves = json!([{"from": "cold", "to": "hot", "records": 1}, {"from": "hot", "to": "cold", "records": 2}]);
    assert_eq!(changes["scores"][0]["moves"], moves);
    assert_eq!(changes["scores"][0]["examples"].as_array().unwrap().len(), 3);
    assert_eq!(stand.get(&consultant, "/playbook").json(), playbook, "nothing was changed so far");

    let broken = json!({"files": {"hillside.playbook": text.replace("fit >= 60", "fat >= 60")}, "version": version});
    let refused = stand.post(&consultant, "/playbook", &broken);
    assert_eq!(refused.status, 422);
    assert!(refused.json()["detail"].as_str().unwrap().contains("hillside.playbook:"), "{}", refused.body);
    let stale = json!({"files": files, "version": "0".repeat(64)});
    assert_eq!(stand.post(&consultant, "/playbook", &stale).status, 409);
    assert_eq!(stand.get(&consultant, "/playbook").json(), playbook, "nor by what was refused");

    let taken = stand.post(&consultant, "/playbook", &json!({"files": files, "version": version}));
    assert_eq!(taken.status, 200, "{}", taken.body);
    let taken = taken.json();
    assert_eq!((&taken["before"], &taken["stranded"]), (&version, &json!(0)));
    assert_ne!(taken["version"], version);
    assert_eq!(stand.get(&consultant, "/scores").json()["routes"][0]["count"], 1, "only one is hot");
    assert_eq!(stand.get(&consultant, "/playbook/versions").json()["former"], json!([version]));

    let back = stand.post(&consultant, "/playbook/roll-back", &json!({"to": version, "version": taken["version"]}));
    assert_eq!((back.status, &back.json()["version"]), (200, &version), "{}", back.body);
    assert_eq!(stand.get(&consultant, "/playbook").json()["files"], playbook["files"]);
    let log = stand.get(&consultant, "/log?limit=200").json();
    let activations =
        log["entries"].as_array().unwrap().iter().filter(|entry| entry["entry"]["kind"] == "activated").count();
    assert_eq!(activations, 3, "each of them is in the log");
}

#[test]
fn whoever_checks_a_playbook_is_told_which_of_its_tests_fail() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    let check = |expected: &str| {
        let test = format!("test \"near\" {{\n  given contact {{ country: NZ }}\n  expect fit is {expected}\n}}\n");
        stand.post(&owner, "/playbook/check", &json!({"files": {"more.playbook": test}})).json()
    };
    assert_eq!(check("hot")["tests"], json!({"passed": 1, "failed": []}));
    let checked = check("cold");
    assert_eq!((&checked["runs"], &checked["tests"]["passed"]), (&json!(true), &json!(0)), "{checked}");
    let failed = &checked["tests"]["failed"][0];
    let place = (&failed["name"], &failed["file"], &failed["line"], &failed["expectation"]);
    assert_eq!(place, (&json!("near"), &json!("more.playbook"), &json!(3), &json!("fit is cold")), "{failed}");
    assert_eq!(check("nowhere")["tests"], json!({"passed": 0, "failed": []}), "with errors none is run");
}

#[test]
fn files_are_added_and_taken_away() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    let version = stand.get(&owner, "/playbook").json()["version"].clone();
    let more = "/// How lively.\nfact lively of Contact is count of reply.received in the last 7 days\n";
    let added = stand.post(&owner, "/playbook", &json!({"files": {"more.playbook": more}, "version": version}));
    assert_eq!(added.status, 200, "{}", added.body);
    assert!(stand.client("hillside").join("more.playbook").exists());
    let away =
        stand.post(&owner, "/playbook", &json!({"files": {"more.playbook": null}, "version": added.json()["version"]}));
    assert_eq!((away.status, &away.json()["version"]), (200, &version), "{}", away.body);
    assert!(!stand.client("hillside").join("more.playbook").exists());
    let none = stand.post(&owner, "/playbook/check", &json!({"files": {"hillside.playbook": null}}));
    assert_eq!(none.status, 422);
}
