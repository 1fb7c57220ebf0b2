//! Invented names. Whoever bears one of them in earnest is not meant.

use super::random::Random;

#[rustfmt::skip]
const FIRST: [&str; 32] = [
    "Aroha", "Mere", "Tane", "Wiremu", "Hana", "Isla", "Jack", "Olive", "Noah", "Ruby", "Leo", "Zoe", "Finn", "Ella", "Max", "Ivy",
    "Theo", "Nina", "Oscar", "Priya", "Arjun", "Mei", "Liang", "Sione", "Leilani", "Tomas", "Greta", "Anton", "Bea", "Callum", "Nikau",
    "Wanda",
];

#[rustfmt::skip]
const LAST: [&str; 26] = [
    "Ashgarrow", "Bellthorn", "Carrowby", "Dunmarsh", "Eldermoor", "Fenwright", "Garrowick", "Hartlebrook", "Inglefort", "Jorwick",
    "Kettlesby", "Lindhollow", "Marchfold", "Northgarth", "Oldwether", "Pellowyn", "Quarringdale", "Ravensdon", "Stillmere", "Tarnbrook",
    "Underhay", "Vexmoor", "Wyndcombe", "Yarborne", "Zellwood", "Amberlythe",
];

/// First and last names that no earlier call gave.
pub(crate) struct Names {
    given: Vec<(&'static str, &'static str)>,
}

impl Names {
    pub(crate) fn new() -> Self {
        Self { given: Vec::new() }
    }

    pub(crate) fn next(&mut self, random: &mut Random) -> (&'static str, &'static str) {
        loop {
            let name = (random.pick(&FIRST), random.pick(&LAST));
            if !self.given.contains(&name) {
                self.given.push(name);
                return name;
            }
        }
    }
}

/// A number that nobody has: Australia's regulator keeps (02) 5550 for fiction.
pub(crate) fn phone(random: &mut Random) -> String {
    format!("+61 2 5550 {:04}", random.between(0, 9_999))
}
