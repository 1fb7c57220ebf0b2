//! Permission decisions, beside the same table written by hand as a match over strings: 4 agents, 7 things, reading and writing.
//!
//! A decision over ids is what the engine asks for; one over names is what an agent's call asks for, names looked up each time.

use compiler::program::{
    Agent, AgentId, Entity, EntityId, Field, FieldId, Origin, PermissionObject, PermissionRow, Program, Rights, Type,
};
use runtime::gate::{Attempt, Decision, Gate, Target, Thing};

use crate::leads::Random;
use crate::measure::{contestant, side_by_side};

const DECISIONS: usize = 1_000_000;
const TURNS: usize = 15;
const BAR: f64 = 3.0;

const AGENTS: [&str; 4] = ["LeadGen", "Qualification", "Conversion", "Lifecycle"];

/// By row: what it is about, and the right of each agent.
const TABLE: [(&str, [&str; 4]); 7] = [
    ("Contact", ["write", "read", "read", "read"]),
    ("Company", ["write", "read", "read", "read"]),
    ("Deal", ["", "read", "write", "read"]),
    ("Deal.stage", ["read", "write", "write", "read"]),
    ("Deal.value", ["read", "read", "write", "read"]),
    ("Deal.probability", ["read", "read", "write", "read"]),
    ("Deal.churn_risk", ["read", "read", "read", "write"]),
];

/// A question, in words and in ids.
struct Question {
    agent: String,
    thing: String,
    writes: bool,
    ids: (AgentId, Attempt<'static>),
}

pub(crate) fn run() {
    let program = program();
    let gate = Gate::new(&program);
    let mut random = Random(42);
    let questions: Vec<Question> = (0..DECISIONS).map(|_| question(&gate, &mut random)).collect();
    for question in &questions {
        let expected = by_hand(&question.agent, &question.thing, question.writes);
        let (agent, attempt) = &question.ids;
        assert_eq!(gate.decide(*agent, attempt).is_allowed(), expected, "{} {}", question.agent, question.thing);
        assert_eq!(by_name(&gate, question), expected, "{} {}", question.agent, question.thing);
    }
    let count =
        |decide: &dyn Fn(&Question) -> bool| questions.iter().filter(|question| decide(question)).count() as u64;
    println!("\n{DECISIONS} decisions, {} allowed: all agree", count(&|question| by_name(&gate, question)));
    side_by_side(
        "Permission decisions, 4 agents and 7 things",
        "decision",
        DECISIONS,
        TURNS,
        vec![
            contestant("by hand, a match over strings (the limit)", None, || {
                let allowed = |question: &&Question| by_hand(&question.agent, &question.thing, question.writes);
                questions.iter().filter(allowed).count() as u64
            }),
            contestant("playbook, over names", Some(BAR), || {
                questions.iter().filter(|question| by_name(&gate, question)).count() as u64
            }),
            contestant("playbook, over ids", Some(BAR), || {
                let allowed = |question: &&Question| gate.decide(question.ids.0, &question.ids.1).is_allowed();
                questions.iter().filter(allowed).count() as u64
            }),
        ],
    );
}

fn by_name(gate: &Gate, question: &Question) -> bool {
    let Some(agent) = gate.agent(&question.agent) else { return false };
    let (entity, field) = match gate.thing(&question.thing) {
        Some(Thing::Entity(entity)) => (entity, None),
        Some(Thing::Field(entity, field)) => (entity, Some(field)),
        _ => return false,
    };
    let decision = if question.writes {
        gate.writes(agent, entity, field, Target::default())
    } else {
        gate.reads(agent, entity, field)
    };
    matches!(decision, Decision::Allowed)
}

/// The limit: what somebody would write who has just this table.
fn by_hand(agent: &str, thing: &str, writes: bool) -> bool {
    match agent {
        "LeadGen" => match thing {
            "Contact" | "Company" => true,
            "Deal.stage" | "Deal.value" | "Deal.probability" | "Deal.churn_risk" => !writes,
            _ => false,
        },
        "Qualification" => match thing {
            "Contact" | "Company" | "Deal" | "Deal.value" | "Deal.probability" | "Deal.churn_risk" => !writes,
            "Deal.stage" => true,
            _ => false,
        },
        "Conversion" => match thing {
            "Contact" | "Company" | "Deal.churn_risk" => !writes,
            "Deal" | "Deal.stage" | "Deal.value" | "Deal.probability" => true,
            _ => false,
        },
        "Lifecycle" => match thing {
            "Contact" | "Company" | "Deal" | "Deal.stage" | "Deal.value" | "Deal.probability" => !writes,
            "Deal.churn_risk" => true,
            _ => false,
        },
        _ => false,
    }
}

fn question(gate: &Gate, random: &mut Random) -> Question {
    let agent = AGENTS[random.below(AGENTS.len())];
    let thing = TABLE[random.below(TABLE.len())].0;
    let writes = random.below(2) == 1;
    let (entity, field) = match gate.thing(thing) {
        Some(Thing::Entity(entity)) => (entity, None),
        Some(Thing::Field(entity, field)) => (entity, Some(field)),
        other => panic!("{thing} is {other:?}"),
    };
    let attempt = if writes {
        Attempt::Write { entity, field, target: Target::default() }
    } else {
        Attempt::Read { entity, field }
    };
    let ids = (gate.agent(agent).expect("an agent of the table"), attempt);
    Question { agent: agent.into(), thing: thing.into(), writes, ids }
}

fn program() -> Program {
    let agent = |name: &&str| Agent {
        name: (*name).into(),
        runs: Vec::new(),
        hands: Vec::new(),
        docs: None,
        origin: Origin::default(),
    };
    let mut program = Program { agents: AGENTS.iter().map(agent).collect(), ..Program::default() };
    for (name, rights) in TABLE {
        let (entity, field) = name.split_once('.').map_or((name, None), |(entity, field)| (entity, Some(field)));
        let id = program.entity(entity).unwrap_or_else(|| {
            let table = entity.to_lowercase().into();
            program.entities.push(Entity { name: entity.into(), table, fields: Vec::new(), docs: None });
            EntityId(program.entities.len() as u32 - 1)
        });
        let about = field.map_or(PermissionObject::Entity(id), |field| {
            let fields = &mut program.entities[id.index()].fields;
            fields.push(Field {
                name: field.into(),
                column: field.into(),
                ty: Type::Text,
                optional: true,
                standard: true,
                origin: Origin::default(),
            });
            PermissionObject::Field(id, FieldId(fields.len() as u32 - 1))
        });
        let right = |right: &&str| Rights { read: !right.is_empty(), write: *right == "write", ..Rights::default() };
        let cells = rights.iter().map(right).collect();
        program.permissions.rows.push(PermissionRow { about, cells, origin: Origin::default(), words: "".into() });
    }
    program
}
