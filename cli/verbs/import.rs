//! `playbook import`: files into the CRM, previewed, reported on, undone.

use std::path::{Path, PathBuf};

use compiler::program::{Program, Source};
use runtime::crm::{ImportId, Undone};
use runtime::import::{self, Detected, Preview, Report, Request};
use serde::Serialize;

use crate::client::Client;
use crate::desk::{Adopting, Desk};
use crate::exit::{Failure, Outcome};
use crate::imports::{self, How};
use crate::layout::{self, count, listed};
use crate::table;
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;
use crate::words;

/// How many rows a dry run shows.
const SHOWN: usize = 5;

/// Read files into the CRM by the playbook's sources; undo such an import
#[derive(clap::Args)]
#[command(
    override_usage = "playbook import [OPTIONS] [CLIENT] [[SOURCE] FILE]\n       playbook import [OPTIONS] [CLIENT] undo [NUMBER]"
)]
#[command(after_help = "\
Without a file, all files that the sources name are imported. A file alone is read by the source that names it, or by the \
one whose headers it has: the playbook's own before a preset. A file is taken whole or not at all; rows that mean nothing are set aside with their reason.

Example:
  playbook import playbooks/stackmates
  playbook import playbooks/stackmates contacts export.csv --dry-run
  playbook import playbooks/stackmates undo")]
pub(crate) struct Arguments {
    /// The client, the source, the file; or `undo` and an import's number [default number: the last that changed something]
    #[arg(value_name = "WHAT")]
    what: Vec<String>,

    /// Read the file by this preset, or by the fitting one of a family: hubspot.contacts, hubspot
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,

    /// Show the first rows as they would be read, try all, and keep nothing
    #[arg(long)]
    dry_run: bool,

    /// Where rejected rows go, a file that is not there yet; of several files, numbered [default: FILE.rejected.csv beside the file]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,

    #[command(flatten)]
    crm: CrmArguments,

    #[command(flatten)]
    adopting: Adopting,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Imported {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    preview: Option<Preview>,
    #[serde(flatten)]
    report: Report,
}

/// Imports what is named.
///
/// # Errors
/// Where a file cannot be taken.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let mut what = arguments.what.clone();
    let mut undo = take_undo(&mut what);
    let client = Client::take(&mut what)?;
    undo |= take_undo(&mut what);
    if undo {
        return self::undo(client, &what, arguments, terminal);
    }
    let mut desk = open(client, arguments, terminal)?;
    let program = std::sync::Arc::clone(&desk.program);
    let files = files(&program, &desk.client, &what, arguments)?;
    let mut how = How { dry_run: arguments.dry_run, rejected: arguments.rejects.clone() };
    let mut done = Vec::new();
    let mut outcome = Outcome::Fine;
    for (source, file) in files {
        let preview = how.dry_run.then(|| preview(&desk, source, &file)).transpose()?;
        let report = imports::import(&mut desk, source, &file, &how, terminal)?;
        if report.rejected_file.is_some() {
            how.rejected = arguments.rejects.as_deref().and_then(next_free);
        }
        if report.counts.rejected > 0 {
            outcome = Outcome::Findings;
        }
        if !arguments.json {
            let shown = preview.as_ref().map(|preview| table::preview(preview, terminal)).unwrap_or_default();
            let words = imports::words(&report, &file, terminal.paint(), terminal.width());
            terminal.print(&format!("{words}{shown}"))?;
        }
        done.push(Imported { path: file.display().to_string(), preview, report });
    }
    if arguments.json {
        terminal.print_json(&serde_json::json!({ "imports": done }))?;
    } else if !how.dry_run {
        terminal.print(&next(&desk, &done, terminal))?;
    }
    Ok(outcome)
}

/// Where the next file's rejected rows go: each file has its own headers.
fn next_free(rejects: &Path) -> Option<PathBuf> {
    (2..).map(|number| import::with_number(rejects, number)).find(|path| path.symlink_metadata().is_err())
}

/// A dry run is tried on a copy, file after file, so that each finds what those before it would have left.
fn open(client: Client, arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Desk> {
    let opening = if arguments.dry_run { Desk::rehearse } else { Desk::open_or_make };
    opening(client, &arguments.crm, arguments.adopting, terminal)
}

fn take_undo(what: &mut Vec<String>) -> bool {
    let found = what.first().is_some_and(|first| first == "undo");
    if found {
        what.remove(0);
    }
    found
}

/// Which source reads which file.
fn files<'p>(
    program: &'p Program,
    client: &Client,
    what: &[String],
    arguments: &Arguments,
) -> anyhow::Result<Vec<(&'p Source, PathBuf)>> {
    match what {
        [] => {
            let files = imports::named(program, client);
            if files.is_empty() {
                return Err(Failure::usage("the playbook's sources name no files")
                    .help("name one: playbook import [CLIENT] [SOURCE] FILE")
                    .into());
            }
            Ok(files)
        }
        [file] => {
            Ok(vec![(source_for(program, client, Path::new(file), arguments.preset.as_deref())?, PathBuf::from(file))])
        }
        [source, file] => Ok(vec![(source_named(program, source)?, PathBuf::from(file))]),
        _ => Err(Failure::usage("too many words: an import has a client, a source and a file").into()),
    }
}

