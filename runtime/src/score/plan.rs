//! A playbook's scores of one entity, linked: names are slots, texts are codes, constants are bits and ranges.
//!
//! A plan is data: `link` makes it, `load` fills blocks by it, `evaluate` runs it, `ledger` puts it into words.

use std::collections::BTreeMap;
use std::ops::Range;

use compiler::program::{
    Aggregate, Arithmetic, Asked, Certainty, Comparison, EntityId, EventId, EventQuery, FieldId, FieldPath, LabelId,
    PhrasesId, ScoreId, Type, Which, Window,
};
use language::SCALE;
use language::syntax::AggregateFunction;
use smol_str::SmolStr;

use super::block::Shape;
use super::words::Piece;

/// An operation's result, negated where the lowest bit is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Literal(u32);

impl Literal {
    pub(super) const fn new(op: u32) -> Self {
        Self(op << 1)
    }

    pub(super) const fn op(self) -> usize {
        (self.0 >> 1) as usize
    }

    pub(super) const fn negated(self) -> bool {
        self.0 & 1 == 1
    }

    pub(super) const fn not(self) -> Self {
        Self(self.0 ^ 1)
    }
}

/// One step of a condition; its result is kept at its own place in [`Plan::ops`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Op {
    /// Known from the start.
    Constant(Option<bool>),
    /// A number lies in a range.
    Range(RangeTest),
    /// A text is one of some words, whose codes are below 64.
    Code(CodeTest),
    /// A text is one of some words.
    CodeWide { code: u32, known: u32, words: Box<[u64]> },
    /// A list has some words, all in one set.
    Set(SetTest),
    /// A yes/no.
    Flag { flag: u32, known: u32 },
    /// It is not missing.
    Known { known: u32 },
    /// So many events.
    Happened { count: u32, complete: u32, at_least: i64, at_most: i64 },
    /// A phrase was heard after an instant, at which that window begins; all time where it has none.
    Heard { newest: u32, window: Option<Window>, after: i64, reported: bool },
    /// A score or layer has so many hundredths or more; as it stands, or over the range it may still take.
    AtLeast { of: Quantity, cents: i32, current: bool },
    /// Two terms, by their places in [`Plan::terms`]; `exact` where neither has a range.
    Compare { left: u32, right: u32, operator: Comparison, exact: bool },
    /// Both. `or` is the negation of this over negations.
    And(Literal, Literal),
    /// Unknown where the flag says that a field is stale.
    Fresh { of: Literal, stale: u32 },
    /// A score routes to one of these labels.
    Routed { score: u32, labels: u64, certainty: Option<Certainty>, current: bool },
}

/// A number lies in a range, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct RangeTest {
    pub(super) number: u32,
    pub(super) known: u32,
    pub(super) low: i64,
    /// From the lower end to the upper.
    pub(super) width: u64,
    /// The whole numbers within.
    wholes: (i32, i32),
}

impl RangeTest {
    pub(super) fn new(number: u32, known: u32, low: i64, width: u64) -> Self {
        let high = low.checked_add_unsigned(width).unwrap_or(i64::MAX);
        let first = low.div_euclid(SCALE) + i64::from(low.rem_euclid(SCALE) != 0);
        let narrow = |whole: i64| i32::try_from(whole).unwrap_or(if whole < 0 { i32::MIN } else { i32::MAX });
        let last = high.div_euclid(SCALE);
        // Beyond 32 bits nothing is compared with them; then no whole number that fits lies within.
        let within = first <= i64::from(i32::MAX) && last >= i64::from(i32::MIN);
        Self { number, known, low, width, wholes: if within { (narrow(first), narrow(last)) } else { (1, 0) } }
    }

    #[inline]
    pub(super) const fn holds(&self, number: i64) -> bool {
        number.wrapping_sub(self.low).cast_unsigned() <= self.width
    }

    /// The first and the last whole number within; the last is before the first where there is none.
    pub(super) const fn wholes(&self) -> (i32, i32) {
        self.wholes
    }
}

/// A text is one of some words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct CodeTest {
    pub(super) code: u32,
    pub(super) known: u32,
    /// Their codes.
    pub(super) mask: u64,
}

impl CodeTest {
    #[inline]
    pub(super) const fn holds(&self, code: u16) -> bool {
        code < 64 && self.mask >> (code & 63) & 1 == 1
    }
}

/// A list has any, or all, of some words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct SetTest {
    pub(super) set: u32,
    pub(super) known: u32,
    /// Their bits.
    pub(super) mask: u64,
    pub(super) all: bool,
}

