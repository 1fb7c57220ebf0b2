//! How fast text becomes a checked Program: lines a second in one process, and a cold `playbook check` of 5,000 lines.

use std::process::Command;
use std::time::Instant;

use compiler::compile::compile_text;

use crate::measure::processor_time;

const LINES_A_SECOND: f64 = 200_000.0;
const COLD_MILLISECONDS: f64 = 60.0;

/// A playbook of about so many lines: many small scores over the standard CRM, each with two layers and routes.
pub(crate) fn playbook(lines: usize) -> String {
    let mut text =
        String::from("client \"Bench\" {\n  currency NZD\n  timezone \"Pacific/Auckland\"\n}\n\nuse std.crm\n\n");
    let mut number = 0;
    while text.lines().count() < lines {
        // Counting the lines each time would be quadratic: a hundred scores at a time.
        for _ in 0..100.min(lines / 24 + 1) {
            number += 1;
            text.push_str(&score(number));
        }
    }
    text
}

fn score(number: usize) -> String {
    let (low, high) = (number % 90 + 2, number % 90 + 200);
    format!(
        r#"/// Who fits best, way number {number}.
score fit_{number} for Contact {{
  layer company weight 60% {{
    +35 when company.industry is one of [construction, solar_epc]   because "the trades we serve"
    +25 when company.employees is from {low} to {high}              because "large enough, not too large"
    +20 when company.country is one of [NZ, AU]                     because "we can support their hours"
    +20 when company.annual_revenue > NZD {low}k                    because "can pay"
  }}

  layer behaviour weight 40% fading by half every 21 days {{
    +15 each email.clicked in the last 30 days, up to 30            because "wants to know more"
    +30 when any page.viewed where path is "/p{number}" in the last 14 days because "looked at the price"
    +25 when median reply.delay < 24 hours in the last 60 days      because "answers fast"
    +15 when any content.downloaded in the last 30 days             because "reads what we write"
  }}

  route {{
    cold when company.industry is agency                            because "does not buy"
    hot  when fit_{number} >= 70 and behaviour >= 50
    warm when fit_{number} >= 45
    cold otherwise
  }}
}}

"#
    )
}

pub(crate) fn run() {
    println!("\n### Checking\n");
    for lines in [5_000, 100_000] {
        let text = playbook(lines);
        let lines = text.lines().count();
        let mut best = u64::MAX;
        for _ in 0..5 {
            let start = processor_time();
            let compiled = compile_text("bench.playbook", &text);
            best = best.min(processor_time() - start);
            assert!(compiled.program.is_some(), "{:#?}", compiled.diagnostics.first());
        }
        let best = best as f64 / 1e9;
        let rate = lines as f64 / best;
        let met = if rate >= LINES_A_SECOND { "≥" } else { "MISSED" };
        println!("- {lines} lines checked in {:.1} ms: {rate:.0} lines a second ({met} {LINES_A_SECOND})", best * 1e3);
    }
    cold();
}

/// The command as a process, on a file that it has never seen.
fn cold() {
    let folder = tempfile::tempdir().expect("a folder for the playbook");
    let file = folder.path().join("bench.playbook");
    std::fs::write(&file, playbook(5_000)).expect("the playbook");
    let mut best = f64::MAX;
    for _ in 0..10 {
        let start = Instant::now();
        let status =
            Command::new(env!("CARGO_BIN_EXE_playbook")).arg("check").arg(&file).output().expect("the command");
        assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stdout));
        best = best.min(start.elapsed().as_secs_f64() * 1e3);
    }
    let met = if best <= COLD_MILLISECONDS { "≤" } else { "MISSED" };
    println!("- `playbook check` of 5,000 lines, as a process: {best:.1} ms ({met} {COLD_MILLISECONDS} ms)");
}