fn source_named<'p>(program: &'p Program, name: &str) -> anyhow::Result<&'p Source> {
    let sources = &program.sources;
    sources.iter().find(|source| source.name == name).ok_or_else(|| {
        let names: Vec<String> = sources.iter().map(|source| format!("`{}`", source.name)).collect();
        let known = match names.as_slice() {
            [] => "it has none; a source begins with: source NAME from csv \"file.csv\" into Contact by email { … }"
                .to_owned(),
            names => format!("it has {}", listed(names, "and")),
        };
        Failure::usage(format!("the playbook has no source `{name}`")).help(known).into()
    })
}

/// The source that names the file, else the preset asked for, else the one whose headers the file has.
fn source_for<'p>(
    program: &'p Program,
    client: &Client,
    file: &Path,
    preset: Option<&str>,
) -> anyhow::Result<&'p Source> {
    if let Some(preset) = preset {
        if let Some(source) = program.sources.iter().find(|source| source.name == preset) {
            return Ok(source);
        }
    } else {
        let real = |path: &Path| path.canonicalize().ok();
        let named = imports::named(program, client);
        if let Some((source, _)) = named.into_iter().find(|(_, path)| real(path).is_some() && real(path) == real(file))
        {
            return Ok(source);
        }
    }
    let family = preset.map(|preset| format!("{preset}."));
    let of_family = |source: &&Source| family.as_ref().is_none_or(|family| source.name.starts_with(family.as_str()));
    let name = file.display();
    let found = if preset.is_some() { import::detect_preset(program, file) } else { import::detect(program, file) };
    match found? {
        Detected::One(source) if of_family(&source) => Ok(source),
        Detected::One(source) => Err(Failure::usage(format!(
            "`{name}` has the headers of `{}`, not of `{}`",
            source.name,
            preset.unwrap_or_default()
        ))
        .into()),
        Detected::Several(sources) => {
            let fitting: Vec<&Source> = sources.into_iter().filter(of_family).collect();
            match fitting.as_slice() {
                [only] => Ok(only),
                fitting => {
                    let names: Vec<String> = fitting.iter().map(|source| format!("`{}`", source.name)).collect();
                    Err(Failure::usage(format!("`{name}` could be read by {}", listed(&names, "or")))
                        .help("say which: playbook import [CLIENT] SOURCE FILE")
                        .into())
                }
            }
        }
        Detected::None { nearest } => Err(nearest
            .iter()
            .filter(|(source, _)| of_family(source))
            .fold(unknown(file), |failure, near| {
                let (source, missing) = near;
                let missing: Vec<String> = missing.iter().map(|header| format!("`{header}`")).collect();
                failure.help(format!("for `{}` it lacks {}", source.name, listed(&missing, "and")))
            })
            .into()),
    }
}

fn unknown(file: &Path) -> Failure {
    Failure::usage(format!(
        "no source of the playbook names `{}` or has its headers, and no preset has them",
        file.display()
    ))
    .help("say by which source to read it: playbook import [CLIENT] SOURCE FILE")
}

fn preview(desk: &Desk, source: &Source, file: &Path) -> anyhow::Result<Preview> {
    let request = Request { program: &desk.program, source, file, now: desk.now, dry_run: true, rejected: None };
    Ok(import::preview(&request, SHOWN)?)
}

/// What to type next; nothing where nothing was imported.
fn next(desk: &Desk, done: &[Imported], terminal: &Terminal) -> String {
    if done.iter().all(|done| done.report.import.is_none()) {
        return String::new();
    }
    let (playbook, client) = (words::command(), desk.client.as_argument());
    let commands = [
        (format!("{playbook} score{client}"), "the ranked list"),
        (format!("{playbook} import{client} undo"), "take the last import back"),
    ];
    format!("\n{}", layout::next(&commands, terminal.paint()))
}

fn undo(client: Client, what: &[String], arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let number = match what {
        [] => None,
        [number] => Some(number.parse().map(ImportId).map_err(|_| {
            Failure::usage(format!("`{number}` is not an import's number"))
                .help("without one, the last import that changed something is undone")
        })?),
        _ => return Err(Failure::usage("one import is undone at a time").into()),
    };
    let mut desk = Desk::open_to_write(client, &arguments.crm, arguments.adopting, terminal)?;
    let undone = desk.crm.undo(number, desk.now)?;
    if arguments.json {
        terminal.print_json(&undone)?;
        return Ok(Outcome::Fine);
    }
    let Undone { import, removed, restored } = &undone;
    let mut parts: Vec<String> = removed
        .iter()
        .map(|(table, number)| format!("{} removed", count(*number, table, &imports::many(table))))
        .collect();
    if *restored > 0 {
        parts.push(format!("{} put back", count(*restored, "record", "records")));
    }
    let what = if parts.is_empty() { "it had changed nothing".to_owned() } else { listed(&parts, "and") };
    terminal.print(&format!("import {} ({} from {}) is undone: {what}\n", import.id, import.source, import.file))?;
    Ok(Outcome::Fine)
}
