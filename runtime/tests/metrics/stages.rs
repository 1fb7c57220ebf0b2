//! Every transition: where runs went on to, how long they stayed, how good the work was.

use compiler::program::Settlement;
use runtime::engine::{Entry, EntryId, Override, QuestionKind};
use runtime::metrics::{Row, Stages, stages};

use crate::stand::{Log, program, record};

/// `key: left, now, median/p90 seconds; to hits/of …; drafts a/c/r/e of n; denied; evidence`, as far as there is any.
fn words(row: &Row) -> String {
    let name = |part: &Option<smol_str::SmolStr>| part.clone().unwrap_or_default();
    let key = [name(&row.workflow), name(&row.stage), name(&row.agent), name(&row.week)];
    let key: Vec<_> = key.into_iter().filter(|part| !part.is_empty()).collect();
    let mut words = format!("{}: {} left", key.join(" "), row.left);
    if let Some(now) = row.now {
        words.push_str(&format!(", {now} now"));
    }
    if let Some(duration) = row.duration {
        words.push_str(&format!(", {:.1} h, p90 {:.1} h", duration.median / 3600.0, duration.p90 / 3600.0));
    }
    for conversion in &row.conversion {
        words.push_str(&format!(", {} {}/{}", conversion.to, conversion.share.hits, conversion.share.of));
    }
    let drafts = &row.drafts;
    if drafts.approved.of > 0 {
        words.push_str(&format!(
            "; drafts {} approved {} changed {} rejected {} expired",
            drafts.approved.hits, drafts.changed.hits, drafts.rejected.hits, drafts.expired.hits
        ));
    }
    if row.denied.of > 0 {
        words.push_str(&format!("; denied {}/{}", row.denied.hits, row.denied.of));
    }
    if row.evidence_missing.of > 0 {
        words.push_str(&format!("; evidence missing {}/{}", row.evidence_missing.hits, row.evidence_missing.of));
    }
    words
}

fn all(rows: &[Row]) -> String {
    rows.iter().map(words).collect::<Vec<_>>().join("\n")
}

/// Four contacts: one wins, one is cold, one's draft expires, one waits with a draft that was changed; and a fifth is cancelled.
fn log() -> Log {
    let mut log = Log::new();
    let won = log.generation(1);
    log.wait_hours(2);
    log.score(&won, "hot", &[("fit", 60), ("engaged", 40)]);
    log.reach(&won);
    log.wait_hours(24);
    log.win(&won);

    let cold = log.generation(2);
    log.score(&cold, "cold", &[("fit", 0), ("engaged", 40)]);
    log.wait_hours(4);
    log.drop_cold(&cold);

    // It is friday in Auckland, then the week after.
    log.wait_hours(72);
    let expired = log.generation(3);
    log.enter(&expired, Some("Rating"), "Drafting", "Drafting when icp is hot", "Qualification");
    let draft = log.write(&expired, "LeadGen");
    let asked = log.ask(
        &expired,
        QuestionKind::Stage { message: Some((draft, "h".into())) },
        &["not there: message.spcl >= 60"],
    );
    log.wait_hours(96);
    log.settle(&expired, asked, Some(Settlement::Expired));
    log.enter(&expired, Some("Drafting"), "Dropped", "Dropped on rejected or expired", "LeadGen");
    log.end(&expired, "disqualified", None);

    let waits = log.generation(4);
    log.put(
        Some(record("Contact", 4)),
        Entry::Denied {
            run: Some(waits.id),
            agent: "LeadGen".into(),
            act: "score contact by icp".into(),
            reasons: vec![("permission".into(), "LeadGen may only read it".into())],
        },
    );
    log.enter(&waits, Some("Rating"), "Drafting", "Drafting when icp is hot", "Qualification");
    let draft = log.write(&waits, "LeadGen");
    let asked = log.ask(&waits, QuestionKind::Stage { message: Some((draft, "h".into())) }, &[]);
    log.settle(&waits, asked, Some(Settlement::Changed));
    // A question that became void was settled by nobody.
    let void = log.ask(&waits, QuestionKind::Stage { message: Some((draft, "h".into())) }, &[]);
    log.settle(&waits, void, None);

    let cancelled = log.generation(5);
    log.wait_hours(1);
    let case = Some(record("Contact", 5));
    log.put(case, Entry::Overridden { how: Override::Cancel, run: Some(cancelled.id), by: "founder".into() });
    log.end(&cancelled, "cancelled", None);
    log
}

#[test]
fn every_transition_is_counted_by_workflow_stage_agent_and_week() {
    let measured = stages(&program(), &log().journal());
    insta::assert_snapshot!("workflows", all(&measured.workflows));
    insta::assert_snapshot!("stages", all(&measured.stages));
    insta::assert_snapshot!("agents", all(&measured.agents));
    insta::assert_snapshot!("weeks", all(&measured.weeks));
    insta::assert_snapshot!("finest", all(&measured.finest));
}

#[test]
fn the_finest_rows_add_up_to_those_of_the_stages() {
    let measured = stages(&program(), &log().journal());
    for stage in &measured.stages {
        let parts: Vec<&Row> =
            measured.finest.iter().filter(|row| row.workflow == stage.workflow && row.stage == stage.stage).collect();
        let sum = |of: &dyn Fn(&Row) -> u64| parts.iter().map(|row| of(row)).sum::<u64>();
        assert_eq!(sum(&|row| row.left), stage.left);
        assert_eq!(sum(&|row| row.denied.of), stage.denied.of);
        assert_eq!(sum(&|row| row.denied.hits), stage.denied.hits);
        assert_eq!(sum(&|row| row.drafts.approved.of), stage.drafts.approved.of);
        assert_eq!(sum(&|row| row.evidence_missing.of), stage.evidence_missing.of);
    }
    let left: u64 = measured.stages.iter().map(|row| row.left).sum();
    assert_eq!(left, measured.agents.iter().map(|row| row.left).sum::<u64>());
    assert_eq!(left, measured.weeks.iter().map(|row| row.left).sum::<u64>());
}

#[test]
fn what_is_written_is_read_again() {
    let measured = stages(&program(), &log().journal());
    let read: Stages = serde_json::from_str(&serde_json::to_string(&measured).unwrap()).unwrap();
    assert_eq!(all(&read.stages), all(&measured.stages));
    assert_eq!(all(&read.finest), all(&measured.finest));
}

#[test]
fn what_came_later_is_not_there_yet() {
    let mut log = log();
    let whole = log.journal();
    log.now = "2026-11-01T21:00:00Z".parse().unwrap();
    let early = log.journal();
    assert_eq!((early.runs.len(), early.visits.len()), (1, 1));
    assert_eq!((whole.runs.len(), early.runs.contains_key(&EntryId(2))), (5, true));
    let measured = stages(&program(), &early);
    insta::assert_snapshot!("an-hour-later", all(&measured.stages));
}
