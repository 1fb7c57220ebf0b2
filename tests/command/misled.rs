//! Figures that would mislead a founder, one after the other: each is left out, or says what is the matter with it.

use std::fmt::Write as _;

use serde_json::Value;

use crate::support::{Desk, NOW, Ran};

/// All that was printed, with single blanks.
fn words(ran: &Ran) -> String {
    format!("{} {}", ran.stdout, ran.stderr).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(ran: &Ran, said: &str) {
    assert!(words(ran).contains(said), "{said}\n{}", ran.page());
}

const FIT: &str = r#"client "Fit" {
  currency  NZD
  timezone  "Pacific/Auckland"
}

use std.crm

extend Contact {
  came_by:   text?
  visits:    number?
  tag:       text?
  joined:    date?
  converted: yes/no?
}

source people from csv "people.csv" into Contact by external_id {
  external_id  from "Number"
  first_name   from "Name"
  came_by      from "Came by"
  visits       from "Visits"
  tag          from "Tag"
  joined       from "Joined"
  converted    from "Converted"
}

score fit for Contact {
  +20 when came_by is "web" because "found us"
  +10 when visits >= 3      because "came back"
  route {
    hot  when fit >= 15
    cold otherwise
  }
  learn {
    good when converted is yes
    bad  when converted is no
  }
}

backtest "fit tells who converts" {
  of     fit
  expect auc at least 0.55
}
"#;

/// So many people, of whom those from fairs convert; the tag is written once that is known.
fn people(count: u32) -> String {
    let mut rows = "Number,Name,Came by,Visits,Tag,Joined,Converted\n".to_owned();
    let mut state = 9_u32;
    for number in 0..count {
        let mut draw = |of: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % of
        };
        let came_by = ["fair", "web", "post"][draw(3) as usize];
        let visits = draw(6);
        let converted = draw(10) < if came_by == "fair" { 7 } else { 2 };
        let tag = if converted { "will pay" } else { "asked" };
        let (month, day) = (1 + number / 28 % 12, 1 + number % 28);
        let year = 2025 + number / 336;
        let converted = if converted { "yes" } else { "no" };
        let name = format!("Person{number}");
        writeln!(rows, "{number},{name},{came_by},{visits},{tag},{year}-{month:02}-{day:02},{converted}").unwrap();
    }
    rows
}

fn fit(count: u32) -> Desk {
    let desk = Desk::new();
    desk.file("fit/fit.playbook", FIT).file("fit/people.csv", people(count));
    desk.run(&["import", "fit", "--now", NOW]).expect(0);
    desk
}

#[test]
fn what_a_card_was_learned_from_neither_judges_it_nor_teaches_it_again() {
    let desk = fit(300);
    let before = desk.run(&["backtest", "fit", "--json", "--now", NOW]).json();
    assert!(before["own"]["auc"]["value"].is_f64() && before["learned_from"].is_null());
    let learned = desk.run(&["learn", "fit", "--write", "--without", "tag", "--now", NOW]).expect(0);
    says(&learned, "backtest judges it by what is decided from now on");
    let text = desk.read("fit/fit.playbook");
    assert!(text.contains("    learned from 300 decisions until 2026-11-20\n  }\n"), "{text}");
    desk.run(&["fmt", "--check", "fit/fit.playbook"]).expect(0);
    desk.run(&["check", "fit"]).expect(0);

    let judged = desk.run(&["backtest", "fit", "--now", NOW]).expect(1);
    says(&judged, "the card was learned from 300 decisions until 20 Nov 2026, which cannot judge it");
    says(&judged, "undefined, because nothing was decided since the card was learned");
    assert!(!judged.stdout.contains("figures"), "{}", judged.page());
    let again = desk.run(&["learn", "fit", "--write", "--without", "tag", "--now", NOW]).expect(0);
    says(&again, "nothing was decided since the card was learned");
    assert_eq!(desk.read("fit/fit.playbook"), text, "the same outcomes teach once");

    // What comes later judges it, and nothing else does.
    desk.file("fit/people.csv", people(420));
    desk.run(&["import", "fit", "--now", "2027-06-01"]).expect(0);
    let later = desk.run(&["backtest", "fit", "--json", "--without", "tag", "--now", "2027-06-01"]).json();
    assert_eq!((later["fresh"].as_u64(), later["decided"]["of"].as_u64()), (Some(120), Some(420)));
    assert_eq!(later["taught"].as_u64().unwrap() + later["judged"].as_u64().unwrap(), 120);
    assert!(later["own"]["auc"]["value"].is_f64(), "{}", later["own"]);
    desk.run(&["learn", "fit", "--write", "--without", "tag", "--now", "2027-06-01"]).expect(0);
}

