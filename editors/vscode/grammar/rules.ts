/** Rules of a TextMate grammar, and the few ways in which this one makes them. */

import { restart } from "./words.ts";

export interface Rule {
  name?: string;
  contentName?: string;
  match?: string;
  begin?: string;
  end?: string;
  include?: string;
  captures?: Record<string, { name?: string; patterns?: Rule[] }>;
  beginCaptures?: Record<string, { name?: string; patterns?: Rule[] }>;
  endCaptures?: Record<string, { name?: string; patterns?: Rule[] }>;
  patterns?: Rule[];
}

/** A scope of this language. */
export const scope = (name: string): string => `${name}.playbook`;

export const include = (name: string): Rule => ({ include: `#${name}` });

/** `match`, with a scope for each of its groups in order. */
export const match = (pattern: string, ...names: (string | undefined)[]): Rule => ({
  match: pattern,
  captures: Object.fromEntries(
    names.flatMap((name, index) => (name === undefined ? [] : [[String(index + 1), { name: scope(name) }]])),
  ),
});

/** One of some words, as a word of its own and no part of a path. */
export const words = (name: string, all: readonly string[]): Rule => ({
  match: `(?<![\\w.])(?:${all.join("|")})(?![\\w.])`,
  name: scope(name),
});

/** The first word of a clause: on its line, or in its block. */
export const first = (pattern: string, ...names: (string | undefined)[]): Rule =>
  match(`(?:^|\\G)\\s*${pattern}`, ...names);

/** A block in braces with its clauses; one that is never closed ends where the next declaration begins. */
export const block = (...patterns: Rule[]): Rule => ({
  name: scope("meta.block"),
  begin: "\\{",
  end: `\\}|${restart}`,
  beginCaptures: { "0": { name: scope("punctuation.section.block.begin") } },
  endCaptures: { "0": { name: scope("punctuation.section.block.end") } },
  patterns: [include("comment"), ...patterns],
});

/** From its first word to the end of its block; one on a line of its own with a block behind it. */
export const headed = (pattern: string, names: (string | undefined)[], header: Rule[], inside: Rule): Rule => ({
  begin: `(?:^|\\G)\\s*${pattern}`,
  end: `(?<=\\})|(?=\\})|${restart}`,
  beginCaptures: match("", ...names).captures ?? {},
  patterns: [include("comment"), ...header, inside],
});

/** A declaration: from column 0 to whatever stands in column 0 next, or to the end of its block. */
export const declaration = (
  word: string,
  name: string | undefined,
  header: Rule[],
  inside?: Rule,
  named = "[A-Za-z_][\\w.]*",
): Rule => ({
  name: scope(`meta.declaration.${word.split(/[^a-z]/, 1)[0] ?? word}`),
  begin: name === undefined ? `^(${word})\\b` : `^(${word})\\b(?:\\s+(${named}))?`,
  end: "(?<=\\})|^(?=[^\\s{}\\]/|])",
  beginCaptures: match("", "storage.type", name).captures ?? {},
  patterns: [include("comment"), ...header, ...(inside === undefined ? [] : [inside])],
});
