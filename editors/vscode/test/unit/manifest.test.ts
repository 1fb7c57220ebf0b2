/** What package.json promises is there, and what it needs the lock file names without a mirror's address. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const manifest = JSON.parse(read("package.json")) as {
  contributes: {
    commands: { command: string }[];
    configuration: { properties: Record<string, unknown> };
    configurationDefaults: Record<string, unknown>;
  };
};

test("each command of the palette has a handler", () => {
  const extension = read("src/extension.ts");
  for (const { command } of manifest.contributes.commands) {
    assert.ok(extension.includes(`"${command}"`), command);
  }
});

test("each setting is read, by us or by the client's library", () => {
  assert.deepEqual(Object.keys(manifest.contributes.configuration.properties).sort(), [
    "playbook.path",
    "playbook.trace.server",
  ]);
  assert.match(read("src/program.ts"), /getConfiguration\("playbook"\)\.get<string>\("path"/);
  // The library reads `trace.server` below the id that the client is made with.
  assert.match(read("src/server.ts"), /new LanguageClient\(\s*"playbook"/);
});

test("the lock file names no registry but npm's", () => {
  const hosts = [...read("package-lock.json").matchAll(/"resolved": "https?:\/\/([^/"]+)/g)].map(([, host]) => host);
  assert.deepEqual(hosts.filter((host) => host !== "registry.npmjs.org"), []);
});

test("the editor's own configuration closes and folds what the language has", () => {
  const configuration = JSON.parse(read("language-configuration.json")) as {
    comments: { lineComment: string };
    indentationRules: { increaseIndentPattern: string; decreaseIndentPattern: string };
    onEnterRules: { beforeText: string }[];
    wordPattern: string;
  };
  assert.equal(configuration.comments.lineComment, "//");
  const opens = new RegExp(configuration.indentationRules.increaseIndentPattern);
  const closes = new RegExp(configuration.indentationRules.decreaseIndentPattern);
  assert.match("  layer firm weight 20% {  // the first", opens);
  assert.match("  +10 when x is one of [", opens);
  assert.doesNotMatch('  phrases pain { "x" }', opens);
  assert.doesNotMatch("  // a comment {", opens);
  assert.match("  }", closes);
  assert.match("  ]", closes);
  const [documentation, comment, row] = configuration.onEnterRules.map(({ beforeText }) => new RegExp(beforeText));
  assert.match("  /// Who buys.", documentation ?? /(?!)/);
  assert.match("  // why", comment ?? /(?!)/);
  assert.doesNotMatch("  /// Who", comment ?? /(?!)/);
  assert.match("  | Contact | read |", row ?? /(?!)/);
  assert.deepEqual("score.layer_2".match(new RegExp(configuration.wordPattern, "g")), ["score", "layer_2"]);
});
