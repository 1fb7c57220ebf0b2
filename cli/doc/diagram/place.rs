//! Where the items stand: beside each other as near as they may to what they are joined with, and the layers below each other.

use std::collections::{BTreeMap, BTreeSet};

use super::items::{DOT, Item, Kind, Layers, Link};
use super::rank::Ranks;
use super::{Arrow, BESIDE_LOOP, Drawing, Graph, LOOP, Line, Point, Rectangle, Size};

/// Around the drawing.
const MARGIN: f64 = 12.0;
/// Between two items of a layer.
const BESIDE: f64 = 16.0;
/// Between a line that passes and its neighbour.
const BESIDE_LINE: f64 = 10.0;
/// Between two layers; more where lines go far aside.
const BELOW: f64 = 22.0;
/// A layer of nodes leaves room for the heads of arrows above it.
const FOR_HEADS: f64 = 8.0;
/// So often down and up, and then by both neighbours at once.
const ROUNDS: usize = 20;
/// How much straighter a line that passes wants to be than one that ends.
const STRAIGHT: f64 = 24.0;
/// Between two lines that leave a node on one side.
const BETWEEN_PORTS: f64 = 28.0;

/// Places the items and draws the lines.
pub(super) fn place(graph: &Graph, ranks: &Ranks, layers: &Layers) -> Drawing {
    let ports = ports(layers);
    let middles = middles(layers, &ports);
    let bands = bands(layers, &ports, &middles);
    let mut drawing = Drawing {
        nodes: vec![Rectangle::default(); graph.nodes.len()],
        labels: vec![Rectangle::default(); graph.edges.len()],
        around: vec![None; graph.nodes.len()],
        back: ranks.back.clone(),
        ..Drawing::default()
    };
    let mut rectangles = Vec::with_capacity(layers.items.len());
    for (at, item) in layers.items.iter().enumerate() {
        let middle = middles.get(at).copied().unwrap_or_default();
        let band = bands.get(at).copied().unwrap_or_default();
        let rectangle = rectangle(graph, ranks, item, middle, band);
        rectangles.push(rectangle);
        match item.kind {
            Kind::Start => drawing.start = Some(Point { x: middle, y: rectangle.y + DOT }),
            Kind::Label(edge) => drawing.labels.get_mut(edge).into_iter().for_each(|label| *label = rectangle),
            Kind::Passing => {}
            Kind::Node(node) => {
                drawing.nodes.get_mut(node).into_iter().for_each(|known| *known = rectangle);
                if let (Some(place), Some(label)) =
                    (drawing.around.get_mut(node), graph.nodes.get(node).and_then(|node| node.around))
                {
                    let x = rectangle.x + rectangle.width + LOOP + BESIDE_LOOP;
                    let y = rectangle.y + (rectangle.height - label.height) / 2.0;
                    *place = Some(Rectangle { x, y, width: label.width, height: label.height });
                }
            }
        }
        let right = middle + item.right + MARGIN;
        drawing.size.width = drawing.size.width.max(right);
        drawing.size.height = drawing.size.height.max(band.bottom + MARGIN);
    }
    for (link, port) in layers.links.iter().zip(&ports) {
        line(layers, *link, *port, &rectangles, &middles, &bands, &mut drawing);
    }
    drawing.size = Size { width: drawing.size.width.ceil(), height: drawing.size.height.ceil() };
    drawing
}

/// Where a link ends, aside of the middle of the item above and of that below.
#[derive(Clone, Copy, Debug, Default)]
struct Port {
    upper: f64,
    lower: f64,
}

/// By link. Arrows to a node share one port on each side; each that leaves has its own, in the order of where they lead.
fn ports(layers: &Layers) -> Vec<Port> {
    let mut places = vec![0.0; layers.items.len()];
    for layer in &layers.layers {
        let middle = layer.len() as f64 / 2.0;
        for (place, item) in layer.iter().enumerate() {
            places.get_mut(*item).into_iter().for_each(|known| *known = place as f64 - middle);
        }
    }
    let place = |item: usize| places.get(item).copied().unwrap_or_default();
    let mut ports = vec![Port::default(); layers.links.len()];
    for (at, item) in layers.items.iter().enumerate() {
        if !matches!(item.kind, Kind::Node(_)) {
            continue;
        }
        for below in [true, false] {
            let mut leaving: Vec<(f64, Vec<usize>)> = Vec::new();
            let mut arriving: Vec<usize> = Vec::new();
            for (number, link) in layers.links.iter().enumerate() {
                let (here, other) = if below { (link.upper, link.lower) } else { (link.lower, link.upper) };
                match (here == at, link.back == below) {
                    (true, true) => arriving.push(number),
                    (true, false) => leaving.push((place(other), vec![number])),
                    (false, _) => {}
                }
            }
            if !arriving.is_empty() {
                let links = arriving.iter().filter_map(|number| layers.links.get(*number));
                let sum: f64 = links.map(|link| place(if below { link.lower } else { link.upper })).sum();
                leaving.push((sum / arriving.len() as f64, arriving));
            }
            leaving.sort_by(|left, right| left.0.total_cmp(&right.0));
            let width = item.left * 2.0 - 36.0;
            let count = leaving.len();
            let between = if count > 1 { BETWEEN_PORTS.min(width / (count - 1) as f64) } else { 0.0 };
            for (place, (_, links)) in leaving.into_iter().enumerate() {
                let aside = (place as f64 - (count - 1) as f64 / 2.0) * between;
                for number in links {
                    let Some(port) = ports.get_mut(number) else { continue };
                    *(if below { &mut port.upper } else { &mut port.lower }) = aside;
                }
            }
        }
    }
    ports
}

