//! `playbook score`: the ranked list.

use crate::client::Client;
use crate::desk::Desk;
use crate::exit::{Failure, Outcome};
use crate::forgotten;
use crate::ranked_list;
use crate::ranking::{self, Ranking, Wanted};
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;

/// How many a list shows a reader who named no number.
const SHOWN: usize = 20;

/// Score every contact: the ranked list, with reasons and what to ask next
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook score playbooks/stackmates --route hot
  playbook score playbooks/stackmates --json > scores.json")]
pub(crate) struct Arguments {
    /// The client [default: the folder you stand in]
    client: Option<String>,

    /// By which score [default: the playbook's first]
    #[arg(long, value_name = "NAME")]
    score: Option<String>,

    /// Only those routed so
    #[arg(long, value_name = "ROUTE")]
    route: Option<String>,

    /// At most so many [default: 20; with --json all]
    #[arg(long, value_name = "NUMBER")]
    limit: Option<usize>,

    #[command(flatten)]
    crm: CrmArguments,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints the list.
///
/// # Errors
/// Where there is nothing to score, or nothing to score it by.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let desk = Desk::open(Client::named(arguments.client.as_deref())?, &arguments.crm, terminal)?;
    let wanted = Wanted {
        score: arguments.score.clone(),
        route: arguments.route.clone(),
        limit: arguments.limit.or((!arguments.json).then_some(SHOWN)),
    };
    let ranking = ranking::ranking(&desk, &wanted)?;
    if ranking.scored == 0 && !arguments.json {
        return Err(Failure::could_not_run("the CRM has no contacts yet")
            .help(format!("fill it with: playbook import{}", desk.client.as_argument()))
            .into());
    }
    forgotten::say(&desk.crm, &desk.program, terminal)?;
    if arguments.json {
        terminal.print_json(&ranking)?;
    } else {
        terminal.print(&page(&desk, &ranking, terminal))?;
    }
    Ok(Outcome::Fine)
}

fn page(desk: &Desk, ranking: &Ranking, terminal: &Terminal) -> String {
    let paint = terminal.paint();
    let mut page = format!("{}\n\n", ranked_list::title(desk, Some(&ranking.score_name), paint));
    page.push_str(&ranking.laid_out(terminal));
    page.push_str(&format!("\n{}\n", ranking.summary(paint)));
    page
}
