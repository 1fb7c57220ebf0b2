// Where a clause ends: at its line's end, outside brackets, unless the next line is indented deeper than the clause.
// Braces are told here too, for they open and close the columns that this is measured against. Knows no words but
// those that begin a declaration, which in column 0 end whatever is open.

#include "tree_sitter/parser.h"

#include <stdlib.h>
#include <string.h>

// BROKEN_OFF may stand where a clause begins: there it takes away what was begun and never ended. The last two never come.
enum Token { CLAUSE_END, BLOCK_OPEN, BLOCK_CLOSE, BROKEN_OFF, IN_LONG_TEXT, ANYWHERE };

// As deep as the language reads.
#define DEEPEST 66

typedef struct {
  // The column in which the clause at hand starts, for the file and for each open block.
  uint16_t columns[DEEPEST];
  uint16_t depth;
  // The token before was a `}`: its clause ends with its line, whatever comes below.
  bool behind_block;
  // Something was broken off and nothing has ended since: once in a place is enough.
  bool broken_off;
} Scanner;

static const char *const DECLARATIONS[] = {
    "client",   "use",         "entity",   "extend",  "event",    "fact",       "score",    "phrases", "objection",
    "source",   "test",        "refine",   "agent",   "permissions", "priority", "contact",  "action",  "template",
    "experiment", "workflow",  "feedback", "goal",    "publish",  "forecast",   "rubric",   "scenario",
};

static bool is_line_end(int32_t character) { return character == '\n' || character == '\r'; }

static bool is_blank(int32_t character) { return character == ' ' || character == '\t'; }

static bool is_word(int32_t character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
         (character >= '0' && character <= '9') || character == '_';
}

// What was passed on the way to the next character that is neither blank nor comment.
typedef struct {
  bool line_end;
  bool comment;
  // The `/` passed last begins no comment: it is what stands there.
  bool slash;
} Passed;

static Passed go_to_next(TSLexer *lexer) {
  Passed passed = {false, false, false};
  for (;;) {
    if (is_line_end(lexer->lookahead)) {
      passed.line_end = true;
      lexer->advance(lexer, true);
    } else if (is_blank(lexer->lookahead) || lexer->lookahead == 0xfeff) {
      lexer->advance(lexer, true);
    } else if (lexer->lookahead == '/') {
      lexer->advance(lexer, true);
      if (lexer->lookahead != '/') {
        passed.slash = true;
        return passed;
      }
      passed.comment = true;
      while (!lexer->eof(lexer) && !is_line_end(lexer->lookahead)) {
        lexer->advance(lexer, true);
      }
    } else {
      return passed;
    }
  }
}

static uint16_t column_of(TSLexer *lexer, Passed passed) {
  uint32_t column = lexer->get_column(lexer) - (passed.slash ? 1 : 0);
  return column > UINT16_MAX ? UINT16_MAX : (uint16_t)column;
}

// Whether a declaration's keyword stands here, `contact` with `policy` behind it. Reads on.
static bool declares(TSLexer *lexer) {
  char word[16];
  unsigned length = 0;
  while (is_word(lexer->lookahead)) {
    if (length + 1 >= sizeof word) {
      return false;
    }
    word[length++] = (char)lexer->lookahead;
    lexer->advance(lexer, true);
  }
  word[length] = '\0';
  for (unsigned index = 0; index < sizeof DECLARATIONS / sizeof *DECLARATIONS; index++) {
    if (strcmp(word, DECLARATIONS[index]) == 0) {
      if (strcmp(word, "contact") != 0) {
        return true;
      }
      if (!is_blank(lexer->lookahead)) {
        return false;
      }
      lexer->advance(lexer, true);
      const char *rest = "policy";
      while (*rest != '\0' && lexer->lookahead == *rest) {
        lexer->advance(lexer, true);
        rest++;
      }
      return *rest == '\0' && !is_word(lexer->lookahead);
    }
  }
  return false;
}

