//! Proof by example: runs the tests that a playbook brings, each at its own instant, with nothing but what it gives.

mod at_work;
pub mod coverage;
mod decided;
pub mod mutate;

use std::collections::BTreeSet;

use compiler::program::{
    Asked, Certainty, Expectation, ExpectationKind, FactValue, FieldPath, Fixed, LabelId, Origin, Program, ScoreId,
    ScoreRef, StageId, Test, Value, WorkflowId,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use smol_str::SmolStr;

use at_work::{AtWork, Halted};

use crate::facts::{Coverage, EventFact, Facts, Reported, Said};
use crate::score::{Evaluation, LinkError, Row, Scorer, Standing, window};

/// How a test went.
#[derive(Clone, Debug)]
pub struct TestOutcome {
    /// Its name.
    pub name: SmolStr,
    /// Where it is declared.
    pub origin: Origin,
    /// What was not as expected; empty where it passed.
    pub failures: Vec<Failure>,
    /// How many expectations it has.
    pub expectations: usize,
}

/// An expectation that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// As written.
    pub words: SmolStr,
    /// Where it stands.
    pub origin: Origin,
    /// What it wants.
    pub expected: String,
    /// What is.
    pub actual: String,
    /// The ledger of the score that it is about, as words.
    pub ledger: Option<String>,
}

impl TestOutcome {
    /// All was as expected.
    #[must_use]
    pub const fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// Runs all tests of a playbook, in source order.
#[must_use]
pub fn run(program: &Program) -> Vec<TestOutcome> {
    let shared = std::sync::Arc::new(program.clone());
    program.tests.iter().map(|test| run_one(&shared, test)).collect()
}

fn run_one(program: &std::sync::Arc<Program>, test: &Test) -> TestOutcome {
    let broken = |actual: String| {
        let (words, origin) = (test.name.clone(), test.origin);
        vec![Failure { words, origin, expected: "a test that can be run".to_owned(), actual, ledger: None }]
    };
    let failures = match Given::new(program, test) {
        Ok(given) => test.expectations.iter().filter_map(|expectation| given.check(expectation)).collect(),
        Err(Halted::Failed(failure)) => vec![*failure],
        Err(Halted::Broken(why)) => broken(why),
    };
    TestOutcome { name: test.name.clone(), origin: test.origin, failures, expectations: test.expectations.len() }
}

/// The instant of a test that names none: a Monday morning in the client's zone.
pub(crate) fn default_now(zone: &TimeZone) -> Timestamp {
    let morning = jiff::civil::date(2026, 1, 5).at(9, 0, 0, 0);
    morning.to_zoned(zone.clone()).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

/// What a test gives, judged.
struct Given<'t> {
    test: &'t Test,
    scorer: Scorer,
    facts: Facts,
    row: Row,
    evaluation: Evaluation,
    /// Where the record is.
    standing: Vec<(WorkflowId, StageId)>,
    /// The playbook at work, where something of its workflows is asked.
    at_work: Option<AtWork>,
}

impl<'t> Given<'t> {
    fn new(program: &std::sync::Arc<Program>, test: &'t Test) -> Result<Self, Halted> {
        let zone = &program.client.timezone;
        let zone = TimeZone::get(zone).map_err(|_| LinkError::Zone(zone.clone()))?;
        let now = test.now.unwrap_or_else(|| default_now(&zone));
        let mut standing = test.standing.clone();
        let (scorer, facts, at_work) = if at_work::is_wanted(test) {
            let at_work = AtWork::after(program, test, now, &zone)?;
            standing = at_work.standing()?;
            let (scorer, facts) = at_work.facts(program, test)?;
            (scorer, facts, Some(at_work))
        } else {
            let scorer = Scorer::link_shared(std::sync::Arc::clone(program), now, &coverage_of(program, test))?;
            (scorer, facts(program, test, now, &zone), None)
        };
        let row = scorer.row(test.entity, &facts).ok_or(LinkError::Broken("the entity of a test"))?;
        let evaluation = scorer.evaluate(test.entity, &row).ok_or(LinkError::Broken("the entity of a test"))?;
        Ok(Self { test, scorer, facts, row, evaluation, standing, at_work })
    }

