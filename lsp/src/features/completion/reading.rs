//! The forms of headers and clauses: what a name stands for in each place of theirs.

use language::{Context, Place, Token};

use super::condition;
use super::wanted::{Owner, Scope, Wanted, Word, path_at_end};

/// A clause so far.
pub(super) struct Reading<'r, 't> {
    pub(super) head: &'r [Word<'t>],
    pub(super) around: &'r [Vec<Word<'t>>],
    pub(super) place: &'r Place,
}

const ACTOR: [Wanted<'static>; 2] = [Wanted::Agent, Wanted::Words(&["human"])];
const PEOPLE: [Wanted<'static>; 2] = [Wanted::Person, Wanted::Words(&["human"])];
const HAPPENS: [Wanted<'static>; 2] = [Wanted::Event, Wanted::Words(&["conversation"])];

impl<'t> Reading<'_, 't> {
    fn last(&self) -> Option<Token> {
        self.head.last().map(|(kind, _)| *kind)
    }

    fn first(&self) -> Option<Token> {
        self.head.first().map(|(kind, _)| *kind)
    }

    fn nth(&self, index: usize) -> Option<&'t str> {
        self.head.get(index).map(|(_, text)| *text)
    }

    /// The tokens behind the first one of a kind.
    fn behind(&self, kind: Token) -> Option<&[Word<'t>]> {
        let at = self.head.iter().position(|(found, _)| *found == kind)?;
        self.head.get(at + 1..)
    }

    pub(super) fn wanted(&self, context: Context) -> Vec<Wanted<'t>> {
        match context {
            Context::File => self.in_file(),
            Context::Client => match (self.first(), self.last()) {
                (Some(Token::Currency), Some(Token::Currency)) => vec![Wanted::Currency],
                (Some(Token::Allow), _) if self.behind(Token::Because).is_none() => vec![Wanted::Lint],
                _ => Vec::new(),
            },
            Context::Fields => match self.last() {
                Some(Token::Colon) => vec![Wanted::Type],
                Some(Token::Of) if self.head.iter().rev().nth(1).is_some_and(|(kind, _)| *kind == Token::List) => {
                    vec![Wanted::Type]
                }
                _ => Vec::new(),
            },
            Context::Score | Context::Layer => self.in_score(),
            Context::Route => match self.first() {
                None => self.score().map(Wanted::Label).into_iter().collect(),
                Some(_) => self.condition(Token::When),
            },
            Context::Learn => match (self.first(), self.last()) {
                (Some(Token::Good | Token::Bad), Some(Token::On | Token::Comma | Token::No | Token::After)) => {
                    vec![Wanted::Event]
                }
                (_, Some(Token::By)) => PEOPLE.to_vec(),
                _ => Vec::new(),
            },
            Context::Kill => match (self.first(), self.last()) {
                (Some(Token::Pause), Some(Token::Pause)) => vec![Wanted::Workflow],
                (Some(Token::Ask), Some(Token::Ask)) => PEOPLE.to_vec(),
                (_, Some(Token::By)) => vec![Wanted::Words(&["layer"])],
                _ => Vec::new(),
            },
            Context::Source => self.in_source(),
            Context::Test => self.in_test(),
            Context::Record => self.in_record(),
            Context::Agent => match (self.first(), self.last()) {
                (Some(Token::Runs), Some(Token::Runs | Token::Comma)) => vec![Wanted::Workflow],
                (_, Some(Token::To)) => vec![Wanted::Person, Wanted::Agent, Wanted::Words(&["human"])],
                _ => Vec::new(),
            },
            Context::Permissions => self.in_permissions(),
            Context::Priority => self.in_priority(),
            Context::ContactPolicy => match (self.first(), self.last()) {
                (Some(Token::Consent), Some(Token::LeftBracket | Token::Comma)) => vec![Wanted::Channel],
                (_, Some(Token::Every)) => vec![Wanted::Words(&["send"])],
                (Some(Token::Quiet), Some(Token::Of)) => vec![Wanted::Subject(self.about("Contact"))],
                (Some(Token::At), Some(Token::Number)) => vec![Wanted::Words(&["send", "sends"])],
                (_, Some(Token::Per)) => vec![Wanted::Words(&["contact", "day", "week", "month"])],
                _ => Vec::new(),
            },
            Context::Experiment => match (self.first(), self.last()) {
                (Some(Token::Try), Some(Token::Try | Token::Comma)) => {
                    vec![Wanted::Channel, Wanted::NameOf("template")]
                }
                (_, Some(Token::Success)) => vec![Wanted::Event],
                (Some(Token::Choose), Some(Token::Choose)) => vec![Wanted::Words(&["evenly"])],
                (Some(Token::Choose), Some(Token::By)) => vec![Wanted::Words(&["thompson", "ucb"])],
                _ => Vec::new(),
            },
            Context::Workflow => self.in_workflow(),
            Context::Stage => self.in_stage(),
            Context::Handoff => self.in_handoff(),
            Context::Feedback => match self.last() {
                Some(Token::Number) => vec![Wanted::Outcome],
                _ => self.behind(Token::Ask).map(asks).unwrap_or_default(),
            },
            Context::Publish => self.in_publish(),
            Context::Scenario => self.in_scenario(),
            Context::Backtest => match (self.first(), self.last()) {
                (Some(Token::Of), Some(Token::Of)) => vec![Wanted::Score],
                (Some(Token::Expect), Some(Token::Expect)) => vec![Wanted::Figure],
                (Some(Token::Expect), Some(Token::Of)) => vec![Wanted::Labels],
                _ => Vec::new(),
            },
            Context::Phrases | Context::Template | Context::Rubric => Vec::new(),
        }
    }

    fn in_file(&self) -> Vec<Wanted<'t>> {
        let length = self.head.len();
        match (self.first(), self.last()) {
            (Some(Token::Use), Some(Token::Use)) => vec![Wanted::Module { beside: false }],
            (Some(Token::Use), Some(Token::Slash)) => vec![Wanted::Module { beside: true }],
            (Some(Token::Extend), Some(Token::Extend)) => vec![Wanted::Entity],
            (Some(Token::Fact), Some(Token::Of)) if length == 3 => vec![Wanted::Entity],
            (Some(Token::Fact), _) if length >= 5 => {
                let scope = Scope { entity: self.nth(3), ..Scope::default() };
                condition::wanted(self.head.get(5..).unwrap_or_default(), scope)
            }
            (Some(Token::Score | Token::Workflow), Some(Token::For)) => vec![Wanted::Entity],
            (Some(Token::Workflow), Some(Token::By)) => ACTOR.to_vec(),
            (Some(Token::Workflow | Token::Rubric), Some(Token::Human)) => vec![Wanted::Person],
            (Some(Token::Source), Some(Token::From)) => vec![Wanted::Words(&["csv"])],
            (Some(Token::Source), Some(Token::Into | Token::Existing)) => {
                vec![Wanted::Entity, Wanted::Event, Wanted::Words(&["Event"])]
            }
            (Some(Token::Source), Some(Token::By)) => {
                let into = self.head.len().checked_sub(1).and_then(|end| self.head.get(..end)).unwrap_or_default();
                vec![Wanted::FieldOf(Owner::Named(path_at_end(into).join("."), Vec::new()))]
            }
            (Some(Token::Refine), Some(kind)) if length == 2 => {
                kind.keyword().map(Wanted::NameOf).into_iter().collect()
            }
            (Some(Token::Action), Some(Token::Action)) => vec![Wanted::Verb],
            (Some(Token::Action), Some(last)) if length == 2 && last.is_word() => {
                self.nth(1).map(Wanted::WayOf).into_iter().collect()
            }
            (Some(Token::Feedback), Some(Token::From | Token::To)) => vec![Wanted::Workflow],
            (Some(kind @ (Token::Template | Token::Experiment | Token::Rubric)), _) if length == 1 => {
                kind.keyword().map(Wanted::NameOf).into_iter().collect()
            }
            (Some(Token::Rubric), Some(Token::From)) => vec![Wanted::Words(&["message", "discovery.notes"])],
            (Some(Token::Rubric), Some(Token::By)) => ACTOR.to_vec(),
            (Some(Token::Goal), _) => self.in_goal(),
            (Some(Token::Publish), Some(Token::On)) => vec![Wanted::Event],
            (Some(Token::Publish), Some(Token::Of)) => vec![Wanted::Workflow],
            (Some(Token::Forecast), Some(Token::From | Token::Comma)) if self.behind(Token::Learn).is_some() => {
                vec![Wanted::Event]
            }
            (Some(Token::Forecast), Some(Token::Forecast | Token::From | Token::Comma)) => {
                vec![Wanted::Subject(Scope { entity: Some("Deal"), beside: true, ..Scope::default() })]
            }
            _ => Vec::new(),
        }
    }

    /// What may be published: of an event its facts, and what is known of the record.
    fn in_publish(&self) -> Vec<Wanted<'t>> {
        let header = self.declaration();
        let on = header.iter().position(|(kind, _)| *kind == Token::On);
        let behind = on.and_then(|at| header.get(at + 1..)).unwrap_or_default();
        let of_run = behind.first().is_some_and(|(kind, _)| *kind == Token::End);
        let workflow = behind.last().filter(|_| of_run).map(|(_, name)| *name);
        let subject = Wanted::Subject(Scope {
            entity: (!of_run).then_some("Contact"),
            workflow,
            beside: true,
            ..Scope::default()
        });
        match self.last() {
            None | Some(Token::Comma) if of_run => {
                vec![Wanted::Words(&["outcome", "reasons", "approvals"]), Wanted::Score, subject]
            }
            None | Some(Token::Comma) => {
                vec![Wanted::FactsOf(vec![path_at_end(behind).join(".")]), Wanted::Score, subject]
            }
            Some(Token::By) => vec![Wanted::Words(&["layer"])],
            _ => Vec::new(),
        }
    }

    fn in_scenario(&self) -> Vec<Wanted<'t>> {
        const TIMES: Wanted<'static> = Wanted::Words(&["day", "week", "month"]);
        let is_person = || matches!(self.first(), Some(kind) if kind == Token::Human || kind.is_word());
        match (self.first(), self.last()) {
            (None, _) => vec![Wanted::Person],
            (_, Some(Token::Per)) => vec![TIMES],
            (Some(Token::Buyer), Some(Token::Buyer)) => vec![Wanted::BuyerVerb, Wanted::Event],
            (Some(Token::Buyer), Some(Token::After | Token::Else)) => vec![Wanted::Event],
            (Some(Token::Buyer), _) => {
                let judged =
                    self.behind(Token::When).filter(|words| !words.iter().any(|(kind, _)| *kind == Token::Comma));
                judged.map(|words| condition::wanted(words, self.about("Contact"))).unwrap_or_default()
            }
            (Some(Token::Expect), Some(Token::Expect)) => vec![Wanted::NameOf("goal")],
            _ if self.head.len() == 1 && is_person() => vec![Wanted::PersonVerb],
            _ => Vec::new(),
        }
    }

    fn in_goal(&self) -> Vec<Wanted<'t>> {
        let shared = self.behind(Token::Share).is_some();
        let measured = self.behind(Token::Of);
        match (self.last(), measured) {
            (Some(Token::Of), _) if shared => vec![Wanted::Event],
            (Some(Token::In | Token::Over), Some(_)) if shared => vec![Wanted::Words(&["week", "month", "quarter"])],
            (Some(Token::Of), _) => vec![Wanted::Measured],
            (Some(Token::Every), None) => vec![Wanted::Words(&["workflow"])],
            (Some(Token::Per), None) => vec![Wanted::Words(&["day", "week", "month", "quarter", "year"])],
            (Some(Token::With | Token::Entering | Token::Per), Some(_)) => {
                vec![Wanted::WorkflowOrStage, Wanted::Event]
            }
            (Some(last), Some(_)) if last.is_word() => vec![Wanted::StateOf(path_at_end(self.head))],
            _ => Vec::new(),
        }
    }

    /// The header of the declaration that it stands in.
    fn declaration(&self) -> &[Word<'t>] {
        self.around.first().map(Vec::as_slice).unwrap_or_default()
    }

    /// The name behind the declaration's keyword; of a `refine` behind the kind.
    fn declared(&self) -> Option<&'t str> {
        let header = self.declaration();
        let refines = header.first().is_some_and(|(kind, _)| *kind == Token::Refine);
        let name = header.get(if refines { 2 } else { 1 }..)?;
        let (kind, text) = name.first()?;
        kind.is_word().then_some(*text)
    }

    fn score(&self) -> Option<&'t str> {
        self.declared()
    }

    /// The record kind that the declaration is about; none in a `refine`, where its base says so.
    fn entity(&self) -> Option<&'t str> {
        let header = self.declaration();
        let at = header.iter().position(|(kind, _)| *kind == Token::For)?;
        header.get(at + 1).map(|(_, text)| *text)
    }

    fn about(&self, entity: &'t str) -> Scope<'t> {
        Scope { entity: Some(entity), beside: true, ..Scope::default() }
    }

    /// What a condition of it is about.
    pub(super) fn scope(&self) -> Scope<'t> {
        let kinds: Vec<Token> = self.declaration().iter().take(2).map(|(kind, _)| *kind).collect();
        match kinds.as_slice() {
            [Token::Score, ..] | [Token::Refine, Token::Score] => {
                Scope { entity: self.entity(), score: self.score(), ..Scope::default() }
            }
            [Token::Workflow, ..] | [Token::Refine, Token::Workflow] => Scope {
                entity: self.entity(),
                workflow: self.declared(),
                beside: true,
                in_stage: self.place.context == Some(Context::Stage),
                ..Scope::default()
            },
            _ => self.about("Contact"),
        }
    }

    /// A condition behind a keyword.
    fn condition(&self, keyword: Token) -> Vec<Wanted<'t>> {
        self.behind(keyword).map(|words| condition::wanted(words, self.scope())).unwrap_or_default()
    }

    fn in_score(&self) -> Vec<Wanted<'t>> {
        let is_points = matches!(self.first(), Some(Token::Plus | Token::Minus));
        let each = is_points.then(|| self.head.iter().position(|(kind, _)| *kind == Token::Each)).flatten();
        match (self.first(), self.last()) {
            (Some(Token::Layer | Token::Remove), Some(Token::Layer | Token::Remove)) if self.head.len() == 1 => {
                self.score().map(Wanted::Layer).into_iter().collect()
            }
            (Some(Token::Layer), Some(Token::Once)) => vec![Wanted::Event],
            (Some(Token::Kill), Some(Token::Scored)) => vec![Wanted::Records],
            (Some(Token::Kill), Some(Token::Number)) if self.behind(Token::Than).is_some() => vec![Wanted::Event],
            _ => match each {
                Some(each) => condition::wanted(self.head.get(each..).unwrap_or_default(), self.scope()),
                None => self.condition(Token::When),
            },
        }
    }

    /// What the source fills.
    fn into(&self) -> Option<Owner<'t>> {
        let header = self.declaration();
        let at = header.iter().position(|(kind, _)| matches!(kind, Token::Into | Token::Existing))?;
        let behind = header.get(at + 1..)?;
        let behind = behind.strip_prefix(&[(Token::Existing, "existing")]).unwrap_or(behind);
        let end = behind.iter().position(|(kind, _)| *kind == Token::By).unwrap_or(behind.len());
        let name = path_at_end(behind.get(..end)?).join(".");
        Some(if name == "Event" { Owner::AnyEvent } else { Owner::Named(name, Vec::new()) })
    }

    fn in_source(&self) -> Vec<Wanted<'t>> {
        let into = self.into();
        let target = || {
            let end = self.head.iter().position(|(kind, _)| *kind == Token::From)?;
            self.head.get(..end).map(path_at_end)
        };
        match (self.first(), self.last()) {
            (None, _) => into.map(Wanted::FieldOf).into_iter().collect(),
            (Some(Token::Remove), Some(Token::Remove)) => into.map(Wanted::FieldOf).into_iter().collect(),
            (Some(Token::Reports), Some(Token::Reports | Token::Comma)) => HAPPENS.to_vec(),
            (_, Some(Token::Means | Token::Mean)) => match (target(), into) {
                (Some(target), Some(into)) => vec![Wanted::MeaningOf(target, into)],
                _ => Vec::new(),
            },
            (_, Some(Token::As)) => vec![Wanted::Currency],
            (_, Some(Token::Lookup)) => vec![Wanted::Entity],
            (_, Some(Token::By)) => match self.head {
                [.., (Token::Lookup, _), (_, entity), _] => {
                    vec![Wanted::FieldOf(Owner::Named((*entity).to_owned(), Vec::new()))]
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn in_test(&self) -> Vec<Wanted<'t>> {
        let scope = self.about("Contact");
        match (self.first(), self.last()) {
            (Some(Token::Given | Token::Expect), Some(Token::In)) => vec![Wanted::WorkflowOrStage],
            (Some(Token::Given), Some(Token::Given)) => vec![Wanted::Record, Wanted::Event],
            (Some(Token::Given), Some(Token::Number)) if self.head.len() == 2 => vec![Wanted::Event],
            (Some(Token::Given), Some(Token::Silent)) => HAPPENS.to_vec(),
            (Some(Token::Given), Some(Token::Comma)) if self.behind(Token::Silent).is_some() => HAPPENS.to_vec(),
            (Some(Token::Expect), Some(Token::Asks)) => vec![Wanted::Subject(scope)],
            (Some(Token::Expect), Some(Token::Comma)) if self.behind(Token::Asks).is_some() => {
                vec![Wanted::Subject(scope)]
            }
            (Some(Token::Expect), _) => {
                self.behind(Token::Expect).map(|words| condition::wanted(words, scope)).unwrap_or_default()
            }
            (Some(Token::When), Some(Token::When)) => {
                vec![Wanted::Event, Wanted::Agent, Wanted::Person, Wanted::Words(&["human"])]
            }
            (Some(Token::When), _) => self.behind(Token::Tries).map(acts).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// Whose fields the block of a test gives: a record's, one that it leads to, an event's.
    fn given(&self) -> Option<Owner<'t>> {
        let (first, deeper) = self.around.get(1..)?.split_first()?;
        let name = path_at_end(first).join(".");
        let relations = deeper.iter().filter_map(|header| path_at_end(header).first().copied()).collect();
        Some(Owner::Named(name, relations))
    }

    fn in_record(&self) -> Vec<Wanted<'t>> {
        let Some(owner) = self.given() else { return Vec::new() };
        // The entry that is typed: what stands behind the last comma that no bracket holds.
        let mut depth = 0;
        let mut start = 0;
        for (at, (kind, _)) in self.head.iter().enumerate() {
            match kind {
                Token::LeftBracket => depth += 1,
                Token::RightBracket => depth -= 1,
                Token::Comma if depth == 0 => start = at + 1,
                _ => {}
            }
        }
        let entry = self.head.get(start..).unwrap_or_default();
        let colon = entry.iter().position(|(kind, _)| *kind == Token::Colon);
        match (entry.last(), colon) {
            (None, _) => vec![Wanted::FieldOf(owner)],
            (Some((Token::Colon | Token::LeftBracket | Token::Comma, _)), Some(colon)) => {
                let field = entry.get(..colon).map(path_at_end).unwrap_or_default();
                vec![Wanted::MeaningOf(field, owner)]
            }
            _ => Vec::new(),
        }
    }

    fn in_permissions(&self) -> Vec<Wanted<'t>> {
        let bars = self.head.iter().filter(|(kind, _)| *kind == Token::Bar).count();
        let names_agents = matches!(self.head, [(Token::Bar, _), (Token::Bar, _), ..]);
        match self.last() {
            Some(Token::Remove) => vec![Wanted::Permission],
            Some(Token::Bar) if names_agents => vec![Wanted::Agent],
            Some(Token::Bar | Token::Comma) if bars == 1 => vec![Wanted::Permission],
            Some(Token::Ask) => PEOPLE.to_vec(),
            Some(Token::Write | Token::Create | Token::Comma) => vec![Wanted::ActivityKind],
            _ => Vec::new(),
        }
    }

    fn in_priority(&self) -> Vec<Wanted<'t>> {
        match (self.last(), self.behind(Token::While)) {
            (None, _) => vec![Wanted::Agent],
            (Some(Token::Over | Token::Comma), None) => vec![Wanted::Agent, Wanted::Words(&["everyone"])],
            (Some(Token::In), Some(_)) => vec![Wanted::WorkflowOrStage],
            (_, Some(situation)) => condition::wanted(situation, self.scope()),
            _ => Vec::new(),
        }
    }

    fn in_workflow(&self) -> Vec<Wanted<'t>> {
        let own = self.declared();
        let stage = || own.map(Wanted::Stage).into_iter().collect();
        match (self.first(), self.last()) {
            (Some(Token::Stage | Token::Handoff | Token::End), _) if self.head.len() == 1 => {
                let refined = self.place.is_refined().then(stage).unwrap_or_default();
                own.map(Wanted::NewStage).into_iter().chain(refined).collect()
            }
            (Some(Token::Remove), Some(Token::Remove)) => stage(),
            (Some(Token::Start), Some(Token::On)) => vec![Wanted::Event],
            (Some(Token::Start), Some(Token::For)) => vec![Wanted::Records],
            (Some(Token::Start), _) => match (self.behind(Token::On), self.behind(Token::Where)) {
                (Some(on), _) => condition::wanted(on, self.scope()),
                (None, Some(filter)) => condition::wanted(filter, self.scope()),
                (None, None) if matches!(self.last(), Some(Token::Above | Token::Below)) => {
                    vec![Wanted::Subject(self.scope())]
                }
                (None, None) => self.condition(Token::When),
            },
            (Some(Token::Stage), Some(Token::Then | Token::Else)) => stage(),
            (Some(Token::Stage), Some(Token::By)) => ACTOR.to_vec(),
            (Some(Token::Stage), Some(Token::Human)) => vec![Wanted::Person],
            (Some(Token::Stage), _) => self.condition(Token::When),
            (Some(Token::Handoff), Some(Token::To)) => vec![Wanted::Workflow],
            (Some(Token::End), Some(Token::As)) => vec![Wanted::Outcome],
            _ => Vec::new(),
        }
    }

    fn in_stage(&self) -> Vec<Wanted<'t>> {
        let own = self.declared();
        match (self.first(), self.last()) {
            (Some(Token::Do), _) => self.behind(Token::Do).map(acts).unwrap_or_default(),
            (Some(Token::Require), _) => self.condition(Token::Require),
            (Some(Token::Ask), _) => self.behind(Token::Ask).map(asks).unwrap_or_default(),
            (Some(Token::Next), Some(Token::Next)) => own.map(Wanted::Stage).into_iter().collect(),
            (Some(Token::Next), Some(Token::On | Token::Or)) if self.behind(Token::On).is_some() => {
                vec![Wanted::Settlement, Wanted::Event]
            }
            (Some(Token::Next), _) => self.condition(Token::When),
            _ => Vec::new(),
        }
    }

    fn in_handoff(&self) -> Vec<Wanted<'t>> {
        let before = self.head.iter().rev().nth(1).map(|(kind, _)| *kind);
        match (self.first(), self.last()) {
            (Some(Token::Brief), Some(Token::Brief | Token::Comma)) => {
                vec![
                    Wanted::Record,
                    Wanted::Score,
                    Wanted::Words(&["open questions", "top 5 reasons", "last 5 activities", "needs"]),
                ]
            }
            (Some(Token::Brief), Some(Token::By)) => vec![Wanted::Words(&["layer"])],
            (Some(Token::Brief), Some(Token::Number)) if before == Some(Token::Top) => {
                vec![Wanted::Words(&["reasons"])]
            }
            (Some(Token::Brief), Some(Token::Number)) => vec![Wanted::Words(&["activities"])],
            (Some(Token::Brief), Some(Token::Open)) => vec![Wanted::Words(&["questions"])],
            (Some(Token::Accepted), Some(Token::Ask)) => PEOPLE.to_vec(),
            _ => Vec::new(),
        }
    }
}

