//! A proposal written into the text of a playbook: points and weights where they stand, new rules behind those of their layer.

use std::collections::BTreeMap;

use compiler::program::{FileId, Fixed, Learn, Origin, Program};
use jiff::civil::Date;
use thiserror::Error;

use super::proposal::{Proposal, ProposedRule};

/// Why something cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WriteError {
    /// It stands in a file that is not the client's own.
    #[error("`{what}` stands in `{file}`, which is not the client's own")]
    NotOwn {
        /// A rule or layer.
        what: String,
        /// Where it stands.
        file: String,
    },
    /// The number does not stand where it should, or more than once.
    #[error("line {line} of `{file}` does not show `{what}` once and for all")]
    NotFound {
        /// The number or word.
        what: String,
        /// In which file.
        file: String,
        /// On which line.
        line: u32,
    },
}

/// The texts that change, formatted: by file. `own` are the client's own files with their texts. The score says from then on what it was learned
/// from: outcomes that were known by the end of the day `until`.
///
/// # Errors
/// Where something stands where it must not be changed, or cannot be found.
pub fn written(
    program: &Program,
    proposal: &Proposal,
    own: &BTreeMap<FileId, String>,
    until: Date,
) -> Result<BTreeMap<FileId, String>, WriteError> {
    let mut edits = Edits { program, own, lines: BTreeMap::new() };
    for change in &proposal.points {
        edits.points(change.origin, change.before, change.after, &change.rule)?;
    }
    for change in &proposal.weights {
        edits.weight(change.origin, change.before, change.after, &change.layer)?;
    }
    // From the end to the beginning of each file, so that the lines before stay where they are.
    let mut new: Vec<(Origin, &ProposedRule)> = Vec::new();
    for rule in &proposal.rules {
        new.push((edits.place(proposal, rule)?, rule));
    }
    new.reverse();
    new.sort_by_key(|(origin, _)| std::cmp::Reverse(origin.line));
    let score = program.scores.get(proposal.id.index());
    let mut learn = score.and_then(|score| score.learn.as_ref());
    for (origin, rule) in new {
        if let Some(learn) = learn.take_if(|learn| learn.origin.line > origin.line) {
            edits.learned(learn, proposal.decisions, until)?;
        }
        edits.insert(origin, rule)?;
    }
    if let Some(learn) = learn {
        edits.learned(learn, proposal.decisions, until)?;
    }
    let texts = edits.lines.into_iter().map(|(file, lines)| {
        let ends = own.get(&file).is_some_and(|text| text.ends_with('\n'));
        let text = lines.join("\n") + if ends { "\n" } else { "" };
        (file, language::format(&text).text)
    });
    Ok(texts.collect())
}

struct Edits<'a> {
    program: &'a Program,
    own: &'a BTreeMap<FileId, String>,
    lines: BTreeMap<FileId, Vec<String>>,
}

