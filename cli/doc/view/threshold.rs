//! Where a score's routes change, read off their conditions: for a bar that is drawn.

use compiler::program::{Condition, Fixed, RouteLine, Score, ScoreId, ScoreRef, Term};
use serde::Serialize;

use crate::doc::words::{number, plain};

/// A bar from the lowest to the highest score.
#[derive(Debug, Serialize)]
pub(super) struct Bar {
    segments: Vec<Segment>,
    /// The ends and the thresholds, with where they stand, in percent.
    ticks: Vec<(String, f64)>,
    /// The bar in a sentence.
    words: String,
}

/// A part of the bar.
#[derive(Debug, Serialize)]
struct Segment {
    label: String,
    /// Where it takes more than the score: what it routes to otherwise.
    otherwise: Option<String>,
    /// From 0, the best.
    tone: usize,
    width: f64,
}

/// Strong Kleene logic (1952, §64).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Truth {
    No,
    Unknown,
    Yes,
}

/// The bar of a score that routes by thresholds; none where it does not.
pub(super) fn bar(score: &Score, id: ScoreId, low: Fixed, high: Fixed) -> Option<Bar> {
    let mut thresholds = Vec::new();
    score.routes.iter().filter_map(|line| line.condition.as_ref()).for_each(|line| collect(line, id, &mut thresholds));
    thresholds.retain(|threshold| *threshold > low && *threshold < high);
    thresholds.sort_unstable();
    thresholds.dedup();
    if thresholds.is_empty() || high <= low {
        return None;
    }
    let edges: Vec<Fixed> = [low].into_iter().chain(thresholds).chain([high]).collect();
    let share = |from: Fixed, to: Fixed| (to.0 - from.0) as f64 * 100.0 / (high.0 - low.0) as f64;
    let truth = |line: &RouteLine, at: Fixed| line.condition.as_ref().map_or(Truth::Yes, |line| holds(line, id, at));
    let mut segments = Vec::new();
    for pair in edges.windows(2) {
        let [from, to] = pair else { continue };
        // Any value inside of it: no threshold is.
        let inside = Fixed(from.0 + (to.0 - from.0) / 2);
        // What may hold at the lowest score may hold at any: it is no matter of the score.
        let lowest = Fixed(low.0 + (edges.get(1).map_or(0, |first| first.0) - low.0) / 2);
        let mut candidate = None;
        let mut settled = None;
        for line in &score.routes {
            match truth(line, inside) {
                Truth::Yes => {
                    settled = Some(line.label);
                    break;
                }
                Truth::Unknown if truth(line, lowest) == Truth::No => candidate = candidate.or(Some(line.label)),
                Truth::Unknown | Truth::No => {}
            }
        }
        let name = |label: compiler::program::LabelId| score.labels.get(label.index()).map(|label| plain(label));
        let Some(shown) = candidate.or(settled) else { continue };
        segments.push(Segment {
            label: name(shown).unwrap_or_default(),
            otherwise: settled.filter(|settled| *settled != shown).and_then(name),
            tone: tone(shown.index(), score.labels.len()),
            width: share(*from, *to),
        });
    }
    let parts: Vec<String> = segments
        .iter()
        .zip(edges.windows(2))
        .map(|(segment, edges)| {
            let edges: Vec<String> = edges.iter().map(|edge| number(*edge)).collect();
            let otherwise = segment.otherwise.as_ref().map(|label| format!(" where more is given, else {label}"));
            format!("{}: {}{}", edges.join(" to "), segment.label, otherwise.unwrap_or_default())
        })
        .collect();
    let ticks = edges.iter().map(|edge| (number(*edge), share(low, *edge))).collect();
    Some(Bar { words: parts.join("; "), segments, ticks })
}

/// 0 for the best label, 2 for the last, 1 for those between.
pub(super) const fn tone(label: usize, labels: usize) -> usize {
    match label {
        0 => 0,
        _ if label + 1 < labels => 1,
        _ => 2,
    }
}

