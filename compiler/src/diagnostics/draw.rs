//! Draws diagnostics for people, with ariadne: the source, what is where, why, what to do, and the line that a fix would give.
//!
//! Places are handed over in characters: ariadne 0.6 mistakes one for the other where a finding has places in two files.
//!
//! Made for hostile texts as well: control characters are not passed on to the terminal, long lines are cut round the places that
//! matter, and only so many findings are drawn.

use std::rc::Rc;

use ariadne::{Color, Config, IndexType, LabelAttach, Report, ReportKind, Source};
use rustc_hash::FxHashMap;

use super::excerpt::{self, Excerpt};
use super::lines::Lines;
use super::{Diagnostic, Files, Label, Severity, mended};
use crate::program::FileId;

/// How to draw.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// With terminal colours.
    pub colors: bool,
    /// So many findings at most; the others are counted.
    pub most: usize,
    /// Notes and help are broken before so many columns.
    pub width: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { colors: false, most: 20, width: usize::MAX }
    }
}

/// All findings, as text that ends with a line end; nothing where there are none.
#[must_use]
pub fn draw(files: &Files, diagnostics: &[Diagnostic], options: Options) -> String {
    let mut groups = grouped(diagnostics);
    if groups.len() > options.most {
        // Where not all can be shown, errors come first.
        groups.sort_by_key(|group| std::cmp::Reverse(group.first.severity));
    } else {
        // What has to be mended is not looked for behind what is good to know.
        groups.sort_by_key(|group| group.first.severity == Severity::Note);
    }
    let mut artist = Artist { files, options, lines: FxHashMap::default(), sources: FxHashMap::default() };
    let mut text = String::new();
    for group in groups.iter().take(options.most) {
        artist.draw(group, &mut text);
        text.push('\n');
    }
    let more: usize = groups.iter().skip(options.most).map(|group| 1 + group.others.len()).sum();
    if more > 0 {
        text.push_str(&format!("… and {more} more\n"));
    }
    text
}

/// `2 errors, 1 warning and 1 note`; empty where nothing was found.
#[must_use]
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let count = |severity| diagnostics.iter().filter(|found| found.severity == severity).count();
    let counted = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")].map(
        |(severity, word)| {
            let number = count(severity);
            (number > 0).then(|| if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") })
        },
    );
    let parts: Vec<String> = counted.into_iter().flatten().collect();
    match parts.as_slice() {
        [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        [only] => only.clone(),
        _ => String::new(),
    }
}

/// A finding, and where the same is to be said.
struct Group<'a> {
    first: &'a Diagnostic,
    others: Vec<&'a Diagnostic>,
}

/// One misspelt field is misspelt wherever it is named: that is drawn once.
fn grouped(diagnostics: &[Diagnostic]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut known: FxHashMap<(&str, &str, &str), usize> = FxHashMap::default();
    for found in diagnostics {
        // A headline that names no word of the user's says too little to stand for another one.
        let names_something = found.code.id.starts_with("E02") && found.labels.is_empty();
        if !names_something {
            groups.push(Group { first: found, others: Vec::new() });
            continue;
        }
        let at = *known.entry((found.code.id, &found.headline, &found.primary.text)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.others.push(found),
            None => groups.push(Group { first: found, others: Vec::new() }),
        }
    }
    groups
}

struct Artist<'a> {
    files: &'a Files,
    options: Options,
    lines: FxHashMap<FileId, Rc<Lines>>,
    sources: FxHashMap<FileId, Source<String>>,
}

type Place = (String, std::ops::Range<usize>);

