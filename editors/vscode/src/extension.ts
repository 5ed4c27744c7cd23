// The extension: it starts `rules lsp`, and says what to do where that is not possible.

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions } from "vscode-languageclient/node";

import { lines, type TestReport } from "./report";
import { DOCUMENTS, find, LANGUAGE, server, SETTINGS } from "./server";

const NAME = "Inbox rules";

/** The command of the language server that runs tests: `[uri]` or `[uri, names]`. The client registers it. */
const RUN_TESTS = "rules.runTests";

let output: vscode.LogOutputChannel;
let client: LanguageClient | undefined;
/** Starts and stops come one after the other. */
let last: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  output = vscode.window.createOutputChannel(NAME, { log: true });
  context.subscriptions.push(
    output,
    vscode.commands.registerCommand(`${SETTINGS}.restart`, restart),
    vscode.commands.registerCommand(`${SETTINGS}.runTests`, runTests),
    vscode.commands.registerCommand(`${SETTINGS}.showOutput`, () => output.show()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`${SETTINGS}.path`)) return restart();
    }),
  );
  await restart();
}

export function deactivate(): Promise<void> {
  return next(stop);
}

function restart(): Promise<void> {
  return next(async () => {
    await stop();
    await start();
  });
}

function next(step: () => Promise<void>): Promise<void> {
  last = last.then(step).catch((error: unknown) => output.error(String(error)));
  return last;
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  // A server that does not end by itself must not keep the next one from starting.
  await running?.dispose().catch((error: unknown) => output.warn(String(error)));
}

async function start(): Promise<void> {
  const path = vscode.workspace.getConfiguration(SETTINGS).get<string>("path", "rules");
  const program = server(path, vscode.workspace.workspaceFolders?.[0]?.uri.fsPath);
  const found = await find(program.command);
  if ("problem" in found) {
    output.error(found.problem);
    void ask(found.problem);
    return;
  }
  output.info(`${program.command} ${program.args.join(" ")}: rules ${found.version}`);
  const options: LanguageClientOptions = {
    documentSelector: DOCUMENTS,
    outputChannel: output,
    middleware: {
      async executeCommand(command, args, next) {
        const answer: unknown = await next(command, args);
        if (command === RUN_TESTS) show(answer as TestReport | null | undefined);
        return answer;
      },
    },
  };
  client = new LanguageClient(SETTINGS, NAME, program, options);
  await client.start();
}

/** Says what is wrong, and opens the setting if that is wanted. */
async function ask(problem: string): Promise<void> {
  const setting = "Open the setting";
  const again = "Try again";
  const chosen = await vscode.window.showErrorMessage(`${NAME}: ${problem}`, setting, again);
  if (chosen === setting) {
    await vscode.commands.executeCommand("workbench.action.openSettings", `${SETTINGS}.path`);
  } else if (chosen === again) {
    await restart();
  }
}

/** Runs the tests of the file in the editor. */
async function runTests(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (client === undefined) {
    void vscode.window.showWarningMessage(`${NAME}: the language server is not running.`);
  } else if (document?.languageId !== LANGUAGE) {
    void vscode.window.showWarningMessage(`${NAME}: the file in the editor is not a rule file.`);
  } else {
    await vscode.commands.executeCommand(RUN_TESTS, client.code2ProtocolConverter.asUri(document.uri));
  }
}

/** Writes each test into the output. The server itself shows the result in one sentence. */
function show(report: TestReport | null | undefined): void {
  if (report === null || report === undefined) return;
  for (const line of lines(report)) output.info(line);
  if (report.failed > 0) output.show(true);
}
