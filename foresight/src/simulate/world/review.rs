//! What a whole playbook learns from its runs: how many decisions are known, and whether a kill signal speaks.

use compiler::program::{Kill, Score, ScoreId};
use runtime::calendar;
use runtime::engine::Entry;
use runtime::metrics::{KillVerdict, Observed, kill_signals};
use smol_str::format_smolstr;

use super::super::figures::outcome;
use super::super::observed;
use super::World;
use super::scored::First;

impl World<'_> {
    /// What `trust after` counts, as long as it is not reached.
    fn count_decisions(&mut self) {
        let (setting, now) = (self.setting, self.now);
        for (id, score) in (0..).map(ScoreId).zip(&setting.program().scores) {
            let known =
                self.store.decisions.iter().find(|(name, _)| *name == score.name).map_or(0, |(_, known)| *known);
            let wanted = score.trust_after.filter(|wanted| score.learn.is_some() && known < u64::from(*wanted));
            if wanted.is_none() {
                continue;
            }
            let mut decided = 0_u64;
            for first in self.scored.by_mut(&score.name) {
                if !first.is_decided {
                    let decided_at = outcome(&self.store, setting, id, first.contact, first.at).map(|(at, _)| at);
                    let Some(at) = decided_at.filter(|at| *at <= now) else { continue };
                    // What happens at this very instant may still belong to it.
                    first.is_decided = at < now;
                }
                decided += 1;
            }
            self.store.decisions.retain(|(name, _)| *name != score.name);
            self.store.decisions.push((score.name.clone(), decided.max(known)));
        }
    }

    /// Whether as many were scored as decide a kill signal, and the last one of them has had its time.
    fn is_time_up(&self, score: &str, kill: &Kill) -> bool {
        let last = usize::try_from(kill.scored).unwrap_or(usize::MAX).saturating_sub(1);
        let book = &self.setting.book;
        let has_had_its_time =
            |last: &First| calendar::after(&book.program.client, &book.zone, last.at, kill.within) <= self.now;
        self.scored.by(score).get(last).is_some_and(has_had_its_time)
    }

    /// Looks once a day whether a kill signal says that the playbook does not work, as the runner does.
    pub(super) fn review(&mut self) {
        let setting = self.setting;
        let book = &setting.book;
        let learns = |score: &Score| score.kill.is_some() || score.learn.is_some() && score.trust_after.is_some();
        if !book.program.scores.iter().any(learns) {
            return;
        }
        let day = calendar::day_start(&book.zone, self.now).as_second() / 86_400;
        if self.reviewed >= day {
            return;
        }
        self.reviewed = day;
        self.count_decisions();
        let may_speak = |score: &Score| {
            let Some(kill) = &score.kill else { return false };
            let is_done = self.killed.iter().any(|(name, _)| *name == score.name);
            !is_done && self.is_time_up(&score.name, kill)
        };
        if !book.program.scores.iter().any(may_speak) {
            return;
        }
        let observed: Observed = observed::observed(setting, &self.store, &self.log, self.now);
        for signal in kill_signals(&book.program, &book.zone, self.now, &observed) {
            let is_done = self.killed.iter().any(|(name, _)| *name == signal.score);
            let Some(score) = book.program.scores.iter().find(|score| score.name == signal.score) else { continue };
            let Some(kill) = score.kill.as_ref().filter(|_| signal.verdict == KillVerdict::Kill && !is_done) else {
                continue;
            };
            self.killed.push((score.name.clone(), self.now));
            for paused in kill.pause.iter().filter_map(|workflow| book.program.workflows.get(workflow.index())) {
                let what = format_smolstr!("workflow {}", paused.name);
                let by = format_smolstr!("the kill signal of {}", score.name);
                self.switches.insert(what.clone());
                self.emit(None, Entry::Switched { what, paused: true, by, why: None });
            }
        }
    }
}
