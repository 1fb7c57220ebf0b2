/** The page that a client reads and signs, beside the text that it is made of; made anew whenever a playbook is saved. */

import { basename } from "node:path";

import { type Disposable, ViewColumn, type WebviewPanel, window, workspace } from "vscode";

import { clientAtHand } from "./clients.ts";
import { document } from "./command_line.ts";
import { failed, shown } from "./page.ts";
import { output } from "./program.ts";

export class Preview implements Disposable {
  /** One a client. */
  readonly #panels = new Map<string, WebviewPanel>();
  readonly #saved = workspace.onDidSaveTextDocument((saved) => {
    if (saved.languageId !== "playbook") return;
    // A module beside the client may be part of it too.
    for (const client of this.#panels.keys()) void this.#fill(client);
  });

  async show(): Promise<void> {
    const client = clientAtHand();
    if (client === undefined || !workspace.isTrusted) return;
    const open = this.#panels.get(client);
    if (open !== undefined) {
      open.reveal(undefined, true);
    } else {
      const panel = window.createWebviewPanel(
        "playbook.document",
        basename(client),
        { viewColumn: ViewColumn.Beside, preserveFocus: true },
        { enableScripts: false, localResourceRoots: [], enableFindWidget: true },
      );
      panel.onDidDispose(() => this.#panels.delete(client));
      this.#panels.set(client, panel);
    }
    await this.#fill(client);
  }

  async #fill(client: string): Promise<void> {
    const { succeeded, output: said } = await output(document(client));
    const panel = this.#panels.get(client);
    if (panel !== undefined) panel.webview.html = succeeded ? shown(said) : failed(said);
  }

  dispose(): void {
    this.#saved.dispose();
    for (const panel of this.#panels.values()) panel.dispose();
  }
}
