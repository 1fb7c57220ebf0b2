//! What is wrong in a client's `ports.toml`, as a finding beside those of its playbook: with its line, and no value of the file.

use compiler::codes::ports_file;
use compiler::diagnostics::{Diagnostic, SourceText};
use compiler::program::FileId;
use language::Span;
use runtime::agents::config::FILE;
use runtime::agents::flaw;

use crate::client::Client;
use crate::files;
use crate::playbook::Playbook;

/// Adds the finding, where there is the file and it has one.
///
/// # Errors
/// Where the file is there and cannot be read.
pub(crate) fn look_at(client: &Client, playbook: &mut Playbook) -> anyhow::Result<()> {
    let path = client.folder.join(FILE);
    if !path.exists() {
        return Ok(());
    }
    let path = path.strip_prefix("./").map(ToOwned::to_owned).unwrap_or(path);
    let bytes = files::read(&path)?;
    let Ok(id) = u32::try_from(playbook.files.files.len()).map(FileId) else { return Ok(()) };
    let (text, found) = examined(client, id, &bytes);
    if let Some(found) = found {
        playbook.files.files.push(SourceText { name: path.to_string_lossy().into(), text: text.into() });
        playbook.diagnostics.push(found);
    }
    Ok(())
}

fn examined(client: &Client, id: FileId, bytes: &[u8]) -> (String, Option<Diagnostic>) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        let whole = String::from_utf8_lossy(bytes);
        return (covered(&whole), Some(ports_file(id, Span::default(), "`ports.toml` is not UTF-8")));
    };
    let found = flaw(text, &client.folder).map(|flaw| {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        ports_file(id, Span::new(place(flaw.place.start), place(flaw.place.end)), &flaw.what)
    });
    (covered(text), found)
}

/// The text without its values: letters and digits behind a `=`, in comments and in lines that are neither setting nor table are
/// stars, a star for each byte, because somebody may have written a secret there.
fn covered(text: &str) -> String {
    text.split_inclusive('\n').map(covered_line).collect()
}

fn covered_line(line: &str) -> String {
    let written = line.trim();
    let is_table = written.starts_with('[') && written.ends_with(']') && !written.contains(['"', '\'', ',']);
    let shown = match line.find(['=', '#']) {
        _ if is_table => line.len(),
        Some(end) => end,
        None => 0,
    };
    let star = |(at, letter): (usize, char)| match letter {
        letter if at < shown || !letter.is_alphanumeric() => String::from(letter),
        letter => "*".repeat(letter.len_utf8()),
    };
    line.char_indices().map(star).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_secret_is_covered_and_every_byte_keeps_its_place() {
        let text = "# key é1\n[mail.smtp]\nport = 25\npassword = \"hünter 2\" # x\nhunter3\n[\"hunter4\"]\nword = [\n  \"hunter5\",\n]\n";
        let shown = covered(text);
        assert_eq!(
            shown,
            "# *** ***\n[mail.smtp]\nport = **\npassword = \"******* *\" # *\n*******\n[\"*******\"]\nword = [\n  \"*******\",\n]\n"
        );
        assert_eq!(shown.len(), text.len());
    }
}
