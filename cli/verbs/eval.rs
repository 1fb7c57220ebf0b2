//! `playbook eval`: what a rubric says of many texts, by rules or by a model, and how far people agree.

use std::path::{Path, PathBuf};

use compiler::program::{Fixed, Rubric, RubricId};
use foresight::eval::{self, Agreement, Figures, Rated};
use runtime::agents::config::Ports;
use runtime::agents::{Outcome as Brought, PortError};
use runtime::metrics::statistics::Share;
use runtime::runner::Evaluated;
use serde::Serialize;

use crate::client::Client;
use crate::desk::Desk;
use crate::exit::{Failure, Outcome};
use crate::files;
use crate::layout::{count, left, listed, right};
use crate::office::{self, Office};
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;

/// Rate texts by rubrics: the messages and talks of the CRM, or files; and compare with what people said
#[derive(clap::Args)]
#[command(after_help = "\
Who rates is who rates in workflows: the built-in rules, or the model that ports.toml names. What nobody can rate is told, never guessed.
Without a file it reads what the rubric reads in the CRM: each message as it stands, or what was said with each contact.
Good enough is what a stage requires, as in `require message.spcl >= 60`, or what --pass says.

Example:
  playbook eval playbooks/stackmates spcl
  playbook eval playbooks/stackmates spcl likeness_shown drafts/one.txt drafts/two.txt --rules")]
pub(crate) struct Arguments {
    /// The client, rubrics, and files with a text each [default: the folder you stand in, all rubrics, the CRM's texts]
    #[arg(value_name = "CLIENT, RUBRIC, FILE", num_args = 0..)]
    what: Vec<String>,

    /// Take a text for good enough from so many points on
    #[arg(long, value_name = "POINTS")]
    pass: Option<i64>,

    /// Rate by the built-in rules, whatever ports.toml says
    #[arg(long)]
    rules: bool,

    /// Show each text
    #[arg(long)]
    each: bool,

