//! A million decisions judged forward in time, by what was learned before each tenth of them. Beside it stands the least that judging
//! forward can be, by hand: points of each value counted from the tenths before, and the area under the curve of what they say.

use std::time::Instant;

use foresight::backtest::{Asked, backtest};
use foresight::history::{Table, Wanted};
use foresight::learn::Settings;
use foresight::statistics::{Random, auc};

const DECISIONS: usize = 1_000_000;
const BLOCKS: usize = 10;
/// How many values each column of words has; a lead's own worth is the sum of what its values are worth.
const WORDS: [usize; 5] = [4, 12, 3, 25, 6];
/// The last columns are numbers below this.
const NUMBERS: usize = 2;
const HIGHEST: usize = 500;

pub(crate) fn run() {
    let leads = leads();
    let (points_of, by_hand_took) = timed(|| by_hand(&leads));
    let (report, took) = timed(|| {
        let names: Vec<String> = (0..WORDS.len() + NUMBERS).map(|column| format!("column {column}")).collect();
        let mut headers: Vec<&str> = names.iter().map(String::as_str).collect();
        headers.push("good");
        let mut table = Table::new(&headers);
        let mut cells: Vec<String> = Vec::new();
        for (line, lead) in (2..).zip(&leads) {
            cells.clear();
            cells.extend(lead.values.iter().enumerate().map(|(column, value)| {
                if column < WORDS.len() { format!("value {value}") } else { value.to_string() }
            }));
            cells.push(u8::from(lead.good).to_string());
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            table.row(line, &cells);
        }
        let history = table.history(&Wanted { outcome: "good", ..Wanted::default() }).expect("a history");
        let settings = Settings::of(&history.columns);
        backtest(&history, &Asked { settings, with_leaks: false, from: None })
    });
    let learned = report.learned.expect("a million decisions are enough");
    let area = learned.auc.value.expect("both kinds");
    println!(
        "\n| {DECISIONS} decisions, {} columns | s | × the limit | area under the curve | bar |",
        WORDS.len() + NUMBERS
    );
    println!("|---|---|---|---|---|");
    println!(
        "| by hand, counted points over whole numbers (the limit) | {by_hand_took:.2} | 1.00 | {points_of:.3} | |"
    );
    println!(
        "| playbook, from cells of a table to the whole report | {took:.2} | {:.1} | {:.3} | ≤ 10 s |",
        took / by_hand_took,
        area
    );
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let began = Instant::now();
    let done = work();
    (done, began.elapsed().as_secs_f64())
}

struct Lead {
    values: [usize; WORDS.len() + NUMBERS],
    good: bool,
}

fn leads() -> Vec<Lead> {
    let mut random = Random::new(7);
    let worth: Vec<Vec<f64>> =
        WORDS.iter().map(|words| (0..*words).map(|_| random.unit().mul_add(1.6, -0.8)).collect()).collect();
    let lead = |random: &mut Random| {
        let mut values = [0; WORDS.len() + NUMBERS];
        let mut sum = -1.0;
        for (column, value) in values.iter_mut().enumerate() {
            match (WORDS.get(column), worth.get(column)) {
                (Some(words), Some(worth)) => {
                    *value = random.below(*words);
                    sum += worth[*value];
                }
                _ => {
                    *value = random.below(HIGHEST);
                    sum += *value as f64 / HIGHEST as f64;
                }
            }
        }
        Lead { values, good: random.unit() < 1.0 / (1.0 + (-sum).exp()) }
    };
    (0..DECISIONS).map(|_| lead(&mut random)).collect()
}

/// The area under the curve of all but the first tenth.
fn by_hand(leads: &[Lead]) -> f64 {
    let size = leads.len() / BLOCKS;
    let mut counts = vec![[[0_u32; 2]; HIGHEST]; WORDS.len() + NUMBERS];
    let (mut said, mut goods) = (Vec::with_capacity(leads.len()), Vec::with_capacity(leads.len()));
    for (place, block) in leads.chunks(size).enumerate() {
        let points: Vec<Vec<f64>> = counts
            .iter()
            .map(|values| {
                values.iter().map(|[bad, good]| ((f64::from(*good) + 1.0) / (f64::from(*bad) + 1.0)).ln()).collect()
            })
            .collect();
        for lead in block {
            if place > 0 {
                said.push(lead.values.iter().enumerate().map(|(column, value)| points[column][*value]).sum::<f64>());
                goods.push(lead.good);
            }
        }
        for lead in block {
            for (column, value) in lead.values.iter().enumerate() {
                counts[column][*value][usize::from(lead.good)] += 1;
            }
        }
    }
    auc(&said, &goods).value.expect("both kinds")
}
