//! The state diagram of a workflow: what stands in its boxes and beside its arrows, measured, laid out, and ready to be drawn.

use std::fmt::Write as _;

use compiler::program::{StageBody, StageKind, Workflow};
use serde::Serialize;

use super::anchor;
use super::workflows::{Who, is_time, reached, who};
use crate::doc::diagram::{Arrow, Drawing, Edge, Graph, LOOP, Line, Node, Rectangle, Size, layout};
use crate::doc::words::{Words, period, plain, sentence, spaced};

/// A diagram, in pixels.
#[derive(Debug, Serialize)]
pub(super) struct Figure {
    width: f64,
    height: f64,
    start: Option<(f64, f64)>,
    nodes: Vec<Shape>,
    labels: Vec<Label>,
    lines: Vec<Stroke>,
    /// The corners of arrow heads.
    arrows: Vec<Head>,
}

#[derive(Debug, Serialize)]
struct Shape {
    kind: &'static str,
    /// The outline, as a path.
    outline: String,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    /// The table's row.
    href: String,
    texts: Vec<Text>,
    who: Option<Who>,
    icon: Option<(f64, f64)>,
}

#[derive(Debug, Serialize)]
struct Text {
    class: &'static str,
    x: f64,
    y: f64,
    text: String,
}

#[derive(Debug, Serialize)]
struct Label {
    texts: Vec<Text>,
}

#[derive(Debug, Serialize)]
struct Stroke {
    d: String,
    class: &'static str,
}

#[derive(Debug, Serialize)]
struct Head {
    points: String,
    class: &'static str,
}

/// Sizes of letters, in pixels, and of the lines that they stand on.
const NAME: f64 = 14.0;
const SMALL: f64 = 11.5;
const NAME_LINE: f64 = 18.0;
const SMALL_LINE: f64 = 15.0;
/// Labels are broken at this width.
const LABEL: f64 = 140.0;
/// What stands in a box is.
const INSIDE: f64 = 178.0;
/// No label has more lines: the table has the rest.
const MOST_LINES: usize = 4;
/// The picture of who runs a stage.
const ICON: f64 = 15.0;

/// A text with its class.
type Styled = (&'static str, String);

/// An arrow with all that is said at it.
struct Joined {
    from: usize,
    to: usize,
    lines: Vec<Styled>,
}

/// Draws a workflow.
pub(super) fn figure(words: Words<'_>, flow: &Workflow) -> Figure {
    let mut contents: Vec<Vec<Styled>> = flow.stages.iter().map(|stage| content(words, stage)).collect();
    let reached = reached(flow);
    let lost = contents.iter_mut().enumerate().filter(|(at, _)| !reached.contains(at));
    lost.for_each(|(_, lines)| lines.push(("asks", "no way leads here".to_owned())));
    let joined = arrows(words, flow);
    let (around, between): (Vec<&Joined>, Vec<&Joined>) = joined.iter().partition(|arrow| arrow.from == arrow.to);
    let graph = Graph {
        nodes: contents
            .iter()
            .enumerate()
            .map(|(at, lines)| Node {
                size: node_size(lines, flow.stages.get(at).map(|stage| &stage.kind)),
                around: around.iter().find(|arrow| arrow.from == at).map(|arrow| label_size(&arrow.lines)),
            })
            .collect(),
        edges: between
            .iter()
            .map(|arrow| Edge { from: arrow.from, to: arrow.to, label: label_size(&arrow.lines) })
            .collect(),
    };
    let drawing = layout(&graph);
    let mut labels = Vec::new();
    for ((arrow, place), back) in between.iter().zip(&drawing.labels).zip(&drawing.back) {
        labels.push(label(&arrow.lines, *place, *back));
    }
    for (arrow, place) in around.iter().filter_map(|arrow| Some((arrow, (*drawing.around.get(arrow.from)?)?))) {
        labels.push(label(&arrow.lines, place, false));
    }
    let shapes = flow.stages.iter().zip(&contents).zip(&drawing.nodes);
    Figure {
        width: drawing.size.width,
        height: drawing.size.height,
        start: drawing.start.map(|start| (tenth(start.x), tenth(start.y))),
        nodes: shapes.map(|((stage, lines), place)| shape(words, flow, stage, lines, *place)).collect(),
        labels,
        lines: strokes(&drawing),
        arrows: heads(&drawing),
    }
}

/// What stands in a box.
fn content(words: Words<'_>, stage: &compiler::program::Stage) -> Vec<Styled> {
    let mut lines: Vec<Styled> = vec![("name", spaced(&stage.name))];
    let mut small = |class: &'static str, text: String| {
        lines.extend(wrapped(&text, SMALL, INSIDE).into_iter().map(|line| (class, line)));
    };
    match &stage.kind {
        StageKind::Stage(body) => {
            small("who", who(words, &body.by).name);
            for ask in &body.asks {
                let whom = sentence(&words.role(ask.whom.as_deref()));
                let within = ask.within.map(|within| format!(", within {}", period(within))).unwrap_or_default();
                small("asks", format!("asks {}{within}", if ask.whom.is_none() { "anybody".into() } else { whom }));
            }
            if let Some((times, _)) = body.cap {
                small("asks", format!("at most {times} {}", if times == 1 { "time" } else { "times" }));
            }
        }
        StageKind::Handoff(handoff) => {
            small("who", format!("hands over to {}", words.workflow(handoff.to)));
            if let Some(within) = handoff.within {
                small("asks", format!("taken within {}", period(within)));
            }
        }
        StageKind::End(end) if plain(&end.outcome) != spaced(&stage.name).to_lowercase() => {
            small("who", format!("ends as {}", plain(&end.outcome)));
        }
        StageKind::End(_) => small("who", "end".to_owned()),
    }
    lines
}

