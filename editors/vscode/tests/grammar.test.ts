// The grammar against the language server: what both colour, they colour alike.

import assert from "node:assert/strict";
import { test } from "node:test";

import { SemanticTokensRequest } from "vscode-languageserver-protocol/node";

import { Client, examples, samples } from "./client";
import { type Scoped, scopes } from "./scopes";
import manifest from "../package.json" with { type: "json" };

/** What the scopes of a token begin with, by its type at the server. */
const ALIKE: Record<string, string[]> = {
  keyword: ["keyword.control"],
  operator: ["keyword.operator.logical"],
  function: ["support.function"],
  variable: ["variable.other.constant.definition", "entity.name.constant.definition"],
  event: ["variable.other.constant.calendar", "entity.name.constant.calendar"],
  property: ["support.variable.attribute", "variable.other.property"],
  enumMember: ["constant.language"],
  // Of a list of names, only the server knows what they are.
  class: ["entity.name.type.group", "string.quoted"],
  struct: ["entity.name.type.user", "string.quoted"],
  method: ["entity.name.function"],
  string: ["string.quoted"],
  macro: ["constant.other.placeholder"],
  regexp: ["string.regexp"],
  number: ["constant.numeric"],
  comment: ["comment"],
};

interface Difference {
  file: string;
  line: number;
  text: string;
  type: string;
  scopes: string;
}

/** Where the grammar and the server differ in the files of the folder of `client`; and of how many tokens. */
async function differences(client: Client, legend: string[], name: string, text: string) {
  const textDocument = { uri: client.uri(name) };
  const answer = await client.connection.sendRequest(SemanticTokensRequest.type, { textDocument });
  const data = answer?.data ?? [];
  const found = await scopes(text);
  const different: Difference[] = [];
  const content = text.split("\n");
  const known = new Set<Scoped>();
  let line = 0;
  let start = 0;
  for (let at = 0; at < data.length; at += 5) {
    const [lines = 0, columns = 0, length = 0, type = 0] = data.slice(at, at + 5);
    start = lines === 0 ? start + columns : columns;
    line += lines;
    const kind = legend[type] ?? "";
    const pieces = found.filter((piece) => piece.line === line && piece.start < start + length && piece.end > start);
    for (const piece of pieces) {
      known.add(piece);
      const isAlike = ALIKE[kind]?.some((begin) => piece.scopes.some((scope) => scope.startsWith(begin)));
      if (!isAlike) {
        const word = content[line]?.slice(start, start + length) ?? "";
        different.push({ file: name, line: line + 1, text: word, type: kind, scopes: piece.scopes.join(" ") });
      }
    }
  }
  // What only the grammar colours are signs.
  for (const piece of found.filter((piece) => !known.has(piece) && piece.text.trim() !== "")) {
    if (!/^[\s\W]*$/u.test(piece.text)) {
      const { line, text, scopes } = piece;
      different.push({ file: name, line: line + 1, text, type: "", scopes: scopes.join(" ") });
    }
  }
  return { different, tokens: data.length / 5 };
}

test("the sample policies and the examples of the reference have the colours that the language server gives them", async (context) => {
  const { client, result } = await Client.start();
  context.after(() => client.remove());
  const legend = (result.capabilities.semanticTokensProvider?.legend.tokenTypes ?? []) as string[];
  let all = 0;
  // The extension maps the types to these scopes, so that nothing changes its colour when the server answers.
  const mapped = Object.entries(manifest.contributes.semanticTokenScopes[0]?.scopes ?? {});
  assert.deepEqual(mapped.map(([type]) => type), legend);
  for (const [type, scopes] of mapped) assert.ok(ALIKE[type]?.some((begin) => scopes.includes(begin)), type);

  const texts = [...samples(), ...examples()];
  for (const [name, text] of texts) {
    await client.open(name, text);
    const { different, tokens } = await differences(client, legend, name, text);
    assert.deepEqual(different, []);
    all += tokens;
  }
  assert.ok(all > 3800, `${all} tokens`);
});

test("nothing in them is invalid", async () => {
  for (const [name, text] of [...samples(), ...examples()]) {
    const invalid = (await scopes(text)).filter((piece) => piece.scopes.some((scope) => scope.startsWith("invalid")));
    assert.deepEqual(invalid, [], name);
  }
});
