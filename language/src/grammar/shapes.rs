//! The shapes of headers and clauses as docs/language.md writes them, for whoever types one: beside the forms, which say how they are
//! read. A test reads each example by its form, so that no shape promises what the grammar refuses.

use super::Context;
use crate::token::Token;

/// A form that a clause may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// In order: `layer NAME`, `[weight N%]`, … Words of the language are in small letters, what is filled in is in capitals, what may
    /// be left out is in brackets.
    pub parts: &'static [&'static str],
    /// One that has all of it.
    pub example: &'static str,
}

use Context as C;

/// The shapes of what starts with that token in that block; several where a clause has several forms.
#[must_use]
pub fn shapes(context: Context, first: Token) -> &'static [Shape] {
    let starts = |(contexts, start, _): &&Row| contexts.contains(&context) && *start == first;
    // A clause that starts with a name may start with any word.
    let named = |(contexts, start, _): &&Row| contexts.contains(&context) && *start == Token::Word && first.is_word();
    let found = SHAPES.iter().find(starts).or_else(|| SHAPES.iter().find(named));
    found.map_or(&[], |(_, _, shapes)| *shapes)
}

const fn shape(parts: &'static [&'static str], example: &'static str) -> Shape {
    Shape { parts, example }
}

type Row = (&'static [Context], Token, &'static [Shape]);

