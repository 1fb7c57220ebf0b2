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

/// The longest name of a setting or a table has so many letters.
const LONGEST: usize = 16;

/// The text without its values: letters and digits behind a `=`, in quotes and in comments are stars, a star for each byte, because
/// somebody may have written a secret there. So is, in a line without a `=`, whatever is no word that a setting or a table could have.
fn covered(text: &str) -> String {
    let mut within = Within::default();
    text.split_inclusive('\n').map(|line| within.covered_line(line)).collect()
}

/// What a line stands in: a value that a line above has begun and not ended goes on.
#[derive(Default)]
struct Within {
    brackets: i64,
    quotes: Option<&'static str>,
}

impl Within {
    fn covered_line(&mut self, line: &str) -> String {
        let goes_on = self.brackets > 0 || self.quotes.is_some();
        let written = line.trim();
        let is_table = written.starts_with('[') && written.ends_with(']') && !written.contains(['"', '\'', ',']);
        if is_table && !goes_on {
            return line.to_owned();
        }
        let shown = if goes_on { Some(0) } else { line.find(['=', '#']) };
        self.follow(line);
        let Some(shown) = shown else { return words_covered(line) };
        let star = |(at, letter): (usize, char)| if at < shown { String::from(letter) } else { starred(letter) };
        line.char_indices().map(star).collect()
    }

    /// Remembers whether the line's value is ended.
    fn follow(&mut self, line: &str) {
        for fence in ["\"\"\"", "'''"] {
            let is_odd = line.matches(fence).count() % 2 == 1;
            match self.quotes {
                None if is_odd => self.quotes = Some(fence),
                Some(open) if open == fence && is_odd => self.quotes = None,
                _ => {}
            }
        }
        if self.quotes.is_none() && (self.brackets > 0 || line.contains('=')) {
            let value = line.split_once('=').map_or(line, |(_, value)| value);
            let of = |bracket: char| i64::try_from(value.matches(bracket).count()).unwrap_or(0);
            self.brackets = (self.brackets + of('[') - of(']')).max(0);
        }
    }
}

/// A line that is neither setting nor table: short words in small letters are shown, because they may be the name that lacks its `=`.
fn words_covered(line: &str) -> String {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut covered = String::with_capacity(line.len());
    let mut quoted = false;
    for word in line.split_inclusive(|letter: char| !is_part(letter)) {
        let name = word.trim_end_matches(|letter: char| !is_part(letter));
        let is_name = name.len() <= LONGEST && name.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_');
        if is_name && !quoted {
            covered.push_str(word);
        } else {
            covered.extend(word.chars().map(starred));
        }
        quoted ^= word.ends_with(['"', '\'']);
    }
    covered
}

fn starred(letter: char) -> String {
    if letter.is_alphanumeric() { "*".repeat(letter.len_utf8()) } else { String::from(letter) }
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
        // A line to be mended is shown as far as it can be a name.
        let text = "[mail.smtp\nhost \"mail secret\" 12\nport 25\nword = \"\"\"\nsecret one\n\"\"\"\nname\n";
        let shown = "[mail.smtp\nhost \"**** ******\" **\nport **\nword = \"\"\"\n****** ***\n\"\"\"\nname\n";
        assert_eq!(covered(text), shown);
    }
}
