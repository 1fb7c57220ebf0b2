//! When we may write to somebody. Several declarations become one: of each kind of clause, the client's own stand for those of the
//! modules that it uses.

use language::Span;
use language::syntax::{
    ContactPolicyClause, ContactRule, Count, DeclarationKind, DurationUnit, Name, Path, Per, RefineMembers, Text,
};
use rustc_hash::FxHashMap;
use smol_str::{SmolStr, format_smolstr};

use super::Lowering;
use super::recorded::Named;
use crate::codes::modules::unknown_member;
use crate::codes::team::{bad_cap, impossible_quiet, policy_clause, unknown_channel};
use crate::nearest::nearest;
use crate::program::{Cap, ContactPolicy, FileId, Period, Quiet};

/// One declaration, or a refinement of one.
struct Declaration<'a> {
    file: FileId,
    keyword: Span,
    clauses: &'a [ContactPolicyClause],
    removes: &'a [Name],
}

/// The kinds of clauses: of each kind, the first declaration that says something of it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Consent,
    Unsubscribe,
    Quiet,
    /// For each contact, or all together.
    Cap(bool),
}

impl<'a> Lowering<'a> {
    pub(super) fn lower_contact_policy(&mut self) {
        let declarations = self.contact_policies();
        let Some(first) = declarations.first() else { return };
        let mut policy = ContactPolicy { origin: self.origin(first.file, first.keyword), ..ContactPolicy::default() };
        let mut said: FxHashMap<Kind, usize> = FxHashMap::default();
        let mut removed: Vec<(FileId, &Name, bool)> = Vec::new();
        for (place, declaration) in declarations.iter().enumerate() {
            let mut places: FxHashMap<Kind, Span> = FxHashMap::default();
            for clause in declaration.clauses {
                let kind = kind_of(&clause.form);
                let word = kind.word();
                let mut stays = *said.entry(kind).or_insert(place) == place;
                for (.., met) in removed.iter_mut().filter(|(_, name, _)| name.text == word) {
                    (stays, *met) = (false, true);
                }
                if let Some(first) = places.insert(kind, clause.span)
                    && matches!(kind, Kind::Consent | Kind::Unsubscribe)
                {
                    self.report(policy_clause::twice(declaration.file, clause.span, word, first));
                    continue;
                }
                // One that gives way is looked at all the same: its mistakes are mistakes.
                let before = policy.clone();
                self.contact_rule(declaration.file, clause, &mut policy);
                if !stays {
                    policy = before;
                }
            }
            removed.extend(declaration.removes.iter().map(|name| (declaration.file, name, false)));
        }
        for (file, name, _) in removed.into_iter().filter(|(.., met)| !met) {
            let known = ["consent", "unsubscribe", "quiet", "at_most"];
            let meant = nearest(&name.text, known).filter(|meant| *meant != name.text);
            self.report(unknown_member::diagnostic(file, name, "contact policy", meant, &known));
        }
        self.quiet_that_never_ends(&declarations, &policy);
        self.said.policy = Some(policy);
    }

    fn contact_policies(&self) -> Vec<Declaration<'a>> {
        let modules = self.modules;
        let mut found: Vec<(u8, bool, Declaration<'a>)> = Vec::new();
        for declared in &modules.declarations {
            let (clauses, removes): (&[_], &[_]) = match &declared.declaration.kind {
                DeclarationKind::ContactPolicy(policy) => (&policy.clauses, &[]),
                DeclarationKind::Refine(refine) => match &refine.members {
                    RefineMembers::ContactPolicy(clauses) => (clauses, &refine.removes),
                    _ => continue,
                },
                _ => continue,
            };
            let whole = matches!(declared.declaration.kind, DeclarationKind::ContactPolicy(_));
            let (file, keyword) = (declared.file, declared.declaration.keyword);
            found.push((modules.side(file), whole, Declaration { file, keyword, clauses, removes }));
        }
        found.sort_by_key(|(side, whole, _)| (*side, *whole));
        found.into_iter().map(|(.., declaration)| declaration).collect()
    }

