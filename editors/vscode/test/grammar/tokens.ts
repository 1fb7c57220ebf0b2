/** Tokens of a text by the TextMate grammar, as VS Code makes them. */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

import { grammar as source } from "../../grammar/playbook.ts";

export interface Token {
  line: number;
  start: number;
  end: number;
  text: string;
  scopes: string[];
}

async function load(): Promise<textmate.IGrammar> {
  const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
  await oniguruma.loadWASM(await readFile(wasm));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: (scope) =>
      Promise.resolve(
        scope === source.scopeName ? textmate.parseRawGrammar(JSON.stringify(source), "playbook.json") : null,
      ),
  });
  const grammar = await registry.loadGrammar(source.scopeName);
  if (grammar === null) throw new Error("the grammar cannot be loaded");
  return grammar;
}

const grammar = load();

export async function tokens(text: string): Promise<Token[]> {
  const all: Token[] = [];
  let state: textmate.StateStack | null = textmate.INITIAL;
  for (const [line, content] of text.split("\n").entries()) {
    const result = (await grammar).tokenizeLine(content, state);
    state = result.ruleStack;
    for (const token of result.tokens) {
      const piece = content.slice(token.startIndex, token.endIndex);
      all.push({ line, start: token.startIndex, end: token.endIndex, text: piece, scopes: token.scopes });
    }
  }
  return all;
}

/** The innermost scope, without the name of the language. */
export const innermost = (token: Token): string => token.scopes.at(-1)?.replace(/\.playbook$/, "") ?? "";
