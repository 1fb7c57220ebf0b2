//! Tables that fit the terminal, without rules and frames.

use comfy_table::{Attribute, Cell, ContentArrangement, Table, presets};
use runtime::import::Preview;

use crate::terminal::Terminal;

/// A table with that header, as wide as its contents or the terminal.
pub(crate) fn table(header: &[&str], terminal: &Terminal) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(terminal.width()).unwrap_or(u16::MAX));
    table.force_no_tty();
    if terminal.paint().is_on() {
        table.enforce_styling();
    }
    table.set_header(header.iter().map(|name| Cell::new(name).add_attribute(Attribute::Dim)));
    table
}

/// A table's lines, each with a line end and nothing behind its last word.
pub(crate) fn lines(table: &Table) -> String {
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The first rows of a file: which field is filled from which column, and what its cells become.
pub(crate) fn preview(preview: &Preview, terminal: &Terminal) -> String {
    let rows = preview.columns.iter().map(|column| column.cells.len()).max().unwrap_or(0);
    let mut table = table(&["field", "from", "the first rows become"], terminal);
    for column in &preview.columns {
        let cells: Vec<String> = column
            .cells
            .iter()
            .map(|cell| match (&cell.value, &cell.problem) {
                (_, Some(problem)) => format!("✗ {problem}"),
                (Some(value), None) => value.clone(),
                (None, None) => "missing".to_owned(),
            })
            .collect();
        let from = match &column.lookup {
            Some(lookup) => format!("{} → {lookup}", column.header),
            None => column.header.clone(),
        };
        table.add_row([column.field.clone(), from, cells.join(" | ")]);
    }
    if rows == 0 { String::new() } else { format!("\n{}", lines(&table)) }
}
