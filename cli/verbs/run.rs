//! `playbook run`: the whole way in one go: what the sources name is imported, the workflows do what can be done until all of it waits for
//! people or for time, everybody is ranked, the first one explained.

use jiff::Timestamp;
use runtime::agents::config::Ports;
use runtime::crm::RecordId;
use runtime::import::Report;
use runtime::runner::Worked;
use serde::Serialize;

use crate::ahead;
use crate::client::Client;
use crate::desk::{Adopting, Desk};
use crate::exit::{Failure, Outcome};
use crate::forgotten;
use crate::imports::{self, How};
use crate::inbox::{self, Shown};
use crate::layout::{self, width};
use crate::office::{self, Office};
use crate::people::Person;
use crate::ranked_list;
use crate::ranking::{self, Ranking, Wanted};
use crate::standing;
use crate::terminal::{Paint, Terminal};
use crate::time_bar::TimeBar;
use crate::verbs::CrmArguments;
use crate::verbs::status::{self, Status};
use crate::verbs::why::{self, Why};
use crate::words;

/// How many a reader is shown who named no number.
const SHOWN: usize = 10;
/// Data older than this is looked at as of its newest day, or every window would be empty.
const STALE_DAYS: i64 = 7;

/// Import what the sources name, run the workflows to the next human question, rank everybody
#[derive(clap::Args)]
#[command(after_help = "\
What was imported before is not imported again. Where the newest event is older than a week and no --now is given, time \
stands at that event, until newer ones come in; --until moves it on. It goes by the clock wherever a letter can leave this machine, a \
model elsewhere is asked, or work was once done by the clock.
With --now the work is done and kept as if that were the time. Where it lies more than a day ahead of the clock, and letters leave \
this machine, a model is asked, or the CRM is worked on by the clock, it is done only once a person says yes, or with --yes.

Example:
  playbook run playbooks/stackmates
  playbook run playbooks/stackmates --now 2026-11-20 --limit 3
  playbook run playbooks/stackmates --now 2026-11-20 --until 2026-12-01")]
pub(crate) struct Arguments {
    /// The client [default: the folder you stand in]
    client: Option<String>,

    /// How many to show
    #[arg(long, value_name = "NUMBER", default_value_t = SHOWN)]
    limit: usize,

    /// Work through time until then, as if it had been at work all along; a day means 09:00. It is no preview: what is done is kept
    #[arg(long, value_name = "TIME")]
    until: Option<String>,

    /// Do not ask where --now or --until lies ahead of the clock
    #[arg(long)]
    yes: bool,

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
    /// Who comes first; nothing where the playbook has no score.
    ranking: Option<Ranking>,
    /// The ledger of the first one.
    why: Option<Why>,
    /// What the workflows did; nothing where the playbook has none.
    work: Option<AtWork>,
}

/// What the workflows did, and where everything stands now.
#[derive(Debug, Serialize)]
struct AtWork {
    #[serde(flatten)]
    worked: Worked,
    status: Status,
    inbox: Vec<Shown>,
    #[serde(skip)]
    words: String,
}

/// Imports, scores, explains.
///
/// # Errors
/// Where a file cannot be taken, or there is nothing to score.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let client = Client::named(arguments.client.as_deref())?;
    let mut desk = Desk::open_or_make(client, &arguments.crm, arguments.adopting, terminal)?;
    let until = until(arguments, &desk)?;
    whole(&desk)?;
    let ports = ports(&desk, arguments, until, terminal)?;
    let imports = import_new(&mut desk, arguments.json, terminal)?;
    if arguments.crm.now.is_none() {
        look_back(&mut desk)?;
        desk.say_time(terminal);
    }
    let (mut desk, work) = match ports {
        Some(ports) => at_work(Office::with(desk, ports, &arguments.crm)?, arguments, until, terminal)?,
        None => (desk, None),
    };
    if let Some(until) = until {
        desk.now = until.max(desk.now);
    }
    // Without a score nobody comes first; where there are no workflows either, that is told.
    let ranking = match &work {
        Some(_) if desk.program.scores.is_empty() => None,
        _ => Some(ranked(&desk, arguments.limit)?),
    };
    forgotten::say(&desk.crm, &desk.program, terminal)?;
    let first = ranking.as_ref().and_then(|ranking| ranking.contacts.first());
    let why = first.map(|first| why::why(&desk, desk.score(None)?, RecordId(first.contact.id))).transpose()?;
    if arguments.json {
        terminal.print_json(&Ran { imports, ranking, why, work })?;
    } else {
        let ranking = ranking.as_ref().zip(why.as_ref());
        terminal.print(&page(&desk, ranking, work.as_ref(), terminal))?;
    }
    Ok(Outcome::Fine)
}

/// Nothing is decided on top of a log that somebody changed. The last entries are looked at, `log verify` looks at all of them.
fn whole(desk: &Desk) -> anyhow::Result<()> {
    let Err(broken) = desk.crm.verify_last(status::LATELY)? else { return Ok(()) };
    Err(Failure::could_not_run(format!("{broken}; nothing is imported or decided on top of that"))
        .help(format!("see what is wrong: {} log{} verify", words::command(), desk.client.as_argument()))
        .help("go on with a copy of the CRM from before it was changed")
        .into())
}

