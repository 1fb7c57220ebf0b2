//! `playbook approve`, `reject`, `change`: a person answers a question.

use std::io::Read as _;

use runtime::engine::EntryId;
use runtime::runner::Given;
use runtime::runner::letters::Text;
use serde::Serialize;

use crate::client::Client;
use crate::desk::{Adopting, Desk};
use crate::exit::{Failure, Outcome};
use crate::files;
use crate::inbox::{self, Shown};
use crate::layout::count;
use crate::office::Office;
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;
use crate::words;

/// Who answers, and why.
#[derive(clap::Args)]
pub(crate) struct Answering {
    /// The client, unless you stand in its folder, and the number of the question
    #[arg(value_name = "[CLIENT] NUMBER", required = true, num_args = 1..=2)]
    what: Vec<String>,

    /// Who answers: one of the client's people [default: whoever is asked]
    #[arg(long, value_name = "ROLE")]
    by: Option<String>,

    /// Why, for the log
    #[arg(long, value_name = "REASON")]
    why: Option<String>,

    #[command(flatten)]
    crm: CrmArguments,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Say yes to a question: to the message as it stands now, or that something is done
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook approve playbooks/stackmates 1042
  playbook approve playbooks/stackmates 1042 --by founder --why 'met her at the fair'")]
pub(crate) struct Approve {
    #[command(flatten)]
    answering: Answering,

    /// Only where the message still has this hash, as `inbox --json` shows it
    #[arg(long, value_name = "HASH")]
    hash: Option<String>,
}

/// Say no to a question
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook reject playbooks/stackmates 1042 --why 'not our kind of work'")]
pub(crate) struct Reject {
    #[command(flatten)]
    answering: Answering,
}

/// Say yes with your own words: they take the place of the message, approved as they stand
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook change playbooks/stackmates 1042 --subject 'Your last tender' --body 'Hi Ana, …'
  playbook change playbooks/stackmates 1042 --file draft.txt")]
pub(crate) struct Change {
    #[command(flatten)]
    answering: Answering,

    /// The line above [default: as it is]
    #[arg(long, value_name = "TEXT")]
    subject: Option<String>,

    /// The text
    #[arg(long, value_name = "TEXT", conflicts_with = "file", required_unless_present = "file")]
    body: Option<String>,

    /// The file with the text; - is stdin
    #[arg(long, value_name = "FILE")]
    file: Option<String>,
}

#[derive(Debug, Serialize)]
struct Answered {
    question: i64,
    answer: &'static str,
    by: String,
    /// Entries of the log that followed.
    entries: usize,
    /// What was sent right away.
    sent: usize,
    /// Questions that are still open.
    open: usize,
}

/// Says yes.
///
/// # Errors
/// Where the question is not open, or the message is not what was seen.
pub(crate) fn approve(arguments: &Approve, terminal: &Terminal) -> anyhow::Result<Outcome> {
    answer(&arguments.answering, "approved", terminal, |question| {
        Ok(if question.options.iter().any(|option| option == "done") {
            Given::Done
        } else {
            Given::Approve(arguments.hash.as_deref().map(Into::into))
        })
    })
}

/// Says no.
///
/// # Errors
/// Where the question is not open.
pub(crate) fn reject(arguments: &Reject, terminal: &Terminal) -> anyhow::Result<Outcome> {
    answer(&arguments.answering, "rejected", terminal, |_| Ok(Given::Reject))
}

/// Says it otherwise.
///
/// # Errors
/// Where the question is not open or not about a message, or the text cannot be read.
pub(crate) fn change(arguments: &Change, terminal: &Terminal) -> anyhow::Result<Outcome> {
    answer(&arguments.answering, "changed", terminal, |question| {
        let message = question.message.as_ref().ok_or_else(|| {
            Failure::usage(format!("question {} is about no message", question.number)).help("approve or reject it")
        })?;
        let body = match (&arguments.body, arguments.file.as_deref()) {
            (Some(body), _) => body.clone(),
            (None, Some("-")) => {
                let mut text = String::new();
                std::io::stdin().read_to_string(&mut text)?;
                text
            }
            (None, Some(file)) => String::from_utf8(files::read(std::path::Path::new(file))?)
                .map_err(|_| Failure::usage(format!("`{file}` is no text in UTF-8")))?,
            (None, None) => String::new(),
        };
        if body.trim().is_empty() {
            return Err(Failure::usage("the text is empty: nobody would know what it is about").into());
        }
        let subject = arguments.subject.clone().or_else(|| message.subject.clone());
        Ok(Given::Change(Text { subject, body }))
    })
}

fn answer(
    arguments: &Answering,
    word: &'static str,
    terminal: &Terminal,
    given: impl FnOnce(&Shown) -> anyhow::Result<Given>,
) -> anyhow::Result<Outcome> {
    let mut what = arguments.what.clone();
    let number = super::number(&mut what)?.ok_or_else(super::inbox::needs_number)?;
    let client = Client::named(what.first().map(String::as_str))?;
    let desk = Desk::open_to_write(client, &arguments.crm, Adopting::default(), terminal)?;
    let mut office = Office::open(desk, &arguments.crm)?;
    let question = inbox::one(&office, number)?;
    let by = office.person(arguments.by.as_deref(), question.whom.as_deref())?;
    let given = given(&question)?;
    let now = office.now;
    let told = office.runner.answer(EntryId(number), given, &by, arguments.why.as_deref(), now)?;
    let worked = office.runner.work(now)?;
    let open = inbox::open(&office, None)?.len();
    if arguments.json {
        let entries = told.entries + worked.entries;
        terminal.print_json(&Answered { question: number, answer: word, by, entries, sent: worked.sent, open })?;
        return Ok(Outcome::Fine);
    }
    let about = question.about.as_deref().unwrap_or("the whole playbook");
    let mut page = format!("{number} {word} by {by}: {about}\n");
    if worked.sent > 0 {
        page.push_str(&format!("{} sent\n", count(worked.sent as u64, "message was", "messages were")));
    }
    page.push_str(&waits(&office, &question)?);
    page.push_str(&format!("{} left\n", count(open as u64, "open question", "open questions")));
    terminal.print(&page)?;
    Ok(Outcome::Fine)
}

/// Why what was allowed has not happened yet: what the run is held by, or what it asks next.
fn waits(office: &Office, question: &Shown) -> anyhow::Result<String> {
    let Some((run, record)) = question.run.zip(question.record.as_ref()) else { return Ok(String::new()) };
    let case = office.runner.crm.case(record)?.case;
    let mut lines = String::new();
    if let Some(held) = case.run(EntryId(run)).and_then(|run| run.held.as_ref()) {
        let until = words::as_of(held.until, &office.program.client.timezone);
        lines.push_str(&format!("it waits until {until}: {}\n", held.why));
    }
    for asked in case.questions.iter().filter(|asked| asked.run == Some(EntryId(run))) {
        lines.push_str(&format!("it asks next: {} {}\n", asked.id, asked.words));
    }
    Ok(lines)
}
