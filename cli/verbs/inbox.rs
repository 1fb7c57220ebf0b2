//! `playbook inbox`: what people are asked.

use crate::client::Client;
use crate::exit::{Failure, Outcome};
use crate::inbox;
use crate::layout::{self, count};
use crate::office::Office;
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;
use crate::words;

/// Show what people are asked: the list, or one question with the text to be approved
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook inbox playbooks/stackmates
  playbook inbox playbooks/stackmates 1042")]
pub(crate) struct Arguments {
    /// The client, unless you stand in its folder, and the number of one question
    #[arg(value_name = "[CLIENT] [NUMBER]", num_args = 0..=2)]
    what: Vec<String>,

    /// Only what this role is asked, and what anybody is
    #[arg(long, value_name = "ROLE")]
    whom: Option<String>,

    /// At most so many
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    limit: usize,

    #[command(flatten)]
    crm: CrmArguments,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints them.
///
/// # Errors
/// Where there is no CRM, or no such question.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let mut what = arguments.what.clone();
    let number = super::number(&mut what)?;
    let client = Client::named(what.first().map(String::as_str))?;
    let office = Office::to_read(client, &arguments.crm, terminal)?;
    if let Some(number) = number {
        let question = inbox::one(&office, number)?;
        if arguments.json {
            terminal.print_json(&question)?;
        } else {
            terminal.print(&format!(
                "{}\n{}",
                inbox::page(&office, &question, terminal),
                next(&office, &question, terminal)
            ))?;
        }
        return Ok(Outcome::Fine);
    }
    let whom = arguments.whom.as_deref().map(|role| office.person(Some(role), None)).transpose()?;
    let questions = inbox::open(&office, whom.as_deref())?;
    if arguments.json {
        terminal.print_json(&questions)?;
        return Ok(Outcome::Fine);
    }
    let mut page = format!("{}\n\n", count(questions.len() as u64, "open question", "open questions"));
    page.push_str(&inbox::list(&office, &questions, arguments.limit, terminal));
    if let Some(first) = questions.first() {
        page.push('\n');
        let mut lines = commands(&office, first);
        lines.extend(inbox::command_for_all(&office, first, &questions));
        page.push_str(&layout::next(&lines, terminal.paint()));
    }
    terminal.print(&page)?;
    Ok(Outcome::Fine)
}

/// What to type next.
pub(crate) fn next(office: &Office, question: &inbox::Shown, terminal: &Terminal) -> String {
    layout::next(&commands(office, question), terminal.paint())
}

fn commands(office: &Office, question: &inbox::Shown) -> Vec<(String, &'static str)> {
    let (playbook, client) = (words::command(), office.client.as_argument());
    let number = question.number;
    let mut lines = vec![(format!("{playbook} inbox{client} {number}"), "this question in full")];
    lines.extend(inbox::commands(office, question));
    lines
}

/// A question was asked of nobody who is named so.
pub(crate) fn needs_number() -> Failure {
    Failure::usage("name the question by its number").help("`playbook inbox` shows them")
}
