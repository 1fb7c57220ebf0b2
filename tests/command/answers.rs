//! What people are asked and answer, as they meet it: what keeps a letter, ratings, handoffs, many questions at once, words of their own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

use serde_json::Value;

use crate::support::{Desk, Ran};

const NOW: &str = "2026-11-20 10:00";

fn at(desk: &Desk, now: &str, verb: &[&str]) -> Ran {
    desk.run(&[verb, &["--now", now, "--seed", "1"]].concat())
}

fn inbox(desk: &Desk, client: &str, now: &str) -> Vec<Value> {
    at(desk, now, &["inbox", client, "--json"]).expect(0).json().as_array().unwrap().clone()
}

/// The number of the first question with these words.
#[track_caller]
fn asked(desk: &Desk, client: &str, now: &str, words: &str) -> String {
    let open = inbox(desk, client, now);
    let found = open.iter().find(|question| question["words"].as_str().unwrap().contains(words));
    found.unwrap_or_else(|| panic!("nobody asks `{words}`: {open:#?}"))["number"].to_string()
}

fn letters(desk: &Desk, client: &str) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(desk.path(&format!("{client}/outbox"))) else { return Vec::new() };
    folder.map(|letter| std::fs::read_to_string(letter.unwrap().path()).unwrap()).collect()
}

fn log(desk: &Desk, client: &str) -> Vec<Value> {
    let printed = at(desk, NOW, &["log", client, "--json"]).expect(0).stdout;
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// `tests/hillside` with other files in the place of its own, after its first run.
fn hillside(files: &[(&str, &str)]) -> Desk {
    let desk = Desk::with("tests/hillside");
    for (name, contents) in files {
        desk.file(&format!("hillside/{name}"), contents);
    }
    at(&desk, NOW, &["run", "hillside"]).expect(0);
    desk
}

#[test]
fn what_lacks_a_consent_goes_on_once_it_is_there() {
    let desk = hillside(&[("consents.csv", "E-mail,When,Channel,Basis,Proof\n")]);
    let draft = asked(&desk, "hillside", NOW, "approve or change");
    at(&desk, NOW, &["approve", "hillside", &draft, "--by", "owner"]).expect(0);
    let number = asked(&desk, "hillside", NOW, "cannot be sent: there is no consent for `email`");
    let page = at(&desk, NOW, &["inbox", "hillside", &number]).expect(0).stdout;
    assert!(page.contains("answers   reject\n"), "{page}");
    assert!(page.contains("playbook import hillside consents FILE"), "{page}");
    let entries = log(&desk, "hillside").len();
    for _ in 0..2 {
        let refused = at(&desk, NOW, &["approve", "hillside", &number, "--by", "owner"]).expect(1);
        assert!(
            refused.stderr.contains("cannot be approved while this is so: there is no consent"),
            "{}",
            refused.page()
        );
        assert!(refused.stderr.contains("playbook import hillside consents FILE"), "{}", refused.page());
    }
    assert_eq!(log(&desk, "hillside").len(), entries, "a refusal changes nothing");
    desk.file("hillside/late.csv", Desk::with("tests/hillside").read("hillside/consents.csv"));
    at(&desk, NOW, &["import", "hillside", "consents", "hillside/late.csv"]).expect(0);
    at(&desk, NOW, &["run", "hillside"]).expect(0);
    assert_eq!(letters(&desk, "hillside").len(), 1, "the approved one went out by itself");
    let gone = at(&desk, NOW, &["approve", "hillside", &number, "--by", "owner"]).expect(1);
    insta::assert_snapshot!(gone.stderr, @"
    error: question 29 went away on 20 Nov 2026, 10:00 (Pacific/Auckland): what kept it is gone
    help: `playbook inbox` shows those that are open
    ");
}

#[test]
fn what_lacks_an_address_goes_on_once_it_is_there() {
    let numbered =
        "source people from csv \"people.csv\" into Contact by external_id {\n  external_id from \"Number\"\n";
    let playbook = Desk::with("tests/hillside").read("hillside/hillside.playbook");
    let playbook = playbook
        .replace("source people from csv \"people.csv\" into Contact by email {\n", numbered)
        .replace("lookup Contact by email", "lookup Contact by external_id")
        .replace("contact  from \"E-mail\"", "contact  from \"Number\"");
    let desk = hillside(&[
        ("hillside.playbook", &playbook),
        ("people.csv", "Number,First,Last,E-mail,Phone,Country\n7,Ana,Quillfeather,,+64 2 5550 0001,NZ\n"),
        ("consents.csv", "Number,When,Channel,Basis,Proof\n7,2026-11-01 10:00,email,express,page 4\n"),
    ]);
    let draft = asked(&desk, "hillside", NOW, "approve or change");
    at(&desk, NOW, &["approve", "hillside", &draft, "--by", "owner"]).expect(0);
    let number = asked(&desk, "hillside", NOW, "the contact has no e-mail address");
    let refused = at(&desk, NOW, &["approve", "hillside", &number, "--by", "owner"]).expect(1);
    assert!(refused.stderr.contains("playbook import hillside people FILE"), "{}", refused.page());
    let people =
        desk.read("hillside/people.csv").replace("Quillfeather,,", "Quillfeather,ana@hillside-guests.example,");
    desk.file("hillside/people.csv", people);
    at(&desk, NOW, &["run", "hillside"]).expect(0);
    assert_eq!(letters(&desk, "hillside").len(), 1);
}

/// A mail server that knows nobody, and says so with the address.
fn refusing_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.write_all(b"220 mail.example\r\n").unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            for line in lines.map_while(Result::ok) {
                let answer = match line.get(..4).unwrap_or_default() {
                    "RCPT" => format!("550 5.1.1 {}: no such user\r\n", line.get(8..).unwrap_or_default()),
                    "QUIT" => "221 bye\r\n".to_owned(),
                    _ => "250 fine\r\n".to_owned(),
                };
                if stream.write_all(answer.as_bytes()).is_err() {
                    break;
                }
            }
        }
    });
    port
}