static bool open_block(Scanner *scanner, TSLexer *lexer) {
  lexer->advance(lexer, false);
  lexer->mark_end(lexer);
  Passed passed = go_to_next(lexer);
  if (scanner->depth + 1 < DEEPEST) {
    scanner->depth++;
  }
  scanner->columns[scanner->depth] = column_of(lexer, passed);
  scanner->behind_block = false;
  scanner->broken_off = false;
  lexer->result_symbol = BLOCK_OPEN;
  return true;
}

static bool close_block(Scanner *scanner, TSLexer *lexer) {
  if (scanner->depth > 0) {
    scanner->depth--;
  }
  scanner->behind_block = true;
  scanner->broken_off = false;
  lexer->result_symbol = BLOCK_CLOSE;
  return true;
}

// A clause ends here, at a line's end.
static bool end_clause(Scanner *scanner, TSLexer *lexer) {
  scanner->behind_block = false;
  scanner->broken_off = false;
  lexer->result_symbol = CLAUSE_END;
  return true;
}

static bool scan(Scanner *scanner, TSLexer *lexer, const bool *valid) {
  // After a mistake everything is said to be valid.
  bool recovers = valid[IN_LONG_TEXT] && valid[CLAUSE_END];
  if (valid[IN_LONG_TEXT] && !recovers) {
    return false;
  }
  lexer->mark_end(lexer);
  while (is_blank(lexer->lookahead)) {
    lexer->advance(lexer, true);
  }
  if (lexer->lookahead == '{') {
    return valid[BLOCK_OPEN] && open_block(scanner, lexer);
  }
  Passed passed = go_to_next(lexer);
  bool end_of_file = lexer->eof(lexer);
  bool brace = lexer->lookahead == '}' && !passed.slash;
  if (brace && valid[BLOCK_CLOSE] && !(valid[CLAUSE_END] && passed.line_end)) {
    if (passed.comment) {
      // It is a token of its own and comes first.
      return false;
    }
    lexer->advance(lexer, false);
    lexer->mark_end(lexer);
    return close_block(scanner, lexer);
  }
  if (!passed.line_end && !end_of_file) {
    return false;
  }
  uint16_t column = column_of(lexer, passed);
  bool restarts = end_of_file || (column == 0 && declares(lexer));
  if (restarts && (recovers || !(valid[CLAUSE_END] || valid[BLOCK_CLOSE] || valid[BROKEN_OFF]))) {
    bool again = scanner->broken_off;
    scanner->broken_off = true;
    lexer->result_symbol = BROKEN_OFF;
    return !again;
  }
  if (valid[CLAUSE_END]) {
    if (restarts || brace) {
      return end_clause(scanner, lexer);
    }
    if (!scanner->behind_block && column > scanner->columns[scanner->depth]) {
      return false;
    }
    scanner->columns[scanner->depth] = column;
    return end_clause(scanner, lexer);
  }
  // Its `}` is missing: the block ends where the next declaration begins.
  return valid[BLOCK_CLOSE] && restarts && scanner->depth > 0 && close_block(scanner, lexer);
}

void *tree_sitter_playbook_external_scanner_create(void) { return calloc(1, sizeof(Scanner)); }

void tree_sitter_playbook_external_scanner_destroy(void *payload) { free(payload); }

unsigned tree_sitter_playbook_external_scanner_serialize(void *payload, char *buffer) {
  const Scanner *scanner = payload;
  unsigned columns = (scanner->depth + 1u) * sizeof(uint16_t);
  buffer[0] = scanner->behind_block;
  buffer[1] = scanner->broken_off;
  memcpy(buffer + 2, scanner->columns, columns);
  return 2 + columns;
}

void tree_sitter_playbook_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  Scanner *scanner = payload;
  memset(scanner, 0, sizeof *scanner);
  if (length > 2) {
    scanner->behind_block = buffer[0];
    scanner->broken_off = buffer[1];
    memcpy(scanner->columns, buffer + 2, length - 2);
    scanner->depth = (uint16_t)((length - 2) / sizeof(uint16_t) - 1);
  }
}

bool tree_sitter_playbook_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  return scan(payload, lexer, valid);
}