/// The instant that `--until` names.
fn until(arguments: &Arguments, desk: &Desk) -> anyhow::Result<Option<Timestamp>> {
    let named = arguments.until.as_deref();
    named.map(|until| words::instant(Some(until), &desk.program.client.timezone)).transpose()
}

/// What the workflows work with, before anything is done; nothing where there are none.
fn ports(
    desk: &Desk,
    arguments: &Arguments,
    until: Option<Timestamp>,
    terminal: &Terminal,
) -> anyhow::Result<Option<Ports>> {
    if desk.program.workflows.is_empty() {
        return Ok(None);
    }
    let ports = office::ports(desk)?;
    let is_named = ports.sender.as_ref().is_some_and(|sender| sender.from.name.is_some());
    if !is_named && ports.outside.iter().any(|what| what.starts_with("letters")) {
        let words =
            "letters leave this machine, and nothing says whose they are: add `name` to `[sender]` in `ports.toml`";
        terminal.say(&layout::paragraph("warning: ", words, terminal.width()));
    }
    let (flag, last) = until.map_or(("`--now`", desk.now), |until| ("`--until`", until));
    if !arguments.yes
        && let Some(ahead) = ahead::of(&desk.crm, &ports.outside, flag, last)?
    {
        ahead.ask(terminal)?;
    }
    Ok(Some(ports))
}

/// Everybody in the order in which they come.
fn ranked(desk: &Desk, limit: usize) -> anyhow::Result<Ranking> {
    let ranking = ranking::ranking(desk, &Wanted { limit: Some(limit), ..Wanted::default() })?;
    if ranking.scored == 0 {
        return Err(Failure::could_not_run("there is nobody to score: the CRM is empty and the sources name no files")
            .help(format!("import some: playbook import{} SOURCE FILE", desk.client.as_argument()))
            .into());
    }
    Ok(ranking)
}

/// Puts the workflows to work.
fn at_work(
    mut office: Office,
    arguments: &Arguments,
    until: Option<Timestamp>,
    terminal: &Terminal,
) -> anyhow::Result<(Desk, Option<AtWork>)> {
    if office.stands.is_some() {
        office.let_time_stand()?;
    } else if arguments.crm.now.is_none() {
        office.go_by_the_clock()?;
    }
    let now = office.now;
    let worked = match until {
        None => office.runner.work(now)?,
        Some(until) => {
            if until < now {
                return Err(Failure::usage("--until lies before the instant that it would begin at")
                    .help(format!("that is {}", words::as_of(now, &office.program.client.timezone)))
                    .into());
            }
            let bar = TimeBar::new(now, until, terminal);
            let worked = office.runner.work_until(now, until, |at| bar.at(at))?;
            office.now = until;
            worked
        }
    };
    let status = status::status(&office)?;
    let inbox = inbox::open(&office, None)?;
    let words = words_of_work(&office, &status, &inbox, terminal);
    Ok((office.into_desk(), Some(AtWork { worked, status, inbox, words })))
}

fn words_of_work(office: &Office, status: &Status, inbox: &[Shown], terminal: &Terminal) -> String {
    let paint = terminal.paint();
    let mut page = status::page(office, status, terminal);
    if let Some(first) = inbox.iter().find(|question| question.message.is_some()).or(inbox.first()) {
        page.push('\n');
        page.push_str(&inbox::page(office, first, terminal));
        page.push('\n');
        let (playbook, client) = (words::command(), office.client.as_argument());
        let mut lines = inbox::commands(office, first);
        lines.push((format!("{playbook} inbox{client}"), "all questions"));
        page.push_str(&layout::next(&lines, paint));
    }
    page
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

/// Asks about the newest instant that anything is known of, where that lies too far back and time may stand.
fn look_back(desk: &mut Desk) -> anyhow::Result<()> {
    let Some(newest) = desk.crm.newest(desk.now)? else { return Ok(()) };
    let stale = desk.now.duration_since(newest).as_hours() / 24 >= STALE_DAYS;
    if stale && standing::may_stand(&desk.crm, &desk.client.folder) {
        desk.stands = standing::last(&desk.crm, Some(newest))?;
        desk.now = desk.stands.map_or(newest, |stands| stands.at);
    }
    Ok(())
}

fn page(desk: &Desk, ranking: Option<(&Ranking, &Why)>, work: Option<&AtWork>, terminal: &Terminal) -> String {
    let paint = terminal.paint();
    let mut page =
        format!("{}\n", ranked_list::title(desk, ranking.map(|(ranking, _)| ranking.score_name.as_str()), paint));
    page.push('\n');
    if let Some((ranking, why)) = ranking {
        page.push_str(&ranking.laid_out(terminal));
        page.push_str(&format!("\n{}\n\n", ranking.summary(paint)));
        page.push_str(&headline(&format!("why {} comes first", why.title()), paint, terminal));
        page.push_str(&why::page(desk, why, terminal));
        page.push('\n');
    }
    match (work, ranking) {
        (Some(work), _) => {
            page.push_str(&headline("at work", paint, terminal));
            page.push_str(&work.words);
        }
        (None, Some((ranking, _))) => page.push_str(&next(desk, ranking, paint)),
        (None, None) => {}
    }
    page
}

fn headline(words: &str, paint: Paint, terminal: &Terminal) -> String {
    let heading = format!("── {words} ");
    let rule = "─".repeat(terminal.width().min(72).saturating_sub(width(&heading)));
    format!("{}\n\n", paint.dim(&format!("{heading}{rule}")))
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
