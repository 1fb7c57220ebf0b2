//! Which rule reads a header or a clause, told from where it stands and its first words; and whether it has a block.

use super::Rule;
use crate::token::Token;

/// Whose block a clause stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "they are whose block it is")]
pub enum Context {
    /// The file itself.
    File,
    Client,
    Fields,
    Score,
    Layer,
    Route,
    Learn,
    Kill,
    Phrases,
    Source,
    Test,
    Record,
    Agent,
    Permissions,
    Priority,
    ContactPolicy,
    Template,
    Experiment,
    Workflow,
    Stage,
    Handoff,
    Feedback,
    Publish,
    Rubric,
    Scenario,
    Backtest,
}

/// Whether a clause has a block of its own, and what stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlockUse {
    /// It must not.
    None,
    /// It must.
    Required(Context),
    /// It may.
    Optional(Context),
    /// Its rule says where.
    Inside(Context),
}

/// How one header or clause is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    /// By which rule.
    pub(crate) rule: Rule,
    /// What it is, to a reader.
    pub(crate) reading: &'static str,
    /// Its block.
    pub(crate) block: BlockUse,
}

impl Form {
    /// What has the header or is the clause: `a layer`.
    pub(crate) fn owner(&self) -> &'static str {
        self.reading.strip_prefix("the header of ").unwrap_or(self.reading)
    }
}

use BlockUse::{Inside, Optional, Required};
use Context as C;

const fn clause(rule: Rule, reading: &'static str) -> Form {
    Form { rule, reading, block: BlockUse::None }
}

const fn with(rule: Rule, reading: &'static str, block: BlockUse) -> Form {
    Form { rule, reading, block }
}

/// The form of a `remove NAME` in a refinement.
pub(crate) const REMOVE: Form = clause(Rule::remove, "a `remove`");

/// The form of a declaration, by its keyword.
pub(crate) fn declaration(keyword: Token) -> Option<Form> {
    Some(match keyword {
        Token::Client => with(Rule::client, "the header of a client", Required(C::Client)),
        Token::Use => clause(Rule::use_module, "a `use`"),
        Token::Entity => with(Rule::entity, "the header of an entity", Required(C::Fields)),
        Token::Extend => with(Rule::extend, "the header of an `extend`", Required(C::Fields)),
        Token::Event => with(Rule::event, "the header of an event", Optional(C::Fields)),
        Token::Fact => clause(Rule::fact, "a fact"),
        Token::Score => with(Rule::score, "the header of a score", Required(C::Score)),
        Token::Phrases => with(Rule::phrases, "the header of phrases", Required(C::Phrases)),
        Token::Objection => with(Rule::objection, "the header of an objection", Required(C::Phrases)),
        Token::Source => with(Rule::source, "the header of a source", Required(C::Source)),
        Token::Test => with(Rule::test_named, "the header of a test", Required(C::Test)),
        Token::Refine => with(Rule::refine, "the header of a `refine`", Required(C::File)),
        Token::Agent => with(Rule::agent, "the header of an agent", Optional(C::Agent)),
        Token::Permissions => with(Rule::permissions, "the header of `permissions`", Required(C::Permissions)),
        Token::Priority => with(Rule::priority, "the header of `priority`", Required(C::Priority)),
        Token::Contact => with(Rule::contact_policy, "the header of a contact policy", Required(C::ContactPolicy)),
        Token::Action => with(Rule::action, "the header of an action", Optional(C::Fields)),
        Token::Template => with(Rule::template, "the header of a template", Required(C::Template)),
        Token::Experiment => with(Rule::experiment, "the header of an experiment", Required(C::Experiment)),
        Token::Workflow => with(Rule::workflow, "the header of a workflow", Required(C::Workflow)),
        Token::Feedback => with(Rule::feedback, "the header of a feedback", Required(C::Feedback)),
        Token::Goal => clause(Rule::goal, "a goal"),
        Token::Publish => with(Rule::publish, "the header of a `publish`", Required(C::Publish)),
        Token::Forecast => clause(Rule::forecast, "a forecast"),
        Token::Rubric => with(Rule::rubric, "the header of a rubric", Required(C::Rubric)),
        Token::Scenario => with(Rule::scenario, "the header of a scenario", Required(C::Scenario)),
        Token::Backtest => with(Rule::backtest, "the header of a backtest", Required(C::Backtest)),
        _ => return None,
    })
}

