//! Scores side by side: which belong together, whether they are proven the same, and what of them changed.

use serde::Serialize;
use smol_str::SmolStr;

use super::{Area, Both, Changes, Kind, reason, rules, same_score};
use crate::checks::range_of;
use crate::program::{Kill, LabelId, Layer, Score, ScoreId, ScoreRef};

/// A layer with its place in the score.
type Numbered<'a> = (u32, &'a Layer);

/// Two scores that are one to the reader, or one that has no other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pairing {
    /// By the later name, where there is one.
    pub name: SmolStr,
    /// In the earlier Program.
    #[serde(skip)]
    pub before: Option<ScoreId>,
    /// In the later one.
    #[serde(skip)]
    pub after: Option<ScoreId>,
    /// Proven: one value, range and route for every record.
    pub same: bool,
}

pub(super) fn pairs(both: &Both<'_>) -> Vec<Pairing> {
    let (before, after) = (both.before.program, both.after.program);
    let mut pairs: Vec<Pairing> = (0..)
        .zip(&after.scores)
        .map(|(id, score)| {
            let known = before.score(&score.name);
            let same = known.is_some_and(|known| same_score((before, known), (after, ScoreId(id))));
            Pairing { name: score.name.clone(), before: known, after: Some(ScoreId(id)), same }
        })
        .collect();
    for (id, score) in (0..).zip(&before.scores) {
        if after.score(&score.name).is_some() {
            continue;
        }
        let id = ScoreId(id);
        let renamed = pairs.iter_mut().find(|pair| {
            pair.before.is_none() && pair.after.is_some_and(|other| same_score((before, id), (after, other)))
        });
        match renamed {
            Some(pair) => (pair.before, pair.same) = (Some(id), true),
            None => pairs.push(Pairing { name: score.name.clone(), before: Some(id), after: None, same: false }),
        }
    }
    pairs
}

pub(super) fn compare(both: &Both<'_>, changes: &mut Changes) {
    for pair in pairs(both) {
        let old = pair.before.and_then(|id| both.before.program.scores.get(id.index()));
        let new = pair.after.and_then(|id| both.after.program.scores.get(id.index()));
        let name = pair.name.as_str();
        match (old, new) {
            (None, Some(new)) => {
                let words = format!("is a new score of {}", both.after.words.entity(new.entity));
                changes.added(Area::Scores, name, words);
            }
            (Some(_), None) => changes.removed(Area::Scores, name, "is gone"),
            (Some(old), Some(new)) => {
                if old.name != new.name {
                    changes.push(Area::Scores, name, Kind::Renamed, format!("was called {}", old.name));
                }
                Comparing { both, old, new, changes }.all((pair.before, pair.after));
            }
            (None, None) => {}
        }
    }
}

struct Comparing<'a, 'p> {
    both: &'a Both<'p>,
    old: &'a Score,
    new: &'a Score,
    changes: &'a mut Changes,
}

