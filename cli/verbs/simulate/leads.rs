//! Who may come in: a client's files read into a CRM in memory, which nobody keeps.

use compiler::program::Program;
use foresight::simulate::Pool;
use jiff::{SignedDuration, Timestamp};
use runtime::crm::Crm;
use runtime::import::{self, Request};

use crate::client::Client;
use crate::imports;

/// The records of one file, with all that the client's other files say of them; those that are not there are added to `missing`.
///
/// # Errors
/// Where a file cannot be read.
pub(super) fn pool(
    client: &Client,
    program: &Program,
    from: &str,
    now: Timestamp,
    missing: &mut Vec<String>,
) -> anyhow::Result<Pool> {
    let mut crm = Crm::open_in_memory(program)?;
    let named = |source: &compiler::program::Source| source.files.iter().any(|file| file == from);
    let files = imports::named(program, client);
    let is_it = |path: &std::path::Path| path.ends_with(from);
    let (first, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|(source, path)| named(source) && is_it(path));
    let mut contacts = Vec::new();
    for (place, (source, file)) in first.into_iter().chain(others).enumerate() {
        // Whom the others alone speak of does not come in; what they say of those who do is known.
        if place > 0 && !file.exists() {
            missing.push(file.display().to_string());
            continue;
        }
        let request = Request { program, source, file: &file, now, dry_run: false, rejected: None };
        import::run(&mut crm, &request, &mut |_| {}).map_err(|error| {
            let named = file.display().to_string();
            let words = error.to_string();
            let error = anyhow::Error::new(error);
            if words.contains(&named) { error } else { error.context(format!("`{named}`")) }
        })?;
        if place == 0
            && let Some(contact) = program.entity("Contact")
        {
            contacts = crm.records_after(program, contact, 0, u32::MAX)?;
        }
    }
    let mut pool = Pool::read(&crm, program, from.into(), &contacts, now)?;
    // What happened before somebody came in opens no way: not even the newest of it lies at that very instant.
    let after = |newest: Timestamp| newest.checked_add(SignedDuration::from_secs(1)).unwrap_or(newest);
    pool.as_of = pool.newest().map_or(now, after);
    Ok(pool)
}
