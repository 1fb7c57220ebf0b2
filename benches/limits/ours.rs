//! The same model as a playbook, compiled and linked: `tests/real/model.playbook`.

use compiler::compile::compile_text;
use compiler::program::{EntityId, Fixed, Program, ScoreId};
use jiff::Timestamp;
use runtime::facts::Coverage;
use runtime::score::{Batch, Evaluation, FieldValue, Outcomes, Row, RowBuilder, Scorer};
use smol_str::SmolStr;

use crate::leads::Lead;
use crate::limit::Judged;

pub(crate) struct Ours {
    scorer: Scorer,
    contact: EntityId,
    score: ScoreId,
    /// The fields in the order in which the scorer asks for them.
    fields: Vec<String>,
}

/// A fact of a lead, by its field's name.
fn give(builder: &mut RowBuilder<'_>, place: usize, name: &str, lead: &Lead) {
    let number = |builder: &mut RowBuilder<'_>, value: Option<i64>| {
        if let Some(value) = value {
            builder.field(place, FieldValue::Number(Fixed::from_integer(value)));
        }
    };
    let text = |builder: &mut RowBuilder<'_>, value: &Option<String>| {
        if let Some(value) = value {
            builder.field(place, FieldValue::Text(value));
        }
    };
    let list = |builder: &mut RowBuilder<'_>, value: &Option<Vec<String>>| {
        if let Some(value) = value {
            let values: Vec<SmolStr> = value.iter().map(SmolStr::from).collect();
            builder.field(place, FieldValue::List(&values));
        }
    };
    let yes_no = |builder: &mut RowBuilder<'_>, value: Option<bool>| {
        if let Some(value) = value {
            builder.field(place, FieldValue::YesNo(value));
        }
    };
    match name {
        "industry" => text(builder, &lead.industry),
        "employees" => number(builder, lead.employees),
        "country" => text(builder, &lead.country),
        "tech" => list(builder, &lead.tech),
        "title" => text(builder, &lead.title),
        "source" => text(builder, &lead.source),
        "opens_7d" => number(builder, lead.opens_7d),
        "opens_30d" => number(builder, lead.opens_30d),
        "clicks_7d" => number(builder, lead.clicks_7d),
        "clicks_30d" => number(builder, lead.clicks_30d),
        "pricing_views" => number(builder, lead.pricing_views),
        "replies_30d" => number(builder, lead.replies_30d),
        "replied" => yes_no(builder, lead.replied),
        "response_hours" => {
            if let Some(hours) = lead.response_hours.and_then(Fixed::from_f64) {
                builder.field(place, FieldValue::Number(hours));
            }
        }
        "meetings_booked" => number(builder, lead.meetings_booked),
        "meetings_attended" => number(builder, lead.meetings_attended),
        "docs_shared" => number(builder, lead.docs_shared),
        "docs_opened" => number(builder, lead.docs_opened),
        "stakeholders" => number(builder, lead.stakeholders),
        "objections" => list(builder, &lead.objections),
        "stated_need" => text(builder, &lead.stated_need),
        "actual_need" => text(builder, &lead.actual_need),
        "budget_k" => number(builder, lead.budget_k),
        "timeline_days" => number(builder, lead.timeline_days),
        "last_activity_day" => number(builder, lead.last_activity_day),
        "consent" => yes_no(builder, lead.consent),
        other => panic!("the model reads `{other}`, which a lead does not have"),
    }
}

pub(crate) fn program() -> Program {
    let compiled = compile_text("model.playbook", include_str!("../../tests/real/model.playbook"));
    assert!(compiled.program.is_some(), "{:#?}", compiled.diagnostics);
    compiled.program.expect("checked above")
}

impl Ours {
    pub(crate) fn new() -> Self {
        let program = program();
        let contact = program.entity("Contact").expect("a Contact");
        let score = program.score("composite").expect("the score");
        let scorer = Scorer::link(&program, Timestamp::UNIX_EPOCH, &Coverage::default()).expect("a sound playbook");
        let fields = scorer.needs(contact).fields.iter().map(|field| program.path_name(&field.path)).collect();
        Self { scorer, contact, score, fields }
    }

    fn fill(&self, builder: &mut RowBuilder<'_>, lead: &Lead) {
        for (place, name) in self.fields.iter().enumerate() {
            give(builder, place, name, lead);
        }
    }

    pub(crate) fn rows(&self, leads: &[Lead]) -> Vec<Row> {
        let mut builder = self.scorer.builder(self.contact, true).expect("a Contact");
        leads
            .iter()
            .map(|lead| {
                self.fill(&mut builder, lead);
                builder.finish()
            })
            .collect()
    }

    pub(crate) fn batch(&self, leads: &[Lead]) -> Batch {
        let mut builder = self.scorer.builder(self.contact, false).expect("a Contact");
        let mut batch = self.scorer.batch(self.contact).expect("a Contact");
        for lead in leads {
            self.fill(&mut builder, lead);
            builder.finish_into(&mut batch);
        }
        batch
    }

    pub(crate) fn evaluation(&self) -> Evaluation {
        self.scorer.evaluation(self.contact).expect("a Contact")
    }

    pub(crate) fn judge(&self, row: &Row, evaluation: &mut Evaluation) -> Judged {
        self.scorer.evaluate_into(self.contact, row, evaluation);
        let standing = evaluation.score(self.score).expect("the score");
        let route = evaluation.route(self.score).map_or(u8::MAX, |label| label.0 as u8);
        let fired = evaluation.fired_words(self.score).first().copied().unwrap_or_default() as u32;
        Judged { composite: standing.value.0 / 10_000, route, fired }
    }

    /// What it could become in hundredths, and whether the route is certain, of the record judged last.
    pub(crate) fn range(&self, evaluation: &Evaluation) -> (i64, i64, bool) {
        let standing = evaluation.score(self.score).expect("the score");
        (standing.low.0 / 10_000, standing.high.0 / 10_000, evaluation.is_certain(self.score))
    }

    /// Judges, and puts the whole ledger into words.
    pub(crate) fn words(&self, row: &Row, evaluation: &mut Evaluation, words: &mut String) {
        self.scorer.evaluate_into(self.contact, row, evaluation);
        let ledger = self.scorer.ledger(self.score, row, evaluation).expect("the score");
        words.clear();
        ledger.push_words(words);
    }

    pub(crate) fn judge_all(&self, batch: &Batch) -> Outcomes {
        self.scorer.evaluate_batch(self.contact, batch).expect("a Contact")
    }

    pub(crate) fn of_record(&self, outcomes: &Outcomes, record: usize) -> Judged {
        let standing = outcomes.score(self.score, record).expect("the score");
        let route = outcomes.route(self.score, record).map_or(u8::MAX, |label| label.0 as u8);
        let fired = outcomes.fired(self.score, record).fold(0, |fired, rule| fired | 1 << rule);
        Judged { composite: standing.value.0 / 10_000, route, fired }
    }
}
