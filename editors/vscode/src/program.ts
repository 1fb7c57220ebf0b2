/** Starts the command `playbook`: in a terminal that the user reads, or for what it prints. */

import { execFile } from "node:child_process";
import { homedir } from "node:os";

import {
  ProcessExecution,
  Task,
  TaskPanelKind,
  TaskRevealKind,
  TaskScope,
  tasks,
  window,
  workspace,
} from "vscode";

import { binary } from "./binary.ts";

/** The program that the settings name. */
export function program(): string {
  const setting = workspace.getConfiguration("playbook").get<string>("path", "playbook");
  return binary(setting, { home: homedir(), folder: workspace.workspaceFolders?.[0]?.uri.fsPath });
}

/** Runs it where the user sees what it says. */
export async function inTerminal(title: string, commandLine: string[]): Promise<void> {
  if (!workspace.isTrusted) {
    void window.showWarningMessage("Trust this workspace to start commands in it.");
    return;
  }
  await workspace.saveAll(false);
  const folder = workspace.workspaceFolders?.[0] ?? TaskScope.Workspace;
  const task = new Task({ type: "playbook" }, folder, title, "playbook", new ProcessExecution(program(), commandLine));
  task.presentationOptions = { reveal: TaskRevealKind.Always, panel: TaskPanelKind.Shared, clear: true };
  await tasks.executeTask(task);
}

export interface Printed {
  succeeded: boolean;
  output: string;
}

/** Runs it and gives what it printed; what it complained of where it failed. */
export function output(commandLine: string[]): Promise<Printed> {
  return new Promise((resolve) => {
    execFile(program(), commandLine, { maxBuffer: 64 << 20, timeout: 60_000 }, (error, stdout, stderr) => {
      const complaint = stderr === "" && error !== null ? error.message : stderr;
      resolve(error === null ? { succeeded: true, output: stdout } : { succeeded: false, output: complaint });
    });
  });
}
