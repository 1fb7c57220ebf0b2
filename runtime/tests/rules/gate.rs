//! Permissions: the target table cell by cell, the rules of the table one by one, and agreement with a naive reading of it.

use compiler::program::{
    Action, ActionId, AgentId, EntityId, FieldId, PermissionObject, PermissionRow, Program, Rights, ScoreId,
};
use proptest::prelude::*;
use runtime::gate::{Attempt, Decision, Gate, Reason, Target, Thing};

use crate::team::{
    ACTIVITY, AGENTS, COMPANY, CONTACT, DEAL, EMAIL, ICP, LETTER, LOOK_UP, NAME, RESEARCH, STAGE, TABLE, agent_named,
    program, rights,
};

const OTHERS: Target<'static> = Target { purpose: None, own: false };
const OWN: Target<'static> = Target { purpose: None, own: true };

fn denied<'a>(row: u32, reason: Reason) -> Decision<'a> {
    Decision::Denied { row: Some(row), reason }
}

/// What each agent may do with what the table names, as one letter an agent: `r`ead, `w`rite, `c`reate, `a`sk, `-` nothing.
fn letters(gate: &Gate, name: &str) -> String {
    let letter = |agent: &&str| {
        let agent = gate.agent(agent).unwrap();
        let (reads, writes, creates) = match gate.thing(name).unwrap() {
            Thing::Entity(entity) => (
                gate.reads(agent, entity, None),
                gate.writes(agent, entity, None, OTHERS),
                gate.creates(agent, entity, None),
            ),
            Thing::Field(entity, field) => {
                let writes = gate.writes(agent, entity, Some(field), OTHERS);
                (gate.reads(agent, entity, Some(field)), writes, writes)
            }
            Thing::Score(score) => {
                (gate.reads_score(agent, score), gate.scores(agent, score), gate.scores(agent, score))
            }
            Thing::Action(action) => {
                let acts = gate.acts(agent, action);
                (acts, acts, acts)
            }
            Thing::Spend => panic!("nobody spends as such"),
        };
        match (reads, writes, creates) {
            (_, Decision::AskHuman { .. }, _) => 'a',
            (Decision::Allowed, Decision::Allowed, Decision::Allowed) => 'w',
            (Decision::Allowed, Decision::Denied { .. }, Decision::Allowed) => 'c',
            (Decision::Allowed, Decision::Denied { .. }, Decision::Denied { .. }) => 'r',
            (Decision::Denied { .. }, Decision::Denied { .. }, Decision::Denied { .. }) => '-',
            other => panic!("{other:?}"),
        }
    };
    AGENTS.iter().map(letter).collect()
}

#[test]
fn the_target_table_cell_by_cell() {
    let gate = Gate::new(&program(TABLE));
    for (name, expected) in [
        ("Contact", "wrrr"),
        ("Contact.first_name", "wrrr"),
        ("Contact.needs.stated", "wrrr"),
        ("needs", "wrrr"),
        ("objections", "wrrr"),
        ("Contact.icp", "rwrr"),
        ("Company.industry", "wrrr"),
        ("Company.fit", "wrrr"),
        ("Deal", "-cwr"),
        ("Deal.name", "-rwr"),
        ("Deal.stage", "rwwr"),
        ("Deal.value", "rrwr"),
        ("Deal.health", "-rwr"),
        ("Activity", "rrrr"),
        ("conversation", "rrrr"),
        ("message", "rrrr"),
        ("research", "wwww"),
        ("look_up", "aaaa"),
        ("send.email", "aaa-"),
        ("send.letter", "----"),
        ("offer", "----"),
    ] {
        assert_eq!(letters(&gate, name), expected, "{name}");
    }
    assert_eq!(gate.thing("contact.icp"), Some(Thing::Score(ICP)));
    assert_eq!(gate.thing("spend"), Some(Thing::Spend));
    for unknown in ["send", "Deal.churn_risk", "deal.", "", "Kontakt", "contact.first_nam", "contact.first_name "] {
        assert_eq!(gate.thing(unknown), None, "{unknown}");
    }
    assert_eq!(gate.agent("leadgen"), None);
}

