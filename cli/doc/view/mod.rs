//! What the page shows, part by part, as data for its templates: words and numbers, no HTML.

mod ahead;
mod figure;
mod glossary;
mod messages;
mod scores;
mod sources;
mod success;
mod team;
mod threshold;
mod workflows;

use std::collections::BTreeMap;

use compiler::program::{Origin, Program};
use serde::Serialize;
use smol_str::SmolStr;

use super::words::{ANYBODY, Whose, Words, hours, listed, sentence, spaced};
use crate::layout::count;

/// Somebody has signed a workflow.
#[derive(Clone, Debug)]
pub(crate) struct Signature {
    /// Which.
    pub(crate) workflow: SmolStr,
    /// What was signed.
    pub(crate) hash: SmolStr,
    /// A role of the client's people.
    pub(crate) by: SmolStr,
    /// The client's day.
    pub(crate) day: String,
}

/// What a signature is bound to.
#[derive(Clone, Debug)]
pub(crate) struct Hashes {
    /// Of the whole playbook, as the log names it.
    pub(crate) playbook: SmolStr,
    /// Of each workflow, in their order.
    pub(crate) workflows: Vec<SmolStr>,
    /// Whether a CRM was there to be asked who signed.
    pub(crate) crm: bool,
}

/// The page.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    client: SmolStr,
    hash: SmolStr,
    short: String,
    files: Vec<String>,
    modules: Vec<String>,
    settings: Vec<(&'static str, String)>,
    people: Vec<(String, SmolStr)>,
    figures: Vec<(usize, String)>,
    promises: Vec<String>,
    scores: Vec<scores::Score>,
    phrases: Vec<scores::Phrases>,
    workflows: Vec<workflows::Workflow>,
    team: team::Team,
    decisions: Vec<team::Decisions>,
    policy: Option<Vec<team::Line>>,
    messages: messages::Messages,
    success: success::Success,
    ahead: ahead::Ahead,
    sources: sources::Sources,
    /// The names of the tests.
    examples: Vec<SmolStr>,
    glossary: Vec<(String, String)>,
    sheets: Vec<Sheet>,
    crm: bool,
}

/// Where a workflow is signed.
#[derive(Debug, Serialize)]
struct Sheet {
    workflow: String,
    hash: String,
    /// Who, when.
    signed: Vec<(String, String)>,
    /// There is a signature of an earlier text.
    outdated: bool,
}

impl Page {
    pub(super) fn new(program: &Program, hashes: &Hashes, signatures: &[Signature]) -> Self {
        let words = Words { program };
        let client = &program.client;
        let own = |name: &&SmolStr| !name.contains(':');
        let workflows = workflows::all(words);
        Self {
            client: client.name.clone(),
            short: short(&hashes.playbook),
            hash: hashes.playbook.clone(),
            files: program.files.iter().filter(own).map(ToString::to_string).collect(),
            modules: program.files.iter().filter(|name| !own(name)).map(|name| module(name)).collect(),
            settings: settings(words),
            people: client.people.iter().map(|(role, title)| (title.to_string(), role.clone())).collect(),
            figures: figures(program),
            promises: promises(words),
            scores: scores::all(words),
            phrases: scores::phrases(words),
            team: team::team(words),
            decisions: team::decisions(words, &workflows),
            policy: program.policy.as_ref().map(|policy| team::policy(words, policy)),
            messages: messages::messages(words),
            success: success::success(words),
            ahead: ahead::ahead(words),
            sources: sources::sources(words),
            examples: program.tests.iter().map(|test| test.name.clone()).collect(),
            glossary: glossary::glossary(words),
            sheets: sheets(words, hashes, signatures),
            crm: hashes.crm,
            workflows,
        }
    }
}

/// Whose words something is, for a mark beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Mark {
    whose: Whose,
}

fn mark(words: Words<'_>, origin: Origin) -> Mark {
    Mark { whose: words.origin(origin) }
}

