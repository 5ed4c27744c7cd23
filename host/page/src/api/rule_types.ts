/** The shapes of the calls about rules. */

import type { Algorithm, Assign, Priority, RuleRef } from './types';

/** Edited files on top of the active set; `null` removes a file. */
export interface Edit {
  base?: string;
  files: Record<string, string | null>;
}

export interface Position {
  line: number;
  column: number;
  /** In UTF-8, from 0. */
  byte: number;
}

export interface Finding {
  code: string;
  level: 'error' | 'warning' | (string & {});
  file: string;
  start: Position;
  end: Position;
  message: string;
  help: string | null;
  related: { start: Position; end: Position; message: string; file?: string }[];
  situation: unknown;
  fix: { title: string; edits: { start: number; end: number; text: string }[] } | null;
}

export interface CheckReport {
  findings: Finding[];
  files: number;
  left_out: number;
}

export interface RulesStatus {
  digest: string;
  since: string;
  by: string;
  /** What is the truth about them. */
  source: 'folder' | 'store';
  /** What became of the last change. */
  last: {
    at: string;
    digest: string;
    taken: boolean;
    refusal: string | null;
    findings: Finding[];
  };
  files: { name: string; bytes: number }[];
  waiting: { digest: string; differences: number } | null;
}

export interface RuleSetInfo {
  digest: string;
  at: string;
  by: string;
}

export interface StoredRuleSet extends RuleSetInfo {
  files: Record<string, string>;
}

/** Decisions of the last day and week. */
export interface Counts {
  day_from: string;
  week_from: string;
  rules: {
    number: string;
    rule: RuleRef | null;
    /** Otherwise `rule` is where it last was. */
    current: boolean;
    alternative: number | null;
    day: number;
    week: number;
  }[];
}

/** A condition as a tree. */
export type ConditionPart =
  | { all: ConditionPart[] }
  | { any: ConditionPart[] }
  | { not: ConditionPart }
  | FlowFact;

/** A single condition in words. */
export interface FactWords {
  /** In English. */
  sentence: string;
  negation: string;
  subject: string;
  name: string | null;
  test: string | null;
  values: string[];
  seconds: number | null;
  hours: HoursPart | null;
}

export interface FlowFact extends FactWords {
  text: string;
}

export interface HoursPart {
  /** From Monday. */
  days: number[];
  dates: [string, string][];
  /** In minutes of the day. */
  times: [number, number][];
}

export interface HoursWords {
  sentence: string;
  open: HoursPart[];
  except: [string, string][];
  names: string[];
}

export interface FlowDefinition {
  text: string;
  parts: ConditionPart | null;
  hours: HoursWords | null;
}

export interface FlowStep {
  to: 'group' | 'user' | 'owner' | 'nobody' | 'queue';
  group: string | null;
  user: string | null;
  by: Algorithm | null;
  meaning: string | null;
  among: 'online' | 'available' | 'everyone' | null;
  skills: ({ any: string[] } | { customer: string })[];
  except: string[];
  except_owner: boolean;
  for_seconds: number | null;
  text: string;
}

export interface FlowRule {
  kind: 'rule' | 'also' | 'move' | 'otherwise';
  name: string | null;
  file: string;
  line: number;
  end_line: number;
  condition: string | null;
  parts: ConditionPart | null;
  steps: FlowStep[];
  replies: { text: string; once_per_seconds: number | null; after_seconds: number | null }[];
  tags: { tag: string; after_seconds: number | null }[];
  priorities: { priority: Priority; after_seconds: number | null }[];
  reached: boolean;
}

export interface Flow {
  digest: string;
  file: string | null;
  shared_with: string[];
  timezone: string;
  rules: FlowRule[];
  definitions: Record<string, FlowDefinition>;
}

export interface Week {
  digest: string;
  timezone: string;
  rules: {
    name: string | null;
    file: string;
    line: number;
    /** Minutes since Monday 00:00; `null`: not known. */
    intervals: [number, number][] | null;
    exceptions?: boolean;
  }[];
}

export interface OptionCase {
  owner: boolean;
  group: string | null;
  by: Algorithm | null;
  reply: string | null;
}

export interface Options {
  new_online: OptionCase;
  new_offline: OptionCase;
  owner_online: OptionCase;
  owner_not_online: OptionCase;
  all_offline: OptionCase;
  new_group: string | null;
  returning_group: string | null;
  unowned: 'owner_not_online' | 'all_offline';
}

export interface OptionsAnswer {
  /** Of the rules that decide, which all this is based on. */
  digest: string;
  file: string;
  shared_with: string[];
  text: string;
  options: Options | null;
  why_not: string | null;
  /** `fields`: such as `new_online.reply`. */
  findings: (Finding & { fields: string[] })[];
  /** The tests that hold now, and would not with `text`. */
  broken_tests: (TestOutcome & { can_update: boolean })[];
}

export interface Words {
  words: { word: string; class: string; form: string; meaning: string }[];
  groups: { name: string; members: string[] }[];
  users: { id: string; name: string }[];
  customer_attributes: { name: string; values: string[] | null }[];
  message_attributes: { name: string; values: string[] | null }[];
  skills: string[];
  placeholders: string[];
  files: string[];
}

export interface TestOutcome {
  name: string;
  file: string;
  line: number;
  passed: boolean;
  failures: { line: number; expected: string; got: string; help: string | null }[];
  why: string[];
}

export interface TestsReport {
  passed: number;
  failed: number;
  tests: TestOutcome[];
}

export interface ReplayDecision {
  rule: string | null;
  assign: Assign | null;
  replies: string[];
  tags: string[];
}

export interface ReplayReport {
  decisions: number;
  different: number;
  unknown: number;
  differences: { seq: number; before: ReplayDecision; after: ReplayDecision }[];
}
