//! `cargo run --example sample-data`: writes the clients' sample files anew, always the same bytes.
//!
//! What is in them, and why, stands in `sample/`; `tests/sample_data.rs` checks that the files in the repository are these.

mod sample;

use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, text) in sample::files() {
        let path = root.join(&name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, text)?;
    }
    Ok(())
}
