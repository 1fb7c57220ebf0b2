/** What the editor calls: commands, the server, and what changes with the settings. */

import { type Disposable, type ExtensionContext, commands, window, workspace } from "vscode";

import { clientAtHand, folderOf } from "./clients.ts";
import { check, simulate, test, testNamed } from "./command_line.ts";
import * as lenses from "./lenses.ts";
import { Preview } from "./preview.ts";
import { inTerminal } from "./program.ts";
import { Server } from "./server.ts";

let server: Server | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const running = new Server();
  const preview = new Preview();
  server = running;
  context.subscriptions.push(
    preview,
    aboutClient("playbook.check", "check", check),
    aboutClient("playbook.test", "test", test),
    commands.registerCommand("playbook.showDocument", () => preview.show()),
    commands.registerCommand("playbook.restartServer", () => running.restart()),
    commands.registerCommand("playbook.runTest", async (...given: unknown[]) => {
      const asked = lenses.runTest(given);
      if (asked !== undefined) await inTerminal("test", testNamed(folderOf(asked.client), asked.test));
    }),
    commands.registerCommand("playbook.simulate", async (...given: unknown[]) => {
      const asked = lenses.simulate(given);
      if (asked !== undefined) await inTerminal("simulate", simulate(folderOf(asked.client), asked.scenario));
    }),
    commands.registerCommand("playbook.showContacts", async (...given: unknown[]) => {
      const asked = lenses.showContacts(given);
      if (asked === undefined) return;
      const items = asked.contacts.map(({ name, detail }) => ({ label: name, description: detail }));
      await window.showQuickPick(items, { title: asked.title, matchOnDescription: true });
    }),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("playbook.path")) void running.restart();
    }),
    workspace.onDidGrantWorkspaceTrust(() => void running.restart()),
  );
  await running.restart();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
  server = undefined;
}

/** A command about the client at hand that is run in a terminal. */
function aboutClient(command: string, title: string, commandLine: (client: string) => string[]): Disposable {
  return commands.registerCommand(command, async () => {
    const client = clientAtHand();
    if (client !== undefined) await inTerminal(title, commandLine(client));
  });
}
