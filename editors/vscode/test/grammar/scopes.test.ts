/** The scopes that the fixture states are those that the grammar gives. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { type Token, tokens } from "./tokens.ts";

interface Expected {
  line: number;
  start: number;
  end: number;
  scopes: string[];
}

const fixture = readFileSync(new URL("scopes.playbook", import.meta.url), "utf8");

/** The text without its statements, and each statement with the line that it is about. */
function read(text: string): { plain: string; expected: Expected[] } {
  const plain: string[] = [];
  const expected: Expected[] = [];
  for (const line of text.split("\n")) {
    const under = /^\/\/( *)(\^+) (.+)$/.exec(line);
    const first = /^\/\/ <- (.+)$/.exec(line);
    if (under !== null) {
      const [, blanks = "", marks = "", scopes = ""] = under;
      const start = 2 + blanks.length;
      expected.push({ line: plain.length - 1, start, end: start + marks.length, scopes: scopes.split(" ") });
    } else if (first !== null) {
      expected.push({ line: plain.length - 1, start: 0, end: 1, scopes: (first[1] ?? "").split(" ") });
    } else {
      plain.push(line);
    }
  }
  return { plain: plain.join("\n"), expected };
}

const { plain, expected } = read(fixture);
const all = await tokens(plain);
const lines = plain.split("\n");

test("the fixture states what it is to state", () => {
  assert.ok(expected.length > 90, `${expected.length} statements`);
});

test("each statement of the fixture holds", () => {
  const wrong = expected.flatMap(({ line, start, end, scopes }) => {
    const reached = all.filter((token: Token) => token.line === line && token.start < end && token.end > start);
    const missing = (token: Token) =>
      scopes.filter((scope) => !token.scopes.some((name) => name.startsWith(`${scope}.`)));
    const differences = reached
      .filter((token) => missing(token).length > 0)
      .map((token) => `${token.start}: \`${token.text}\` is ${token.scopes.slice(1).join(" ")}, not ${missing(token).join(" ")}`);
    const about = `${lines[line] ?? ""}\n  `;
    return reached.length === 0 ? [`${about}nothing stands at ${start}`] : differences.map((text) => about + text);
  });
  assert.deepEqual(wrong, []);
});
