//! Words in the CRM that the playbook does not know any more, said once: whoever reads a score has to know what is missing in it.

use compiler::program::Program;
use runtime::crm::{Crm, CrmError};

use crate::layout::{count, listed, paragraph};
use crate::terminal::Terminal;

/// Says on stderr how many cells of which field hold such words; nothing where there are none.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn say(crm: &Crm, program: &Program, terminal: &Terminal) -> Result<(), CrmError> {
    let forgotten = crm.forgotten(program)?;
    if forgotten.is_empty() {
        return Ok(());
    }
    let cells: Vec<String> = forgotten
        .iter()
        .map(|found| {
            let words: Vec<String> = found.words.iter().map(|word| format!("`{word}`")).collect();
            format!("{} of `{}` ({})", count(found.cells, "cell", "cells"), found.field, listed(&words, "and"))
        })
        .collect();
    let hold = if matches!(forgotten.as_slice(), [only] if only.cells == 1) { "holds a word" } else { "hold words" };
    let words = format!(
        "{} {hold} that the playbook does not know any more: that counts as missing, until the field has the word again or \
         the cell is imported anew",
        listed(&cells, "and")
    );
    terminal.say(&paragraph("note: ", &words, terminal.width()));
    Ok(())
}
