/** What the command `playbook` is asked. Each is a list of arguments, so that no name is taken for anything else. */

/** A client's folder that begins with a hyphen is a folder all the same. */
const folder = (client: string): string => (client.startsWith("-") ? `./${client}` : client);

export const serve = (): string[] => ["lsp"];

export const check = (client: string): string[] => ["check", folder(client)];

export const test = (client: string): string[] => ["test", folder(client)];

/** `--filter` finds part of a name in any case, so that others whose names contain it run as well. */
export const testNamed = (client: string, name: string): string[] => ["test", folder(client), `--filter=${name}`];

/** A title that begins with a hyphen is a title all the same. */
export const simulate = (client: string, scenario: string): string[] => ["simulate", "--", folder(client), scenario];

/** The client's page on standard output. */
export const document = (client: string): string[] => ["doc", folder(client), "--out", "-"];
