/** Decides who answers a customer: inbox_rules for Node. The shapes of objects are in `types.d.ts`. */

import type { CheckReport, Decision, Finding, Outcome, Situation } from './types';

export type * from './types';

/** Why a call fails. `message` is one sentence: what is wrong, where, and what to do. */
export class RulesError extends Error {}

/** The rules could not be loaded. */
export class LoadError extends RulesError {
  private constructor();
  /** The faults of the rules; empty if the folder cannot be read. */
  readonly findings: Finding[];
}

/** A situation cannot be decided. */
export class SituationError extends RulesError {
  private constructor();
  /** The field, such as `customer.owner`; `null` if the error is not about one field. */
  readonly place: string | null;
}

/**
 * Checks a folder of rules, or one file in it: what `rules check --format json` prints. It runs on a
 * thread of Node's pool. Rejects with a `LoadError` if there is nothing at that path.
 */
export function check(path: string): Promise<CheckReport>;

/** How a situation is decided. */
export interface DecideOptions {
  /** Random choices depend on it and the message id, and on nothing else; 0 if it is missing. */
  seed?: number | bigint;
  /** Whether the decision has the reasons, as `why`; `false` if it is missing. */
  explain?: boolean;
}

/** The rules of a folder. They never change. */
export class RuleSet {
  private constructor();
  /** Reads the rules of a folder, on a thread of Node's pool. Rejects with a `LoadError`. */
  static load(folder: string): Promise<RuleSet>;
  /**
   * Decides a situation as `rules route` does. It takes some microseconds, so it does not return a promise. A situation
   * without `at` is decided at the current time. `JSON.stringify` writes the situation, so `NaN` is `null`. Throws a
   * `SituationError`.
   */
  decide(situation: Situation, options?: DecideOptions): Decision;
}

/** The current rules of a folder, which are replaced as a whole whenever its files have changed and are sound. */
export class Reloader {
  private constructor();
  /**
   * Follows a folder. `onOutcome` is called with each outcome, the first included; what it throws is an uncaught
   * exception. Node ends even while a folder is followed, and a reloader that nobody holds any longer follows nothing.
   * Rejects with a `LoadError` if the first rules are not sound.
   */
  static watch(folder: string, onOutcome?: (outcome: Outcome) => void): Promise<Reloader>;
  /** The current rules. It never blocks. */
  current(): RuleSet;
  /** The outcome of the last change. */
  outcome(): Outcome;
  /**
   * Makes the rules with that digest current, if they wait to be accepted (`waiting` in an outcome). Gives
   * the outcome, or `null` if they do not wait. It runs on a thread of Node's pool.
   */
  accept(digest: string): Promise<Outcome | null>;
  /** Stops watching. `onOutcome` is not called any more. */
  close(): void;
}
