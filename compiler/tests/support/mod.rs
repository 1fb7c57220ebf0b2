//! Compiles texts of the tests: one file, or several divided by lines `// ── name.playbook ──`.

use std::collections::BTreeMap;
use std::sync::Arc;

use compiler::compile::{Compiled, Input, compile};
use compiler::diagnostics::SourceText;
use compiler::diagnostics::draw::{Options, draw};
use compiler::modules::Texts;

/// Compiles a text. The first file is the client's, those behind it are modules that it may use.
pub(crate) fn compiled(name: &str, text: &str, asked: &[&str]) -> Compiled {
    let mut files: Vec<(String, String)> = Vec::new();
    let mut file = (name.to_owned(), String::new());
    for line in text.split_inclusive('\n') {
        let divider = line.strip_prefix("// ── ").and_then(|rest| rest.trim_end().strip_suffix(" ──"));
        match divider.filter(|name| name.ends_with(".playbook")) {
            Some(name) => files.push(std::mem::replace(&mut file, (name.to_owned(), String::new()))),
            None => file.1.push_str(line),
        }
    }
    files.push(file);
    let modules: BTreeMap<_, Arc<str>> =
        files.split_off(1).into_iter().map(|(name, text)| (name.into(), text.into())).collect();
    let files = files.into_iter().map(|(name, text)| SourceText { name: name.into(), text: text.into() }).collect();
    compile(&Input { files, asked: asked.iter().map(|lint| (*lint).into()).collect() }, &Texts(modules))
}

/// What the findings look like, without colours.
pub(crate) fn drawn(compiled: &Compiled) -> String {
    draw(&compiled.files, &compiled.diagnostics, Options::default())
}
