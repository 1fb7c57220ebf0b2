//! A case: all that the engine knows of one record and the runs on it. It is nothing but the fold of its log entries.

use compiler::program::{Fixed, Settlement};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// The number of the log entry that made something, and so its name: `playbook approve 1042`. One number space for all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryId(pub i64);

impl std::fmt::Display for EntryId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A record: the entity's name and its number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordRef {
    /// `Contact`
    pub entity: SmolStr,
    /// Its row.
    pub id: i64,
}

/// All that the engine knows of one record. A deal's runs are in the case of its contact; where it has none, it has a case of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Whose.
    pub record: RecordRef,
    /// Live runs, oldest first.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub runs: Vec<Run>,
    /// Open questions to people, oldest first.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub questions: Vec<Question>,
    /// Work that was asked for and is not settled.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub work: Vec<Work>,
    /// Sends that were queued and are not settled.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub sends: Vec<Send>,
    /// Sends that were given up though they may have gone out: whoever was carrying one may still say that it is out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubtful: Vec<Send>,
    /// Handoffs that nobody has answered.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub handoffs: Vec<Offer>,
    /// When each score was last asked for, by name.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub scored: Vec<(SmolStr, Timestamp)>,
    /// What the record is by each rubric that it was rated by, as rated last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ratings: Vec<Rating>,
    /// The arm that each experiment gave it, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arms: Vec<(SmolStr, SmolStr)>,
    /// On which side of each threshold start it was last seen: workflow, number of the start, beyond or not.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub sides: Vec<(SmolStr, u32, bool)>,
    /// The last runs, ended ones too, each with the run whose doing started it: who feeds whom.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub lineage: Vec<(EntryId, SmolStr, Option<EntryId>)>,
    /// What arrived for something that is paused, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub put_off: Vec<PutOff>,
    /// Everything on it is paused, by whom.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub paused: Option<SmolStr>,
    /// The personal data is gone; nothing runs any more.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub erased: bool,
}

/// A workflow at work on a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The entry that started it.
    pub id: EntryId,
    /// Which workflow.
    pub workflow: SmolStr,
    /// What it runs for: the case's record, or a deal of it.
    pub record: RecordRef,
    /// The hash of the playbook that it started under.
    pub version: SmolStr,
    /// The stage it is in.
    pub stage: SmolStr,
    /// Since when.
    pub entered: Timestamp,
    /// The entry that entered it.
    pub entry: EntryId,
    /// When what the stage sends went out.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub sent: Option<Timestamp>,
    /// How long it stood still since: that does not count as time in the stage.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub stood: Option<Stood>,
    /// How often each stage was entered.
    pub visits: Vec<(SmolStr, u32)>,
    /// How many of the stage's acts are done.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub acts_done: u32,
    /// The work, send or errand that the act at hand waits for.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub waits_for: Option<EntryId>,
    /// The act at hand may not go ahead before then, or before its reason is gone.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub held: Option<Held>,
    /// What it wrote last.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub message: Option<Message>,
    /// What else a person said yes to, by its name or its verb, and nobody has used yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approved: Vec<Approval>,
    /// How the stage's question was settled.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub settled: Option<Settlement>,
    /// A person has allowed the act at hand.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub allowed: bool,
    /// Ways (by number) that a person has closed in this visit.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub closed: Vec<u32>,
    /// Paused, by whom.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub paused: Option<SmolStr>,
}

/// Time that does not count, as something was paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stood {
    /// So long.
    pub length: SignedDuration,
    /// What came before then is in it.
    pub until: Timestamp,
}

/// Why an act does not go ahead yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Tried again then.
    pub until: Timestamp,
    /// In words.
    pub why: SmolStr,
}

