//! The model's rules in each engine's own words, with layer and points.

/// A rule, as each engine writes it.
pub struct Rule {
    pub layer: usize,
    pub points: i64,
    pub cel: &'static str,
    pub zen: &'static str,
    pub json_logic: &'static str,
}

pub const WEIGHTS: [i64; 4] = [20, 25, 30, 25];

macro_rules! rules {
    ($($layer:literal $points:literal $cel:literal $zen:literal $json_logic:literal)*) => {
        &[$(Rule { layer: $layer, points: $points, cel: $cel, zen: $zen, json_logic: $json_logic }),*]
    };
}

pub const RULES: &[Rule] = rules! {
    0 25
        r#"industry in ["saas", "fintech", "healthtech", "logistics"]"#
        r#"industry in ["saas", "fintech", "healthtech", "logistics"]"#
        r#"{"in": [{"var": "industry"}, ["saas", "fintech", "healthtech", "logistics"]]}"#
    0 25
        r#"employees >= 50 && employees <= 1000"#
        r#"employees in [50..1000]"#
        r#"{"<=": [50, {"var": "employees"}, 1000]}"#
    0 15
        r#"country in ["US", "CA", "GB", "DE", "NL", "SE", "AU"]"#
        r#"country in ["US", "CA", "GB", "DE", "NL", "SE", "AU"]"#
        r#"{"in": [{"var": "country"}, ["US", "CA", "GB", "DE", "NL", "SE", "AU"]]}"#
    0 20
        r#""salesforce" in tech || "hubspot" in tech"#
        r#""salesforce" in tech or "hubspot" in tech"#
        r#"{"or": [{"in": ["salesforce", {"var": "tech"}]}, {"in": ["hubspot", {"var": "tech"}]}]}"#
    0 20
        r#"title in ["ceo", "cro", "vp sales", "head of sales", "sales director", "revops lead"]"#
        r#"title in ["ceo", "cro", "vp sales", "head of sales", "sales director", "revops lead"]"#
        r#"{"in": [{"var": "title"}, ["ceo", "cro", "vp sales", "head of sales", "sales director", "revops lead"]]}"#
    0 -40
        r#"!consent || industry == "gambling""#
        r#"not consent or industry == "gambling""#
        r#"{"or": [{"!": [{"var": "consent"}]}, {"==": [{"var": "industry"}, "gambling"]}]}"#
    1 20
        r#"opens_30d >= 5 && clicks_30d >= 2"#
        r#"opens_30d >= 5 and clicks_30d >= 2"#
        r#"{"and": [{">=": [{"var": "opens_30d"}, 5]}, {">=": [{"var": "clicks_30d"}, 2]}]}"#
    1 30
        r#"replies_30d >= 1"#
        r#"replies_30d >= 1"#
        r#"{">=": [{"var": "replies_30d"}, 1]}"#
    1 25
        r#"replied && response_hours <= 24.0"#
        r#"replied and response_hours <= 24"#
        r#"{"and": [{"var": "replied"}, {"<=": [{"var": "response_hours"}, 24]}]}"#
    1 20
        r#"clicks_7d > 0 || pricing_views >= 2"#
        r#"clicks_7d > 0 or pricing_views >= 2"#
        r#"{"or": [{">": [{"var": "clicks_7d"}, 0]}, {">=": [{"var": "pricing_views"}, 2]}]}"#
    1 -30
        r#"20000 - last_activity_day > 45"#
        r#"20000 - last_activity_day > 45"#
        r#"{">": [{"-": [20000, {"var": "last_activity_day"}]}, 45]}"#
    1 10
        r#"opens_7d >= 3 && opens_7d <= 50 && source != "purchased_list""#
        r#"opens_7d in [3..50] and source != "purchased_list""#
        r#"{"and": [{"<=": [3, {"var": "opens_7d"}, 50]}, {"!=": [{"var": "source"}, "purchased_list"]}]}"#
    2 25
        r#"stated_need in ["pipeline", "forecasting", "routing", "churn"]"#
        r#"stated_need in ["pipeline", "forecasting", "routing", "churn"]"#
        r#"{"in": [{"var": "stated_need"}, ["pipeline", "forecasting", "routing", "churn"]]}"#
    2 30
        r#"stated_need == actual_need && actual_need != "none""#
        r#"stated_need == actual_need and actual_need != "none""#
        r#"{"and": [{"==": [{"var": "stated_need"}, {"var": "actual_need"}]}, {"!=": [{"var": "actual_need"}, "none"]}]}"#
    2 25
        r#"actual_need in ["pipeline", "forecasting", "routing"] && timeline_days <= 90"#
        r#"actual_need in ["pipeline", "forecasting", "routing"] and timeline_days <= 90"#
        r#"{"and": [{"in": [{"var": "actual_need"}, ["pipeline", "forecasting", "routing"]]}, {"<=": [{"var": "timeline_days"}, 90]}]}"#
    2 -35
        r#""no_need" in objections || "wrong_timing" in objections"#
        r#""no_need" in objections or "wrong_timing" in objections"#
        r#"{"or": [{"in": ["no_need", {"var": "objections"}]}, {"in": ["wrong_timing", {"var": "objections"}]}]}"#
    2 20
        r#"!("competitor" in objections) && "spreadsheets" in tech"#
        r#""competitor" not in objections and "spreadsheets" in tech"#
        r#"{"and": [{"!": [{"in": ["competitor", {"var": "objections"}]}]}, {"in": ["spreadsheets", {"var": "tech"}]}]}"#
    2 15
        r#"("zoho" in tech || "pipedrive" in tech) && employees > 100"#
        r#"("zoho" in tech or "pipedrive" in tech) and employees > 100"#
        r#"{"and": [{"or": [{"in": ["zoho", {"var": "tech"}]}, {"in": ["pipedrive", {"var": "tech"}]}]}, {">": [{"var": "employees"}, 100]}]}"#
    3 25
        r#"meetings_attended >= 1"#
        r#"meetings_attended >= 1"#
        r#"{">=": [{"var": "meetings_attended"}, 1]}"#
    3 20
        r#"meetings_booked >= 2 && meetings_attended * 2 >= meetings_booked"#
        r#"meetings_booked >= 2 and meetings_attended * 2 >= meetings_booked"#
        r#"{"and": [{">=": [{"var": "meetings_booked"}, 2]}, {">=": [{"*": [{"var": "meetings_attended"}, 2]}, {"var": "meetings_booked"}]}]}"#
    3 20
        r#"docs_shared >= 2 || docs_opened >= 3"#
        r#"docs_shared >= 2 or docs_opened >= 3"#
        r#"{"or": [{">=": [{"var": "docs_shared"}, 2]}, {">=": [{"var": "docs_opened"}, 3]}]}"#
    3 25
        r#"stakeholders >= 3"#
        r#"stakeholders >= 3"#
        r#"{">=": [{"var": "stakeholders"}, 3]}"#
    3 25
        r#"budget_k >= 25 && !("price" in objections)"#
        r#"budget_k >= 25 and "price" not in objections"#
        r#"{"and": [{">=": [{"var": "budget_k"}, 25]}, {"!": [{"in": ["price", {"var": "objections"}]}]}]}"#
    3 -25
        r#"meetings_booked >= 1 && meetings_attended == 0"#
        r#"meetings_booked >= 1 and meetings_attended == 0"#
        r#"{"and": [{">=": [{"var": "meetings_booked"}, 1]}, {"==": [{"var": "meetings_attended"}, 0]}]}"#
};
