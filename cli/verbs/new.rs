//! `playbook new`: a folder with a small client that passes check and test, with sample data to try it on.

use std::path::Path;

use anyhow::Context as _;
use jiff::{ToSpan as _, civil::Date};

use crate::client::why;
use crate::exit::{Failure, Outcome};
use crate::terminal::Terminal;

/// Start a client: a commented playbook with a score, sources, tests and sample data
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook new playbooks/hillside
  playbook run playbooks/hillside")]
pub(crate) struct Arguments {
    /// Its folder; the last part becomes the client's name
    #[arg(value_name = "NAME")]
    folder: String,

    /// The day that the sample data is made for [default: today]
    #[arg(long, value_name = "TIME")]
    now: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What goes into the folder. In the texts, `{name}` is the client's name and `{3 days ago}` a day.
const FILES: [(&str, &str); 4] = [
    ("{file}.playbook", include_str!("../template/client.playbook")),
    ("sample/contacts.csv", include_str!("../template/sample/contacts.csv")),
    ("sample/events.csv", include_str!("../template/sample/events.csv")),
    (".gitignore", "crm.db*\nservice.db*\n.backups/\n.uploads/\n.versions/\n"),
];

/// Writes the folder.
///
/// # Errors
/// Where the folder is there already, or cannot be written.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let folder = Path::new(&arguments.folder);
    let file = folder.file_name().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
    if !is_plain(file) {
        return Err(Failure::usage(format!("`{}` cannot name a client's folder", arguments.folder))
            .help("use letters, digits, `-` and `_`, such as: playbook new hillside")
            .into());
    }
    if folder.exists() {
        return Err(Failure::could_not_run(format!("`{}` is there already", folder.display()))
            .help("choose another name; nothing was written")
            .into());
    }
    let today = crate::words::instant(arguments.now.as_deref(), "UTC")?.to_zoned(jiff::tz::TimeZone::UTC).date();
    let mut made = Vec::new();
    for (name, text) in FILES {
        let path = folder.join(name.replace("{file}", file));
        write(&path, &filled(text, file, today))?;
        made.push(path.display().to_string());
    }
    if arguments.json {
        terminal.print_json(&serde_json::json!({ "client": title(file), "files": made }))?;
        return Ok(Outcome::Fine);
    }
    let paint = terminal.paint();
    let (made, next) = (folder.display(), paint.bold(&format!("{} run {}", crate::words::command(), folder.display())));
    terminal.print(&format!("made {made}: a playbook, its tests and sample data\nnext: {next}\n"))?;
    Ok(Outcome::Fine)
}

fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character))
}

fn filled(text: &str, file: &str, today: Date) -> String {
    let mut text = text.replace("{name}", &title(file)).replace("{1 day ago}", &day(today, 1));
    for days in 2..=90 {
        text = text.replace(&format!("{{{days} days ago}}"), &day(today, days));
    }
    text
}

fn day(today: Date, ago: i32) -> String {
    today.saturating_sub(ago.days()).to_string()
}

/// `north-star` is called `North star`.
fn title(file: &str) -> String {
    let words = file.replace(['-', '_'], " ");
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let parent = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent)
        .and_then(|()| std::fs::write(path, text))
        .map_err(|error| Failure::could_not_run(format!("could not write `{}`: {}", path.display(), why(&error))))
        .context("could not make the client")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_the_sample_is_filled_in() {
        for (_, text) in FILES {
            let filled = filled(text, "north-star", jiff::civil::date(2026, 11, 20));
            assert!(!filled.contains("ago}") && !filled.contains("{name}"), "{filled}");
        }
    }

    #[test]
    fn names_that_could_leave_the_folder_are_refused() {
        for name in ["", "..", "a b", "-x", "a/b"] {
            assert!(!is_plain(name), "{name}");
        }
        assert!(is_plain("north-star"));
    }
}
