//! Pages: well-formed, alone, and saying what the reports say.

use std::collections::BTreeSet;

use compiler::program::Fixed;
use foresight::backtest::{Asked, Report, backtest};
use foresight::forecast::{Foretold, Month, Open};
use foresight::history::{Table, Wanted};
use foresight::learn::{Evidence, Proposal, RouteCount, Settings, WeightChange};
use foresight::reports::{Backtested, Forecasted, Learned, Page, Whose, what_there_is, words};
use foresight::statistics::{Estimate, Interval, Random, Share};

use crate::xml::elements;

/// A back-test over a table in which one column says much.
fn report(rows: usize) -> Report {
    let mut table = Table::new(&["source", "<b>visits</b>", "good"]);
    let mut random = Random::new(7);
    for line in 0..rows {
        let source = ["web", "mail", "fair"][random.below(3)];
        let visits = random.below(20);
        let chance = if source == "fair" { 0.7 } else { 0.2 };
        let good = if random.unit() < chance { "1" } else { "0" };
        table.row(line as u64 + 2, &[source, &visits.to_string(), good]);
    }
    let history = table.history(&Wanted { outcome: "good", ..Wanted::default() }).unwrap();
    let settings = Settings::of(&history.columns);
    backtest(&history, &Asked { settings, with_leaks: false, from: None })
}

/// Its page, of a file with a hostile name.
fn page(rows: usize, whose: &Whose) -> Page {
    let report = report(rows);
    let of = "<script>alert(1)</script>.csv";
    let page = Backtested { whose, score: None, of, report: &report, expected: &[], rules: &[], scores: None }.page();
    let html = page.html().unwrap();
    let text = html.replace("&#x27;", "'");
    assert!(text.contains(&what_there_is(&report)));
    if let Some(learned) = &report.learned {
        for said in [words::estimate(learned.auc), words::shared(learned.best_fifth)] {
            assert!(text.contains(&said), "{said}");
        }
    }
    page
}

#[test]
fn a_page_stands_alone_and_is_well_formed() {
    let whose = Whose { client: "A & <B>".into(), playbook: "abc".into(), zone: "UTC".into() };
    let html = page(400, &whose).html().unwrap();
    assert!(html.starts_with("<!DOCTYPE html>"));
    let elements = elements(&html);
    for element in &elements {
        let forbidden = ["script", "link", "img", "iframe", "object", "base", "form"];
        assert!(!forbidden.contains(&element.name.as_str()), "{element:?}");
        assert!(element.attributes().all(|(name, _)| name != "src" && name != "style" && !name.starts_with("on")));
        assert!(element.attribute("href").is_none_or(|href| href.starts_with('#')), "{element:?}");
    }
    assert!(!html.contains("http:") && !html.contains("https:") && !html.contains("url(") && !html.contains("@import"));
    let all: Vec<&str> = elements.iter().filter_map(|element| element.attribute("id")).collect();
    let ids: BTreeSet<&str> = all.iter().copied().collect();
    assert_eq!(all.len(), ids.len(), "an id stands twice: {all:?}");
    for href in elements.iter().filter_map(|element| element.attribute("href")) {
        assert!(ids.contains(href.trim_start_matches('#')), "{href} leads nowhere");
    }
    let named = |name: &str| elements.iter().filter(|element| element.name == name).count();
    assert_eq!(named("table"), named("caption"));
    assert_eq!(named("figure"), named("details"), "beside each figure are its numbers");
    assert!(named("figure") >= 3 && named("svg") == named("figure"));
    assert_eq!((named("h1"), named("main"), named("nav")), (1, 1, 1));
    assert!(elements.iter().any(|element| element.text.contains("<script>alert(1)</script>.csv")));
}

#[test]
fn what_is_undefined_stays_so() {
    let html = page(20, &Whose::default()).html().unwrap();
    assert!(html.contains("too little") && html.contains("Undefined: there is no card"), "{html}");
    assert!(!html.contains("NaN"));
}