impl SetTest {
    #[inline]
    pub(super) const fn holds(&self, set: u64) -> bool {
        if self.all { set & self.mask == self.mask } else { set & self.mask != 0 }
    }
}

/// A test with the place of its result.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed<T> {
    pub(super) at: u32,
    pub(super) test: T,
}

/// Operations by kind, so that running them needs no choice: those that read nothing but the record come first, the others
/// as the schedule says.
#[derive(Debug, Default)]
pub(super) struct ByKind {
    pub(super) ranges: Vec<Placed<RangeTest>>,
    pub(super) codes: Vec<Placed<CodeTest>>,
    pub(super) sets: Vec<Placed<SetTest>>,
    /// Flag and known.
    pub(super) flags: Vec<Placed<(u32, u32)>>,
    /// Others that read nothing but the record, by their places in [`Plan::ops`].
    pub(super) first: Vec<u32>,
    /// Both of two.
    pub(super) ands: Vec<Placed<(Literal, Literal)>>,
    /// The rest, by their places in [`Plan::ops`].
    pub(super) rest: Vec<u32>,
}

/// A number that is more than a field compared with a constant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum TermNode {
    Constant(i64),
    Unknown,
    Number {
        number: u32,
        known: u32,
    },
    /// From the count upwards where not all is reported.
    Count {
        count: u32,
        complete: u32,
    },
    /// Of a score or layer, as it stands now, or as the range it may still take.
    Points {
        of: Quantity,
        current: bool,
    },
    /// A whole multiple: saves a rounding division.
    Multiple {
        of: u32,
        factor: i64,
    },
    Arithmetic {
        operator: Arithmetic,
        left: u32,
        right: u32,
    },
}

/// What has points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Quantity {
    /// By its place in [`Plan::layers`].
    Layer(u32),
    /// By its place in [`Plan::scores`].
    Score(u32),
}

/// What to do next.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// A part of [`ByKind::ands`].
    Ands(Range<usize>),
    /// A part of [`ByKind::rest`].
    Rest(Range<usize>),
    Layer(usize),
    Total(usize),
    Route(usize),
}

/// A linked entity.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) entity: EntityId,
    pub(super) shape: Shape,
    /// In microseconds.
    pub(super) now: i64,
    /// The client's day, in millionths of seconds.
    pub(super) today: i64,
    /// What is compared with was worked out from the client's day.
    pub(super) reads_today: bool,
    /// The same from the instant.
    pub(super) reads_now: bool,
    /// The operations that begin with a window, by their places in [`Plan::ops`].
    pub(super) hearing: Vec<u32>,
    pub(super) fields: Vec<FieldSlot>,
    pub(super) relations: Vec<Vec<FieldId>>,
    pub(super) texts: Vec<TextSlot>,
    pub(super) lists: Vec<ListSlot>,
    pub(super) derived: Vec<Derived>,
    pub(super) freshness: Vec<Freshness>,
    pub(super) queries: Vec<Query>,
    /// By event: its queries.
    pub(super) by_event: Vec<Vec<u32>>,
    pub(super) heard: Vec<Heard>,
    /// Conversations are reported now.
    pub(super) conversations_reported: bool,
    /// The phrases that are objections, where a list of open ones is read.
    pub(super) objections: Vec<PhrasesId>,
    /// The event that answers an objection, and its field that says which.
    pub(super) answered: Option<(EventId, SmolStr)>,
    pub(super) ops: Vec<Op>,
    pub(super) terms: Vec<TermNode>,
    pub(super) by_kind: ByKind,
    pub(super) schedule: Vec<Step>,
    pub(super) layers: Vec<LayerPlan>,
    pub(super) scores: Vec<ScorePlan>,
    /// Conditions asked for beside the scores.
    pub(super) asked_conditions: Vec<Literal>,
    /// The same with scores as ranges.
    pub(super) asked_possible: Vec<Literal>,
    /// Terms asked for beside the scores.
    pub(super) asked_terms: Vec<u32>,
}

/// A field that some condition reads.
#[derive(Clone, Debug)]
pub(super) struct FieldSlot {
    pub(super) path: FieldPath,
    /// As a reader writes it.
    pub(super) name: SmolStr,
    /// `company.employees is `
    pub(super) opening: Piece,
    /// By code, `company.industry is construction`; empty for any other word.
    pub(super) told: Vec<Piece>,
    /// `company.employees is missing`
    pub(super) missing: Piece,
    pub(super) ty: Type,
    pub(super) holds: Holds,
    pub(super) known: u32,
    /// A list without `?`: absent means empty.
    pub(super) never_missing: bool,
    /// The relation it is reached by, in [`Plan::relations`].
    pub(super) relation: Option<u32>,
}