/// The form of a clause, by its first two tokens; none where nothing of its context starts so.
pub(crate) fn form(context: Context, first: Token, second: Token) -> Option<Form> {
    let mapped = matches!(second, Token::From | Token::Dot);
    let named = first.is_word();
    Some(match (context, first) {
        (C::Client, Token::Currency) => clause(Rule::currency, "a currency"),
        (C::Client, Token::Timezone) => clause(Rule::timezone, "a time zone"),
        (C::Client, Token::Hours) => clause(Rule::hours, "business hours"),
        (C::Client, Token::Holidays) => clause(Rule::holidays, "holidays"),
        (C::Client, Token::People) => clause(Rule::people, "people"),
        (C::Client, Token::Allow) => clause(Rule::allow, "an `allow`"),

        (C::Fields, _) if named => clause(Rule::fields, "a field"),

        (C::Score, Token::Layer) => with(Rule::layer, "the header of a layer", Required(C::Layer)),
        (C::Score | C::Layer, Token::Plus | Token::Minus) => clause(Rule::points_rule, "a rule"),
        (C::Score, Token::Route) => with(Rule::route, "a `route`", Required(C::Route)),
        (C::Score, Token::Learn) => with(Rule::learn, "a `learn`", Required(C::Learn)),
        (C::Score, Token::Kill) => with(Rule::kill, "a `kill`", Required(C::Kill)),
        (C::Route, _) if named => clause(Rule::route_line, "a line of a route"),
        (C::Learn, Token::Good | Token::Bad) => clause(Rule::good, "what a score learns from"),
        (C::Learn, Token::Trust) => clause(Rule::trust, "a `trust`"),
        (C::Learn, Token::Keep) => clause(Rule::keep, "a `keep`"),
        (C::Learn, Token::Learned) => clause(Rule::learned, "a `learned`"),
        (C::Learn, Token::Adopt) => clause(Rule::adopt, "an `adopt`"),
        (C::Kill, Token::Pause) => clause(Rule::pause, "a `pause`"),
        (C::Kill, Token::Ask) => clause(Rule::diagnose, "an `ask`"),

        (C::Phrases, Token::Text | Token::LongText) => clause(Rule::phrase_texts, "what people say"),

        (C::Source, _) if named && mapped => clause(Rule::mapping, "a field of a source"),
        (C::Source, Token::Signature) => clause(Rule::signature, "a `signature`"),
        (C::Source, Token::Reports) => clause(Rule::reports, "a `reports`"),
        (C::Source, Token::Missing) => clause(Rule::missing, "a `missing`"),
        (C::Source, Token::Decimal) => clause(Rule::decimal, "a `decimal`"),
        (C::Source, Token::Separator) => clause(Rule::separator, "a `separator`"),
        (C::Source, Token::Encoding) => clause(Rule::encoding, "an `encoding`"),
        (C::Source, _) if named => clause(Rule::mapping, "a line of a source"),

        (C::Test, Token::Given) => with(Rule::given, "a `given`", Inside(C::Record)),
        (C::Test, Token::Expect) => clause(Rule::expect, "an `expect`"),
        (C::Test, Token::When) => with(Rule::happens, "a `when` of a test", Inside(C::Record)),
        (C::Record, _) if named => with(Rule::entries, "a field of a test", Inside(C::Record)),

        (C::Agent, Token::Runs) => clause(Rule::runs, "a `runs`"),
        (C::Agent, Token::Hands) => clause(Rule::hands, "a `hands`"),
        (C::Permissions, Token::Bar) => clause(Rule::row, "a row of permissions"),
        (C::Priority, _) if named => clause(Rule::precedes, "a priority"),
        (C::ContactPolicy, Token::Consent) => clause(Rule::consent, "a `consent`"),
        (C::ContactPolicy, Token::Unsubscribe) => clause(Rule::unsubscribe, "an `unsubscribe`"),
        (C::ContactPolicy, Token::Quiet) => clause(Rule::quiet, "a `quiet`"),
        (C::ContactPolicy, Token::At) => clause(Rule::at_most, "a cap on sends"),
        (C::Template, Token::Subject | Token::Body) => clause(Rule::template_part, "a part of a template"),
        (C::Experiment, Token::Try) => clause(Rule::try_out, "a `try`"),
        (C::Experiment, Token::Success) => clause(Rule::success, "a `success`"),
        (C::Experiment, Token::Choose) => clause(Rule::choose, "a `choose`"),
        (C::Experiment, Token::At) => clause(Rule::exposure, "the least share of each"),
        (C::Experiment, Token::Hold) => clause(Rule::hold_out, "a `hold out`"),
        (C::Experiment, Token::Forget) => clause(Rule::forget, "a `forget`"),
        (C::Experiment, Token::Stop) => clause(Rule::stop, "a `stop`"),

        (C::Workflow, Token::Status) => clause(Rule::status, "a `status`"),
        (C::Workflow, Token::Start) => clause(Rule::start, "a `start`"),
        (C::Workflow, Token::Stage) => with(Rule::stage, "the header of a stage", Required(C::Stage)),
        (C::Workflow, Token::Handoff) => with(Rule::handoff, "the header of a handoff", Required(C::Handoff)),
        (C::Workflow, Token::End) => clause(Rule::end, "an `end`"),
        (C::Stage, Token::Do) => clause(Rule::do_act, "a `do`"),
        (C::Stage, Token::Require) => clause(Rule::require, "a `require`"),
        (C::Stage, Token::Ask) => clause(Rule::ask, "an `ask`"),
        (C::Stage, Token::Next) => clause(Rule::next, "a `next`"),
        (C::Handoff, Token::Brief) => clause(Rule::brief, "a `brief`"),
        (C::Handoff, Token::Accepted) => clause(Rule::accepted, "an `accepted`"),

        (C::Feedback, Token::When) => clause(Rule::feedback_when, "a `when` of a feedback"),
        (C::Publish, _) if named => clause(Rule::publish_items, "what is published"),
        (C::Rubric, Token::Number) => clause(Rule::rubric_line, "a line of a rubric"),
        (C::Scenario, Token::Leads) => clause(Rule::leads, "the leads of a scenario"),
        (C::Scenario, Token::Seed) => clause(Rule::seed, "a `seed`"),
        (C::Scenario, Token::Human) => clause(Rule::human, "what a person does in a scenario"),
        (C::Scenario, Token::Buyer) => clause(Rule::buyer, "what a buyer does in a scenario"),
        (C::Scenario, Token::Expect) => clause(Rule::in_seeds, "an `expect` of a scenario"),
        (C::Scenario, _) if named => clause(Rule::person_habit, "what a person does in a scenario"),
        (C::Backtest, Token::Of) => clause(Rule::of_score, "the score of a backtest"),
        (C::Backtest, Token::Judge) => clause(Rule::judge, "a `judge`"),
        (C::Backtest, Token::Expect) => clause(Rule::figure, "an `expect` of a backtest"),
        _ => return None,
    })
}