#[test]
fn where_time_is_known_outcomes_that_came_later_judge_and_are_asked_for_again_with_all_flags() {
    let desk = fit(300);
    let asked = ["learn", "fit", "--time", "joined", "--without", "tag", "--now", NOW];
    let shown = desk.run(&asked).expect(0);
    says(&shown, "playbook learn fit --time joined --without tag --now 2026-11-20T09:00:00+13:00 --write");
    assert!(shown.stdout.contains("Person"), "who moves is called by name: {}", shown.page());
    desk.run(&[&asked[..], &["--write"]].concat()).expect(0);
    desk.file("fit/people.csv", people(700));
    desk.run(&["import", "fit", "--now", "2027-06-01"]).expect(0);
    let ran = desk.run(&["backtest", "fit", "--json", "--time", "joined", "--without", "tag", "--now", "2027-06-01"]);
    let report = ran.json();
    // Those who joined after 20 November 2026.
    let after =
        people(700).lines().filter(|line| line.split(',').nth(5).is_some_and(|day| day > "2026-11-20")).count() - 1;
    assert_eq!(report["fresh"].as_u64(), Some(after as u64), "{}", report["learned_from"]);
}

#[test]
fn a_rule_that_reads_what_leaks_is_not_learned_and_the_page_says_so() {
    let desk = fit(300);
    let text = FIT.replace("+20 when came_by is \"web\" because", "+20 when tag is \"will pay\" because");
    desk.file("fit/fit.playbook", text);
    let refused = desk.run(&["learn", "fit", "--write", "--now", NOW]).expect(1);
    says(&refused, "`tag is \"will pay\"` reads `tag`, which seems to say the outcome");
    assert!(!desk.read("fit/fit.playbook").contains("learned from"));
    for verb in ["learn", "backtest"] {
        desk.run(&[verb, "fit", "--now", NOW, "--report", "page.html"]).expect(0);
        let page = desk.read("page.html").replace("&quot;", "\"").replace("&#34;", "\"");
        assert!(page.contains("reads `tag`, which seems to say the outcome: what is learned of it"), "{verb}: {page}");
    }
    desk.run(&["learn", "fit", "--write", "--with-leaks", "--now", NOW]).expect(0);
}

#[test]
fn where_nothing_is_decided_nothing_is_figured() {
    let desk = Desk::new();
    let open: String =
        people(40).lines().map(|line| format!("{}\n", line.replace(",yes", ",").replace(",no", ","))).collect();
    desk.file("fit/fit.playbook", FIT).file("fit/people.csv", open);
    desk.run(&["import", "fit", "--now", NOW]).expect(0);
    let ran = desk.run(&["backtest", "fit", "--now", NOW]).expect(1);
    assert_eq!(ran.stdout.matches("undefined").count(), 1, "only what was expected is: {}", ran.page());
    says(&ran, "nothing is decided yet");
    // One outcome alone: some figures are undefined, and each reason is said once, below, and not cut.
    desk.file("fit/people.csv", people(40).replace(",yes", ",no"));
    desk.run(&["import", "fit", "--now", NOW]).expect(0);
    let ran = desk.run(&["backtest", "fit", "--now", NOW]).expect(1);
    says(&ran, "undefined of the card, because all came out the same: AUC, r, calibration error");
    assert!(!ran.stdout.contains('…'), "{}", ran.page());
}

#[test]
fn no_value_is_varied_that_a_check_would_refuse() {
    let desk = Desk::with("playbooks/stackmates");
    for (vary, why) in [
        ("firmographic.weight=50", "the score keeps each weight from 10% to 40%"),
        ("firmographic.weight=100", "a weight lies above 0% and below 100%"),
        ("human.approves=150", "nothing is done more than 100% of the time"),
        ("warm=101", "`warm` needs `icp` to be at least 101, and the best possible is 100"),
    ] {
        let ran = desk.run(&["simulate", "stackmates", "--seeds", "2", "--vary", vary, "--now", NOW]).expect(2);
        says(&ran, why);
        assert!(ran.stdout.is_empty(), "nothing is played before: {}", ran.page());
    }
    // Where another line takes all whom it would hold for, as where thresholds cross.
    let desk = Desk::with("playbooks/sneakers");
    let ran =
        desk.run(&["simulate", "sneakers", "--seeds", "2", "--vary", "warm=70..80 step 10", "--now", NOW]).expect(2);
    says(&ran, "`check` would not let `warm = 70` pass: this line to `warm` is never reached");
}

