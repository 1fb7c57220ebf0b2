//! Sneakers Media's samples: people at home, most of them cold in both senses.

use super::calendar::before_now;
use super::csv::table;
use super::names::{Names, phone};
use super::random::Random;

/// A row of a file, with the day that it is of.
type Dated = (i64, [String; 5]);

const DAY: i64 = 24 * 60;
const PEOPLE: i64 = 80;

struct Lead {
    email: String,
    /// How likely each sign of interest is, in percent.
    interest: i64,
}

pub(super) fn files() -> Vec<(String, String)> {
    let mut random = Random(19_840_229);
    let mut names = Names::new();
    let (leads, rows): (Vec<_>, Vec<_>) = (0..PEOPLE).map(|index| lead(index, &mut names, &mut random)).unzip();
    let mut visits = leads.iter().flat_map(|lead| visits(lead, &mut random)).collect::<Vec<_>>();
    visits.sort();
    let visits = visits.into_iter().map(|(_, row)| row);
    let header = [
        "Email",
        "First Name",
        "Last Name",
        "Phone",
        "Town",
        "May we write?",
        "Do you own the home?",
        "Year built",
        "What have you noticed?",
    ];
    let consents = consents(&leads, &rows);
    let mut files = vec![
        ("playbooks/sneakers/sample/leads.csv".to_owned(), table(header, rows)),
        ("playbooks/sneakers/sample/visits.csv".to_owned(), table(VISITS, visits)),
        ("playbooks/sneakers/sample/consents.csv".to_owned(), consents),
    ];
    files.extend(later(&leads));
    files
}

/// The columns of what the website, the quiz and the assessors saw.
const VISITS: [&str; 5] = ["Email", "Time", "Event", "Path", "Quiz result"];

/// Whoever ticked the box agreed, and the form is the proof.
fn consents(leads: &[Lead], rows: &[[String; 9]]) -> String {
    let mut random = Random(20_070_905);
    let mut consents = Vec::new();
    for (lead, [.., may, _, _, _]) in leads.iter().zip(rows) {
        let at = random.between(2 * DAY, 90 * DAY);
        let entry = random.between(1_000, 9_999);
        if matches!(may.as_str(), "yes" | "Y") {
            let time = before_now(at).day_first();
            let proof = format!("campaign form, entry {entry}");
            consents.push((-at, [lead.email.clone(), time, "email".to_owned(), "express".to_owned(), proof]));
        }
    }
    consents.sort();
    table(["Email", "Time", "Channel", "Basis", "Form"], consents.into_iter().map(|(_, row)| row))
}

/// What happens in the four weeks behind the samples' present: each file is one day's import.
fn later(leads: &[Lead]) -> Vec<(String, String)> {
    let mut random = Random(20_261_216);
    let mut parts: [(&str, Vec<Dated>); 3] =
        [("1-bookings", Vec::new()), ("2-visits", Vec::new()), ("3-quotes", Vec::new())];
    for lead in leads {
        let [(_, bookings), (_, visits), (_, quotes)] = &mut parts;
        let row = |minutes: i64, event: &str| {
            let time = before_now(-minutes).day_first();
            (minutes, [lead.email.clone(), time, event.to_owned(), String::new(), String::new()])
        };
        let at = random.between(3 * DAY, 5 * DAY + 8 * 60);
        if random.chance(lead.interest / 4) {
            bookings.push(row(at, "answer"));
        }
        let books = match lead.interest {
            90 => 85,
            60 => 60,
            35 => 25,
            _ => 4,
        };
        if !random.chance(books) {
            continue;
        }
        bookings.push(row(at + 60, "booking"));
        if random.chance(85) {
            visits.push(row(random.between(7 * DAY, 10 * DAY), "visit"));
            if random.chance(60) {
                quotes.push(row(random.between(20 * DAY, 24 * DAY), "quote accepted"));
            }
        }
    }
    let text = |mut rows: Vec<(i64, [String; 5])>| {
        rows.sort();
        table(VISITS, rows.into_iter().map(|(_, row)| row))
    };
    parts.into_iter().map(|(name, rows)| (format!("playbooks/sneakers/sample/later/{name}.csv"), text(rows))).collect()
}

fn lead(index: i64, names: &mut Names, random: &mut Random) -> (Lead, [String; 9]) {
    let (first, last) = names.next(random);
    let interest = match index % 8 {
        0 => 90,
        1 | 2 => 60,
        3..=5 => 35,
        _ => 8,
    };
    let email = format!("{}.{}@home{}.example", first.to_lowercase(), last.to_lowercase(), random.between(1, 4));
    // Some people type their address in capitals; it is the same address.
    let typed = if random.chance(8) { email.to_uppercase() } else { email.clone() };
    let owns = if random.chance(20) {
        random.pick(&["", "n/a"])
    } else if random.chance(55 + interest / 3) {
        random.pick(&["yes", "Yes", "owner", "with partner"])
    } else {
        random.pick(&["no", "renting"])
    };
    let built = if random.chance(60) {
        random.between(1905, 2019).to_string()
    } else {
        random.pick(&["", "don't know"]).to_owned()
    };
    let row = [
        typed,
        first.to_owned(),
        if random.chance(85) { last.to_owned() } else { String::new() },
        if random.chance(50) { phone(random) } else { String::new() },
        random.pick(&["Invercargill", "Dunedin", "Hamilton", "Rotorua", "Nelson", "Upper Hutt"]).to_owned(),
        random.pick(&["yes", "yes", "Y", "no", ""]).to_owned(),
        owns.to_owned(),
        built,
        noticed(interest, random),
    ];
    (Lead { email, interest }, row)
}

fn noticed(interest: i64, random: &mut Random) -> String {
    const SYMPTOMS: [&str; 4] = ["Condensation", "mould", "Damp", "cold"];
    if random.chance(20) {
        return "Select".to_owned();
    }
    if !random.chance(40 + interest / 2) {
        return "nothing".to_owned();
    }
    let (one, other) = (random.pick(&SYMPTOMS), random.pick(&SYMPTOMS));
    if one == other || random.chance(50) { one.to_owned() } else { format!("{one}; {other}") }
}

/// What one lead did, with minus the minutes before the present, for the order: e-mail, time, event, path, quiz result.
fn visits(lead: &Lead, random: &mut Random) -> Vec<(i64, [String; 5])> {
    let mut rows = Vec::new();
    let mut add = |minutes: i64, event: &str, path: &str, result: &str| {
        let time = before_now(minutes).day_first();
        rows.push((-minutes, [lead.email.clone(), time, event.to_owned(), path.to_owned(), result.to_owned()]));
    };
    for _ in 0..6 {
        if random.chance(lead.interest) {
            let path = random.pick(&["/hrv/how-it-works", "/hrv/prices", "/hrv/mould", "/hrv", "/heat-pumps"]);
            add(random.between(60, 9 * DAY), "view", path, "");
        }
    }
    if random.chance(20) {
        add(random.between(12 * DAY, 60 * DAY), "view", "/", "");
    }
    if random.chance(lead.interest) {
        add(random.between(60, 16 * DAY), "quiz", "", random.pick(&["dry", "damp", "wet", "Damp"]));
    }
    if random.chance(lead.interest / 6) {
        add(random.between(60, 40 * DAY), "booking", "", "");
    }
    rows
}