/// All arrows, one for each two stages, with the ways between them in their order.
fn arrows(words: Words<'_>, flow: &Workflow) -> Vec<Joined> {
    let mut joined: Vec<Joined> = Vec::new();
    for (from, stage) in flow.stages.iter().enumerate() {
        let StageKind::Stage(body) = &stage.kind else { continue };
        for (to, class, text) in ways(words, body) {
            let lines = cut(wrapped(&text, SMALL, LABEL)).into_iter().map(|line| (class, line));
            match joined.iter_mut().find(|known| known.from == from && known.to == to) {
                Some(known) => known.lines.extend(lines),
                None => joined.push(Joined { from, to, lines: lines.collect() }),
            }
        }
    }
    joined
}

/// The ways out of a stage, and those that lead past it.
fn ways(words: Words<'_>, body: &StageBody) -> Vec<(usize, &'static str, String)> {
    let mut ways = Vec::new();
    for way in &body.ways {
        let (kind, said) = words.way(&way.when);
        let text = match kind {
            "when" | "on" => format!("{kind} {said}"),
            _ => said,
        };
        ways.push((way.to.index(), if is_time(&way.when) { "time" } else { "way" }, text));
    }
    if let Some((guard, to)) = &body.only_when {
        ways.push((to.index(), "past", format!("skipped if {}", words.guard(guard, true))));
    }
    if let Some((times, to)) = body.cap {
        ways.push((to.index(), "past", format!("instead of a visit no. {}", u64::from(times) + 1)));
    }
    ways
}

fn node_size(lines: &[Styled], kind: Option<&StageKind>) -> Size {
    let widest = lines.iter().map(line_width).fold(0.0, f64::max);
    let aside = match kind {
        Some(StageKind::Handoff(_)) => 48.0,
        _ => 36.0,
    };
    let small = lines.len().saturating_sub(1) as f64;
    Size { width: (widest + aside).max(132.0).round(), height: NAME_LINE + small * SMALL_LINE + 16.0 }
}

fn line_width((class, text): &Styled) -> f64 {
    match *class {
        "name" => width(text, NAME) * 1.06,
        "who" => width(text, SMALL) + ICON,
        _ => width(text, SMALL),
    }
}

fn label_size(lines: &[Styled]) -> Size {
    let widest = lines.iter().map(|(_, text)| width(text, SMALL)).fold(0.0, f64::max);
    Size { width: (widest + 8.0).round(), height: lines.len() as f64 * SMALL_LINE + 5.0 }
}

