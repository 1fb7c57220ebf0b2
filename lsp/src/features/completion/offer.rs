//! The names of a client that are of the kind that is wanted.

use std::collections::BTreeSet;

use compiler::program::{Figure, FileId, PersonAct};
use language::Span;
use language::syntax::{FieldDeclaration, Name, StageClause, Way, WorkflowMember};
use tower_lsp::ls_types::CompletionItemKind as Kind;

use super::proposal::{Proposal, Rank};
use super::wanted::{Owner, Scope, Wanted};
use super::world::{Meaning, Of, Side, World, plural, table, words};
use super::{measures, modules};

/// What is proposed for a place.
pub(super) struct Offer<'o> {
    pub(super) world: World<'o>,
    /// The names with dots behind them that stand before the place.
    pub(super) qualifier: &'o [&'o str],
    pub(super) found: Vec<Proposal>,
}

/// ISO 4217, of countries in which playbooks are likely written.
const CURRENCIES: &[&str] =
    &["AUD", "CAD", "CHF", "DKK", "EUR", "GBP", "INR", "JPY", "NOK", "NZD", "PLN", "SEK", "SGD", "USD", "ZAR"];

const TYPES: &[&str] = &["text", "number", "percent", "money", "duration", "date", "time", "objection"];

impl<'o> Offer<'o> {
    pub(super) fn add(&mut self, wanted: &'o Wanted<'o>) {
        let world = self.world;
        match wanted {
            Wanted::Entity => self.entities(str::to_owned),
            Wanted::Record => self.entities(table),
            Wanted::Records => self.entities(|name| plural(&table(name))),
            Wanted::Type => {
                self.entities(str::to_owned);
                self.found.iter_mut().for_each(|proposal| proposal.rank = Rank::Also);
                for name in TYPES {
                    self.push(Proposal {
                        kind: Kind::TYPE_PARAMETER,
                        detail: "type".to_owned(),
                        ..Proposal::word(name)
                    });
                }
            }
            Wanted::FieldOf(owner) => self.fields_of(owner),
            Wanted::Subject(scope) => self.subject(*scope),
            Wanted::ValueOf(path, scope) => self.value_of(path, *scope),
            Wanted::ValueOfFact(path, event) => {
                if let Some(event) = self.world.event(event) {
                    let name = path.join(".");
                    for field in event.what.fields.iter().filter(|field| field.name.dotted() == name) {
                        self.value_of_type(field, event.file);
                    }
                }
            }
            Wanted::MeaningOf(path, owner) => self.meaning_of(path, owner),
            Wanted::Event => self.events(),
            Wanted::EventFact => self.event_facts(),
            Wanted::FactsOf(events) => self.facts_of(events),
            Wanted::Phrases => {
                for set in world.phrases() {
                    let kind = if set.what.objection { "objection" } else { "phrases" };
                    let first = set.what.texts.first().map(|text| format!(", “{}”, …", text.value)).unwrap_or_default();
                    self.name(&set.what.name, set.file, Kind::CONSTANT, format!("{kind}{first}"));
                }
            }
            Wanted::Score => self.scores(None),
            Wanted::Layer(score) => {
                for layer in world.score(score).into_iter().flat_map(|score| layers_with_files(world, score)) {
                    self.name(&layer.what.name, layer.file, Kind::FIELD, format!("layer of {score}"));
                }
            }
            Wanted::Label(score) => self.labels(score),
            Wanted::Labels => {
                for score in world.scores() {
                    self.labels(&score.what.name.text);
                }
            }
            Wanted::Stage(workflow) => self.stages(workflow),
            Wanted::NewStage(workflow) => self.new_stages(workflow),
            Wanted::Workflow => self.workflows(),
            Wanted::WorkflowOrStage => match self.qualifier {
                [] => self.workflows(),
                [workflow, ..] => self.stages(workflow),
            },
            Wanted::Agent => self.named("agent", Kind::CLASS),
            Wanted::Person => {
                for (role, title) in world.people() {
                    self.name(role, world.client_file(), Kind::VALUE, title.value.to_string());
                }
            }
            Wanted::Verb => {
                for action in world.actions() {
                    self.name(&action.what.name, action.file, Kind::FUNCTION, reach(action.what.external));
                }
            }
            Wanted::ObjectOf(verb) => self.object_of(verb),
            Wanted::WayOf(verb) => self.ways(verb),
            Wanted::Experiment => self.named("experiment", Kind::MODULE),
            Wanted::Rubric => self.named("rubric", Kind::UNIT),
            Wanted::NameOf(kind) => self.named(kind, Kind::REFERENCE),
            Wanted::Channel => {
                for channel in world.channels() {
                    self.name(channel.what, channel.file, Kind::ENUM_MEMBER, "channel".to_owned());
                }
            }
            Wanted::Outcome => self.outcomes(),
            Wanted::Settlement => {
                for word in ["approved", "changed", "rejected", "expired"] {
                    self.push(Proposal { detail: "how the question is settled".to_owned(), ..Proposal::word(word) });
                }
            }
            Wanted::Module { .. } | Wanted::Lint => {}
            Wanted::Currency => self.currencies(),
            Wanted::Money => {
                let before = self.found.len();
                self.currencies();
                self.found.iter_mut().skip(before).for_each(|proposal| proposal.rank = Rank::Also);
            }
            Wanted::Measured => measures::measured(self),
            Wanted::StateOf(path) => measures::state(self, path),
            Wanted::Permission => self.permission(),
            Wanted::ActivityKind => {
                for field in world.fields("Activity").filter(|field| field.what.name.dotted() == "kind") {
                    self.values(words(&field.what.ty), field.file, "kind of activity");
                }
            }
            Wanted::Placeholder => self.placeholder(),
            Wanted::Words(all) => self.each_word(all.iter().copied()),
            Wanted::Figure => self.each_word(Figure::ALL.iter().map(|(_, word)| *word)),
            Wanted::PersonVerb => self.each_word(PersonAct::ALL.iter().map(|act| act.verb())),
            Wanted::BuyerVerb => {
                // The one verb with a word before its object.
                let with_object = |verb| if verb == "replies" { "replies to" } else { verb };
                self.each_word(compiler::buyer_verbs().map(with_object));
            }
        }
    }

