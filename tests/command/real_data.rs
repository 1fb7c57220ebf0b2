//! Real exports that nobody here wrote, from the file to the figures. Skipped, and said so, where they are not.

use crate::support::{Desk, NOW, Ran, copy, real_data, repository};

/// A desk with a playbook of `tests/real`, beside a copy of the data as in the repository: rejected rows are written beside it.
fn desk(playbook: &str) -> Option<Desk> {
    let data = real_data()?;
    let desk = Desk::new();
    let text = std::fs::read_to_string(repository().join("tests/real").join(playbook)).unwrap();
    desk.file(&format!("main/tests/real/{playbook}"), text);
    copy(&data, &desk.path("shared/data"));
    Some(desk)
}

fn import(desk: &Desk, playbook: &str) -> Ran {
    desk.run(&["import", &format!("main/tests/real/{playbook}"), "--now", NOW])
}

#[test]
fn the_hand_made_card_gives_every_expected_figure() {
    let Some(desk) = desk("leads.playbook") else { return };
    insta::assert_snapshot!("leads_import", import(&desk, "leads.playbook").expect(0).page());
    let ran = desk.run(&["score", "main/tests/real/leads.playbook", "--json", "--now", NOW]).expect(0);
    let scored = ran.json();
    let contacts = scored["contacts"].as_array().unwrap();

    let card = std::fs::read_to_string(desk.path("shared/data/leads/card.json")).unwrap();
    let card: serde_json::Value = serde_json::from_str(&card).unwrap();
    let expected = &card["expected"];

    let leads: Vec<Lead> = contacts.iter().map(Lead::of).collect();
    assert_eq!(leads.len() as u64, expected["rows"].as_u64().unwrap());
    let converted = outcomes(&desk);
    let leads: Vec<(f64, bool, String)> =
        leads.into_iter().map(|lead| (lead.score, converted[&lead.id], lead.route)).collect();

    assert_eq!(leads.iter().filter(|lead| lead.1).count() as u64, expected["positives"].as_u64().unwrap());
    assert_eq!(leads.iter().map(|lead| lead.0).sum::<f64>(), expected["score_sum"].as_f64().unwrap());
    assert_eq!(leads.iter().map(|lead| lead.0).fold(f64::MAX, f64::min), expected["score_min"].as_f64().unwrap());
    assert_eq!(leads.iter().map(|lead| lead.0).fold(f64::MIN, f64::max), expected["score_max"].as_f64().unwrap());
    for (route, figures) in expected["tiers_[n,converted]"].as_object().unwrap() {
        let of_route = leads.iter().filter(|lead| lead.2 == *route);
        let (all, good) = of_route.fold((0, 0), |(all, good), lead| (all + 1, good + u64::from(lead.1)));
        assert_eq!(serde_json::json!([all, good]), *figures, "{route}");
    }
    for (layer, sum) in expected["per_layer_sum"].as_object().unwrap() {
        let name = layer.replace('-', "");
        let is = |of: &serde_json::Value| of["name"] == name.as_str();
        let points = contacts.iter().map(|contact| {
            contact["layers"].as_array().unwrap().iter().find(|of| is(of)).unwrap()["points"].as_f64().unwrap()
        });
        assert_eq!(points.sum::<f64>(), sum.as_f64().unwrap(), "{layer}");
    }
    assert_eq!(format!("{:.6}", correlation(&leads)), expected["point_biserial_r"].to_string());
    assert_eq!(format!("{:.6}", area_under_the_curve(&leads)), expected["auc_ties_half"].to_string());
}

struct Lead {
    id: i64,
    score: f64,
    route: String,
}

impl Lead {
    fn of(contact: &serde_json::Value) -> Self {
        Self {
            id: contact["contact"]["id"].as_i64().unwrap(),
            score: contact["score"].as_f64().unwrap(),
            route: contact["route"].as_str().unwrap().to_owned(),
        }
    }
}

/// What became of each lead, by the contact's number.
fn outcomes(desk: &Desk) -> std::collections::HashMap<i64, bool> {
    let database = rusqlite::Connection::open(desk.path("main/tests/real/leads.crm.db")).unwrap();
    let mut rows = database.prepare("select id, converted from contact").unwrap();
    rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

/// Pearson's r between the score and the outcome as 0 and 1 (the point-biserial correlation).
fn correlation(leads: &[(f64, bool, String)]) -> f64 {
    let count = leads.len() as f64;
    let mean = leads.iter().map(|lead| lead.0).sum::<f64>() / count;
    let rate = leads.iter().filter(|lead| lead.1).count() as f64 / count;
    let covariance: f64 = leads.iter().map(|lead| (lead.0 - mean) * (f64::from(lead.1) - rate)).sum();
    let spread: f64 = leads.iter().map(|lead| (lead.0 - mean).powi(2)).sum();
    covariance / (spread * count * rate * (1.0 - rate)).sqrt()
}

/// The chance that a converted lead scores above one that was not, ties counting half (Mann and Whitney 1947).
fn area_under_the_curve(leads: &[(f64, bool, String)]) -> f64 {
    let (good, bad): (Vec<_>, Vec<_>) = leads.iter().partition(|lead| lead.1);
    let mut below = 0.0;
    for winner in &good {
        for loser in &bad {
            below += if winner.0 > loser.0 { 1.0 } else { f64::from(winner.0 == loser.0) / 2.0 };
        }
    }
    below / (good.len() as f64 * bad.len() as f64)
}

#[test]
fn the_funnel_imports_with_its_deals_joined() {
    let Some(desk) = desk("funnel.playbook") else { return };
    insta::assert_snapshot!("funnel_import", import(&desk, "funnel.playbook").page());
    let database = rusqlite::Connection::open(desk.path("main/tests/real/funnel.crm.db")).unwrap();
    let count = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let rows = |file: &str| {
        let text = std::fs::read_to_string(desk.path("shared/data/funnel").join(file)).unwrap();
        text.lines().count() as i64 - 1
    };
    assert_eq!(count("select count(*) from contact"), rows("leads.csv"));
    assert_eq!(count("select count(*) from deal"), rows("closed_deals.csv"));
    assert_eq!(count("select count(*) from deal where contact_id is null"), 0, "every deal found its lead");
}

#[test]
fn hubspot_imports_with_what_resolves_and_says_what_does_not() {
    let Some(desk) = desk("hubspot.playbook") else { return };
    insta::assert_snapshot!("hubspot_import", import(&desk, "hubspot.playbook").page());
}

#[test]
fn two_runs_give_the_same_bytes() {
    let Some(desk) = desk("leads.playbook") else { return };
    let mut answers = Vec::new();
    for run in 0..2 {
        let database = format!("{run}.db");
        let with = ["main/tests/real/leads.playbook", "--db", &database, "--now", NOW];
        desk.run(&[&["import"][..], &with].concat()).expect(0);
        answers.push(desk.run(&[&["score", "--json"][..], &with].concat()).expect(0).stdout);
    }
    assert_eq!(answers[0], answers[1]);
}
