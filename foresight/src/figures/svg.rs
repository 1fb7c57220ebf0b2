//! A figure as SVG: well-formed, without scripts and references, its words escaped.

use std::fmt::Write as _;

use super::mark::{Anchor, Mark, Paint, Place, Shape};
use super::paint::{STYLE, classes};
use super::{Figure, HEADING, MARGIN, WIDTH};

/// A file of its own.
pub(super) fn alone(figure: &Figure) -> String {
    let (wide, high) = figure.framed();
    let (left, top) = (-MARGIN, -MARGIN - HEADING);
    let frame = format!("{} {} {} {}", place(left), place(top), place(wide), place(high));
    let ground = Mark { shape: Shape::Bar((left, top), wide, high), paint: Paint::Paper, says: String::new() };
    let mut within = format!("<style>\n{STYLE}</style>\n");
    drawn(&ground, &mut within);
    drawn(&figure.heading(), &mut within);
    let attributes =
        format!(" xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\"", place(wide), place(high));
    written(figure, &attributes, &frame, &within)
}

/// A part of a page, which says the colours and needs no namespace.
pub(super) fn element(figure: &Figure) -> String {
    let height = place(figure.height);
    let attributes = format!(" width=\"{WIDTH}\" height=\"{height}\"");
    written(figure, &attributes, &format!("0 0 {WIDTH} {height}"), "")
}

fn written(figure: &Figure, attributes: &str, frame: &str, within: &str) -> String {
    let id = escaped(&figure.id);
    let mut svg = format!(
        "<svg{attributes} class=\"figure\" role=\"img\" aria-labelledby=\"{id}-title {id}-says\" viewBox=\"{frame}\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-says\">{}</desc>\n{within}",
        escaped(&figure.title),
        escaped(&figure.description)
    );
    for mark in &figure.marks {
        drawn(mark, &mut svg);
    }
    svg.push_str("</svg>\n");
    svg
}

fn drawn(mark: &Mark, svg: &mut String) {
    let class = classes(mark.paint);
    let (name, attributes, text) = match &mark.shape {
        Shape::Line(places) => ("polyline", format!("points=\"{}\"", points(places)), String::new()),
        Shape::Area(places) => ("polygon", format!("points=\"{}\"", points(places)), String::new()),
        Shape::Bar((x, y), width, height) => (
            "rect",
            format!(
                "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
                place(*x),
                place(*y),
                place(*width),
                place(*height)
            ),
            String::new(),
        ),
        Shape::Dot((x, y), r) => {
            ("circle", format!("cx=\"{}\" cy=\"{}\" r=\"{}\"", place(*x), place(*y), place(*r)), String::new())
        }
        Shape::Words { at: (x, y), text, anchor, size } => {
            let anchor = match anchor {
                Anchor::Start => "",
                Anchor::Middle => " text-anchor=\"middle\"",
                Anchor::End => " text-anchor=\"end\"",
            };
            let attributes = format!("x=\"{}\" y=\"{}\" font-size=\"{}\"{anchor}", place(*x), place(*y), place(*size));
            ("text", attributes, escaped(text))
        }
    };
    let says = if mark.says.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(&mark.says)) };
    // Writing to a text cannot fail.
    let _ = if text.is_empty() && says.is_empty() {
        writeln!(svg, "<{name} class=\"{class}\" {attributes}/>")
    } else {
        writeln!(svg, "<{name} class=\"{class}\" {attributes}>{text}{says}</{name}>")
    };
}

fn points(places: &[Place]) -> String {
    let all: Vec<String> = places.iter().map(|(x, y)| format!("{},{}", place(*x), place(*y))).collect();
    all.join(" ")
}

/// To a hundredth, which nobody sees.
fn place(value: f64) -> String {
    let text = format!("{:.2}", value + 0.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// As text in XML and in an attribute. What XML cannot say is left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter if letter.is_control() && !matches!(letter, '\n' | '\t') => {}
            letter => safe.push(letter),
        }
    }
    safe
}
