//! What a playbook consists of, a line for each part that runs, and below it those for what it is made of.

mod ahead;

use std::fmt::Write as _;

use compiler::diagnostics::Files;
use compiler::diagnostics::lines::Lines;
use compiler::program::{
    Actor, Choice, FileId, Fixed, Origin, Piece, Program, Quiet, RubricText, Score, Source, Stage, StageBody,
    StageKind, Target, Workflow,
};
use serde::Serialize;

use crate::layout::{count, listed};

/// A part of a playbook.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Part {
    /// Its keyword.
    pub(crate) kind: &'static str,
    /// Empty where there is only one.
    pub(crate) name: String,
    /// In a line.
    pub(crate) what: String,
    /// What it is made of: a workflow of stages, the permissions of rows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) members: Vec<Member>,
}

/// What a part is made of.
#[derive(Debug, Serialize)]
pub(crate) struct Member {
    /// The stage, the row.
    pub(crate) name: String,
    /// In a line; of a row, empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) what: String,
    /// The cells of a row, in the order of the agents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) cells: Vec<String>,
}

/// The parts in the order in which a reader asks for them: whose, what is known, how it is judged, what is done, who may, what comes of it.
pub(crate) fn of(program: &Program, files: &Files) -> Vec<Part> {
    let parts = Parts { program, files };
    let mut all = vec![parts.client()];
    all.extend(parts.people());
    all.extend(parts.records());
    all.extend(program.scores.iter().map(scored));
    all.extend(parts.said());
    all.extend(parts.sources());
    all.extend(program.workflows.iter().map(|workflow| parts.workflow(workflow)));
    all.extend(parts.feedback());
    all.extend(program.agents.iter().map(|agent| parts.agent(agent)));
    all.extend(parts.permissions());
    all.extend(parts.priority());
    all.extend(parts.policy());
    all.extend(parts.bounds());
    all.extend(parts.messages());
    all.extend(parts.goals());
    all.extend(ahead::of(program));
    if !program.tests.is_empty() {
        all.push(part("tests", "", count(program.tests.len() as u64, "test", "tests")));
    }
    all
}

fn part(kind: &'static str, name: impl Into<String>, what: impl Into<String>) -> Part {
    Part { kind, name: name.into(), what: what.into(), members: Vec::new() }
}

fn member(name: impl Into<String>, what: impl Into<String>) -> Member {
    Member { name: name.into(), what: what.into(), cells: Vec::new() }
}

struct Parts<'p> {
    program: &'p Program,
    files: &'p Files,
}

