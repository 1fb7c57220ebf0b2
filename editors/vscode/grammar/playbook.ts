/**
 * The TextMate grammar: colours before the server answers, and where there is none. Words are keywords only where they
 * mean something, so most rules say in which block they hold.
 */

import { type Rule, block, declaration, first, headed, include, match, scope, words } from "./rules.ts";
import { types, units } from "./words.ts";

const keyword = "keyword.other";
const control = "keyword.control";
const label = "entity.name.label";
const member = "variable.other.member";
const name = "[A-Za-z_]\\w*";
const path = `${name}(?:\\s*\\.\\s*${name})*`;

const clause = (...all: string[]): Rule => first(`(${all.join("|")})(?![\\w.])(?!\\s*:)`, keyword);

/** Texts on one line and on several, quoted. */
const texts = (kind: string, ...inside: Rule[]): Rule[] =>
  [["triple", '"""', '"""'] as const, ["double", '"', '"|$'] as const].map(([quotes, begin, end]) => ({
    name: scope(kind.replace("quoted", `quoted.${quotes}`)),
    begin,
    end,
    beginCaptures: { "0": { name: scope("punctuation.definition.string.begin") } },
    endCaptures: { "0": { name: scope("punctuation.definition.string.end") } },
    patterns: inside,
  }));

const comment = (kind: string, begin: string): Rule => ({
  name: scope(`comment.line.${kind}`),
  begin,
  end: "$",
  beginCaptures: { "0": { name: scope("punctuation.definition.comment") } },
});

