//! A team to try the gate with: the target table of four agents, written as in a playbook, and a generator of others.

use compiler::program::{
    Action, ActionId, Agent, AgentId, Entity, EntityId, Field, FieldId, Fixed, Guard, Loser, Origin, PermissionObject,
    PermissionRow, Priority, Program, Rights, Score, ScoreId, Type, WorkflowId,
};
use smol_str::SmolStr;

pub(crate) const AGENTS: [&str; 4] = ["LeadGen", "Qualification", "Conversion", "Lifecycle"];

/// `team.playbook`, lines 1 to 11.
pub(crate) const TABLE: &str = "
| Contact          | write          | read                | read           | read               |
| Contact.icp      | read           | write               | read           | read               |
| Company          | write          | read                | read           | read               |
| Deal             |                | create              | write          | read               |
| Deal.stage       | read           | write               | write          | read               |
| Deal.value       | read           | read                | write          | read               |
| Deal.probability | read           | read                | write          | read               |
| Deal.churn_risk  | read           | read                | read           | write              |
| Activity         | write outreach | write qualification | write proposal | write health_check |
| send.email       | ask human      | ask human           | ask founder    |                    |
| spend            | ask human      | ask closer          | ask closer     | ask human          |";

/// Two kinds of records with a score, a kind with neither; an internal action, three external ones, two that cost.
pub(crate) fn program(table: &str) -> Program {
    let mut program = Program { files: vec!["team.playbook".into()], ..Program::default() };
    program.agents = AGENTS.iter().map(|name| agent(name)).collect();
    program.entities = vec![
        entity("Contact", &["first_name", "needs.stated"]),
        entity("Company", &["industry"]),
        entity("Deal", &["stage", "value", "probability", "name"]),
        entity("Activity", &["subject", "body"]),
    ];
    program.scores = vec![score("icp", 0), score("health", 2), score("fit", 1)];
    program.actions = vec![
        action("research", None, false, 0),
        action("look_up", None, false, 3),
        action("send", Some("email"), true, 1),
        action("send", Some("letter"), true, 0),
        action("offer", None, true, 0),
    ];
    let rows = (1..).zip(table.trim().lines()).map(|(line, row)| {
        let parts: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let cells = parts[1..].iter().map(|cell| rights(cell)).collect();
        let origin = Origin { line, ..Origin::default() };
        PermissionRow { about: about(&program, parts[0]), cells, origin, words: SmolStr::default() }
    });
    program.permissions.rows = rows.collect();
    program
}

pub(crate) fn agent_named(name: &str) -> AgentId {
    AgentId(u32::try_from(AGENTS.iter().position(|known| *known == name).unwrap()).unwrap())
}

fn agent(name: &str) -> Agent {
    Agent { name: name.into(), runs: Vec::new(), hands: Vec::new(), docs: None, origin: Origin::default() }
}

fn entity(name: &str, fields: &[&str]) -> Entity {
    let field = |name: &&str| Field {
        name: (*name).into(),
        column: name.replace('.', "_").into(),
        ty: Type::Text,
        optional: true,
        standard: true,
        origin: Origin::default(),
    };
    Entity {
        name: name.into(),
        table: name.to_lowercase().into(),
        fields: fields.iter().map(field).collect(),
        docs: None,
    }
}

fn score(name: &str, entity: u32) -> Score {
    Score {
        name: name.into(),
        entity: EntityId(entity),
        docs: None,
        weighted: false,
        layers: Vec::new(),
        routes: Vec::new(),
        labels: Vec::new(),
        trust_after: None,
        learn: None,
        kill: None,
        origin: Origin::default(),
    }
}

fn action(name: &str, variant: Option<&str>, external: bool, cost: i64) -> Action {
    Action {
        name: name.into(),
        variant: variant.map(SmolStr::from),
        external,
        cost: (cost > 0).then_some(Fixed(cost)),
        origin: Origin::default(),
    }
}

/// As the compiler reads a cell.
pub(crate) fn rights(cell: &str) -> Rights {
    let (right, rest) = cell.split_once(' ').unwrap_or((cell, ""));
    let only = rest.split(", ").filter(|word| !word.is_empty()).map(SmolStr::from).collect();
    match right {
        "" => Rights::default(),
        "read" => Rights { read: true, ..Rights::default() },
        "write" => Rights { write: true, read: true, only, ..Rights::default() },
        "create" => Rights { create: true, read: true, only, ..Rights::default() },
        "ask" => Rights { ask: Some(rest.into()), ..Rights::default() },
        other => panic!("no right is called {other}"),
    }
}

fn about(program: &Program, name: &str) -> PermissionObject {
    if name == "spend" {
        return PermissionObject::Spend;
    }
    let action = |action: &Action| match &action.variant {
        Some(variant) => name == format!("{}.{variant}", action.name),
        None => name == action.name,
    };
    if let Some(place) = program.actions.iter().position(action) {
        return PermissionObject::Action(ActionId(u32::try_from(place).unwrap()));
    }
    let (entity, field) = name.split_once('.').unwrap_or((name, ""));
    let entity = program.entity(entity).unwrap();
    if field.is_empty() {
        return PermissionObject::Entity(entity);
    }
    if let Some(score) = program.score(field) {
        return PermissionObject::Score(entity, score);
    }
    let fields = &program.entities[entity.index()].fields;
    match fields.iter().position(|known| known.name == field) {
        Some(place) => PermissionObject::Field(entity, FieldId(u32::try_from(place).unwrap())),
        None => PermissionObject::Undeclared(entity, field.into()),
    }
}

/// `Qualification over LeadGen while contact is in workflow 3`
pub(crate) fn priority(first: &str, over: &[&str], guard: Option<u32>, loser: Loser, because: &str) -> Priority {
    let names = if over.is_empty() { "everyone".to_owned() } else { over.join(", ") };
    let words = guard.map_or_else(String::new, |guard| format!(" while contact is in W{guard}"));
    Priority {
        first: agent_named(first),
        over: over.iter().map(|name| agent_named(name)).collect(),
        guard: guard.map(|number| Guard::In { workflow: WorkflowId(number), stage: None }),
        loser,
        because: Some(because.into()),
        words: format!("{first} over {names}{words}").into(),
        origin: Origin { line: 20, ..Origin::default() },
    }
}

/// The ids of what the tests speak of.
pub(crate) const CONTACT: EntityId = EntityId(0);
pub(crate) const COMPANY: EntityId = EntityId(1);
pub(crate) const DEAL: EntityId = EntityId(2);
pub(crate) const ACTIVITY: EntityId = EntityId(3);
pub(crate) const STAGE: FieldId = FieldId(0);
pub(crate) const NAME: FieldId = FieldId(3);
pub(crate) const ICP: ScoreId = ScoreId(0);
pub(crate) const RESEARCH: ActionId = ActionId(0);
pub(crate) const LOOK_UP: ActionId = ActionId(1);
pub(crate) const EMAIL: ActionId = ActionId(2);
pub(crate) const LETTER: ActionId = ActionId(3);
