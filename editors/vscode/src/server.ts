// What is started, and for which documents. Nothing here needs the editor, so the tests start the same.

import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";

/** The language of rule files, as package.json calls it. */
export const LANGUAGE = "inbox-rules";

/** The section of the settings; the setting of the trace is named after it. */
export const SETTINGS = "inboxRules";

/** The documents of which the language server hears. Old versions that a difference shows are not among them. */
export const DOCUMENTS = [
  { scheme: "file", language: LANGUAGE },
  { scheme: "untitled", language: LANGUAGE },
  { scheme: "file", pattern: "**/inbox.toml" },
];

export interface Program {
  command: string;
  args: string[];
}

/** How the language server is started, if the setting `path` says `path`. */
export function server(path: string, folder: string | undefined, home = homedir()): Program {
  let command = path.trim() || "rules";
  if (/^~(?=$|[\\/])/.test(command)) command = join(home, command.slice(1));
  if (folder !== undefined) command = command.replaceAll("${workspaceFolder}", folder);
  return { command, args: ["lsp"] };
}

/** Whether the program can be started: its version, or what is to be done. */
export type Found = { version: string } | { problem: string };

export function find(command: string): Promise<Found> {
  return new Promise((resolve) => {
    execFile(command, ["--version"], { timeout: 10_000 }, (error, output) => {
      const version = /^rules (\d\S*)/.exec(output)?.[1];
      if (version !== undefined && error === null) resolve({ version });
      else resolve({ problem: problem(command, error?.code) });
    });
  });
}

const SETTING = "the setting `inboxRules.path`";

function problem(command: string, code: unknown): string {
  switch (code) {
    case "ENOENT":
      return /[\\/]/.test(command)
        ? `There is no program \`${command}\`. Correct ${SETTING}.`
        : `The program \`${command}\` was not found. Install it with \`cargo install --path .\` in its repository, or ` +
            `write where it is into ${SETTING}.`;
    case "EACCES":
      return `\`${command}\` is not a program that you may start. Correct ${SETTING}.`;
    default:
      return `\`${command}\` is another program: \`${command} --version\` does not say "rules". Correct ${SETTING}.`;
  }
}
