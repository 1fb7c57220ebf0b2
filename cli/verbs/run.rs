//! `playbook run`: the whole way in one go: what the sources name is imported, everybody is scored, the first one explained.

use runtime::crm::RecordId;
use runtime::import::Report;
use serde::Serialize;

use crate::client::Client;
use crate::desk::{Adopting, Desk};
use crate::exit::{Failure, Outcome};
use crate::forgotten;
use crate::imports::{self, How};
use crate::layout::{self, width};
use crate::people::Person;
use crate::ranked_list;
use crate::ranking::{self, Ranking, Wanted};
use crate::terminal::{Paint, Terminal};
use crate::verbs::CrmArguments;
use crate::verbs::why::{self, Why};
use crate::words;

/// How many a reader is shown who named no number.
const SHOWN: usize = 10;
/// Data older than this is looked at as of its newest day, or every window would be empty.
const STALE_DAYS: i64 = 7;

/// Import what the sources name, score everybody, explain the first one
#[derive(clap::Args)]
#[command(after_help = "\
What was imported before is not imported again. Where the newest event is older than a week and no --now is given, the \
scores are as of that event.

Example:
  playbook run playbooks/stackmates
  playbook run playbooks/stackmates --now 2026-11-20 --limit 3")]
pub(crate) struct Arguments {
    /// The client [default: the folder you stand in]
    client: Option<String>,

    /// How many to show
    #[arg(long, value_name = "NUMBER", default_value_t = SHOWN)]
    limit: usize,

    #[command(flatten)]
    crm: CrmArguments,

    #[command(flatten)]
    adopting: Adopting,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Ran {
    imports: Vec<Report>,
    ranking: Ranking,
    /// The ledger of the first one.
    why: Option<Why>,
}

/// Imports, scores, explains.
///
/// # Errors
/// Where a file cannot be taken, or there is nothing to score.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let client = Client::named(arguments.client.as_deref())?;
    let mut desk = Desk::open_or_make(client, &arguments.crm, arguments.adopting, terminal)?;
    let imports = import_new(&mut desk, arguments.json, terminal)?;
    let aged = arguments.crm.now.is_none() && look_back(&mut desk)?;
    let ranking = ranking::ranking(&desk, &Wanted { limit: Some(arguments.limit), ..Wanted::default() })?;
    if ranking.scored == 0 {
        return Err(Failure::could_not_run("there is nobody to score: the CRM is empty and the sources name no files")
            .help(format!("import some: playbook import{} SOURCE FILE", desk.client.as_argument()))
            .into());
    }
    forgotten::say(&desk.crm, &desk.program, terminal)?;
    let first = ranking.contacts.first().map(|first| RecordId(first.contact.id));
    let why = first.map(|id| why::why(&desk, desk.score(None)?, id)).transpose()?;
    if arguments.json {
        terminal.print_json(&Ran { imports, ranking, why })?;
    } else {
        terminal.print(&page(&desk, &ranking, why.as_ref(), aged, terminal))?;
    }
    Ok(Outcome::Fine)
}

/// Imports the files that the sources name, as far as they are there and not in the CRM yet.
fn import_new(desk: &mut Desk, silent: bool, terminal: &Terminal) -> anyhow::Result<Vec<Report>> {
    let program = std::sync::Arc::clone(&desk.program);
    let mut reports = Vec::new();
    for (source, file) in imports::named(&program, &desk.client) {
        if imports::is_imported(&desk.crm, source, &file)? {
            continue;
        }
        let report = imports::import(desk, source, &file, &How::default(), terminal)?;
        if !silent {
            terminal.print(&imports::words(&report, &file, terminal.paint(), terminal.width()))?;
        }
        reports.push(report);
    }
    if !reports.is_empty() && !silent {
        terminal.print("\n")?;
    }
    Ok(reports)
}

/// Asks about the newest instant that anything is known of, where that lies too far back; whether it does.
fn look_back(desk: &mut Desk) -> anyhow::Result<bool> {
    let Some(newest) = desk.crm.newest(desk.now)? else { return Ok(false) };
    let stale = desk.now.duration_since(newest).as_hours() / 24 >= STALE_DAYS;
    if stale {
        desk.now = newest;
    }
    Ok(stale)
}

fn page(desk: &Desk, ranking: &Ranking, why: Option<&Why>, aged: bool, terminal: &Terminal) -> String {
    let paint = terminal.paint();
    let mut page = format!("{}\n", ranked_list::title(desk, &ranking.score_name, paint));
    if aged {
        let day = desk.now.to_zoned(words::zone(&desk.program.client.timezone)).date();
        page.push_str(&paint.dim(&format!("the newest event here is of {day}; --now asks about another day")));
        page.push('\n');
    }
    page.push('\n');
    page.push_str(&ranking.laid_out(terminal));
    page.push_str(&format!("\n{}\n", ranking.summary(paint)));
    if let Some(why) = why {
        let heading = format!("── why {} comes first ", why.title());
        let rule = "─".repeat(terminal.width().min(72).saturating_sub(width(&heading)));
        page.push_str(&format!("\n{}\n\n", paint.dim(&format!("{heading}{rule}"))));
        page.push_str(&why::page(desk, why, terminal));
    }
    page.push('\n');
    page.push_str(&next(desk, ranking, paint));
    page
}

/// What to type next, with somebody of the list.
fn next(desk: &Desk, ranking: &Ranking, paint: Paint) -> String {
    let (playbook, client) = (words::command(), desk.client.as_argument());
    let somebody = ranking.contacts.iter().find(|ranked| !ranked.certain).or(ranking.contacts.last());
    let somebody = somebody.map_or_else(String::new, |ranked| {
        let Person { id, email, .. } = &ranked.contact;
        email.as_deref().map_or_else(|| id.to_string(), |email| email.split('@').next().unwrap_or(email).to_owned())
    });
    let lines = [
        (format!("{playbook} why{client} {somebody}"), "another ledger"),
        (format!("{playbook} score{client}"), "the whole list"),
        (format!("{playbook} test{client}"), "its own examples"),
    ];
    layout::next(&lines, paint)
}
