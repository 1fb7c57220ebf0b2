//! Templates, experiments and rubrics.

use smol_str::SmolStr;

use super::words::duration;
use super::{Area, Both, Changes, Side, paired, without_equal};
use crate::program::{Experiment, Piece, Rubric, RubricText, Subject, Template};

pub(super) fn compare(both: &Both<'_>, changes: &mut Changes) {
    let (before, after) = (both.before.program, both.after.program);
    for pair in paired(&before.templates, &after.templates, |template| template.name.clone()) {
        template(both, pair, changes);
    }
    for pair in paired(&before.experiments, &after.experiments, |experiment| experiment.name.clone()) {
        experiment(both, pair, changes);
    }
    for pair in paired(&before.rubrics, &after.rubrics, |rubric| rubric.name.clone()) {
        rubric(pair, changes);
    }
}

fn template(both: &Both<'_>, pair: (Option<&Template>, Option<&Template>), changes: &mut Changes) {
    match pair {
        (None, Some(new)) => changes.added(Area::Messages, new.name.as_str(), "is a new template"),
        (Some(old), None) => changes.removed(Area::Messages, old.name.as_str(), "is no template any more"),
        (Some(old), Some(new)) => {
            let subject = |side: &Side<'_>, template: &Template| {
                template.subject.as_ref().map_or_else(|| "none".to_owned(), |pieces| filled(side, pieces))
            };
            let of = new.name.as_str();
            changes.value(Area::Messages, of, "has subject", &subject(&both.before, old), &subject(&both.after, new));
            let (was, is) = (filled(&both.before, &old.body), filled(&both.after, &new.body));
            if was != is {
                changes.changed(Area::Messages, of, lines(&was, &is), was, is);
            }
        }
        (None, None) => {}
    }
}

/// The line of a text that is another one, or how many are.
fn lines(was: &str, is: &str) -> String {
    let (mut gone, mut added): (Vec<&str>, Vec<&str>) = (was.lines().collect(), is.lines().collect());
    without_equal(&mut gone, &mut added, |one, other| one == other);
    if let ([was], [is]) = (gone.as_slice(), added.as_slice()) {
        return format!("says \"{}\" (was \"{}\")", is.trim(), was.trim());
    }
    let count = |lines: &[&str]| match lines.len() {
        1 => "1 line".to_owned(),
        number => format!("{number} lines"),
    };
    format!("says other words: {} new, {} gone", count(&added), count(&gone))
}

/// A template as it is written.
fn filled(side: &Side<'_>, pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        let (name, otherwise) = match piece {
            Piece::Literal(literal) => {
                text.push_str(literal);
                continue;
            }
            Piece::Fill { of, field, otherwise } => {
                let of = match of {
                    Subject::Own(entity) => side.words.entity(*entity).to_lowercase(),
                    Subject::Contact => "contact".to_owned(),
                    Subject::Deal => "deal".to_owned(),
                };
                (format!("{of}.{}", side.words.path(field)), otherwise.clone())
            }
            Piece::Sender { field, otherwise } => (format!("sender.{field}"), otherwise.clone()),
            Piece::Client => ("client.name".to_owned(), None),
        };
        let otherwise = otherwise.map(|otherwise| format!(" else \"{otherwise}\"")).unwrap_or_default();
        text.push_str(&format!("{{{name}{otherwise}}}"));
    }
    text
}

fn experiment(both: &Both<'_>, pair: (Option<&Experiment>, Option<&Experiment>), changes: &mut Changes) {
    match pair {
        (None, Some(new)) => changes.added(Area::Messages, new.name.as_str(), "is a new experiment"),
        (Some(old), None) => changes.removed(Area::Messages, old.name.as_str(), "is no experiment any more"),
        (Some(old), Some(new)) => {
            let of = new.name.as_str();
            let arms =
                |experiment: &Experiment| experiment.arms.iter().map(SmolStr::as_str).collect::<Vec<_>>().join(", ");
            changes.value(Area::Messages, of, "tries", &arms(old), &arms(new));
            let success = |side: &Side<'_>, experiment: &Experiment| {
                let within = experiment.within.map(|within| format!(" within {within}")).unwrap_or_default();
                format!("{}{within}", side.words.event(experiment.success))
            };
            changes.value(
                Area::Messages,
                of,
                "counts as success",
                &success(&both.before, old),
                &success(&both.after, new),
            );
            let how =
                |experiment: &Experiment| {
                    let mut how = vec![experiment.choose.words().to_owned()];
                    how.extend(experiment.at_least.map(|share| format!("at least {share}% each")));
                    how.extend(experiment.hold_out.map(|share| format!("hold out {share}%")));
                    how.extend(experiment.half_life.map(|half| format!("forget by half every {}", duration(half))));
                    how.extend(experiment.stop.map(|stop| {
                        format!("stop when one is best with {}% after {} each", stop.probability, stop.after)
                    }));
                    how.join(", ")
                };
            changes.value(Area::Messages, of, "chooses", &how(old), &how(new));
        }
        (None, None) => {}
    }
}

fn rubric(pair: (Option<&Rubric>, Option<&Rubric>), changes: &mut Changes) {
    match pair {
        (None, Some(new)) => changes.added(Area::Messages, new.name.as_str(), "is a new rubric"),
        (Some(old), None) => changes.removed(Area::Messages, old.name.as_str(), "is no rubric any more"),
        (Some(old), Some(new)) => {
            let of = new.name.as_str();
            let from = |rubric: &Rubric| match &rubric.from {
                RubricText::Message => "the message".to_owned(),
                RubricText::Notes(of) => format!("the notes of {of}"),
            };
            changes.value(Area::Messages, of, "rates", &from(old), &from(new));
            let confirmed = |rubric: &Rubric| match &rubric.confirmed_by {
                None => "nobody".to_owned(),
                Some(None) => "a person".to_owned(),
                Some(Some(role)) => role.to_string(),
            };
            changes.value(Area::Messages, of, "is confirmed by", &confirmed(old), &confirmed(new));
            let (mut gone, mut added) = (old.lines.clone(), new.lines.clone());
            without_equal(&mut gone, &mut added, |one, other| one == other);
            for (points, words) in added {
                changes.added(Area::Messages, of, format!("now gives {points} for \"{words}\""));
            }
            for (points, words) in gone {
                changes.removed(Area::Messages, of, format!("no longer gives {points} for \"{words}\""));
            }
        }
        (None, None) => {}
    }
}