#[test]
fn weights_that_are_varied_still_add_up() {
    let desk = Desk::with("playbooks/stackmates");
    let vary = "firmographic.weight=25..25";
    desk.run(&["simulate", "stackmates", "--seeds", "2", "--vary", vary, "--now", NOW]).expect(0);
    let ran = desk.run(&["simulate", "stackmates", "--seeds", "2", "--vary", vary, "--now", NOW, "--json"]).json();
    let buyers = ran["others"][0]["buyers"][0].as_str().unwrap();
    assert!(buyers.contains("buyers go by `icp`, which is another score there"), "{buyers}");
}

/// What is said of a goal.
fn goal<'v>(report: &'v Value, title: &str) -> &'v Value {
    report["goals"].as_array().unwrap().iter().find(|goal| goal["title"] == title).unwrap()
}

#[test]
fn what_a_scenario_cannot_measure_is_neither_reached_nor_missed() {
    let desk = Desk::with("playbooks/stackmates");
    let play = |more: &[&str]| {
        let all = [&["simulate", "stackmates", "--seeds", "3", "--now", NOW, "--json"], more].concat();
        desk.run(&all).expect(0).json()
    };
    let report = play(&[]);
    for (title, why) in [
        ("hot ones meet us", "no line of the scenario brings `meeting.accepted`"),
        ("pipeline value", "nobody says what a deal is worth: --worth does"),
        ("process maturity", "a scenario shows no maturity"),
    ] {
        let goal = goal(&report, title);
        assert!(goal["unmeasured"].as_str().is_some_and(|said| said.contains(why)), "{goal}");
        assert!(goal["figure"].is_null() && goal["reached"]["of"] == 0, "{goal}");
    }
    assert!(goal(&report, "scored prospects")["unmeasured"].is_null());
    assert!(goal(&play(&["--worth", "5000..40000"]), "pipeline value")["unmeasured"].is_null());

    // What is expected of it does not come out, whichever way it is asked.
    let text = desk.read("stackmates/workflows.playbook");
    let asks = "  expect O3 in at most 20% of seeds\n  buyer attends discovery";
    desk.file("stackmates/workflows.playbook", text.replace("  buyer attends discovery", asks));
    let ran = desk.run(&["simulate", "stackmates", "--seeds", "3", "--now", NOW]).expect(1);
    says(&ran, "✗ expect O3 in at most 20% of seeds: not measured: nobody says what a deal is worth");
    assert!(!ran.stdout.contains("best arm for everybody"), "{}", ran.page());
}

#[test]
fn what_costs_nothing_has_no_cost_for_each() {
    let desk = Desk::with("playbooks/sneakers");
    let report = desk.run(&["simulate", "sneakers", "--seeds", "3", "--now", NOW, "--json"]).expect(0).json();
    let goal = goal(&report, "cost per qualified lead");
    let cost = report["totals"].as_array().unwrap().iter().find(|total| total["name"] == "cost").unwrap();
    if cost["spread"]["mean"] == 0.0 {
        assert!(goal["unmeasured"].as_str().unwrap().contains("costs anything"), "{goal}");
    } else {
        assert!(goal["unmeasured"].is_null(), "{goal}");
    }
}

/// A client whose people looked at a page just before they came in.
const VIEWS: &str = r#"client "Views" {
  currency  NZD
  timezone  "Pacific/Auckland"
  people    owner "Owner"
}

use std.crm
use std.actions

source people from csv "people.csv" into Contact by email {
  email       from "Email"
  first_name  from "Name"
}

source views from csv "views.csv" into page.viewed {
  reports  page.viewed since 2026-01-01
  contact  from "Email" lookup Contact by email
  at       from "At"
  path     from "Path"
}

agent Care { }

permissions {
  |         | Care |
  | Contact | read |
}

workflow Look for Contact by Care {
  start on contact.created
  stage Waiting {
    next Seen on page.viewed
    next Quiet after 5 days
  }
  end Seen as seen
  end Quiet as quiet
}

goal V "pages are looked at" at least 1 per week of page.viewed

scenario "quiet weeks" {
  leads 10 per week from "people.csv" for 3 weeks
  buyer page.viewed 0% within 1 hour
}
"#;

