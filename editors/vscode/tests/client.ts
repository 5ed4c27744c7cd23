// A client of `rules lsp` without an editor. It starts what the extension starts.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import {
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  type Diagnostic,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  type ProtocolConnection,
  RegistrationRequest,
  type Registration,
  ShowMessageNotification,
  type ShowMessageParams,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  WorkDoneProgressCreateRequest,
} from "vscode-languageserver-protocol/node";

import { DOCUMENTS, LANGUAGE, server } from "../src/server";

export const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));

/** The program that is tested. */
export const RULES = process.env["RULES_PROGRAM"] ?? join(REPOSITORY, "target/debug/rules");

/** The sample policies, by name. */
export function samples(): Map<string, string> {
  const folder = join(REPOSITORY, "rules");
  const names = readdirSync(folder).filter((name) => name.endsWith(".rules"));
  return new Map(names.sort().map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

/** The examples of rules in the reference, and what its tables list. Each has the name of a file. */
export function examples(): [string, string][] {
  const page = readFileSync(join(REPOSITORY, "docs/language.md"), "utf8");
  const fences = [...page.matchAll(/^```rules\n(.*?)^```$/gms)].map((fence) => fence[1] ?? "");
  const tables = [
    ...column(page, "Condition").map((condition) => `when ${condition}: assign nobody`),
    ...column(page, "Condition in a `move` rule").map((condition) => `move when ${condition}: assign nobody`),
    ...column(page, "Action").map((action) => `otherwise: ${action}`),
    ...column(page, "Algorithm").map((algorithm) => `otherwise: assign group "Sales" ${algorithm}`),
    ...column(page, "Given").map((given) => `test "given":\n    ${given}`),
    ...column(page, "Expect").map((expect) => `test "expect":\n    ${expect}`),
  ];
  const texts = [...fences, tables.join("\n\n")];
  return texts.map((text, at) => [`+1999000${String(at).padStart(4, "0")}.rules`, text]);
}

/** The code in the first column of the tables whose header begins with `head`. */
function column(page: string, head: string): string[] {
  const tables = page.split(`\n| ${head} |`).slice(1);
  const rows = tables.flatMap((table) => table.slice(0, table.indexOf("\n\n")).split("\n").slice(2));
  const cells = rows.map((row) => row.split(" |")[0] ?? "");
  return cells.flatMap((cell) => cell.split("`").filter((_, at) => at % 2 === 1));
}

/** A folder with the sample inbox, its policies, and a client of a server that works in it. */
export class Client {
  readonly messages: ShowMessageParams[] = [];
  readonly registered: Registration[] = [];
  private readonly heard: (() => void)[] = [];

  private constructor(
    readonly folder: string,
    readonly connection: ProtocolConnection,
    readonly ended: Promise<number | null>,
    private readonly process: ChildProcess,
  ) {}

  static async start(): Promise<{ client: Client; result: InitializeResult }> {
    const folder = mkdtempSync(join(tmpdir(), "inbox-rules-"));
    for (const [name, text] of samples()) writeFileSync(join(folder, name), text);
    writeFileSync(join(folder, "inbox.toml"), readFileSync(join(REPOSITORY, "rules/inbox.toml")));

    const { command, args } = server(RULES, folder);
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const client = new Client(folder, connection, ended, child);
    connection.onNotification(ShowMessageNotification.type, (message) => {
      client.messages.push(message);
      for (const heard of client.heard.splice(0)) heard();
    });
    connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
      client.registered.push(...registrations);
    });
    connection.onRequest(WorkDoneProgressCreateRequest.type, () => undefined);
    connection.listen();
    const result = await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "rules" }],
      capabilities: {
        general: { positionEncodings: ["utf-16"] },
        workspace: { didChangeWatchedFiles: { dynamicRegistration: true }, executeCommand: {} },
        textDocument: {
          diagnostic: { dynamicRegistration: true },
          codeLens: {},
          completion: { completionItem: { snippetSupport: true } },
          semanticTokens: { requests: { full: true }, tokenTypes: [], tokenModifiers: [], formats: [] },
        },
      },
    });
    await connection.sendNotification(InitializedNotification.type, {});
    return { client, result };
  }

  uri(name: string): string {
    return pathToFileURL(join(this.folder, name)).href;
  }

  /** Opens a document of the language that the editor would give it. */
  async open(name: string, text: string): Promise<void> {
    const isOurs = DOCUMENTS.some(({ pattern }) => pattern === `**/${name}`) || name.endsWith(".rules");
    if (!isOurs) throw new Error(`the extension does not serve ${name}`);
    const languageId = name.endsWith(".rules") ? LANGUAGE : "toml";
    const textDocument = { uri: this.uri(name), languageId, version: 1, text };
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
  }

  async change(name: string, version: number, text: string): Promise<void> {
    const textDocument = { uri: this.uri(name), version };
    const change = { textDocument, contentChanges: [{ text }] };
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, change);
  }

  async diagnostics(name: string): Promise<Diagnostic[]> {
    const textDocument = { uri: this.uri(name) };
    const report = await this.connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument });
    return report.kind === "full" ? report.items : [];
  }

  /** The next message that is shown and was not read yet. */
  async message(): Promise<ShowMessageParams> {
    while (this.messages.length === 0) await new Promise<void>((resolve) => this.heard.push(resolve));
    return this.messages.shift() as ShowMessageParams;
  }

  /** Ends the server. */
  async stop(): Promise<number | null> {
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    const code = await this.ended;
    this.remove();
    return code;
  }

  /** Ends the server in any case. */
  remove(): void {
    this.connection.dispose();
    this.process.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
