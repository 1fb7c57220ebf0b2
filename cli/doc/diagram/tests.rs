//! What must hold of every drawing, on graphs that nobody would write as well.

use proptest::prelude::*;

use super::*;

fn size() -> impl Strategy<Value = Size> {
    (60.0..200.0, 14.0..80.0).prop_map(|(width, height)| Size { width, height })
}

fn graph() -> impl Strategy<Value = Graph> {
    let node = (size(), prop::option::weighted(0.2, size())).prop_map(|(size, around)| Node { size, around });
    prop::collection::vec(node, 1..17).prop_flat_map(|nodes| {
        let count = nodes.len();
        let edge = (0..count, 0..count, size()).prop_map(|(from, to, label)| Edge { from, to, label });
        let edges = prop::collection::vec(edge, 0..40);
        (Just(nodes), edges).prop_map(|(nodes, edges)| Graph {
            nodes,
            edges: edges.into_iter().filter(|edge| edge.from != edge.to).collect(),
        })
    })
}

/// All boxes of a drawing: nodes with what goes around them, labels.
fn boxes(drawing: &Drawing) -> Vec<Rectangle> {
    let around = drawing.around.iter().zip(&drawing.nodes).filter_map(|(label, node)| {
        // From the node's side to the end of the label: the loop itself is in between.
        label.map(|label| Rectangle {
            x: node.x + node.width,
            width: label.x + label.width - node.x - node.width,
            ..label
        })
    });
    drawing.nodes.iter().chain(&drawing.labels).copied().chain(around).collect()
}

fn overlap(one: &Rectangle, other: &Rectangle) -> bool {
    let inside = |a: f64, a_width: f64, b: f64, b_width: f64| a + a_width > b + 0.01 && b + b_width > a + 0.01;
    inside(one.x, one.width, other.x, other.width) && inside(one.y, one.height, other.y, other.height)
}

fn has(rectangle: &Rectangle, point: Point) -> bool {
    point.x > rectangle.x + 0.01
        && point.x < rectangle.x + rectangle.width - 0.01
        && point.y > rectangle.y + 0.01
        && point.y < rectangle.y + rectangle.height - 0.01
}

/// Points along a line, close enough that no box fits between two.
fn points(line: &Line) -> Vec<Point> {
    let mut points = Vec::new();
    for step in 0..=100 {
        let t = f64::from(step) / 100.0;
        points.push(Point { x: line.from.x, y: line.from.y + (line.bend - line.from.y) * t });
        let middle = (line.bend + line.until) / 2.0;
        let (a, b, c, d) = ((1.0 - t).powi(3), 3.0 * (1.0 - t).powi(2) * t, 3.0 * (1.0 - t) * t * t, t.powi(3));
        points.push(Point {
            x: (a + b) * line.from.x + (c + d) * line.to.x,
            y: a * line.bend + (b + c) * middle + d * line.until,
        });
        points.push(Point { x: line.to.x, y: line.until + (line.to.y - line.until) * t });
    }
    points
}

/// An edge's lines, walked from its source to its label and on: the nodes that can be reached.
fn reached(drawing: &Drawing, from: Rectangle, back: bool) -> Vec<usize> {
    let ends = |line: &Line| if back { (line.to, line.from) } else { (line.from, line.to) };
    let on_side = |point: Point, of: &Rectangle, upper: bool| {
        let y = if upper { of.y } else { of.y + of.height };
        (point.y - y).abs() < 0.01 && point.x > of.x - 0.01 && point.x < of.x + of.width + 0.01
    };
    let near = |one: Point, other: Point| (one.x - other.x).abs() < 0.01 && (one.y - other.y).abs() < 0.01;
    let lines: Vec<&Line> = drawing.lines.iter().filter(|line| line.back == back).collect();
    let mut next: Vec<&Line> = lines.iter().copied().filter(|line| on_side(ends(line).0, &from, back)).collect();
    let mut found = Vec::new();
    let mut steps = 0;
    while let Some(line) = next.pop() {
        steps += 1;
        assert!(steps < 10_000, "lines in a circle");
        let end = ends(line).1;
        found.extend(drawing.nodes.iter().enumerate().filter(|(_, node)| on_side(end, node, !back)).map(|(at, _)| at));
        next.extend(lines.iter().copied().filter(|after| near(ends(after).0, end)));
    }
    found.sort_unstable();
    found.dedup();
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_box_stands_on_another(graph in graph()) {
        let boxes = boxes(&layout(&graph));
        for (at, one) in boxes.iter().enumerate() {
            for other in boxes.iter().skip(at + 1) {
                prop_assert!(!overlap(one, other), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn no_line_crosses_a_box(graph in graph()) {
        let drawing = layout(&graph);
        let boxes = boxes(&drawing);
        for line in &drawing.lines {
            for point in points(line) {
                prop_assert!(!boxes.iter().any(|known| has(known, point)), "{line:?} {point:?}");
            }
        }
    }

    #[test]
    fn everything_is_inside(graph in graph()) {
        let drawing = layout(&graph);
        let whole = Rectangle { x: 0.0, y: 0.0, width: drawing.size.width, height: drawing.size.height };
        for known in boxes(&drawing) {
            prop_assert!(known.x >= 0.0 && known.x + known.width <= whole.width + 0.01, "{known:?}");
            prop_assert!(known.y >= 0.0 && known.y + known.height <= whole.height + 0.01, "{known:?}");
        }
        for line in &drawing.lines {
            prop_assert!(points(line).iter().all(|point| has(&whole, *point)), "{line:?}");
        }
    }

    #[test]
    fn every_label_leads_to_the_node_that_its_arrow_is_for_and_to_no_other(graph in graph()) {
        let drawing = layout(&graph);
        for ((edge, label), back) in graph.edges.iter().zip(&drawing.labels).zip(&drawing.back) {
            prop_assert_eq!(reached(&drawing, *label, *back), vec![edge.to]);
            let (from, to) = (drawing.nodes[edge.from], drawing.nodes[edge.to]);
            prop_assert_eq!(*back, to.y < from.y);
        }
    }

    #[test]
    fn the_same_graph_is_drawn_the_same(graph in graph()) {
        prop_assert_eq!(layout(&graph), layout(&graph));
    }
}