#[test]
fn what_buyers_did_before_they_came_in_counts_for_no_goal() {
    let desk = Desk::new();
    let (mut people, mut views) = ("Email,Name\n".to_owned(), "Email,At,Path\n".to_owned());
    for number in 0..12 {
        writeln!(people, "p{number}@views.example,Person{number}").unwrap();
        writeln!(views, "p{number}@views.example,2026-11-19 1{}:00,/price", number % 10).unwrap();
    }
    desk.file("views/views.playbook", VIEWS).file("views/people.csv", people).file("views/views.csv", views);
    desk.run(&["check", "views"]).expect(0);
    let play = ["simulate", "views", "--seeds", "4", "--now", NOW, "--json"];
    let report = desk.run(&play).expect(0).json();
    let goal = goal(&report, "pages are looked at");
    assert_eq!((&goal["figure"]["mean"], &goal["reached"]["hits"]), (&0.0.into(), &0.into()), "{goal}");

    let seen = report["places"].as_array().unwrap().iter().any(|place| place["place"] == "Look: seen");
    assert!(!seen, "what was before opens no way: {}", report["places"]);

    // A file that is not there is named: what it would say is not known.
    std::fs::remove_file(desk.path("views/views.csv")).unwrap();
    let missing = desk.run(&play).expect(0).json();
    assert_eq!(missing["missing"], serde_json::json!(["views/views.csv"]));
    says(
        &desk.run(&play[..play.len() - 1]).expect(0),
        "nothing of what they say of leads is known here: views/views.csv",
    );

    // Another playbook whose buyers do otherwise is not compared in silence.
    for (file, text) in
        [("people.csv", desk.read("views/people.csv")), ("views.playbook", VIEWS.replace("0% within", "50% within"))]
    {
        desk.file(&format!("other/{file}"), text);
    }
    let ran = desk.run(&["simulate", "views", "--seeds", "4", "--now", NOW, "--against", "other"]).expect(0);
    says(&ran, "`other` does not meet the same buyers, and what differs is not the playbook's alone");
    says(&ran, "its scenario says buyer page.viewed 50% within 1 hour (was buyer page.viewed 0% within 1 hour)");

    // Of one seed no page says how sure a mean is.
    desk.run(&["simulate", "views", "--seeds", "1", "--now", NOW, "--report", "page.html"]).expect(0);
    assert!(desk.read("page.html").contains("one seed does not say"));
}

#[test]
fn of_a_few_times_no_habit_is_read() {
    let desk = Desk::with("playbooks/stackmates");
    desk.run(&["import", "stackmates", "--now", NOW]).expect(0);
    let habits = desk.run(&["simulate", "stackmates", "--fit", "--now", NOW, "--json"]).expect(0).json();
    for habit in habits["habits"].as_array().unwrap() {
        let of = habit["share"]["of"].as_u64().unwrap();
        assert_eq!(habit["clause"].is_null(), of < 20, "{habit}");
    }
}

#[test]
fn a_forecast_knows_no_more_than_was_known_and_says_no_sums_of_nothing() {
    let desk = Desk::with("examples/forecast");
    desk.run(&["import", "forecast", "--now", NOW]).expect(0);
    let foretold = |more: &[&str]| {
        let ran = desk.run(&[&["forecast", "forecast", "--json"], more].concat()).expect(0);
        ran.json()["forecasts"][0].clone()
    };
    let today = foretold(&["--now", NOW]);
    assert_eq!(today["decided"]["of"], 140);
    assert!(today["open"][0]["chance"].is_f64() && today["too_little"].is_null());
    let earlier = foretold(&["--now", "2026-06-01"]);
    let of = earlier["decided"]["of"].as_u64().unwrap();
    assert!((50..120).contains(&of), "{of}");
    let remark = earlier["remarks"][0].as_str().unwrap();
    assert!(remark.contains("closed since") && remark.contains("is not what they said then"), "{remark}");
    let open = earlier["open"].as_array().unwrap();
    assert!(open.len() > 5 && open.iter().all(|one| one["facts"][0][1] == "unknown"), "{open:?}");
    let made = |number: i64| today["open"].as_array().unwrap().iter().any(|one| one["id"] == number);
    assert!(open.iter().all(|one| !made(one["id"].as_i64().unwrap())), "what is open today was made later");
    // In the first weeks hardly anything was decided: no chances and no money.
    let beginning = foretold(&["--now", "2025-12-01"]);
    assert!(
        beginning["too_little"].as_str().unwrap().contains("nothing is foretold")
            || beginning["too_little"].as_str().unwrap().contains("too few")
    );
    assert!(beginning["months"].as_array().unwrap().is_empty() && beginning["open"][0]["chance"].is_null());

    let ran = desk.run(&["forecast", "forecast", "--now", NOW]).expect(0);
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 100), "a pipe is a hundred wide: {}", ran.stdout);

    // Other events than those of a deal's status are learned from where they are named.
    let text = desk
        .read("forecast/forecast.playbook")
        .replace("learn from deal.won, deal.lost", "learn from proposal.sent, meeting.missed");
    desk.file("forecast/forecast.playbook", text);
    assert_eq!(foretold(&["--now", NOW])["decided"]["of"], 0, "no deal says that a proposal was sent");
}
