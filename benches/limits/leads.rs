//! Made-up leads with the distributions of the reference model's generator: the same bytes for the same seed.
//!
//! A lead's quality `q` pulls its facts towards good values; counts are exponential, choices are drawn from a list whose
//! first entries are the good ones.

/// A lead as somebody would write it by hand: text is text, lists are lists. What is missing is `None`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lead {
    pub(crate) industry: Option<String>,
    pub(crate) employees: Option<i64>,
    pub(crate) country: Option<String>,
    pub(crate) tech: Option<Vec<String>>,
    pub(crate) title: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) opens_7d: Option<i64>,
    pub(crate) opens_30d: Option<i64>,
    pub(crate) clicks_7d: Option<i64>,
    pub(crate) clicks_30d: Option<i64>,
    pub(crate) pricing_views: Option<i64>,
    pub(crate) replies_30d: Option<i64>,
    pub(crate) replied: Option<bool>,
    pub(crate) response_hours: Option<f64>,
    pub(crate) meetings_booked: Option<i64>,
    pub(crate) meetings_attended: Option<i64>,
    pub(crate) docs_shared: Option<i64>,
    pub(crate) docs_opened: Option<i64>,
    pub(crate) stakeholders: Option<i64>,
    pub(crate) objections: Option<Vec<String>>,
    pub(crate) stated_need: Option<String>,
    pub(crate) actual_need: Option<String>,
    pub(crate) budget_k: Option<i64>,
    pub(crate) timeline_days: Option<i64>,
    pub(crate) last_activity_day: Option<i64>,
    pub(crate) consent: Option<bool>,
}

const INDUSTRIES: [&str; 12] = [
    "saas",
    "fintech",
    "healthtech",
    "logistics",
    "retail",
    "manufacturing",
    "media",
    "education",
    "gambling",
    "energy",
    "legal",
    "travel",
];
const COUNTRIES: [&str; 16] =
    ["US", "CA", "GB", "DE", "NL", "SE", "AU", "FR", "ES", "IT", "PL", "BR", "IN", "JP", "MX", "ZA"];
const TECH: [&str; 24] = [
    "salesforce",
    "hubspot",
    "zoho",
    "pipedrive",
    "spreadsheets",
    "outreach",
    "salesloft",
    "gong",
    "marketo",
    "segment",
    "snowflake",
    "bigquery",
    "aws",
    "gcp",
    "azure",
    "slack",
    "teams",
    "notion",
    "jira",
    "zendesk",
    "intercom",
    "stripe",
    "shopify",
    "sap",
];
const TITLES: [&str; 16] = [
    "ceo",
    "cro",
    "vp sales",
    "head of sales",
    "sales director",
    "revops lead",
    "account executive",
    "sdr",
    "marketing manager",
    "cto",
    "engineer",
    "analyst",
    "office manager",
    "consultant",
    "student",
    "procurement",
];
const OBJECTIONS: [&str; 8] =
    ["price", "no_need", "wrong_timing", "competitor", "security", "integration", "authority", "contract"];
const NEEDS: [&str; 6] = ["pipeline", "forecasting", "routing", "churn", "reporting", "none"];
const SOURCES: [&str; 6] = ["inbound", "referral", "event", "outbound", "purchased_list", "partner"];

/// SplitMix64 (Steele, Lea and Flood 2014): small, and good enough for made-up leads.
pub(crate) struct Random(pub u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to, not including, 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    fn exponential(&mut self) -> f64 {
        -(1.0 - self.unit()).ln()
    }

    fn count(&mut self, mean: f64, most: i64) -> i64 {
        most.min((self.exponential() * mean) as i64)
    }

    fn pick(&mut self, from: &[&str], q: f64, good: usize) -> Option<String> {
        let bound = if self.unit() < q { good } else { from.len() };
        from.get(self.below(bound)).map(|&word| word.to_owned())
    }

    fn sample(&mut self, from: &[&str], size: usize) -> Option<Vec<String>> {
        let mut rest: Vec<&str> = from.to_vec();
        let mut taken: Vec<String> = (0..size).map(|_| rest.swap_remove(self.below(rest.len())).to_owned()).collect();
        taken.sort();
        Some(taken)
    }
}

pub(crate) fn leads(seed: u64, count: usize) -> Vec<Lead> {
    let mut random = Random(seed);
    (0..count).map(|_| lead(&mut random)).collect()
}

fn lead(r: &mut Random) -> Lead {
    let q = r.unit();
    let booked = r.count(2.5 * q, 9);
    let attended = (0..booked).filter(|_| r.unit() < 0.4 + q / 2.0).count() as i64;
    let stated = r.pick(&NEEDS, q, 4);
    let replied = r.unit() < q;
    let (opens, clicks) = (r.count(12.0 * q, 80), r.count(4.0 * q, 40));
    let techs = r.below(9);
    let objections = r.count(1.2, 4) as usize;
    Lead {
        industry: r.pick(&INDUSTRIES, q * 0.8, 4),
        employees: Some(10_f64.powf(0.5 + r.unit() * 3.8) as i64),
        country: r.pick(&COUNTRIES, q * 0.7, 7),
        tech: r.sample(&TECH, techs),
        title: r.pick(&TITLES, q * 0.8, 6),
        source: r.pick(&SOURCES, q * 0.5, 3),
        opens_7d: Some(r.count(opens as f64 / 3.0, 60)),
        opens_30d: Some(opens),
        clicks_7d: Some(r.count(clicks as f64 / 3.0, 20)),
        clicks_30d: Some(clicks),
        pricing_views: Some(r.count(2.0 * q, 12)),
        replies_30d: Some(if replied { r.count(2.0, 8) } else { 0 }),
        replied: Some(replied),
        response_hours: Some(if replied { (r.exponential() * 30.0 * 100.0).round() / 100.0 } else { 0.0 }),
        meetings_booked: Some(booked),
        meetings_attended: Some(attended),
        docs_shared: Some(r.count(2.5 * q, 9)),
        docs_opened: Some(r.count(3.0 * q, 12)),
        stakeholders: Some(r.count(4.0 * q, 10)),
        objections: r.sample(&OBJECTIONS, objections),
        actual_need: if r.unit() < 0.3 + q / 2.0 { stated.clone() } else { r.pick(&NEEDS, 0.0, 1) },
        stated_need: stated,
        budget_k: Some(r.count(60.0 * q, 900)),
        timeline_days: Some(if r.unit() > q / 2.0 { 7 + r.below(358) as i64 } else { 7 + r.below(84) as i64 }),
        last_activity_day: Some(20_000 - r.count(40.0 * (1.3 - q), 400)),
        consent: Some(r.unit() > 0.05),
    }
}

/// The same leads with a tenth of their facts missing.
pub(crate) fn with_gaps(leads: &[Lead], seed: u64) -> Vec<Lead> {
    let mut random = Random(seed);
    leads.iter().cloned().map(|mut lead| {
        macro_rules! maybe_forget {
            ($($field:ident)*) => {$( if random.below(10) == 0 { lead.$field = None; } )*};
        }
        maybe_forget!(industry employees country tech title source opens_7d opens_30d clicks_7d clicks_30d pricing_views
            replies_30d replied response_hours meetings_booked meetings_attended docs_shared docs_opened stakeholders objections
            stated_need actual_need budget_k timeline_days last_activity_day consent);
        lead
    }).collect()
}