    fn contact_rule(&mut self, file: FileId, clause: &ContactPolicyClause, policy: &mut ContactPolicy) {
        let because = clause.because.as_ref().map(|because| because.value.clone());
        match &clause.form {
            ContactRule::Consent(channels) => {
                policy.consent = channels.iter().filter_map(|channel| self.channel(file, channel)).collect();
                policy.consent_because = because;
            }
            ContactRule::Unsubscribe { act, honoured_within } => {
                if !is_send(&act.text) {
                    self.report(policy_clause::not_a_send(file, act));
                }
                let within = match honoured_within {
                    Some(within) => self.span_of_time(file, *within),
                    None => Some(HONOURED_WITHIN),
                };
                policy.unsubscribe = within;
                policy.unsubscribe_because = because;
            }
            ContactRule::QuietOutsideHours { of } => {
                let of_contact = match of {
                    Some(path) if path.dotted() != TIMEZONE => {
                        self.report(policy_clause::not_a_timezone(file, path));
                        true
                    }
                    of => {
                        if let Some(of) = of {
                            self.note_timezone(file, of);
                        }
                        of.is_some()
                    }
                };
                policy.quiet.push(Quiet::OutsideHours { of_contact });
                policy.quiet_because = because.or(policy.quiet_because.take());
            }
            ContactRule::QuietOutside(from, to) => {
                let (Some(start), Some(end)) = (self.clock(file, *from), self.clock(file, *to)) else { return };
                if start >= end {
                    self.report(impossible_quiet::backwards(file, to.span, from.span));
                    return;
                }
                policy.quiet.push(Quiet::Outside { from: start, to: end });
                policy.quiet_because = because.or(policy.quiet_because.take());
            }
            ContactRule::AtMost { count, act, per } => {
                policy.caps.extend(self.cap(file, clause, (*count, act, per), because));
            }
        }
    }

    fn cap(
        &mut self,
        file: FileId,
        clause: &ContactPolicyClause,
        (number, act, per): (Count, &Name, &[Per]),
        because: Option<SmolStr>,
    ) -> Option<Cap> {
        let count = self.whole(file, number.value, number.span, 1, u32::MAX);
        let channel = if is_send(&act.text) { Some(None) } else { self.sends_over(file, act).map(Some) };
        let mut per_contact = None;
        let mut period = None;
        for part in per {
            match part {
                Per::Duration(duration) => {
                    let found = self.span_of_time(file, *duration);
                    self.once(file, duration.span, &mut period, found?);
                }
                Per::Name(name) if name.text == "contact" => self.once(file, name.span, &mut per_contact, ()),
                Per::Name(name) => {
                    let Some(unit) = unit_of(&name.text) else {
                        self.report(bad_cap::unit(file, name));
                        return None;
                    };
                    self.once(file, name.span, &mut period, Period { amount: 1, unit, business: false });
                }
            }
        }
        let Some((per, _)) = period else {
            self.report(bad_cap::no_time(file, clause.span));
            return None;
        };
        let end = clause.because.as_ref().map_or(clause.span.end, |because: &Text| because.span.start);
        let words = self.words(file, Span::new(clause.span.start, end));
        let words = words.strip_suffix(" because").map_or_else(|| words.clone(), SmolStr::from);
        Some(Cap { count: count?, channel: channel?, per_contact: per_contact.is_some(), per, words, because })
    }

    /// `contact.timezone`: the record, and its field.
    fn note_timezone(&self, file: FileId, path: &Path) {
        let [record, field] = path.parts.as_slice() else { return };
        let Some(contact) = self.names.tables.get(&record.text).copied() else { return };
        self.note_table(file, record);
        if let Some(id) = self.names.field(contact, &field.text) {
            self.note(file, field.span, Named::Field(contact, id));
        }
    }