/// By item, where its middle is from the left.
fn middles(layers: &Layers, ports: &[Port]) -> Vec<f64> {
    let mut middles = vec![0.0; layers.items.len()];
    let depth = layers.layers.len();
    for layer in 0..depth {
        settle(layers, layer, &mut middles, |_| None);
    }
    for round in 0..4 * ROUNDS {
        let both = round >= 2 * ROUNDS;
        let down = round % 2 == 0;
        for step in 0..depth {
            let layer = if down { step } else { depth - 1 - step };
            let known = middles.clone();
            settle(layers, layer, &mut middles, |item| {
                wanted(layers, ports, &known, item, down || both, !down || both)
            });
        }
    }
    straighten(layers, &mut middles);
    let first = |item: (&Item, &f64)| item.1 - item.0.left;
    let left = layers.items.iter().zip(&middles).map(first).fold(f64::INFINITY, f64::min);
    middles.iter().map(|middle| middle - left + MARGIN).collect()
}

/// Where an item would stand if it were alone, and how much it wants that.
fn wanted(
    layers: &Layers,
    ports: &[Port],
    middles: &[f64],
    item: usize,
    from_above: bool,
    from_below: bool,
) -> Option<(f64, f64)> {
    let (mut sum, mut weight) = (0.0, 0.0);
    let is_line = |item: usize| layers.items.get(item).is_some_and(|item| item.kind == Kind::Passing);
    for (link, port) in layers.links.iter().zip(ports) {
        let (other, aside) = match (link.lower == item && from_above, link.upper == item && from_below) {
            (true, _) => (link.upper, port.upper - port.lower),
            (_, true) => (link.lower, port.lower - port.upper),
            _ => continue,
        };
        let pull = if is_line(item) && is_line(other) { STRAIGHT } else { 1.0 };
        sum += pull * (middles.get(other).copied().unwrap_or_default() + aside);
        weight += pull;
    }
    (weight > 0.0).then(|| (sum / weight, weight))
}

/// Places a layer's items as near as can be to where they want to be, without exchanging or touching any: the least squares under
/// an order, by pooling adjacent violators.
fn settle(layers: &Layers, layer: usize, middles: &mut [f64], wanted: impl Fn(usize) -> Option<(f64, f64)>) {
    struct Pool {
        sum: f64,
        weight: f64,
        items: usize,
    }
    let Some(order) = layers.layers.get(layer) else { return };
    let mut pools: Vec<Pool> = Vec::new();
    let mut offsets = Vec::with_capacity(order.len());
    let (mut offset, mut before): (f64, Option<&Item>) = (0.0, None);
    for at in order {
        let Some(item) = layers.items.get(*at) else { continue };
        if let Some(before) = before {
            offset += apart(before, item);
        }
        before = Some(item);
        offsets.push(offset);
        let own = middles.get(*at).copied().unwrap_or_default();
        let (want, weight) = wanted(*at).unwrap_or((own, 0.05));
        pools.push(Pool { sum: (want - offset) * weight, weight, items: 1 });
        while let [.., left, right] = pools.as_slice()
            && left.sum / left.weight > right.sum / right.weight
        {
            let (Some(right), Some(left)) = (pools.pop(), pools.last_mut()) else { break };
            left.sum += right.sum;
            left.weight += right.weight;
            left.items += right.items;
        }
    }
    let means = pools.iter().flat_map(|pool| std::iter::repeat_n(pool.sum / pool.weight, pool.items));
    for ((at, offset), mean) in order.iter().zip(offsets).zip(means) {
        middles.get_mut(*at).into_iter().for_each(|middle| *middle = mean + offset);
    }
}

/// How far the middles of two neighbours are apart at least.
fn apart(left: &Item, right: &Item) -> f64 {
    let is_line = left.kind == Kind::Passing || right.kind == Kind::Passing;
    left.right + right.left + if is_line { BESIDE_LINE } else { BESIDE }
}

