//! Names to ids, for calls that come from outside: one look-up for the agent, one for what it wants to touch.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use compiler::program::{ActionId, AgentId, EntityId, FieldId, Program, ScoreId};
use smol_str::SmolStr;

use super::attempt::written;

/// What a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// `Deal`
    Entity(EntityId),
    /// `Deal.stage`
    Field(EntityId, FieldId),
    /// `Contact.icp`
    Score(ScoreId),
    /// `send.email`
    Action(ActionId),
    /// `spend`
    Spend,
}

type Named<T> = HashMap<SmolStr, T, BuildHasherDefault<NameHasher>>;

#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    agents: Named<AgentId>,
    things: Named<Thing>,
}

/// What is not a record kind of its own, and the kind that it counts as.
const BELONGS: [(&str, &str); 6] = [
    ("conversation", "Activity"),
    ("conversations", "Activity"),
    ("message", "Activity"),
    ("messages", "Activity"),
    ("needs", "Contact"),
    ("objections", "Contact"),
];

impl Names {
    pub(super) fn new(program: &Program) -> Self {
        let mut names = Self::default();
        names.agents.extend((0..).map(AgentId).zip(&program.agents).map(|(id, agent)| (agent.name.clone(), id)));
        for (id, entity) in (0..).map(EntityId).zip(&program.entities) {
            for name in [&entity.name, &entity.table] {
                names.add(name.clone(), Thing::Entity(id));
                for (field, declared) in (0..).map(FieldId).zip(&entity.fields) {
                    names.add(format!("{name}.{}", declared.name).into(), Thing::Field(id, field));
                }
            }
        }
        for (id, score) in (0..).map(ScoreId).zip(&program.scores) {
            if let Some(entity) = program.entities.get(score.entity.index()) {
                for name in [&entity.name, &entity.table] {
                    names.add(format!("{name}.{}", score.name).into(), Thing::Score(id));
                }
            }
        }
        for (id, action) in (0..).map(ActionId).zip(&program.actions) {
            names.add(written(action).into(), Thing::Action(id));
        }
        names.add(SmolStr::new_static("spend"), Thing::Spend);
        for (name, owner) in BELONGS {
            if let Some(entity) = program.entity(owner) {
                names.add(SmolStr::new_static(name), Thing::Entity(entity));
            }
        }
        names
    }

    /// What was named first keeps its name.
    fn add(&mut self, name: SmolStr, thing: Thing) {
        self.things.entry(name).or_insert(thing);
    }

    #[inline]
    pub(super) fn agent(&self, name: &str) -> Option<AgentId> {
        self.agents.get(name).copied()
    }

    #[inline]
    pub(super) fn thing(&self, name: &str) -> Option<Thing> {
        self.things.get(name).copied()
    }
}

/// Eight bytes at a time, multiplied and folded. Nobody outside adds names, so nobody can make many of them collide.
#[derive(Default)]
struct NameHasher(u64);

impl NameHasher {
    #[inline]
    fn mix(&mut self, word: u64) {
        // The upper bits of a product depend on all bits: they are turned to where the table looks.
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(32);
    }
}

impl Hasher for NameHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        self.mix(u64::from_le_bytes(last) ^ bytes.len() as u64);
    }

    #[inline]
    fn write_u8(&mut self, _: u8) {
        // The end of a text: its length is mixed in already.
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}