impl Parts<'_> {
    fn client(&self) -> Part {
        let client = &self.program.client;
        part(
            "client",
            client.name.as_str(),
            format!("{}, {}, {}", client.currency, client.timezone, hours(self.program)),
        )
    }

    fn people(&self) -> Option<Part> {
        let people = &self.program.client.people;
        let people: Vec<String> = people.iter().map(|(role, title)| format!("{role} “{title}”")).collect();
        (!people.is_empty()).then(|| part("people", "", people.join(", ")))
    }

    /// The client's own fields, events and facts.
    fn records(&self) -> Vec<Part> {
        let program = self.program;
        let mut parts = Vec::new();
        for entity in &program.entities {
            let own: Vec<String> =
                entity.fields.iter().filter(|field| !field.standard).map(|field| field.name.to_string()).collect();
            if !own.is_empty() {
                parts.push(part("extend", entity.name.as_str(), own.join(", ")));
            }
        }
        let standard = |file: FileId| program.files.get(file.index()).is_some_and(|name| name.starts_with("std:"));
        for event in program.events.iter().filter(|event| !standard(event.origin.file)) {
            let facts: Vec<String> = event.fields.iter().map(|field| field.name.to_string()).collect();
            parts.push(part("event", event.name.as_str(), facts.join(", ")));
        }
        for fact in &program.facts {
            let entity =
                program.entities.get(fact.entity.index()).map(|entity| entity.name.to_string()).unwrap_or_default();
            parts.push(part("fact", fact.name.as_str(), format!("of {entity}")));
        }
        parts
    }

    fn said(&self) -> Vec<Part> {
        let said = self.program.phrases.iter().map(|set| {
            let kind = if set.objection { "objection" } else { "phrases" };
            part(kind, set.name.as_str(), count(set.texts.len() as u64, "phrase", "phrases"))
        });
        said.collect()
    }

    fn sources(&self) -> Vec<Part> {
        let sources = &self.program.sources;
        let own = sources.iter().filter(|source| !source.preset);
        let mut parts: Vec<Part> =
            own.map(|source| part("source", source.name.as_str(), into(self.program, source))).collect();
        let presets: Vec<String> =
            sources.iter().filter(|source| source.preset).map(|source| source.name.to_string()).collect();
        if !presets.is_empty() {
            parts.push(part("presets", "", presets.join(", ")));
        }
        parts
    }

    fn workflow(&self, workflow: &Workflow) -> Part {
        let program = self.program;
        let entity = program.entities.get(workflow.entity.index()).map(|entity| entity.name.as_str());
        let mut what = format!("for {} by {}", entity.unwrap_or_default(), self.actor(&workflow.by));
        for start in &workflow.starts {
            let line = self.line(start.origin);
            let _ = write!(what, "; {}", line.strip_prefix("start ").map_or(line, |rest| rest.trim_start()));
        }
        let members = workflow.stages.iter().map(|stage| member(stage.name.as_str(), self.stage(workflow, stage)));
        Part { members: members.collect(), ..part("workflow", workflow.name.as_str(), what) }
    }

    /// `research company, score contact by icp · ask human to approve message · → Rating when complete`
    fn stage(&self, workflow: &Workflow, stage: &Stage) -> String {
        match &stage.kind {
            StageKind::Stage(body) => self.body(workflow, body),
            StageKind::Handoff(handoff) => {
                let to = self.program.workflows.get(handoff.to.index()).map(|to| to.name.as_str());
                format!("handed to {}", to.unwrap_or_default())
            }
            StageKind::End(end) => format!("ends as {}", end.outcome),
        }
    }

    fn body(&self, workflow: &Workflow, body: &StageBody) -> String {
        let mut parts = Vec::new();
        if body.by != workflow.by {
            parts.push(format!("by {}", self.actor(&body.by)));
        }
        let acts: Vec<String> = body.acts.iter().map(|act| act.words.to_string()).collect();
        if !acts.is_empty() {
            parts.push(acts.join(", "));
        }
        let required: Vec<String> = body.requires.iter().map(|required| required.words.to_string()).collect();
        if !required.is_empty() {
            parts.push(format!("require {}", required.join(", ")));
        }
        parts.extend(body.asks.iter().map(|ask| format!("ask {}", ask.words)));
        parts.extend(body.ways.iter().map(|way| format!("→ {}", without_reason(&way.words))));
        parts.join(" · ")
    }

    fn feedback(&self) -> Vec<Part> {
        let name = |id: compiler::program::WorkflowId| {
            self.program.workflows.get(id.index()).map(|workflow| workflow.name.as_str()).unwrap_or_default()
        };
        let learnt = self.program.feedback.iter().map(|feedback| {
            let row = if feedback.in_a_row { " in a row" } else { "" };
            let what = format!("{} {}{row}: ask {}", feedback.count, feedback.outcome, feedback.ask.words);
            part("feedback", format!("{} to {}", name(feedback.from), name(feedback.to)), what)
        });
        learnt.collect()
    }

    fn agent(&self, agent: &compiler::program::Agent) -> Part {
        let program = self.program;
        let id = |index: usize| Actor::Agent(compiler::program::AgentId(u32::try_from(index).unwrap_or(u32::MAX)));
        let own = program.agents.iter().position(|known| known.name == agent.name).map(id);
        let runs: Vec<String> = program
            .workflows
            .iter()
            .enumerate()
            .filter(|(index, workflow)| {
                Some(&workflow.by) == own.as_ref() || agent.runs.iter().any(|run| run.index() == *index)
            })
            .map(|(_, workflow)| workflow.name.to_string())
            .collect();
        let mut parts = Vec::new();
        if !runs.is_empty() {
            parts.push(format!("runs {}", listed(&runs, "and")));
        }
        parts.extend(agent.hands.iter().map(|(what, whom)| format!("hands “{what}” to {whom}")));
        part("agent", agent.name.as_str(), parts.join("; "))
    }

    /// A row for each thing, a cell for each agent, in the playbook's own words.
    fn permissions(&self) -> Option<Part> {
        let program = self.program;
        if program.permissions.rows.is_empty() || program.agents.is_empty() {
            return None;
        }
        let agents: Vec<String> = program.agents.iter().map(|agent| agent.name.to_string()).collect();
        // Of rows about the same, the first one counts.
        let mut seen = Vec::new();
        let rows = program.permissions.rows.iter().filter(|row| {
            let about = program.about(&row.about);
            let is_first = !seen.contains(&about);
            seen.push(about);
            is_first
        });
        let rows = rows.map(|row| {
            let cell = |agent: usize| {
                let agent = compiler::program::AgentId(u32::try_from(agent).unwrap_or(u32::MAX));
                let place = row.place(agent);
                place.map(|(file, span)| self.files.slice(file, span).trim().to_owned()).unwrap_or_default()
            };
            Member { cells: (0..agents.len()).map(cell).collect(), ..member(program.about(&row.about), "") }
        });
        Some(Part { members: rows.collect(), ..part("permissions", "", agents.join(", ")) })
    }

    fn priority(&self) -> Option<Part> {
        let mut members: Vec<Member> = Vec::new();
        for words in self.program.priorities.iter().map(|line| without_reason(&line.words)) {
            // A line that stands above already is never asked.
            if members.iter().all(|member| member.what != words) {
                members.push(member("", words));
            }
        }
        (!members.is_empty()).then(|| Part { members, ..part("priority", "", "who goes first, read from the top") })
    }

    fn policy(&self) -> Option<Part> {
        let policy = self.program.policy.as_ref()?;
        let mut members = Vec::new();
        if !policy.consent.is_empty() {
            let channels: Vec<String> = policy.consent.iter().map(ToString::to_string).collect();
            members.push(member("", format!("consent for {}", listed(&channels, "and"))));
        }
        if policy.unsubscribe.is_some() {
            members.push(member("", "unsubscribe in every send"));
        }
        for quiet in &policy.quiet {
            members.push(member("", quiet_words(*quiet)));
        }
        members.extend(policy.caps.iter().map(|cap| member("", without_reason(&cap.words))));
        Some(Part { members, ..part("contact policy", "", "when somebody may be written to") })
    }

    /// The most that it can cause, as proven.
    fn bounds(&self) -> Option<Part> {
        let bounds = compiler::proofs::bounds(self.program);
        let mut members = Vec::new();
        match (bounds.messages, &bounds.messages_by) {
            (Some(0), _) => {}
            (Some(most), by) => {
                let by = by.as_ref().map_or_else(String::new, |by| format!(", by `{}`", without_reason(by)));
                let messages = count(u64::from(most), "message", "messages");
                members.push(member("", format!("{messages} to one contact in any 24 hours{by}")));
            }
            (None, _) => members.push(member("", "messages to one contact: no bound")),
        }
        match bounds.spend {
            Some(Fixed::ZERO) => {}
            Some(most) => {
                let currency = &self.program.client.currency;
                members.push(member("", format!("{currency} {most} for one contact in any 24 hours")));
            }
            None => members.push(member("", "what is spent on one contact: no bound")),
        }
        (!members.is_empty()).then(|| Part { members, ..part("at most", "", "what it can cause, as proven") })
    }

    fn messages(&self) -> Vec<Part> {
        let program = self.program;
        let mut parts: Vec<Part> = Vec::new();
        for template in &program.templates {
            let subject = template.subject.as_deref().map_or_else(String::new, filled);
            parts.push(part("template", template.name.as_str(), subject));
        }
        for experiment in &program.experiments {
            let arms: Vec<String> = experiment.arms.iter().map(ToString::to_string).collect();
            let success = program.events.get(experiment.success.index()).map(|event| event.name.as_str());
            let choice = match experiment.choose {
                Choice::Evenly => String::new(),
                learning => format!(", {}", learning.words()),
            };
            let what = format!("tries {}{choice}; success is {}", listed(&arms, "and"), success.unwrap_or_default());
            parts.push(part("experiment", experiment.name.as_str(), what));
        }
        for rubric in &program.rubrics {
            let from = match &rubric.from {
                RubricText::Message => "the message".to_owned(),
                RubricText::Notes(event) => format!("the notes of {event}"),
            };
            let lines = count(rubric.lines.len() as u64, "line", "lines");
            parts.push(part("rubric", rubric.name.as_str(), format!("{lines}, from {from}")));
        }
        parts
    }

    fn goals(&self) -> Vec<Part> {
        let goals = self.program.goals.iter().map(|goal| {
            let name = goal.name.as_ref().map(ToString::to_string).unwrap_or_default();
            part("goal", name, format!("“{}”: {}", goal.title, goal.words))
        });
        goals.collect()
    }

    fn actor(&self, actor: &Actor) -> String {
        match actor {
            Actor::Agent(agent) => {
                self.program.agents.get(agent.index()).map(|agent| agent.name.to_string()).unwrap_or_default()
            }
            Actor::Human(role) => role.as_ref().map_or_else(|| "human".to_owned(), ToString::to_string),
        }
    }

    /// A line of a file as it stands, without its indentation.
    fn line(&self, origin: Origin) -> &str {
        let text = self.files.files.get(origin.file.index()).map_or("", |file| &*file.text);
        let span = Lines::of(text).span(text, (origin.line as usize).saturating_sub(1));
        text.get(span.range()).unwrap_or_default().trim()
    }
}

