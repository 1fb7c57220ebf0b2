//! Whole declarations and blocks, with places to fill in. What stands in a place from the beginning makes sense in a client that uses
//! the standard library, so that each compiles as it is.

use language::Context;

/// A form that is filled in.
pub(super) struct Snippet {
    /// In whose block it stands.
    pub(super) context: Context,
    /// The keyword that it begins with.
    pub(super) keyword: &'static str,
    /// `${1:icp}` is a place with what stands there at first, `$1` the same once more.
    pub(super) body: &'static str,
}

const fn declaration(keyword: &'static str, body: &'static str) -> Snippet {
    Snippet { context: Context::File, keyword, body }
}

/// All that there are.
pub(super) const SNIPPETS: &[Snippet] = &[
    declaration(
        "client",
        r#"client "${1:Name}" {
  currency  ${2:NZD}
  timezone  "${3:Pacific/Auckland}"
  hours     ${4:mon to fri, 09:00 to 17:00}
  people    ${5:founder} "${6:Founder}"
}"#,
    ),
    declaration("use", "use ${1:std.crm}"),
    declaration(
        "extend",
        "extend ${1:Contact} {
  ${2:home_owner}: ${3:yes/no?}
}",
    ),
    declaration("event", "event ${1:demo.watched} { ${2:minutes}: ${3:number?} }"),
    declaration("fact", "fact ${1:liveliness} of ${2:Contact} is ${3:count of email.clicked in the last 7 days}"),
    declaration(
        "score",
        r#"score ${1:interest} for ${2:Contact} {
  layer ${3:doing} weight ${4:100%} fading by half every ${5:21 days} {
    +${6:60} when ${7:any reply.received in the last 30 days} because "${8:answers}"
  }

  route {
    ${9:hot}  when $1 >= ${10:50}
    ${11:cold} otherwise
  }
}"#,
    ),
    declaration("phrases", r#"phrases ${1:urgency} { "${2:as soon as possible}", "${3:by friday}" }"#),
    declaration("objection", r#"objection ${1:too_slow} { "${2:takes too long}" }"#),
    declaration(
        "source",
        r#"source ${1:people} from csv "${2:people.csv}" into ${3:Contact} by ${4:email} {
  $4  from "${5:Email}"
}"#,
    ),
    declaration(
        "test",
        r#"test "${1:what is expected}" {
  given contact { ${2:country: "NZ"} }
  expect ${3:icp is cold}
}"#,
    ),
    declaration(
        "refine",
        "refine workflow ${1:LeadGeneration} {
  stage ${2:Outreach} {
    do send message
    next ${3:Qualify}  on ${4:reply.received}
    next ${5:FollowUp} after ${6:7 days}
  }
}",
    ),
    declaration(
        "permissions",
        "permissions {
  |         | ${1:LeadGen} | ${2:Qualification} |
  | ${3:Contact} | ${4:write}   | ${5:read}          |
  | send    | ask human | ask human     |
}",
    ),
    declaration(
        "priority",
        r#"priority {
  ${1:Qualification} over ${2:LeadGen} while ${3:contact is in LeadQualification} because "${4:who talks goes before who writes}"
}"#,
    ),
    declaration(
        "contact policy",
        "contact policy {
  consent      for [${1:email, sms}]
  unsubscribe  in every send, honoured within ${2:5 business days}
  quiet        outside ${3:hours of contact.timezone}
  at most      ${4:1} send per contact per ${5:3 days}
}",
    ),
    declaration("action", "action ${1:offer} ${2:visit} ${3:external} cost ${4:NZD 6}"),
    declaration(
        "template",
        r#"template ${1:hello} {
  subject "${2:A question}"
  body """
    Hi {contact.first_name else "there"},

    ${3:what we have to say}

    {sender.first_name}
  """
}"#,
    ),
    declaration(
        "experiment",
        "experiment ${1:channel_mix} {
  try      ${2:email, phone}
  success  ${3:reply.received} within ${4:10 days}
}",
    ),
    declaration(
        "rubric",
        r#"rubric ${1:tone} from ${2:message} {
  ${3:5} "${4:plain words}"
  0 "${5:praises itself}"
}"#,
    ),
    declaration(
        "workflow",
        "workflow ${1:Welcome} for ${2:Contact} by ${3:human} {
  start on ${4:contact.created}

  stage ${5:Greeting} {
    ask human to approve ${6:welcome} within ${7:2 business days}
    next ${8:Done} on approved
    next $8 otherwise
  }

  end $8 as ${9:done}
}",
    ),
    declaration(
        "feedback",
        "feedback from ${1:LeadQualification} to ${2:LeadGeneration} {
  when ${3:3} ${4:disqualified} share a reason, ask ${5:human} to refine ${6:icp}
}",
    ),
    declaration(
        "goal",
        r#"goal ${1:G1} "${2:what it is about}" at least ${3:20} per ${4:week} of ${5:meeting.attended}"#,
    ),
    declaration("agent", r#"agent ${1:Research} { hands "${2:a promise we have not kept before}" to ${3:human} }"#),
    declaration(
        "scenario",
        r#"scenario "${1:first quarter}" {
  leads   ${2:20} per ${3:week} from "${4:people.csv}" for ${5:8 weeks}
  human   approves ${6:90%} within ${7:4 hours}
  buyer   ${8:reply.received} ${9:10%} within ${10:5 days}
}"#,
    ),
    declaration(
        "backtest",
        r#"backtest "${1:what the score says comes true}" {
  of     ${2:icp}
  expect auc at least ${3:0.65}
}"#,
    ),
    declaration(
        "forecast",
        "forecast ${1:deal.probability} from ${2:deal.stage} learn from ${3:deal.won}, ${4:deal.lost}",
    ),
    declaration(
        "publish",
        "publish ${1:qualification_proof} on end of ${2:LeadQualification} { ${3:icp by layer, reasons, outcome} }",
    ),
    Snippet {
        context: Context::Score,
        keyword: "layer",
        body: r#"layer ${1:doing} weight ${2:50%} {
  +${3:30} when ${4:any reply.received in the last 30 days} because "${5:answers}"
}"#,
    },
    Snippet {
        context: Context::Layer,
        keyword: "+20 when",
        body: r#"+${1:20} when ${2:any reply.received in the last 30 days} because "${3:answers}""#,
    },
    Snippet {
        context: Context::Layer,
        keyword: "+5 each",
        body: r#"+${1:5} each ${2:email.clicked} in the last ${3:30 days}, up to ${4:30} because "${5:wants to know more}""#,
    },
    Snippet {
        context: Context::Score,
        keyword: "route",
        body: "route {
  ${1:hot}  when ${2:icp >= 50}
  ${3:cold} otherwise
}",
    },
    Snippet {
        context: Context::Workflow,
        keyword: "stage",
        body: "stage ${1:Waiting} {
  next ${2:Done} after ${3:5 business days}
}",
    },
    Snippet {
        context: Context::Workflow,
        keyword: "handoff",
        body: "handoff ${1:Qualify} to ${2:LeadQualification} {
  brief ${3:contact, icp, top 5 reasons}
  accepted within ${4:4 business hours}, else ask ${5:human}
}",
    },
];