const repository: Record<string, Rule> = {
  comment: { patterns: [comment("documentation", "///(?!/)"), comment("double-slash", "//")] },

  text: { patterns: texts("string.quoted", include("escape"), { match: '\\{[\\w. ]+ else *"[^"]*" *\\}' }) },
  template_text: { patterns: texts("string.quoted", include("escape"), include("placeholder")) },
  escape: { name: scope("constant.character.escape"), match: "\\\\." },
  placeholder: {
    name: scope("meta.interpolation"),
    begin: `\\{(?=\\s*${name})`,
    end: "\\}|$",
    beginCaptures: { "0": { name: scope("punctuation.section.interpolation.begin") } },
    endCaptures: { "0": { name: scope("punctuation.section.interpolation.end") } },
    patterns: [words(control, ["else"]), include("text"), include("path")],
  },
  because: {
    begin: "(?<![\\w.])(because)(?![\\w.])",
    end: '(?<=")|$|(?=[^\\s"])',
    beginCaptures: { "1": { name: scope(keyword) } },
    patterns: texts("string.quoted.reason", include("escape")),
  },

  literal: {
    patterns: [
      match("(?<![\\w.])(\\d{4}-\\d{2}-\\d{2})(?:\\s+(\\d{1,2}:\\d{2}))?(?!\\w)", "constant.numeric.date", "constant.numeric.time"),
      match("(?<![\\w.])(\\d{1,2}:\\d{2})(?!\\w)", "constant.numeric.time"),
      match("(?<![\\w.])([A-Z]{3})\\s+(\\d\\w*(?:\\.\\d\\w*)?)(?![%\\w])", "support.type.currency", "constant.numeric"),
      match(`(?<![\\w.])(\\d\\w*(?:\\.\\d\\w*)?)\\s+(${units})(?![\\w.])`, "constant.numeric", "support.type.unit"),
      match("(?<![\\w.])(\\d[\\d_]*(?:\\.\\d[\\d_]*)?%)", "constant.numeric.percentage"),
      match("(?<![\\w.])(\\d\\w*(?:\\.\\d\\w*)?)(?!\\w)", "constant.numeric"),
      include("text"),
    ],
  },
  path: {
    patterns: [
      {
        match: `(?<![\\w.])(${name})((?:\\s*\\.\\s*${name})*)`,
        captures: {
          "1": { name: scope("variable.other") },
          "2": {
            patterns: [
              { match: "\\.", name: scope("punctuation.accessor") },
              { match: name, name: scope(member) },
            ],
          },
        },
      },
    ],
  },
  punctuation: {
    patterns: [
      { match: ",", name: scope("punctuation.separator") },
      { match: "[\\[\\]]", name: scope("punctuation.section.brackets") },
      { match: "[()]", name: scope("punctuation.section.parens") },
      // The language has no such character outside of texts.
      { match: "[^\\w\\s\"{}\\[\\](),.:?|+\\-*/<>=!]", name: scope("invalid.illegal.character") },
    ],
  },

  condition: {
    patterns: [
      include("comment"),
      include("because"),
      match(
        `(?<![\\w.])(in)\\s+(the)\\s+(last)\\s+(\\d\\w*)\\s+(${units})(?![\\w.])`,
        keyword, keyword, keyword, "constant.numeric", "support.type.unit",
      ),
      match("(?<![\\w.])(known)(?=\\s+in\\s+the\\s+last)", keyword),
      match(
        "(?<![\\w.])(is)(?:\\s+(not))?(?:\\s+(one)\\s+(of)|\\s+(from)|\\s+(missing|known)|\\s+(in)|\\s+(certainly|provisionally))?(?![\\w.])",
        keyword, "keyword.operator.logical", keyword, keyword, keyword, keyword, keyword, keyword,
      ),
      match("(?<![\\w.])(has)(?:\\s+(any|all|none)\\s+(of))?(?![\\w.])(?!\\s*[:.])", keyword, keyword, keyword),
      match(`(?<![\\w.])(any|no)\\s+(conversation)\\s+(mentions)(?:\\s+(${name}))?`, keyword, keyword, keyword, "entity.name.function"),
      match("(?<![\\w.])(at)\\s+(least|most)(?![\\w.])", keyword, keyword),
      match("(?<![\\w.])(exactly)(?=\\s+\\d)", keyword),
      match("(?<![\\w.])(any|no)(?=\\s+(?!and\\b|or\\b|is\\b|has\\b|because\\b|known\\b|in\\b)[A-Za-z_\\[])", keyword),
      match("(?<![\\w.])(count)\\s+(of)(?![\\w.])", "support.function", keyword),
      match(`(?<![\\w.])(average|median|sum|highest|lowest|latest)(?=\\s+${name}\\s*\\.)`, "support.function"),
      match("(?<![\\w.])(fell|rose)\\s+(by)(?![\\w.])", keyword, keyword),
      match("(?<![\\w.])(against)\\s+(the)(?![\\w.])", keyword, keyword),
      match("(?<![\\w.])(rises)\\s+(above)(?![\\w.])|(?<![\\w.])(falls)\\s+(below)(?![\\w.])", keyword, keyword, keyword, keyword),
      match("(?<![\\w.])(starts|ends|contains)(?=\\s+\")", keyword),
      match("(?<![\\w.])(before)(?![\\w.])", keyword),
      words("keyword.operator.logical", ["and", "or", "not"]),
      words(keyword, ["where", "to"]),
      words("constant.language.boolean", ["yes", "no"]),
      words("constant.language", ["today", "now"]),
      { match: "<=|>=|==|!=|<|>|=", name: scope("keyword.operator.comparison") },
      { match: "[+*/-]", name: scope("keyword.operator.arithmetic") },
      include("literal"),
      include("punctuation"),
      include("path"),
    ],
  },

  field: {
    patterns: [
      {
        begin: `(${path})\\s*(:)`,
        end: "(?=[,}])|$|(?=//)",
        beginCaptures: {
          "1": { name: scope(member) },
          "2": { name: scope("punctuation.separator.key-value") },
        },
        patterns: [include("type")],
      },
      include("punctuation"),
    ],
  },
  type: {
    patterns: [
      match("(?<![\\w.])(list)\\s+(of)(?![\\w.])", keyword, keyword),
      {
        begin: "(?<![\\w.])(one)\\s+(of)\\s*(\\[)",
        end: "\\]",
        beginCaptures: {
          "1": { name: scope(keyword) },
          "2": { name: scope(keyword) },
          "3": { name: scope("punctuation.section.brackets") },
        },
        endCaptures: { "0": { name: scope("punctuation.section.brackets") } },
        patterns: [
          include("comment"),
          { match: name, name: scope("constant.other") },
          { match: ",", name: scope("punctuation.separator") },
        ],
      },
      { match: "yes\\s*/\\s*no", name: scope("support.type") },
      words("support.type", types),
      { match: name, name: scope("entity.name.type") },
      { match: "\\?", name: scope("keyword.operator.optional") },
    ],
  },
  phrases: { patterns: [include("text"), include("punctuation"), first(`(remove)\\s+(${name})`, keyword, label)] },
  remove: { patterns: [first(`(remove)\\s+(${name})`, keyword, label)] },

  rule: {
    patterns: [
      first("([+-]\\s*\\d\\w*(?:\\.\\d\\w*)?)\\s*(?:(when)|(each))?(?![\\w.])", "constant.numeric.points", control, control),
      match("(?<=,)\\s*(up)\\s+(to)(?![\\w.])", keyword, keyword),
      include("condition"),
    ],
  },
  fading: {
    patterns: [
      match("(?<![\\w.])(weight)\\s+(\\d[\\d.]*%)", keyword, "constant.numeric.percentage"),
      match("(?<![\\w.])(fading)\\s+(by)\\s+(half)\\s+(every)(?![\\w.])", keyword, keyword, keyword, keyword),
      match(`(?<![\\w.])(once)\\s+(${path})\\s+(is)\\s+(reported)(?![\\w.])`, keyword, "variable.other", keyword, keyword),
      include("literal"),
    ],
  },
  score: {
    patterns: [
      include("remove"),
      headed(`(layer)\\s+(${name})`, [keyword, label], [include("fading")], block(include("rule"))),
      headed("(route)(?=\\s*\\{|\\s*$)", [keyword], [], block(include("route"))),
      headed("(learn)(?=\\s*\\{|\\s*$)", [keyword], [], block(include("learn"))),
      headed(
        "(kill)\\s+(when)(?![\\w.])", [keyword, control],
        [words(keyword, ["scored", "bring", "fewer", "than", "within"]), include("literal"), include("path")],
        block(first(`(pause)(?:\\s+(${name}))?`, keyword, "entity.name.function"), include("questions")),
      ),
      include("rule"),
    ],
  },
  route: {
    patterns: [
      first(`(${name})\\s+(?:(when)|(otherwise))(?![\\w.])`, label, control, control),
      include("condition"),
    ],
  },
  learn: {
    patterns: [
      first("(good|bad)\\s+(on)(?![\\w.])", keyword, keyword),
      first("(good|bad)\\s+(when)(?![\\w.])", keyword, control),
      first("(trust)\\s+(after)(?![\\w.])", keyword, keyword),
      first("(keep)\\s+(each)\\s+(weight)\\s+(from)(?![\\w.])", keyword, keyword, keyword, keyword),
      first("(adopt)\\s+(on)\\s+(approved)\\s+(by)(?![\\w.])", keyword, keyword, keyword, keyword),
      first("(learned)\\s+(from)(?![\\w.])", keyword, keyword),
      match("(?<![\\w.])(decisions|until)(?![\\w.])|(?<![\\w.])(after|no|to)(?![\\w.])", keyword, keyword),
      include("condition"),
    ],
  },
  questions: {
    patterns: [
      match(
        `(?<![\\w.])(ask)\\s+(?:(human)(?:\\s+(?!to\\b)(${name}))?|(${name}))\\s+(to)(?![\\w.])`,
        keyword, "variable.language", "entity.name.type.role", "entity.name.type.role", keyword,
      ),
      words(keyword, ["or", "by", "within"]),
      match("(?<=,)\\s*(remind)\\s+(every)(?![\\w.])", keyword, keyword),
      include("literal"),
      include("punctuation"),
      include("path"),
    ],
  },

  client: {
    patterns: [
      first("(currency)\\s+([A-Z]{3})(?!\\w)", keyword, "support.type.currency"),
      clause("currency", "timezone", "holidays", "people"),
      first("(hours)\\s+(\\w+)(?:\\s+(to)\\s+(\\w+))?", keyword, "constant.language.weekday", keyword, "constant.language.weekday"),
      first("(allow)\\s+([\\w-]+)", keyword, "constant.other"),
      match(`(${name})(?=\\s+")(?<!because)`, "entity.name.type.role"),
      include("because"),
      words(keyword, ["to"]),
      include("literal"),
      include("punctuation"),
    ],
  },
  source: {
    patterns: [
      include("remove"),
      first(`(${path})\\s+(from)(?![\\w.])`, member, keyword),
      clause("signature", "reports", "missing", "separator", "encoding"),
      first("(decimal)\\s+(comma)(?![\\w.])", keyword, keyword),
      match(`(?<![\\w.])(means|mean)\\s+(missing|empty)(?![\\w.])`, keyword, keyword),
      match(`(?<![\\w.])(means|mean)\\s+(yes|no)(?![\\w.])`, keyword, "constant.language.boolean"),
      match(`(?<![\\w.])(as)\\s+(?:(date|time)|([A-Z]{3})|(${units}))(?![\\w.])`, keyword, keyword, "support.type.currency", "support.type.unit"),
      match(`(?<![\\w.])(lookup)(?:\\s+(${name})\\s+(by))?(?![\\w.])`, keyword, "entity.name.type", keyword),
      match("(?<![\\w.])(or)\\s+(create)(?![\\w.])", keyword, keyword),
      words(keyword, ["means", "mean", "others", "split", "by", "or", "since", "until"]),
      include("literal"),
      include("punctuation"),
      include("path"),
    ],
  },

  test: {
    patterns: [
      first("(given)\\s+(now|silent|conversation)(?![\\w.:])", control, keyword),
      first("(given)(?![\\w.])", control),
      first("(expect)\\s+(asks)(?:\\s+(nothing))?(?![\\w.])", control, keyword, keyword),
      first("(expect)\\s+(denied|allowed)(?![\\w.])", control, keyword),
      first("(expect)(?![\\w.])", control),
      first(`(when)\\s+(${name})\\s+(tries)(?:\\s+(${name}))?`, control, "entity.name.type.role", keyword, "entity.name.function.action"),
      first(`(when)\\s+(?:(human)|(${name}))\\s+(approves|rejects|rates)(?![\\w.])`, control, "variable.language", "entity.name.type.role", keyword),
      first("(when)(?![\\w.])", control),
      match("(?<=,)\\s*(could)\\s+(?:(reach)|(fall)\\s+(to))(?![\\w.])", keyword, keyword, keyword, keyword),
      match("(?<=\\w)\\s+(ago)(?![\\w.])", keyword),
      match("(?<![\\w.])(pass|passes)\\s*$", keyword),
      match("(?<![\\w.])(via)(?![\\w.])", keyword),
      match(`(?<=given\\s)\\s*(${name})\\s+(in)(?![\\w.])`, "variable.other", keyword),
      block(include("record")),
      include("condition"),
    ],
  },
  record: {
    patterns: [
      match(`(${path})\\s*(:)(?:\\s*(missing)(?![\\w.]))?`, member, "punctuation.separator.key-value", keyword),
      match(`(${path})(?=\\s*\\{)`, member),
      block(include("record")),
      words("constant.language.boolean", ["yes", "no"]),
      { match: "-(?=\\d)", name: scope("keyword.operator.arithmetic") },
      include("literal"),
      include("punctuation"),
      include("path"),
    ],
  },

  permissions: {
    patterns: [
      { match: "\\|", name: scope("punctuation.separator.table") },
      match("(?<=\\|)\\s*(read|write|create)(?=[\\s|])", "storage.modifier"),
      match(`(?<=\\|)\\s*(ask)\\s+(${name})`, "storage.modifier", "entity.name.type.role"),
      include("punctuation"),
      include("path"),
    ],
  },
  priority: {
    patterns: [
      first(`(${name})\\s+(over)\\s+(${name})`, "entity.name.type.role", keyword, "entity.name.type.role"),
      match("(?<=,)\\s*(others)\\s+(wait|stop)(?![\\w.])", keyword, keyword),
      words(keyword, ["while"]),
      include("condition"),
    ],
  },
  contact_policy: {
    patterns: [
      first("(consent)\\s+(for)(?![\\w.])", keyword, keyword),
      first("(unsubscribe)\\s+(in)\\s+(every)(?![\\w.])", keyword, keyword, keyword),
      match("(?<=,)\\s*(honoured)\\s+(within)(?![\\w.])", keyword, keyword),
      first("(quiet)\\s+(outside)(?:\\s+(hours)(?:\\s+(of))?)?(?![\\w.])", keyword, keyword, keyword, keyword),
      first("(at)\\s+(most)(?![\\w.])", keyword, keyword),
      match(`(?<![\\w.])(per)(?:\\s+(${units})(?![\\w.]))?`, keyword, "support.type.unit"),
      words(keyword, ["to"]),
      include("because"),
      include("literal"),
      include("punctuation"),
      include("path"),
    ],
  },
  agent: {
    patterns: [
      include("remove"),
      clause("runs", "hands"),
      match("(?<=\")\\s*(to)\\s+(?:(human)(?![\\w.])|(\\w+))", keyword, "variable.language", "entity.name.type.role"),
      include("text"),
      include("punctuation"),
      include("path"),
    ],
  },
  template: { patterns: [include("remove"), clause("subject", "body"), include("template_text")] },
  experiment: {
    patterns: [
      include("remove"),
      clause("try", "success"),
      first("(choose)\\s+(?:(by)\\s+)?(evenly|thompson|ucb)(?![\\w.])", keyword, keyword, "constant.language"),
      first("(at)\\s+(least)(?![\\w.])", keyword, keyword),
      first("(hold)\\s+(out)(?![\\w.])", keyword, keyword),
      first("(forget)\\s+(by)\\s+(half)\\s+(every)(?![\\w.])", keyword, keyword, keyword, keyword),
      first("(stop)\\s+(when)(?![\\w.])", keyword, control),
      words(keyword, ["within", "each", "one", "is", "best", "with", "after"]),
      include("literal"),
      include("punctuation"),
      include("path"),
    ],
  },
  rubric: { patterns: [include("remove"), include("literal")] },

  workflow: {
    patterns: [
      include("remove"),
      first("(status)\\s+(draft|documented|measured|approved)(?![\\w.])", keyword, "constant.language"),
      first("(start)\\s+(?:(on)|(every)|(when))(?![\\w.])", keyword, keyword, keyword, control),
      headed(`(stage)\\s+(${name})`, [keyword, label], [include("stage_header")], block(include("stage"))),
      headed(`(handoff)\\s+(${name})(?:\\s+(to)(?:\\s+(${name}))?)?`, [keyword, label, keyword, "entity.name.function"], [], block(include("handoff"))),
      first(`(end)\\s+(${name})(?:\\s+(as))?(?![\\w.])`, keyword, label, keyword),
      match(`(?<=every)\\s+(mon|tue|wed|thu|fri|sat|sun|${units})(?:\\s+(to)\\s+(mon|tue|wed|thu|fri|sat|sun))?(?![\\w.])`, "constant.language.weekday", keyword, "constant.language.weekday"),
      match("(?<![\\w.])(at)(?=\\s+\\d)", keyword),
      words(keyword, ["for"]),
      include("condition"),
    ],
  },
  actor: {
    patterns: [
      match(`(?<![\\w.])(by)\\s+(?:(human)(?:\\s+(?!at\\b|only\\b)(${name}))?|(${name}))`, keyword, "variable.language", "entity.name.type.role", "entity.name.type.role"),
    ],
  },
  stage_header: {
    patterns: [
      include("actor"),
      match("(?<![\\w.])(at)\\s+(most)(?![\\w.])", keyword, keyword),
      match(`(?<![\\w.])(times)\\s*,\\s*(then)(?:\\s+(${name}))?`, keyword, control, label),
      match(`(?<=,)\\s*(else)(?:\\s+(${name}))?`, control, label),
      match("(?<![\\w.])(only)\\s+(when)(?![\\w.])", control, control),
      include("condition"),
    ],
  },
  stage: {
    patterns: [
      first(`(do)(?:\\s+(${name}))?`, keyword, "entity.name.function.action"),
      first(`(next)(?:\\s+(${name})(?:\\s+(?:(when|otherwise)|(on|after))(?![\\w.]))?)?`, control, label, control, keyword),
      first("(require)(?![\\w.])", keyword),
      {
        begin: "(?:^|\\G)\\s*(?=ask\\b)",
        end: "$|(?=\\}|//)",
        patterns: [include("questions")],
      },
      words(keyword, ["by", "via", "with", "for", "on"]),
      include("condition"),
    ],
  },
  handoff: {
    patterns: [
      clause("brief"),
      first("(accepted)\\s+(within)(?![\\w.])", keyword, keyword),
      match(`(?<=,)\\s*(else)(?:\\s+(ask)\\s+(${name})|\\s+(${name}))?`, control, keyword, "entity.name.type.role", label),
      match("(?<![\\w.])(top|last)(?=\\s+\\d)", keyword),
      words(keyword, ["by"]),
      include("literal"),
      include("punctuation"),
      include("path"),
    ],
  },
  feedback: {
    patterns: [
      first("(when)(?![\\w.])", control),
      match("(?<![\\w.])(in)\\s+(a)\\s+(row)(?![\\w.])", keyword, keyword, keyword),
      match("(?<![\\w.])(share)\\s+(a)\\s+(reason)(?![\\w.])", keyword, keyword, keyword),
      include("questions"),
    ],
  },
  measure: {
    patterns: [
      match("(?<![\\w.])(at)\\s+(least|most)(?:\\s+(draft|documented|measured|approved)(?![\\w.]))?", keyword, keyword, "constant.language"),
      match(`(?<![\\w.])(per)(?:\\s+(${units})(?![\\w.]))?`, keyword, "support.type.unit"),
      match(`(?<![\\w.])(${units})(?=\\s+\\d)`, "support.type.unit"),
      words(keyword, ["over", "under", "of", "every", "share", "in", "with", "entering"]),
      include("literal"),
      include("path"),
    ],
  },
  publish: { patterns: [include("remove"), words(keyword, ["by"]), include("punctuation"), include("path")] },
  scenario: {
    patterns: [
      clause("leads", "seed", "buyer", "expect"),
      first("(human)(?![\\w.])", "variable.language"),
      match("(?<![\\w.])(in)\\s+(at)\\s+(least|most)(?![\\w.])", keyword, keyword, keyword),
      match("(?<![\\w.])(at)\\s+(most)(?![\\w.])", keyword, keyword),
      match("(?<![\\w.])(of)\\s+(seeds)(?![\\w.])", keyword, keyword),
      match("(?<![\\w.])(when|otherwise)(?![\\w.])", control),
      match(`(?<![\\w.])(per)(?:\\s+(${units})(?![\\w.]))?`, keyword, "support.type.unit"),
      words(keyword, ["from", "for", "within", "after", "else"]),
      include("condition"),
    ],
  },
  backtest: {
    patterns: [
      clause("of", "expect"),
      first("(judge)\\s+(from)(?![\\w.])", keyword, keyword),
      match("(?<![\\w.])(at)\\s+(least|most)(?![\\w.])", keyword, keyword),
      words(keyword, ["of", "certainly", "over", "under"]),
      include("literal"),
      include("punctuation"),
      include("path"),
    ],
  },
};

