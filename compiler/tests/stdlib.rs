//! The standard library: every module compiles by itself, and all of them together.

use compiler::compile::compile_text;
use compiler::diagnostics::Severity;
use compiler::diagnostics::draw::{Options, draw};
use compiler::modules::standard;

/// What is wrong with it.
fn findings(text: &str) -> String {
    let mut compiled = compile_text("uses.playbook", text);
    compiled.diagnostics.retain(|found| found.severity > Severity::Note);
    draw(&compiled.files, &compiled.diagnostics, Options::default())
}

/// What a client brings, and the library asks for.
const CLIENT: &str = r#"
use std.crm
score icp for Contact {
  +40 when country is NZ because "near"
  +40 when email is known because "can be written to"
  route {
    hot  when icp >= 80
    warm when icp >= 40
    cold otherwise
  }
}
"#;

#[test]
fn every_module_compiles_by_itself() {
    assert!(standard::names().len() > 5, "{:?}", standard::names());
    for name in standard::names() {
        assert_eq!(findings(&format!("use {}\n{CLIENT}", standard::dotted(&name))), "", "{name}");
    }
}

#[test]
fn all_modules_compile_together() {
    let uses: String = standard::names().iter().map(|name| format!("use {}\n", standard::dotted(name))).collect();
    assert_eq!(findings(&format!("{uses}{CLIENT}")), "");
}

#[test]
fn a_clients_own_way_of_doing_something_stands_for_the_librarys() {
    let own = r#"
use std.team

template first_touch {
  subject "Hello"
  body "Hello {contact.first_name else "there"}, shall we talk?"
}

/// Their own way.
workflow LeadGeneration for Contact by LeadGen {
  stage Only {
    do write first_touch via email
    next Out after 2 days
  }
  end Out as done
}

goal leads "fewer, better ones" at least 1 per week of LeadGeneration done

feedback from LeadQualification to LeadGeneration {
  when 2 disqualified share a reason, ask human to refine icp
}
"#;
    let text = format!("{CLIENT}{own}");
    assert_eq!(findings(&text), "");
    let program = compile_text("uses.playbook", &text).program.expect("it compiles");
    let named = |name: &str| program.workflows.iter().filter(|workflow| workflow.name == name).collect::<Vec<_>>();
    assert_eq!(named("LeadGeneration").len(), 1);
    assert!(named("LeadGeneration").iter().all(|workflow| workflow.stages.len() == 2), "the client's own");
    assert_eq!(program.templates.iter().filter(|template| template.name == "first_touch").count(), 1);
    let learnt = program.feedback.iter().filter(|feedback| {
        program.workflows.get(feedback.to.index()).is_some_and(|to| to.name == "LeadGeneration")
            && feedback.outcome == "disqualified"
    });
    assert_eq!(learnt.map(|feedback| feedback.count).collect::<Vec<_>>(), [2]);
}
