//! The product document, written down literally, is rejected with what it leaves open and contradicts: an agent rates what it may only
//! read, no row lets anybody create a deal, one agent stands in no order of priority, and a pilot's layers add up to 75%.
#![expect(clippy::disallowed_methods, reason = "a test that cannot go on fails, and reads its fixture")]

mod support;

use std::path::Path;

#[test]
fn its_gaps_are_found() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/product/product_document.playbook");
    let text = std::fs::read_to_string(path).expect("the fixture can be read");
    let compiled = support::compiled("product_document.playbook", &text, &[]);
    let codes: Vec<&str> = compiled.diagnostics.iter().map(|found| found.code.name).collect();
    for code in ["weights-sum", "beyond-permissions", "agents-unordered"] {
        assert!(codes.contains(&code), "{code} is not among {codes:?}");
    }
    assert_eq!(codes.iter().filter(|code| **code == "agents-unordered").count(), 3, "{codes:?}");
    insta::assert_snapshot!(support::drawn(&compiled));
}
