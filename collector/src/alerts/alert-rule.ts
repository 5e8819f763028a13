import { readFileSync } from 'node:fs';
import { CollectorError } from '../collector-error.js';

/** When to report that a cause affects many sessions: if both `sessions` and `share` are given, both must hold. */
export interface ThresholdRule {
  /** Used in messages, and to recognize a cause that was already reported; must be unique among the rules. */
  readonly name: string;
  /** Only this cause; absent: each cause separately, except informational ones and usage mistakes. */
  readonly code?: string;
  readonly app?: string;
  readonly environment?: string;
  /** Sessions with an incident of the cause that opened within the window. Absent: 10. */
  readonly sessions?: number;
  /** The same as a share of all sessions that started within the window, from 0 to 1. */
  readonly share?: number;
  /** Absent: 60. */
  readonly windowMinutes?: number;
}

/** When to report a release with a cause that none of the app's earlier releases had. */
export interface FirstSeenRule extends Pick<ThresholdRule, 'name' | 'code' | 'app' | 'environment' | 'sessions'> {
  readonly firstSeen: true;
}

export type AlertRule = ThresholdRule | FirstSeenRule;

export const DEFAULT_WINDOW_MINUTES = 60;
/** A share of fewer is chance. */
export const DEFAULT_SESSIONS = 10;
/** A single session may be a robot, or a developer with a broken network. */
export const DEFAULT_FIRST_SEEN_SESSIONS = 3;

/** The rules used if none are given. */
export const DEFAULT_RULES: readonly AlertRule[] = [
  { name: 'many-sessions', share: 0.05 },
  { name: 'new-in-release', firstSeen: true },
];

const MAX_RULES = 100;
const MAX_WINDOW_MINUTES = 7 * 24 * 60;

/** Reads `{"rules": [...]}`. */
export function readAlertRules(path: string): readonly AlertRule[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CollectorError(`--alerts ${path} cannot be read (${code ?? message}).`);
  }
  const { rules, ...others } = (value ?? {}) as { rules?: unknown };
  if (!Array.isArray(rules) || Object.keys(others).length > 0) {
    throw new CollectorError(`--alerts ${path} must be {"rules": [...]} and nothing else.`);
  }
  return checkAlertRules(rules, `--alerts ${path}`);
}

/** The same rules; a `CollectorError` names what is wrong with them. */
export function checkAlertRules(given: readonly unknown[], where = 'alerts'): readonly AlertRule[] {
  if (given.length === 0 || given.length > MAX_RULES) {
    throw new CollectorError(`${where} takes 1 to ${MAX_RULES} rules, not ${given.length}.`);
  }
  const rules = given.map((rule, index) => checked(rule, `${where}: rule ${index + 1}`));
  const names = rules.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new CollectorError(`${where}: two rules have the name ${twice}.`);
  return rules;
}

interface Check {
  readonly takes: string;
  readonly fits: (value: unknown) => boolean;
}

const word: Check = {
  takes: 'a string of 1 to 200 characters',
  fits: (value) => typeof value === 'string' && value.length > 0 && value.length <= 200,
};
const count = (max: number): Check => ({
  takes: `a whole number from 1 to ${max}`,
  fits: (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= max,
});

const FIELDS: Readonly<Record<string, Check>> = {
  name: {
    takes: 'letters, digits, ".", "_" and "-"',
    fits: (value) => typeof value === 'string' && /^[\w.-]{1,64}$/.test(value),
  },
  code: word,
  app: word,
  environment: word,
  sessions: count(1e9),
  share: {
    takes: 'a number above 0 and up to 1, such as 0.05 for 5 %',
    fits: (value) => typeof value === 'number' && value > 0 && value <= 1,
  },
  windowMinutes: count(MAX_WINDOW_MINUTES),
  firstSeen: { takes: 'true', fits: (value) => value === true },
};

function checked(rule: unknown, where: string): AlertRule {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) {
    throw new CollectorError(`${where} must be an object such as {"name": "many-sessions", "sessions": 50}.`);
  }
  for (const [name, value] of Object.entries(rule)) {
    const check = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (check === undefined) {
      throw new CollectorError(
        `${where} has an unknown field "${name.slice(0, 60)}"; the fields are ${Object.keys(FIELDS).join(', ')}.`,
      );
    }
    if (!check.fits(value)) {
      throw new CollectorError(`${where}: ${name} takes ${check.takes}, not ${JSON.stringify(value)?.slice(0, 60)}.`);
    }
  }
  if (!Object.hasOwn(rule, 'name')) throw new CollectorError(`${where} needs a name.`);
  if ('firstSeen' in rule) {
    const excess = ['share', 'windowMinutes'].find((name) => Object.hasOwn(rule, name));
    if (excess !== undefined) throw new CollectorError(`${where}: ${excess} cannot be combined with firstSeen.`);
  }
  return rule as AlertRule;
}
