/** Which client a command is about: the folder of the file at hand. */

import { dirname } from "node:path";

import { Uri, window } from "vscode";

const asked = "Open a playbook first: the command is about the client whose file it is.";

/** The folder of the playbook at hand; without one, the user is told. */
export function clientAtHand(): string | undefined {
  const document = window.activeTextEditor?.document;
  if (document?.languageId !== "playbook" || document.uri.scheme !== "file") {
    void window.showInformationMessage(asked);
    return undefined;
  }
  return dirname(document.uri.fsPath);
}

/** A folder as the server names it. */
export const folderOf = (client: string): string =>
  client.startsWith("file:") ? Uri.parse(client, true).fsPath : client;
