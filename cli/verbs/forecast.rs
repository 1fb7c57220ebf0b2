//! `playbook forecast`: how likely open records are won, and what comes in by month.

use foresight::forecast::{Foretold, foretell};
use foresight::reports::Forecasted;
use foresight::reports::words::left_out;
use serde::Serialize;

use crate::client::Client;
use crate::desk::Desk;
use crate::exit::{Failure, Outcome};
use crate::layout::{self, count, paragraph};
use crate::report::{self, ReportArguments};
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;

/// How many open records are shown.
const SHOWN: usize = 10;

/// How wide the column of names is.
const NAMES: usize = 28;

/// Foretell which open deals are won and what comes in by month, with intervals
#[derive(clap::Args)]
#[command(after_help = "\
What is foretold is what `forecast` declarations say: forecast deal.probability from deal.stage, icp learn from deal.won, deal.lost.
It is learned from the decided deals of the CRM, by the events that it names (a deal's status says deal.won and deal.lost as well), and shown, \
not written: `deal.probability` stays what somebody wrote there. As of an earlier --now what has closed since is open, and its fields are not read.

Example:
  playbook import examples/forecast
  playbook forecast examples/forecast
  playbook forecast examples/forecast --report forecast.html")]
pub(crate) struct Arguments {
    /// The client [default: the one whose folder you stand in]
    #[arg(value_name = "CLIENT")]
    client: Option<String>,

    /// Show all open deals
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    crm: CrmArguments,

    #[command(flatten)]
    page: ReportArguments,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Printed {
    currency: String,
    forecasts: Vec<Foretold>,
}

/// Foretells.
///
/// # Errors
/// Where the playbook foretells nothing, or the CRM cannot be read.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let client = Client::named(arguments.client.as_deref())?;
    arguments.page.check()?;
    let desk = Desk::open(client, &arguments.crm, terminal)?;
    if desk.program.forecasts.is_empty() {
        return Err(Failure::could_not_run("the playbook foretells nothing")
            .help("say what it does: forecast deal.probability from deal.stage learn from deal.won, deal.lost")
            .into());
    }
    let seed = arguments.crm.seed.unwrap_or(1);
    let foretold =
        desk.program.forecasts.iter().map(|forecast| foretell(&desk.crm, &desk.program, forecast, desk.now, seed));
    let forecasts = foretold.collect::<Result<Vec<_>, _>>()?;
    let currency = desk.program.client.currency.to_string();
    if arguments.page.is_wanted() {
        let forecasted = Forecasted {
            whose: &report::whose(&desk)?,
            as_of: &desk.as_of(),
            currency: &currency,
            seed,
            forecasts: &forecasts,
        };
        arguments.page.write(&forecasted.page(), terminal)?;
    }
    if arguments.json {
        terminal.print_json(&Printed { currency, forecasts })?;
        return Ok(Outcome::Fine);
    }
    for (place, forecast) in forecasts.iter().enumerate() {
        if place > 0 {
            terminal.print("\n")?;
        }
        terminal.print(&told(forecast, &currency, &desk.as_of(), arguments.all, terminal.width()))?;
    }
    Ok(Outcome::Fine)
}

fn told(forecast: &Foretold, currency: &str, as_of: &str, all: bool, columns: usize) -> String {
    let mut text = paragraph("", &forecast.words, columns);
    text.push_str(&format!("as of {as_of}\n\n"));
    text.push_str(&learned(forecast, columns));
    for remark in &forecast.remarks {
        text.push_str(&paragraph("note: ", remark, columns));
    }
    if forecast.open.is_empty() {
        text.push_str("\nnothing is open\n");
        return text;
    }
    text.push_str(&format!("\n{}\n", count(forecast.open.len() as u64, "is open", "are open")));
    let shown = if all { forecast.open.len() } else { SHOWN };
    for open in forecast.open.iter().take(shown) {
        let name = open.name.clone().unwrap_or_else(|| format!("number {}", open.id));
        let worth = open.worth.map_or_else(|| "worth unknown".to_owned(), |worth| money(currency, worth));
        let chance = open.chance.map(|chance| format!("  {:>4.0}%", chance * 100.0)).unwrap_or_default();
        let facts: Vec<String> = open.facts.iter().map(|(name, is)| format!("{name} {is}")).collect();
        let head = format!("  {}{chance}  {worth:>14}  ", layout::left(&name, NAMES));
        text.push_str(&paragraph(&head, &facts.join(", "), columns));
    }
    if forecast.open.len() > shown {
        text.push_str(&format!("  … and {} more: --all shows them\n", forecast.open.len() - shown));
    }
    if !forecast.months.is_empty() {
        text.push_str("\nwhat comes in, on average and 90 times in 100\n");
    }
    for month in &forecast.months {
        let (low, high) = (money("", month.interval.low), money("", month.interval.high));
        text.push_str(&format!(
            "  {}  {:>14}  {} to {}\n",
            month.month,
            money(currency, month.expected),
            low.trim(),
            high.trim()
        ));
    }
    if forecast.too_little.is_none() {
        for said in left_out(forecast) {
            text.push_str(&format!("\n{}", paragraph("", &said, columns)));
        }
    }
    text
}

/// What is known, and how well it foretells.
fn learned(forecast: &Foretold, columns: usize) -> String {
    let decided = &forecast.decided;
    let mut text = String::new();
    if let (Some(share), Some(interval)) = (decided.share, decided.interval) {
        text.push_str(&format!(
            "learned from {} decided, {} won: {:.0}% ({:.0} to {:.0})\n",
            decided.of,
            decided.hits,
            share * 100.0,
            interval.low * 100.0,
            interval.high * 100.0
        ));
    }
    if let Some(why) = &forecast.too_little {
        text.push_str(&paragraph("", why, columns));
        return text;
    }
    if let Some(why) = &forecast.common {
        let words = format!("{why}; until then each has the share that all have in common");
        text.push_str(&paragraph("", &words, columns));
        return text;
    }
    match (forecast.auc.value, forecast.auc.interval, forecast.auc.undefined) {
        (Some(value), Some(interval), _) => {
            let words = format!(
                "of the newest three tenths, learned from the older: a won one above a lost one {:.0} times in 100 ({:.0} to {:.0})",
                value * 100.0,
                interval.low * 100.0,
                interval.high * 100.0
            );
            text.push_str(&paragraph("", &words, columns));
        }
        (_, _, Some(why)) => text.push_str(&format!("how well it foretells is undefined: {}\n", why.words())),
        _ => {}
    }
    if let Some((own, common)) = forecast.brier {
        let verdict = if own < common { "better than" } else { "no better than" };
        let words = format!("mean squared error {own:.3}, {verdict} saying the common share of each ({common:.3})");
        text.push_str(&paragraph("", &words, columns));
    }
    text
}

/// `NZD 12,500`
fn money(currency: &str, amount: f64) -> String {
    let digits = format!("{amount:.0}");
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{currency} {grouped}")
}