/// Those that give points.
pub(super) fn rules(context: Context) -> impl Iterator<Item = &'static Snippet> {
    let fits = move |snippet: &&Snippet| snippet.context == Context::Layer && snippet.keyword.starts_with('+');
    let wanted = matches!(context, Context::Layer | Context::Score);
    SNIPPETS.iter().filter(fits).filter(move |_| wanted)
}

/// The one for a keyword.
pub(super) fn snippet(context: Context, keyword: &str) -> Option<&'static Snippet> {
    SNIPPETS.iter().find(|snippet| snippet.context == context && snippet.keyword == keyword)
}

/// A snippet's text with what stands in its places at first.
pub(super) fn filled(body: &str) -> String {
    let mut text = String::new();
    let mut known: Vec<(&str, &str)> = Vec::new();
    let mut rest = body;
    while let Some((before, behind)) = rest.split_once('$') {
        text.push_str(before);
        let (number, value, after) = match behind.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            Some((place, after)) => {
                let (number, value) = place.split_once(':').unwrap_or((place, ""));
                known.push((number, value));
                (number, Some(value), after)
            }
            None => {
                let end = behind.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(behind.len());
                let (number, after) = behind.split_at_checked(end).unwrap_or((behind, ""));
                (number, None, after)
            }
        };
        let again = || known.iter().find(|(other, _)| *other == number).map(|(_, value)| *value);
        text.push_str(value.or_else(again).unwrap_or_default());
        rest = after;
    }
    text.push_str(rest);
    text
}