    /// Keeps what is said first; says so where it is said again.
    fn once<T>(&mut self, file: FileId, span: Span, slot: &mut Option<(T, Span)>, value: T) {
        match slot {
            Some((_, first)) => self.report(bad_cap::twice(file, span, *first)),
            None => *slot = Some((value, span)),
        }
    }

    /// `emails`: the channel that is counted.
    fn sends_over(&mut self, file: FileId, act: &Name) -> Option<SmolStr> {
        let channels = self.channels();
        let is_it = |channel: &&SmolStr| act.text == **channel || act.text == format_smolstr!("{channel}s");
        if let Some(channel) = channels.iter().find(is_it) {
            self.note_channel(file, act.span, channel);
            return Some(channel.clone());
        }
        if !self.names.module_missing {
            self.report(bad_cap::act(file, act, &channels));
        }
        None
    }

    /// A channel that something can be sent over; reported where there is none of that name.
    pub(super) fn channel(&mut self, file: FileId, name: &Name) -> Option<SmolStr> {
        let known = self.channels();
        let found = known.iter().find(|channel| **channel == name.text).cloned();
        if let Some(channel) = &found {
            self.note_channel(file, name.span, channel);
        } else if !self.names.module_missing {
            self.report(unknown_channel::diagnostic(file, name, &known));
        }
        found
    }

    /// Hours that no minute of the client's day is outside of.
    fn quiet_that_never_ends(&mut self, declarations: &[Declaration<'_>], policy: &ContactPolicy) {
        let hours = self.program.client.hours;
        let (mut from, mut to) = (jiff::civil::Time::MIN, jiff::civil::Time::MAX);
        for quiet in &policy.quiet {
            let (start, end) = match quiet {
                Quiet::OutsideHours { .. } => (hours.from, hours.to),
                Quiet::Outside { from, to } => (*from, *to),
            };
            (from, to) = (from.max(start), to.min(end));
        }
        if from < to {
            return;
        }
        let clauses = declarations.iter().flat_map(|declaration| {
            let quiet = declaration.clauses.iter().filter(|clause| kind_of(&clause.form) == Kind::Quiet);
            quiet.map(|clause| (declaration.file, clause.span))
        });
        let places: Vec<(FileId, Span)> = clauses.collect();
        if let Some((last, others)) = places.split_last() {
            self.report(impossible_quiet::always(*last, others));
        }
    }
}

impl Kind {
    /// What `remove` calls it.
    const fn word(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Unsubscribe => "unsubscribe",
            Self::Quiet => "quiet",
            Self::Cap(_) => "at_most",
        }
    }
}

/// How soon the end of all sends is honoured where a policy does not say: as long as the law of New Zealand allows.
const HONOURED_WITHIN: Period = Period { amount: 5, unit: DurationUnit::Day, business: true };

const TIMEZONE: &str = "contact.timezone";

fn kind_of(rule: &ContactRule) -> Kind {
    match rule {
        ContactRule::Consent(_) => Kind::Consent,
        ContactRule::Unsubscribe { .. } => Kind::Unsubscribe,
        ContactRule::QuietOutsideHours { .. } | ContactRule::QuietOutside(..) => Kind::Quiet,
        ContactRule::AtMost { per, .. } => {
            Kind::Cap(per.iter().any(|per| matches!(per, Per::Name(name) if name.text == "contact")))
        }
    }
}

fn is_send(word: &str) -> bool {
    matches!(word, "send" | "sends")
}

fn unit_of(word: &str) -> Option<DurationUnit> {
    Some(match word {
        "minute" => DurationUnit::Minute,
        "hour" => DurationUnit::Hour,
        "day" => DurationUnit::Day,
        "week" => DurationUnit::Week,
        "month" => DurationUnit::Month,
        "year" => DurationUnit::Year,
        _ => return None,
    })
}
