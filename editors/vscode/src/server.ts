/** The language server, `playbook lsp`: started, started anew, and stopped. */

import { commands, type Disposable, window, workspace } from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";

import { serve } from "./command_line.ts";
import { OWN_COMMANDS } from "./lenses.ts";
import { program } from "./program.ts";

export class Server implements Disposable {
  #client: LanguageClient | undefined;
  /** Starting and stopping happen one after the other, however fast they are asked for. */
  #turn: Promise<void> = Promise.resolve();

  /** Starts it, or starts it anew. */
  restart(): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      await this.#stop();
      await this.#start();
    });
    return this.#turn;
  }

  stop(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#stop());
    return this.#turn;
  }

  async #start(): Promise<void> {
    if (!workspace.isTrusted) return;
    const command = program();
    const client = new LanguageClient(
      "playbook",
      "Playbook",
      { command, args: serve(), transport: TransportKind.stdio },
      {
        documentSelector: [{ scheme: "file", language: "playbook" }, { scheme: "untitled", language: "playbook" }],
        // What this extension does by itself the server need not offer; two commands of one name would be refused.
        initializationOptions: { commands: OWN_COMMANDS },
      },
    );
    try {
      await client.start();
      this.#client = client;
    } catch (error) {
      await client.dispose().catch(() => undefined);
      const settings = "Open Settings";
      const why = error instanceof Error ? error.message : String(error);
      void window
        .showErrorMessage(`\`${command} lsp\` does not start: ${why}. The setting playbook.path says where it is.`, settings)
        .then((chosen) => {
          if (chosen === settings) void commands.executeCommand("workbench.action.openSettings", "playbook.path");
        });
    }
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    // A server that has died cannot be stopped any more, and need not be.
    await client?.dispose().catch(() => undefined);
  }

  dispose(): void {
    void this.stop();
  }
}