const SHAPES: &[Row] = &[
    (
        &[C::File],
        Token::Score,
        &[shape(
            &["score NAME", "for ENTITY", "[fading by half every PERIOD]"],
            "score icp for Contact fading by half every 30 days",
        )],
    ),
    (
        &[C::File],
        Token::Fact,
        &[shape(&["fact NAME", "of ENTITY", "is CONDITION"], "fact lively of Contact is any email.clicked")],
    ),
    (
        &[C::File],
        Token::Source,
        &[shape(
            &["source NAME", "from csv", "[FILE, …]", "into ENTITY or EVENT", "[by FIELD]"],
            "source leads from csv \"leads.csv\" into Contact by email",
        )],
    ),
    (
        &[C::File],
        Token::Action,
        &[shape(&["action VERB [WAY]", "internal or external", "[cost MONEY]"], "action print internal cost NZD 1")],
    ),
    (
        &[C::File],
        Token::Rubric,
        &[shape(
            &["rubric NAME", "from WHAT", "[, confirmed by human]"],
            "rubric needs from discovery.notes, confirmed by human",
        )],
    ),
    (
        &[C::File],
        Token::Workflow,
        &[shape(
            &["workflow NAME", "for ENTITY", "[by AGENT or human ROLE]"],
            "workflow LeadGeneration for Contact by LeadGen",
        )],
    ),
    (
        &[C::File],
        Token::Feedback,
        &[shape(&["feedback", "from WORKFLOW", "to WORKFLOW"], "feedback from LeadQualification to LeadGeneration")],
    ),
    (
        &[C::File],
        Token::Goal,
        &[
            shape(
                &["goal [NAME] TITLE", "at least N", "[per UNIT]", "of STAGE done or entered"],
                "goal F1 \"prospects\" at least 20 per week of LeadGeneration.Rating done",
            ),
            shape(
                &["goal [NAME] TITLE", "over MONEY", "[per UNIT]", "of FIELD", "entering WORKFLOW"],
                "goal O3 \"value\" over NZD 50k per month of deal.value entering Funnel",
            ),
            shape(
                &["goal [NAME] TITLE", "under MONEY", "[per UNIT]", "of spend", "per STAGE entered"],
                "goal C1 \"cost\" under NZD 85 per month of spend per LeadQualification.Booked entered",
            ),
            shape(
                &["goal [NAME] TITLE", "at least N%", "of SCORE ROUTE", "with EVENT"],
                "goal F3 \"hot ones\" at least 70% of icp hot with meeting.accepted",
            ),
            shape(
                &["goal [NAME] TITLE", "every workflow", "at least STATUS"],
                "goal O4 \"maturity\" every workflow at least approved",
            ),
            shape(
                &["goal [NAME] TITLE", "share of EVENT", "in UNIT N", "over UNIT N"],
                "goal L1 \"learns\" share of reply.received in week 8 over week 1",
            ),
        ],
    ),
    (
        &[C::Client],
        Token::Hours,
        &[shape(&["hours WEEKDAY", "[to WEEKDAY]", ", TIME to TIME"], "hours mon to fri, 08:30 to 17:30")],
    ),
    (&[C::Client], Token::People, &[shape(&["people ROLE TITLE, …"], "people founder \"Founder\"")]),
    (&[C::Client], Token::Allow, &[shape(&["allow LINT", "because TEXT"], "allow band-dip because \"known\"")]),
    (
        &[C::Score],
        Token::Layer,
        &[shape(
            &["layer NAME", "[weight N%]", "[fading by half every PERIOD]", "[once EVENT is reported]"],
            "layer behavioral weight 25% fading by half every 21 days once email.clicked is reported",
        )],
    ),
    (
        &[C::Score, C::Layer],
        Token::Plus,
        &[
            shape(&["+N", "when CONDITION", "[because TEXT]"], "+20 when company.employees > 20 because \"many\""),
            shape(
                &["+N", "each EVENT", "[where CONDITION]", "[in the last PERIOD]", "[, up to N]", "[because TEXT]"],
                "+5 each page.viewed where path is \"/\" in the last 30 days, up to 30 because \"reads\"",
            ),
        ],
    ),
    (
        &[C::Score, C::Layer],
        Token::Minus,
        &[shape(&["-N", "when CONDITION", "[because TEXT]"], "-20 when objections.open has price because \"dear\"")],
    ),
    (
        &[C::Score],
        Token::Kill,
        &[shape(
            &["kill", "when N scored RECORDS", "bring fewer than N EVENT", "within PERIOD"],
            "kill when 50 scored contacts bring fewer than 3 discovery.held within 60 days",
        )],
    ),
    (
        &[C::Route],
        Token::Word,
        &[
            shape(&["ROUTE", "when CONDITION", "[because TEXT]"], "hot when icp >= 70 because \"ready\""),
            shape(&["ROUTE", "otherwise", "[because TEXT]"], "cold otherwise because \"the rest\""),
        ],
    ),
    (&[C::Learn], Token::Trust, &[shape(&["trust", "after N decisions"], "trust after 50 decisions")]),
    (&[C::Learn], Token::Keep, &[shape(&["keep each weight", "from N%", "to N%"], "keep each weight from 10% to 40%")]),
    (
        &[C::Learn],
        Token::Learned,
        &[shape(&["learned", "from N decisions", "until DATE"], "learned from 840 decisions until 2026-11-20")],
    ),
    (
        &[C::Source],
        Token::Reports,
        &[shape(
            &["reports EVENT, …", "since DATE", "[until DATE]"],
            "reports page.viewed, conversation since 2026-03-01 until 2026-06-30",
        )],
    ),
    (&[C::Source], Token::Signature, &[shape(&["signature HEADER, …"], "signature \"Record ID\", \"Email\"")]),
    (&[C::Source], Token::Missing, &[shape(&["missing CELL, …"], "missing \"Select\", \"n/a\"")]),
    (
        &[C::Source],
        Token::Word,
        &[
            shape(
                &["FIELD", "from HEADER", "[or HEADER]", "[, CELL means VALUE]", "[, others mean VALUE]"],
                "country from \"Country\" or \"Land\", \"nz\" means NZ, others mean missing",
            ),
            shape(&["FIELD", "from HEADER", "split by TEXT"], "tools from \"Tools\" split by \";\""),
            shape(&["FIELD", "from HEADER", "as UNIT or date or time or CURRENCY"], "delay from \"Hours\" as hours"),
            shape(
                &["FIELD", "from HEADER", "lookup ENTITY", "by FIELD", "[or create]"],
                "company from \"Domain\" lookup Company by domain or create",
            ),
        ],
    ),
    (
        &[C::Test],
        Token::Given,
        &[
            shape(&["given", "RECORD { FIELD: VALUE, … }"], "given contact {}"),
            shape(&["given", "[N] EVENT { FACT: VALUE, … }", "[, PERIOD ago]"], "given 3 page.viewed {}, 8 days ago"),
            shape(&["given", "conversation TEXT", "[, PERIOD ago]"], "given conversation \"no\", 3 days ago"),
            shape(&["given", "RECORD", "in WORKFLOW.STAGE"], "given contact in LeadQualification.Invite"),
            shape(&["given", "silent EVENT, …"], "given silent reply.received"),
            shape(&["given", "now DATE TIME"], "given now 2026-05-01 09:00"),
        ],
    ),
    (
        &[C::Test],
        Token::Expect,
        &[
            shape(&["expect", "SCORE", "is [certainly] ROUTE"], "expect icp is certainly hot"),
            shape(
                &["expect", "SCORE or LAYER", "is N", "[, could reach N]", "[, could fall to N]"],
                "expect icp is 42, could reach 80, could fall to 40",
            ),
            shape(&["expect", "asks FIELD, …"], "expect asks company.employees"),
            shape(&["expect", "RECORD", "is [not] in WORKFLOW.STAGE"], "expect contact is in Funnel.Won"),
            shape(&["expect", "allowed"], "expect allowed"),
            shape(&["expect", "denied", "[because TEXT]"], "expect denied because \"no\""),
            shape(&["expect", "CONDITION"], "expect velocity > 3"),
        ],
    ),
    (
        &[C::Test],
        Token::When,
        &[
            shape(&["when", "AGENT", "tries VERB [WHAT]"], "when LeadGen tries send message"),
            shape(&["when", "EVENT { FACT: VALUE, … }"], "when reply.received {}"),
            shape(&["when", "PERIOD", "passes"], "when 1 day passes"),
            shape(&["when", "ROLE", "approves or rejects"], "when founder approves"),
        ],
    ),
    (
        &[C::Priority],
        Token::Word,
        &[shape(
            &["AGENT", "over AGENT, …", "[while CONDITION]", "[, others wait]", "[because TEXT]"],
            "Qualification over LeadGen while contact is in Funnel, others wait because \"one voice\"",
        )],
    ),
    (
        &[C::ContactPolicy],
        Token::Consent,
        &[shape(&["consent", "for [CHANNEL, …]", "[because TEXT]"], "consent for [email, sms] because \"the law\"")],
    ),
    (
        &[C::ContactPolicy],
        Token::Unsubscribe,
        &[shape(
            &["unsubscribe", "in every send", "[, honoured within PERIOD]"],
            "unsubscribe in every send, honoured within 5 days",
        )],
    ),
    (
        &[C::ContactPolicy],
        Token::Quiet,
        &[
            shape(&["quiet", "outside hours", "[of FIELD]"], "quiet outside hours of contact.timezone"),
            shape(&["quiet", "outside TIME", "to TIME"], "quiet outside 08:00 to 20:00"),
        ],
    ),
    (
        &[C::ContactPolicy],
        Token::At,
        &[shape(&["at most N send", "per contact", "per PERIOD"], "at most 1 send per contact per 3 days")],
    ),
    (
        &[C::Experiment],
        Token::Success,
        &[shape(&["success EVENT", "[within PERIOD]"], "success reply.received within 10 days")],
    ),
    (
        &[C::Workflow],
        Token::Start,
        &[
            shape(&["start", "on EVENT", "[where CONDITION]"], "start on quiz.completed where result is damp"),
            shape(
                &[
                    "start",
                    "every WEEKDAY to WEEKDAY or PERIOD",
                    "[at TIME]",
                    "[for RECORDS]",
                    "[where CONDITION]",
                    "[, at most N]",
                ],
                "start every mon to fri at 08:00 for contacts where icp is missing, at most 20",
            ),
            shape(&["start", "when TERM", "rises above N or falls below N"], "start when velocity rises above 3"),
        ],
    ),
    (
        &[C::Workflow],
        Token::Stage,
        &[shape(
            &[
                "stage NAME",
                "[at most N times, then STAGE]",
                "[by AGENT or human ROLE]",
                "[only when CONDITION, else STAGE]",
            ],
            "stage FollowUp at most 2 times, then Dropped by LeadGen only when icp is hot, else Dropped",
        )],
    ),
    (&[C::Workflow], Token::Handoff, &[shape(&["handoff NAME", "to WORKFLOW"], "handoff Qualify to Funnel")]),
    (
        &[C::Workflow],
        Token::End,
        &[shape(&["end NAME", "as OUTCOME", "[because TEXT]"], "end Dropped as disqualified because \"no\"")],
    ),
    (
        &[C::Stage],
        Token::Do,
        &[
            shape(&["do VERB", "[WHAT]", "[via CHANNEL or EXPERIMENT]"], "do write first_touch via email"),
            shape(&["do score RECORD", "by SCORE"], "do score contact by icp"),
        ],
    ),
    (
        &[C::Stage],
        Token::Require,
        &[shape(&["require CONDITION, …"], "require company.industry, company.employees > 20")],
    ),
    (
        &[C::Stage],
        Token::Ask,
        &[shape(
            &["ask human or ROLE", "to approve or change WHAT", "[within PERIOD]", "[, remind every PERIOD]"],
            "ask human to approve or change message within 1 day, remind every 4 hours",
        )],
    ),
    (
        &[C::Stage],
        Token::Next,
        &[
            shape(
                &["next STAGE", "when CONDITION or complete", "[because TEXT]"],
                "next Rating when complete because \"all there\"",
            ),
            shape(
                &["next STAGE", "on EVENT or approved or rejected", "[because TEXT]"],
                "next Dropped on rejected because \"no\"",
            ),
            shape(&["next STAGE", "after PERIOD", "[because TEXT]"], "next Dropped after 5 days because \"no answer\""),
            shape(&["next STAGE", "otherwise", "[because TEXT]"], "next Dropped otherwise because \"the rest\""),
        ],
    ),
    (
        &[C::Handoff],
        Token::Brief,
        &[shape(&["brief RECORD or SCORE, …"], "brief contact, icp by layer, top 5 reasons, open questions")],
    ),
    (
        &[C::Handoff],
        Token::Accepted,
        &[shape(&["accepted", "within PERIOD", "[, else ask ROLE]"], "accepted within 4 hours, else ask founder")],
    ),
    (
        &[C::Feedback],
        Token::When,
        &[shape(
            &["when N OUTCOME", "[in a row]", "share a reason", ", ask ROLE to refine SCORE"],
            "when 3 disqualified in a row share a reason, ask founder to refine icp",
        )],
    ),
];

