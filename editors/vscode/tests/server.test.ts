// The language server, started as the extension starts it, and asked as its client asks.

import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import {
  CodeLensRequest,
  CompletionRequest,
  type CompletionList,
  ExecuteCommandRequest,
  type InitializeResult,
  InsertTextFormat,
  MessageType,
} from "vscode-languageserver-protocol/node";

import { lines, type TestReport } from "../src/report";
import { find, server } from "../src/server";
import { Client, RULES, samples } from "./client";
import manifest from "../package.json" with { type: "json" };

const NAME = "+15550100.rules";
const TEXT = samples().get(NAME) ?? "";

let client: Client;
let result: InitializeResult;

before(async () => {
  ({ client, result } = await Client.start());
  await client.open(NAME, TEXT);
});

after(() => client.remove());

test("a sound policy has no findings, and a misspelt word has one with a place", async () => {
  assert.deepEqual(await client.diagnostics(NAME), []);
  await client.change(NAME, 2, TEXT.replace("by least_chats", "by least_chat"));
  const [found, ...others] = await client.diagnostics(NAME);
  assert.deepEqual(others, []);
  assert.equal(found?.code, "unknown-algorithm");
  const line = TEXT.split("\n").findIndex((line) => line.includes("by least_chats"));
  assert.equal(found.range.start.line, line);
  await client.change(NAME, 3, TEXT);
  assert.deepEqual(await client.diagnostics(NAME), []);
});

test("inbox.toml is served, too", async (context) => {
  const { client } = await Client.start();
  context.after(() => client.remove());
  await client.open("inbox.toml", '[users.alice]\ncapacity = "many"\n');
  const found = await client.diagnostics("inbox.toml");
  assert.equal(found[0]?.range.start.line, 1);
});

test("the command of each lens is one that the client registers, and runs its tests", async () => {
  const registered = result.capabilities.executeCommandProvider?.commands ?? [];
  // What the extension registers by itself may not be registered twice.
  const own = manifest.contributes.commands.map(({ command }) => command);
  assert.deepEqual(own.filter((command) => registered.includes(command)), []);

  const other = "default.rules";
  await client.open(other, "when new_customer: assign nobody\notherwise: assign nobody\n\n" +
    'test "good": expect assign nobody\ntest "bad": expect waiting\n');
  const textDocument = { uri: client.uri(other) };
  const lenses = (await client.connection.sendRequest(CodeLensRequest.type, { textDocument })) ?? [];
  const run = lenses.filter(({ command }) => command?.title === "run test");
  assert.equal(run.length, 2);
  for (const { command } of lenses) {
    assert.ok(command?.command === "" || registered.includes(command?.command ?? "?"), command?.command);
  }
  const [good, bad] = run.map(({ command }) => ({ command: command?.command ?? "", arguments: command?.arguments ?? [] }));
  assert.ok(good !== undefined && bad !== undefined);

  const passed = (await client.connection.sendRequest(ExecuteCommandRequest.type, good)) as TestReport;
  assert.deepEqual(lines(passed), ["passed  default.rules:4: good"]);
  assert.deepEqual(await client.message(), { type: MessageType.Info, message: "the test `good` passes" });

  const failed = (await client.connection.sendRequest(ExecuteCommandRequest.type, bad)) as TestReport;
  assert.equal(failed.failed, 1);
  const [first, why] = lines(failed);
  assert.equal(first, "failed  default.rules:5: bad");
  assert.match(why ?? "", /^ {8}line 5: expected waiting, but got /);
  assert.equal((await client.message()).type, MessageType.Warning);

  // The command of the palette, which has no names.
  const all = { command: good.command, arguments: [client.uri(other)] };
  const both = (await client.connection.sendRequest(ExecuteCommandRequest.type, all)) as TestReport;
  assert.deepEqual([both.passed, both.failed], [1, 1]);
});

test("whole rules are completed at the start of an item", async () => {
  const position = { line: TEXT.split("\n").length - 1, character: 0 };
  const params = { textDocument: { uri: client.uri(NAME) }, position };
  const answer = await client.connection.sendRequest(CompletionRequest.type, params);
  const items = Array.isArray(answer) ? answer : ((answer as CompletionList | null)?.items ?? []);
  assert.ok(items.some(({ insertTextFormat }) => insertTextFormat === InsertTextFormat.Snippet));
});

test("the server asks the client to watch rule files and inbox.toml", () => {
  const watched = JSON.stringify(client.registered.map(({ registerOptions }) => registerOptions));
  assert.match(watched, /\*\*\/\*\.rules/);
  assert.match(watched, /\*\*\/inbox\.toml/);
});

test("the setting says which program it is", () => {
  assert.deepEqual(server("rules", "/shop"), { command: "rules", args: ["lsp"] });
  assert.equal(server("", "/shop").command, "rules");
  assert.equal(server("~/bin/rules", "/shop", "/home/mona").command, join("/home/mona", "bin/rules"));
  assert.equal(server("${workspaceFolder}/rules", "/shop").command, "/shop/rules");
  assert.equal(server("~mona", undefined).command, "~mona");
});

test("a program that cannot be started is told with what to do", async () => {
  const folder = mkdtempSync(join(tmpdir(), "inbox-rules-"));
  try {
    const written = (name: string, mode: number, text: string) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      chmodSync(path, mode);
      return path;
    };
    const problem = async (path: string) => {
      const found = await find(path);
      return "problem" in found ? found.problem : `version ${found.version}`;
    };
    assert.match(await problem("no-such-rules"), /was not found. Install it with `cargo install --path \.`.*inboxRules\.path/);
    assert.match(await problem(join(folder, "none")), /^There is no program .*inboxRules\.path/);
    assert.match(await problem(written("plain", 0o644, "")), /is not a program that you may start/);
    assert.match(await problem(written("other", 0o755, "#!/bin/sh\necho other 1.0\n")), /is another program/);
    assert.match(await problem(written("fails", 0o755, "#!/bin/sh\nexit 3\n")), /is another program/);
    assert.match(await problem(RULES), /^version \d+\.\d+\.\d+/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the server ends when it is told to", async () => {
  const { client: other } = await Client.start();
  assert.equal(await other.stop(), 0);
});
