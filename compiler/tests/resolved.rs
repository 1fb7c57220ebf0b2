//! The resolved text says what refinements did, parses again, and compiles to the same scores.

mod support;

use compiler::resolved::resolved;

const REFINED: &str = r#"use shared.base

refine score fit {
  layer role weight 40% {
    +80 when job_title contains "founder"  because "decides alone"
  }
}

refine phrases authority { "i decide", "my call" }

refine source leads {
  job_title  from "Role"
  country    from "Land"
  remove city
}
// ── shared:base.playbook ──
use std.crm

/// Who fits.
score fit for Contact {
  // where they are
  layer place weight 60% {
    +60 when country is "NZ"
    +40 when country is "AU"
  }
  layer role weight 40% { +100 when job_title contains "owner" }
  route {
    hot  when fit >= 60
    cold otherwise
  }
}

phrases authority { "i sign" }

source leads from csv "leads.csv" into Contact by email {
  email    from "Email"
  city     from "City"
  country  from "Country"
}
"#;

#[test]
fn refined_members_say_who_refined_them() {
    let compiled = support::compiled("client.playbook", REFINED, &[]);
    assert!(compiled.program.is_some(), "{}", support::drawn(&compiled));
    let text = resolved(&compiled.modules, compiled.program.as_ref());
    let own = text.split("// ── from shared:base.playbook ──").nth(1).expect("the base's declarations are there");
    insta::assert_snapshot!(own.trim());
}

#[test]
fn the_resolved_text_means_the_same() {
    let compiled = support::compiled("client.playbook", REFINED, &[]);
    let text = resolved(&compiled.modules, compiled.program.as_ref());
    let again = compiler::compile::compile_text("resolved.playbook", &text);
    let (before, after) = (compiled.program.expect("it compiles"), again.program.as_ref());
    let after = after.unwrap_or_else(|| panic!("{text}\n{}", support::drawn(&again)));
    assert_eq!(conditions(&before), conditions(after));
    assert_eq!(
        before.phrases.iter().map(|set| &set.texts).collect::<Vec<_>>(),
        after.phrases.iter().map(|set| &set.texts).collect::<Vec<_>>()
    );
    assert_eq!(before.sources.len(), after.sources.len());
}

/// What the scores say, without where it stands.
fn conditions(program: &compiler::program::Program) -> Vec<String> {
    let rules = program.scores.iter().flat_map(|score| &score.layers).flat_map(|layer| &layer.rules);
    rules.map(|rule| format!("{} {} {:?}", rule.id, rule.points, rule.form)).collect()
}
