//! What happens in the four weeks behind the samples' present, file by file: answers, booked meetings, talks, decisions. Each file is
//! one day's import, so that a run comes to it before it happens.

use super::{DAY, EVENTS, Person, Temper};
use crate::sample::calendar::before_now;
use crate::sample::csv::table;
use crate::sample::random::Random;

type Rows = Vec<[String; 6]>;

pub(super) fn files(people: &[Person]) -> Vec<(String, String)> {
    let mut random = Random(20_261_216);
    let mut parts: [(&str, Rows); 4] =
        [("1-replies", Rows::new()), ("2-booked", Rows::new()), ("3-held", Rows::new()), ("4-decided", Rows::new())];
    for person in people {
        let [(_, replies), (_, booked), (_, held), (_, decided)] = &mut parts;
        let (answers, books) = likely(person.temper);
        if !random.chance(answers) {
            continue;
        }
        let hours = random.between(1, 60).to_string();
        let words = random.between(6, 140).to_string();
        replies.push(row(person, random.between(3 * DAY, 5 * DAY + 8 * 60), "reply", (hours, words)));
        if !random.chance(books) {
            continue;
        }
        booked.push(row(person, random.between(7 * DAY, 10 * DAY), "meeting booked", nothing()));
        let meets = random.between(12 * DAY, 14 * DAY);
        if !random.chance(85) {
            held.push(row(person, meets, "meeting missed", nothing()));
            continue;
        }
        held.push(row(person, meets, "meeting held", nothing()));
        held.push(row(person, meets + 45, "talk held", nothing()));
        let (decides, signs) = (random.chance(80), random.chance(60));
        let at = random.between(24 * DAY, 26 * DAY);
        if decides {
            decided.push(row(person, at, if signs { "signed" } else { "declined" }, nothing()));
        }
    }
    let text = |mut rows: Rows| {
        rows.sort_by(|a, b| (&a[1], &a[0]).cmp(&(&b[1], &b[0])));
        table(EVENTS, rows)
    };
    parts
        .into_iter()
        .map(|(name, rows)| (format!("playbooks/stackmates/sample/later/{name}.csv"), text(rows)))
        .collect()
}

/// How likely somebody answers, and then books a meeting, in percent.
const fn likely(temper: Temper) -> (i64, i64) {
    match temper {
        Temper::Ready => (80, 90),
        Temper::Keen => (60, 75),
        Temper::Curious => (30, 50),
        Temper::Agency => (20, 10),
        Temper::Stranger | Temper::Quiet => (6, 20),
    }
}

fn nothing() -> (String, String) {
    (String::new(), String::new())
}

fn row(person: &Person, minutes: i64, what: &str, (hours, words): (String, String)) -> [String; 6] {
    let at = before_now(-minutes).year_first();
    [person.email.clone(), at, what.to_owned(), String::new(), hours, words]
}
