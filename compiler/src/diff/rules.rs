//! The rules of a layer side by side: which is the same one with other points, other words, or another condition.

use smol_str::SmolStr;

use super::{Area, Both, Changes, Side, reason, without_equal};
use crate::program::{Fixed, Layer, Rule, RuleForm};

/// A rule with what it is known by.
#[derive(Clone)]
struct Known {
    points: Fixed,
    form: String,
    cap: Option<Fixed>,
    words: String,
    because: Option<SmolStr>,
}

fn known(side: &Side<'_>, layer: &Layer) -> Vec<Known> {
    let fading = layer.half_life.is_some_and(|half_life| half_life.0 > 0);
    let of = |rule: &Rule| {
        let (form, cap) = match &rule.form {
            RuleForm::Each { query, up_to } => (format!("each {}", side.normal.query(query)), Some(*up_to)),
            form @ RuleForm::When(_) => (side.normal.rule(form, fading), None),
        };
        let words = match rule.form {
            RuleForm::When(_) => format!("when {}", rule.words),
            RuleForm::Each { .. } => rule.words.split(", up to").next().unwrap_or_default().to_owned(),
        };
        Known { points: rule.points, form, cap, words, because: rule.because.clone() }
    };
    layer.rules.iter().map(of).collect()
}

impl Known {
    fn sentence(&self) -> String {
        let cap = self.cap.map(|cap| format!(", up to {cap}")).unwrap_or_default();
        format!("{} {}{cap}", signed(self.points), self.words)
    }
}

/// All rules of a layer that is new.
pub(super) fn all(both: &Both<'_>, of: &str, layer: &Layer, changes: &mut Changes) {
    for rule in known(&both.after, layer) {
        changes.added(Area::Scores, of, format!("gives {}", rule.sentence()));
    }
}

pub(super) fn compare(both: &Both<'_>, of: &str, before: &Layer, after: &Layer, changes: &mut Changes) {
    let (mut gone, mut added) = (known(&both.before, before), known(&both.after, after));
    let same =
        |one: &Known, other: &Known| one.form == other.form && one.points == other.points && one.cap == other.cap;
    without_equal(&mut gone, &mut added, |one, other| same(one, other) && one.because == other.because);
    // The same rule in other words.
    pair(&mut gone, &mut added, same, |old, new| {
        let (was, is) = (reason(old.because.as_ref()), reason(new.because.as_ref()));
        let words = format!("gives {}{is} (was{was})", new.sentence());
        changes.only_words(Area::Scores, of, words);
    });
    pair(
        &mut gone,
        &mut added,
        |one, other| one.form == other.form,
        |old, new| {
            if old.points != new.points {
                let (was, is) = (signed(old.points), signed(new.points));
                changes.changed(Area::Scores, of, format!("gives {} (was {was})", new.sentence()), was, is);
            } else {
                let cap = |rule: &Known| rule.cap.map(|cap| cap.to_string()).unwrap_or_default();
                let words = format!("gives {} (was up to {})", new.sentence(), cap(old));
                changes.changed(Area::Scores, of, words, cap(old), cap(new));
            }
        },
    );
    // One reason is one rule, whatever its condition has become.
    let same_reason = |one: &Known, other: &Known| one.because.is_some() && one.because == other.because;
    let another = |old: &Known, new: &Known, changes: &mut Changes| {
        let words = if new.sentence() == old.sentence() {
            format!("gives {}, which means something else now", new.sentence())
        } else {
            format!("gives {} (was {})", new.sentence(), old.sentence())
        };
        changes.changed(Area::Scores, of, words, old.sentence(), new.sentence());
    };
    pair(&mut gone, &mut added, same_reason, |old, new| another(old, new, changes));
    // Neither a reason nor a condition: the same words with another meaning, because what they name has changed.
    let same_words = |one: &Known, other: &Known| one.words == other.words;
    pair(&mut gone, &mut added, same_words, |old, new| {
        let words = format!("gives {}, which means something else now", new.sentence());
        changes.changed(Area::Scores, of, words, old.sentence(), new.sentence());
    });
    for rule in added {
        changes.added(Area::Scores, of, format!("now gives {}", rule.sentence()));
    }
    for rule in gone {
        changes.removed(Area::Scores, of, format!("no longer gives {}", rule.sentence()));
    }
}

/// Takes pairs out of both lists.
fn pair(
    gone: &mut Vec<Known>,
    added: &mut Vec<Known>,
    belong: impl Fn(&Known, &Known) -> bool,
    mut told: impl FnMut(&Known, &Known),
) {
    gone.retain(|old| match added.iter().position(|new| belong(old, new)) {
        Some(place) => {
            told(old, &added.remove(place));
            false
        }
        None => true,
    });
}

fn signed(points: Fixed) -> String {
    if points.0 < 0 { points.to_string() } else { format!("+{points}") }
}
