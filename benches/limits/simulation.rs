//! Eight weeks of twenty leads a week, a thousand times over. The limit is time itself: ten seconds on two cores.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use compiler::compile::{Input, compile};
use compiler::diagnostics::SourceText;
use compiler::modules::NoModules;
use foresight::simulate::{Pool, Setting, play, report};
use jiff::Timestamp;
use runtime::agents::builtin::BuiltIn;
use runtime::crm::Crm;
use runtime::import::{self, Request};

/// A monday in Auckland.
const FROM: &str = "2026-11-29T11:00:00Z";
const SEEDS: u64 = 1000;

pub(crate) fn run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks/stackmates");
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).expect("the client").map(|entry| entry.expect("a file").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "playbook"));
    files.sort();
    let text = |file: &std::path::PathBuf| SourceText {
        name: file.file_name().expect("a name").to_string_lossy().as_ref().into(),
        text: std::fs::read_to_string(file).expect("a playbook").into(),
    };
    let input = Input { files: files.iter().map(text).collect(), asked: Vec::new() };
    let program = Arc::new(compile(&input, &NoModules).program.expect("a playbook without errors"));
    let from: Timestamp = FROM.parse().expect("an instant");
    let mut crm = Crm::open_in_memory(&program).expect("a CRM");
    for source in program.sources.iter().filter(|source| !source.preset) {
        for file in &source.files {
            let file = folder.join(file.as_str());
            let request = Request { program: &program, source, file: &file, now: from, dry_run: false, rejected: None };
            import::run(&mut crm, &request, &mut |_| {}).expect("an import");
        }
    }
    let contact = program.entity("Contact").expect("contacts");
    let contacts = crm.records_after(&program, contact, 0, u32::MAX).expect("contacts");
    let mut pool = Pool::read(&crm, &program, "sample/contacts.csv".into(), &contacts, from).expect("a pool");
    pool.as_of = pool.newest().unwrap_or(from);
    let setting = Setting::new(program, 0, vec![pool], BuiltIn::new(None), from, None).expect("a scenario");
    let began = Instant::now();
    let figures = play(&setting, SEEDS, &|_| {}).expect("a play");
    let spent = began.elapsed().as_secs_f64();
    let leads = report(&setting, &figures).expect("a report").leads.mean * SEEDS as f64;
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as f64;
    println!("\n| simulation | | bar |\n|---|---|---|");
    println!("| {SEEDS} seeds of 8 weeks, s | {spent:.1} | ≤ 10 |");
    println!("| µs a lead and thread | {:.0} | ≤ 125 |", spent * 1e6 * threads / leads);
}