    fn check(&self, expectation: &Expectation) -> Option<Failure> {
        if let ExpectationKind::IsIn { workflow, stage, negated } = expectation.kind {
            return self.check_is_in(expectation, (workflow, stage), negated);
        }
        let (expected, actual, about) = match &expectation.kind {
            ExpectationKind::Routes { score, certainty, label } => self.check_route(*score, *certainty, *label)?,
            ExpectationKind::ScoreIs { of, value, could_reach, could_fall_to } => {
                self.check_score(*of, *value, *could_reach, *could_fall_to)?
            }
            ExpectationKind::FactIs { fact, value } => self.check_fact(fact, *value)?,
            ExpectationKind::Asks(asked) => self.check_questions(asked)?,
            ExpectationKind::IsIn { .. } => return None,
            ExpectationKind::Allowed => self.check_allowed()?,
            ExpectationKind::Denied(because) => self.check_denied(because.as_ref())?,
            ExpectationKind::Holds(condition) => {
                let holds = self.scorer.condition(self.test.entity, &self.facts, condition);
                let actual = match holds {
                    Ok(Some(true)) => return None,
                    Ok(Some(false)) => "it is not".to_owned(),
                    Ok(None) => "it is unknown".to_owned(),
                    Err(error) => error.to_string(),
                };
                (expectation.words.to_string(), actual, None)
            }
        };
        let about = about.or_else(|| self.evaluation.scores().first().copied());
        let ledger = about.and_then(|score| self.scorer.ledger(score, &self.row, &self.evaluation));
        Some(Failure {
            words: expectation.words.clone(),
            origin: expectation.origin,
            expected,
            actual,
            ledger: ledger.map(|ledger| ledger.to_string()),
        })
    }

    fn check_is_in(
        &self,
        expectation: &Expectation,
        (workflow, stage): (WorkflowId, Option<StageId>),
        negated: bool,
    ) -> Option<Failure> {
        let at_work = self.at_work.as_ref()?;
        let told = at_work.is_in(workflow, stage).and_then(|is_in| {
            if is_in != negated { Ok(None) } else { Ok(Some((at_work.whereabouts()?, at_work.told()?))) }
        });
        let (actual, ledger) = match told {
            Ok(told) => told?,
            Err(Halted::Failed(failure)) => return Some(*failure),
            Err(Halted::Broken(why)) => (why, String::new()),
        };
        let (words, origin) = (expectation.words.clone(), expectation.origin);
        Some(Failure { expected: words.to_string(), words, origin, actual, ledger: Some(ledger) })
    }

    fn label(&self, score: ScoreId, label: Option<LabelId>) -> &str {
        let labels = self.scorer.program().scores.get(score.index()).map(|score| score.labels.as_slice());
        label.and_then(|label| labels?.get(label.index())).map_or("nowhere", SmolStr::as_str)
    }

    fn check_route(&self, score: ScoreId, certainty: Option<Certainty>, label: LabelId) -> Option<Found> {
        let (route, certain) = (self.evaluation.route(score), self.evaluation.is_certain(score));
        let as_wanted = match certainty {
            None => true,
            Some(Certainty::Certain) => certain,
            Some(Certainty::Provisional) => !certain,
        };
        if route == Some(label) && as_wanted {
            return None;
        }
        let how = |certain: Option<bool>| match certain {
            None => "",
            Some(true) => "certainly ",
            Some(false) => "provisionally ",
        };
        let wanted = certainty.map(|certainty| certainty == Certainty::Certain);
        let mut actual = format!("{}{}", how(Some(certain)), self.label(score, route));
        if !certain {
            let possible: Vec<_> =
                self.evaluation.possible(score).map(|label| self.label(score, Some(label))).collect();
            actual.push_str(&format!(" (possible: {})", possible.join(", ")));
        }
        Some((format!("{}{}", how(wanted), self.label(score, Some(label))), actual, Some(score)))
    }

    fn check_score(&self, of: ScoreRef, value: Fixed, high: Option<Fixed>, low: Option<Fixed>) -> Option<Found> {
        let Some(standing) = self.scorer.standing(&self.evaluation, of) else {
            return Some((value.to_string(), "no such score of this record".to_owned(), None));
        };
        let as_wanted = standing.value == value
            && high.is_none_or(|high| standing.high == high)
            && low.is_none_or(|low| standing.low == low);
        if as_wanted {
            return None;
        }
        let wanted = Standing { value, low: low.unwrap_or(value), high: high.unwrap_or(value) };
        Some((standing_words(wanted), standing_words(standing), Some(of.score)))
    }

