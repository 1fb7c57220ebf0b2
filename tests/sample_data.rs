//! The sample files in the repository are what their generator writes, to the byte.

#[path = "generators/sample/mod.rs"]
mod sample;

use std::path::Path;

#[test]
fn the_sample_files_are_what_the_generator_writes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, text) in sample::files() {
        let kept = std::fs::read_to_string(root.join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(kept == text, "{name} differs: run `cargo run --example sample-data`");
    }
}

#[test]
fn nobody_in_the_samples_can_be_written_to_or_called() {
    for (name, text) in sample::files() {
        for cell in text.split([',', '\n']) {
            assert!(!cell.contains('@') || cell.to_lowercase().ends_with(".example"), "{name}: {cell}");
            assert!(!cell.contains('+') || cell.starts_with("+61 2 5550 "), "{name}: {cell}");
        }
    }
}