    fn each_word(&mut self, words: impl Iterator<Item = &'static str>) {
        words.for_each(|word| self.push(Proposal::word(word)));
    }

    /// Adds it, what stands before the place taken off; nothing where it does not begin so.
    pub(super) fn push(&mut self, mut proposal: Proposal) {
        if !self.qualifier.is_empty() {
            let before = format!("{}.", self.qualifier.join("."));
            let Some(rest) = proposal.label.strip_prefix(&before) else { return };
            proposal.label = rest.to_owned();
        }
        self.found.push(proposal);
    }

    /// Adds it as it is: whose it is stands before the place.
    pub(super) fn member(&mut self, name: &Name, file: FileId, kind: Kind, detail: String) {
        let proposal = self.proposal(name.text.to_string(), (file, name.span), kind, detail);
        self.found.push(proposal);
    }

    pub(super) fn name(&mut self, name: &Name, file: FileId, kind: Kind, detail: String) {
        self.label(name.text.to_string(), (file, name.span), kind, detail);
    }

    pub(super) fn label(&mut self, label: String, declared: (FileId, Span), kind: Kind, detail: String) {
        let proposal = self.proposal(label, declared, kind, detail);
        self.push(proposal);
    }

    fn proposal(&self, label: String, declared: (FileId, Span), kind: Kind, detail: String) -> Proposal {
        let side = self.world.side(declared.0);
        Proposal { label, snippet: None, kind, detail, rank: Rank::Wanted, side, declared: Some(declared) }
    }

    pub(super) fn entities(&mut self, form: impl Fn(&str) -> String) {
        for entity in self.world.entities() {
            let detail = "record".to_owned();
            self.label(form(&entity.what.text), (entity.file, entity.what.span), Kind::STRUCT, detail);
        }
    }

    pub(super) fn events(&mut self) {
        for event in self.world.events() {
            let name = event.what.name.dotted().to_string();
            let facts: Vec<String> = event.what.fields.iter().map(|field| field.name.dotted().to_string()).collect();
            let detail = if facts.is_empty() { "event".to_owned() } else { format!("event: {}", facts.join(", ")) };
            self.label(name, (event.file, event.what.name.span), Kind::EVENT, detail);
        }
    }