/// A message as it stands. Its text is kept apart, so that it can be erased.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The entry that wrote it.
    pub id: EntryId,
    /// The hash of channel, subject and body, in hexadecimal: an approval is of exactly this.
    pub hash: SmolStr,
    /// `email`
    pub channel: SmolStr,
    /// Its template.
    pub template: SmolStr,
    /// What rubrics say of it, by name; none where the rater could not say.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub ratings: Vec<(SmolStr, Option<Fixed>)>,
    /// The approval of exactly this text that nobody has used or voided yet.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub approval: Option<Approval>,
    /// It was sent.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub sent: bool,
    /// An approval of it was used up by a send.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub tried: bool,
}

/// A person said yes to a message, or to something else that is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The entry with the answer.
    pub id: EntryId,
    /// What was approved: the message's hash; `visit`, `spend`, as the question named it.
    pub hash: SmolStr,
    /// By whom.
    pub by: SmolStr,
    /// When.
    pub at: Timestamp,
    /// After that it is worth nothing.
    pub until: Option<Timestamp>,
}

/// What a record is by a rubric. Who wrote what about why is sealed under the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// The entry that says so.
    pub id: EntryId,
    /// `budget`
    pub rubric: SmolStr,
    /// How much.
    pub value: Fixed,
    /// What that means, as the rubric says it.
    pub level: SmolStr,
    /// Who says so: a role, or an agent whom nobody has to confirm.
    pub by: SmolStr,
    /// When.
    pub at: Timestamp,
    /// The answer with the person's reasons.
    pub answer: Option<EntryId>,
}

/// What a person is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The entry that asked it.
    pub id: EntryId,
    /// For which run; none for what is about the whole playbook.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub run: Option<EntryId>,
    /// What it is about.
    pub kind: QuestionKind,
    /// A role, or anybody.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub whom: Option<SmolStr>,
    /// What may be answered.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub options: Vec<SmolStr>,
    /// In words.
    pub words: SmolStr,
    /// What the asker knows and the answer should weigh: evidence that is missing, a provisional route.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub notes: Vec<SmolStr>,
    /// Asked when.
    pub asked: Timestamp,
    /// Expired then.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub due: Option<Timestamp>,
    /// Reminded of next.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub remind: Option<Timestamp>,
    /// What was paused before then is made up for in these two.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub prolonged: Option<Timestamp>,
}

/// The kinds of questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// The stage's own, about the message where it names one.
    Stage {
        /// The message and its hash as it was when asked.
        message: Option<(EntryId, SmolStr)>,
    },
    /// A route that is provisional wants to take this way.
    Way {
        /// Its number among the stage's ways.
        way: u32,
        /// Where it leads.
        to: SmolStr,
    },
    /// Something that a person does: an act of a person's stage, a message over a channel that no port serves.
    Errand {
        /// The send it carries out.
        send: Option<EntryId>,
    },
    /// An act that a person has to allow first; about the message where it sends one.
    Act {
        /// Its number among the stage's acts.
        act: u32,
        /// The message and its hash as it was when asked.
        message: Option<(EntryId, SmolStr)>,
    },
    /// A rating that a person gives, or confirms.
    Rating {
        /// By which rubric.
        rubric: SmolStr,
        /// The message that is rated, and its hash as it was when asked; otherwise the record is.
        message: Option<(EntryId, SmolStr)>,
        /// What an agent, or somebody else, says.
        proposed: Option<Fixed>,
        /// The number of the stage's act that it is; none where only evidence needs it.
        act: Option<u32>,
    },
    /// A handoff that was refused, or not answered in time.
    Handoff(EntryId),
    /// Something failed for good, or may have been done: what now?
    Trouble(EntryId),
    /// The playbook at work no longer has the stage that the run is in.
    Stranded {
        /// The stage that is gone.
        stage: SmolStr,
        /// Where the run goes on when a person says so; none where its workflow is gone as well.
        to: Option<SmolStr>,
    },
    /// Asked by a feedback or a kill signal.
    Review,
}

/// Work that an agent was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// The entry that asked for it.
    pub id: EntryId,
    /// For which run.
    pub run: EntryId,
    /// By which agent.
    pub agent: SmolStr,
    /// Its port's verb: `research`, `write`, `rate`, `accept`.
    pub action: SmolStr,
    /// Its template, rubric, entity or name; the offer for `accept`.
    #[serde(default)]
    pub object: SmolStr,
}

