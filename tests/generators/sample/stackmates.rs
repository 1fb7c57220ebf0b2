//! Stackmates' samples: people in building and solar firms, from eager to indifferent, and some agencies.

mod consents;
mod firms;
mod later;
mod research;
mod talk;

use super::calendar::before_now;
use super::csv::table;
use super::names::{Names, phone};
use super::random::Random;
use firms::Firm;

const DAY: i64 = 24 * 60;

/// How near somebody is to buying: what the samples vary.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Temper {
    Ready,
    Keen,
    Curious,
    Quiet,
    Stranger,
    Agency,
}

/// How many of each there are: sixty people.
const CROWD: [(Temper, usize); 6] = [
    (Temper::Ready, 9),
    (Temper::Keen, 12),
    (Temper::Curious, 15),
    (Temper::Quiet, 12),
    (Temper::Stranger, 7),
    (Temper::Agency, 5),
];

impl Temper {
    /// How likely each sign of interest is, in percent.
    const fn interest(self) -> i64 {
        match self {
            Self::Ready => 95,
            Self::Keen => 70,
            Self::Agency => 55,
            Self::Curious => 40,
            Self::Stranger => 25,
            Self::Quiet => 8,
        }
    }
}

struct Person {
    id: String,
    temper: Temper,
    first: &'static str,
    last: &'static str,
    email: String,
    phone: String,
    role: &'static str,
    firm: Firm,
    country: &'static str,
    needs: Needs,
    objections: String,
}

struct Needs {
    stated: String,
    actual: String,
}

pub(super) fn files() -> Vec<(String, String)> {
    let mut random = Random(20_261_120);
    let people = people(&mut random);
    let mut events = people.iter().flat_map(|person| events(person, &mut random)).collect::<Vec<_>>();
    events.sort_by(|a, b| (&a[1], &a[0], &a[2]).cmp(&(&b[1], &b[0], &b[2])));
    let mut messages = people.iter().flat_map(|person| talk::messages(person, &mut random)).collect::<Vec<_>>();
    messages.sort_by(|a, b| (&a[1], &a[0]).cmp(&(&b[1], &b[0])));
    let numbered = messages.into_iter().enumerate().map(|(index, [email, at, kind, direction, subject, text])| {
        [format!("M-{:04}", index + 1), email, at, kind, direction, subject, text]
    });
    let mut files = vec![
        ("playbooks/stackmates/sample/contacts.csv".to_owned(), contacts(&people)),
        ("playbooks/stackmates/sample/events.csv".to_owned(), table(EVENTS, events)),
        (
            "playbooks/stackmates/sample/conversations.csv".to_owned(),
            table(["Message ID", "E-mail", "When", "Kind", "Direction", "Subject", "Text"], numbered),
        ),
    ];
    files.push(("playbooks/stackmates/sample/consents.csv".to_owned(), consents::table_of(&people)));
    files.extend(research::notes(&people));
    files.extend(later::files(&people));
    files
}

/// The columns of what the mail tool, the website and the calendar saw.
const EVENTS: [&str; 6] = ["E-mail", "When", "What", "Page", "Answered after (h)", "Words"];

fn contacts(people: &[Person]) -> String {
    const HEADER: [&str; 16] = [
        "ID",
        "First name",
        "Last name",
        "E-mail",
        "Phone",
        "Role",
        "Company",
        "Domain",
        "Industry",
        "Staff",
        "Country",
        "Bids a month",
        "Tools",
        "Says they need",
        "Works on",
        "Open objections",
    ];
    let rows = people.iter().map(|person| {
        let firm = &person.firm;
        [
            person.id.clone(),
            person.first.to_owned(),
            person.last.to_owned(),
            person.email.clone(),
            person.phone.clone(),
            person.role.to_owned(),
            firm.name.clone(),
            firm.domain.clone(),
            firm.industry.to_owned(),
            firm.staff.clone(),
            person.country.to_owned(),
            firm.bids.clone(),
            firm.tools.clone(),
            person.needs.stated.clone(),
            person.needs.actual.clone(),
            person.objections.clone(),
        ]
    });
    table(HEADER, rows)
}

