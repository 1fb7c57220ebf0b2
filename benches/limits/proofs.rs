//! How long it takes to prove: the larger client, and a made-up playbook of 200 stages, 500 rules and 20 agents, and ten times that.

use compiler::compile::compile_text;

use crate::measure::processor_time;

const CLIENT_MILLISECONDS: f64 = 50.0;
const LARGE_MILLISECONDS: f64 = 1000.0;
const TEN_TIMES: f64 = 15.0;

const LAYERS: usize = 5;
const RULES: usize = 10;
const STAGES: usize = 10;

const AGENTS: usize = 20;

/// Twenty agents with so many workflows of ten stages each, and half as many scores of fifty rules.
pub(crate) fn playbook(workflows: usize) -> String {
    let mut text = String::from(
        "client \"Large\" {\n  currency NZD\n  timezone \"Pacific/Auckland\"\n  people owner \"Owner\"\n}\n\nuse std.crm\nuse std.actions\n\nextend Contact {\n",
    );
    for number in 0..workflows {
        text.push_str(&format!(
            "  size_{number}: number?\n  kind_{number}: one of [a, b, c]?\n  has_{number}: list of text?\n"
        ));
    }
    text.push_str("}\n\n");
    for agent in 0..AGENTS {
        let own: Vec<String> = (agent..workflows).step_by(AGENTS).map(|number| format!("Work{number}")).collect();
        text.push_str(&format!("agent Agent{agent} {{ runs {} }}\n", own.join(", ")));
    }
    text.push_str(&permissions());
    text.push_str(&priority());
    for score in 0..workflows.div_ceil(2) {
        text.push_str(&one_score(score));
    }
    for number in 0..workflows {
        text.push_str(&workflow(number));
    }
    text
}

fn permissions() -> String {
    let row = |name: &str, cell: &str| format!("  | {name} |{}\n", format!(" {cell} |").repeat(AGENTS));
    let heads: String = (0..AGENTS).map(|agent| format!(" Agent{agent} |")).collect();
    format!(
        "\npermissions {{\n  | |{heads}\n{}{}{}{}}}\n",
        row("Contact", "write"),
        row("Company", "write"),
        row("Activity", "write"),
        row("send, spend", "ask human")
    )
}

/// Each agent goes before all that come behind it.
fn priority() -> String {
    let line = |agent: usize| {
        let others: Vec<String> = (agent + 1..AGENTS).map(|other| format!("Agent{other}")).collect();
        format!("  Agent{agent} over {}\n", others.join(", "))
    };
    let lines: String = (0..AGENTS - 1).map(line).collect();
    format!("\npriority {{\n{lines}}}\n")
}

/// Layers with bands, lists, words and events, and rules that share facts.
fn one_score(score: usize) -> String {
    let mut text = format!("\nscore fit_{score} for Contact {{\n");
    for layer in 0..LAYERS {
        text.push_str(&format!("  layer l{layer}_{score} weight 20% {{\n"));
        let field = score * 2 + layer % 2;
        for band in 0..RULES - 6 {
            let (from, to) = (band * 20 + layer, band * 20 + 20 + layer);
            text.push_str(&format!("    +{} when size_{field} >= {from} and size_{field} < {to}\n", 20 + band * 5));
        }
        text.push_str(&format!(
            "    +20 when kind_{field} is a and size_{field} < {}\n    +15 when has_{field} has any of [\"x\", \"y{layer}\"]\n    +25 each email.clicked where url starts \"/{layer}\" in the last 30 days, up to 30\n    +40 when any reply.received in the last {} days\n    +20 when company.employees > {} and kind_{field} is not c\n    -10 when country is \"Q{layer}\"\n",
            40 + layer,
            7 + layer,
            layer * 10
        ));
        text.push_str("  }\n");
    }
    text.push_str(&format!(
        "  route {{\n    cold when company.industry is agency\n    hot when fit_{score} >= 60 and l0_{score} >= 50\n    warm when fit_{score} >= 30\n    cold otherwise\n  }}\n}}\n"
    ));
    text
}

/// From stage to stage, with an approved message in every third.
fn workflow(number: usize) -> String {
    let (score, agent) = (number / 2, number % AGENTS);
    let mut text = format!(
        "\ntemplate letter_{number} {{\n  subject \"A question\"\n  body \"Hello, shall we talk?\"\n}}\n\nworkflow Work{number} for Contact by Agent{agent} {{\n  start when size_{number} rises above 3\n"
    );
    for stage in 0..STAGES {
        let next = if stage + 1 == STAGES { "Done".to_owned() } else { format!("S{}", stage + 1) };
        let body = match stage % 3 {
            0 => format!(
                "    do research contact\n    require size_{number}\n    next {next} when complete\n    next Lost after 5 business days\n"
            ),
            1 => format!(
                "    do score contact by fit_{score}\n    next {next} when fit_{score} is hot or warm\n    next Lost after 3 days\n"
            ),
            _ => format!(
                "    do write letter_{number} via email\n    ask human to approve or change message within 1 business day\n    next {next} on approved\n    next Lost on rejected or expired\n"
            ),
        };
        text.push_str(&format!("  stage S{stage} {{\n{body}  }}\n"));
    }
    text.push_str("  end Done as qualified\n  end Lost as disqualified\n}\n");
    text
}

fn milliseconds(text: &str) -> f64 {
    let mut best = u64::MAX;
    for _ in 0..5 {
        let start = processor_time();
        let compiled = compile_text("large.playbook", text);
        best = best.min(processor_time() - start);
        assert!(compiled.program.is_some(), "{:#?}", compiled.diagnostics.first());
    }
    best as f64 / 1e6
}

pub(crate) fn run() {
    println!("\n### Proofs\n");
    let client: String = ["stackmates", "data", "team", "workflows"]
        .map(|file| {
            std::fs::read_to_string(format!("playbooks/stackmates/{file}.playbook")).expect("the larger client")
        })
        .concat();
    let met = |value: f64, bar: f64| if value <= bar { "≤" } else { "MISSED" };
    let of_client = milliseconds(&client);
    println!(
        "- the larger client, compiled with all proofs: {of_client:.1} ms ({} {CLIENT_MILLISECONDS} ms)",
        met(of_client, CLIENT_MILLISECONDS)
    );
    let large = milliseconds(&playbook(20));
    println!(
        "- 200 stages, 500 rules, 20 agents: {large:.1} ms ({} {LARGE_MILLISECONDS} ms)",
        met(large, LARGE_MILLISECONDS)
    );
    let times = milliseconds(&playbook(200)) / large;
    println!("- ten times as much takes {times:.1} times as long ({} {TEN_TIMES})", met(times, TEN_TIMES));
}
