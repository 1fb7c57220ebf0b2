//! Side by side: contestants take turns in one run, and the best turn of each counts, in processor time.

/// Nanoseconds that this thread has run.
pub(crate) fn processor_time() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    u64::try_from(time.tv_sec).unwrap_or_default() * 1_000_000_000 + u64::try_from(time.tv_nsec).unwrap_or_default()
}

pub(crate) struct Contestant<'a> {
    pub(crate) name: &'a str,
    /// Of the limit; none has no bar.
    pub(crate) bar: Option<f64>,
    pub(crate) run: Box<dyn FnMut() -> u64 + 'a>,
}

pub(crate) fn contestant<'a>(name: &'a str, bar: Option<f64>, run: impl FnMut() -> u64 + 'a) -> Contestant<'a> {
    Contestant { name, bar, run: Box::new(run) }
}

/// Runs all in turn, and prints a row each: per item, and as a multiple of the first. For a profiler, `ONLY="in words"` leaves
/// just those whose names have that.
pub(crate) fn side_by_side(title: &str, unit: &str, items: usize, turns: usize, mut contestants: Vec<Contestant<'_>>) {
    if let Ok(only) = std::env::var("ONLY") {
        contestants.retain(|contestant| contestant.name.contains(&only));
    }
    let mut best = vec![u64::MAX; contestants.len()];
    let mut sink = 0;
    for _ in 0..turns {
        for (contestant, best) in contestants.iter_mut().zip(&mut best) {
            let before = processor_time();
            sink ^= (contestant.run)();
            *best = (*best).min(processor_time() - before);
        }
    }
    println!("\n### {title}\n\n| | ns a {unit} | × the limit | bar |\n|---|---|---|---|");
    let limit = best.first().copied().unwrap_or(1) as f64;
    for (contestant, best) in contestants.iter().zip(&best) {
        let ratio = *best as f64 / limit;
        let bar =
            contestant.bar.map_or(String::new(), |bar| format!("{} {bar}", if ratio <= bar { "≤" } else { "MISSED" }));
        println!("| {} | {:.1} | {ratio:.2} | {bar} |", contestant.name, *best as f64 / items as f64);
    }
    std::hint::black_box(sink);
}
