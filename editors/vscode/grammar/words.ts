/** The words of the language that the grammar tells apart. What they mean is known to the server alone. */

/** Words that begin a declaration in column 0; `contact` does with `policy` behind it. */
export const declarations = [
  "client", "use", "entity", "extend", "event", "fact", "score", "phrases", "objection", "source", "test", "refine",
  "agent", "permissions", "priority", "contact", "action", "template", "experiment", "workflow", "feedback", "goal",
  "publish", "forecast", "rubric", "scenario", "backtest",
] as const;

export type Declaration = (typeof declarations)[number];

/** Types that a field can have and that are no record. */
export const types = ["text", "number", "percent", "money", "duration", "date", "time", "objection"];

export const units = "(?:business\\s+)?(?:second|minute|hour|day|week|month|year)s?";

/** Where a declaration begins, whatever is still open before it. */
export const restart = `^(?=(?:${declarations.filter((word) => word !== "contact").join("|")}|contact(?=[ \\t]+policy))\\b)`;
