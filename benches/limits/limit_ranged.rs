//! The limit where facts are missing: the model by hand in Kleene's logic, with the range that the score may still take.
//!
//! What a rule would have to know and nobody does makes it unknown: it gives nothing, and the range holds both.

use crate::leads::Lead;
use crate::limit::IDS;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ranged {
    /// In hundredths.
    pub(crate) composite: i64,
    pub(crate) low: i64,
    pub(crate) high: i64,
    /// 0 hot, 1 warm, 2 cold.
    pub(crate) route: u8,
    pub(crate) certain: bool,
    /// The ids of the rules that give points, in the model's order.
    pub(crate) fired: Vec<&'static str>,
}

fn and(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn or(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

fn one_of(text: &Option<String>, of: &[&str]) -> Option<bool> {
    text.as_deref().map(|text| of.contains(&text))
}

fn has(list: &Option<Vec<String>>, value: &str) -> Option<bool> {
    list.as_ref().map(|list| list.iter().any(|known| known == value))
}

fn at_least(number: Option<i64>, bound: i64) -> Option<bool> {
    number.map(|number| number >= bound)
}

fn between(number: Option<i64>, low: i64, high: i64) -> Option<bool> {
    number.map(|number| number >= low && number <= high)
}

/// The rules of one layer: what it gives, and what it could.
struct Layer<'f> {
    value: i64,
    low: i64,
    high: i64,
    rule: usize,
    fired: &'f mut Vec<&'static str>,
}

impl Layer<'_> {
    fn rule(&mut self, points: i64, holds: Option<bool>) {
        match holds {
            Some(true) => {
                self.value += points;
                self.low += points;
                self.high += points;
                self.fired.push(IDS[self.rule]);
            }
            Some(false) => {}
            None if points < 0 => self.low += points,
            None => self.high += points,
        }
        self.rule += 1;
    }

    fn clamped(&self) -> (i64, i64, i64) {
        (self.value.clamp(0, 100), self.low.clamp(0, 100), self.high.clamp(0, 100))
    }
}

pub(crate) fn judge(lead: &Lead) -> Ranged {
    let mut fired = Vec::new();

    let mut fit = Layer { value: 0, low: 0, high: 0, rule: 0, fired: &mut fired };
    fit.rule(25, one_of(&lead.industry, &["saas", "fintech", "healthtech", "logistics"]));
    fit.rule(25, between(lead.employees, 50, 1000));
    fit.rule(15, one_of(&lead.country, &["US", "CA", "GB", "DE", "NL", "SE", "AU"]));
    fit.rule(20, or(has(&lead.tech, "salesforce"), has(&lead.tech, "hubspot")));
    fit.rule(20, one_of(&lead.title, &["ceo", "cro", "vp sales", "head of sales", "sales director", "revops lead"]));
    fit.rule(-40, or(lead.consent.map(|consent| !consent), one_of(&lead.industry, &["gambling"])));
    let fit = fit.clamped();

    let mut engagement = Layer { value: 0, low: 0, high: 0, rule: 6, fired: &mut fired };
    engagement.rule(20, and(at_least(lead.opens_30d, 5), at_least(lead.clicks_30d, 2)));
    engagement.rule(30, at_least(lead.replies_30d, 1));
    engagement.rule(25, and(lead.replied, lead.response_hours.map(|hours| hours <= 24.0)));
    engagement.rule(20, or(at_least(lead.clicks_7d, 1), at_least(lead.pricing_views, 2)));
    engagement.rule(-30, lead.last_activity_day.map(|day| 20_000 - day > 45));
    engagement
        .rule(10, and(between(lead.opens_7d, 3, 50), lead.source.as_deref().map(|source| source != "purchased_list")));
    let engagement = engagement.clamped();

    let mut need = Layer { value: 0, low: 0, high: 0, rule: 12, fired: &mut fired };
    need.rule(25, one_of(&lead.stated_need, &["pipeline", "forecasting", "routing", "churn"]));
    need.rule(
        30,
        and(
            lead.stated_need.as_ref().zip(lead.actual_need.as_ref()).map(|(stated, actual)| stated == actual),
            lead.actual_need.as_deref().map(|need| need != "none"),
        ),
    );
    need.rule(
        25,
        and(
            one_of(&lead.actual_need, &["pipeline", "forecasting", "routing"]),
            lead.timeline_days.map(|days| days <= 90),
        ),
    );
    need.rule(-35, or(has(&lead.objections, "no_need"), has(&lead.objections, "wrong_timing")));
    need.rule(20, and(has(&lead.objections, "competitor").map(|has| !has), has(&lead.tech, "spreadsheets")));
    need.rule(15, and(or(has(&lead.tech, "zoho"), has(&lead.tech, "pipedrive")), at_least(lead.employees, 101)));
    let need = need.clamped();

    let mut investment = Layer { value: 0, low: 0, high: 0, rule: 18, fired: &mut fired };
    investment.rule(25, at_least(lead.meetings_attended, 1));
    investment.rule(
        20,
        and(
            at_least(lead.meetings_booked, 2),
            lead.meetings_attended.zip(lead.meetings_booked).map(|(attended, booked)| attended * 2 >= booked),
        ),
    );
    investment.rule(20, or(at_least(lead.docs_shared, 2), at_least(lead.docs_opened, 3)));
    investment.rule(25, at_least(lead.stakeholders, 3));
    investment.rule(25, and(at_least(lead.budget_k, 25), has(&lead.objections, "price").map(|has| !has)));
    investment.rule(-25, and(at_least(lead.meetings_booked, 1), lead.meetings_attended.map(|attended| attended == 0)));
    let investment = investment.clamped();

    let composite = fit.0 * 20 + engagement.0 * 25 + need.0 * 30 + investment.0 * 25;
    let low = fit.1 * 20 + engagement.1 * 25 + need.1 * 30 + investment.1 * 25;
    let high = fit.2 * 20 + engagement.2 * 25 + need.2 * 30 + investment.2 * 25;
    let over = |low: i64, high: i64, bound: i64| {
        if low >= bound {
            Some(true)
        } else if high < bound {
            Some(false)
        } else {
            None
        }
    };
    let hot = and(over(low, high, 7000), over(investment.1, investment.2, 50));
    let warm = over(low, high, 4500);
    let certain = match hot {
        Some(true) => true,
        Some(false) => warm.is_some(),
        None => false,
    };
    let route = if composite >= 7000 && investment.0 >= 50 {
        0
    } else if composite >= 4500 {
        1
    } else {
        2
    };
    Ranged { composite, low, high, route, certain, fired }
}
