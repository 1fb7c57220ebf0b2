//! Files into the CRM: which files a client's sources name, the import itself with its progress, the report in words.

use std::path::{Component, Path, PathBuf};

use compiler::program::{FileId, Program, Source};
use runtime::crm::{Counts, Crm, Merged};
use runtime::import::{self, Dangling, ImportError, Report, Request};

use crate::client::Client;
use crate::desk::Desk;
use crate::layout::{count, dimmed, listed, paragraph};
use crate::progress::Progress;
use crate::terminal::{Paint, Terminal};

/// How many columns are named that nothing is taken from; --json has all.
const UNUSED: usize = 5;

/// How an import is to be done.
#[derive(Clone, Debug, Default)]
pub(crate) struct How {
    /// Keeps nothing.
    pub(crate) dry_run: bool,
    /// Where rejected rows go.
    pub(crate) rejected: Option<PathBuf>,
}

/// The files that the client's own sources name, in the order of the playbook.
pub(crate) fn named<'p>(program: &'p Program, client: &Client) -> Vec<(&'p Source, PathBuf)> {
    let own = program.sources.iter().filter(|source| !source.preset);
    own.flat_map(|source| source.files.iter().map(move |file| (source, path(program, client, source, file)))).collect()
}

/// A file that a source names: relative to the playbook that names it.
fn path(program: &Program, client: &Client, source: &Source, file: &str) -> PathBuf {
    let FileId(index) = source.origin.file;
    let playbook = program.files.get(index as usize).map_or("", |name| name.as_str());
    let folder = Path::new(playbook).parent().filter(|_| !playbook.contains(':')).unwrap_or(Path::new(""));
    tidy(client.folder.join(folder).join(file))
}

/// Without `a/..`, where that names the same file: it is shown to people.
fn tidy(path: PathBuf) -> PathBuf {
    let mut tidied = PathBuf::new();
    for part in path.components() {
        let is_up = part == Component::ParentDir;
        if is_up && matches!(tidied.components().next_back(), Some(Component::Normal(_))) {
            tidied.pop();
        } else if part != Component::CurDir {
            tidied.push(part);
        }
    }
    let real = |path: &Path| path.canonicalize().ok();
    if real(&tidied).is_some() && real(&tidied) == real(&path) { tidied } else { path }
}

/// Imports a file and shows how far it is.
///
/// # Errors
/// Where nothing of the file could be taken.
pub(crate) fn import(
    desk: &mut Desk,
    source: &Source,
    file: &Path,
    how: &How,
    terminal: &Terminal,
) -> anyhow::Result<Report> {
    let program = std::sync::Arc::clone(&desk.program);
    let request = Request {
        program: &program,
        source,
        file,
        now: desk.now,
        dry_run: how.dry_run,
        rejected: how.rejected.clone(),
    };
    let size = std::fs::metadata(file).map_or(0, |metadata| metadata.len());
    let mut progress = Progress::new(terminal, file.display().to_string(), size);
    let report = import::run(&mut desk.crm, &request, &mut |now| progress.at(now.bytes, now.rows, "rows"));
    progress.finish();
    report.map_err(|error| {
        let (words, file) = (error.to_string(), file.display());
        // Which file it was, where the error does not say: several are imported in a row.
        let named = words.contains(&file.to_string()) || matches!(error, ImportError::Crm(_));
        if named { anyhow::Error::new(error) } else { anyhow::Error::new(error).context(format!("`{file}`")) }
    })
}

/// Whether that very file is in the CRM already.
///
/// # Errors
/// Where file or CRM cannot be read.
pub(crate) fn is_imported(crm: &Crm, source: &Source, file: &Path) -> anyhow::Result<bool> {
    Ok(import::is_imported(crm, source, file)?)
}