impl Comparing<'_, '_> {
    fn all(&mut self, ids: (Option<ScoreId>, Option<ScoreId>)) {
        let name = self.new.name.as_str();
        let (was, is) = (self.both.before.words.entity(self.old.entity), self.both.after.words.entity(self.new.entity));
        self.changes.value(Area::Scores, name, "is of", was, is);
        let how = |score: &Score| if score.weighted { "by weights" } else { "as a plain sum" };
        self.changes.value(Area::Scores, name, "adds up", how(self.old), how(self.new));
        self.layers(ids);
        self.range(name, ids, None);
        self.routes();
        let trust = |score: &Score| {
            score.trust_after.map_or_else(|| "at once".to_owned(), |after| format!("after {after} decisions"))
        };
        self.changes.value(Area::Scores, name, "is trusted", &trust(self.old), &trust(self.new));
        let kill = |side: &super::Side<'_>, score: &Score| {
            score.kill.as_ref().map_or_else(|| "never".to_owned(), |kill| kill_words(side, kill))
        };
        let (was, is) = (kill(&self.both.before, self.old), kill(&self.both.after, self.new));
        self.changes.value(Area::Scores, name, "is given up", &was, &is);
    }

    /// How far it can go.
    fn range(&mut self, of: &str, ids: (Option<ScoreId>, Option<ScoreId>), layers: Option<(u32, u32)>) {
        let (Some(before), Some(after)) = ids else { return };
        let was = range_of(self.both.before.program, ScoreRef { score: before, layer: layers.map(|layers| layers.0) });
        let is = range_of(self.both.after.program, ScoreRef { score: after, layer: layers.map(|layers| layers.1) });
        if was != is {
            let words = |range: crate::checks::Range| format!("from {} to {}", range.low, range.high);
            let (was, is) = (words(was), words(is));
            self.changes.changed(Area::Scores, of, format!("can go {is} (was {was})"), was, is);
        }
    }

    fn layers(&mut self, ids: (Option<ScoreId>, Option<ScoreId>)) {
        let mut left: Vec<(u32, &Layer)> = (0..).zip(&self.old.layers).collect();
        let mut found: Vec<(Option<Numbered<'_>>, Numbered<'_>)> = Vec::new();
        for (at, layer) in (0_u32..).zip(&self.new.layers) {
            let place = left.iter().position(|(_, known)| known.name == layer.name);
            found.push((place.map(|place| left.remove(place)), (at, layer)));
        }
        // A layer that does the same under another name.
        for (known, (at, _)) in found.iter_mut().filter(|(known, _)| known.is_none()) {
            let form = self.both.after.normal.layer(self.new, *at as usize);
            let place = left.iter().position(|(old, _)| self.both.before.normal.layer(self.old, *old as usize) == form);
            *known = place.map(|place| left.remove(place));
        }
        for (known, (at, layer)) in found {
            let of = self.layer_name(layer);
            let Some((old_at, old)) = known else {
                self.changes.added(Area::Scores, of.as_str(), format!("is a new layer{}", weight_words(layer)));
                rules::all(self.both, &of, layer, self.changes);
                continue;
            };
            if old.name != layer.name {
                let was = old.name.as_ref().map_or("nothing", SmolStr::as_str);
                self.changes.push(Area::Scores, of.as_str(), Kind::Renamed, format!("was called {was}"));
            }
            let weight = |layer: &Layer| layer.weight.map_or_else(|| "none".to_owned(), |weight| format!("{weight}%"));
            self.changes.value(Area::Scores, &of, "has weight", &weight(old), &weight(layer));
            let fading = |layer: &Layer| {
                layer.half_life.map_or_else(
                    || "does not fade".to_owned(),
                    |half_life| format!("fades by half every {}", super::words::duration(half_life)),
                )
            };
            let (was, is) = (fading(old), fading(layer));
            if was != is {
                self.changes.changed(Area::Scores, of.as_str(), format!("{is} (was: {was})"), was, is);
            }
            let once = |side: &super::Side<'_>, layer: &Layer| {
                layer.once.map_or_else(
                    || "always".to_owned(),
                    |event| format!("once {} is reported", side.words.event(event)),
                )
            };
            let (was, is) = (once(&self.both.before, old), once(&self.both.after, layer));
            self.changes.value(Area::Scores, &of, "counts", &was, &is);
            rules::compare(self.both, &of, old, layer, self.changes);
            if self.new.layers.len() > 1 || self.old.layers.len() > 1 {
                self.range(&of, ids, Some((old_at, at)));
            }
        }
        for (_, layer) in left {
            let of = self.layer_name(layer);
            self.changes.removed(Area::Scores, of, format!("is gone{}", weight_words(layer)));
        }
    }

    /// `icp.behavioral`, or the score's own name for rules that stand in no layer.
    fn layer_name(&self, layer: &Layer) -> String {
        let name = &self.new.name;
        layer.name.as_ref().map_or_else(|| name.to_string(), |layer| format!("{name}.{layer}"))
    }

    fn routes(&mut self) {
        let name = self.new.name.as_str();
        let list = |side: &super::Side<'_>, score: &Score| -> Vec<Line> {
            let label = |id: LabelId| score.labels.get(id.index()).cloned().unwrap_or_default();
            let line = |line: &crate::program::RouteLine| Line {
                label: label(line.label),
                form: line
                    .condition
                    .as_ref()
                    .map_or_else(|| "otherwise".to_owned(), |when| side.normal.condition(when)),
                words: line
                    .condition
                    .as_ref()
                    .map_or_else(|| "otherwise".to_owned(), |_| format!("when {}", line.words)),
                because: line.because.clone(),
            };
            score.routes.iter().map(line).collect()
        };
        let (old, new) = (list(&self.both.before, self.old), list(&self.both.after, self.new));
        let (mut gone, mut added) = (old.clone(), new.clone());
        let same = |one: &Line, other: &Line| one.label == other.label && one.form == other.form;
        super::without_equal(&mut gone, &mut added, same);
        let only_moved = gone.is_empty() && added.is_empty();
        for line in &added {
            let place = gone.iter().position(|known| known.label == line.label);
            let words = format!("`{}` {}", line.label, line.words);
            match place.map(|place| gone.remove(place)) {
                Some(known) => {
                    let before = known.words.strip_prefix("when ").unwrap_or(&known.words);
                    let words = format!("routes {words} (was {before})");
                    self.changes.changed(Area::Scores, name, words, known.words, line.words.as_str());
                }
                None => self.changes.added(Area::Scores, name, format!("now routes {words}")),
            }
        }
        for line in &gone {
            self.changes.removed(Area::Scores, name, format!("no longer routes `{}` {}", line.label, line.words));
        }
        if only_moved && !old.iter().zip(&new).all(|(one, other)| same(one, other)) {
            let words = |lines: &[Line]| {
                lines.iter().map(|line| format!("{} {}", line.label, line.words)).collect::<Vec<_>>().join("; ")
            };
            let (was, is) = (words(&old), words(&new));
            self.changes.changed(Area::Scores, name, format!("tries its routes in another order: {is}"), was, is);
        }
        for line in &new {
            let known = old.iter().find(|known| same(known, line));
            if let Some(known) = known.filter(|known| known.because != line.because) {
                let words = format!(
                    "routes `{}`{} (was{})",
                    line.label,
                    reason(line.because.as_ref()),
                    reason(known.because.as_ref())
                );
                self.changes.only_words(Area::Scores, name, words);
            }
        }
    }
}

#[derive(Clone)]
struct Line {
    label: SmolStr,
    form: String,
    words: String,
    because: Option<SmolStr>,
}

fn weight_words(layer: &Layer) -> String {
    layer.weight.map(|weight| format!(" of weight {weight}%")).unwrap_or_default()
}

fn kill_words(side: &super::Side<'_>, kill: &Kill) -> String {
    let paused: Vec<&str> = kill.pause.iter().map(|workflow| side.words.workflow(*workflow)).collect();
    let pauses = if paused.is_empty() { String::new() } else { format!(", which pauses {}", paused.join(" and ")) };
    let asks = kill.ask.as_ref().map(|(whom, by_layer)| {
        let whom = whom.as_ref().map_or("a person", SmolStr::as_str);
        format!(" and asks {whom}{}", if *by_layer { " to look at it by layer" } else { "" })
    });
    format!(
        "when {} scored bring fewer than {} {} within {}{pauses}{}",
        kill.scored,
        kill.fewer_than,
        side.words.event(kill.event),
        kill.within,
        asks.unwrap_or_default()
    )
}