impl Shape {
    /// The part that somebody types whose clause has these tokens so far, and how many parts those have led to by their first words.
    #[must_use]
    pub fn part(&self, words: &[(Token, &str)]) -> (usize, usize) {
        let (mut at, mut met, mut in_part) = (0, 0, 0);
        for (index, (kind, text)) in words.iter().enumerate() {
            let later = self.parts.get(at + 1..).unwrap_or_default();
            let same = |part: &&str| lead(part) == Some(*text);
            if let Some(ahead) = later.iter().position(same).filter(|_| index > 0) {
                at += ahead + 1;
                met += 1;
                in_part = 1;
            } else if !matches!(kind, Token::Comma | Token::Dot | Token::Minus) {
                in_part += 1;
            }
        }
        let whole = self.parts.get(at).is_some_and(|part| in_part >= length(part));
        if whole && at + 1 < self.parts.len() {
            at += 1;
        }
        (at, met)
    }
}

/// The word of the language that a part begins with.
fn lead(part: &str) -> Option<&str> {
    let word = part.trim_start_matches(['[', ',', ' ']).split([' ', ']']).next()?;
    let small = word.bytes().all(|byte| byte.is_ascii_lowercase());
    (small && !word.is_empty()).then_some(word)
}

/// How many tokens a part has; more than anybody types where it says how it goes on.
fn length(part: &str) -> usize {
    const ENDLESS: usize = 1000;
    let words = part.split_whitespace().map(|word| match word.trim_matches(['[', ']', ',']) {
        "" => 0,
        "CONDITION" | "…" | "or" | "EVENT" | "FIELD" | "WHAT" => ENDLESS,
        "PERIOD" | "MONEY" => 2,
        _ => 1,
    });
    words.sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tokens;
    use crate::grammar::{declaration, form, run};

    fn words(text: &str) -> Vec<(Token, &str)> {
        let tokens = Tokens::of(text);
        let text_of = |index| text.get(tokens.span(index).range()).unwrap();
        let all = (0..tokens.len()).map(|index| (tokens.kind(index), text_of(index)));
        all.filter(|(kind, _)| !kind.is_trivia()).collect()
    }

    #[test]
    fn each_example_is_read_by_its_form_and_has_every_part() {
        for (contexts, first, shapes) in SHAPES {
            for context in *contexts {
                for shape in *shapes {
                    let example = shape.example.replace("{}", "BLOCK");
                    let words = words(&example);
                    let (kinds, texts): (Vec<Token>, Vec<&str>) = words.iter().copied().unzip();
                    let form = match context {
                        Context::File => declaration(kinds[0]),
                        _ => form(*context, kinds[0], *kinds.get(1).unwrap_or(&Token::LineEnd)),
                    };
                    let code =
                        |(kind, text): &(Token, &str)| if *text == "BLOCK" { Token::Block.code() } else { kind.code() };
                    let codes: String = words.iter().map(code).collect();
                    let form = form.unwrap_or_else(|| panic!("{} starts nothing", shape.example));
                    assert!(run(form.rule, &codes).is_ok(), "{} is no {}", shape.example, form.reading);
                    assert!(*first == Token::Word || kinds[0] == *first, "{}", shape.example);
                    for part in shape.parts {
                        let lead = lead(part);
                        assert!(lead.is_none_or(|lead| texts.contains(&lead)), "{}: {part}", shape.example);
                    }
                    assert!(super::shapes(*context, kinds[0]).contains(shape), "{}", shape.example);
                }
            }
        }
    }

    #[test]
    fn the_part_that_is_typed_is_known() {
        let layer = shapes(Context::Score, Token::Layer)[0];
        let at = |text: &str| layer.parts[layer.part(&words(text)).0];
        assert_eq!(at("layer"), "layer NAME");
        assert_eq!(at("layer fit"), "[weight N%]");
        assert_eq!(at("layer fit weight"), "[weight N%]");
        assert_eq!(at("layer fit fading by half every 21"), "[fading by half every PERIOD]");
        assert_eq!(at("layer fit fading by half every 21 days"), "[once EVENT is reported]");
    }
}
