//! `playbook backtest`: what a card, and what would have been learned, was worth over history, forward in time.

use std::path::{Path, PathBuf};

use compiler::program::{Backtest, FieldId, FieldPath, Program, ScoreId};
use foresight::backtest::{self, Asked, Checked, Report};
use foresight::figures::Histogram;
use foresight::history::{self, Clock, History, HistoryError, Table, TableError, Wanted};
use foresight::learn::{self, Proposal, ProposedRule, Settings};
use foresight::reports::{self, Backtested, Page, Whose};
use serde::Serialize;

use crate::backtested;
use crate::client::{Client, why};
use crate::desk::Desk;
use crate::exit::{Failure, Outcome};
use crate::junit;
use crate::layout::listed;
use crate::report::{self, ReportArguments};
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;
use crate::words;

/// Judge a score over history, forward in time: what it was worth, and what learning would have been
#[derive(clap::Args)]
#[command(
    after_help = "The score says what is good: learn { good on deal.won   bad on deal.lost }. A bare CSV needs no playbook.
Exit codes: 0 fine, 1 an expectation does not hold, 2 wrong usage, 3 could not run.

Example:
  playbook backtest playbooks/stackmates
  playbook backtest playbooks/stackmates icp --format junit > backtest.xml
  playbook backtest playbooks/stackmates --report backtest.html
  playbook backtest --csv leads.csv --outcome Converted=1 --missing Select"
)]
pub(crate) struct Arguments {
    /// The client, and the score [default: the folder you stand in, its first score that learns]
    #[arg(value_name = "CLIENT, SCORE", num_args = 0..=2)]
    what: Vec<String>,

    /// Judge what can be learned from this table instead
    #[arg(long, value_name = "FILE", requires = "outcome", conflicts_with = "what")]
    csv: Option<PathBuf>,

    /// The table's column that says what came of it, and its good value where that is not yes
    #[arg(long, value_name = "COLUMN[=VALUE]", requires = "csv")]
    outcome: Option<String>,

    /// The column or field that says when [default: row order, or what the CRM knows]
    #[arg(long, value_name = "COLUMN")]
    time: Option<String>,

    /// Look at these columns only: names with commas between
    #[arg(long, value_name = "COLUMNS")]
    only: Vec<String>,

    /// Leave these columns out
    #[arg(long, value_name = "COLUMNS")]
    without: Vec<String>,

    /// Cells that mean missing, beside empty ones
    #[arg(long, value_name = "TEXT", requires = "csv")]
    missing: Vec<String>,

    /// Learn also from columns that seem to say the outcome
    #[arg(long)]
    with_leaks: bool,

    #[command(flatten)]
    crm: CrmArguments,

    #[command(flatten)]
    page: ReportArguments,

    /// In which form to print it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

// Its variants have no docs: clap would make every help page longer by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Human,
    Json,
    Junit,
    Github,
}

/// What is printed.
#[derive(Debug, Serialize)]
struct Document {
    /// None for a table.
    score: Option<String>,
    backtests: Vec<Declared>,
    /// Of a table: what would be learned from all that is decided.
    rules: Vec<ProposedRule>,
    #[serde(flatten)]
    report: Report,
    #[serde(skip)]
    page: Paged,
}

/// What the page says besides.
#[derive(Debug, Default)]
struct Paged {
    whose: Whose,
    /// Of what, as of when.
    of: String,
    /// The card's points by outcome.
    scores: Option<Histogram>,
}

/// A declaration of the playbook, and whether it holds.
#[derive(Debug, Serialize)]
struct Declared {
    title: String,
    file: String,
    line: u32,
    holds: bool,
    expectations: Vec<Checked>,
}

/// Prints it.
///
/// # Errors
/// Where there is no history, or none of what is asked for.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let format = if arguments.json { Format::Json } else { arguments.format };
    arguments.page.check()?;
    let documents = match (&arguments.csv, &arguments.outcome) {
        (Some(path), Some(outcome)) => vec![of_table(arguments, path, outcome)?],
        _ => of_client(arguments, terminal)?,
    };
    if arguments.page.is_wanted() {
        arguments.page.write(&Page::joined(documents.iter().map(paged)), terminal)?;
    }
    let fails = documents.iter().flat_map(|document| &document.backtests).any(|declared| !declared.holds);
    match format {
        Format::Human => {
            for document in &documents {
                terminal.print(&human(document, arguments, terminal))?;
            }
        }
        Format::Json => match documents.as_slice() {
            [only] => terminal.print_json(only)?,
            all => terminal.print_json(&all)?,
        },
        Format::Junit => terminal.print(&junit::report(documents.iter().flat_map(|of| &of.backtests).map(case))?)?,
        Format::Github => {
            terminal.print(&documents.iter().flat_map(|of| &of.backtests).map(annotations).collect::<String>())?;
        }
    }
    Ok(if fails { Outcome::Findings } else { Outcome::Fine })
}

