//! `playbook approve`, `reject`, `change`: a person answers a question.

use std::io::Read as _;

use runtime::engine::{EntryId, Refusal};
use runtime::placeholders;
use runtime::runner::letters::Text;
use runtime::runner::{Given, RunError};
use serde::Serialize;

use crate::client::Client;
use crate::desk::{Adopting, Desk};
use crate::exit::{Failure, Outcome};
use crate::files;
use crate::followed::{Followed, Sent};
use crate::inbox::{self, Shown};
use crate::layout::{self, count};
use crate::office::Office;
use crate::terminal::Terminal;
use crate::verbs::CrmArguments;
use crate::words;

/// Who answers, and why.
#[derive(clap::Args)]
pub(crate) struct Answering {
    /// The client, unless you stand in its folder, and the number of the question, or of several
    #[arg(value_name = "NUMBER", required_unless_present = "all_like")]
    what: Vec<String>,

    /// This question and every open one that asks the same, each of them answered for itself
    #[arg(long, value_name = "NUMBER")]
    all_like: Option<i64>,

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
#[command(override_usage = "playbook approve [OPTIONS] [CLIENT] NUMBER…")]
#[command(after_help = "Example:
  playbook approve playbooks/stackmates 1042
  playbook approve playbooks/stackmates 1042 --by founder --why 'met her at the fair'
  playbook approve playbooks/stackmates 1050 --value 4 --why 'named a sum, not a date'
  playbook approve playbooks/stackmates 1060 1064 1071
  playbook approve playbooks/stackmates --all-like 1060")]
pub(crate) struct Approve {
    #[command(flatten)]
    answering: Answering,

    /// Only where the message still has this hash, as `inbox --json` shows it
    #[arg(long, value_name = "HASH")]
    hash: Option<String>,