#[test]
fn what_a_port_refuses_is_asked_about_without_the_address_and_tried_again_once() {
    let ports = Desk::with("tests/hillside").read("hillside/ports.toml");
    let smtp = format!("[mail.smtp]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n", refusing_server());
    let desk = hillside(&[("ports.toml", &ports.replace("[mail.folder]\npath = \"outbox\"\n", &smtp))]);
    let draft = asked(&desk, "hillside", NOW, "approve or change");
    at(&desk, NOW, &["approve", "hillside", &draft, "--by", "owner"]).expect(0);
    let number = asked(&desk, "hillside", NOW, "this could not be sent");
    let page = at(&desk, NOW, &["inbox", "hillside", &number]).expect(0).stdout;
    assert!(page.contains("no such user"), "{page}");
    // A yes asks for the approval of the text anew, and that sends it once more.
    at(&desk, NOW, &["approve", "hillside", &number, "--by", "owner"]).expect(0);
    let again = asked(&desk, "hillside", NOW, "may this message go out?");
    at(&desk, NOW, &["approve", "hillside", &again, "--by", "owner"]).expect(0);
    let tries = log(&desk, "hillside").iter().filter(|entry| entry["entry"]["kind"] == "queued").count();
    assert_eq!(tries, 2);
    for entry in log(&desk, "hillside") {
        assert!(!entry["entry"].to_string().contains("ana@"), "the log keeps this for ever: {entry}");
    }
}