/// A back-test as a page.
fn paged(document: &Document) -> Page {
    let declared = document.backtests.iter();
    let expected: Vec<(String, &[Checked])> =
        declared.map(|declared| (declared.title.clone(), declared.expectations.as_slice())).collect();
    let page = Backtested {
        whose: &document.page.whose,
        score: document.score.as_deref(),
        of: &document.page.of,
        report: &document.report,
        expected: &expected,
        rules: &document.rules,
        scores: document.page.scores.as_ref(),
    };
    page.page()
}

fn human(document: &Document, arguments: &Arguments, terminal: &Terminal) -> String {
    let title = match (&document.score, &arguments.csv) {
        (Some(score), _) => format!("back-test of {score}, forward in time"),
        (None, Some(path)) => format!("back-test over {}, forward in time", path.display()),
        (None, None) => "back-test, forward in time".to_owned(),
    };
    let mut page = backtested::page(&title, &document.report, &document.rules, terminal);
    for declared in &document.backtests {
        page.push_str(&backtested::expectations(&declared.title, &declared.expectations, terminal));
    }
    page
}

fn case(declared: &Declared) -> junit::Case<'_> {
    let failures = declared.expectations.iter().filter(|checked| !checked.holds);
    let failures = failures.map(|checked| format!("{}: it is {}", checked.words, backtested::plain(checked.figure)));
    junit::Case { file: &declared.file, name: &declared.title, line: declared.line, failures: failures.collect() }
}

fn annotations(declared: &Declared) -> String {
    let failed = declared.expectations.iter().filter(|checked| !checked.holds);
    let line = |checked: &Checked| {
        let message = format!("{}: it is {}", checked.words, backtested::plain(checked.figure));
        let escaped = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
        let property = |text: &str| escaped(text).replace(':', "%3A").replace(',', "%2C");
        format!(
            "::error file={},line={},title={}::{}\n",
            property(&declared.file),
            checked.origin.line,
            property(&declared.title),
            escaped(&message)
        )
    };
    failed.map(line).collect()
}

fn of_table(arguments: &Arguments, path: &Path, outcome: &str) -> anyhow::Result<Document> {
    let file = std::fs::File::open(path)
        .map_err(|error| Failure::could_not_run(format!("could not read `{}`: {}", path.display(), why(&error))))?;
    let mut table: Option<Table> = None;
    runtime::import::each_row(file, path, |line, cells| match &mut table {
        None => table = Some(Table::new(cells)),
        Some(table) => table.row(line, cells),
    })?;
    let table = table.ok_or(TableError::Empty).map_err(|error| asked_wrongly(&error))?;
    // A column may have an equals sign in its name: then it is named as it stands.
    let (column, good) = match outcome.split_once('=') {
        Some((column, good)) if !table.has(outcome) => (column, Some(good)),
        _ => (outcome, None),
    };
    let wanted = Wanted {
        outcome: column,
        good,
        time: arguments.time.as_deref(),
        only: arguments.only.clone(),
        without: arguments.without.clone(),
        missing: arguments.missing.clone(),
    };
    let history = table.history(&wanted).map_err(|error| asked_wrongly(&error))?;
    let settings = Settings::of(&history.columns);
    let asked = Asked { settings, with_leaks: arguments.with_leaks, from: None };
    let report = backtest::backtest(&history, &asked);
    let (nothing, decided) = (learn::Scored::default(), history.decided());
    let is_good = |record: u32| history.is_good(record);
    let program = Program::default();
    let proposal = Proposal::new(&program, ScoreId(0), &nothing, &history.columns, &decided, is_good, &report.newest);
    let page = Paged { of: path.display().to_string(), ..Paged::default() };
    Ok(Document { score: None, backtests: Vec::new(), rules: proposal.rules, report, page })
}

/// What is wrong with a table, and what to do about it.
fn asked_wrongly(error: &TableError) -> anyhow::Error {
    let failure = match error {
        TableError::Empty | TableError::NoTime { .. } => Failure::could_not_run(error.to_string()),
        _ => Failure::usage(error.to_string()),
    };
    let values = |values: &[String]| {
        let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
        listed(&values, "and")
    };
    match error {
        TableError::NoColumn { columns, .. } => failure.help(format!("it has {}", values(columns))),
        TableError::WhichIsGood { column, values: known } => failure
            .help(format!("write --outcome {}", words::quoted(&format!("{column}=VALUE"))))
            .help(format!("its commonest values are {}", values(known))),
        TableError::NoSuchValue { values: known, .. } => {
            failure.help(format!("its commonest values are {}", values(known)))
        }
        TableError::NoTime { .. } => failure.help("days are written 2026-11-20, 20/11/2026, 11/20/2026 or 20 Nov 2026"),
        TableError::Empty => failure,
    }
    .into()
}