    #[command(flatten)]
    crm: CrmArguments,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A rubric over texts.
#[derive(Serialize)]
struct Evaluation {
    #[serde(flatten)]
    figures: Figures,
    /// The most that a text can have.
    most: Fixed,
    each: Vec<Each>,
}

/// A text.
#[derive(Serialize)]
struct Each {
    name: String,
    points: Option<Fixed>,
    line: Option<String>,
    why_not: Option<String>,
    person: Option<Fixed>,
}

/// Rates.
///
/// # Errors
/// Where something named is neither a rubric nor a file, the CRM cannot be read, or ports.toml is wrong.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let mut what = arguments.what.clone();
    let client = Client::take(&mut what)?;
    let (paths, named): (Vec<String>, Vec<String>) = what.into_iter().partition(|name| Path::new(name).is_file());
    let paths: Vec<PathBuf> = paths.into_iter().map(PathBuf::from).collect();
    let mut office = opened(client, arguments, !paths.is_empty(), terminal)?;
    let rubrics = rubrics(&office, &named)?;
    let texts = paths.iter().map(|path| of_file(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut evaluations = Vec::new();
    for (id, rubric) in rubrics {
        let texts = if paths.is_empty() { office.runner.texts(&rubric)? } else { texts.clone() };
        evaluations.push(evaluated(&mut office, id, &rubric, texts, arguments.pass)?);
    }
    if arguments.json {
        terminal.print_json(&evaluations)?;
        return Ok(Outcome::Fine);
    }
    let shows_each = arguments.each || !paths.is_empty();
    for (place, evaluation) in evaluations.iter().enumerate() {
        if place > 0 {
            terminal.print("\n")?;
        }
        terminal.print(&told(evaluation, shows_each))?;
    }
    Ok(Outcome::Fine)
}

/// Where a model rates, what it costs is kept in the CRM; rules only read.
fn opened(client: Client, arguments: &Arguments, has_files: bool, terminal: &Terminal) -> anyhow::Result<Office> {
    let is_there = client.database(arguments.crm.db.as_deref()).exists();
    if !is_there && has_files {
        let desk = Desk::rehearse(client, &arguments.crm, crate::desk::Adopting::default(), terminal)?;
        let ports = ports(&desk, arguments.rules)?;
        if ports.budget.is_some() {
            return Err(Failure::could_not_run("what the model costs is kept in the CRM, and there is none yet")
                .help(format!("fill it with: playbook import{}", desk.client.as_argument()))
                .help("or rate by the built-in rules: --rules")
                .into());
        }
        return Office::with(desk, ports, &arguments.crm);
    }
    let desk = Desk::open(client, &arguments.crm, terminal)?;
    let ports = ports(&desk, arguments.rules)?;
    if ports.budget.is_none() {
        return Office::with(desk, ports, &arguments.crm);
    }
    let desk = Desk::open_to_write(desk.client, &arguments.crm, crate::desk::Adopting::default(), terminal)?;
    Office::with(desk, ports, &arguments.crm)
}

fn ports(desk: &Desk, by_rules: bool) -> anyhow::Result<Ports> {
    if by_rules { office::built_in(desk) } else { office::ports(desk) }
}

/// Those that are named, in the playbook's order; all where none is.
fn rubrics(office: &Office, named: &[String]) -> anyhow::Result<Vec<(RubricId, Rubric)>> {
    let known = &office.program.rubrics;
    let names = || listed(&known.iter().map(|rubric| format!("`{}`", rubric.name)).collect::<Vec<_>>(), "and");
    if known.is_empty() {
        return Err(Failure::could_not_run("the playbook has no rubric")
            .help("take some in with `use std.spcl`, or say what earns points: rubric tone from message { 5 \"plain words\" }")
            .into());
    }
    if let Some(unknown) = named.iter().find(|name| !known.iter().any(|rubric| rubric.name == name.as_str())) {
        return Err(Failure::usage(format!("`{unknown}` is neither a rubric of the playbook nor a file"))
            .help(format!("its rubrics are {}", names()))
            .into());
    }
    let all = (0..).map(RubricId).zip(known.iter().cloned());
    Ok(all.filter(|(_, rubric)| named.is_empty() || named.iter().any(|name| rubric.name == name.as_str())).collect())
}

fn of_file(path: &Path) -> anyhow::Result<Evaluated> {
    let bytes = files::read(path)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::could_not_run(format!("`{}` is not UTF-8: save it as such", path.display())))?;
    Ok(Evaluated { name: path.display().to_string(), text, facts: Vec::new(), person: None })
}

fn evaluated(
    office: &mut Office,
    id: RubricId,
    rubric: &Rubric,
    texts: Vec<Evaluated>,
    pass: Option<i64>,
) -> anyhow::Result<Evaluation> {
    let pass = pass.map(Fixed::from_integer).or_else(|| eval::pass_mark(&office.program, id));
    let mut rated = Vec::with_capacity(texts.len());
    for text in texts {
        let brought = office.runner.rate(rubric, &text.text, text.facts, office.now)?;
        rated.push(Rated { name: text.name, rating: rating(brought), person: text.person });
    }
    let figures = eval::figures(rubric, pass, &rated);
    let most = rubric.lines.iter().map(|(points, _)| *points).max().unwrap_or_default();
    let each = rated.into_iter().map(|text| {
        let (points, line, why_not) = match text.rating {
            Ok((points, line)) => (Some(points), Some(line.to_string()), None),
            Err(why) => (None, None, Some(why)),
        };
        Each { name: text.name, points, line, why_not, person: text.person }
    });
    Ok(Evaluation { figures, most, each: each.collect() })
}

/// A rating, or why there is none.
fn rating(brought: Result<Brought, PortError>) -> Result<(Fixed, smol_str::SmolStr), String> {
    match brought {
        Err(error) => Err(error.to_string()),
        Ok(Brought { rating: Some(rating), .. }) => Ok((rating.value, rating.line)),
        Ok(Brought { open, .. }) => {
            Err(open.into_iter().next().map_or_else(|| "who rates said nothing".to_owned(), |open| open.why))
        }
    }
}

fn told(evaluation: &Evaluation, shows_each: bool) -> String {
    let Evaluation { figures, most, each } = evaluation;
    let mut page = format!("{}: {}, {} rated\n", figures.rubric, count(figures.texts, "text", "texts"), figures.rated);
    if let Some(mean) = figures.mean {
        page.push_str(&format!("{mean:.1} of {most} points in the mean\n\n"));
        for line in &figures.lines {
            page.push_str(&format!(
                "  {} {}  {}\n",
                right(&line.points.to_string(), 5),
                left(&share(&line.share), 10),
                line.earns
            ));
        }
        if let Some(pass) = &figures.pass {
            page.push_str(&format!("\ngood enough, from {} on: {}\n", pass.from, interval(&pass.share)));
        }
    }
    if let Some(agreement) = &figures.agreement {
        page.push_str(&format!("\n{}\n", agreed(agreement)));
    }
    if !figures.open.is_empty() {
        page.push_str("\nnot rated\n");
        for open in &figures.open {
            page.push_str(&format!("  {}: {}\n", count(open.texts, "text", "texts"), open.why));
        }
    }
    if shows_each && !each.is_empty() {
        page.push('\n');
        for text in each {
            let points = text.points.map_or_else(|| "?".to_owned(), |points| points.to_string());
            let person = text.person.map(|person| format!("; a person says {person}")).unwrap_or_default();
            let words = text.line.as_deref().or(text.why_not.as_deref()).unwrap_or_default();
            page.push_str(&format!("  {} {}: {words}{person}\n", right(&points, 5), text.name));
        }
    }
    page
}

fn agreed(agreement: &Agreement) -> String {
    let kappa = agreement.kappa.map(|kappa| format!("; weighted kappa {kappa:.2}")).unwrap_or_default();
    format!(
        "a person says the same of {}; {:.1} points apart in the mean{kappa}",
        interval(&agreement.same),
        agreement.apart
    )
}

/// `3 of 10`
fn share(share: &Share) -> String {
    format!("{} of {}", share.hits, share.of)
}

/// `3 of 10, 30% (10.8 to 60.3%)`
fn interval(of: &Share) -> String {
    let (Some(known), Some(around)) = (of.share, of.interval) else { return share(of) };
    format!("{}, {:.0}% ({:.0} to {:.0}%)", share(of), known * 100.0, around.low * 100.0, around.high * 100.0)
}
