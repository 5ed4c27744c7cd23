// The scopes that the grammar gives to each piece of a text.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { loadWASM, OnigScanner, OnigString } from "vscode-oniguruma";
import { type IGrammar, INITIAL, parseRawGrammar, Registry } from "vscode-textmate";

export interface Scoped {
  line: number;
  start: number;
  end: number;
  text: string;
  /** From the outermost, without the language's own. */
  scopes: string[];
}

const GRAMMAR = new URL("../syntaxes/inbox-rules.tmLanguage.json", import.meta.url);
const SUFFIX = ".inbox-rules";

async function load(): Promise<IGrammar> {
  const wasm = readFileSync(createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm"));
  await loadWASM(wasm);
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new OnigScanner(patterns),
      createOnigString: (text) => new OnigString(text),
    }),
    loadGrammar: async () => parseRawGrammar(readFileSync(GRAMMAR, "utf8"), GRAMMAR.pathname),
  });
  const grammar = await registry.loadGrammar("source.inbox-rules");
  if (grammar === null) throw new Error("there is no grammar");
  return grammar;
}

const grammar = load();

export async function scopes(text: string): Promise<Scoped[]> {
  const loaded = await grammar;
  let state = INITIAL;
  return text.split("\n").flatMap((content, line) => {
    const { tokens, ruleStack } = loaded.tokenizeLine(content, state);
    state = ruleStack;
    return tokens.map(({ startIndex, endIndex, scopes }) => ({
      line,
      start: startIndex,
      end: Math.min(endIndex, content.length),
      text: content.slice(startIndex, endIndex),
      scopes: scopes.slice(1).map((scope) => scope.replace(SUFFIX, "")),
    }));
  });
}