impl Edits<'_> {
    fn file(&self, file: FileId) -> String {
        self.program.files.get(file.index()).map(ToString::to_string).unwrap_or_default()
    }

    fn lines(&mut self, origin: Origin, what: &str) -> Result<&mut Vec<String>, WriteError> {
        let file = self.file(origin.file);
        let Some(text) = self.own.get(&origin.file) else {
            return Err(WriteError::NotOwn { what: what.to_owned(), file });
        };
        Ok(self.lines.entry(origin.file).or_insert_with(|| {
            let ended = text.strip_suffix('\n').unwrap_or(text);
            ended.split('\n').map(str::to_owned).collect()
        }))
    }

    fn replace(&mut self, origin: Origin, what: &str, find: &[String], put: &str) -> Result<(), WriteError> {
        let file = self.file(origin.file);
        let not_found =
            |what: &str| WriteError::NotFound { what: what.to_owned(), file: file.clone(), line: origin.line };
        let line = self.lines(origin, what)?.get_mut((origin.line as usize).saturating_sub(1));
        let line = line.ok_or_else(|| not_found(what))?;
        let places: Vec<(usize, &String)> =
            find.iter().flat_map(|find| line.match_indices(find.as_str()).map(move |(at, _)| (at, find))).collect();
        let [(at, found)] = places.as_slice() else { return Err(not_found(find.first().map_or(what, String::as_str))) };
        let (at, end) = (*at, *at + found.len());
        line.replace_range(at..end, put);
        Ok(())
    }

    fn points(&mut self, origin: Origin, before: Fixed, after: Fixed, rule: &str) -> Result<(), WriteError> {
        let word = if before.0 < 0 { before.to_string() } else { format!("+{before}") };
        let new = if after.0 < 0 { after.to_string() } else { format!("+{after}") };
        // What stands behind the points ends the number: `+5` is not in `+50 when`.
        let forms = [format!("{word} when"), format!("{word} each"), format!("{word}  ")];
        let found = forms.iter().find(|form| {
            let lines = self.own.get(&origin.file).map(String::as_str).unwrap_or_default();
            lines
                .split('\n')
                .nth((origin.line as usize).saturating_sub(1))
                .is_some_and(|line| line.contains(form.as_str()))
        });
        let form = found.cloned().unwrap_or(forms.first().cloned().unwrap_or_default());
        let put = form.replacen(&word, &new, 1);
        self.replace(origin, rule, &[form], &put)
    }

    fn weight(&mut self, origin: Origin, before: Fixed, after: Fixed, layer: &str) -> Result<(), WriteError> {
        self.replace(origin, layer, &[format!("weight {before}%")], &format!("weight {after}%"))
    }

    /// Behind which line a new rule goes: the last one of its layer, or the one that opens it.
    fn place(&self, proposal: &Proposal, rule: &ProposedRule) -> Result<Origin, WriteError> {
        let score = self.program.scores.get(proposal.id.index());
        let layer = score.and_then(|score| score.layers.get(rule.place));
        let last = layer.and_then(|layer| layer.rules.iter().map(|rule| rule.origin).max_by_key(|origin| origin.line));
        let origin = last.or(layer.map(|layer| layer.origin)).or(score.map(|score| score.origin)).unwrap_or_default();
        if self.own.contains_key(&origin.file) {
            Ok(origin)
        } else {
            Err(WriteError::NotOwn { what: rule.words.to_string(), file: self.file(origin.file) })
        }
    }

    /// What the card was learned from: in the place of what stood there before, or at the end of its `learn`.
    fn learned(&mut self, learn: &Learn, decisions: u64, until: Date) -> Result<(), WriteError> {
        let before = learn.learned.map_or(0, |learned| u64::from(learned.decisions));
        let text = format!("learned from {} decisions until {until}", before + decisions);
        let origin = learn.learned.map_or(learn.origin, |learned| learned.origin);
        let what = if learn.learned.is_some() { "learned from" } else { "learn" };
        let file = self.file(origin.file);
        let lines = self.lines(origin, what)?;
        let not_found = || WriteError::NotFound { what: what.to_owned(), file, line: origin.line };
        let at = (origin.line as usize).saturating_sub(1);
        let indent = |line: &str| line.len() - line.trim_start().len();
        let line =
            lines.get_mut(at).filter(|line| line.trim_start().starts_with(what)).ok_or_else(not_found.clone())?;
        let own = indent(line);
        if learn.learned.is_some() {
            let comment = line.find("//").and_then(|at| line.get(at..)).map(|comment| format!("  {comment}"));
            *line = format!("{}{text}{}", " ".repeat(own), comment.unwrap_or_default());
            return Ok(());
        }
        let closes = |line: &&String| line.trim_start().starts_with('}') && indent(line) <= own;
        let end = lines.iter().skip(at + 1).position(|line| closes(&line)).ok_or_else(not_found)?;
        lines.insert(at + 1 + end, format!("{}{text}", " ".repeat(own + 2)));
        Ok(())
    }

    fn insert(&mut self, origin: Origin, rule: &ProposedRule) -> Result<(), WriteError> {
        let sign = if rule.points.0 < 0 { "" } else { "+" };
        let because = rule.because.replace('\\', "\\\\").replace('"', "\\\"");
        let text = format!("{sign}{} when {} because \"{because}\"", rule.points, rule.words);
        let lines = self.lines(origin, &rule.words)?;
        let mut at = origin.line as usize;
        let indent = |line: &str| line.len() - line.trim_start().len();
        let own = at.checked_sub(1).and_then(|at| lines.get(at)).map_or(0, |line| indent(line));
        let opens = at.checked_sub(1).and_then(|at| lines.get(at)).is_some_and(|line| line.trim_end().ends_with('{'));
        // A clause goes on in lines that are indented deeper.
        while !opens && lines.get(at).is_some_and(|line| !line.trim().is_empty() && indent(line) > own) {
            at += 1;
        }
        let deep = if opens { own + 2 } else { own };
        lines.insert(at.min(lines.len()), format!("{}{text}", " ".repeat(deep)));
        Ok(())
    }
}
