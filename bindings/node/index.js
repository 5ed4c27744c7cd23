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
  const value = typeof seed === 'bigint' || Number.isInteger(seed) ? BigInt(seed) : -1n;
  if (BigInt.asUintN(64, value) !== value) {
    throw new RangeError(`a seed is a whole number from 0 to ${2n ** 64n - 1n}`);
  }
  return value;
}

function textOf(text, name) {
  if (typeof text !== 'string') throw new TypeError(`\`${name}\` is a string`);
  return text;
}

async function check(path) {
  const text = textOf(path, 'path');
  return JSON.parse(await callAsync(() => native.check(text)));
}

class RuleSet {
  #native;

  constructor(set) {
    if (!(set instanceof native.NativeRuleSet)) throw new TypeError('use `RuleSet.load`');
    this.#native = set;
  }

  static async load(folder) {
    const text = textOf(folder, 'folder');
    return new RuleSet(await callAsync(() => native.load(text)));
  }

  decide(situation, { seed = 0, explain = false } = {}) {
    const text = JSON.stringify(situation);
    if (text === undefined) throw new TypeError('a situation is an object');
    return JSON.parse(call(() => this.#native.decide(text, seedOf(seed), Boolean(explain))));
  }
}

class Reloader {
  #native;
  #onOutcome;
  #isClosed = false;

  constructor(reloader, onOutcome) {
    if (!(reloader instanceof native.NativeReloader)) throw new TypeError('use `Reloader.watch`');
    this.#native = reloader;
    this.#onOutcome = onOutcome;
  }

  static async watch(folder, onOutcome) {
    const text = textOf(folder, 'folder');
    if (onOutcome !== undefined && typeof onOutcome !== 'function') throw new TypeError('`onOutcome` is not a function');
    const teller = Reloader.#teller();
    const live = new Reloader(await callAsync(() => native.watch(text, teller.tell)), onOutcome);
    teller.follow(live).forEach((outcome) => queueMicrotask(() => live.#tell(outcome)));
    return live;
  }

  /**
   * Hands outcomes on to a reloader. The compiled part holds `tell`, which therefore does not hold the reloader or what
   * hears of outcomes: they would never be garbage.
   */
  static #teller() {
    const early = [];
    let told;
    return {
      tell: (outcome) => (told === undefined ? early.push(outcome) : told.deref()?.#tell(outcome)),
      follow: (live) => {
        told = new WeakRef(live);
        return early;
      },
    };
  }

  #tell(outcome) {
    if (this.#onOutcome && !this.#isClosed) this.#onOutcome(JSON.parse(outcome));
  }

  current() {
    return new RuleSet(this.#open().current());
  }

  outcome() {
    return JSON.parse(call(() => this.#open().outcome()));
  }

  async accept(digest) {
    const outcome = await callAsync(() => this.#open().accept(textOf(digest, 'digest')));
    return outcome === null ? null : JSON.parse(outcome);
  }

  close() {
    this.#isClosed = true;
    this.#native.close();
  }

  #open() {
    if (this.#isClosed) throw new RulesError('the reloader is closed');
    return this.#native;
  }
}

module.exports = { LoadError, Reloader, RuleSet, RulesError, SituationError, check };