fn of_client(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Vec<Document>> {
    let mut what = arguments.what.clone();
    let client = Client::take(&mut what)?;
    let desk = Desk::open(client, &arguments.crm, terminal)?;
    let named = what.first().map(String::as_str);
    let mut documents = Vec::new();
    for score in scores(&desk, named)? {
        let history = read(&desk, score, arguments.time.as_deref())?;
        let card = desk.program.scores.get(score.index());
        let mut settings = learn::settings(&desk.program, score, &history.columns);
        choose(&mut settings, &history, &arguments.only, &arguments.without)?;
        let declared: Vec<&Backtest> = desk.program.backtests.iter().filter(|of| of.score == score).collect();
        let with_leaks = arguments.with_leaks;
        let whole = backtest::backtest(&history, &Asked { settings: settings.clone(), with_leaks, from: None });
        let mut backtests = Vec::new();
        for declared in declared {
            let from = declared.from.and_then(|day| {
                let at = day.to_zoned(words::zone(&desk.program.client.timezone)).ok()?;
                Some(at.timestamp().as_microsecond())
            });
            let of = match from {
                Some(_) => &backtest::backtest(&history, &Asked { settings: settings.clone(), with_leaks, from }),
                None => &whole,
            };
            let expectations = backtest::check(&desk.program, declared, of);
            backtests.push(Declared {
                title: declared.title.to_string(),
                file: file(&desk.program, declared.origin),
                line: declared.origin.line,
                holds: expectations.iter().all(|checked| checked.holds),
                expectations,
            });
        }
        let score = card.map(|card| card.name.to_string());
        let scores = reports::scores(&history, &whole);
        let page = Paged { whose: report::whose(&desk)?, of: format!("the CRM as of {}", desk.as_of()), scores };
        documents.push(Document { score, backtests, rules: Vec::new(), report: whole, page });
    }
    Ok(documents)
}

fn file(program: &Program, origin: compiler::program::Origin) -> String {
    program.files.get(origin.file.index()).map(ToString::to_string).unwrap_or_default()
}

/// The score that was named; else those that declarations are about; else the first that learns.
fn scores(desk: &Desk, named: Option<&str>) -> anyhow::Result<Vec<ScoreId>> {
    if named.is_some() {
        return Ok(vec![desk.score(named)?]);
    }
    let mut scores: Vec<ScoreId> = Vec::new();
    for declared in &desk.program.backtests {
        if !scores.contains(&declared.score) {
            scores.push(declared.score);
        }
    }
    if scores.is_empty() {
        scores.push(learning(desk)?);
    }
    Ok(scores)
}

/// The first score that says what it learns from; without one, the first.
pub(crate) fn learning(desk: &Desk) -> anyhow::Result<ScoreId> {
    let place = desk.program.scores.iter().position(|score| score.learn.is_some());
    match place.and_then(|place| u32::try_from(place).ok()) {
        Some(place) => Ok(ScoreId(place)),
        None => desk.score(None),
    }
}

/// The history of a score of this client.
pub(crate) fn read(desk: &Desk, score: ScoreId, time: Option<&str>) -> anyhow::Result<History> {
    let clock = match time {
        Some(name) => Clock::Field(field(desk, score, name)?),
        None => Clock::Found,
    };
    history::from_crm(&desk.crm, &desk.program, score, &clock, desk.now).map_err(|error| match error {
        HistoryError::NoOutcomes(_) => Failure::could_not_run(error.to_string())
            .help("say it in the score: learn { good on deal.won   bad on deal.lost }, or good when FIELD is yes")
            .into(),
        error => error.into(),
    })
}

fn field(desk: &Desk, score: ScoreId, name: &str) -> anyhow::Result<FieldPath> {
    let entity = desk.program.scores.get(score.index()).map(|score| score.entity).unwrap_or_default();
    let declared = desk.program.entities.get(entity.index());
    let fields = declared.map(|entity| entity.fields.as_slice()).unwrap_or_default();
    let is_time = |field: &compiler::program::Field| {
        matches!(field.ty, compiler::program::Type::Date | compiler::program::Type::Time)
    };
    let place = fields.iter().position(|field| field.name == name && is_time(field));
    if let Some(place) = place.and_then(|place| u32::try_from(place).ok()) {
        return Ok(FieldPath { entity, relations: Vec::new(), field: FieldId(place) });
    }
    let known: Vec<String> =
        fields.iter().filter(|field| is_time(field)).map(|field| format!("`{}`", field.name)).collect();
    let entity = declared.map(|entity| entity.name.to_string()).unwrap_or_default();
    Err(Failure::usage(format!("`{name}` is no date or time of a {entity}"))
        .help(format!("it has {}", listed(&known, "and")))
        .into())
}

/// Takes away what is not asked for.
pub(crate) fn choose(
    settings: &mut Settings,
    history: &History,
    only: &[String],
    without: &[String],
) -> anyhow::Result<()> {
    let names = |list: &[String]| -> Vec<String> {
        list.iter()
            .flat_map(|list| list.split(','))
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect()
    };
    let (only, without) = (names(only), names(without));
    for name in only.iter().chain(&without) {
        if history.column(name).is_none() {
            let known: Vec<String> = history.columns.iter().map(|column| format!("`{}`", column.name)).collect();
            return Err(Failure::usage(format!("nothing is known of `{name}`"))
                .help(format!("something is known of {}", listed(&known, "and")))
                .into());
        }
    }
    for (allowed, column) in settings.allowed.iter_mut().zip(&history.columns) {
        let is = |list: &[String]| list.iter().any(|name| column.name == name.as_str());
        *allowed &= (only.is_empty() || is(&only)) && !is(&without);
    }
    Ok(())
}
