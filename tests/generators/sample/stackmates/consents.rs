//! Who agreed to be written to, and where that can be seen. Some never did, and of a few nobody kept the proof.

use super::{DAY, Person};
use crate::sample::calendar::before_now;
use crate::sample::csv::table;
use crate::sample::random::Random;

pub(super) fn table_of(people: &[Person]) -> String {
    let mut random = Random(20_070_905);
    let mut rows: Vec<[String; 5]> = people.iter().filter_map(|person| consent(person, &mut random)).collect();
    rows.sort_by(|a, b| (&a[1], &a[0]).cmp(&(&b[1], &b[0])));
    table(["E-mail", "When", "Channel", "Basis", "Where it can be seen"], rows)
}

fn consent(person: &Person, random: &mut Random) -> Option<[String; 5]> {
    if random.chance(14) {
        return None;
    }
    let at = before_now(random.between(2 * DAY, 110 * DAY)).year_first();
    let entry = random.between(100, 999);
    let (basis, proof) = if random.chance(70) {
        ("express", format!("web form tender-checklist, entry {entry}"))
    } else {
        ("inferred", format!("business card, trade evening, scan {entry}"))
    };
    let proof = if random.chance(8) { String::new() } else { proof };
    Some([person.email.clone(), at, "e-mail".to_owned(), basis.to_owned(), proof])
}
