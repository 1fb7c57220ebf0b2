/** Every playbook of the repository is coloured without getting lost in it. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { declarations } from "../../grammar/words.ts";
import { innermost, tokens } from "./tokens.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const read = (file: string): string => readFileSync(root + file, "utf8");

/** Those that hold together by what their folders say; the compiler's examples of mistakes are not among them. */
const folders = ["playbooks", "examples", "stdlib", "tests", "language/tests/fixtures/valid"];
const files = folders.flatMap((folder) =>
  readdirSync(root + folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".playbook"))
    .map((file) => `${folder}/${file}`),
);

test("there are playbooks to colour", () => {
  assert.ok(files.length > 40, files.join(" "));
});

for (const file of files) {
  test(`${file} is coloured to its end`, async () => {
    const text = read(file);
    const all = await tokens(`${text}\nscore behind for Contact {`);
    const wrong: string[] = [];
    for (const token of all) {
      const where = `${token.line + 1}:${token.start + 1} \`${token.text}\``;
      if (token.scopes.some((scope) => scope.startsWith("invalid."))) wrong.push(`${where} is invalid`);
      // A declaration's keyword in column 0 is one whatever stands before it, unless that is a text.
      const inText = token.scopes.some((scope) => scope.startsWith("string."));
      const [, word = ""] = /^([a-z]+)/.exec(token.text) ?? [];
      const declares = declarations.some((known) => known === word) && (word !== "contact" || token.text === "contact policy");
      if (token.start === 0 && declares && !inText && innermost(token) !== "storage.type") {
        wrong.push(`${where} is ${token.scopes.join(" ")}`);
      }
    }
    const last = all.filter((token) => token.line === all.at(-1)?.line);
    assert.deepEqual(last.slice(0, 3).map(innermost), ["storage.type", "meta.declaration.score", "entity.name.function"]);
    assert.equal(last.at(-1)?.scopes.length, 4, "something before is still open");
    assert.deepEqual(wrong, []);
  });
}

test("texts are coloured where the language has texts", async () => {
  for (const file of files) {
    for (const token of await tokens(read(file))) {
      const quoted = token.text.includes('"');
      const scopes = token.scopes.join(" ");
      if (quoted) assert.match(scopes, /string\.|comment\./, `${file}:${token.line + 1} \`${token.text}\``);
    }
  }
});

test("what a mistake leaves open ends at the next declaration", async () => {
  const broken = 'score a for Contact {\n  layer b {\n    +1 when x is one of [\nphrases pain { "x" }\n';
  const all = await tokens(broken);
  const declared = all.filter((token) => innermost(token) === "storage.type").map((token) => token.text);
  assert.deepEqual(declared, ["score", "phrases"]);
});

test("the words that begin a declaration are those of the language", () => {
  const table = read("language/src/token/mod.rs");
  const [, listed = ""] = /\/\/ Declarations\.\n([\s\S]*?)\/\/ Clients and types\./.exec(table) ?? [];
  const words = [...listed.matchAll(/"(\w+)"/g)].map(([, word]) => word).filter((word) => word !== "policy");
  assert.deepEqual(words.sort(), [...declarations].sort());
});
