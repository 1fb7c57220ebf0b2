//! `playbook why`: a score as a ledger that adds up, what is not known, and what would change the route.

use compiler::program::{Fixed, ScoreId};
use jiff::Timestamp;
use runtime::crm::{ContactId, Found, Named, RecordId};
use runtime::engine::RecordRef;
use runtime::records;
use serde::Serialize;

use crate::client::Client;
use crate::desk::Desk;
use crate::evidence::{self, Decimal, Layer, Place, Points, Undecided};
use crate::exit::{Failure, Outcome};
use crate::layout::{count, dimmed, left, paragraph, right, width};
use crate::paused::{self, Paused};
use crate::people::{self, Person};
use crate::questions::{self, Question};
use crate::terminal::{Paint, Terminal};
use crate::verbs::CrmArguments;
use crate::words::{self, signed};

/// Show why a contact scores so: the ledger, what is not known, what to ask, what would change it
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook why playbooks/stackmates hana
  playbook why playbooks/stackmates wanda.bellthorn --json")]
pub(crate) struct Arguments {
    /// The client, unless you stand in its folder, and the contact: an e-mail address, a number, or a part of the name
    #[arg(value_name = "[CLIENT] CONTACT", required = true, num_args = 1..=2)]
    what: Vec<String>,

    /// By which score [default: the playbook's first]
    #[arg(long, value_name = "NAME")]
    score: Option<String>,

    #[command(flatten)]
    crm: CrmArguments,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Why {
    /// Who it is.
    pub(crate) fn title(&self) -> String {
        self.contact.title()
    }
}

/// All that is to be said about a score.
#[derive(Debug, Serialize)]
pub(crate) struct Why {
    contact: Person,
    as_of: Timestamp,
    /// What keeps work on the record from going on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    paused: Vec<Paused>,
    #[serde(rename = "score_name")]
    name: String,
    score: Decimal,
    low: Decimal,
    high: Decimal,
    weighted: bool,
    route: Option<Route>,
    routes: Vec<String>,
    provisional: bool,
    layers: Vec<Layer>,
    /// What the weights of the layers that count add, where others wait for their event.
    rescaled: Decimal,
    questions: Vec<Question>,
    nearest_flip: Option<NearestFlip>,
}

#[derive(Debug, Serialize)]
struct Route {
    name: String,
    certain: bool,
    when: Option<String>,
    because: Option<String>,
}

#[derive(Debug, Serialize)]
struct NearestFlip {
    words: String,
    route: Option<String>,
    score: Decimal,
}

/// Prints the ledger.
///
/// # Errors
/// Where there is no such contact.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let mut what = arguments.what.clone();
    let client = if what.len() > 1 { Client::take(&mut what)? } else { Client::named(None)? };
    let [wanted] = what.as_slice() else {
        return Err(Failure::usage(format!(
            "there is no client `{}`",
            what.first().map(String::as_str).unwrap_or_default()
        ))
        .help("the client comes first: playbook why CLIENT CONTACT")
        .into());
    };
    let desk = Desk::open(client, &arguments.crm, terminal)?;
    let score = desk.score(arguments.score.as_deref())?;
    let id = find(&desk, score, wanted)?;
    let why = why(&desk, score, id)?;
    if arguments.json {
        terminal.print_json(&why)?;
    } else {
        terminal.print(&page(&desk, &why, terminal))?;
    }
    Ok(Outcome::Fine)
}

/// Contacts are found by what people call them, other records by their number.
fn find(desk: &Desk, score: ScoreId, wanted: &str) -> anyhow::Result<RecordId> {
    let entity = desk.program.scores.get(score.index()).map(|score| score.entity);
    if entity != desk.program.entity("Contact") {
        let number = wanted.strip_prefix('#').unwrap_or(wanted).parse().map(RecordId);
        return number.map_err(|_| Failure::usage(format!("`{wanted}` is not the number of a record")).into());
    }
    match desk.crm.find_contact(wanted)? {
        Found::One(named) => Ok(RecordId(named.id.0)),
        Found::Several { shown, count } => {
            let more = count.saturating_sub(shown.len());
            let more = (more > 0).then(|| format!("and {more} more"));
            Err(Failure::usage(format!("`{wanted}` could be any of {count} contacts"))
                .help("name one by its number or its address")
                .list(shown.iter().map(called).chain(more))
                .into())
        }
        Found::Nobody { nearest } => {
            let failure = Failure::usage(format!("there is no contact `{wanted}`"));
            Err(match nearest {
                Some(named) => failure.help(format!("did you mean {}?", called(&named))),
                None => failure.help("name an e-mail address, a number, or a part of the name"),
            }
            .into())
        }
    }
}

fn called(named: &Named) -> String {
    let Named { id: ContactId(id), name, email, company } = named;
    let mut words: Vec<&str> = Vec::new();
    words.extend(Some(name.as_str()).filter(|name| !name.is_empty()));
    words.extend(email.as_deref());
    words.extend(company.as_deref());
    format!("#{id} {}", words.join(", "))
}

