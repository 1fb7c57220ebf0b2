//! Every name of a playbook that uses every construct, drawn under its line.

use compiler::compile::Compiled;
use compiler::program::FileId;
use compiler::symbols::{Occurrence, Role};

use crate::support;

const EVERY: &str = include_str!("every.playbook");

#[test]
fn every_construct_is_drawn_with_its_names() {
    let compiled = support::compiled("client.playbook", EVERY, &[]);
    assert!(compiled.program.is_some(), "{}", support::drawn(&compiled));
    insta::assert_snapshot!(drawn(&compiled));
}

/// All files but the library's.
fn drawn(compiled: &Compiled) -> String {
    let mut out = String::new();
    for (index, file) in compiled.files.files.iter().enumerate() {
        let id = FileId(u32::try_from(index).expect("few files"));
        if compiled.modules.is_standard(id) {
            continue;
        }
        out.push_str(&format!("── {} ──\n", file.name));
        let mut start = 0;
        for line in file.text.split_inclusive('\n') {
            out.push_str(&format!("{}\n", line.trim_end()));
            let end = start + line.len();
            for found in compiled.symbols.in_file(id) {
                let span = found.span.range();
                if (start..end).contains(&span.start) {
                    let before = line[..span.start - start].chars().count();
                    let length = file.text[span.clone()].chars().count();
                    out.push_str(&format!("{}{} {}\n", " ".repeat(before), "^".repeat(length), said(compiled, &found)));
                }
            }
            start = end;
        }
    }
    out
}

fn said(compiled: &Compiled, found: &Occurrence<'_>) -> String {
    let role = match found.definition.map(|definition| definition.role) {
        None => "",
        Some(Role::First) => "declares ",
        Some(Role::Extends) => "extends ",
        Some(Role::Refines) => "refines ",
        Some(Role::Replaced) => "was ",
    };
    let elsewhere = compiled.symbols.definitions(found.symbol).next();
    let elsewhere = elsewhere.filter(|first| first.file != found.file).and_then(|first| {
        let name = &compiled.files.files.get(first.file.index())?.name;
        Some(format!(" of {name}"))
    });
    format!("{role}{}{}", found.symbol, elsewhere.unwrap_or_default())
}