fn label(lines: &[Styled], place: Rectangle, back: bool) -> Label {
    let x = tenth(place.x + place.width / 2.0);
    let texts = lines.iter().enumerate().map(|(at, (class, text))| Text {
        class: if back && *class == "way" { "way back" } else { class },
        x,
        y: tenth(place.y + 2.5 + SMALL_LINE * (at as f64 + 0.76)),
        text: text.clone(),
    });
    Label { texts: texts.collect() }
}

fn shape(
    words: Words<'_>,
    flow: &Workflow,
    stage: &compiler::program::Stage,
    lines: &[Styled],
    place: Rectangle,
) -> Shape {
    let middle = place.x + place.width / 2.0;
    let mut y = place.y + 8.0;
    let mut texts = Vec::new();
    let mut icon = None;
    let body = match &stage.kind {
        StageKind::Stage(body) => Some(body),
        _ => None,
    };
    for (at, (class, text)) in lines.iter().enumerate() {
        let line = if at == 0 { NAME_LINE } else { SMALL_LINE };
        let base = y + line * 0.76;
        // The picture stands before the first line that says who.
        let beside = if *class == "who" && body.is_some() && icon.is_none() {
            icon = Some((tenth(middle - width(text, SMALL) / 2.0 - ICON / 2.0), tenth(base - 8.5)));
            ICON / 2.0
        } else {
            0.0
        };
        texts.push(Text { class, x: tenth(middle + beside), y: tenth(base), text: text.clone() });
        y += line;
    }
    let kind = match &stage.kind {
        StageKind::Stage(_) => "stage",
        StageKind::Handoff(_) => "handoff",
        StageKind::End(_) => "end",
    };
    Shape {
        kind,
        outline: outline(kind, place),
        x: tenth(place.x),
        y: tenth(place.y),
        width: tenth(place.width),
        height: tenth(place.height),
        href: anchor(&["stage", &flow.name, &stage.name]),
        texts,
        who: body.map(|body| who(words, &body.by)),
        icon,
    }
}

/// A box with round corners, an arrow that points on, or a pill.
fn outline(kind: &str, place: Rectangle) -> String {
    let Rectangle { x, y, width, height } = place;
    let (right, bottom) = (x + width, y + height);
    if kind == "handoff" {
        let (point, middle) = (right - 16.0, y + height / 2.0);
        return format!(
            "M{} {}H{}L{} {}L{} {}H{}L{} {}Z",
            tenth(x),
            tenth(y),
            tenth(point),
            tenth(right),
            tenth(middle),
            tenth(point),
            tenth(bottom),
            tenth(x),
            tenth(x + 12.0),
            tenth(middle)
        );
    }
    let round = if kind == "end" { height / 2.0 } else { 7.0 };
    let corner = |out: &mut String, x: f64, y: f64| {
        let _ = write!(out, "A{0} {0} 0 0 1 {1} {2}", tenth(round), tenth(x), tenth(y));
    };
    let mut path = format!("M{} {}H{}", tenth(x + round), tenth(y), tenth(right - round));
    corner(&mut path, right, y + round);
    let _ = write!(path, "V{}", tenth(bottom - round));
    corner(&mut path, right - round, bottom);
    let _ = write!(path, "H{}", tenth(x + round));
    corner(&mut path, x, bottom - round);
    let _ = write!(path, "V{}", tenth(y + round));
    corner(&mut path, x + round, y);
    path + "Z"
}

fn strokes(drawing: &Drawing) -> Vec<Stroke> {
    let mut strokes: Vec<Stroke> = drawing
        .lines
        .iter()
        .map(|line| Stroke { d: curve(line), class: if line.back { "line back" } else { "line" } })
        .collect();
    for (node, label) in drawing.nodes.iter().zip(&drawing.around) {
        if label.is_some() {
            strokes.push(Stroke { d: around(*node), class: "line" });
        }
    }
    strokes
}

