//! Where a new rule belongs: in the layer that reads the same field, or one that reads the same record.

use super::card::Card;
use crate::history::Column;

/// The place of the layer.
pub(super) fn layer(card: &Card, column: Option<&Column>) -> usize {
    let counts = |place: usize| card.layers.get(place).is_some_and(|layer| layer.weight > 0.0);
    let first = (0..card.layers.len()).find(|place| counts(*place)).unwrap_or(0);
    let Some(path) = column.and_then(|column| column.path.as_ref()) else { return first };
    let reads = |same: &dyn Fn(&compiler::program::FieldPath) -> bool| {
        let layers = card.layers.iter().enumerate().filter(|(place, _)| counts(*place));
        let ranked = layers.map(|(place, layer)| (layer.reads.iter().filter(|path| same(path)).count(), place));
        ranked.filter(|(reads, _)| *reads > 0).max_by_key(|(reads, place)| (*reads, usize::MAX - place))
    };
    let same_field = reads(&|known| known == path);
    let same_record = || reads(&|known| known.relations == path.relations);
    same_field.or_else(same_record).map_or(first, |(_, place)| place)
}
