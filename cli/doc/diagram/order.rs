//! In which order the items of each layer stand, so that few lines cross: barycentres, up and down, and the best that was seen.

use super::items::Layers;

/// So often up and down; what is gained after that is not seen.
const SWEEPS: usize = 24;

/// Orders the layers.
pub(super) fn reduce_crossings(layers: &mut Layers) {
    let mut best: Option<(usize, Vec<Vec<usize>>)> = None;
    for reversed in [false, true] {
        let mut tried = layers.clone();
        if reversed {
            tried.layers.iter_mut().for_each(|layer| layer.reverse());
        }
        for sweep in 0..SWEEPS {
            sort(&mut tried, sweep % 2 == 0);
            exchange_neighbours(&mut tried);
            let found = crossings(&tried);
            if best.as_ref().is_none_or(|(fewest, _)| found < *fewest) {
                best = Some((found, tried.layers.clone()));
            }
        }
    }
    if let Some((_, found)) = best {
        layers.layers = found;
    }
}

/// By item, its place in its layer.
fn places(layers: &Layers) -> Vec<usize> {
    let mut places = vec![0; layers.items.len()];
    for layer in &layers.layers {
        for (place, item) in layer.iter().enumerate() {
            places.get_mut(*item).into_iter().for_each(|known| *known = place);
        }
    }
    places
}

/// Sorts each layer by where its neighbours in the layer before stand.
fn sort(layers: &mut Layers, down: bool) {
    let depth = layers.layers.len();
    for step in 1..depth {
        let at = if down { step } else { depth - 1 - step };
        let places = places(layers);
        let middle = |item: usize| {
            let beside = layers.links.iter().filter_map(|link| match down {
                true => (link.lower == item).then_some(link.upper),
                false => (link.upper == item).then_some(link.lower),
            });
            let (mut sum, mut count) = (0, 0);
            for place in beside.filter_map(|item| places.get(item)) {
                sum += 2 * place;
                count += 1;
            }
            let own = 2 * places.get(item).copied().unwrap_or_default();
            if count == 0 { own as f64 } else { sum as f64 / f64::from(count) }
        };
        let Some(layer) = layers.layers.get(at) else { continue };
        let mut sorted: Vec<(f64, usize)> = layer.iter().map(|item| (middle(*item), *item)).collect();
        sorted.sort_by(|left, right| left.0.total_cmp(&right.0));
        if let Some(layer) = layers.layers.get_mut(at) {
            *layer = sorted.into_iter().map(|(_, item)| item).collect();
        }
    }
}

/// Exchanges neighbours while that helps.
fn exchange_neighbours(layers: &mut Layers) {
    for at in 0..layers.layers.len() {
        let width = layers.layers.get(at).map_or(0, Vec::len);
        for place in 1..width {
            let before = around(layers, at);
            layers.layers.get_mut(at).into_iter().for_each(|layer| layer.swap(place - 1, place));
            if around(layers, at) >= before {
                layers.layers.get_mut(at).into_iter().for_each(|layer| layer.swap(place - 1, place));
            }
        }
    }
}

fn around(layers: &Layers, at: usize) -> usize {
    let places = places(layers);
    let above = if at == 0 { 0 } else { between(layers, &places, at - 1) };
    above + between(layers, &places, at)
}

/// How many pairs of lines cross.
fn crossings(layers: &Layers) -> usize {
    let places = places(layers);
    (0..layers.layers.len()).map(|at| between(layers, &places, at)).sum()
}

/// Crossings between that layer and the next one.
fn between(layers: &Layers, places: &[usize], at: usize) -> usize {
    let Some(layer) = layers.layers.get(at) else { return 0 };
    let here = layers.links.iter().filter(|link| layer.contains(&link.upper));
    let ends: Vec<(usize, usize)> =
        here.filter_map(|link| Some((*places.get(link.upper)?, *places.get(link.lower)?))).collect();
    let mut found = 0;
    for (place, one) in ends.iter().enumerate() {
        let crosses =
            |other: &&(usize, usize)| (one.0 < other.0 && one.1 > other.1) || (one.0 > other.0 && one.1 < other.1);
        found += ends.iter().skip(place + 1).filter(crosses).count();
    }
    found
}