/// A message on its way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Send {
    /// The entry that queued it; also its idempotency key.
    pub id: EntryId,
    /// For which run.
    pub run: EntryId,
    /// Which message.
    pub message: EntryId,
    /// Exactly this text.
    pub hash: SmolStr,
    /// Over which channel.
    pub channel: SmolStr,
}

/// A handoff that was offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The entry that offered it.
    pub id: EntryId,
    /// By which run.
    pub run: EntryId,
    /// To which workflow.
    pub to: SmolStr,
    /// Answered until then, or a person is asked.
    pub due: Option<Timestamp>,
}

/// Something that arrived for what is paused, and is worked off once that is resumed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutOff {
    /// The entry that put it off.
    pub id: EntryId,
    /// What arrived.
    pub what: Arrived,
    /// Paused runs that it may move.
    pub runs: Vec<EntryId>,
    /// Paused workflows that it may start, and runs of which it may move.
    pub workflows: Vec<SmolStr>,
}

/// What can arrive for something that is paused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrived {
    /// An event, as the case was told of it.
    Event {
        /// `reply.received`
        event: SmolStr,
        /// To which record.
        of: RecordRef,
        /// Its row; zero for one that has none.
        row: i64,
        /// When it happened.
        at: Timestamp,
        /// The run whose doing it was.
        cause: Option<EntryId>,
    },
    /// A threshold was crossed.
    Crossed {
        /// Which start of the workflow.
        start: u32,
        /// The entry that says so.
        side: EntryId,
        /// The run whose doing it was.
        cause: Option<EntryId>,
    },
}

/// What is nothing is not written: most of a case is nothing most of the time.
fn is_nothing<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Approval {
    /// Whether it is of that: of the thing by its name, or of whatever is done by that verb.
    #[must_use]
    pub fn is_of(&self, action: &str, object: &str) -> bool {
        self.hash == action || (!object.is_empty() && self.hash == object)
    }
}

impl Run {
    /// One that begins, and is in no stage yet.
    #[must_use]
    pub fn begun(id: EntryId, workflow: SmolStr, record: RecordRef, version: SmolStr, at: Timestamp) -> Self {
        Self {
            id,
            workflow,
            record,
            version,
            stage: SmolStr::default(),
            entered: at,
            entry: id,
            sent: None,
            stood: None,
            visits: Vec::new(),
            acts_done: 0,
            waits_for: None,
            held: None,
            message: None,
            approved: Vec::new(),
            settled: None,
            allowed: false,
            closed: Vec::new(),
            paused: None,
        }
    }

    /// When its stage was entered, later by as long as it stood still since.
    #[must_use]
    pub fn since_entered(&self) -> Timestamp {
        self.stood.and_then(|stood| self.entered.checked_add(stood.length).ok()).unwrap_or(self.entered)
    }

    /// The instant that the time of its stage counts from: the stage was entered, or what it sends went out; later by as long as it
    /// stood still since.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        let since = self.sent.unwrap_or(self.entered);
        self.stood.and_then(|stood| since.checked_add(stood.length).ok()).unwrap_or(since)
    }
}

impl Case {
    /// Of a record that nothing runs on.
    #[must_use]
    pub const fn new(record: RecordRef) -> Self {
        Self {
            record,
            runs: Vec::new(),
            questions: Vec::new(),
            work: Vec::new(),
            sends: Vec::new(),
            doubtful: Vec::new(),
            handoffs: Vec::new(),
            scored: Vec::new(),
            ratings: Vec::new(),
            arms: Vec::new(),
            sides: Vec::new(),
            lineage: Vec::new(),
            put_off: Vec::new(),
            paused: None,
            erased: false,
        }
    }

    /// The live run of that number.
    #[must_use]
    pub fn run(&self, id: EntryId) -> Option<&Run> {
        self.runs.iter().find(|run| run.id == id)
    }
}