/// `company_fit 40% (5 rules), interest 60% (3 rules); hot, warm or cold`
fn scored(score: &Score) -> Part {
    let layers = score.layers.iter().map(|layer| {
        let rules = count(layer.rules.len() as u64, "rule", "rules");
        match (&layer.name, layer.weight) {
            (Some(name), Some(weight)) => format!("{name} {weight}% ({rules})"),
            (Some(name), None) => format!("{name} ({rules})"),
            (None, _) => rules,
        }
    });
    let mut what = layers.collect::<Vec<_>>().join(", ");
    if !score.labels.is_empty() {
        let labels: Vec<String> = score.labels.iter().map(ToString::to_string).collect();
        let _ = write!(what, "; {}", listed(&labels, "or"));
    }
    if score.learn.is_some() {
        what.push_str("; learns from outcomes");
    }
    part("score", score.name.as_str(), what)
}

/// `mon to fri, 08:30 to 17:30`
fn hours(program: &Program) -> String {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let hours = &program.client.hours;
    let open: Vec<&str> = DAYS.iter().zip(hours.days).filter(|(_, open)| *open).map(|(day, _)| *day).collect();
    let days = match open.as_slice() {
        [] => "never".to_owned(),
        [only] => (*only).to_owned(),
        [first, .., last] => format!("{first} to {last}"),
    };
    format!("{days}, {} to {}", hours.from.strftime("%H:%M"), hours.to.strftime("%H:%M"))
}