fn curve(line: &Line) -> String {
    let Line { from, bend, until, to, .. } = line;
    let middle = f64::midpoint(*bend, *until);
    let mut d = format!("M{} {}", tenth(from.x), tenth(from.y));
    if (from.x - to.x).abs() < 0.5 {
        let _ = write!(d, "V{}", tenth(to.y));
        return d;
    }
    if (bend - from.y).abs() > 0.05 {
        let _ = write!(d, "V{}", tenth(*bend));
    }
    let _ = write!(
        d,
        "C{} {} {} {} {} {}",
        tenth(from.x),
        tenth(middle),
        tenth(to.x),
        tenth(middle),
        tenth(to.x),
        tenth(*until)
    );
    if (to.y - until).abs() > 0.05 {
        let _ = write!(d, "V{}", tenth(to.y));
    }
    d
}

/// Out of the right side of a box and back into it.
fn around(node: Rectangle) -> String {
    let (x, out) = (node.x + node.width, node.x + node.width + LOOP);
    let (above, below) = (node.y + node.height * 0.28, node.y + node.height * 0.72);
    format!(
        "M{} {}C{} {} {} {} {} {}",
        tenth(x),
        tenth(above),
        tenth(out),
        tenth(above - 4.0),
        tenth(out),
        tenth(below + 4.0),
        tenth(x),
        tenth(below)
    )
}

fn heads(drawing: &Drawing) -> Vec<Head> {
    let head = |Arrow { tip, up }: &Arrow| {
        let base = if *up { tip.y + 8.0 } else { tip.y - 8.0 };
        Head {
            points: format!(
                "{},{} {},{} {},{}",
                tenth(tip.x),
                tenth(tip.y),
                tenth(tip.x - 4.5),
                tenth(base),
                tenth(tip.x + 4.5),
                tenth(base)
            ),
            class: if *up { "head back" } else { "head" },
        }
    };
    let mut heads: Vec<Head> = drawing.arrows.iter().map(head).collect();
    for (node, label) in drawing.nodes.iter().zip(&drawing.around) {
        if label.is_some() {
            let (x, y) = (node.x + node.width, node.y + node.height * 0.72);
            let points = format!(
                "{},{} {},{} {},{}",
                tenth(x),
                tenth(y),
                tenth(x + 8.0),
                tenth(y - 5.0),
                tenth(x + 8.5),
                tenth(y + 4.0)
            );
            heads.push(Head { points, class: "head" });
        }
    }
    heads
}

/// Rounded to what an eye can tell.
fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// How wide a text is, about: by classes of letters of common sans-serif faces, on the wide side.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let em = |letter: char| match letter {
        'i' | 'j' | 'l' | '\'' | '’' | '.' | ',' | ':' | ';' | '|' | '!' => 0.28,
        'f' | 't' | 'r' | 'I' | ' ' | '(' | ')' | '-' | '/' | '“' | '”' => 0.37,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.92,
        letter if letter.is_uppercase() => 0.7,
        letter if letter.is_ascii() => 0.585,
        letter => 0.6 * unicode_width::UnicodeWidthChar::width(letter).unwrap_or(1).max(1) as f64,
    };
    text.chars().map(em).sum::<f64>() * size
}

/// Broken at blanks where it would be wider, into lines of about the same length; a word that is wider stands alone.
fn wrapped(text: &str, size: f64, most: f64) -> Vec<String> {
    let lines = broken(text, size, most);
    let narrower = (1..20_i32).map(|step| broken(text, size, most - 7.0 * f64::from(step)));
    narrower.take_while(|narrower| narrower.len() == lines.len()).last().unwrap_or(lines)
}

fn broken(text: &str, size: f64, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width(line, size) + width(word, size) + width(" ", size) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// No more lines than a diagram has room for.
fn cut(mut lines: Vec<String>) -> Vec<String> {
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        if let Some(last) = lines.last_mut() {
            last.push('…');
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_broken_at_blanks() {
        let lines = wrapped("when all that is required is there", SMALL, 100.0);
        assert_eq!(lines.join(" "), "when all that is required is there");
        assert!(lines.len() > 1 && lines.iter().all(|line| width(line, SMALL) <= 100.0), "{lines:?}");
        assert_eq!(wrapped("incomprehensibilities", SMALL, 20.0), ["incomprehensibilities"]);
    }

    #[test]
    fn long_labels_are_cut_with_dots() {
        let lines = cut(wrapped(&"word ".repeat(80), SMALL, LABEL));
        assert_eq!(lines.len(), MOST_LINES);
        assert!(lines.last().unwrap().ends_with('…'));
    }
}
