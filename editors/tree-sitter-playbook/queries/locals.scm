; A file is one scope: whatever is declared in it is known in all of it, and a workflow's stages in the workflow.

(source_file) @local.scope
(workflow_declaration) @local.scope
(score_declaration) @local.scope

(fact_declaration name: (identifier) @local.definition)
(score_declaration name: (identifier) @local.definition)
(phrases_declaration name: (identifier) @local.definition)
(objection_declaration name: (identifier) @local.definition)
(agent_declaration name: (identifier) @local.definition)
(action_declaration name: (identifier) @local.definition)
(template_declaration name: (identifier) @local.definition)
(experiment_declaration name: (identifier) @local.definition)
(workflow_declaration name: (identifier) @local.definition)
(rubric_declaration name: (identifier) @local.definition)
(entity_declaration name: (identifier) @local.definition)
(layer name: (identifier) @local.definition)
(stage name: (identifier) @local.definition)
(handoff name: (identifier) @local.definition)
(end name: (identifier) @local.definition)

(path . (identifier) @local.reference)
(next target: (identifier) @local.reference)
(stage target: (identifier) @local.reference)
(handoff workflow: (identifier) @local.reference)
(mentions (identifier) @local.reference)
(act verb: (identifier) @local.reference)
