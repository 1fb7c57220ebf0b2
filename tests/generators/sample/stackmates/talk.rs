//! What people said, with and without the phrases that the playbook listens for.

use super::{DAY, Person, Temper};
use crate::sample::calendar::before_now;
use crate::sample::random::Random;

const PAIN: [&str; 4] = [
    "Every tender deadline means another late night for two of us.",
    "We copy and paste the same answers into each tender, and last month the wrong firm's name stayed in.",
    "I spent the weekend on the bid again. My kids asked who I was.",
    "Three people, one spreadsheet, and the tender deadline on Friday.",
];
const DECIDES: [&str; 4] = [
    "I sign anything under fifty thousand myself.",
    "It would come out of my budget, so talk to me.",
    "I decide on tools for the estimating team.",
    "No committee here: I sign.",
];
const PRICE: [&str; 3] = [
    "Honestly, it looks too expensive for a team of our size.",
    "There is no budget before April.",
    "A cheaper option landed on my desk yesterday.",
];
const CUSTOM: [&str; 2] =
    ["Our process is different from other builders', so I doubt it.", "Anything off the shelf won't fit how we work."];
const SMALL_TALK: [&str; 8] = [
    "Thanks, I will have a look after the site visit.",
    "Could you send the agenda?",
    "Please write to Nina in the office, she keeps the calendar.",
    "We are fine with our spreadsheets for now.",
    "Is there a version that works without a signal on site?",
    "Rain all week, so I have time to read. Send me something.",
    "Who else in solar uses it?",
    "Good talk. Let me show the others.",
];

/// One person's messages: e-mail, time, kind, direction, subject, text.
pub(super) fn messages(person: &Person, random: &mut Random) -> Vec<[String; 6]> {
    let interest = person.temper.interest();
    let mut texts = Vec::new();
    if random.chance(interest * 9 / 10) {
        texts.push(random.pick(&PAIN).to_owned());
    }
    if random.chance(interest * 3 / 4) && person.temper != Temper::Agency {
        texts.push(random.pick(&DECIDES).to_owned());
    }
    if person.objections.contains("price") {
        texts.push(random.pick(&PRICE).to_owned());
    }
    if person.objections.contains("too_custom") {
        texts.push(random.pick(&CUSTOM).to_owned());
    }
    if random.chance(25) {
        texts.push(random.pick(&SMALL_TALK).to_owned());
    }
    // Some say two things at once.
    if texts.len() > 2
        && let Some(last) = texts.pop()
        && let Some(first) = texts.first_mut()
    {
        *first = format!("{first}\n{last}");
    }
    texts.into_iter().map(|text| message(person, text, random)).collect()
}

fn message(person: &Person, text: String, random: &mut Random) -> [String; 6] {
    let kind = random.pick(&["email", "email", "call", "Meeting", "message"]);
    let at = before_now(random.between(3 * 60, 55 * DAY)).year_first();
    let subject =
        if kind == "email" { random.pick(&["Re: bids without the weekend", "Your question", "Thursday"]) } else { "" };
    [person.email.clone(), at, kind.to_owned(), "in".to_owned(), subject.to_owned(), text]
}
