// The patterns of language-configuration.json, read as the editor reads them.

import assert from "node:assert/strict";
import { test } from "node:test";

import configuration from "../language-configuration.json" with { type: "json" };
import grammar from "../syntaxes/inbox-rules.tmLanguage.json" with { type: "json" };

/** The editor takes a string as an expression without flags. */
function expression(pattern: string | { pattern: string; flags: string }): RegExp {
  return typeof pattern === "string" ? new RegExp(pattern) : new RegExp(pattern.pattern, pattern.flags);
}

test("a word ends at a dot, and has letters of every script", () => {
  const { pattern, flags } = configuration.wordPattern;
  const words = (text: string) => text.match(new RegExp(pattern, `${flags}g`));
  assert.deepEqual(words("customer.tier is"), ["customer", "tier", "is"]);
  assert.deepEqual(words("by least_chats, 5m"), ["by", "least_chats", "5m"]);
  assert.deepEqual(words('"نَزِيف é"'), ["نَزِيف", "é"]);
});

test("what follows an open end is indented", () => {
  const increase = expression(configuration.indentationRules.increaseIndentPattern);
  for (const line of ["when new_customer:", "otherwise: # all", "hours office =", "any [", 'reply """', "when ("]) {
    assert.match(line, increase);
  }
  for (const line of ['rule "a"', "# for example:", "assign owner", "when during 09:00-17:00", '"a: b"', '    """']) {
    assert.doesNotMatch(line, increase);
  }
});

test("each item begins at the left", () => {
  const decrease = expression(configuration.indentationRules.decreaseIndentPattern);
  const items = grammar.patterns.flatMap((pattern) => ("match" in pattern ? [pattern.match ?? ""] : []));
  const words = /\(\?:([a-z|]+)\)/.exec(items.find((item) => item.includes("rule|")) ?? "")?.[1]?.split("|") ?? [];
  assert.ok(words.length > 10);
  for (const word of words) assert.match(`    ${word} x`, decrease);
  for (const line of ["    rules", "    letter", "    assign owner", "    given customer new", "    uses"]) {
    assert.doesNotMatch(line, decrease);
  }
});

test("lines are broken inside a text and a comment", () => {
  const [text, comment] = configuration.onEnterRules;
  assert.match('    reply """', expression(text?.beforeText ?? "^$"));
  assert.match('"""', expression(text?.afterText ?? "^$"));
  assert.match("# a comment", expression(comment?.beforeText ?? "^$"));
  assert.doesNotMatch('reply "a # b', expression(comment?.beforeText ?? ""));
});