impl Artist<'_> {
    fn draw(&mut self, group: &Group<'_>, text: &mut String) {
        let found = group.first;
        let (word, color) = match found.severity {
            Severity::Error => ("error", Color::Red),
            Severity::Warning => ("warning", Color::Yellow),
            Severity::Note => ("note", Color::Cyan),
        };
        let config = Config::new()
            .with_color(self.options.colors)
            .with_index_type(IndexType::Char)
            .with_label_attach(LabelAttach::Start);
        // The primary's file first, each file's places in the order of its lines: ariadne draws another box for each step back.
        let mut labels: Vec<(&Label, bool)> = vec![(&found.primary, true)];
        labels.extend(found.labels.iter().map(|label| (label, false)));
        labels.sort_by_key(|(label, _)| (label.file != found.primary.file, label.file, label.span.start));
        let places: Vec<&Label> = labels.iter().map(|(label, _)| *label).collect();
        let excerpt = self.excerpt(&places);
        let spans = excerpt.spans;
        let primary = labels.iter().position(|(_, primary)| *primary).and_then(|at| spans.get(at)).cloned();
        let Some(primary) = primary else { return };
        let mut report = Report::build(ReportKind::Custom(word, color), primary)
            .with_code(found.code.id)
            .with_config(config)
            .with_message(excerpt::harmless(&found.headline));
        for (order, ((label, is_primary), span)) in labels.iter().zip(spans).enumerate() {
            let drawn = ariadne::Label::new(span)
                .with_color(if *is_primary { color } else { Color::Blue })
                .with_order(i32::try_from(order).unwrap_or(i32::MAX))
                .with_priority(i32::from(*is_primary));
            let drawn = if label.text.is_empty() { drawn } else { drawn.with_message(excerpt::harmless(&label.text)) };
            report = report.with_label(drawn);
        }
        for note in &found.notes {
            report = report.with_note(self.broken(&excerpt::harmless(note)));
        }
        if let Some(witness) = &found.witness {
            let lines: Vec<String> = witness.lines().map(|line| format!("    {}", excerpt::harmless(line))).collect();
            report = report.with_note(format!("this test shows it\n{}", lines.join("\n")));
        }
        if let Some(same) = self.same(&group.others) {
            report = report.with_note(self.broken(&same));
        }
        for help in self.helps(found) {
            report = report.with_help(self.broken(&help));
        }
        let mut bytes = Vec::new();
        let mut cache = Cache { own: excerpt.own, shared: &self.sources, names: self.names() };
        if report.finish().write(&mut cache, &mut bytes).is_ok() {
            let drawn = String::from_utf8_lossy(&bytes);
            // ariadne colours a kind of its own whatever the configuration says.
            let drawn = if self.options.colors { drawn.into_owned() } else { excerpt::uncoloured(&drawn) };
            for line in drawn.lines() {
                text.push_str(line.trim_end());
                text.push('\n');
            }
        }
    }

    /// With line ends at blanks, so that it fits beside what ariadne puts before it.
    fn broken(&self, text: &str) -> String {
        const BEFORE: usize = 14;
        let room = self.options.width.saturating_sub(BEFORE).max(40);
        let mut lines: Vec<String> = Vec::new();
        for line in text.lines() {
            // What is laid out already stays so.
            if line.chars().count() <= room || line.starts_with(' ') {
                lines.push(line.to_owned());
                continue;
            }
            let mut rest = String::new();
            for word in line.split(' ') {
                if !rest.is_empty() && rest.chars().count() + 1 + word.chars().count() > room {
                    lines.push(std::mem::take(&mut rest));
                }
                if !rest.is_empty() {
                    rest.push(' ');
                }
                rest.push_str(word);
            }
            lines.push(rest);
        }
        lines.join("\n")
    }

    /// Where the same is to be said.
    fn same(&mut self, others: &[&Diagnostic]) -> Option<String> {
        const SHOWN: usize = 5;
        if others.is_empty() {
            return None;
        }
        let mut places = Vec::new();
        for other in others.iter().take(SHOWN) {
            let file = other.primary.file;
            let Some(source) = self.files.files.get(file.index()) else { continue };
            let position = self.lines(file).position(&source.text, other.primary.span.start);
            places.push(format!("{}:{}", source.name, position.line));
        }
        let more = others.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        Some(format!("the same stands in {}{more}", places.join(", ")))
    }

    /// What to do, with the line that the fix would give under it.
    fn helps(&mut self, found: &Diagnostic) -> Vec<String> {
        let mut helps: Vec<String> = found.help.iter().map(|help| excerpt::harmless(help)).collect();
        let Some(fix) = &found.fix else { return helps };
        let Some(file) = fix.edits.first().map(|edit| edit.file) else { return helps };
        let Some(source) = self.files.files.get(file.index()) else { return helps };
        let lines = self.lines(file);
        if let Some(line) = mended::line(&source.text, &lines, fix) {
            let title = helps.pop().unwrap_or_else(|| excerpt::harmless(&fix.title));
            let line: Vec<String> = line.lines().map(|line| format!("    {}", excerpt::harmless(line))).collect();
            helps.push(format!("{title}\n{}", line.join("\n")));
        }
        helps
    }

    fn lines(&mut self, file: FileId) -> Rc<Lines> {
        let text = self.files.files.get(file.index()).map_or("", |file| &file.text);
        Rc::clone(self.lines.entry(file).or_insert_with(|| Rc::new(Lines::of(text))))
    }

    fn names(&self) -> FxHashMap<String, FileId> {
        let mut names = FxHashMap::default();
        for file in self.sources.keys() {
            names.insert(self.files.name(*file).to_owned(), *file);
        }
        names
    }

    /// The places as ariadne wants them: in the whole text, or in one of their own where a line is too long to be drawn.
    fn excerpt(&mut self, labels: &[&Label]) -> Drawn {
        let mut drawn = Drawn { own: FxHashMap::default(), spans: Vec::with_capacity(labels.len()) };
        let mut cut: FxHashMap<FileId, Excerpt> = FxHashMap::default();
        for label in labels {
            let Some(source) = self.files.files.get(label.file.index()) else {
                drawn.spans.push((String::new(), 0..0));
                continue;
            };
            let text = source.text.clone();
            let name = source.name.to_string();
            let lines = self.lines(label.file);
            let span = excerpt::on_one_line(&text, &lines, label.span);
            let of_file: Vec<_> =
                labels.iter().filter(|other| other.file == label.file).map(|label| label.span).collect();
            if excerpt::has_long_line(&text, &lines, &of_file) {
                let excerpt = cut.entry(label.file).or_insert_with(|| Excerpt::of(&text, &lines, &of_file));
                let place = excerpt.place(&lines, span);
                let letters = |byte: usize| excerpt.text.get(..byte).unwrap_or_default().chars().count();
                drawn.spans.push((name.clone(), letters(place.start)..letters(place.end)));
                drawn.own.entry(name).or_insert_with(|| Source::from(excerpt.text.clone()));
            } else {
                let source =
                    self.sources.entry(label.file).or_insert_with(|| Source::from(excerpt::same_length(&text)));
                let number = lines.line(span.start);
                let line = source.line(number).map_or(0, |line| line.offset());
                let letters = |byte: u32| {
                    let before = text.get(lines.start(number) as usize..byte as usize).unwrap_or_default();
                    line + before.chars().count()
                };
                drawn.spans.push((name, letters(span.start)..letters(span.end)));
            }
        }
        drawn
    }
}

struct Drawn {
    /// Sources made for one finding.
    own: FxHashMap<String, Source<String>>,
    /// By label.
    spans: Vec<Place>,
}

struct Cache<'a> {
    own: FxHashMap<String, Source<String>>,
    shared: &'a FxHashMap<FileId, Source<String>>,
    names: FxHashMap<String, FileId>,
}

impl ariadne::Cache<String> for Cache<'_> {
    type Storage = String;

    fn fetch(&mut self, name: &String) -> Result<&Source<String>, impl std::fmt::Debug> {
        let shared = self.names.get(name).and_then(|file| self.shared.get(file));
        self.own.get(name).or(shared).ok_or("there is no such file")
    }

    fn display<'n>(&self, name: &'n String) -> Option<impl std::fmt::Display + 'n> {
        Some(name)
    }
}
