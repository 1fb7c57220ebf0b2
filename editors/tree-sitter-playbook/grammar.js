/**
 * The language of playbooks, as docs/language.md and language/src/grammar say it, for editors: what is right is read as
 * the compiler reads it; what only the compiler can refuse may pass here.
 *
 * A word of the language is a keyword only where it means something, so keywords stand in rules and never in a list.
 * Where a clause ends is told by src/scanner.c.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

/** `a, b, c`, with a comma behind the last one where `open`. */
const commas = (rule) => seq(rule, repeat(seq(',', rule)));
const open_commas = (rule) => seq(commas(rule), optional(','));

/** Words that begin something else in this place, and are names all the same where nothing of it follows. */
const names_too = ($, ...words) => words.map((word) => alias(word, $.identifier));

const path = ($, ...words) =>
  prec.left(seq(choice($.identifier, ...names_too($, ...words)), repeat(seq('.', $.identifier))));

/** What stands in whose block. A `refine` may remove members from most. */
const BLOCKS = {
  client: ($) => $._client_clause,
  fields: ($) => $.fields_clause,
  refined_fields: ($) => choice($.fields_clause, $.remove_clause),
  phrases: ($) => choice($.phrase_clause, $.remove_clause),
  score: ($) => choice($._score_clause, $.remove_clause),
  layer: ($) => $.rule,
  route: ($) => $.route_line,
  learn: ($) => $._learn_clause,
  kill: ($) => choice($.pause_clause, $.diagnose_clause),
  source: ($) => choice($._source_clause, $.remove_clause),
  test: ($) => $._test_clause,
  record: ($) => $.entries,
  agent: ($) => choice($._agent_clause, $.remove_clause),
  permissions: ($) => $.permissions_row,
  priority: ($) => $.priority_clause,
  contact_policy: ($) => $._contact_policy_clause,
  template: ($) => choice($.template_clause, $.remove_clause),
  experiment: ($) => choice($._experiment_clause, $.remove_clause),
  workflow: ($) => choice($._workflow_clause, $.remove_clause),
  stage: ($) => $._stage_clause,
  handoff: ($) => $._handoff_clause,
  feedback: ($) => $.feedback_clause,
  publish: ($) => $.publish_clause,
  refined_publish: ($) => choice($.publish_clause, $.remove_clause),
  rubric: ($) => choice($.rubric_clause, $.remove_clause),
  scenario: ($) => $._scenario_clause,
  backtest: ($) => $._backtest_clause,
};

/** Clauses in braces; on one line there is only one, or a list that commas part. */
const clauses = ($, clause) =>
  seq(
    alias($._block_open, '{'),
    repeat(choice(seq(clause, $._clause_end), $._broken_off)),
    optional(clause),
    alias($._block_close, '}'),
  );

const block = ($, whose) => alias($[`_${whose}_block`], $.block);