/// The first twelve digits of a hash, in threes of four: enough to tell two texts apart, and to read out on the telephone.
fn short(hash: &str) -> String {
    let digits: Vec<char> = hash.chars().take(12).collect();
    digits.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// `std.crm`
fn module(name: &str) -> String {
    name.strip_suffix(".playbook").unwrap_or(name).replace([':', '/'], ".")
}

/// An anchor within the page.
fn anchor(parts: &[&str]) -> String {
    let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    parts.iter().map(|part| part.chars().map(letter).collect::<String>()).collect::<Vec<_>>().join("-")
}

fn settings(words: Words<'_>) -> Vec<(&'static str, String)> {
    let client = &words.program.client;
    let mut settings = vec![
        ("Currency", client.currency.to_string()),
        ("Time zone", client.timezone.replace('_', " ")),
        ("Business hours", hours(client.hours)),
    ];
    if !client.holidays.is_empty() {
        let days = client.holidays.iter().map(|day| day.strftime("%-d %B %Y").to_string());
        settings.push(("Days off", listed(days, "and")));
    }
    settings
}

/// How much there is of everything.
fn figures(program: &Program) -> Vec<(usize, String)> {
    let rules = program.scores.iter().flat_map(|score| &score.layers).map(|layer| layer.rules.len()).sum();
    let stages = program.workflows.iter().map(|workflow| workflow.stages.len()).sum();
    let figure = |number: usize, one: &str, many: &str| (number, if number == 1 { one } else { many }.to_owned());
    let all = [
        figure(program.workflows.len(), "workflow", "workflows"),
        figure(stages, "stage", "stages"),
        figure(program.agents.len(), "agent", "agents"),
        figure(program.client.people.len(), "person", "people"),
        figure(rules, "scoring rule", "scoring rules"),
        figure(program.goals.len(), "goal", "goals"),
        figure(program.tests.len(), "worked example", "worked examples"),
    ];
    all.into_iter().filter(|(number, _)| *number > 0).collect()
}

/// What holds throughout, in sentences.
fn promises(words: Words<'_>) -> Vec<String> {
    let program = words.program;
    let mut promises = Vec::new();
    if program.actions.iter().any(|action| action.external) && !program.workflows.is_empty() {
        promises.push(
            "Nothing reaches anybody outside, and no money is spent, before a person has approved that very thing. A text that changes is \
             approved anew."
                .to_owned(),
        );
    }
    match &program.policy {
        Some(policy) if !policy.consent.is_empty() => promises.push(format!(
            "Nobody is written to by {} without a consent that can be proven.",
            listed(policy.consent.iter().map(|channel| super::words::plain(channel)), "or")
        )),
        Some(_) => {}
        None => promises.push("There is no contact policy, so that no message leaves.".to_owned()),
    }
    promises.extend(at_most(words));
    if !program.scores.is_empty() {
        promises.push(
            "What is not known is never guessed. It gives no points, the score is shown with the range that it could still take, and \
             what would settle it is asked for."
                .to_owned(),
        );
    }
    if !program.agents.is_empty() {
        promises.push(
            "An agent may touch only what the table of permissions says; whatever is not in it is denied.".to_owned(),
        );
    }
    if !program.workflows.is_empty() {
        promises.push("Every step is kept in a log that cannot be changed unnoticed.".to_owned());
    }
    if !program.tests.is_empty() {
        let examples = count(program.tests.len() as u64, "worked example", "worked examples");
        promises.push(format!("{} with expected results can be checked at any time.", sentence(&examples)));
    }
    promises
}

/// The most that it can cause, as proven of all ways that work can take.
fn at_most(words: Words<'_>) -> Vec<String> {
    let bounds = compiler::proofs::bounds(words.program);
    let messages = bounds.messages.filter(|most| *most > 0).map(|most| {
        let messages = count(u64::from(most), "message", "messages");
        format!("Nobody is sent more than {messages} in any 24 hours.")
    });
    let spend = bounds
        .spend
        .filter(|most| most.0 > 0)
        .map(|most| format!("No more than {} is spent on one contact in any 24 hours.", words.money(most)));
    messages.into_iter().chain(spend).collect()
}

/// For each workflow, who has signed it as it stands.
fn sheets(words: Words<'_>, hashes: &Hashes, signatures: &[Signature]) -> Vec<Sheet> {
    let sheet = |(workflow, hash): (&compiler::program::Workflow, &SmolStr)| {
        let of_this = signatures.iter().filter(|signature| signature.workflow == workflow.name);
        // Whoever signed twice has signed: the last time counts.
        let mut signed = BTreeMap::new();
        for signature in of_this.clone().filter(|signature| signature.hash == *hash) {
            signed.insert(signature.by.clone(), signature.day.clone());
        }
        Sheet {
            workflow: spaced(&workflow.name),
            hash: short(hash),
            outdated: signed.is_empty() && of_this.count() > 0,
            signed: signed.into_iter().map(|(by, day)| (sentence(&words.role(Some(&by))), day)).collect(),
        }
    };
    let of = |id: compiler::program::WorkflowId| {
        Some((words.program.workflows.get(id.index())?, hashes.workflows.get(id.index())?))
    };
    workflows::order(words.program).into_iter().filter_map(of).map(sheet).collect()
}

/// Whom a question goes to, at the beginning of a sentence.
fn whom(words: Words<'_>, role: Option<&str>) -> String {
    if role.is_none() { sentence(ANYBODY) } else { sentence(&words.role(role)) }
}