    /// How much, where a rating is asked for; `inbox` shows what the rubric's lines mean
    #[arg(long, value_name = "POINTS", allow_negative_numbers = true)]
    value: Option<String>,
}

/// Say no to a question
#[derive(clap::Args)]
#[command(override_usage = "playbook reject [OPTIONS] [CLIENT] NUMBER…")]
#[command(after_help = "Example:
  playbook reject playbooks/stackmates 1042 --why 'not our kind of work'")]
pub(crate) struct Reject {
    #[command(flatten)]
    answering: Answering,
}

/// Say yes with your own words: they take the place of the message, approved as they stand
#[derive(clap::Args)]
#[command(override_usage = "playbook change [OPTIONS] [CLIENT] NUMBER")]
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

/// One question's answer, as it is printed.
#[derive(Debug, Serialize)]
struct Answered {
    question: i64,
    answer: &'static str,
    by: String,
    /// Entries of the log that followed.
    entries: usize,
    /// What was sent right away because of it.
    sent: usize,
    /// What was sent besides, approved before.
    sent_earlier: usize,
    /// Questions that are still open.
    open: usize,
    #[serde(flatten)]
    followed: Followed,
}

/// The answers to several.
#[derive(Debug, Serialize)]
struct AllAnswered {
    answer: &'static str,
    by: String,
    /// Those that were answered.
    questions: Vec<i64>,
    /// Those that were not.
    refused: Vec<Refused>,
    entries: usize,
    sent: usize,
    sent_earlier: usize,
    open: usize,
    /// What followed from each.
    each: Vec<Each>,
}

/// What followed from one of several answers.
#[derive(Debug, Serialize)]
struct Each {
    question: i64,
    #[serde(flatten)]
    followed: Followed,
}

/// A question that does not take the answer.
#[derive(Debug, Serialize)]
struct Refused {
    question: i64,
    why: String,
}

/// Says yes.
///
/// # Errors
/// Where the question is not open, the message is not what was seen, or a rating is asked for and none is given.
pub(crate) fn approve(arguments: &Approve, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let answering = &arguments.answering;
    let is_one = answering.all_like.is_none() && numbers(answering.what.clone())?.1.len() == 1;
    if !is_one && (arguments.hash.is_some() || arguments.value.is_some()) {
        return Err(Failure::usage("`--hash` and `--value` are for one question").into());
    }
    answer(answering, "approved", terminal, |_, question| {
        if let Some(value) = &arguments.value {
            if question.rating.is_none() {
                return Err(Failure::usage(format!("question {} asks for no rating", question.number)).into());
            }
            let points = value.parse().map_err(|_| Failure::usage(format!("`{value}` is not a number of points")))?;
            return Ok(Given::Rate(points));
        }
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
    answer(&arguments.answering, "rejected", terminal, |_, _| Ok(Given::Reject))
}

/// Says it otherwise.
///
/// # Errors
/// Where the question is not open or not about a message, or the text cannot be read or has placeholders.
pub(crate) fn change(arguments: &Change, terminal: &Terminal) -> anyhow::Result<Outcome> {
    if arguments.answering.all_like.is_some() || numbers(arguments.answering.what.clone())?.1.len() > 1 {
        return Err(Failure::usage("each message is changed by itself: name one question").into());
    }
    answer(&arguments.answering, "changed", terminal, |office, question| {
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
        if arguments.subject.as_ref().is_some_and(|subject| subject.chars().any(char::is_control)) {
            return Err(Failure::usage("the subject has a line break or another control character")
                .help("it is one line of plain text")
                .into());
        }
        let subject = match &arguments.subject {
            Some(subject) => Some(own_words(office, question, subject)?),
            None => message.subject.clone(),
        };
        Ok(Given::Change(Text { subject, body: own_words(office, question, &body)? }))
    })
}

/// A person's words go out as they stand: what a template would fill in is refused, with what would have stood there.
fn own_words(office: &Office, question: &Shown, text: &str) -> anyhow::Result<String> {
    let Some(placeholder) = placeholders::first(text) else { return Ok(placeholders::unescaped(text)) };
    let failure = Failure::usage(format!(
        "the text has `{{{}}}`, and a person's own words go out as they stand",
        placeholder.written
    ));
    let known = match &question.record {
        Some(record) => office.runner.stands_for(record, placeholder.path)?,
        None => None,
    };
    let help = match known {
        Some(words) => format!("write `{words}`, which stands there in a template"),
        None => "nothing is known of it: write what should stand there".to_owned(),
    };
    Err(failure.help(help).help("a brace that is meant as one is written \\{").into())
}

/// The client, where one is named, and the numbers behind it.
fn numbers(mut what: Vec<String>) -> anyhow::Result<(Option<String>, Vec<i64>)> {
    let number = |word: &String| word.trim_start_matches('#').parse::<i64>().ok();
    let client = what.first().filter(|first| number(first).is_none()).cloned();
    if client.is_some() {
        what.remove(0);
    }
    let mut numbers = Vec::with_capacity(what.len());
    for word in &what {
        let Some(number) = number(word) else {
            return Err(Failure::usage(format!("`{word}` is not the number of a question"))
                .help("`playbook inbox` shows the numbers")
                .into());
        };
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    Ok((client, numbers))
}

fn answer(
    arguments: &Answering,
    word: &'static str,
    terminal: &Terminal,
    given: impl Fn(&Office, &Shown) -> anyhow::Result<Given>,
) -> anyhow::Result<Outcome> {
    let (client, mut numbers) = numbers(arguments.what.clone())?;
    if numbers.is_empty() && arguments.all_like.is_none() {
        return Err(super::inbox::needs_number().into());
    }
    let client = Client::named(client.as_deref())?;
    let desk = Desk::open_to_write(client, &arguments.crm, Adopting::default(), terminal)?;
    let mut office = Office::open(desk, &arguments.crm)?;
    if let Some(like) = arguments.all_like {
        numbers.extend(alike(&office, like)?);
        numbers.dedup();
    }
    if let [number] = numbers.as_slice() {
        return answer_one(&mut office, *number, arguments, word, terminal, given);
    }
    let mut answers = AllAnswered {
        answer: word,
        by: String::new(),
        questions: Vec::new(),
        refused: Vec::new(),
        entries: 0,
        sent: 0,
        sent_earlier: 0,
        open: 0,
        each: Vec::new(),
    };
    let (mut answered, mut mark) = (Vec::new(), EntryId(0));
    for number in numbers {
        match give(&mut office, number, arguments, &given) {
            Ok(done) => {
                answers.questions.push(number);
                answers.entries += done.entries;
                answers.by = done.by;
                mark = mark.max(done.last);
                answered.push(done.question);
            }
            // What one answer settles besides, or somebody else has settled since, keeps the others from nothing.
            Err(error) if crate::exit::is_refusal(&error) => {
                answers.refused.push(Refused { question: number, why: error.to_string() });
            }
            Err(error) => return Err(error),
        }
    }
    let now = office.now;
    let worked = office.runner.work(now)?;
    answers.entries += worked.entries;
    let runs: Vec<i64> = answered.iter().filter_map(|question| question.run).collect();
    let sent = if worked.sent > 0 { Sent::since(&office, mark, &runs)? } else { Sent::default() };
    (answers.sent, answers.sent_earlier) = (sent.own, sent.earlier);
    for question in &answered {
        answers.each.push(Each { question: question.number, followed: Followed::of(&office, question)? });
    }
    answers.open = inbox::open(&office, None)?.len();
    let outcome = if answers.refused.is_empty() { Outcome::Fine } else { Outcome::Findings };
    if arguments.json {
        terminal.print_json(&answers)?;
        return Ok(outcome);
    }
    let mut page = String::new();
    if !answers.questions.is_empty() {
        let numbers: Vec<String> = answers.questions.iter().map(ToString::to_string).collect();
        let all = format!("{} {word} by {}", layout::listed(&numbers, "and"), answers.by);
        page.push_str(&layout::paragraph("", &all, terminal.width()));
    }
    for refused in &answers.refused {
        page.push_str(&layout::paragraph(&format!("{} is not: ", refused.question), &refused.why, terminal.width()));
    }
    for each in &answers.each {
        for line in each.followed.lines(&office) {
            page.push_str(&layout::paragraph(&format!("{}: ", each.question), &line, terminal.width()));
        }
    }
    page.push_str(&sent.lines());
    page.push_str(&left(answers.open));
    terminal.print(&page)?;
    Ok(outcome)
}

/// A question and all open ones that ask the same.
fn alike(office: &Office, number: i64) -> anyhow::Result<Vec<i64>> {
    let question = inbox::one(office, number)?;
    let Some(asks) = question.asks() else {
        return Err(Failure::usage(format!("question {number} is about what is to be looked at by itself"))
            .help("a text, a rating: answer each by its number")
            .into());
    };
    let open = inbox::open(office, None)?;
    let others = open.iter().filter(|other| other.asks().as_ref() == Some(&asks)).map(|other| other.number);
    Ok(std::iter::once(number).chain(others.filter(|other| *other != number)).collect())
}

/// What an answer led to at once.
struct Done {
    question: Shown,
    by: String,
    entries: usize,
    /// The last of the entries.
    last: EntryId,
}

fn give(
    office: &mut Office,
    number: i64,
    arguments: &Answering,
    given: &impl Fn(&Office, &Shown) -> anyhow::Result<Given>,
) -> anyhow::Result<Done> {
    let question = inbox::one(office, number)?;
    let by = office.person(arguments.by.as_deref(), question.whom.as_deref())?;
    let given = given(office, &question)?;
    let now = office.now;
    let told = office.runner.answer(EntryId(number), given, &by, arguments.why.as_deref(), now);
    let told = told.map_err(|error| refused(office, &question, error))?;
    let entries = i64::try_from(told.entries).unwrap_or(i64::MAX);
    let last = EntryId(told.turn.first.0.saturating_add(entries).saturating_sub(1));
    Ok(Done { question, by, entries: told.entries, last })
}

/// Why an answer was not taken, with what to do.
fn refused(office: &Office, question: &Shown, error: RunError) -> anyhow::Error {
    match (&error, &question.rating) {
        (RunError::Refused(Refusal::NoRating { .. } | Refusal::NoSuchRating { .. }), Some(rating)) => {
            let (playbook, client, number) = (words::command(), office.client.as_argument(), question.number);
            Failure::findings(error.to_string())
                .help(format!("{playbook} approve{client} {number} --value POINTS --why 'REASON'"))
                .list(rating.levels.iter().map(|level| format!("{}   {}", level.points.0, level.earns)))
                .into()
        }
        (RunError::Refused(Refusal::StillSo { .. }), _) => {
            let mut failure = Failure::findings(error.to_string());
            if let Some((command, why)) = inbox::way_out(office, question) {
                failure = failure.help(format!("{command}: {why}"));
            }
            failure.into()
        }
        _ => inbox::in_zone(office, error),
    }
}

fn answer_one(
    office: &mut Office,
    number: i64,
    arguments: &Answering,
    word: &'static str,
    terminal: &Terminal,
    given: impl Fn(&Office, &Shown) -> anyhow::Result<Given>,
) -> anyhow::Result<Outcome> {
    let Done { question, by, entries, last } = give(office, number, arguments, &given)?;
    let now = office.now;
    let worked = office.runner.work(now)?;
    let runs: Vec<i64> = question.run.into_iter().collect();
    let sent = if worked.sent > 0 { Sent::since(office, last, &runs)? } else { Sent::default() };
    let followed = Followed::of(office, &question)?;
    let open = inbox::open(office, None)?.len();
    if arguments.json {
        let entries = entries + worked.entries;
        let (sent, sent_earlier) = (sent.own, sent.earlier);
        terminal.print_json(&Answered {
            question: number,
            answer: word,
            by,
            entries,
            sent,
            sent_earlier,
            open,
            followed,
        })?;
        return Ok(Outcome::Fine);
    }
    let about = question.about.as_deref().unwrap_or("the whole playbook");
    let mut page = format!("{number} {word} by {by}: {about}\n");
    for line in followed.lines(office) {
        page.push_str(&layout::paragraph("", &line, terminal.width()));
    }
    page.push_str(&sent.lines());
    page.push_str(&left(open));
    terminal.print(&page)?;
    Ok(Outcome::Fine)
}

fn left(open: usize) -> String {
    format!("{} left\n", count(open as u64, "open question", "open questions"))
}
