'use strict';

// Objects and errors, made of the JSON texts that the compiled part takes and gives. index.d.ts describes each function.

const native = load();

function load() {
  try {
    return require('./inbox_rules.node');
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    throw new Error('the addon is not built: `npm run build` in bindings/node of inbox_rules', { cause: error });
  }
}

class RulesError extends Error {
  get name() {
    return this.constructor.name;
  }
}

class LoadError extends RulesError {
  constructor(message, findings) {
    super(message);
    this.findings = findings;
  }
}

class SituationError extends RulesError {
  constructor(message, place) {
    super(message);
    this.place = place;
  }
}

/** The error that the compiled part describes in its message, as JSON. */
function errorOf(error) {
  let details;
  try {
    details = JSON.parse(error.message);
  } catch {
    return error;
  }
  const { kind, message, findings, place } = details;
  if (kind === 'load') return new LoadError(message, findings);
  if (kind === 'situation') return new SituationError(message, place);
  return new RulesError(message);
}

function call(work) {
  try {
    return work();
  } catch (error) {
    throw errorOf(error);
  }
}

async function callAsync(work) {
  try {
    return await work();
  } catch (error) {
    throw errorOf(error);
  }
}

function seedOf(seed) {
  const value = BigInt(seed);
  if (BigInt.asUintN(64, value) !== value) {
    throw new RangeError(`a seed is a whole number from 0 to ${2n ** 64n - 1n}`);
  }
  return value;
}

async function check(path) {
  return JSON.parse(await callAsync(() => native.check(String(path))));
}

class RuleSet {
  #native;

  constructor(set) {
    if (!(set instanceof native.NativeRuleSet)) throw new TypeError('use `RuleSet.load`');
    this.#native = set;
  }

  static async load(folder) {
    return new RuleSet(await callAsync(() => native.load(String(folder))));
  }

  decide(situation, { seed = 0, explain = false } = {}) {
    const text = JSON.stringify(situation);
    if (text === undefined) throw new TypeError('a situation is an object');
    return JSON.parse(call(() => this.#native.decide(text, seedOf(seed), Boolean(explain))));
  }
}

class Reloader {
  #native;
  #watch;

  constructor(reloader, watch) {
    if (!(reloader instanceof native.NativeReloader)) throw new TypeError('use `Reloader.watch`');
    this.#native = reloader;
    this.#watch = watch;
  }

  static async watch(folder, onOutcome) {
    const watch = { closed: false };
    const tell = (outcome) => {
      if (onOutcome && !watch.closed) onOutcome(JSON.parse(outcome));
    };
    return new Reloader(await callAsync(() => native.watch(String(folder), tell)), watch);
  }

  current() {
    return new RuleSet(this.#open().current());
  }

  outcome() {
    return JSON.parse(call(() => this.#open().outcome()));
  }

  async accept(digest) {
    const outcome = await callAsync(() => this.#open().accept(String(digest)));
    return outcome === null ? null : JSON.parse(outcome);
  }

  close() {
    this.#watch.closed = true;
    this.#native.close();
  }

  #open() {
    if (this.#watch.closed) throw new RulesError('the reloader is closed');
    return this.#native;
  }
}

module.exports = { LoadError, Reloader, RuleSet, RulesError, SituationError, check };