/// The ledger of a record, with questions and the nearest flip.
///
/// # Errors
/// Where the CRM cannot be read, or has no such record.
pub(crate) fn why(desk: &Desk, score: ScoreId, id: RecordId) -> anyhow::Result<Why> {
    let scorer = desk.scorer()?;
    let missing = || Failure::usage(format!("there is no record #{}", id.0));
    let card = desk.program.scores.get(score.index()).ok_or_else(missing)?;
    let facts = records::facts(&desk.crm, &scorer, card.entity, id)?.ok_or_else(missing)?;
    let row = scorer.row(card.entity, &facts).ok_or_else(missing)?;
    let evaluation = scorer.evaluate(card.entity, &row).ok_or_else(missing)?;
    let ledger = scorer.ledger(score, &row, &evaluation).ok_or_else(missing)?;
    let (layers, rescaled) = evidence::layers(&desk.program, &ledger);
    let standing = ledger.standing();
    let route = ledger.routed().map(|routed| Route {
        name: routed.label.to_string(),
        certain: routed.certain,
        when: Some(routed.line.words.to_string()).filter(|words| !words.is_empty()),
        because: routed.line.because.as_ref().map(ToString::to_string),
    });
    let flip = scorer.nearest_flip(score, &facts).map(|flip| NearestFlip {
        words: flip.words,
        route: flip.route.and_then(|label| card.labels.get(label.index())).map(ToString::to_string),
        score: Decimal(flip.value),
    });
    let entity = desk.program.entities.get(card.entity.index()).ok_or_else(missing)?;
    let record = RecordRef { entity: entity.name.clone(), id: id.0 };
    Ok(Why {
        contact: people::one(&desk.crm, &desk.program, card.entity, id)?,
        as_of: desk.now,
        paused: paused::holding(&desk.crm, &desk.program, &record, None)?,
        name: card.name.to_string(),
        score: Decimal(standing.value),
        low: Decimal(standing.low),
        high: Decimal(standing.high),
        weighted: card.weighted,
        route,
        routes: card.labels.iter().map(ToString::to_string).collect(),
        provisional: !scorer.trusted(score, desk.crm.decisions(&card.name)?),
        layers,
        rescaled: Decimal(rescaled),
        questions: questions::of(&scorer, score, &facts),
        nearest_flip: flip,
    })
}

/// The ledger for a reader.
pub(crate) fn page(desk: &Desk, why: &Why, terminal: &Terminal) -> String {
    let (paint, all) = (terminal.paint(), terminal.width());
    let mut page = head(desk, why, paint, all);
    for layer in &why.layers {
        page.push('\n');
        page.push_str(&layer_head(why, layer, paint, all));
        for line in &layer.lines {
            page.push_str(&points(line, why.as_of, paint, all));
        }
        if layer.clamp.0 != Fixed::ZERO {
            page.push_str(&format!(
                "  {}  {}\n",
                right(&signed(layer.clamp.0), 7),
                paint.dim("a layer holds 0 to 100 points")
            ));
        }
        for open in &layer.undecided {
            page.push_str(&undecided(open, paint, all));
        }
    }
    page.push_str(&foot(why, paint, all));
    page
}

/// Who, how much, where to.
fn head(desk: &Desk, why: &Why, paint: Paint, all: usize) -> String {
    let who = [why.contact.company.as_deref(), why.contact.email.as_deref().filter(|_| why.contact.name.is_some())];
    let who: Vec<&str> = who.into_iter().flatten().collect();
    let title = why.contact.title();
    let room = all.saturating_sub(width(&title) + 2);
    // On a narrow screen what does not fit beside the name stands below it.
    let beside = if width(&who.join("  ")) <= room {
        format!("  {}\n", who.join("  "))
    } else {
        format!("\n{}\n", who.join("\n"))
    };
    let head = format!("{}{}", paint.bold(&title), if who.is_empty() { "\n" } else { &beside });
    let mut standing = format!("{} {}", why.name, why.score.0);
    if why.low != why.high {
        standing.push_str(&format!(", could be {} to {}", why.low.0, why.high.0));
    }
    let mut reason = String::new();
    if let Some(route) = &why.route {
        let order: Vec<&str> = why.routes.iter().map(String::as_str).collect();
        let sure = if route.certain { "certainly" } else { "as far as is known" };
        standing.push_str(&format!(": {} {}", sure, paint.route(&order, &route.name, &route.name)));
        let words = route.because.as_deref().or(route.when.as_deref()).unwrap_or("no line above it in the route holds");
        reason = dimmed(paint, &paragraph(&format!("{} because ", route.name), words, all));
    }
    let asked = if why.provisional { "; provisional: ask a person before acting on it" } else { "" };
    let as_of = dimmed(paint, &paragraph("", &format!("as of {}{asked}", desk.as_of()), all));
    let paused: String = why.paused.iter().map(|paused| paused.line(&desk.program.client.timezone, paint)).collect();
    format!("{head}{standing}\n{reason}{as_of}{paused}")
}

