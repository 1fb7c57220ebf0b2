//! Clients that come while the service is at work: made on a page by whoever has the link, or beside it.

use jiff::SignedDuration;

use crate::pages::{FORM, page};
use crate::stand::{self, Stand};
use crate::wire::Answer;

const GOOD: &str = "name=Orchard+Hall&currency=NZD&zone=Pacific%2FAuckland&person=Mere+Ngata";

fn make(stand: &Stand, key: &str, wish: &str) -> Answer {
    stand.send("POST", "/new", &[FORM], format!("key={key}&{wish}").as_bytes())
}

#[test]
fn an_empty_folder_gets_its_first_client_on_a_page() {
    let stand = Stand::empty();
    let key = stand.key.clone().unwrap();
    let form = stand.send("GET", &format!("/new?key={key}"), &[], b"");
    assert_eq!(form.status, 200);
    for words in ["name=\"currency\"", "Auckland</option>"] {
        assert!(form.body.contains(words), "{words} is not on the form");
    }

    for (wish, why) in [
        (GOOD.replace("NZD", "XYZ"), "XYZ"),
        (GOOD.replace("Auckland", "Atlantis"), "Atlantis"),
        (GOOD.replace("Orchard+Hall", "a%22%0Aclient"), "no quotation marks"),
        (GOOD.replace("Orchard+Hall", "%7Bname%7D"), "no quotation marks"),
        (GOOD.replace("Orchard+Hall", "%E6%97%A5"), "a letter from a to z"),
        (GOOD.replace("Mere+Ngata", "++"), "your name has"),
    ] {
        let refused = make(&stand, &key, &wish);
        assert_eq!(refused.status, 422, "{wish}");
        assert!(refused.body.contains(why), "{why}: {}", refused.body);
    }
    assert_eq!(std::fs::read_dir(stand.folder.path()).unwrap().count(), 0, "nothing is left of what was refused");

    let made = make(&stand, &key, GOOD);
    assert_eq!(made.status, 201, "{}", made.body);
    let token = made.body.split("class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let playbook = std::fs::read_to_string(stand.client("orchard-hall").join("orchard-hall.playbook")).unwrap();
    for words in ["client \"Orchard Hall\"", "NZD", "\"Pacific/Auckland\"", "founder \"Mere Ngata\""] {
        assert!(playbook.contains(words), "{words}: {playbook}");
    }
    let cookie = made.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let today = page(&stand, &cookie, "/today");
    assert!(today.status == 200 && today.body.contains("Orchard Hall"), "{} {}", today.status, today.body);
    assert_eq!(stand.get(&token, "/api/v1/clients/orchard-hall/contacts").status, 200);

    let again = make(&stand, &key, &GOOD.replace("Hall", "Two"));
    assert_eq!(again.status, 403, "the link has served");
    assert!(!stand.client("orchard-two").exists());
}

#[test]
fn nobody_makes_a_client_without_the_link() {
    let stand = Stand::empty();
    let key = stand.key.clone().unwrap();
    let other =
        stand.send("POST", "/new", &[FORM, ("Sec-Fetch-Site", "cross-site")], format!("key={key}&{GOOD}").as_bytes());
    assert_eq!(other.status, 403, "another site's form");
    stand.later(SignedDuration::from_hours(2));
    assert_eq!(make(&stand, &key, GOOD).status, 403, "it has expired");
    let refused = stand.send("GET", "/new", &[], b"");
    assert!(refused.status == 403 && !refused.body.contains("<form"), "{}", refused.body);
    let waits = (0..12).any(|guess| make(&stand, &format!("{guess}"), GOOD).status == 429);
    assert!(waits, "whoever guesses waits");
    assert_eq!(std::fs::read_dir(stand.folder.path()).unwrap().count(), 0);
    // A service with clients gives no link unasked.
    let with_clients = Stand::new();
    assert_eq!(with_clients.key, None);
    assert_eq!(make(&with_clients, "", GOOD).status, 403);
}

#[test]
fn a_client_that_comes_later_is_served_without_a_restart() {
    let stand = Stand::new();
    // As a whole, so that it is not seen while it is written.
    let beside = tempfile::tempdir_in(stand.folder.path()).unwrap();
    stand::client(beside.path(), "valley");
    std::fs::rename(beside.path().join("valley"), stand.client("valley")).unwrap();
    let token = stand::token(&stand.client("valley"), service::access::role::Role::Owner);
    stand.until("the new client is served", || {
        stand.get(&token, "/api/v1/clients/valley/contacts").json()["contacts"]
            .as_array()
            .is_some_and(|all| all.len() == 3)
    });
}
