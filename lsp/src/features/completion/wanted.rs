//! What kinds of names there are, and how what stands before a place in its clause is made out. Knows no client's names.

use language::{Context, Place, Token};

use super::condition;
use super::reading::Reading;

/// A token with its text.
pub(super) type Word<'t> = (Token, &'t str);

/// What kind of name is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted<'t> {
    /// `Contact`
    Entity,
    /// `contact`
    Record,
    /// `contacts`
    Records,
    /// `number`, `Company`
    Type,
    /// A field of a record kind or the facts of events.
    FieldOf(Owner<'t>),
    /// What a condition may be about.
    Subject(Scope<'t>),
    /// What that may be.
    ValueOf(Vec<&'t str>, Scope<'t>),
    /// What a fact of that event may be.
    ValueOfFact(Vec<&'t str>, String),
    /// What a cell of that field may mean.
    MeaningOf(Vec<&'t str>, Owner<'t>),
    /// `reply.received`
    Event,
    /// An event's fact by the event's name: `reply.delay`.
    EventFact,
    /// The facts that all of those events have.
    FactsOf(Vec<String>),
    Phrases,
    Score,
    /// Of that score.
    Layer(&'t str),
    Label(&'t str),
    /// Where any score leads to.
    Labels,
    /// A stage, handoff or end of that workflow.
    Stage(&'t str),
    /// One that is led to and not there yet.
    NewStage(&'t str),
    Workflow,
    /// `LeadGeneration.Rating`
    WorkflowOrStage,
    Agent,
    Person,
    Verb,
    /// What is done with that verb.
    ObjectOf(&'t str),
    /// What it may be declared with: `email` of `send email`.
    WayOf(&'t str),
    Experiment,
    Rubric,
    Channel,
    Outcome,
    /// How a question is settled.
    Settlement,
    /// A name of that kind of declaration.
    NameOf(&'static str),
    Module {
        beside: bool,
    },
    Lint,
    Currency,
    /// The client's currency, for an amount.
    Money,
    /// What a goal measures.
    Measured,
    /// What has become of it.
    StateOf(Vec<&'t str>),
    /// What a row of permissions is about.
    Permission,
    /// Kinds of activities.
    ActivityKind,
    /// What a template is filled from.
    Placeholder,
    /// What is told of a score over history: `auc`.
    Figure,
    /// What people do in a scenario.
    PersonVerb,
    /// What buyers do in one.
    BuyerVerb,
    /// Words that the language knows in this place only.
    Words(&'static [&'static str]),
}

/// Whose fields are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Owner<'t> {
    /// A record kind by its name or table, or an event; then fields that lead to others.
    Named(String, Vec<&'t str>),
    /// Every event's.
    AnyEvent,
}

/// What the condition that is typed is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scope<'t> {
    /// By its name.
    pub(super) entity: Option<&'t str>,
    /// The score that it is part of.
    pub(super) score: Option<&'t str>,
    pub(super) workflow: Option<&'t str>,
    /// Records beside it may be named: `deal.value`.
    pub(super) beside: bool,
    /// It is in a stage: `complete`, `message.spcl`.
    pub(super) in_stage: bool,
}

/// What is wanted, and the names that stand before it with dots between.
pub(super) struct Asked<'t> {
    pub(super) wanted: Vec<Wanted<'t>>,
    pub(super) qualifier: Vec<&'t str>,
}

/// What a place asks for.
pub(super) fn asked<'t>(place: &Place, text: &'t str) -> Asked<'t> {
    let before = words(&place.before, text);
    let (head, qualifier) = without_path(&before, place.context);
    let around: Vec<Vec<Word<'t>>> = place.around.iter().map(|header| words(&header.tokens, text)).collect();
    let reading = Reading { head, around: &around, place };
    let mut wanted = place.context.map(|context| reading.wanted(context)).unwrap_or_default();
    if wanted.is_empty() && place.follow.is_none() && may_judge(place.context) {
        // A misspelt keyword is no reason to say nothing of the condition behind it.
        wanted = condition::wanted(head, reading.scope());
    }
    Asked { wanted, qualifier }
}

/// Whether clauses of that block have conditions.
const fn may_judge(context: Option<Context>) -> bool {
    matches!(
        context,
        Some(Context::Score | Context::Layer | Context::Route | Context::Workflow | Context::Stage | Context::Test)
    )
}

fn words<'t>(tokens: &[(Token, language::Span)], text: &'t str) -> Vec<Word<'t>> {
    tokens.iter().map(|(kind, span)| (*kind, text.get(span.range()).unwrap_or_default())).collect()
}

/// Takes off the names that end in a dot each.
fn without_path<'b, 't>(words: &'b [Word<'t>], context: Option<Context>) -> (&'b [Word<'t>], Vec<&'t str>) {
    let mut rest = words;
    let mut path = Vec::new();
    while let [before @ .., (name, text), (Token::Dot, _)] = rest {
        // `use .` has a keyword there and no name.
        let is_keyword = before.is_empty() && context == Some(Context::File);
        if !name.is_word() || is_keyword {
            break;
        }
        path.insert(0, *text);
        rest = before;
    }
    (rest, path)
}

/// A path at the end of some tokens.
pub(super) fn path_at_end<'t>(words: &[Word<'t>]) -> Vec<&'t str> {
    let mut path = Vec::new();
    let mut rest = words;
    while let [before @ .., (name, text)] = rest {
        if !name.is_word() {
            break;
        }
        path.insert(0, *text);
        match before {
            [more @ .., (Token::Dot, _)] => rest = more,
            _ => break,
        }
    }
    path
}