/// `firmographic 55 × 20% = 11`
fn layer_head(why: &Why, layer: &Layer, paint: Paint, all: usize) -> String {
    let name = layer.name.as_deref().unwrap_or("points");
    if let Some(event) = &layer.left_out_until {
        return format!("{}  {}\n", paint.bold(name), paint.dim(&format!("does not count until {event} is reported")));
    }
    let share = match layer.weight {
        Some(weight) => format!("{} × {}% = {}", layer.points.0, weight.0, layer.contributes.0),
        None => layer.points.0.to_string(),
    };
    if why.layers.len() == 1 && !why.weighted {
        return format!("{}\n", paint.bold(name));
    }
    format!("{}{}\n", paint.bold(name), right(&share, edge(all).saturating_sub(width(name))))
}

/// Where the right column ends: a line that runs across a wide screen is hard to follow.
fn edge(all: usize) -> usize {
    all.min(88)
}

/// A line of the ledger: points, words and place; below it what stands behind it.
fn points(line: &Points, as_of: Timestamp, paint: Paint, all: usize) -> String {
    let mut text = entry(&signed(line.points.0), line.words(), &line.place, paint, all);
    let mut behind: Vec<String> = Vec::new();
    if line.because.is_some() && line.quote.is_none() {
        behind.push(line.facts.clone());
    }
    if let Some(quote) = &line.quote {
        behind.push(format!("“{}” {}", quote.text, words::ago(as_of.duration_since(quote.at).as_secs())));
    }
    if let Some(up_to) = line.up_to {
        behind.push(format!("{} each while fresh, up to {}", signed(line.fresh.0), up_to.0));
    } else if line.points != line.fresh {
        let age = line.at.map(|at| format!(", {}", words::ago(as_of.duration_since(at).as_secs())));
        behind.push(format!("{} while fresh{}", signed(line.fresh.0), age.unwrap_or_default()));
    }
    text.push_str(&below(&behind.join(" · "), paint, all));
    text
}

fn undecided(open: &Undecided, paint: Paint, all: usize) -> String {
    let range = if open.from.0 < Fixed::ZERO { signed(open.from.0) } else { signed(open.to.0) };
    let said = open.because.as_deref().unwrap_or(&open.when);
    let mut text = entry(&format!("{range}?"), said, &open.place, paint, all);
    text.push_str(&below(&open.unknown, paint, all));
    text
}

/// How far words stand behind their points.
const INDENT: usize = 11;

/// `     +35  the trades we serve                    stackmates.playbook:38`
fn entry(points: &str, said: &str, place: &Place, paint: Paint, all: usize) -> String {
    let first = format!("  {}  ", right(points, INDENT - 4));
    let place = place.to_string();
    let room = edge(all).saturating_sub(INDENT + width(said));
    if room > width(&place) {
        let blanks = " ".repeat(room - width(&place));
        return format!("{first}{said}{blanks}{}\n", paint.dim(&place));
    }
    paragraph(&first, said, all) + &below(&place, paint, all)
}

/// What stands behind a line, below it; nothing for nothing.
fn below(words: &str, paint: Paint, all: usize) -> String {
    if words.is_empty() { String::new() } else { dimmed(paint, &paragraph(&" ".repeat(INDENT), words, all)) }
}

/// What to ask and what would change the route.
fn foot(why: &Why, paint: Paint, all: usize) -> String {
    let mut foot = String::new();
    if why.rescaled.0 != Fixed::ZERO {
        foot.push_str(&format!(
            "\n{} by rescaling the weights of the layers that count to 100%\n",
            signed(why.rescaled.0)
        ));
    }
    let label = |text: &str| format!("{}  ", left(text, 12));
    if why.questions.is_empty() {
        let settled = why.layers.iter().all(|layer| layer.undecided.is_empty()) && why.low == why.high;
        let words = if settled {
            "nothing: everything that counts is known"
        } else {
            "nothing: what is open above is no fact of its own, but a part of what happened"
        };
        foot.push_str(&paragraph(&format!("\n{}", label("ask next")), words, all));
    }
    for (place, question) in why.questions.iter().take(3).enumerate() {
        let first = if place == 0 { format!("\n{}", label("ask next")) } else { label("") };
        foot.push_str(&paragraph(&first, &question.brief(), all));
    }
    let more = why.questions.len().saturating_sub(3);
    if more > 0 {
        foot.push_str(&format!(
            "{}{}\n",
            label(""),
            paint.dim(&format!("and {}", count(more as u64, "fact more", "facts more")))
        ));
    }
    if let Some(flip) = &why.nearest_flip {
        foot.push_str(&paragraph(&label("nearest flip"), &flip.words, all));
    }
    foot
}