#[test]
fn pages_that_are_joined_have_names_of_their_own() {
    let whose = Whose::default();
    let joined = Page::joined([page(400, &whose), page(300, &whose)]);
    let figures: Vec<&str> = joined.figures().map(|figure| figure.id.as_str()).collect();
    let alone: BTreeSet<&str> = figures.iter().copied().collect();
    assert_eq!(figures.len(), alone.len());
    let html = joined.html().unwrap();
    let all: Vec<String> =
        elements(&html).iter().filter_map(|element| element.attribute("id").map(str::to_owned)).collect();
    assert_eq!(all.len(), all.iter().collect::<BTreeSet<_>>().len());
    assert_eq!(html, joined.html().unwrap());
}

#[test]
fn a_forecast_has_its_months_and_every_open_record() {
    let month = |month: &str, expected: f64| Month {
        month: month.into(),
        expected,
        interval: Interval { low: 0.0, high: expected * 2.0 },
        won: 1.0,
    };
    let open = |name: &str, chance, worth| Open {
        id: 7,
        name: Some(name.into()),
        chance: Some(chance),
        worth,
        facts: vec![("stage".into(), "<b>offer</b>".into())],
    };
    let foretold = Foretold {
        words: "deal.probability from deal.stage".into(),
        decided: Share::new(12, 40),
        too_little: None,
        common: None,
        auc: Estimate::new(0.7, Some(Interval { low: 0.5, high: 0.9 })),
        brier: Some((0.18, 0.21)),
        open: vec![open("Roof", 0.62, Some(12_500.0)), open("Wall & door", 0.2, None)],
        months: vec![month("2026-12", 7_750.0), month("2027-01", 900.0)],
        without_worth: 1,
        undated: 0,
        remarks: Vec::new(),
    };
    let whose = Whose::default();
    let forecasts = [foretold];
    let page = Forecasted { whose: &whose, as_of: "today", currency: "NZD", seed: 3, forecasts: &forecasts }.page();
    let html = page.html().unwrap();
    elements(&html);
    for said in [
        "30% (18% to 45%)",
        "0.70 (0.50 to 0.90)",
        "0.180, better than",
        "62%",
        "NZD 12,500",
        "unknown",
        "1 open one has",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
    let months = &page.figures().next().unwrap().numbers;
    assert_eq!(months.rows, [["2026-12", "7,750", "0", "15,500"], ["2027-01", "900", "0", "1,800"]]);
}

#[test]
fn what_was_learned_is_shown_as_it_is_and_as_it_would_be() {
    let weight = |layer: &str, place, before: i64, after: i64| WeightChange {
        layer: layer.into(),
        place,
        before: Fixed::from_integer(before),
        after: Fixed::from_integer(after),
        origin: Default::default(),
    };
    let proposal = Proposal {
        score: "icp".into(),
        id: Default::default(),
        decisions: 40,
        good: 9,
        decisions_needed: 50,
        rarer_needed: 15,
        provisional: true,
        choice: Default::default(),
        weights: vec![weight("fit", 0, 20, 35), weight("acts", 1, 50, 35)],
        points: Vec::new(),
        rules: Vec::new(),
    };
    let routes = [RouteCount { route: "hot".into(), before: 10, after: 1_200 }];
    let (whose, report) = (Whose::default(), report(20));
    let page = Learned {
        whose: &whose,
        as_of: "today",
        proposal: &proposal,
        report: &report,
        routes: &routes,
        rerouted: &[],
        written: &[],
    };
    let page = page.page();
    let html = page.html().unwrap();
    elements(&html);
    assert!(
        html.contains("Provisional: it takes 50 decisions and 15 of the rarer outcome.") && html.contains("20% to 35%")
    );
    assert!(html.contains("forward in time is undefined") && html.contains("10 to 1,200"), "{html}");
    assert_eq!(foresight::reports::evidence(&Evidence::default()), "nobody of 0 good, nobody of the others");
}