/// Where a field's value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Number(u32),
    Flag(u32),
    /// In [`Plan::texts`].
    Text(u32),
    /// In [`Plan::lists`].
    List(u32),
    /// Only whether there is one.
    Record,
}

/// A text that is compared with constants: a field, or the latest event's.
#[derive(Clone, Debug)]
pub(super) struct TextSlot {
    pub(super) code: u32,
    pub(super) known: u32,
    /// From 1.
    pub(super) words: BTreeMap<SmolStr, u16>,
    /// The text itself is needed while loading.
    pub(super) raw: bool,
}

/// A list.
#[derive(Clone, Debug)]
pub(super) struct ListSlot {
    /// One set for each 64 words of the dictionary.
    pub(super) sets: Vec<u32>,
    pub(super) known: u32,
    pub(super) words: BTreeMap<SmolStr, u32>,
    /// The list itself is needed while loading.
    pub(super) raw: bool,
    /// The number cell of how many it has, so that a row finds its words.
    pub(super) length: u32,
    /// The contact's open objections: what was said and not answered counts as well.
    pub(super) objections: bool,
}

/// A yes/no that texts and lists give once they are loaded.
#[derive(Clone, Debug)]
pub(super) struct Derived {
    pub(super) flag: u32,
    pub(super) known: u32,
    pub(super) how: DerivedHow,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum DerivedHow {
    Text { text: u32, operator: compiler::program::TextOperator, value: SmolStr },
    Same { left: u32, right: u32 },
    HasOf { list: u32, which: Which, other: u32 },
}

/// Whether a field was last observed before an instant.
#[derive(Clone, Debug)]
pub(super) struct Freshness {
    pub(super) field: u32,
    pub(super) window: Window,
    /// Not included, in microseconds.
    pub(super) after: i64,
    pub(super) flag: u32,
}

/// Events that are counted and calculated with while they stream by.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) query: EventQuery,
    /// `email.clicked`
    pub(super) name: SmolStr,
    /// Not included, in microseconds.
    pub(super) after: i64,
    pub(super) reported: bool,
    /// Those of its events that are not reported over the whole window.
    pub(super) silent: Vec<EventId>,
    pub(super) count: u32,
    pub(super) newest: u32,
    /// All there were are counted.
    pub(super) complete: u32,
    pub(super) calculations: Vec<Calculation>,
    pub(super) each: Vec<Each>,
}

/// An aggregate over a query's events.
#[derive(Clone, Debug)]
pub(super) struct Calculation {
    pub(super) aggregate: Aggregate,
    pub(super) function: AggregateFunction,
    pub(super) field: SmolStr,
    pub(super) output: Output,
}

/// Where an aggregate goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Output {
    Number { number: u32, known: u32 },
    Text(u32),
    Flag { flag: u32, known: u32 },
}

/// Points for each event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Each {
    /// In millionths.
    pub(super) points: i64,
    /// In microseconds.
    pub(super) half_life: Option<i64>,
    /// With the points' sign, in hundredths.
    pub(super) cap: i64,
    /// The number cell of the sum, cut, in hundredths.
    pub(super) sum: u32,
}

/// The newest mention of a set of phrases.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub(super) phrases: PhrasesId,
    pub(super) name: SmolStr,
    /// The number cell of the instant in microseconds; `i64::MIN` where there is none.
    pub(super) newest: u32,
}

/// A linked layer.
#[derive(Clone, Debug)]
pub(super) struct LayerPlan {
    pub(super) score: usize,
    pub(super) weighted: bool,
    /// In millionths; 25 for 25%.
    pub(super) weight: i64,
    /// The same in whole percents, where its points are whole as well, so that its share needs no rounding.
    pub(super) percent: Option<i32>,
    /// It counts once this is reported.
    pub(super) once: Option<EventId>,
    /// Its event is not reported yet.
    pub(super) left_out: bool,
    pub(super) rules: Vec<RulePlan>,
    /// By rule, what a simple one needs to be judged, close together; of a dated one nothing that ever holds.
    pub(super) simple: Vec<SimpleRule>,
    /// The places of the rules that are not simple.
    pub(super) dated: Vec<usize>,
    /// The place of its first rule in the score.
    pub(super) first_rule: usize,
    /// `behavioral `
    pub(super) opening: Piece,
    /// ` at 25%: `; empty in a score without weights.
    pub(super) weighed: Piece,
}

/// A rule that gives the same points whenever it holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct SimpleRule {
    pub(super) when: Literal,
    /// In hundredths.
    pub(super) points: i32,
}