impl Context {
    /// What a reader calls the block's owner.
    pub(crate) const fn reading(self) -> &'static str {
        match self {
            Self::File => "a playbook",
            Self::Client => "a client",
            Self::Fields => "a list of fields",
            Self::Score => "a score",
            Self::Layer => "a layer",
            Self::Route => "a route",
            Self::Learn => "a `learn`",
            Self::Kill => "a `kill`",
            Self::Phrases => "a list of phrases",
            Self::Source => "a source",
            Self::Test => "a test",
            Self::Record => "the fields that a test gives",
            Self::Agent => "an agent",
            Self::Permissions => "the table of permissions",
            Self::Priority => "the list of priorities",
            Self::ContactPolicy => "a contact policy",
            Self::Template => "a template",
            Self::Experiment => "an experiment",
            Self::Workflow => "a workflow",
            Self::Stage => "a stage",
            Self::Handoff => "a handoff",
            Self::Feedback => "a feedback",
            Self::Publish => "a `publish`",
            Self::Rubric => "a rubric",
            Self::Scenario => "a scenario",
            Self::Backtest => "a backtest",
        }
    }

    /// What a clause of it starts with, in words.
    pub(crate) const fn starts(self) -> &'static [&'static str] {
        match self {
            Self::File => &["a declaration"],
            Self::Client => &["`currency`", "`timezone`", "`hours`", "`holidays`", "`people`", "`allow`"],
            Self::Fields | Self::Record => &["a field's name"],
            Self::Score => &["`layer`", "points such as `+20`", "`route`", "`learn`", "`kill`"],
            Self::Layer => &["points such as `+20`"],
            Self::Route => &["a route such as `hot`"],
            Self::Learn => &["`good`", "`bad`", "`trust`", "`keep`", "`adopt`", "`learned`"],
            Self::Kill => &["`pause`", "`ask`"],
            Self::Phrases => &["a text in quotes"],
            Self::Source => {
                &["a field's name", "`signature`", "`reports`", "`missing`", "`decimal`", "`separator`", "`encoding`"]
            }
            Self::Test => &["`given`", "`expect`", "`when`"],
            Self::Agent => &["`runs`", "`hands`"],
            Self::Permissions => &["`|`"],
            Self::Priority => &["an agent's name"],
            Self::ContactPolicy => &["`consent`", "`unsubscribe`", "`quiet`", "`at most`"],
            Self::Template => &["`subject`", "`body`"],
            Self::Experiment => &["`try`", "`success`", "`choose`", "`at least`", "`hold out`", "`forget`", "`stop`"],
            Self::Workflow => &["`status`", "`start`", "`stage`", "`handoff`", "`end`"],
            Self::Stage => &["`do`", "`require`", "`ask`", "`next`"],
            Self::Handoff => &["`brief`", "`accepted`"],
            Self::Feedback => &["`when`"],
            Self::Publish => &["a name"],
            Self::Rubric => &["points such as `5`"],
            Self::Scenario => &["`leads`", "`seed`", "`human`", "a role", "`buyer`", "`expect`"],
            Self::Backtest => &["`of`", "`judge`", "`expect`"],
        }
    }
}