    fn check_fact(&self, fact: &FactValue, value: Fixed) -> Option<Found> {
        let actual = match fact {
            FactValue::Term(term, _) => match self.scorer.term(self.test.entity, &self.facts, term) {
                Ok(Some((low, high))) if low == value && high == value => return None,
                Ok(Some((low, high))) if low == high => low.to_string(),
                Ok(Some((low, _))) => format!("{low} or more, as not all is reported"),
                Ok(None) => "unknown".to_owned(),
                Err(error) => error.to_string(),
            },
            FactValue::Condition(condition) => match self.scorer.condition(self.test.entity, &self.facts, condition) {
                Ok(Some(holds)) if Fixed::from_integer(i64::from(holds)) == value => return None,
                Ok(Some(holds)) => if holds { "yes" } else { "no" }.to_owned(),
                Ok(None) => "unknown".to_owned(),
                Err(error) => error.to_string(),
            },
        };
        Some((value.to_string(), actual, None))
    }

    fn check_questions(&self, wanted: &[Asked]) -> Option<Found> {
        let mut asked = BTreeSet::new();
        for &score in self.evaluation.scores() {
            asked.extend(self.scorer.questions(score, &self.facts).into_iter().map(|question| question.asked));
        }
        let as_wanted =
            if wanted.is_empty() { asked.is_empty() } else { wanted.iter().all(|wanted| asked.contains(wanted)) };
        if as_wanted {
            return None;
        }
        let list = |asked: &mut dyn Iterator<Item = &Asked>| {
            let words: Vec<String> = asked.map(|asked| self.scorer.asked_words(asked)).collect();
            if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
        };
        Some((format!("asks {}", list(&mut wanted.iter())), format!("asks {}", list(&mut asked.iter())), None))
    }
}

/// What is expected, what is, and the score it is about.
type Found = (String, String, Option<ScoreId>);

fn standing_words(standing: Standing) -> String {
    let mut words = standing.value.to_string();
    if standing.high != standing.value {
        words.push_str(&format!(", could reach {}", standing.high));
    }
    if standing.low != standing.value {
        words.push_str(&format!(", could fall to {}", standing.low));
    }
    words
}

fn coverage_of(program: &Program, test: &Test) -> Coverage {
    let ever = Reported { since: Timestamp::MIN, until: None };
    let events = (0..).zip(&program.events).map(|(id, _)| compiler::program::EventId(id));
    Coverage {
        events: events.filter(|event| !test.silent.contains(&Some(*event))).map(|event| (event, ever)).collect(),
        conversations: (!test.silent.contains(&None)).then_some(ever),
    }
}

fn facts(program: &Program, test: &Test, now: Timestamp, zone: &TimeZone) -> Facts {
    let mut facts = Facts::default();
    for (path, value) in &test.fields {
        if let Some(relation) = relation(path) {
            facts.fields.entry(relation).or_insert_with(|| Value::Text("given".into()));
        }
        if let Some(value) = value {
            facts.fields.insert(path.clone(), value.clone());
        }
    }
    let ago = |ago: Option<compiler::program::Window>| happened_ago(program, zone, now, ago);
    for given in &test.events {
        let event = EventFact { event: given.event, at: ago(given.ago), fields: given.fields.clone() };
        facts.events.extend(std::iter::repeat_n(event, usize::try_from(given.count).unwrap_or(0)));
    }
    for given in &test.conversations {
        facts.conversations.push(Said { at: ago(given.ago), text: given.text.clone() });
    }
    facts
}

fn happened_ago(
    program: &Program,
    zone: &TimeZone,
    now: Timestamp,
    ago: Option<compiler::program::Window>,
) -> Timestamp {
    ago.map_or(now, |ago| window::ago(&program.client, zone, now, ago))
}

/// The relation that a path walks last: giving a company's field gives the contact a company.
fn relation(path: &FieldPath) -> Option<FieldPath> {
    let (&field, relations) = path.relations.split_last()?;
    Some(FieldPath { entity: path.entity, relations: relations.to_vec(), field })
}
