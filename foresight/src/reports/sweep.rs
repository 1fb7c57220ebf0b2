//! A number of a playbook in several values: what each measure is under each of them, one figure a measure that it moves.

use smol_str::SmolStr;

use super::simulation::Other;
use super::words::hyphened;
use crate::figures::{About, Figure, Lines, Point, Series, lines, number};
use crate::simulate::{Report, Spread};

/// The figures; none of fewer than two other values.
pub(super) fn figures(report: &Report, others: &[Other]) -> Vec<Figure> {
    let Some((knob, _, now)) = others.iter().find_map(|other| other.turned.as_ref()) else { return Vec::new() };
    let turned: Vec<(f64, &Other)> =
        others.iter().filter_map(|other| Some((other.turned.as_ref()?.1, other))).collect();
    if turned.len() < 2 {
        return Vec::new();
    }
    let moved = |name: &SmolStr| {
        let of = turned.iter().flat_map(|(_, other)| &other.differences).filter(|row| row.name == *name);
        of.filter_map(|row| row.more).any(|more| more.seeds > 1 && (more.from > 0.0 || more.to < 0.0))
    };
    let mut figures = Vec::new();
    for total in report.totals.iter().filter(|total| moved(&total.name)) {
        let mut points: Vec<(f64, Option<Spread>)> = turned
            .iter()
            .map(|(value, other)| {
                let row = other.differences.iter().find(|row| row.name == total.name);
                (*value, row.and_then(|row| row.value))
            })
            .collect();
        points.push((*now, total.spread));
        points.sort_by(|one, other| one.0.total_cmp(&other.0));
        let point = |spread: Option<Spread>| {
            spread.map(|spread| Point { value: spread.mean, interval: Some((spread.from, spread.to)), open: false })
        };
        let given = Lines {
            step: knob.clone(),
            steps: points.iter().map(|(value, _)| step(*value, *now)).collect(),
            what: total.name.to_string(),
            unit: if total.percent { "%" } else { "" },
            from_nought: true,
            band: Some(["the mean is surely from", "to"]),
            series: vec![Series {
                name: String::new(),
                points: points.iter().map(|(_, spread)| point(*spread)).collect(),
            }],
        };
        let id = format!("sweep-{}", hyphened(&total.name));
        let title = format!("{} by {knob}", total.name);
        let description = format!(
            "What {} is for each value of {knob}, the one of the playbook among them: the mean of all seeds, and between what it surely is.",
            total.name
        );
        figures.push(lines(About { id: &id, title: &title, description: &description }, &given));
    }
    figures
}

fn step(value: f64, now: f64) -> String {
    if (value - now).abs() < 1e-9 { format!("{} (now)", number(value)) } else { number(value) }
}
