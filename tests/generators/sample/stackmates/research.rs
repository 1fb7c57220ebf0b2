//! Research notes about firms of which the export does not say what they do or how large they are. Of some of them nobody found it.

use super::Person;
use super::firms::Firm;
use crate::sample::random::Random;

pub(super) fn notes(people: &[Person]) -> Vec<(String, String)> {
    let mut random = Random(20_261_118);
    let mut firms: Vec<&Firm> = Vec::new();
    for person in people {
        if !firms.iter().any(|firm| firm.domain == person.firm.domain) {
            firms.push(&person.firm);
        }
    }
    firms.sort_by(|a, b| a.domain.cmp(&b.domain));
    firms.into_iter().filter_map(|firm| note(firm, &mut random)).collect()
}

fn note(firm: &Firm, random: &mut Random) -> Option<(String, String)> {
    let is_missing = |cell: &str| matches!(cell, "" | "n/a" | "?");
    let staff = random.between(14, 190);
    let (found, complete) = (random.chance(75), random.chance(85));
    if !found || !(is_missing(firm.industry) || is_missing(&firm.staff)) {
        return None;
    }
    let mut lines = Vec::new();
    if is_missing(firm.industry) {
        lines.push(format!("- industry: {}", industry(&firm.name)));
    }
    if is_missing(&firm.staff) && (complete || lines.is_empty()) {
        lines.push(format!("- employees: {staff}"));
    }
    let text = format!(
        "# {}\n\nRead on their own pages on 18 November 2026.\n\n{}\n- source: https://{}/about\n",
        firm.name,
        lines.join("\n"),
        firm.domain
    );
    Some((format!("playbooks/stackmates/research/{}.md", firm.domain), text))
}

/// What a firm does, as its name says it.
fn industry(name: &str) -> &'static str {
    match name.rsplit(' ').next().unwrap_or_default() {
        "Solar" => "solar_epc",
        "Creative" => "agency",
        "Homewares" => "retail",
        "Foods" => "food_and_drink",
        "Freight" => "logistics",
        _ => "construction",
    }
}