const type = "entity.name.type";
const defined = "entity.name.function";
const forEntity = match(`(?<![\\w.])(for)\\s+(${name})`, keyword, type);
const source = [
  match(`(?<![\\w.])(into)(?:\\s+(existing))?\\s+(${path})`, keyword, keyword, type),
  match(`(?<![\\w.])(by)\\s+(${path})`, keyword, "variable.other"),
  match("(?<![\\w.])(from)\\s+(\\w+)", keyword, "constant.other"),
  include("literal"),
  include("punctuation"),
];
const refined: [string, Rule][] = [
  ["score", block(include("score"))],
  ["phrases|objection", block(include("phrases"))],
  ["source", block(include("source"))],
  ["workflow", block(include("workflow"))],
  ["agent", block(include("agent"))],
  ["template", block(include("template"))],
  ["experiment", block(include("experiment"))],
  ["rubric", block(include("rubric"))],
  ["publish", block(include("publish"))],
  ["action|event|entity", block(include("remove"), include("field"))],
];

const declared: Rule[] = [
  declaration("client", undefined, [include("text")], block(include("client"))),
  declaration("use", undefined, [
    { match: "\\./", name: scope("punctuation.accessor") },
    { match: "\\.", name: scope("punctuation.accessor") },
    { match: name, name: scope("entity.name.namespace") },
  ]),
  declaration("entity|extend", type, [], block(include("field"))),
  declaration("event", defined, [], block(include("field"))),
  declaration("fact", defined, [match(`\\G\\s*(of)\\s+(${name})\\s+(is)(?![\\w.])`, keyword, type, keyword), include("condition")]),
  declaration("score", defined, [forEntity, include("fading")], block(include("score"))),
  declaration("phrases", defined, [], block(include("phrases"))),
  declaration("objection", defined, [words("storage.modifier", ["hidden"])], block(include("phrases"))),
  declaration("source", defined, source, block(include("source"))),
  declaration("test", undefined, [include("text")], block(include("test"))),
  ...refined.map(([kinds, inside]) => ({
    ...declaration("refine", undefined, [], inside),
    begin: `^(refine)\\s+(${kinds})(?:\\s+(${path}))?(?![\\w.])`,
    beginCaptures: match("", "storage.type", "storage.type", defined).captures ?? {},
  })),
  { ...declaration("refine permissions", undefined, [], block(include("permissions"))), begin: "^(refine)\\s+(permissions)\\b", beginCaptures: match("", "storage.type", "storage.type").captures ?? {} },
  { ...declaration("refine priority", undefined, [], block(include("priority"))), begin: "^(refine)\\s+(priority)\\b", beginCaptures: match("", "storage.type", "storage.type").captures ?? {} },
  { ...declaration("refine contact policy", undefined, [], block(include("contact_policy"))), begin: "^(refine)\\s+(contact)\\s+(policy)\\b", beginCaptures: match("", "storage.type", "storage.type", "storage.type").captures ?? {} },
  match("^(refine)\\b", "storage.type"),
  declaration("agent", "entity.name.type.role", [], block(include("agent"))),
  declaration("permissions", undefined, [], block(include("permissions"))),
  declaration("priority", undefined, [], block(include("priority"))),
  declaration("contact[ \\t]+policy", undefined, [], block(include("contact_policy"))),
  declaration(
    "action", "entity.name.function.action",
    [words("storage.modifier", ["internal", "external"]), words(keyword, ["cost"]), include("literal"), include("path")],
    block(include("field")),
  ),
  declaration("template", defined, [], block(include("template"))),
  declaration("experiment", defined, [], block(include("experiment"))),
  declaration("rubric", defined, [words(keyword, ["from", "confirmed"]), include("actor"), include("punctuation"), include("path")], block(include("rubric"))),
  declaration("workflow", defined, [forEntity, include("actor")], block(include("workflow"))),
  declaration("feedback", undefined, [match(`(?<![\\w.])(from|to)\\s+(${name})`, keyword, defined)], block(include("feedback"))),
  declaration("goal", defined, [include("measure")]),
  declaration("publish", defined, [words(keyword, ["on", "end", "of"]), include("path")], block(include("publish"))),
  declaration("forecast", defined, [words(keyword, ["from", "learn"]), include("punctuation"), include("path")]),
  declaration("scenario", undefined, [include("text")], block(include("scenario"))),
  declaration("backtest", undefined, [include("text")], block(include("backtest"))),
];

export const grammar = {
  name: "Playbook",
  scopeName: "source.playbook",
  fileTypes: ["playbook"],
  patterns: [include("comment"), ...declared],
  repository,
};