fn into(program: &Program, source: &Source) -> String {
    let files: Vec<String> = source.files.iter().map(ToString::to_string).collect();
    let target = match &source.target {
        Target::Records { entity, .. } => program.entities.get(entity.index()).map(|entity| entity.name.to_string()),
        Target::Events { event: Some(event), .. } => {
            program.events.get(event.index()).map(|event| event.name.to_string())
        }
        Target::Events { event: None, .. } => Some("events".to_owned()),
    };
    format!("{} into {}", listed(&files, "and"), target.unwrap_or_default())
}

fn quiet_words(quiet: Quiet) -> String {
    match quiet {
        Quiet::OutsideHours { of_contact: true } => "quiet outside hours of contact.timezone".to_owned(),
        Quiet::OutsideHours { of_contact: false } => "quiet outside hours".to_owned(),
        Quiet::Outside { from, to } => {
            format!("quiet outside {} to {}", from.strftime("%H:%M"), to.strftime("%H:%M"))
        }
    }
}

/// A line above a message, with its places as they are written, without what stands there otherwise.
fn filled(pieces: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Literal(text) => text.to_string(),
        Piece::Fill { .. } => "{…}".to_owned(),
        Piece::Sender { field, .. } => format!("{{sender.{field}}}"),
        Piece::Client => "{client.name}".to_owned(),
    };
    pieces.iter().map(piece).collect()
}

/// A clause as written, on one line, up to its reason.
fn without_reason(words: &str) -> String {
    let words = words.split_once(" because ").map_or(words, |(words, _)| words);
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