/// What an import did, in words: a line, and below it what needs a look.
pub(crate) fn words(report: &Report, file: &Path, paint: Paint, width: usize) -> String {
    let file = file.display();
    let mut text = format!("{}  {}\n", paint.bold(&report.source), paint.dim(&file.to_string()));
    if let Some(before) = &report.already {
        text.push_str(&format!("  nothing to do: this very file was imported before, as number {}\n", before.id));
        return text;
    }
    text.push_str(&paragraph("  ", &sums(report), width));
    for related in &report.related {
        let changes = changes(related.created, related.updated);
        text.push_str(&paragraph("  ", &format!("{}: {changes}", many(&related.what)), width));
    }
    for rejection in &report.rejections {
        text.push_str(&marked(paint, "rejected", &rejection.line(), width));
    }
    if let Some(path) = &report.rejected_file {
        let path = path.display();
        text.push_str(&paragraph("  ", &format!("the rejected rows, each with its reason, are in {path}"), width));
    }
    if let Some(error) = &report.rejected_file_error {
        text.push_str(&marked(paint, "not written", error, width));
    }
    for dangling in &report.dangling {
        text.push_str(&marked(paint, "dangling", &leads_nowhere(dangling), width));
    }
    if report.merged.rows > 0 {
        text.push_str(&marked(paint, "merged", &somebody_else(&report.merged), width));
    }
    if report.cleaned > 0 {
        let words = format!("{} cleaned of characters that nobody sees", count(report.cleaned, "value", "values"));
        text.push_str(&marked(paint, "cleaned", &words, width));
    }
    if report.future > 0 {
        let words = format!("{} dated in the future", count(report.future, "event is", "events are"));
        text.push_str(&marked(paint, "future", &words, width));
    }
    for note in &report.notes {
        text.push_str(&dimmed(paint, &paragraph("  note: ", note, width)));
    }
    if !report.unused.is_empty() {
        let number = report.unused.len();
        let mut unused: Vec<String> = report.unused.iter().take(UNUSED).map(|header| format!("`{header}`")).collect();
        if number > UNUSED {
            unused.push(format!("{} more", number - UNUSED));
        }
        let words =
            format!("{} not read: {}", count(number as u64, "column is", "columns are"), listed(&unused, "and"));
        text.push_str(&dimmed(paint, &paragraph("  ", &words, width)));
    }
    text
}

fn sums(report: &Report) -> String {
    let Counts { created, updated, unchanged, rejected, .. } = report.counts;
    let mut parts = Vec::new();
    for (number, what) in [
        (created, "made"),
        (updated, "changed"),
        (unchanged, "unchanged"),
        (report.repeated, "repeated"),
        (report.skipped, "left out"),
        (report.erased, "left out: erased"),
        (rejected, "rejected"),
    ] {
        if number > 0 {
            parts.push(format!("{} {what}", crate::layout::thousands(number)));
        }
    }
    let rows = count(report.rows, "row", "rows");
    let of = many(&report.what);
    let kept = if report.dry_run { " (nothing was kept)" } else { "" };
    if parts.is_empty() {
        format!("{rows} of {of}{kept}")
    } else {
        format!("{rows} of {of}: {}{kept}", listed(&parts, "and"))
    }
}

fn changes(created: u64, updated: u64) -> String {
    let made = (created > 0).then(|| format!("{} made", crate::layout::thousands(created)));
    let changed = (updated > 0).then(|| format!("{} changed", crate::layout::thousands(updated)));
    listed(&[made, changed].into_iter().flatten().collect::<Vec<_>>(), "and")
}

/// `companies`
pub(crate) fn many(what: &str) -> String {
    match what.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{what}s"),
    }
}

/// `3 cells of "Company" lead nowhere: no company has that domain, such as `a.example``
fn leads_nowhere(dangling: &Dangling) -> String {
    let Dangling { field, header, entity, by, missing, ambiguous, without_key, examples } = dangling;
    let mut parts = Vec::new();
    if *missing > 0 {
        let leads = if *missing == 1 { "leads" } else { "lead" };
        parts.push(format!(
            "{} of \"{header}\" {leads} nowhere: no {entity} has that `{by}`",
            count(*missing, "cell", "cells")
        ));
    }
    if *ambiguous > 0 {
        parts.push(format!(
            "{} of \"{header}\" could mean several: more than one {entity} has that `{by}`",
            count(*ambiguous, "cell", "cells")
        ));
    }
    if *without_key > 0 {
        parts.push(format!(
            "{} something of a {entity} (`{field}`) without saying which",
            count(*without_key, "row says", "rows say")
        ));
    }
    let mut words = parts.join("; ");
    if !examples.is_empty() {
        let examples: Vec<String> = examples.iter().map(|example| format!("`{example}`")).collect();
        words.push_str(&format!(", such as {}", listed(&examples, "and")));
    }
    words
}

/// `1 row calls a contact by the name of somebody else …, such as `info@a.example: Ann Smith, then Bo Jones``
fn somebody_else(merged: &Merged) -> String {
    let (rows, calls) = (count(merged.rows, "row", "rows"), if merged.rows == 1 { "calls" } else { "call" });
    let examples: Vec<String> = merged.examples.iter().map(|example| format!("`{example}`")).collect();
    format!(
        "{rows} {calls} a contact by the name of somebody else than an earlier row with the same key, and the later name \
         stands, such as {}; people who share an address have to be known by another key",
        listed(&examples, "and")
    )
}

fn marked(paint: Paint, mark: &str, words: &str, width: usize) -> String {
    let plain = paragraph(&format!("  {mark}: "), words, width);
    plain.replacen(mark, &paint.yellow(mark), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_have_a_plural() {
        assert_eq!(["company", "activity", "contact"].map(many), ["companies", "activities", "contacts"]);
    }
}
