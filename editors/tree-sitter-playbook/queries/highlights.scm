; What a word is, from where it stands: a field that is called `stage` is a field. Of two patterns the later one counts.

(identifier) @variable
(path (identifier) @variable)
(path (identifier) (identifier) @property)

; Declarations and their parts

[
  "client" "use" "entity" "extend" "event" "fact" "score" "phrases" "objection" "source" "test" "refine" "agent"
  "permissions" "priority" "contact" "policy" "action" "template" "experiment" "workflow" "feedback" "goal" "publish"
  "forecast" "rubric" "scenario" "backtest"
  "layer" "route" "learn" "kill" "stage" "handoff" "end" "start" "remove"
] @keyword

[
  "currency" "timezone" "hours" "holidays" "people" "allow" "signature" "reports" "missing" "decimal" "separator"
  "encoding" "given" "expect" "runs" "hands" "consent" "unsubscribe" "quiet" "subject" "body" "try" "success" "status"
  "do" "require" "ask" "brief" "accepted" "leads" "seed" "buyer" "good" "bad" "trust" "keep" "adopt" "pause"
  "learned" "choose" "hold" "forget" "judge"
] @keyword

[
  "hidden" "for" "fading" "by" "half" "every" "weight" "once" "is" "reported" "because" "each" "up" "to" "on" "after"
  "decisions" "from" "approved" "scored" "bring" "fewer" "than" "within" "diagnose" "of" "list" "one" "into" "existing"
  "since" "until" "comma" "split" "means" "mean" "others" "as" "date" "time" "lookup" "create" "silent" "ago" "asks"
  "nothing" "could" "reach" "fall" "tries" "denied" "allowed" "read" "write" "over" "while" "honoured" "outside" "per"
  "rises" "above" "falls" "below" "times" "only" "via" "with" "remind" "top" "share" "a" "row" "reason" "under"
  "entering" "out" "best" "seeds" "certainly" "internal" "external" "cost" "confirmed" "wait" "stop" "pass" "passes" "approves" "rejects" "rates" "fell"
  "rose" "against" "before" "the" "last" "in" "business" "empty" "known"
  "any" "at" "exactly" "least" "most" "count" "average" "median" "sum" "highest" "lowest" "latest" "conversation"
  "mentions" "where" "certainly" "provisionally" "has" "all" "none" "starts" "ends" "contains"
] @keyword

["when" "otherwise" "then" "else" "next"] @keyword.control
(quantity "no" @keyword)
(outcome "no" @keyword)
["and" "or" "not"] @keyword.operator
["now" "today"] @constant.builtin
"human" @variable.builtin
(unit) @type.builtin
(weekday) @constant.builtin
(maturity) @constant.builtin
(yes_no) @type.builtin

; Names

(module (identifier) @module)

(entity_declaration name: (identifier) @type)
(extend_declaration name: (identifier) @type)
(score_declaration entity: (identifier) @type)
(workflow_declaration entity: (identifier) @type)
(fact_declaration name: (identifier) (identifier) @type)
(source_declaration entity: (path (identifier) @type))
(lookup . (identifier) @type)
(type (identifier) @type)

(event_declaration name: (path (identifier) @function))
(fact_declaration name: (identifier) @function)
(score_declaration name: (identifier) @function)
(phrases_declaration name: (identifier) @function)
(objection_declaration name: (identifier) @function)
(source_declaration name: (path (identifier) @function))
(refine_declaration name: (path (identifier) @function))
(agent_declaration name: (identifier) @constructor)
(action_declaration name: (identifier) @function)
(action_declaration way: (identifier) @label)
(template_declaration name: (identifier) @function)
(experiment_declaration name: (identifier) @function)
(workflow_declaration name: (identifier) @function)
(feedback_declaration (identifier) @function)
(goal_declaration name: (identifier) @function)
(publish_declaration name: (identifier) @function)
(rubric_declaration name: (identifier) @function)
(remove_clause name: (identifier) @label)

(layer name: (identifier) @label)
(route_line name: (identifier) @label)
(stage name: (identifier) @label)
(handoff name: (identifier) @label)
(handoff workflow: (identifier) @function)
(end name: (identifier) @label)
(next target: (identifier) @label)
(stage target: (identifier) @label)
(person name: (identifier) @constructor)
(actor (identifier) @constructor)
(act verb: (identifier) @function.call)
(ask_clause answer: (identifier) @constant)
(feedback_clause answer: (identifier) @constant)
(mentions (identifier) @function)
(lint (identifier) @constant)

(field name: (path (identifier) @property))
(mapping name: (path (identifier) @property))
(entry name: (path (identifier) @property))
(one_of (identifier) @constant)
(list (path . (identifier) @constant .))
(cell (identifier) @constructor)

; Literals

(text) @string
(template_text) @string
(because (text) @string.special)
(client_declaration name: (text) @string.special)
(test_declaration name: (text) @string.special)
(scenario_declaration name: (text) @string.special)
(backtest_declaration name: (text) @string.special)
(escape) @string.escape
(placeholder ["{" "}"] @punctuation.special)
(placeholder "else" @keyword.control)
(placeholder (path (identifier) @variable))
(placeholder (path (identifier) (identifier) @property))
[(number) (percentage) (points)] @number
[(date) (time)] @number
(currency) @type.builtin
(boolean) @boolean

(comment) @comment
(doc_comment) @comment.documentation

["<" "<=" ">" ">=" "=" "==" "!=" "+" "-" "*" "/" "?"] @operator
["(" ")" "[" "]"] @punctuation.bracket
(block ["{" "}"] @punctuation.bracket)
["," "." ":" "|"] @punctuation.delimiter
(points ["+" "-"] @number)
(yes_no "/" @type.builtin)