#[test]
fn a_denial_names_its_row_and_why() {
    let gate = Gate::new(&program(TABLE));
    let [lead, qualification, conversion, lifecycle] = AGENTS.map(agent_named);
    assert_eq!(gate.reads(lead, DEAL, None), denied(3, Reason::Empty));
    assert_eq!(gate.writes(lead, DEAL, Some(STAGE), OTHERS), denied(4, Reason::OnlyReads));
    assert_eq!(gate.scores(lead, ICP), denied(1, Reason::OnlyReads));
    assert_eq!(gate.acts(lead, LETTER), Decision::Denied { row: None, reason: Reason::NoRow });
    assert_eq!(gate.acts(lifecycle, EMAIL), denied(9, Reason::Empty));
    // A row about a field that nobody has declared is about nothing.
    assert_eq!(gate.creates(lifecycle, DEAL, None), denied(3, Reason::OnlyReads));
    // Who may only create may fill in and change what it made, but not what somebody else did.
    assert_eq!(gate.creates(qualification, DEAL, None), Decision::Allowed);
    assert_eq!(gate.writes(qualification, DEAL, Some(NAME), OWN), Decision::Allowed);
    assert_eq!(gate.writes(qualification, DEAL, Some(NAME), OTHERS), denied(3, Reason::OnlyCreates));
    assert_eq!(gate.writes(qualification, DEAL, None, OTHERS), denied(3, Reason::OnlyCreates));
    assert_eq!(gate.writes(qualification, DEAL, Some(FieldId(1)), OWN), denied(5, Reason::OnlyReads));
    // Whose the approval has to be.
    assert_eq!(gate.acts(conversion, EMAIL), Decision::AskHuman { role: Some("founder") });
    assert_eq!(gate.acts(qualification, EMAIL), Decision::AskHuman { role: Some("closer") });
    assert_eq!(gate.acts(lead, EMAIL), Decision::AskHuman { role: None });
}

#[test]
fn activities_are_for_their_purposes() {
    let gate = Gate::new(&program(TABLE));
    let lead = agent_named("LeadGen");
    let outreach = Some("outreach");
    assert_eq!(gate.creates(lead, ACTIVITY, outreach), Decision::Allowed);
    assert_eq!(gate.creates(lead, ACTIVITY, Some("proposal")), denied(8, Reason::OtherPurpose));
    assert_eq!(gate.creates(lead, ACTIVITY, None), denied(8, Reason::OtherPurpose));
    let target = |purpose, own| Target { purpose, own };
    assert_eq!(gate.writes(lead, ACTIVITY, None, target(outreach, false)), Decision::Allowed);
    assert_eq!(gate.writes(lead, ACTIVITY, None, target(Some("proposal"), true)), denied(8, Reason::OtherPurpose));
    let gate = Gate::new(&program("| Activity | create outreach, proposal | | | |"));
    assert_eq!(gate.creates(lead, ACTIVITY, Some("proposal")), Decision::Allowed);
    assert_eq!(gate.writes(lead, ACTIVITY, None, target(outreach, true)), Decision::Allowed);
    assert_eq!(gate.writes(lead, ACTIVITY, None, target(outreach, false)), denied(0, Reason::OnlyCreates));
}

#[test]
fn the_specific_row_wins_and_of_two_alike_the_first() {
    let lead = agent_named("LeadGen");
    let gate = Gate::new(&program(
        "| Deal | write | | | |\n| Deal.stage | read | | | |\n| Deal.stage | write | | | |\n| Deal | | | | |",
    ));
    assert_eq!(gate.writes(lead, DEAL, Some(STAGE), OTHERS), denied(1, Reason::OnlyReads));
    assert_eq!(gate.writes(lead, DEAL, Some(NAME), OTHERS), Decision::Allowed);
    assert_eq!(gate.reads(lead, COMPANY, None), Decision::Denied { row: None, reason: Reason::NoRow });
    // An empty cell in a field's row takes away what its entity's row gives.
    let gate = Gate::new(&program("| Deal | write | | | |\n| Deal.stage | | | | |"));
    assert_eq!(gate.reads(lead, DEAL, Some(STAGE)), denied(1, Reason::Empty));
}

