//! The standard library: every module compiles by itself, and all of them together.

use compiler::codes;
use compiler::compile::compile_text;
use compiler::diagnostics::Severity;
use compiler::diagnostics::draw::{Options, draw};
use compiler::modules::standard;

/// What is wrong with it, apart from what cannot run yet.
fn findings(text: &str) -> String {
    let mut compiled = compile_text("uses.playbook", text);
    let later = codes::find("cannot-run-yet").map(|code| code.id);
    compiled.diagnostics.retain(|found| Some(found.code.id) != later && found.severity > Severity::Note);
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
