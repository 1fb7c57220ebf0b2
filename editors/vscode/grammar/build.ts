/** Writes the grammars where VS Code reads them. */

import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { grammar } from "./playbook.ts";
import { markdown } from "./markdown.ts";

const folder = new URL("../syntaxes/", import.meta.url);
mkdirSync(fileURLToPath(folder), { recursive: true });
for (const [file, content] of [["playbook", grammar], ["markdown", markdown]] as const) {
  writeFileSync(new URL(`${file}.tmLanguage.json`, folder), `${JSON.stringify(content, undefined, 1)}\n`);
}