#[test]
fn nothing_external_goes_without_a_person_whatever_the_cell_says() {
    let gate =
        Gate::new(&program("| send.letter | write | | | |\n| send.email | write | | | |\n| spend | write | | | |"));
    let lead = agent_named("LeadGen");
    assert_eq!(gate.acts(lead, LETTER), Decision::AskHuman { role: None });
    assert_eq!(gate.acts(lead, EMAIL), Decision::AskHuman { role: None });
    // What costs nothing and stays among us needs no row of its own; what costs needs leave to spend.
    assert_eq!(gate.acts(lead, RESEARCH), Decision::Allowed);
    assert_eq!(gate.acts(lead, LOOK_UP), Decision::Allowed);
    assert_eq!(gate.acts(agent_named("Lifecycle"), LOOK_UP), denied(2, Reason::Empty));
    let gate = Gate::new(&program("| send.email | ask human | | | |\n| research | ask human | | | |"));
    assert_eq!(gate.acts(lead, EMAIL), Decision::Denied { row: None, reason: Reason::NoRow });
    assert_eq!(gate.acts(lead, RESEARCH), Decision::AskHuman { role: None });
    assert_eq!(gate.acts(agent_named("Lifecycle"), RESEARCH), denied(1, Reason::Empty));
}

#[test]
fn what_is_not_there_is_denied() {
    let gate = Gate::new(&program(TABLE));
    let (lead, nobody) = (agent_named("LeadGen"), AgentId(4));
    for agent in [nobody, AgentId(u32::MAX)] {
        assert_eq!(gate.reads(agent, CONTACT, None), Decision::UNKNOWN);
        assert_eq!(gate.acts(agent, RESEARCH), Decision::UNKNOWN);
    }
    for (entity, field) in
        [(4, None), (u32::MAX, None), (u32::MAX, Some(u32::MAX)), (0, Some(2)), (3, Some(2)), (0, Some(u32::MAX))]
    {
        assert_eq!(gate.reads(lead, EntityId(entity), field.map(FieldId)), Decision::UNKNOWN, "{entity} {field:?}");
    }
    for beyond in [3, u32::MAX] {
        assert_eq!(gate.scores(lead, ScoreId(beyond)), Decision::UNKNOWN);
    }
    for beyond in [5, 6, u32::MAX] {
        assert_eq!(gate.acts(lead, ActionId(beyond)), Decision::UNKNOWN);
    }
    let none = Gate::new(&Program::default());
    assert_eq!(none.reads(AgentId(0), EntityId(0), None), Decision::UNKNOWN);
}

/// The table read as its documentation says, each time from its beginning.
struct Naive<'a>(&'a Program);

impl<'a> Naive<'a> {
    fn row(&self, about: &PermissionObject) -> Option<(u32, &'a PermissionRow)> {
        (0..).zip(&self.0.permissions.rows).find(|(_, row)| row.about == *about)
    }

    fn cell(
        &self,
        agent: AgentId,
        specific: &PermissionObject,
        general: Option<EntityId>,
    ) -> Option<(u32, &'a Rights)> {
        let general = general.and_then(|entity| self.row(&PermissionObject::Entity(entity)));
        let (number, row) = self.row(specific).or(general)?;
        Some((number, &row.cells[agent.index()]))
    }

    fn may(cell: Option<(u32, &'a Rights)>, reads: bool, target: Target<'_>) -> Decision<'a> {
        let Some((row, rights)) = cell else { return Decision::Denied { row: None, reason: Reason::NoRow } };
        let no = |reason| denied(row, reason);
        let may_read = rights.read || rights.write || rights.create;
        if reads {
            return if may_read { Decision::Allowed } else { no(Reason::Empty) };
        }
        if !(rights.write || rights.ask.is_some() || (rights.create && target.own)) {
            return no(match (rights.create, may_read) {
                (true, _) => Reason::OnlyCreates,
                (false, true) => Reason::OnlyReads,
                (false, false) => Reason::Empty,
            });
        }
        if !rights.only.is_empty() && !rights.only.iter().any(|only| Some(only.as_str()) == target.purpose) {
            return no(Reason::OtherPurpose);
        }
        match rights.ask.as_deref() {
            None => Decision::Allowed,
            Some("human") => Decision::AskHuman { role: None },
            role => Decision::AskHuman { role },
        }
    }

