//! Limits, measured: `cargo bench --bench limits`, or `-- scoring`, `-- sqlite`, `-- check`, `-- permissions`, `-- proofs`,
//! `-- transitions`, `-- simulation`, `-- backtest`, `-- serving` for one of them.
//!
//! Ratios beside the limit in the same run say more than times on some machine, so each table has its limit as first row.
#![expect(clippy::print_stdout, clippy::expect_used, clippy::panic, reason = "a benchmark's output is its purpose")]
#![expect(clippy::indexing_slicing, reason = "a benchmark stops at what is not as it should be")]

mod backtest;
mod check;
mod leads;
mod limit;
mod limit_ranged;
mod measure;
mod ours;
mod permissions;
mod proofs;
mod room;
mod scoring;
mod serving;
mod simulation;
mod sqlite;
mod transitions;

/// That of the command, for the limits as for what is measured beside them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let all = [
        ("scoring", scoring::run as fn()),
        ("sqlite", sqlite::run),
        ("check", check::run),
        ("permissions", permissions::run),
        ("proofs", proofs::run),
        ("transitions", transitions::run),
        ("simulation", simulation::run),
        ("backtest", backtest::run),
        ("serving", serving::run),
    ];
    for (name, run) in all {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            run();
        }
    }
}