/// A rule with its place in its layer.
pub(super) struct DatedRule<'a> {
    pub(super) number: usize,
    pub(super) rule: &'a RulePlan,
}

impl LayerPlan {
    /// The rules that are not simple.
    pub(super) fn dated(&self) -> impl Iterator<Item = DatedRule<'_>> {
        self.dated.iter().filter_map(|&number| Some(DatedRule { number, rule: self.rules.get(number)? }))
    }
}

/// A linked rule.
#[derive(Clone, Debug)]
pub(super) struct RulePlan {
    /// Unfaded, in hundredths; of one event, for `each`.
    pub(super) points: i32,
    pub(super) kind: RuleKind,
    pub(super) leaves: Vec<Leaf>,
    /// Two of its leaves read the same.
    pub(super) repeats: bool,
    pub(super) words: RuleWords,
}

/// What a ledger says of a rule whatever the record, written once.
#[derive(Clone, Debug)]
pub(super) struct RuleWords {
    /// `+25  `
    pub(super) opening: Piece,
    /// `: they can pay  acme.playbook:12`, and the end of the line.
    pub(super) closing: Piece,
    /// `undecided +25  company.employees >= 20`
    pub(super) undecided: Piece,
    /// `  acme.playbook:12`, and the end of the line.
    pub(super) place: Piece,
}

#[derive(Clone, Debug)]
pub(super) enum RuleKind {
    /// The same points whenever it holds.
    Plain(Literal),
    /// Points that fade with the age of the newest evidence.
    Fading { when: Literal, points: i64, half_life: i64, evidence: Vec<Evidence> },
    /// Points for each event, summed up while loading.
    Each { query: u32, sum: u32, complete: u32, cap: i32 },
}

/// An event or conversation whose age counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Evidence {
    pub(super) found: Literal,
    pub(super) newest: u32,
    pub(super) complete: Completeness,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Completeness {
    Reported(bool),
    Cell(u32),
}

/// A condition's smallest part, with what it reads.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    /// True where it speaks for the whole condition.
    pub(super) literal: Literal,
    /// Flags that make it unknown.
    pub(super) stale: Vec<u32>,
    pub(super) reads: Vec<Reading>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// In [`Plan::fields`].
    Field(u32),
    /// In [`Plan::queries`].
    Query(u32),
    /// A query's calculation.
    Calculation(u32, u32),
    /// In [`Plan::heard`].
    Heard(u32),
    /// In [`Plan::layers`].
    Layer(u32),
    /// In [`Plan::scores`].
    Score(u32),
}

/// A linked score.
#[derive(Clone, Debug)]
pub(super) struct ScorePlan {
    pub(super) id: ScoreId,
    pub(super) weighted: bool,
    /// In [`Plan::layers`].
    pub(super) layers: Range<usize>,
    /// How many rules it has.
    pub(super) rules: usize,
    /// The place of its first rule among those of all scores.
    pub(super) first_rule: usize,
    /// The same, where each score begins with a word of sixty-four rules of its own.
    pub(super) first_word: usize,
    /// Of the layers that count, in millionths; 100 where none is left out.
    pub(super) weight: i64,
    /// Some layer is left out.
    pub(super) rescaled: bool,
    pub(super) routes: Vec<RoutePlan>,
    pub(super) labels: usize,
}

/// A linked line of a route.
#[derive(Clone, Debug)]
pub(super) struct RoutePlan {
    pub(super) label: LabelId,
    /// Over the ranges that scores may still take; none for `otherwise`.
    pub(super) possible: Option<Literal>,
    /// Over the scores as they stand.
    pub(super) current: Option<Literal>,
    pub(super) leaves: Vec<Leaf>,
    /// `: certainly hot, when icp >= 70`, and the end of the line.
    pub(super) certainly: Piece,
    /// `: provisionally hot, …`
    pub(super) provisionally: Piece,
}

impl Plan {
    pub(super) fn asked(&self, reading: &Reading) -> Vec<Asked> {
        match *reading {
            Reading::Field(slot) => {
                self.fields.get(slot as usize).map(|field| Asked::Field(field.path.clone())).into_iter().collect()
            }
            Reading::Query(query) | Reading::Calculation(query, _) => self
                .queries
                .get(query as usize)
                .map(|query| if query.silent.is_empty() { &query.query.events } else { &query.silent })
                .map(|events| events.iter().map(|&event| Asked::Event(event)).collect())
                .unwrap_or_default(),
            Reading::Heard(_) => vec![Asked::Conversation],
            Reading::Layer(_) | Reading::Score(_) => Vec::new(),
        }
    }
}