/// The thresholds that a condition compares the score with.
fn collect(condition: &Condition, id: ScoreId, into: &mut Vec<Fixed>) {
    match condition {
        Condition::Not(inner) => collect(inner, id, into),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| collect(part, id, into)),
        Condition::Compare { left, right, .. } => {
            into.extend(compared(left, right, id).map(|(_, threshold)| threshold));
        }
        Condition::Between { term, low: Term::Constant(low), high: Term::Constant(high) } if is_own(term, id) => {
            into.extend([*low, *high]);
        }
        _ => {}
    }
}

fn is_own(term: &Term, id: ScoreId) -> bool {
    *term == Term::Score(ScoreRef { score: id, layer: None })
}

/// The threshold, and whether the score stands on the right.
fn compared(left: &Term, right: &Term, id: ScoreId) -> Option<(bool, Fixed)> {
    match (left, right) {
        (score, Term::Constant(threshold)) if is_own(score, id) => Some((false, *threshold)),
        (Term::Constant(threshold), score) if is_own(score, id) => Some((true, *threshold)),
        _ => None,
    }
}

/// Whether a condition holds where the score is that much and nothing else is known.
fn holds(condition: &Condition, id: ScoreId, at: Fixed) -> Truth {
    let plain = |is: bool| if is { Truth::Yes } else { Truth::No };
    match condition {
        Condition::Not(inner) => match holds(inner, id, at) {
            Truth::No => Truth::Yes,
            Truth::Unknown => Truth::Unknown,
            Truth::Yes => Truth::No,
        },
        Condition::All(parts) => parts.iter().map(|part| holds(part, id, at)).min().unwrap_or(Truth::Yes),
        Condition::Any(parts) => parts.iter().map(|part| holds(part, id, at)).max().unwrap_or(Truth::No),
        Condition::Compare { left, operator, right } => match compared(left, right, id) {
            None => Truth::Unknown,
            Some((swapped, threshold)) => {
                let (left, right) = if swapped { (threshold, at) } else { (at, threshold) };
                plain(operator.holds(left, right))
            }
        },
        Condition::Between { term, low: Term::Constant(low), high: Term::Constant(high) } if is_own(term, id) => {
            plain(*low <= at && at <= *high)
        }
        _ => Truth::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use compiler::compile::compile_text;

    use super::*;

    /// The bar of a card that goes from 0 to 100, with these routes, in words.
    fn words(routes: &str) -> Option<String> {
        let text = format!(
            "client \"A\" {{\n  currency NZD\n  timezone \"Pacific/Auckland\"\n}}\n\nuse std.crm\n\nscore s for Contact {{\n  \
             +60 when phone is known\n  +40 when city is known\n  route {{\n{routes}\n  }}\n}}\n"
        );
        let compiled = compile_text("a.playbook", &text);
        let program = compiled.program.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics));
        bar(program.scores.first().unwrap(), ScoreId(0), Fixed::ZERO, Fixed::from_integer(100)).map(|bar| bar.words)
    }

    #[test]
    fn thresholds_cut_the_bar() {
        let routes = "    hot when s >= 70\n    warm when s >= 45\n    cold otherwise";
        assert_eq!(words(routes).unwrap(), "0 to 45: cold; 45 to 70: warm; 70 to 100: hot");
    }

    #[test]
    fn what_takes_more_than_the_score_says_what_else_there_is() {
        let routes = "    hot when s >= 70 and email is known\n    warm when s >= 45\n    cold otherwise";
        assert_eq!(
            words(routes).unwrap(),
            "0 to 45: cold; 45 to 70: warm; 70 to 100: hot where more is given, else warm"
        );
    }

    #[test]
    fn what_holds_at_any_score_is_no_part_of_the_bar() {
        let routes = "    cold when country is NZ\n    hot when s >= 60 or email is known\n    cold otherwise";
        assert_eq!(words(routes).unwrap(), "0 to 60: cold; 60 to 100: hot");
    }

    #[test]
    fn without_a_threshold_there_is_no_bar() {
        assert_eq!(words("    hot when email is known\n    cold otherwise"), None);
    }
}
