//! The limit to compare with: the model written out by hand in Rust, over leads whose texts are texts.
//!
//! Where a fact is missing, a rule that would have to know it does not fire, as in the playbook; ranges and certainty, which the
//! playbook gives besides, are `limit_ranged`'s.

use crate::leads::Lead;

/// The model's rules.
pub(crate) const IDS: [&str; 24] = [
    "F1", "F2", "F3", "F4", "F5", "F6", "E1", "E2", "E3", "E4", "E5", "E6", "N1", "N2", "N3", "N4", "N5", "N6", "I1",
    "I2", "I3", "I4", "I5", "I6",
];

/// How the rules that give points are told.
pub(crate) trait Fired: Default {
    fn fire(&mut self, rule: usize);
}

/// A bit a rule, in the model's order.
impl Fired for u32 {
    fn fire(&mut self, rule: usize) {
        *self |= 1 << rule;
    }
}

/// Their ids, in the model's order.
impl Fired for Vec<&'static str> {
    fn fire(&mut self, rule: usize) {
        self.push(IDS[rule]);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Judged<F = u32> {
    /// In hundredths.
    pub(crate) composite: i64,
    /// 0 hot, 1 warm, 2 cold.
    pub(crate) route: u8,
    pub(crate) fired: F,
}

fn one_of(text: &Option<String>, of: &[&str]) -> bool {
    text.as_deref().is_some_and(|text| of.contains(&text))
}

fn has(list: &Option<Vec<String>>, value: &str) -> bool {
    list.as_ref().is_some_and(|list| list.iter().any(|known| known == value))
}

fn lacks(list: &Option<Vec<String>>, value: &str) -> bool {
    list.as_ref().is_some_and(|list| list.iter().all(|known| known != value))
}

fn at_least(number: Option<i64>, bound: i64) -> bool {
    number.is_some_and(|number| number >= bound)
}

fn between(number: Option<i64>, low: i64, high: i64) -> bool {
    number.is_some_and(|number| number >= low && number <= high)
}

/// The rules of one layer, with their points.
struct Layer<'f, F> {
    points: i64,
    fired: &'f mut F,
    rule: usize,
}

impl<'f, F: Fired> Layer<'f, F> {
    fn new(rule: usize, fired: &'f mut F) -> Self {
        Self { points: 0, fired, rule }
    }

    fn rule(&mut self, points: i64, holds: bool) {
        if holds {
            self.points += points;
            self.fired.fire(self.rule);
        }
        self.rule += 1;
    }

    fn clamped(&self) -> i64 {
        self.points.clamp(0, 100)
    }
}

pub(crate) fn judge<F: Fired>(lead: &Lead) -> Judged<F> {
    let mut fired = F::default();

    let mut fit = Layer::new(0, &mut fired);
    fit.rule(25, one_of(&lead.industry, &["saas", "fintech", "healthtech", "logistics"]));
    fit.rule(25, between(lead.employees, 50, 1000));
    fit.rule(15, one_of(&lead.country, &["US", "CA", "GB", "DE", "NL", "SE", "AU"]));
    fit.rule(20, has(&lead.tech, "salesforce") || has(&lead.tech, "hubspot"));
    fit.rule(20, one_of(&lead.title, &["ceo", "cro", "vp sales", "head of sales", "sales director", "revops lead"]));
    fit.rule(-40, lead.consent == Some(false) || one_of(&lead.industry, &["gambling"]));
    let fit = fit.clamped();

    let mut engagement = Layer::new(6, &mut fired);
    engagement.rule(20, at_least(lead.opens_30d, 5) && at_least(lead.clicks_30d, 2));
    engagement.rule(30, at_least(lead.replies_30d, 1));
    engagement.rule(25, lead.replied == Some(true) && lead.response_hours.is_some_and(|hours| hours <= 24.0));
    engagement.rule(20, at_least(lead.clicks_7d, 1) || at_least(lead.pricing_views, 2));
    engagement.rule(-30, lead.last_activity_day.is_some_and(|day| 20_000 - day > 45));
    engagement.rule(
        10,
        between(lead.opens_7d, 3, 50) && lead.source.as_deref().is_some_and(|source| source != "purchased_list"),
    );
    let engagement = engagement.clamped();

    let mut need = Layer::new(12, &mut fired);
    need.rule(25, one_of(&lead.stated_need, &["pipeline", "forecasting", "routing", "churn"]));
    need.rule(
        30,
        lead.stated_need.is_some()
            && lead.stated_need == lead.actual_need
            && lead.actual_need.as_deref().is_some_and(|need| need != "none"),
    );
    need.rule(
        25,
        one_of(&lead.actual_need, &["pipeline", "forecasting", "routing"])
            && lead.timeline_days.is_some_and(|days| days <= 90),
    );
    need.rule(-35, has(&lead.objections, "no_need") || has(&lead.objections, "wrong_timing"));
    need.rule(20, lacks(&lead.objections, "competitor") && has(&lead.tech, "spreadsheets"));
    need.rule(15, (has(&lead.tech, "zoho") || has(&lead.tech, "pipedrive")) && at_least(lead.employees, 101));
    let need = need.clamped();

    let mut investment = Layer::new(18, &mut fired);
    investment.rule(25, at_least(lead.meetings_attended, 1));
    investment.rule(
        20,
        at_least(lead.meetings_booked, 2)
            && lead
                .meetings_attended
                .zip(lead.meetings_booked)
                .is_some_and(|(attended, booked)| attended * 2 >= booked),
    );
    investment.rule(20, at_least(lead.docs_shared, 2) || at_least(lead.docs_opened, 3));
    investment.rule(25, at_least(lead.stakeholders, 3));
    investment.rule(25, at_least(lead.budget_k, 25) && lacks(&lead.objections, "price"));
    investment.rule(-25, at_least(lead.meetings_booked, 1) && lead.meetings_attended == Some(0));
    let investment = investment.clamped();

    let composite = fit * 20 + engagement * 25 + need * 30 + investment * 25;
    let route = if composite >= 7000 && investment >= 50 {
        0
    } else if composite >= 4500 {
        1
    } else {
        2
    };
    Judged { composite, route, fired }
}