    /// `reply.received.delay`, and short where it is the only event that begins so.
    fn event_facts(&mut self) {
        for event in self.world.events() {
            let name = event.what.name.dotted();
            let short = event.what.name.parts.first().map(|part| part.text.clone()).unwrap_or_default();
            let alone = self.world.event(&short).is_some();
            for field in &event.what.fields {
                let detail = self.world.type_text(event.file, &field.ty);
                let fact = field.name.dotted();
                self.label(format!("{name}.{fact}"), (event.file, field.name.span), Kind::FIELD, detail.clone());
                if alone {
                    self.label(format!("{short}.{fact}"), (event.file, field.name.span), Kind::FIELD, detail);
                }
            }
        }
    }

    /// The facts that all of them have.
    fn facts_of(&mut self, events: &[String]) {
        let events: Vec<_> = events.iter().filter_map(|name| self.world.event(name)).collect();
        let Some((first, others)) = events.split_first() else { return };
        for field in &first.what.fields {
            let name = field.name.dotted();
            if others.iter().all(|other| other.what.fields.iter().any(|field| field.name.dotted() == name)) {
                self.field(Of { what: field, file: first.file }, "");
            }
        }
    }

    pub(super) fn field(&mut self, field: Of<'o, FieldDeclaration>, before: &str) {
        let detail = self.world.type_text(field.file, &field.what.ty);
        let relation = self.world.relation(&field.what.ty).is_some();
        let kind = if relation { Kind::STRUCT } else { Kind::FIELD };
        self.label(format!("{before}{}", field.what.name.dotted()), (field.file, field.what.name.span), kind, detail);
    }

    /// The fields of a record kind; of records that it leads to where the place stands behind one.
    pub(super) fn fields_from(&mut self, entity: &'o str) {
        let whose = match self.world.meaning(entity, self.qualifier) {
            Some(Meaning::Record(other)) if !self.qualifier.is_empty() => other,
            _ => {
                for field in self.world.fields(entity) {
                    self.field(field, "");
                }
                return;
            }
        };
        let qualifier = std::mem::take(&mut self.qualifier);
        for field in self.world.fields(whose) {
            self.field(field, "");
        }
        self.qualifier = qualifier;
    }

    fn fields_of(&mut self, owner: &'o Owner<'o>) {
        match owner {
            Owner::Named(name, relations) => {
                if let Some(entity) = self.world.entity(name) {
                    if let Some(Meaning::Record(entity)) = self.world.meaning(entity, relations) {
                        self.fields_from(entity);
                    }
                } else if self.world.event(name).is_some() {
                    self.facts_of(std::slice::from_ref(name));
                    self.of_every_event();
                }
            }
            Owner::AnyEvent => {
                self.of_every_event();
                self.push(Proposal { kind: Kind::FIELD, detail: "which event".to_owned(), ..Proposal::word("name") });
                let mut seen = BTreeSet::new();
                for event in self.world.events() {
                    for field in &event.what.fields {
                        if seen.insert(field.name.dotted()) {
                            self.field(Of { what: field, file: event.file }, "");
                        }
                    }
                }
            }
        }
    }

    fn of_every_event(&mut self) {
        self.push(Proposal { kind: Kind::STRUCT, detail: "whose event".to_owned(), ..Proposal::word("contact") });
        self.push(Proposal { kind: Kind::FIELD, detail: "when it happened".to_owned(), ..Proposal::word("at") });
        let id = "its number in the other system".to_owned();
        self.push(Proposal { kind: Kind::FIELD, detail: id, ..Proposal::word("external_id") });
    }