/// What is done, with what, and how.
fn acts<'t>(words: &[Word<'t>]) -> Vec<Wanted<'t>> {
    let Some((_, verb)) = words.first() else { return vec![Wanted::Verb] };
    match words.last().map(|(kind, _)| *kind) {
        _ if words.len() == 1 => vec![Wanted::ObjectOf(verb)],
        Some(Token::By) if *verb == "score" => vec![Wanted::Score],
        Some(Token::By) if *verb == "rate" => vec![Wanted::Rubric],
        Some(Token::Via) => vec![Wanted::Experiment, Wanted::Channel],
        _ => Vec::new(),
    }
}

/// Who is asked to do what.
fn asks<'t>(words: &[Word<'t>]) -> Vec<Wanted<'t>> {
    const OPTIONS: &[&str] = &["approve", "change", "diagnose", "refine"];
    match words {
        [] => PEOPLE.to_vec(),
        [(Token::Human, _)] => vec![Wanted::Person],
        [.., (Token::To | Token::Or, _)] => vec![Wanted::Words(OPTIONS)],
        [.., (Token::By, _)] => vec![Wanted::Words(&["layer"])],
        [.., (_, option)] if OPTIONS.contains(option) => vec![Wanted::Words(&["message"]), Wanted::Score],
        _ => Vec::new(),
    }
}
