//! `playbook new`: a folder with a small client that passes check and test, with sample data to try it on.

use std::path::Path;

use anyhow::Context as _;
use service::template::{self, Beginning};

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

/// Writes the folder.
///
/// # Errors
/// Where the folder is there already, or cannot be written.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let folder = Path::new(&arguments.folder);
    let file = folder.file_name().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
    if !template::is_plain(file) {
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
    let title = template::title(file);
    let beginning = Beginning { file, title: &title, currency: "USD", zone: "UTC", founder: "Founder", today };
    let mut made = Vec::new();
    for (name, text) in beginning.files() {
        let path = folder.join(name);
        write(&path, &text)?;
        made.push(path.display().to_string());
    }
    if arguments.json {
        terminal.print_json(&serde_json::json!({ "client": title, "files": made }))?;
        return Ok(Outcome::Fine);
    }
    let paint = terminal.paint();
    let (made, next) = (folder.display(), paint.bold(&format!("{} run {}", crate::words::command(), folder.display())));
    terminal.print(&format!("made {made}: a playbook, its tests and sample data\nnext: {next}\n"))?;
    Ok(Outcome::Fine)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let parent = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent)
        .and_then(|()| std::fs::write(path, text))
        .map_err(|error| Failure::could_not_run(format!("could not write `{}`: {}", path.display(), why(&error))))
        .context("could not make the client")
}
