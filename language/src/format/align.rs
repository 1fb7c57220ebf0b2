//! Pads lines to their columns and puts them together.

use std::collections::HashMap;
use std::fmt::Write;

use super::line::{Line, Stop};
use super::stops::WIDEST;

/// All lines as one text.
pub(super) fn render(mut lines: Vec<Line<'_>>) -> String {
    pad(&mut lines);
    let columns = comment_columns(&lines);
    let mut text = String::new();
    for (line, column) in lines.iter().zip(columns) {
        if line.verbatim {
            text.push_str(&line.text);
            continue;
        }
        // What was kept to the byte may end in the middle of a line.
        if !text.is_empty() && !text.ends_with(['\n', '\u{feff}']) {
            text.push('\n');
        }
        if line.blank_before && !text.is_empty() {
            text.push('\n');
        }
        let indent = if line.is_empty() && line.comment.is_none() { 0 } else { line.indent };
        // Writing to a string does not fail.
        let _ = write!(text, "{:indent$}{}", "", line.text);
        if let Some(comment) = line.comment {
            let gap = match line.width() {
                _ if line.is_empty() => 0,
                Some(width) => column.saturating_sub(width).max(2),
                None => 2,
            };
            let _ = write!(text, "{:gap$}{comment}", "");
        }
        text.push('\n');
    }
    text
}

/// Widens the blanks before the stops, column by column from the left.
fn pad(lines: &mut [Line<'_>]) {
    let last = lines.iter().flat_map(|line| &line.stops).map(|stop| stop.column).max();
    let Some(last) = last else { return };
    for column in 0..=last {
        // By group: the column, and how many lines have it.
        let mut widths: HashMap<usize, (usize, usize)> = HashMap::new();
        for line in lines.iter() {
            if let Some((stop, before)) = before(line, column)
                && before <= stop.widest
            {
                let (width, lines) = widths.entry(line.group).or_default();
                *width = (*width).max(before + stop.gap);
                *lines += 1;
            }
        }
        for line in lines.iter_mut() {
            let Some((stop, before)) = before(line, column) else { continue };
            let gap = match widths.get(&line.group) {
                Some((width, lines)) if *lines > 1 => width.saturating_sub(before).max(1),
                _ => 1,
            };
            let (head, tail) = line.text.split_at_checked(stop.at).unwrap_or((&line.text, ""));
            let head = head.trim_end();
            let moved = head.len() + gap;
            line.text = format!("{head}{:gap$}{tail}", "");
            for later in &mut line.stops {
                if later.at >= stop.at {
                    later.at = later.at + moved - stop.at;
                }
            }
        }
    }
}

/// The stop of a line in a column, with the width of what stands before it.
fn before(line: &Line<'_>, column: usize) -> Option<(Stop, usize)> {
    line.width()?;
    let stop = *line.stops.iter().find(|stop| stop.column == column)?;
    let head = line.text.get(..stop.at)?;
    Some((stop, line.indent + head.trim_end().chars().count()))
}

/// Where the comment of each line goes: below each other in lines that follow each other with the same indentation.
fn comment_columns(lines: &[Line<'_>]) -> Vec<usize> {
    let mut columns = vec![0; lines.len()];
    let mut start = 0;
    while start < lines.len() {
        let indent = lines.get(start).map_or(0, |line| line.indent);
        let run = lines.get(start..).unwrap_or_default();
        let length = 1 + run
            .iter()
            .skip(1)
            .take_while(|line| line.indent == indent && !line.blank_before && !line.verbatim)
            .count();
        let run = run.get(..length).unwrap_or_default();
        let widths = run.iter().filter(|line| line.comment.is_some() && !line.is_empty()).filter_map(Line::width);
        let column = widths.filter(|width| *width <= WIDEST).max().map_or(0, |width| width + 2);
        for entry in columns.iter_mut().skip(start).take(length) {
            *entry = column;
        }
        start += length;
    }
    columns
}
