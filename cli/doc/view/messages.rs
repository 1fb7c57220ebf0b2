//! Messages with their placeholders, what is tried out, and how a text is rated.

use compiler::program::{Choice, Piece, RubricText};
use serde::Serialize;
use smol_str::SmolStr;

use super::team::of;
use super::{Mark, mark};
use crate::doc::words::{Words, duration, number, period, plain};

/// What is said, and how that is judged.
#[derive(Debug, Serialize)]
pub(super) struct Messages {
    templates: Vec<Template>,
    experiments: Vec<Experiment>,
    rubrics: Vec<Rubric>,
}

#[derive(Debug, Serialize)]
struct Template {
    name: String,
    subject: Option<Vec<Part>>,
    body: Vec<Part>,
    /// The stages that write it.
    used: Vec<String>,
    mark: Mark,
}

/// A part of a message: a text, or what is filled in.
#[derive(Debug, Serialize)]
struct Part {
    fills: bool,
    text: String,
    otherwise: Option<SmolStr>,
}

#[derive(Debug, Serialize)]
struct Experiment {
    name: String,
    arms: Vec<String>,
    /// How the next one is chosen.
    how: &'static str,
    /// What else is settled of it, in sentences.
    besides: Vec<String>,
    success: String,
    within: Option<String>,
    mark: Mark,
}

#[derive(Debug, Serialize)]
struct Rubric {
    name: String,
    from: String,
    confirmed: Option<String>,
    lines: Vec<(String, SmolStr)>,
    mark: Mark,
}

/// All of them.
pub(super) fn messages(words: Words<'_>) -> Messages {
    let program = words.program;
    let templates = program.templates.iter().map(|template| Template {
        name: plain(&template.name),
        subject: template.subject.as_ref().map(|pieces| parts(words, pieces)),
        body: parts(words, &template.body),
        used: used(words, &template.name),
        mark: mark(words, template.origin),
    });
    let experiments = program.experiments.iter().map(|experiment| Experiment {
        name: plain(&experiment.name),
        arms: experiment.arms.iter().map(|arm| plain(arm)).collect(),
        how: match experiment.choose {
            Choice::Evenly => "by lot",
            Choice::Thompson => "by lot, more often what has worked so far (Thompson sampling)",
            Choice::Ucb => "which is the one that could still be best (upper confidence bound)",
        },
        besides: besides(experiment),
        success: words.event(experiment.success),
        within: experiment.within.map(period),
        mark: mark(words, experiment.origin),
    });
    let rubrics = program.rubrics.iter().map(|rubric| Rubric {
        name: plain(&rubric.name),
        from: match &rubric.from {
            RubricText::Message => "read off the message".to_owned(),
            RubricText::Notes(event) => format!("read off the notes of “{}”", plain(event)),
        },
        confirmed: rubric.confirmed_by.as_ref().map(|role| words.role(role.as_deref())),
        lines: rubric.lines.iter().map(|(points, text)| (number(*points), text.clone())).collect(),
        mark: mark(words, rubric.origin),
    });
    Messages { templates: templates.collect(), experiments: experiments.collect(), rubrics: rubrics.collect() }
}

fn besides(experiment: &compiler::program::Experiment) -> Vec<String> {
    let percent = |of: compiler::program::Fixed| format!("{}%", number(of));
    let mut says = Vec::new();
    says.extend(experiment.at_least.map(|least| format!("Each is given at least {} of the time.", percent(least))));
    says.extend(experiment.hold_out.map(|out| format!("{} get one by lot, to compare with.", percent(out))));
    says.extend(experiment.half_life.map(|half| format!("What was seen counts half after {}.", duration(half))));
    says.extend(experiment.stop.map(|stop| {
        format!(
            "It ends once one is best with {}, after {} each; from then on all get that one.",
            percent(stop.probability),
            stop.after
        )
    }));
    says
}

fn parts(words: Words<'_>, pieces: &[Piece]) -> Vec<Part> {
    let fill = |text: String, otherwise: Option<&SmolStr>| Part { fills: true, text, otherwise: otherwise.cloned() };
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Literal(text) => Part { fills: false, text: text.to_string(), otherwise: None },
            Piece::Fill { of: whose, field, otherwise } => {
                let name = words.field(field);
                let name = if name.starts_with("the ") {
                    name
                } else {
                    let whose = of(*whose).map_or_else(|| words.entity(field.entity), ToOwned::to_owned);
                    format!("{whose}’s {name}")
                };
                fill(name, otherwise.as_ref())
            }
            Piece::Sender { field, otherwise } => fill(format!("sender’s {}", plain(field)), otherwise.as_ref()),
            Piece::Client => fill(words.program.client.name.to_string(), None),
        })
        .collect()
}

/// The stages that write a template: `Lead Generation, Drafting`.
fn used(words: Words<'_>, name: &str) -> Vec<String> {
    use compiler::program::StageKind;
    let mut used = Vec::new();
    for workflow in &words.program.workflows {
        for stage in &workflow.stages {
            let StageKind::Stage(body) = &stage.kind else { continue };
            if body.acts.iter().any(|act| words.program.written(&act.object).any(|template| template.name == name)) {
                let names = (crate::doc::words::spaced(&workflow.name), crate::doc::words::spaced(&stage.name));
                used.push(format!("{}, {}", names.0, names.1));
            }
        }
    }
    used
}
