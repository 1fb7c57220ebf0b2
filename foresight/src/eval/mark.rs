//! From how many points on a playbook takes a text for good enough.

use compiler::program::{Comparison, Fixed, Guard, Program, RubricId, StageKind};

/// The most points that a stage requires of a message by that rubric, `require message.spcl >= 60`; none where no stage does.
#[must_use]
pub fn pass_mark(program: &Program, rubric: RubricId) -> Option<Fixed> {
    let stages = program.workflows.iter().flat_map(|workflow| &workflow.stages);
    let required = stages.flat_map(|stage| match &stage.kind {
        StageKind::Stage(body) => body.requires.as_slice(),
        StageKind::Handoff(_) | StageKind::End(_) => &[],
    });
    required.filter_map(|required| mark(&required.guard, rubric)).max()
}

/// What all alternatives would have to reach is not asked: only what has to hold in any case is a mark.
fn mark(guard: &Guard, rubric: RubricId) -> Option<Fixed> {
    match guard {
        Guard::All(parts) => parts.iter().filter_map(|part| mark(part, rubric)).max(),
        Guard::Message { rubric: of, operator: Comparison::AtLeast, value } if *of == rubric => Some(*value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_the_most_that_a_stage_requires() {
        let head = "client \"Mark\" {\n  currency NZD\n  timezone \"UTC\"\n}\nuse std.crm\nuse std.actions\nuse std.spcl\n\
                    template hello { body \"Hi\" }\nagent Seller { runs Greeting }\npermissions {\n  | | Seller |\n  | Activity | write |\n}\n";
        let stage = |name: &str, require: &str, to: &str| {
            format!(
                "  stage {name} {{\n    do write hello via email\n    do rate message by spcl\n    require {require}\n    next {to} when complete\n    next End after 2 days\n  }}\n"
            )
        };
        let text = format!(
            "{head}workflow Greeting for Contact by Seller {{\n{}{}{}  end End as over\n}}\n",
            stage("One", "message.spcl >= 30 and message.status_shown >= 10", "Two"),
            stage("Two", "message.spcl >= 60", "Three"),
            stage("Three", "message.spcl <= 90 or message.power_shown >= 25", "End"),
        );
        let compiled = compiler::compile::compile_unproven("mark.playbook", &text);
        let found: Vec<&String> = compiled.diagnostics.iter().map(|found| &found.headline).collect();
        let program = compiled.program.unwrap_or_else(|| panic!("{found:#?}"));
        let of = |name: &str| {
            let place = program.rubrics.iter().position(|rubric| rubric.name == name).unwrap();
            pass_mark(&program, RubricId(u32::try_from(place).unwrap()))
        };
        assert_eq!(of("spcl"), Some(Fixed::from_integer(60)));
        assert_eq!(of("status_shown"), Some(Fixed::from_integer(10)));
        assert_eq!(of("power_shown"), None);
    }
}