    fn decide(&self, agent: AgentId, attempt: &Attempt<'_>) -> Decision<'a> {
        let record = |entity, field: Option<FieldId>| match field {
            Some(field) => self.cell(agent, &PermissionObject::Field(entity, field), Some(entity)),
            None => self.cell(agent, &PermissionObject::Entity(entity), None),
        };
        let score = |score: ScoreId| {
            let entity = self.0.scores[score.index()].entity;
            self.cell(agent, &PermissionObject::Score(entity, score), Some(entity))
        };
        match *attempt {
            Attempt::Read { entity, field } => Self::may(record(entity, field), true, OTHERS),
            Attempt::Write { entity, field, target } => Self::may(record(entity, field), false, target),
            Attempt::Create { entity, purpose } => {
                Self::may(record(entity, None), false, Target { purpose, own: true })
            }
            Attempt::ReadScore(id) => Self::may(score(id), true, OTHERS),
            Attempt::Score(id) => Self::may(score(id), false, OTHERS),
            Attempt::Act(id) => self.acts(agent, id, &self.0.actions[id.index()]),
        }
    }

    fn acts(&self, agent: AgentId, id: ActionId, action: &Action) -> Decision<'a> {
        let own = self.cell(agent, &PermissionObject::Action(id), None);
        let mut said = Vec::new();
        if own.is_some() || action.external {
            said.push(Self::may(own, false, OWN));
        }
        if action.cost.is_some() {
            said.push(Self::may(self.cell(agent, &PermissionObject::Spend, None), false, OWN));
        }
        if let Some(no) = said.iter().find(|decision| matches!(decision, Decision::Denied { .. })) {
            return *no;
        }
        let mut roles = said.iter().filter_map(|decision| match decision {
            Decision::AskHuman { role } => Some(*role),
            _ => None,
        });
        let asks = action.external || roles.clone().next().is_some();
        if asks { Decision::AskHuman { role: roles.find_map(|role| role) } } else { Decision::Allowed }
    }
}

fn objects() -> impl Strategy<Value = PermissionObject> {
    prop_oneof![
        (0..4_u32).prop_map(|entity| PermissionObject::Entity(EntityId(entity))),
        (0..2_u32).prop_map(|field| PermissionObject::Field(DEAL, FieldId(field))),
        (0..1_u32).prop_map(|field| PermissionObject::Field(COMPANY, FieldId(field))),
        Just(PermissionObject::Score(CONTACT, ScoreId(0))),
        Just(PermissionObject::Score(DEAL, ScoreId(1))),
        Just(PermissionObject::Undeclared(DEAL, "churn_risk".into())),
        (0..5_u32).prop_map(|action| PermissionObject::Action(ActionId(action))),
        Just(PermissionObject::Spend),
    ]
}

const CELLS: [&str; 10] = [
    "",
    "read",
    "write",
    "create",
    "write outreach",
    "create outreach, proposal",
    "ask human",
    "ask founder",
    "ask closer",
    "write proposal",
];

fn programs() -> impl Strategy<Value = Program> {
    let cells = proptest::collection::vec(proptest::sample::select(&CELLS[..]), 4);
    proptest::collection::vec((objects(), cells), 0..12).prop_map(|rows| {
        let mut program = program("");
        let row = |(about, cells): (PermissionObject, Vec<&str>)| PermissionRow {
            about,
            cells: cells.into_iter().map(rights).collect(),
            origin: compiler::program::Origin::default(),
            words: "".into(),
        };
        program.permissions.rows = rows.into_iter().map(row).collect();
        program
    })
}

/// Everything that can be attempted of what there is.
fn attempts(program: &Program) -> Vec<Attempt<'static>> {
    let mut attempts = Vec::new();
    for purpose in [None, Some("outreach"), Some("proposal"), Some("other")] {
        for (id, entity) in (0..).map(EntityId).zip(&program.entities) {
            attempts.push(Attempt::Create { entity: id, purpose });
            let fields = (0..).map(FieldId).zip(&entity.fields).map(|(field, _)| Some(field));
            for field in fields.chain([None]) {
                attempts.push(Attempt::Read { entity: id, field });
                for own in [false, true] {
                    attempts.push(Attempt::Write { entity: id, field, target: Target { purpose, own } });
                }
            }
        }
    }
    for id in (0..3).map(ScoreId) {
        attempts.extend([Attempt::ReadScore(id), Attempt::Score(id)]);
    }
    attempts.extend((0..5).map(|id| Attempt::Act(ActionId(id))));
    attempts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_gate_says_what_the_table_says(program in programs()) {
        let gate = Gate::new(&program);
        for attempt in attempts(&program) {
            for agent in (0..4).map(AgentId) {
                let expected = Naive(&program).decide(agent, &attempt);
                prop_assert_eq!(gate.decide(agent, &attempt), expected, "{:?} {:?}", agent, attempt);
            }
        }
    }
}
