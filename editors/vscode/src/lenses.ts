/** What the server's code lenses bring along, read before it is believed. */

/** What stands behind a lens here is done here, and not by the server. */
export const OWN_COMMANDS = ["playbook.runTest", "playbook.simulate", "playbook.showContacts"];

/** Of `playbook.runTest`. */
export interface RunTest {
  /** The client's folder: a path or a `file:` address. */
  client: string;
  /** The test's name. */
  test: string;
}

/** Of `playbook.simulate`. */
export interface Simulate {
  /** The client's folder: a path or a `file:` address. */
  client: string;
  /** The scenario's title. */
  scenario: string;
}

/** Of `playbook.showContacts`. */
export interface ShowContacts {
  /** Whom the list shows. */
  title: string;
  contacts: { name: string; detail: string }[];
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Given as one object, or as two texts. */
function ofClient(given: readonly unknown[], what: string): [client: string, named: string] | undefined {
  const [first, second] = given;
  const client = text(first) ?? text(record(first)["client"]);
  const named = text(second) ?? text(record(first)[what]);
  return client === undefined || named === undefined ? undefined : [client, named];
}

export function runTest(given: readonly unknown[]): RunTest | undefined {
  const [client, test] = ofClient(given, "test") ?? [];
  return client === undefined || test === undefined ? undefined : { client, test };
}

export function simulate(given: readonly unknown[]): Simulate | undefined {
  const [client, scenario] = ofClient(given, "scenario") ?? [];
  return client === undefined || scenario === undefined ? undefined : { client, scenario };
}

export function showContacts(given: readonly unknown[]): ShowContacts | undefined {
  const { title, contacts } = record(given[0]);
  if (!Array.isArray(contacts)) return undefined;
  const read = contacts.map((contact: unknown) => {
    const { name, detail } = record(contact);
    return { name: text(contact) ?? text(name), detail: text(detail) ?? "" };
  });
  return {
    title: text(title) ?? "Contacts",
    contacts: read.flatMap(({ name, detail }) => (name === undefined ? [] : [{ name, detail }])),
  };
}
