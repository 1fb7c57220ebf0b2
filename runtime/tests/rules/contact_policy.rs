//! When we may write to somebody: each rule by example, and the instant of `Later` against a calendar of minutes.

use compiler::program::{Cap, Client, ContactPolicy, Period, Quiet};
use jiff::civil::{DateTime, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use language::syntax::DurationUnit::{self, Day, Hour, Minute, Week};
use proptest::prelude::*;
use runtime::contact_policy::{Consent, PolicyVerdict, Recipient, Rule, Sent, check, suppression_key};

use crate::minutes::{Minutes, ZONES, clients, instants, times, zones};

fn auckland() -> TimeZone {
    TimeZone::get("Pacific/Auckland").unwrap()
}

fn instant(local: &str) -> Timestamp {
    local.parse::<DateTime>().unwrap().to_zoned(auckland()).unwrap().timestamp()
}

/// Monday to friday, 08:30 to 17:30, Auckland.
fn client() -> Client {
    let mut client = Client { timezone: "Pacific/Auckland".into(), ..Client::default() };
    client.hours.from = time(8, 30, 0, 0);
    client.hours.to = time(17, 30, 0, 0);
    client
}

fn cap(count: u32, channel: Option<&str>, per_contact: bool, amount: u32, unit: DurationUnit) -> Cap {
    let per = Period { amount, unit, business: false };
    Cap { count, channel: channel.map(Into::into), per_contact, per, words: "at most so many".into(), because: None }
}

/// The target playbook's.
fn policy() -> ContactPolicy {
    ContactPolicy {
        consent: vec!["email".into(), "sms".into()],
        consent_because: Some("Unsolicited Electronic Messages Act 2007, s 9".into()),
        unsubscribe: Some(Period { amount: 5, unit: Day, business: true }),
        quiet: vec![Quiet::OutsideHours { of_contact: true }],
        caps: vec![cap(1, None, true, 3, Day), cap(40, None, false, 1, Day)],
        ..ContactPolicy::default()
    }
}

fn consent(channel: &str, proof: Option<&str>) -> Consent {
    let given_at = instant("2026-03-01T12:00");
    Consent { channel: channel.into(), given_at, proof: proof.map(Into::into), withdrawn: None }
}

fn sent(local: &str) -> Sent {
    Sent { at: instant(local), channel: "email".into() }
}

/// A send by e-mail to somebody who agreed to it.
struct Try {
    policy: Option<ContactPolicy>,
    channel: &'static str,
    timezone: Option<&'static str>,
    consents: Vec<Consent>,
    suppressed: Option<&'static str>,
    sends: Vec<Sent>,
    everybody: Vec<Sent>,
    has_unsubscribe: bool,
}

impl Default for Try {
    fn default() -> Self {
        Self {
            policy: Some(policy()),
            channel: "email",
            timezone: None,
            consents: vec![consent("email", Some("form 12, row 7"))],
            suppressed: None,
            sends: Vec::new(),
            everybody: Vec::new(),
            has_unsubscribe: true,
        }
    }
}

impl Try {
    fn verdict(&self, at: &str) -> PolicyVerdict {
        let recipient = Recipient {
            channel: self.channel,
            timezone: self.timezone,
            consents: &self.consents,
            suppressed: self.suppressed,
            sends: &self.sends,
        };
        let policy = self.policy.as_ref();
        check(policy, &client(), &auckland(), instant(at), &recipient, &self.everybody, self.has_unsubscribe)
    }

    /// `now`, `later 04-07 08:30 Quiet`, `never Consent`
    fn says(&self, at: &str) -> String {
        let rules = |reasons: &[runtime::contact_policy::Reason]| {
            reasons.iter().map(|reason| format!(" {:?}", reason.rule)).collect::<String>()
        };
        match self.verdict(at) {
            PolicyVerdict::Now => "now".into(),
            PolicyVerdict::Later { at, reasons } => {
                format!("later {}{}", at.to_zoned(auckland()).strftime("%m-%d %H:%M"), rules(&reasons))
            }
            PolicyVerdict::Never { reasons } => format!("never{}", rules(&reasons)),
        }
    }
}

/// A thursday, open.
const NOW: &str = "2026-03-26T10:00";

#[test]
fn nothing_is_sent_without_a_policy() {
    let bare = Try { policy: None, ..Try::default() };
    assert_eq!(bare.says(NOW), "never Policy");
    let PolicyVerdict::Never { reasons } = bare.verdict(NOW) else { panic!("sent") };
    assert!(reasons[0].words.contains("write a `contact policy`"), "{reasons:?}");
    assert_eq!(Try { policy: Some(ContactPolicy::default()), ..Try::default() }.says(NOW), "now");
}

#[test]
fn consent_has_to_be_given_proven_and_not_withdrawn() {
    let withdrawn = |at: &str| Consent { withdrawn: Some(instant(at)), ..consent("email", Some("form")) };
    let given = |at: &str| Consent { given_at: instant(at), ..consent("email", Some("form")) };
    for (consents, expected) in [
        (vec![consent("email", Some("form"))], "now"),
        (vec![], "never Consent"),
        (vec![consent("email", None)], "never Consent"),
        (vec![consent("email", Some("  "))], "never Consent"),
        (vec![consent("sms", Some("form"))], "never Consent"),
        (vec![withdrawn("2026-03-20T10:00")], "never Consent"),
        (vec![withdrawn(NOW)], "never Consent"),
        (vec![withdrawn("2026-03-26T10:01")], "now"),
        (vec![given("2026-03-26T10:01")], "never Consent"),
        (vec![given(NOW)], "now"),
        (vec![withdrawn("2026-03-20T10:00"), given("2026-03-21T10:00")], "now"),
        (vec![consent("email", None), consent("email", Some("form"))], "now"),
    ] {
        assert_eq!(Try { consents: consents.clone(), ..Try::default() }.says(NOW), expected, "{consents:?}");
    }
    // A channel that the policy does not name needs none.
    assert_eq!(Try { channel: "letter", consents: Vec::new(), ..Try::default() }.says(NOW), "now");
    let PolicyVerdict::Never { reasons } = (Try { consents: Vec::new(), ..Try::default() }).verdict(NOW) else {
        panic!("sent")
    };
    assert_eq!(reasons[0].because.as_deref(), Some("Unsolicited Electronic Messages Act 2007, s 9"));
}

#[test]
fn suppression_beats_everything_and_all_reasons_are_given() {
    let gone = Try { suppressed: Some("they asked us to stop"), ..Try::default() };
    assert_eq!(gone.says(NOW), "never Suppression");
    let hopeless = Try { consents: Vec::new(), has_unsubscribe: false, sends: vec![sent("2026-03-25T10:00")], ..gone };
    assert_eq!(hopeless.says("2026-03-26T20:00"), "never Suppression Consent Unsubscribe Quiet Cap");
}

#[test]
fn every_send_says_how_to_end_them_where_the_policy_wants_it() {
    assert_eq!(Try { has_unsubscribe: false, ..Try::default() }.says(NOW), "never Unsubscribe");
    let policy = ContactPolicy { unsubscribe: None, ..policy() };
    assert_eq!(Try { has_unsubscribe: false, policy: Some(policy), ..Try::default() }.says(NOW), "now");
}

#[test]
fn quiet_hours_are_the_contacts() {
    let there = |timezone| Try { timezone, ..Try::default() };
    assert_eq!(there(None).says("2026-03-26T20:00"), "later 03-27 08:30 Quiet");
    assert_eq!(there(Some("Pacific/Auckland")).says("2026-03-27T17:30"), "later 03-30 08:30 Quiet");
    assert_eq!(there(Some("America/New_York")).says("2026-03-27T02:00"), "now");
    // 08:30 in Perth is 13:30 in Auckland before the clocks go back, 12:30 after.
    assert_eq!(there(Some("Australia/Perth")).says(NOW), "later 03-26 13:30 Quiet");
    assert_eq!(there(Some("Australia/Perth")).says("2026-04-07T10:00"), "later 04-07 12:30 Quiet");
    // A zone that does not exist is none.
    assert_eq!(there(Some("Mars/Base")).says(NOW), "now");
    let PolicyVerdict::Later { reasons, .. } = there(Some("Mars/Base")).verdict("2026-03-26T20:00") else {
        panic!("sent")
    };
    assert!(reasons[0].words.contains("`Mars/Base`, is not known"), "{reasons:?}");
    let policy = ContactPolicy { quiet: vec![Quiet::OutsideHours { of_contact: false }], ..policy() };
    let ours = Try { policy: Some(policy), ..there(Some("America/New_York")) };
    assert_eq!(ours.says("2026-03-27T02:00"), "later 03-27 08:30 Quiet");
    let policy = ContactPolicy {
        quiet: vec![Quiet::Outside { from: time(8, 0, 0, 0), to: time(20, 0, 0, 0) }],
        ..self::policy()
    };
    let daily = Try { policy: Some(policy), ..Try::default() };
    assert_eq!(daily.says("2026-03-28T10:00"), "now");
    assert_eq!(daily.says("2026-03-28T20:00"), "later 03-29 08:00 Quiet");
}

#[test]
fn caps_roll() {
    let once = |at: &str| Try { sends: vec![sent(at)], ..Try::default() };
    assert_eq!(once("2026-03-23T10:00").says(NOW), "now");
    assert_eq!(once("2026-03-23T10:01").says(NOW), "later 03-26 10:01 Cap");
    // Free in the evening, so in the morning; free on sunday, so on monday.
    assert_eq!(once("2026-03-23T19:00").says(NOW), "later 03-27 08:30 Quiet Cap");
    assert_eq!(once("2026-03-26T09:00").says(NOW), "later 03-30 08:30 Quiet Cap");
    // Three days over a change of the clocks are three days of the calendar.
    assert_eq!(once("2026-04-03T11:00").says("2026-04-06T09:00"), "later 04-06 11:00 Cap");
    let everybody = |count: usize| Try { everybody: vec![sent("2026-03-25T15:00"); count], ..Try::default() };
    assert_eq!(everybody(39).says(NOW), "now");
    assert_eq!(everybody(40).says(NOW), "later 03-26 15:00 Cap");
    // A clock that was set back does not empty the window.
    assert_eq!(once("2026-03-26T12:00").says(NOW), "later 03-30 08:30 Quiet Cap");
}

#[test]
fn a_cap_counts_its_channel() {
    let capped = |channel| {
        let policy = ContactPolicy { caps: vec![cap(1, Some("email"), true, 1, Week)], ..policy() };
        Try { policy: Some(policy), channel, sends: vec![sent("2026-03-25T10:00")], ..Try::default() }
    };
    assert_eq!(capped("email").says(NOW), "later 04-01 10:00 Cap");
    assert_eq!(capped("letter").says(NOW), "now");
    let by_letter = Sent { channel: "letter".into(), ..sent("2026-03-25T10:00") };
    assert_eq!(Try { sends: vec![by_letter], ..capped("email") }.says(NOW), "now");
}

#[test]
fn what_never_holds_is_never() {
    let of = |quiet, caps| Try { policy: Some(ContactPolicy { quiet, caps, ..policy() }), ..Try::default() };
    let outside = |from, to| Quiet::Outside { from: time(from, 0, 0, 0), to: time(to, 0, 0, 0) };
    assert_eq!(of(vec![outside(8, 10), outside(14, 16)], vec![]).says(NOW), "never Quiet Quiet");
    assert_eq!(of(vec![], vec![cap(0, None, false, 1, Day)]).says(NOW), "never Cap");
    let capped = Try { sends: vec![sent("2026-03-25T10:00")], ..of(vec![], vec![cap(1, None, true, u32::MAX, Week)]) };
    assert_eq!(capped.says(NOW), "never Cap");
    let mut closed = client();
    closed.hours.days = [false; 7];
    let recipient = Recipient { channel: "letter", timezone: None, consents: &[], suppressed: None, sends: &[] };
    let said = check(Some(&policy()), &closed, &auckland(), instant(NOW), &recipient, &[], true);
    assert!(matches!(said, PolicyVerdict::Never { reasons } if reasons[0].rule == Rule::Quiet));
}

#[test]
fn spellings_of_an_address_have_one_key() {
    let salt = [7; 32];
    let alike: [&[&str]; 4] = [
        &[
            "ann@example.com",
            " Ann@Example.COM ",
            "Ann Lee <ann@example.com>",
            "mailto:ann@example.com?subject=x",
            "ann@example.com.",
        ],
        &[
            "+64 21 555 1234",
            "0064 (21) 555-1234",
            "021 555 1234",
            "tel:+64-21-555-1234",
            "021 555 1234 ext. 9",
            "0215551234x9",
        ],
        &["https://example.com/in/ann", "https://example.com/in/Ann/"],
        &["12345", "1 23 45"],
    ];
    let keys: Vec<_> = alike.iter().map(|same| suppression_key(&salt, same[0])).collect();
    for (same, key) in alike.iter().zip(&keys) {
        for address in *same {
            assert_eq!(suppression_key(&salt, address), *key, "{address}");
        }
    }
    for other in ["ann+news@example.com", "an.n@example.com", "ann@example.org", "021 555 1235", "1234", "", "ann"] {
        assert!(!keys.contains(&suppression_key(&salt, other)), "{other}");
    }
    assert_ne!(suppression_key(&[8; 32], "ann@example.com"), keys[0]);
}

/// What can be naively counted: hours and minutes that pass, days of the calendar.
fn over(minutes: &Minutes, at: usize, per: Period) -> usize {
    let amount = per.amount as usize;
    match per.unit {
        Minute => at + amount,
        Hour => at + 60 * amount,
        _ => minutes.reaches(minutes.shows(at) + jiff::Span::new().days(i64::from(per.amount))),
    }
}

fn caps() -> impl Strategy<Value = Cap> {
    let channel = proptest::option::of(proptest::sample::select(vec!["email", "sms"]));
    let per = prop_oneof![(1..3_u32, Just(Day)), (1..50_u32, Just(Hour)), (1..900_u32, Just(Minute))];
    (1..4_u32, channel, any::<bool>(), per)
        .prop_map(|(count, channel, per_contact, (amount, unit))| cap(count, channel, per_contact, amount, unit))
}

fn quiets() -> impl Strategy<Value = Quiet> {
    prop_oneof![
        any::<bool>().prop_map(|of_contact| Quiet::OutsideHours { of_contact }),
        (times(), times()).prop_map(|(from, to)| Quiet::Outside { from, to }),
    ]
}

/// Minutes before now, and the channel.
fn sends() -> impl Strategy<Value = Vec<(usize, &'static str)>> {
    proptest::collection::vec((0..2 * 24 * 60_usize, proptest::sample::select(vec!["email", "sms"])), 0..6)
}

const BEFORE: i64 = 3 * 24;
const DAYS: usize = 24;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn later_is_the_first_minute_at_which_all_holds(
        (client, zone, theirs, now) in (clients(), zones(), proptest::option::of(proptest::sample::select(&ZONES[..])), instants()),
        quiet in proptest::collection::vec(quiets(), 0..3), caps in proptest::collection::vec(caps(), 0..3),
        own in sends(), others in sends(),
    ) {
        let first = now - SignedDuration::from_hours(BEFORE);
        let minutes = Minutes::new(&zone, first, DAYS);
        let contact_zone = theirs.map_or_else(|| zone.clone(), |name| TimeZone::get(name).unwrap());
        let contact_minutes = Minutes::new(&contact_zone, first, DAYS);
        let policy = ContactPolicy { quiet, caps, ..ContactPolicy::default() };

        let here = minutes.number(now);
        let places = |sends: &[(usize, &'static str)]| -> Vec<(usize, &'static str)> {
            sends.iter().map(|(before, channel)| (here - before, *channel)).collect()
        };
        let own = places(&own);
        let everybody: Vec<_> = own.iter().copied().chain(places(&others)).collect();

        let open: Vec<Vec<bool>> = policy.quiet.iter().map(|quiet| match *quiet {
            Quiet::OutsideHours { of_contact } => {
                let clock = if of_contact { &contact_minutes } else { &minutes };
                clock.open(&client.hours.days, client.hours.from, client.hours.to, &client.holidays)
            }
            Quiet::Outside { from, to } => contact_minutes.open(&[true; 7], from, to, &[]),
        }).collect();
        let ends: Vec<Vec<usize>> = policy.caps.iter().map(|cap| {
            let sends = if cap.per_contact { &own } else { &everybody };
            let counts = |channel: &str| cap.channel.as_ref().is_none_or(|counted| counted == channel);
            if !counts("email") {
                return Vec::new();
            }
            sends.iter().filter(|(_, channel)| counts(channel)).map(|(at, _)| over(&minutes, *at, cap.per)).collect()
        }).collect();
        let holds = |minute: usize| {
            open.iter().all(|open| open[minute])
                && policy.caps.iter().zip(&ends).all(|(cap, ends)| ends.iter().filter(|end| minute < **end).count() < cap.count as usize)
        };
        let expected = (here..minutes.count()).find(|&minute| holds(minute)).map(|minute| minutes.at(minute));

        let sent = |sends: &[(usize, &str)]| -> Vec<Sent> {
            sends.iter().map(|(at, channel)| Sent { at: minutes.at(*at), channel: (*channel).into() }).collect()
        };
        let (own, everybody) = (sent(&own), sent(&everybody));
        let recipient = Recipient { channel: "email", timezone: theirs, consents: &[], suppressed: None, sends: &own };
        let ask = |at| check(Some(&policy), &client, &zone, at, &recipient, &everybody, false);
        match (ask(now), expected) {
            (PolicyVerdict::Now, expected) => prop_assert_eq!(Some(now), expected),
            (PolicyVerdict::Later { at, reasons }, Some(expected)) => {
                prop_assert_eq!(at, expected);
                prop_assert!(at > now && !reasons.is_empty());
                prop_assert_eq!(ask(at), PolicyVerdict::Now);
            }
            (PolicyVerdict::Later { at, .. }, None) => {
                prop_assert!(at >= minutes.at(minutes.count() - 1));
                prop_assert_eq!(ask(at), PolicyVerdict::Now);
            }
            (PolicyVerdict::Never { .. }, expected) => prop_assert_eq!(expected, None),
        }
    }
}