/// Lets a line pass as many layers as it can at one place, where its neighbours leave room for that.
fn straighten(layers: &Layers, middles: &mut [f64]) {
    let is_line = |item: usize| layers.items.get(item).is_some_and(|item| item.kind == Kind::Passing);
    let next: BTreeMap<usize, usize> = layers
        .links
        .iter()
        .filter(|link| is_line(link.upper) && is_line(link.lower))
        .map(|link| (link.upper, link.lower))
        .collect();
    let mut done = BTreeSet::new();
    for item in layers.layers.iter().flatten().copied().filter(|item| is_line(*item)) {
        let (mut run, mut room) = (Vec::new(), (f64::NEG_INFINITY, f64::INFINITY));
        let mut at = Some(item);
        while let Some(item) = at.filter(|item| !done.contains(item)) {
            let (left, right) = room_of(layers, middles, item);
            let met = (left.max(room.0), right.min(room.1));
            if met.0 > met.1 {
                break;
            }
            room = met;
            run.push(item);
            done.insert(item);
            at = next.get(&item).copied();
        }
        let sum: f64 = run.iter().filter_map(|item| middles.get(*item)).sum();
        // Room that is not left at all, by a rounding, is none.
        let place = (sum / run.len() as f64).max(room.0).min(room.1);
        for item in run {
            middles.get_mut(item).into_iter().for_each(|middle| *middle = place);
        }
    }
}

/// From where to where the middle of an item may be without touching its neighbours.
fn room_of(layers: &Layers, middles: &[f64], item: usize) -> (f64, f64) {
    let mut room = (f64::NEG_INFINITY, f64::INFINITY);
    for layer in layers.layers.iter().filter(|layer| layer.contains(&item)) {
        for pair in layer.windows(2) {
            let [left, right] = pair else { continue };
            let (Some(one), Some(other)) = (layers.items.get(*left), layers.items.get(*right)) else { continue };
            let middle = |item: usize| middles.get(item).copied().unwrap_or_default();
            if *right == item {
                room.0 = middle(*left) + apart(one, other);
            }
            if *left == item {
                room.1 = middle(*right) - apart(one, other);
            }
        }
    }
    room
}

/// From where to where a layer reaches.
#[derive(Clone, Copy, Debug, Default)]
struct Band {
    top: f64,
    bottom: f64,
}

/// By item, the band of its layer. Lines that go far aside get more room to bend in.
fn bands(layers: &Layers, ports: &[Port], middles: &[f64]) -> Vec<Band> {
    let mut bands = vec![Band::default(); layers.items.len()];
    let middle = |item: usize| middles.get(item).copied().unwrap_or_default();
    let mut top = MARGIN;
    for layer in &layers.layers {
        let items = layer.iter().filter_map(|at| layers.items.get(*at));
        let height = items.clone().map(|item| item.height).fold(0.0, f64::max);
        for at in layer {
            bands.get_mut(*at).into_iter().for_each(|band| *band = Band { top, bottom: top + height });
        }
        let leaving = layers.links.iter().zip(ports).filter(|(link, _)| layer.contains(&link.upper));
        let aside = leaving
            .map(|(link, port)| (middle(link.upper) + port.upper - middle(link.lower) - port.lower).abs())
            .fold(0.0, f64::max);
        let heads = if items.clone().any(|item| matches!(item.kind, Kind::Node(_))) { 0.0 } else { FOR_HEADS };
        top += height + BELOW + heads + (aside * 0.09).min(34.0);
    }
    bands
}

/// Labels stand next to where their arrow leaves: under the top of their layer, or, where it leads back, above its bottom.
fn rectangle(graph: &Graph, ranks: &Ranks, item: &Item, middle: f64, band: Band) -> Rectangle {
    let (width, height) = match item.kind {
        Kind::Node(node) => graph.nodes.get(node).map(|node| (node.size.width, node.size.height)).unwrap_or_default(),
        Kind::Passing => (0.0, band.bottom - band.top),
        Kind::Start | Kind::Label(_) => (item.left + item.right, item.height),
    };
    let y = match item.kind {
        Kind::Label(edge) if ranks.back.get(edge) == Some(&true) => band.bottom - height,
        Kind::Node(_) => band.top + (item.height - height) / 2.0,
        Kind::Label(_) | Kind::Passing => band.top,
        Kind::Start => band.bottom - height,
    };
    Rectangle { x: middle - item.left, y, width, height }
}

fn line(
    layers: &Layers,
    link: Link,
    port: Port,
    rectangles: &[Rectangle],
    middles: &[f64],
    bands: &[Band],
    drawing: &mut Drawing,
) {
    let (Some(upper), Some(lower)) = (rectangles.get(link.upper), rectangles.get(link.lower)) else { return };
    let (Some(above), Some(below)) = (bands.get(link.upper), bands.get(link.lower)) else { return };
    let middle = |item: usize| middles.get(item).copied().unwrap_or_default();
    let is = |item: usize, wanted: fn(Kind) -> bool| layers.items.get(item).is_some_and(|item| wanted(item.kind));
    let passes = is(link.upper, |kind| kind == Kind::Passing);
    let from = Point { x: middle(link.upper) + port.upper, y: upper.y + if passes { 0.0 } else { upper.height } };
    let to = Point { x: middle(link.lower) + port.lower, y: lower.y };
    drawing.lines.push(Line { from, bend: above.bottom, until: below.top, to, back: link.back });
    let head = match link.back {
        false if is(link.lower, |kind| matches!(kind, Kind::Node(_))) => Arrow { tip: to, up: false },
        true if is(link.upper, |kind| matches!(kind, Kind::Node(_))) => Arrow { tip: from, up: true },
        _ => return,
    };
    if !drawing.arrows.contains(&head) {
        drawing.arrows.push(head);
    }
}