module.exports = grammar({
  name: 'playbook',

  word: ($) => $.identifier,

  // The last two never come: one tells the scanner that it is in a text of several lines, the other calls it everywhere.
  externals: ($) => [$._clause_end, $._block_open, $._block_close, $._broken_off, $._in_long_text, $._anywhere],

  extras: ($) => [/[\s\ufeff]/, $.doc_comment, $.comment, $._anywhere],

  supertypes: ($) => [$._declaration],

  inline: ($) => [$._name_or_human],

  conflicts: ($) => [
    // `where a and …`: the filter goes on, or the condition around it.
    [$.filter],
    // `is hot or …`: another value, or another condition.
    [$.is_test],
  ],

  rules: {
    source_file: ($) => repeat(choice(seq($._declaration, $._clause_end), $._broken_off)),

    _declaration: ($) =>
      choice(
        $.client_declaration,
        $.use_declaration,
        $.entity_declaration,
        $.extend_declaration,
        $.event_declaration,
        $.fact_declaration,
        $.score_declaration,
        $.phrases_declaration,
        $.objection_declaration,
        $.source_declaration,
        $.test_declaration,
        $.refine_declaration,
        $.agent_declaration,
        $.permissions_declaration,
        $.priority_declaration,
        $.contact_policy_declaration,
        $.action_declaration,
        $.template_declaration,
        $.experiment_declaration,
        $.workflow_declaration,
        $.feedback_declaration,
        $.goal_declaration,
        $.publish_declaration,
        $.forecast_declaration,
        $.rubric_declaration,
        $.scenario_declaration,
        $.backtest_declaration,
      ),

    // ── Names and literals ───────────────────────────────────────────────────

    identifier: () => /[A-Za-z_][A-Za-z0-9_]*/,
    path: ($) => path($),
    number: () => /[0-9][0-9_]*(\.[0-9][0-9_]*)?[A-Za-z0-9_]*/,
    percentage: () => /[0-9][0-9_]*(\.[0-9][0-9_]*)?%/,
    date: () => /[0-9]{4}-[0-9]{2}-[0-9]{2}/,
    time: () => /[0-9]{1,2}:[0-9]{2}/,
    duration: ($) => seq($.number, optional('business'), $.unit),
    unit: () =>
      choice(
        'second', 'seconds', 'minute', 'minutes', 'hour', 'hours', 'day', 'days',
        'week', 'weeks', 'month', 'months', 'year', 'years',
      ),
    weekday: () => choice('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'),
    money: ($) => seq(alias($.identifier, $.currency), $.number),
    points: ($) => seq(choice('+', '-'), $.number),
    because: ($) => seq('because', $.text),
    within: ($) => seq('within', $.duration),
    actor: ($) => $._name_or_human,
    _name_or_human: ($) => choice(prec.right(seq('human', optional($.identifier))), $.identifier),

    comment: () => token(seq('//', /[^\r\n]*/)),
    doc_comment: () => token(prec(1, choice(/\/\/\/[^\/\r\n][^\r\n]*/, /\/\/\//))),

    text: ($) =>
      choice(
        seq('"', repeat(choice($._text_content, $._fallback_in_text, $._brace, $.escape)), token.immediate('"')),
        seq('"""', repeat(choice($._long_content, $._long_quote, $._brace, $.escape, $._in_long_text)), token.immediate('"""')),
      ),
    // In a template, `{name}` stands for a fact.
    template_text: ($) =>
      choice(
        seq('"', repeat(choice($._text_content, $.placeholder, $.escape)), token.immediate('"')),
        seq('"""', repeat(choice($._long_content, $._long_quote, $.placeholder, $.escape, $._in_long_text)), token.immediate('"""')),
      ),
    placeholder: ($) => seq(alias($._brace, '{'), $.path, optional(seq('else', $.text)), '}'),
    escape: () => token.immediate(/\\[^\r\n]/),
    _text_content: () => token.immediate(prec(1, /[^"\\{\r\n]+/)),
    _long_content: () => token.immediate(prec(1, /[^"\\{]+/)),
    _long_quote: () => token.immediate(/""?/),
    _brace: () => token.immediate('{'),
    // Its quotes do not end the text around them, in a template or not.
    _fallback_in_text: () => token.immediate(prec(2, /\{[A-Za-z0-9_. ]+ else *"[^"\r\n]*" *\}/)),

    // ── Conditions and terms ─────────────────────────────────────────────────

    condition: ($) => prec.right(seq($._operand, repeat(seq($._connective, $._operand)))),
    _connective: () => choice('and', 'or'),
    _operand: ($) => seq(optional('not'), choice($.mentions, $.happened, $.judged)),

    mentions: ($) => prec.right(seq($.quantity, 'conversation', 'mentions', $.identifier, optional($.window))),
    happened: ($) => prec.right(seq($.quantity, $.query)),
    quantity: ($) => choice('any', 'no', seq('at', choice('least', 'most'), $.number), seq('exactly', $.number)),
    query: ($) => prec.right(seq($._events, optional($.where), optional($.window))),
    _events: ($) => choice(alias($._event_path, $.path), seq('[', open_commas($.path), ']')),
    _event_path: ($) => path($, 'conversation'),
    window: ($) => seq('in', 'the', 'last', $.duration),
    _fresh: ($) => seq('known', $.window),

    where: ($) => seq('where', $.filter),
    filter: ($) => seq($._filter_operand, repeat($._filter_more)),
    _filter_more: ($) => prec.dynamic(1, seq($._connective, $._filter_operand)),
    _filter_operand: ($) => seq(optional('not'), $.filtered),
    filtered: ($) => prec.right(seq($._term, optional($._test))),

    judged: ($) =>
      prec.right(
        seq(
          $._term,
          optional(
            choice(
              seq($._test, optional(choice($._fresh, $.window))),
              seq($.window, optional(seq($._test, optional(choice($._fresh, $.window))))),
              // A record in a workflow, in tests.
              seq(optional('not'), 'in', $.path),
            ),
          ),
        ),
      ),
    _test: ($) => choice($.is_test, $.comparison, $.has_test, $.text_test),
    comparison: ($) => prec.right(seq(choice('<', '<=', '>', '>=', '=', '==', '!='), $._term)),
    is_test: ($) =>
      seq(
        'is',
        optional('not'),
        choice(
          seq('one', 'of', $.list),
          seq('from', $._term, 'to', $._term),
          'missing',
          'known',
          seq('in', $.path),
          seq(optional(choice('certainly', 'provisionally')), $._term, repeat($._or_value)),
        ),
      ),
    _or_value: ($) => prec.dynamic(1, seq('or', choice($.amount, $.text, $.boolean, $.path))),
    has_test: ($) => seq('has', optional(seq(choice('any', 'all', 'none'), 'of')), $._factor),
    text_test: ($) => seq(choice('starts', 'ends', 'contains'), $.text),

    _term: ($) => choice($._factor, $.arithmetic),
    arithmetic: ($) =>
      choice(
        prec.left(2, seq($._term, choice('*', '/'), $._term)),
        prec.left(1, seq($._term, choice('+', '-'), $._term)),
      ),
    _factor: ($) =>
      choice(
        $.amount,
        $.text,
        $.boolean,
        $.list,
        $.group,
        $.money,
        $.moment,
        'today',
        'now',
        $.aggregate,
        alias($._term_path, $.path),
      ),
    _term_path: ($) =>
      path($, 'any', 'at', 'exactly', 'count', 'average', 'median', 'sum', 'highest', 'lowest', 'latest'),
    group: ($) => seq('(', $.condition, ')'),
    list: ($) => seq('[', optional(open_commas($._term)), ']'),
    aggregate: ($) =>
      prec.right(
        seq(
          choice(
            seq('count', 'of', $._events),
            seq(choice('average', 'median', 'sum', 'highest', 'lowest', 'latest'), $.path),
          ),
          optional($.where),
        ),
      ),
    moment: ($) => prec.right(seq($.date, optional($.time))),
    amount: ($) => seq(optional('-'), choice($.number, $.duration, $.percentage)),
    boolean: () => choice('yes', 'no'),

    // ── Clients and modules ──────────────────────────────────────────────────

    client_declaration: ($) => seq('client', field('name', $.text), block($, 'client')),
    _client_clause: ($) =>
      choice($.currency_clause, $.timezone_clause, $.hours_clause, $.holidays_clause, $.people_clause, $.allow_clause),
    currency_clause: ($) => seq('currency', alias($.identifier, $.currency)),
    timezone_clause: ($) => seq('timezone', $.text),
    hours_clause: ($) => seq('hours', $.weekday, optional(seq('to', $.weekday)), ',', $.time, 'to', $.time),
    holidays_clause: ($) => seq('holidays', commas($.date)),
    people_clause: ($) => seq('people', commas($.person)),
    person: ($) => seq(field('name', $.identifier), $.text),
    allow_clause: ($) => seq('allow', $.lint, 'because', $.text),
    lint: ($) => seq($.identifier, repeat(seq('-', $.identifier))),

    use_declaration: ($) => seq('use', $.module),
    module: ($) => seq(optional(seq('.', '/')), $.identifier, repeat(seq('.', $.identifier))),

    refine_declaration: ($) =>
      seq(
        'refine',
        choice(
          seq('score', field('name', $.path), block($, 'score')),
          seq('phrases', field('name', $.path), block($, 'phrases')),
          seq('objection', field('name', $.path), block($, 'phrases')),
          seq('source', field('name', $.path), block($, 'source')),
          seq('workflow', field('name', $.path), block($, 'workflow')),
          seq('agent', field('name', $.path), block($, 'agent')),
          seq('template', field('name', $.path), block($, 'template')),
          seq('experiment', field('name', $.path), block($, 'experiment')),
          seq('rubric', field('name', $.path), block($, 'rubric')),
          seq('publish', field('name', $.path), block($, 'refined_publish')),
          seq(choice('action', 'event', 'entity'), field('name', $.path), block($, 'refined_fields')),
          seq('permissions', block($, 'permissions')),
          seq('priority', block($, 'priority')),
          seq('contact', 'policy', block($, 'contact_policy')),
        ),
      ),
    remove_clause: ($) => seq('remove', field('name', $.identifier)),

    // ── Records and happenings ───────────────────────────────────────────────

    entity_declaration: ($) => seq('entity', field('name', $.identifier), block($, 'fields')),
    extend_declaration: ($) => seq('extend', field('name', $.identifier), block($, 'fields')),
    event_declaration: ($) => seq('event', field('name', $.path), optional(block($, 'fields'))),
    fields_clause: ($) => open_commas($.field),
    field: ($) => seq(field('name', $.path), ':', field('type', $.type)),
    type: ($) =>
      seq(
        optional(seq('list', 'of')),
        optional(seq('list', 'of')),
        choice($.yes_no, $.one_of, $.identifier),
        optional('?'),
      ),
    yes_no: () => seq('yes', '/', 'no'),
    one_of: ($) => seq('one', 'of', '[', open_commas($.identifier), ']'),

    fact_declaration: ($) => seq('fact', field('name', $.identifier), 'of', $.identifier, 'is', $.condition),

    phrases_declaration: ($) => seq('phrases', field('name', $.identifier), block($, 'phrases')),
    objection_declaration: ($) =>
      seq('objection', field('name', $.identifier), optional('hidden'), block($, 'phrases')),
    phrase_clause: ($) => open_commas($.text),

    // ── Scores ───────────────────────────────────────────────────────────────

    score_declaration: ($) =>
      seq(
        'score', field('name', $.identifier), 'for', field('entity', $.identifier), optional($.fading),
        block($, 'score'),
      ),
    _score_clause: ($) => choice($.layer, $.rule, $.route, $.learn, $.kill),
    fading: ($) => seq('fading', 'by', 'half', 'every', $.duration),
    layer: ($) =>
      seq(
        'layer', field('name', $.identifier), optional(seq('weight', $.percentage)), optional($.fading),
        optional(seq('once', $.path, 'is', 'reported')), block($, 'layer'),
      ),
    rule: ($) => seq($.points, choice($.when, $.each), optional($.because)),
    when: ($) => seq('when', $.condition, optional($.change)),
    each: ($) => seq('each', $.query, optional(seq(',', 'up', 'to', $.number))),
    change: ($) => seq(choice('fell', 'rose'), 'by', $.percentage, 'against', 'the', $.duration, 'before'),
    route: ($) => seq('route', block($, 'route')),
    route_line: ($) =>
      seq(field('name', $.identifier), choice('otherwise', seq('when', $.condition)), optional($.because)),
    learn: ($) => seq('learn', block($, 'learn')),
    _learn_clause: ($) => choice($.outcome_clause, $.trust_clause, $.keep_clause, $.adopt_clause, $.learned_clause),
    outcome_clause: ($) =>
      seq(choice('good', 'bad'), choice(seq('on', commas($.outcome)), seq('when', $.condition))),
    outcome: ($) => choice(seq('no', $.path, $.duration, 'after', $.path), $.path),
    trust_clause: ($) => seq('trust', 'after', $.number, 'decisions'),
    keep_clause: ($) => seq('keep', 'each', 'weight', 'from', $.percentage, 'to', $.percentage),
    adopt_clause: ($) => seq('adopt', 'on', 'approved', 'by', $.identifier),
    learned_clause: ($) => seq('learned', 'from', $.number, 'decisions', 'until', $.date),
    kill: ($) =>
      seq(
        'kill', 'when', $.number, 'scored', $.identifier, 'bring', 'fewer', 'than', $.number, $.path, $.within,
        block($, 'kill'),
      ),
    pause_clause: ($) => seq('pause', $.identifier),
    diagnose_clause: ($) => seq('ask', $.identifier, 'to', 'diagnose', optional(seq('by', $.identifier))),

    // ── Sources ──────────────────────────────────────────────────────────────

    source_declaration: ($) =>
      seq(
        'source', field('name', $.path), 'from', $.identifier, optional(commas($.text)), 'into', optional('existing'),
        field('entity', $.path), optional(seq('by', $.path)), block($, 'source'),
      ),
    _source_clause: ($) =>
      choice(
        $.signature_clause, $.reports_clause, $.missing_clause, $.decimal_clause, $.separator_clause, $.encoding_clause,
        $.mapping,
      ),
    signature_clause: ($) => seq('signature', open_commas($.text)),
    reports_clause: ($) => seq('reports', commas($.path), 'since', $.date, optional(seq('until', $.date))),
    missing_clause: ($) => seq('missing', commas($.text)),
    decimal_clause: () => seq('decimal', 'comma'),
    separator_clause: ($) => seq('separator', $.text),
    encoding_clause: ($) => seq('encoding', $.text),
    mapping: ($) =>
      seq(
        field('name', alias($._mapped_path, $.path)), 'from', $.text, repeat(seq('or', $.text)),
        optional($._conversion), repeat(seq(',', $._conversion)),
      ),
    _mapped_path: ($) => path($, 'signature', 'reports', 'missing', 'decimal', 'separator', 'encoding'),
    _conversion: ($) => choice($.split, $.means, $.others, $.converted, $.lookup),
    split: ($) => seq('split', 'by', $.text),
    means: ($) => seq(commas($.text), choice('means', 'mean'), $._meaning),
    others: ($) => seq('others', choice('mean', 'means'), $._meaning),
    _meaning: ($) => choice('missing', 'empty', $.boolean, $.path),
    converted: ($) =>
      seq('as', choice(seq('date', $.text), seq('time', $.text), $.unit, alias($.identifier, $.currency))),
    lookup: ($) => seq('lookup', $.identifier, 'by', $.path, optional(seq('or', 'create'))),

    // ── Tests ────────────────────────────────────────────────────────────────

    test_declaration: ($) => seq('test', field('name', $.text), block($, 'test')),
    _test_clause: ($) => choice($.given, $.expect, $.happens),
    given: ($) =>
      seq(
        'given',
        choice(
          seq('now', $.moment),
          seq('silent', commas($.path)),
          seq('conversation', $.text, optional($._ago)),
          seq($.path, 'in', $.path),
          seq(optional($.number), $.path, optional(block($, 'record')), optional($._ago)),
        ),
      ),
    _ago: ($) => seq(',', $.duration, 'ago'),
    entries: ($) => open_commas($.entry),
    entry: ($) =>
      choice(
        seq(field('name', $.path), block($, 'record')),
        seq(field('name', $.path), ':', choice('missing', $._term)),
      ),
    expect: ($) =>
      seq(
        'expect',
        choice(
          seq('asks', choice('nothing', commas($.path))),
          seq(choice('denied', 'allowed'), optional($.because)),
          seq($.condition, repeat($._could)),
        ),
      ),
    _could: ($) => seq(',', 'could', choice('reach', seq('fall', 'to')), optional('-'), $.number),
    happens: ($) =>
      seq(
        'when',
        choice(
          seq($.identifier, 'tries', $.act),
          seq($.identifier, choice('approves', 'rejects', seq('rates', optional('-'), $.number))),
          seq($.duration, choice('pass', 'passes')),
          seq($.path, optional(block($, 'record'))),
        ),
      ),

    // ── The team ─────────────────────────────────────────────────────────────

    agent_declaration: ($) => seq('agent', field('name', $.identifier), optional(block($, 'agent'))),
    _agent_clause: ($) => choice($.runs_clause, $.hands_clause),
    runs_clause: ($) => seq('runs', commas($.identifier)),
    hands_clause: ($) => seq('hands', $.text, 'to', $.identifier),

    permissions_declaration: ($) => seq('permissions', block($, 'permissions')),
    permissions_row: ($) => seq('|', optional(commas($.path)), '|', repeat1(seq(optional($.cell), '|'))),
    cell: ($) =>
      choice('read', seq(choice('write', 'create'), optional(commas($.identifier))), seq('ask', $.identifier), $.identifier),

    priority_declaration: ($) => seq('priority', block($, 'priority')),
    priority_clause: ($) =>
      seq(
        $.identifier, 'over', commas($.identifier), optional(seq('while', $.condition)),
        optional(seq(',', 'others', choice('wait', 'stop'))), optional($.because),
      ),

    contact_policy_declaration: ($) => seq('contact', 'policy', block($, 'contact_policy')),
    _contact_policy_clause: ($) => choice($.consent_clause, $.unsubscribe_clause, $.quiet_clause, $.cap_clause),
    consent_clause: ($) => seq('consent', 'for', '[', open_commas($.identifier), ']', optional($.because)),
    unsubscribe_clause: ($) =>
      seq(
        'unsubscribe', 'in', 'every', $.identifier, optional(seq(',', 'honoured', $.within)), optional($.because),
      ),
    quiet_clause: ($) =>
      seq(
        'quiet', 'outside', choice(seq('hours', optional(seq('of', $.path))), seq($.time, 'to', $.time)),
        optional($.because),
      ),
    cap_clause: ($) => seq('at', 'most', $.number, $.identifier, repeat1($._per), optional($.because)),
    _per: ($) => seq('per', choice($.duration, $.unit, $.identifier)),

    action_declaration: ($) =>
      seq(
        'action', field('name', $.identifier), optional(field('way', $.identifier)), choice('internal', 'external'),
        optional(seq('cost', $.money)), optional(block($, 'fields')),
      ),

    template_declaration: ($) => seq('template', field('name', $.identifier), block($, 'template')),
    template_clause: ($) => seq(choice('subject', 'body'), $.template_text),

    experiment_declaration: ($) => seq('experiment', field('name', $.identifier), block($, 'experiment')),
    _experiment_clause: ($) =>
      choice(
        $.try_clause, $.success_clause, $.choose_clause, $.exposure_clause, $.hold_out_clause, $.forget_clause,
        $.stop_clause,
      ),
    choose_clause: ($) => seq('choose', optional('by'), $.identifier),
    exposure_clause: ($) => seq('at', 'least', $.percentage, 'each'),
    hold_out_clause: ($) => seq('hold', 'out', $.percentage),
    forget_clause: ($) => seq('forget', 'by', 'half', 'every', $.duration),
    stop_clause: ($) => seq('stop', 'when', 'one', 'is', 'best', 'with', $.percentage, 'after', $.number, 'each'),
    try_clause: ($) => seq('try', commas($.identifier)),
    success_clause: ($) => seq('success', $.path, optional($.within)),

    rubric_declaration: ($) =>
      seq(
        'rubric', field('name', $.identifier), 'from', $.path, optional(seq(',', 'confirmed', 'by', $.actor)),
        block($, 'rubric'),
      ),
    rubric_clause: ($) => seq($.number, $.text),

    // ── Workflows ────────────────────────────────────────────────────────────

    workflow_declaration: ($) =>
      seq(
        'workflow', field('name', $.identifier), 'for', field('entity', $.identifier), optional(seq('by', $.actor)),
        block($, 'workflow'),
      ),
    _workflow_clause: ($) => choice($.status_clause, $.start, $.stage, $.handoff, $.end),
    status_clause: ($) => seq('status', $.maturity),
    maturity: () => choice('draft', 'documented', 'measured', 'approved'),
    start: ($) =>
      seq(
        'start',
        choice(
          seq('on', $.path, optional($.where)),
          seq(
            'every', choice(seq($.weekday, optional(seq('to', $.weekday))), $.duration, $.unit),
            optional(seq('at', $.time)), optional(seq('for', $.identifier, optional($.where))),
            optional(seq(',', 'at', 'most', $.number)),
          ),
          seq('when', $.condition, optional($.crossing)),
        ),
      ),
    crossing: ($) => seq(choice(seq('rises', 'above'), seq('falls', 'below')), $._term),
    stage: ($) =>
      seq(
        'stage', field('name', $.identifier),
        optional(seq('at', 'most', $.number, 'times', ',', 'then', field('target', $.identifier))),
        optional(seq('by', $.actor)),
        optional(seq('only', 'when', $.condition, ',', 'else', field('target', $.identifier))),
        block($, 'stage'),
      ),
    _stage_clause: ($) => choice($.do_clause, $.require_clause, $.ask_clause, $.next),
    do_clause: ($) => seq('do', $.act),
    act: ($) =>
      seq(
        field('verb', $.identifier), optional($.path),
        repeat(seq(choice('by', 'via', 'to', 'with', 'for', 'on'), $.path)),
      ),
    require_clause: ($) => seq('require', commas($.condition)),
    ask_clause: ($) => seq('ask', $._asked, optional(seq(',', 'remind', 'every', $.duration))),
    _asked: ($) =>
      seq(
        $.actor, 'to', field('answer', $.identifier), repeat(seq('or', field('answer', $.identifier))),
        optional($.path), optional(seq('by', $.identifier)), optional($.within),
      ),
    next: ($) =>
      seq(
        'next', field('target', $.identifier),
        choice(
          seq('when', $.condition),
          seq('on', $.path, repeat(seq('or', $.path))),
          seq('after', $.duration),
          'otherwise',
        ),
        optional($.because),
      ),
    handoff: ($) =>
      seq(
        'handoff', field('name', $.identifier), 'to', field('workflow', $.identifier), block($, 'handoff'),
      ),
    _handoff_clause: ($) => choice($.brief_clause, $.accepted_clause),
    brief_clause: ($) => seq('brief', commas($.brief_item)),
    brief_item: ($) =>
      choice(
        seq(choice('top', 'last'), $.number, $.identifier),
        seq($.path, optional(choice(seq('by', $.identifier), $.identifier))),
      ),
    accepted_clause: ($) =>
      seq('accepted', $.within, optional(seq(',', 'else', choice(seq('ask', $.identifier), $.identifier)))),
    end: ($) => seq('end', field('name', $.identifier), 'as', $.path, optional($.because)),

    feedback_declaration: ($) =>
      seq(
        'feedback', 'from', field('from', $.identifier), 'to', field('to', $.identifier), block($, 'feedback'),
      ),
    feedback_clause: ($) =>
      seq(
        'when', $.number, $.identifier, optional(seq('in', 'a', 'row')), 'share', 'a', 'reason', ',', 'ask', $._asked,
      ),

    // ── Goals and what is told ───────────────────────────────────────────────

    goal_declaration: ($) => seq('goal', optional(field('name', $.identifier)), field('title', $.text), $._measure),
    _measure: ($) =>
      choice(
        seq($.limit, optional($._per), 'of', $.measured),
        seq('every', $.identifier, 'at', 'least', $.maturity),
        seq('share', 'of', $.path, 'in', $._period, $.number, 'over', $._period, $.number),
      ),
    _period: ($) => choice($.unit, $.identifier),
    limit: ($) =>
      seq(
        choice(seq('at', choice('least', 'most')), 'over', 'under'),
        choice($.money, $.percentage, $.duration, $.number),
      ),
    measured: ($) =>
      seq(
        $.path, optional($.identifier),
        optional(seq(choice('with', 'entering', 'per'), $.path, optional($.identifier))),
      ),

    publish_declaration: ($) =>
      seq(
        'publish', field('name', $.identifier), 'on', choice(seq('end', 'of', $.identifier), $.path),
        block($, 'publish'),
      ),
    publish_clause: ($) => open_commas($.publish_item),
    publish_item: ($) => seq($.path, optional(seq('by', $.identifier))),

    forecast_declaration: ($) =>
      seq('forecast', field('name', $.path), 'from', commas($.path), optional(seq('learn', 'from', commas($.path)))),

    scenario_declaration: ($) => seq('scenario', field('name', $.text), block($, 'scenario')),
    _scenario_clause: ($) =>
      choice($.leads_clause, $.seed_clause, $.human_clause, $.buyer_clause, $.seeds_clause),
    leads_clause: ($) =>
      seq('leads', $.number, $._per, 'from', $.text, optional(seq('for', $.duration))),
    seed_clause: ($) => seq('seed', $.number),
    human_clause: ($) =>
      seq(
        choice('human', $.identifier), $.identifier, $.percentage, optional($.within),
        optional(seq(',', 'at', 'most', $.number, $._per)),
      ),
    buyer_clause: ($) =>
      seq(
        'buyer', $.path, optional(choice(seq('to', $.path), $.path)), optional(seq('after', $.path)), $.percentage,
        optional($.within), optional(seq('when', $.condition, ',', $.percentage, 'otherwise')),
        optional(seq(',', 'else', $.path)),
      ),
    seeds_clause: ($) => seq('expect', $.identifier, 'in', $.limit, 'of', 'seeds'),

    backtest_declaration: ($) => seq('backtest', field('name', $.text), block($, 'backtest')),
    _backtest_clause: ($) => choice($.of_clause, $.judge_clause, $.figure_clause),
    of_clause: ($) => seq('of', $.identifier),
    judge_clause: ($) => seq('judge', 'from', $.date),
    figure_clause: ($) =>
      seq('expect', $.identifier, optional(seq('of', $.identifier)), optional('certainly'), $.limit),

    ...Object.fromEntries(Object.entries(BLOCKS).map(([whose, clause]) => [`_${whose}_block`, ($) => clauses($, clause($))])),
  },
});