#[test]
fn a_rating_needs_a_value_and_is_kept_with_its_reason() {
    let desk = Desk::with("tests/riverbend");
    at(&desk, NOW, &["run", "riverbend"]).expect(0);
    let number = asked(&desk, "riverbend", NOW, "rate budget");
    insta::assert_snapshot!(at(&desk, NOW, &["inbox", "riverbend", &number]).expect(0).stdout, @"
    4  rate budget
      about     Dee Larchmont, dee@riverbend-guests.example
      stage     Talks.Discovery, run 2
      for       closer
      levels    5  names a sum
                3  names a range
                0  no money
      answers   rate, reject

    next
      playbook inbox riverbend 4                                   this question in full
      playbook approve riverbend 4 --value POINTS --why 'REASON'   say how much
      playbook reject riverbend 4 --why 'REASON'                   say no
    ");
    insta::assert_snapshot!(at(&desk, NOW, &["approve", "riverbend", &number]).expect(1).stderr, @"
    error: question 4 asks for a rating by `budget`: say how much, from 0 to 5
    help: playbook approve riverbend 4 --value POINTS --why 'REASON'
          5   names a sum
          3   names a range
          0   no money
    ");
    let outside = at(&desk, NOW, &["approve", "riverbend", &number, "--value", "7"]).expect(1);
    assert!(outside.stderr.contains("`7` is no rating by `budget`, which goes from 0 to 5"), "{}", outside.page());
    at(&desk, NOW, &["approve", "riverbend", &number, "--value", "many"]).expect(2);
    let rate = ["approve", "riverbend", &number, "--value", "4", "--why", "she said fifty thousand"];
    at(&desk, NOW, &rate).expect(0);
    let log = log(&desk, "riverbend");
    let rated = log.iter().find(|entry| entry["entry"]["kind"] == "rated").unwrap();
    assert_eq!(
        (&rated["entry"]["rubric"], &rated["entry"]["value"], &rated["entry"]["by"]),
        (&"budget".into(), &"4".into(), &"closer".into()),
        "{rated}"
    );
    let answer = log.iter().find(|entry| entry["number"] == rated["entry"]["answer"]).unwrap();
    assert_eq!(answer["sealed"], "she said fifty thousand");
    // Who is asked next sees it.
    let next = asked(&desk, "riverbend", NOW, "take over into Deals?");
    let page = at(&desk, NOW, &["inbox", "riverbend", &next]).expect(0).stdout;
    assert!(page.contains("rated     budget 4, by closer: between"), "{page}");
    at(&desk, NOW, &["replay", "riverbend"]).expect(0);
}

#[test]
fn a_person_who_takes_a_handoff_over_gets_one_deal() {
    let desk = Desk::with("tests/riverbend");
    at(&desk, NOW, &["run", "riverbend"]).expect(0);
    let number = asked(&desk, "riverbend", NOW, "rate budget");
    at(&desk, NOW, &["approve", "riverbend", &number, "--value", "5"]).expect(0);
    let number = asked(&desk, "riverbend", NOW, "take over into Deals?");
    at(&desk, NOW, &["approve", "riverbend", &number, "--by", "owner"]).expect(1);
    at(&desk, NOW, &["approve", "riverbend", &number, "--by", "closer"]).expect(0);
    at(&desk, NOW, &["approve", "riverbend", &number, "--by", "closer"]).expect(1);
    at(&desk, NOW, &["run", "riverbend"]).expect(0);
    let database = rusqlite::Connection::open(desk.path("riverbend/crm.db")).unwrap();
    let deals: i64 = database.query_row("SELECT count(*) FROM deal", [], |row| row.get(0)).unwrap();
    assert_eq!(deals, 1);
    let status = at(&desk, NOW, &["status", "riverbend", "--json"]).expect(0).json();
    let live = |name: &str| {
        let workflows = status["workflows"].as_array().unwrap();
        let workflow = workflows.iter().find(|workflow| workflow["name"] == name).unwrap();
        workflow["stages"].as_array().unwrap().iter().map(|stage| stage["runs"].as_i64().unwrap()).sum::<i64>()
    };
    assert_eq!((live("Talks"), live("Deals")), (0, 1), "{status}");
    assert!(inbox(&desk, "riverbend", NOW).is_empty(), "nobody is asked again");
}

#[test]
fn a_handoff_that_came_too_late_makes_its_deal_as_well() {
    let desk = Desk::with("tests/riverbend");
    at(&desk, NOW, &["run", "riverbend"]).expect(0);
    let number = asked(&desk, "riverbend", NOW, "rate budget");
    at(&desk, NOW, &["approve", "riverbend", &number, "--value", "5"]).expect(0);
    let later = "2026-12-02 10:00";
    at(&desk, later, &["run", "riverbend"]).expect(0);
    let number = asked(&desk, "riverbend", later, "nobody took the handoff to Deals in time");
    at(&desk, later, &["approve", "riverbend", &number, "--by", "owner"]).expect(0);
    let status = at(&desk, later, &["status", "riverbend", "--json"]).expect(0).json();
    assert!(status.to_string().contains(r#"{"stage":"Open","runs":1}"#), "{status}");
}

/// Three people of whom nobody knows where they live: each could still be near enough.
const UNKNOWN: &str = "First,Last,E-mail,Phone,Country
Ana,Quillfeather,ana@hillside-guests.example,+64 2 5550 0001,
Bo,Marlowick,bo@hillside-guests.example,+64 2 5550 0002,
Cy,Ferndale,cy@hillside-guests.example,+61 2 5550 0003,
";

#[test]
fn the_same_question_about_many_is_one_line_and_one_answer_each() {
    let desk = hillside(&[("people.csv", UNKNOWN)]);
    insta::assert_snapshot!(at(&desk, NOW, &["inbox", "hillside"]).expect(0).stdout, @r#"
    3 open questions

       6  Ana Quillfeather, ana@hillside-guests.example: go on to Left? (Left when fit is cold because
          "too far away")
          Welcome.Rating
          the same of 2 others: 11 and 16

    next
      playbook inbox hillside 6                              this question in full
      playbook approve hillside 6 --by owner                 say yes
      playbook reject hillside 6 --by owner --why 'REASON'   say no
      playbook approve hillside --all-like 6 --by owner      say yes to all that ask the same
    "#);
    let numbers: Vec<String> =
        inbox(&desk, "hillside", NOW).iter().map(|question| question["number"].to_string()).collect();
    let [first, second, third] = numbers.as_slice() else { panic!("{numbers:?}") };
    let two = ["approve", "hillside", first, second, "9999", "--by", "owner"];
    let answered = at(&desk, NOW, &two).expect(1);
    assert!(answered.stdout.contains(&format!("{first} and {second} approved by owner")), "{}", answered.page());
    assert!(answered.stdout.contains("9999 is not: there is no open question 9999"), "{}", answered.page());
    let json =
        at(&desk, NOW, &["reject", "hillside", "--all-like", third, "--by", "helper", "--json"]).expect(0).json();
    assert_eq!(json["question"].to_string(), *third, "{json}");
    let settled: Vec<String> = log(&desk, "hillside")
        .iter()
        .filter(|entry| entry["entry"]["kind"] == "settled")
        .map(|entry| format!("{} {} {}", entry["entry"]["question"], entry["entry"]["how"], entry["entry"]["by"]))
        .collect();
    let each = |number: &String, how: &str, by: &str| format!("{number} \"{how}\" \"{by}\"");
    assert_eq!(
        settled,
        [each(first, "approved", "owner"), each(second, "approved", "owner"), each(third, "rejected", "helper")]
    );
}

#[test]
fn all_that_ask_the_same_are_answered_at_once() {
    let desk = hillside(&[("people.csv", UNKNOWN)]);
    let first = inbox(&desk, "hillside", NOW)[0]["number"].to_string();
    let json =
        at(&desk, NOW, &["approve", "hillside", "--all-like", &first, "--by", "owner", "--json"]).expect(0).json();
    assert_eq!(json["questions"].as_array().unwrap().len(), 3, "{json}");
    assert_eq!((&json["refused"], &json["open"]), (&serde_json::json!([]), &0.into()), "{json}");
}

#[test]
fn texts_are_approved_one_by_one() {
    let desk = hillside(&[]);
    let draft = asked(&desk, "hillside", NOW, "approve or change");
    let refused = at(&desk, NOW, &["approve", "hillside", "--all-like", &draft, "--by", "owner"]).expect(2);
    assert!(refused.stderr.contains("is to be looked at by itself"), "{}", refused.page());
    at(&desk, NOW, &["change", "hillside", &draft, "99", "--by", "owner", "--body", "x"]).expect(2);
    assert!(letters(&desk, "hillside").is_empty());
}

#[test]
fn a_placeholder_in_a_persons_words_is_refused_with_what_stands_there() {
    let desk = hillside(&[]);
    let draft = asked(&desk, "hillside", NOW, "approve or change");
    let change = |body: &str| at(&desk, NOW, &["change", "hillside", &draft, "--by", "owner", "--body", body]);
    insta::assert_snapshot!(change("Hi {contact.first_name else \"there\"}!").expect(2).stderr, @r#"
    error: the text has `{contact.first_name else "there"}`, and a person's own words go out as they
           stand
    help: write `Ana`, which stands there in a template
    help: a brace that is meant as one is written \{
    "#);
    let sender = change("Bye, {sender.name}").expect(2);
    assert!(sender.stderr.contains("write `Hillside Orchard`"), "{}", sender.page());
    let unknown = change("In {contact.city}").expect(2);
    assert!(unknown.stderr.contains("nothing is known of it"), "{}", unknown.page());
    assert!(letters(&desk, "hillside").is_empty());
    change("As written: \\{contact.first_name}").expect(0);
    assert!(letters(&desk, "hillside")[0].contains("As written: {contact.first_name}"));
}

#[test]
fn a_letter_is_signed_with_the_senders_name() {
    let ports = Desk::with("tests/hillside").read("hillside/ports.toml");
    let desk =
        hillside(&[("ports.toml", &ports.replace("Hillside Orchard\"\n", "Wil Appleby\"\nfirst_name = \"Wil\"\n"))]);
    let draft = inbox(&desk, "hillside", NOW)[0]["message"]["body"].as_str().unwrap().to_owned();
    assert!(draft.ends_with("\n\nWil Appleby"), "{draft}");
}

#[test]
fn a_question_that_expired_says_when() {
    let desk = hillside(&[]);
    let draft = asked(&desk, "hillside", NOW, "approve or change");
    let late = "2026-11-25 10:00";
    let expired = at(&desk, late, &["approve", "hillside", &draft, "--by", "owner"]).expect(1);
    insta::assert_snapshot!(expired.stderr, @"
    error: question 22 expired on 24 Nov 2026, 10:00 (Pacific/Auckland): it is too late to answer it
    help: `playbook inbox` shows those that are open
    ");
    // It is on the log: a clock that is set back makes no answer of it.
    at(&desk, NOW, &["approve", "hillside", &draft, "--by", "owner"]).expect(1);
    assert!(letters(&desk, "hillside").is_empty());
    let settled = at(&desk, late, &["inbox", "hillside", &draft]).expect(1);
    insta::assert_snapshot!(settled.stderr, @"
    error: question 22 expired on 25 Nov 2026, 10:00 (Pacific/Auckland): nobody had answered it in time
    help: `playbook inbox` shows those that are open
    ");
}

#[test]
fn a_role_that_nobody_has_is_no_filter() {
    let desk = hillside(&[]);
    let unknown = at(&desk, NOW, &["inbox", "hillside", "--whom", "janitor"]).expect(2);
    insta::assert_snapshot!(unknown.stderr, @"
    error: `janitor` is none of the client's people
          --by owner   Owner
          --by helper   Helper
    ");
    let slip = at(&desk, NOW, &["inbox", "hillside", "--whom", "onwer"]).expect(2);
    assert!(slip.stderr.contains("did you mean `owner`?"), "{}", slip.page());
    at(&desk, NOW, &["inbox", "hillside", "--whom", "helper"]).expect(0);
}

/// A second workflow that writes to the same people on the same day.
const SECOND: &str = "
template again {
  subject \"Again\"
  body \"One more word.\"
}

workflow Reminder for Contact by LeadGen {
  status documented

  start on contact.created

  stage Writing {
    do write again via email
    ask human to approve or change message within 9 business days, remind every 3 business days
    next Sending on approved
    next Left    on rejected or expired
  }

  stage Sending {
    do send message
    next Invited after 20 days
  }

  end Invited as invited
  end Left as left
}
";

#[test]
fn of_two_letters_to_one_contact_in_a_day_the_second_waits() {
    let playbook = Desk::with("tests/hillside").read("hillside/hillside.playbook");
    let capped = playbook
        .replace("  quiet        outside", "  at most      1 send per contact per 1 day\n  quiet        outside");
    assert_ne!(playbook, capped);
    let desk = hillside(&[
        ("hillside.playbook", &format!("{capped}{SECOND}")),
        ("people.csv", "First,Last,E-mail,Phone,Country\nAna,Quillfeather,ana@hillside-guests.example,,NZ\n"),
    ]);
    let open = inbox(&desk, "hillside", NOW);
    let stages: Vec<&str> = open.iter().map(|question| question["stage"].as_str().unwrap()).collect();
    assert_eq!(stages, ["Welcome.Writing", "Reminder.Writing"], "both want to write to her");
    let approve = |question: &Value| {
        at(&desk, NOW, &["approve", "hillside", &question["number"].to_string(), "--by", "owner"]).expect(0).stdout
    };
    let (first, second) = (approve(&open[0]), approve(&open[1]));
    assert!(first.contains("1 message was sent"), "{first}");
    assert!(second.contains("it waits until 23 Nov 2026, 09:00"), "{second}");
    assert_eq!(letters(&desk, "hillside").len(), 1);
    at(&desk, NOW, &["run", "hillside", "--until", "2026-11-23 08:59"]).expect(0);
    assert_eq!(letters(&desk, "hillside").len(), 1);
    at(&desk, "2026-11-23 08:59", &["run", "hillside", "--until", "2026-11-23 10:00"]).expect(0);
    assert_eq!(letters(&desk, "hillside").len(), 2);
}
