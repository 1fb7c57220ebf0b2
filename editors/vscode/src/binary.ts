/** Where the command `playbook` is, from the setting. Knows no editor. */

/** What the setting `playbook.path` may stand on. */
export interface Surroundings {
  home: string;
  /** The first folder of the workspace. */
  folder: string | undefined;
}

/** The program to start: the setting with its `~` and `${workspaceFolder}` filled in, or what the path finds. */
export function binary(setting: string, { home, folder }: Surroundings): string {
  const path = setting.trim();
  if (path === "") return "playbook";
  const filled = folder === undefined ? path : path.replaceAll("${workspaceFolder}", folder);
  return /^~(?=[\\/]|$)/.test(filled) ? home + filled.slice(1) : filled;
}