fn people(random: &mut Random) -> Vec<Person> {
    let mut names = Names::new();
    let mut firms = firms::Firms::new();
    let mut people = Vec::new();
    for temper in CROWD.iter().flat_map(|&(temper, count)| std::iter::repeat_n(temper, count)) {
        let (first, last) = names.next(random);
        let firm = firms.next(temper, random);
        people.push(Person {
            id: String::new(),
            temper,
            first,
            last,
            email: format!("{}.{}@{}", first.to_lowercase(), last.to_lowercase(), firm.domain),
            phone: if random.chance(70) { phone(random) } else { String::new() },
            role: random.pick(&[
                "Estimator",
                "Director",
                "Bid manager",
                "Operations manager",
                "Office manager",
                "Project manager",
            ]),
            country: firm.spelled_country(random),
            needs: needs(temper, random),
            objections: objections(temper, random),
            firm,
        });
    }
    // A CRM's export is in no order of eagerness.
    people.sort_by(|a, b| (a.last, a.first).cmp(&(b.last, b.first)));
    for (index, person) in people.iter_mut().enumerate() {
        person.id = format!("C-{:03}", 101 + index);
    }
    people
}

fn needs(temper: Temper, random: &mut Random) -> Needs {
    const NEEDS: [&str; 5] =
        ["faster bids", "one price list", "fewer late nights", "bid history", "sign-off in one place"];
    if !random.chance(40 + temper.interest() / 2) {
        return Needs { stated: String::new(), actual: random.pick(&["", "n/a"]).to_owned() };
    }
    let stated = random.pick(&NEEDS);
    let beside = random.pick(&NEEDS);
    let actual = if random.chance(temper.interest()) { stated } else { random.pick(&NEEDS) };
    let stated = if stated == beside || random.chance(50) { stated.to_owned() } else { format!("{stated}; {beside}") };
    Needs { stated, actual: actual.to_owned() }
}

fn objections(temper: Temper, random: &mut Random) -> String {
    if random.chance(if temper == Temper::Ready { 5 } else { 30 }) {
        return random.pick(&["", "", "n/a"]).to_owned();
    }
    if random.chance(temper.interest()) {
        return "none".to_owned();
    }
    random.pick(&["price", "too_custom", "price;too_custom", "none"]).to_owned()
}

/// What one person did: e-mail, time, what, page, hours to the answer, words.
fn events(person: &Person, random: &mut Random) -> Vec<[String; 6]> {
    let interest = person.temper.interest();
    let mut rows = Vec::new();
    let mut add = |minutes: i64, what: &str, page: &str, hours: String, words: String| {
        rows.push([
            person.email.clone(),
            before_now(minutes).year_first(),
            what.to_owned(),
            page.to_owned(),
            hours,
            words,
        ]);
    };
    let nothing = String::new;
    let days_ago = |random: &mut Random, most: i64| random.between(2 * 60, most * DAY);

    for _ in 0..random.between(1, 2) {
        add(days_ago(random, 75), "mail sent", "", nothing(), nothing());
    }
    for _ in 0..3 {
        if random.chance(interest) {
            add(days_ago(random, 26), "mail clicked", "", nothing(), nothing());
        }
    }
    for _ in 0..2 {
        if random.chance(interest) {
            let page = random.pick(&["/pricing", "/pricing", "/features", "/customers/builders", "/blog/tender-week"]);
            add(days_ago(random, 18), "page", page, nothing(), nothing());
        }
    }
    for _ in 0..3 {
        if random.chance(interest * 4 / 5) {
            let eager = random.chance(interest);
            let hours = if eager { random.between(1, 22) } else { random.between(23, 140) };
            let words = if eager { random.between(55, 160) } else { random.between(4, 60) };
            add(days_ago(random, 50), "reply", "", hours.to_string(), words.to_string());
        }
    }
    if random.chance(interest * 2 / 3) {
        add(days_ago(random, 35), "download", "", nothing(), nothing());
    }
    let mut met = false;
    if random.chance(interest * 4 / 5) {
        let held = days_ago(random, 33);
        add(held + 6 * DAY, "meeting booked", "", nothing(), nothing());
        met = random.chance(90);
        if met {
            add(held, "meeting held", "", nothing(), nothing());
        }
    }
    for _ in 0..2 {
        if met && random.chance(interest) {
            add(days_ago(random, 45), "colleague", "", nothing(), nothing());
        }
    }
    if met && random.chance(interest * 4 / 5) {
        add(days_ago(random, 45), "document", "", nothing(), nothing());
    }
    rows
}
