//! `playbook show`: what a playbook consists of, and its text after `use` and `refine`.

use std::fmt::Write as _;

use compiler::modules::Modules;
use compiler::program::{FileId, Program, Source, Target};
use serde::Serialize;

use crate::client::Client;
use crate::exit::Outcome;
use crate::layout::{count, listed};
use crate::playbook::{self, Playbook};
use crate::table;
use crate::terminal::Terminal;

/// Show what a playbook consists of, or its whole text as resolved
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook show playbooks/stackmates
  playbook show --resolved playbooks/sneakers > resolved.playbook")]
pub(crate) struct Arguments {
    /// The client [default: the folder you stand in]
    client: Option<String>,

    /// Print every declaration as it stands after `use` and `refine`, with what each refined part replaces
    #[arg(long)]
    resolved: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Part {
    kind: &'static str,
    name: String,
    what: String,
}

/// Prints the parts, or the text.
///
/// # Errors
/// Where a file cannot be read, or the playbook has errors.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let client = Client::named(arguments.client.as_deref())?;
    let mut playbook = playbook::compiled(&client, &[])?;
    let modules = std::mem::take(&mut playbook.modules);
    let (program, _) = playbook::runnable(Playbook { modules: Modules::default(), ..playbook }, terminal)?;
    if arguments.resolved {
        let text = compiler::resolved::resolved(&modules, Some(&program));
        if arguments.json {
            terminal.print_json(&serde_json::json!({ "resolved": text, "program": program }))?;
        } else {
            terminal.print(&text)?;
        }
        return Ok(Outcome::Fine);
    }
    let parts = parts(&program);
    if arguments.json {
        terminal.print_json(&serde_json::json!({ "parts": parts }))?;
    } else {
        let mut table = table::table(&["", "", ""], terminal);
        for part in &parts {
            table.add_row([part.kind, &part.name, &part.what]);
        }
        terminal.print(table::lines(&table).trim_start_matches('\n'))?;
    }
    Ok(Outcome::Fine)
}

/// A line for each thing that runs.
fn parts(program: &Program) -> Vec<Part> {
    let client = &program.client;
    let mut parts = vec![Part {
        kind: "client",
        name: client.name.to_string(),
        what: format!("{}, {}, {}", client.currency, client.timezone, hours(program)),
    }];
    for entity in &program.entities {
        let own: Vec<String> =
            entity.fields.iter().filter(|field| !field.standard).map(|field| field.name.to_string()).collect();
        if !own.is_empty() {
            parts.push(Part { kind: "extend", name: entity.name.to_string(), what: own.join(", ") });
        }
    }
    let standard = |file: FileId| program.files.get(file.index()).is_some_and(|name| name.starts_with("std:"));
    for event in program.events.iter().filter(|event| !standard(event.origin.file)) {
        let facts: Vec<String> = event.fields.iter().map(|field| field.name.to_string()).collect();
        parts.push(Part { kind: "event", name: event.name.to_string(), what: facts.join(", ") });
    }
    for fact in &program.facts {
        let entity =
            program.entities.get(fact.entity.index()).map(|entity| entity.name.to_string()).unwrap_or_default();
        parts.push(Part { kind: "fact", name: fact.name.to_string(), what: format!("of {entity}") });
    }
    for score in &program.scores {
        let layers = score.layers.iter().map(|layer| {
            let rules = count(layer.rules.len() as u64, "rule", "rules");
            match (&layer.name, layer.weight) {
                (Some(name), Some(weight)) => format!("{name} {weight}% ({rules})"),
                (Some(name), None) => format!("{name} ({rules})"),
                (None, _) => rules,
            }
        });
        let mut what = layers.collect::<Vec<_>>().join(", ");
        if !score.labels.is_empty() {
            let labels: Vec<String> = score.labels.iter().map(ToString::to_string).collect();
            let _ = write!(what, "; {}", listed(&labels, "or"));
        }
        parts.push(Part { kind: "score", name: score.name.to_string(), what });
    }
    for set in &program.phrases {
        let kind = if set.objection { "objection" } else { "phrases" };
        parts.push(Part { kind, name: set.name.to_string(), what: count(set.texts.len() as u64, "phrase", "phrases") });
    }
    for source in program.sources.iter().filter(|source| !source.preset) {
        parts.push(Part { kind: "source", name: source.name.to_string(), what: into(program, source) });
    }
    let presets: Vec<String> =
        program.sources.iter().filter(|source| source.preset).map(|source| source.name.to_string()).collect();
    if !presets.is_empty() {
        parts.push(Part { kind: "presets", name: String::new(), what: presets.join(", ") });
    }
    if !program.tests.is_empty() {
        let tests = count(program.tests.len() as u64, "test", "tests");
        parts.push(Part { kind: "tests", name: String::new(), what: tests });
    }
    parts
}

/// `mon to fri, 08:30 to 17:30`
fn hours(program: &Program) -> String {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let hours = &program.client.hours;
    let open: Vec<&str> = DAYS.iter().zip(hours.days).filter(|(_, open)| *open).map(|(day, _)| *day).collect();
    let days = match open.as_slice() {
        [] => "never".to_owned(),
        [only] => (*only).to_owned(),
        [first, .., last] => format!("{first} to {last}"),
    };
    format!("{days}, {} to {}", hours.from.strftime("%H:%M"), hours.to.strftime("%H:%M"))
}

fn into(program: &Program, source: &Source) -> String {
    let files: Vec<String> = source.files.iter().map(ToString::to_string).collect();
    let target = match &source.target {
        Target::Records { entity, .. } => program.entities.get(entity.index()).map(|entity| entity.name.to_string()),
        Target::Events { event: Some(event), .. } => {
            program.events.get(event.index()).map(|event| event.name.to_string())
        }
        Target::Events { event: None, .. } => Some("events".to_owned()),
    };
    format!("{} into {}", listed(&files, "and"), target.unwrap_or_default())
}