    /// The record kind that a condition is about.
    pub(super) fn entity_of(&self, scope: Scope<'o>) -> Option<&'o str> {
        let of_score = || self.world.score(scope.score?).map(|score| score.what.entity.text.as_str());
        let of_workflow = || self.world.workflow(scope.workflow?).map(|of| of.what.entity.text.as_str());
        scope.entity.and_then(|name| self.world.entity(name)).or_else(of_score).or_else(of_workflow)
    }

    fn subject(&mut self, scope: Scope<'o>) {
        let entity = self.entity_of(scope);
        if let Some(entity) = entity {
            self.about(entity, scope);
        }
        if scope.beside {
            self.beside(entity, scope);
        }
        if scope.in_stage {
            let of_message = "what the run wrote last";
            for rubric in self.world.rubrics().filter(|rubric| rubric.what.from.dotted() == "message") {
                let name = &rubric.what.name;
                self.label(
                    format!("message.{}", name.text),
                    (rubric.file, name.span),
                    Kind::UNIT,
                    of_message.to_owned(),
                );
            }
            let complete = "what is required is there".to_owned();
            self.push(Proposal { detail: complete, ..Proposal::word("complete") });
        }
    }

    /// Fields, facts, scores and layers of a record kind.
    fn about(&mut self, entity: &'o str, scope: Scope<'o>) {
        self.fields_from(entity);
        for fact in self.world.facts().filter(|fact| fact.what.entity.text == entity) {
            self.name(&fact.what.name, fact.file, Kind::VARIABLE, format!("fact of {entity}"));
        }
        self.scores(Some(entity));
        for score in self.world.scores().filter(|score| score.what.entity.text == entity) {
            let name = &score.what.name.text;
            let own = scope.score == Some(name.as_str());
            for layer in layers_with_files(self.world, score) {
                let label = layer.what.name.text.to_string();
                let detail = format!("layer of {name}");
                let declared = (layer.file, layer.what.name.span);
                let short = self.proposal(label.clone(), declared, Kind::FIELD, detail.clone());
                self.push(if own { short } else { short.also() });
                let long = self.proposal(format!("{name}.{label}"), declared, Kind::FIELD, detail);
                self.push(long.also());
            }
        }
    }

    /// Records beside the one that it is about, by their tables, and what is theirs.
    fn beside(&mut self, entity: Option<&'o str>, scope: Scope<'o>) {
        match self.qualifier {
            [] => self.entities(table),
            [first, rest @ ..] => {
                let Some(other) = self.world.entity(first) else { return };
                let related = entity.is_some_and(|entity| self.world.meaning(entity, &[*first]).is_some());
                if related && entity != Some(other) {
                    return;
                }
                let whole = std::mem::replace(&mut self.qualifier, rest);
                self.about(other, scope);
                self.qualifier = whole;
            }
        }
    }

    pub(super) fn scores(&mut self, entity: Option<&str>) {
        for score in self.world.scores() {
            if entity.is_none_or(|entity| score.what.entity.text == entity) {
                let detail = format!("score of {}", score.what.entity.text);
                self.name(&score.what.name, score.file, Kind::CONSTANT, detail);
            }
        }
    }

    pub(super) fn labels(&mut self, score: &str) {
        let Some(of) = self.world.score(score) else { return };
        let lines = of.what.body.route.iter().flat_map(|route| &route.lines);
        let mut seen = BTreeSet::new();
        for line in lines.filter(|line| seen.insert(line.label.text.clone())) {
            self.member(&line.label, of.file, Kind::ENUM_MEMBER, format!("route of {score}"));
        }
    }

    pub(super) fn workflows(&mut self) {
        for workflow in self.world.workflows() {
            let detail = format!("workflow for {}", workflow.what.entity.text);
            self.name(&workflow.what.name, workflow.file, Kind::CLASS, detail);
        }
    }

    pub(super) fn stages(&mut self, workflow: &str) {
        for member in self.world.stages(workflow) {
            let Some(name) = member.what.name() else { continue };
            let detail = match member.what {
                WorkflowMember::Handoff(handoff) => format!("handoff to {}", handoff.to.text),
                WorkflowMember::End(end) => format!("end as {}", end.outcome.dotted()),
                _ => format!("stage of {workflow}"),
            };
            self.member(name, member.file, Kind::ENUM_MEMBER, detail);
        }
    }

    /// Names that ways lead to and nothing has yet.
    fn new_stages(&mut self, workflow: &str) {
        let members: Vec<_> = self.world.stages(workflow).collect();
        let known: BTreeSet<&str> =
            members.iter().filter_map(|member| Some(member.what.name()?.text.as_str())).collect();
        let mut seen = BTreeSet::new();
        for member in &members {
            let WorkflowMember::Stage(stage) = member.what else { continue };
            let nexts = stage.clauses.iter().filter_map(|clause| match clause {
                StageClause::Next(next) => Some(next),
                _ => None,
            });
            for next in nexts.filter(|next| !known.contains(next.target.text.as_str())) {
                if seen.insert(next.target.text.clone()) {
                    let how = if matches!(next.way, Way::Otherwise) { "otherwise" } else { "next" };
                    let detail = format!("{how} of {}", stage.name.text);
                    self.member(&next.target, member.file, Kind::ENUM_MEMBER, detail);
                }
            }
        }
    }

    pub(super) fn outcomes(&mut self) {
        let mut seen: BTreeSet<_> = ["disqualified", "lost", "won", "done"].into_iter().map(str::to_owned).collect();
        for word in seen.clone() {
            self.push(Proposal { detail: "outcome".to_owned(), ..Proposal::word(&word) }.also());
        }
        for workflow in self.world.workflows().collect::<Vec<_>>() {
            for member in self.world.stages(&workflow.what.name.text) {
                let WorkflowMember::End(end) = member.what else { continue };
                let outcome = end.outcome.dotted().to_string();
                if seen.insert(outcome.clone()) {
                    let detail = format!("outcome of {}", workflow.what.name.text);
                    self.label(outcome, (member.file, end.outcome.span), Kind::ENUM_MEMBER, detail);
                }
            }
        }
    }

    fn named(&mut self, kind: &'o str, shown: Kind) {
        for (name, span, file) in self.world.named(kind) {
            self.label(name.to_string(), (file, span), shown, kind.to_owned());
        }
    }

    pub(super) fn ways(&mut self, verb: &str) {
        for action in self.world.actions().filter(|action| action.what.name.text == verb) {
            if let Some(way) = &action.what.object {
                self.name(way, action.file, Kind::FUNCTION, reach(action.what.external));
            }
        }
    }

    fn object_of(&mut self, verb: &'o str) {
        let message = || Proposal { detail: "what the run wrote last".to_owned(), ..Proposal::word("message") };
        match verb {
            "write" => {
                self.named("template", Kind::TEXT);
                self.named("experiment", Kind::MODULE);
            }
            "send" => self.push(message()),
            "rate" => {
                self.named("rubric", Kind::UNIT);
                self.push(message());
            }
            "research" | "score" => self.entities(table),
            _ => {
                self.ways(verb);
                self.push(message().also());
            }
        }
    }

    pub(super) fn currencies(&mut self) {
        if let Some(own) = self.world.currency() {
            let file = self.world.client_file();
            self.name(own, file, Kind::UNIT, "currency of the client".to_owned());
            return;
        }
        for currency in CURRENCIES {
            self.push(Proposal { kind: Kind::UNIT, detail: "currency".to_owned(), ..Proposal::word(currency) });
        }
    }

    /// What is no name of the client's playbook: modules and lints.
    pub(super) fn add_elsewhere(&mut self, wanted: &Wanted<'_>, files: &[String]) {
        match wanted {
            Wanted::Module { beside } => modules::modules(self, *beside, files),
            Wanted::Lint => modules::lints(self),
            _ => {}
        }
    }

    /// A word of the language's own, of a kind.
    pub(super) fn own(&mut self, label: &str, kind: Kind, detail: &str, side: Side) {
        self.push(Proposal { kind, detail: detail.to_owned(), side, ..Proposal::word(label) });
    }
}

/// The layers of a score, each with the file that it stands in.
fn layers_with_files<'w>(
    world: World<'w>,
    score: Of<'w, language::syntax::Score>,
) -> Vec<Of<'w, language::syntax::Layer>> {
    let declared = world.declarations().find(|declared| {
        matches!(&declared.declaration.kind, language::syntax::DeclarationKind::Score(of) if std::ptr::eq(of, score.what))
    });
    let file = |index| declared.map_or(score.file, |declared| declared.member_file(index));
    score.what.body.layers.iter().enumerate().map(|(index, what)| Of { what, file: file(index) }).collect()
}

pub(super) fn reach(external: bool) -> String {
    let reach = if external { "external" } else { "internal" };
    format!("{reach} action")
}
