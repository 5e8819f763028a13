import { readFileSync } from 'node:fs';
import { CollectorError } from './collector-error.js';

/** Lets a project write, and nothing else. Pages show it to everybody: it names a project and can be taken back, it keeps no secret. */
export interface ProjectKey {
  /** Stands for the key in metrics and answers; the secret never does. */
  readonly name: string;
  readonly secret: string;
  /** Names of the apps that may be written as; absent: any. */
  readonly apps?: readonly string[];
  /** Origins of the pages that may send, such as `https://shop.example`; absent: any. What sends no `Origin`, as Node does, may. */
  readonly origins?: readonly string[];
}

/** Reads `name=secret`. */
export function projectKeyOf(text: string): ProjectKey {
  const at = text.indexOf('=');
  return checked({ name: text.slice(0, Math.max(0, at)), secret: text.slice(at + 1) }, '--key');
}

/** Reads a file with a JSON list of keys. */
export function readProjectKeys(path: string): readonly ProjectKey[] {
  let list: unknown;
  try {
    list = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // The message of a JSON error quotes the file, and that has secrets in it.
    throw new CollectorError(`--keys ${path} cannot be read (${code ?? 'it is not JSON'}).`);
  }
  if (!Array.isArray(list)) throw new CollectorError(`--keys ${path} must be a JSON list of keys.`);
  return list.map((key) => checked(key, `--keys ${path}`));
}

/** The same keys; a `CollectorError` names what is wrong with them and shows no secret. */
export function checkProjectKeys(given: readonly ProjectKey[]): readonly ProjectKey[] {
  const keys = given.map((key) => checked(key, 'keys'));
  for (const [index, { name, secret }] of keys.entries()) {
    const before = keys.slice(0, index);
    if (before.some((other) => other.name === name)) throw new CollectorError(`Two keys are named ${name}.`);
    if (before.some((other) => other.secret === secret)) {
      throw new CollectorError(`The key ${name} has the secret of another key.`);
    }
  }
  return keys;
}

function checked(value: unknown, where: string): ProjectKey {
  const { name, secret, apps, origins, ...others } = (
    typeof value === 'object' && value !== null ? value : {}
  ) as Partial<Record<keyof ProjectKey, unknown>>;
  const [unknown] = Object.keys(others);
  // A misspelt limit would be none.
  if (unknown !== undefined) {
    throw new CollectorError(
      `${where}: a key has "${unknown.slice(0, 60)}"; known are name, secret, apps and origins.`,
    );
  }
  if (typeof name !== 'string' || !/^[\w.-]{1,64}$/.test(name)) {
    throw new CollectorError(
      `${where} needs a name of letters, digits, ".", "_" and "-" for each key (${where === '--key' ? 'name=secret' : '{"name": …, "secret": …}'}).`,
    );
  }
  if (typeof secret !== 'string' || !/^[\w.~-]{16,200}$/.test(secret)) {
    throw new CollectorError(
      `${where}: the secret of ${name} must have 16 to 200 letters, digits or ".", "_", "~", "-", which go into an address as they are.`,
    );
  }
  return {
    name,
    secret,
    ...listOf('apps', apps, /^.+$/, `${where}: apps of ${name} must be a list of names.`),
    ...listOf(
      'origins',
      origins,
      /^https?:\/\/[^/?#\s]+$/,
      `${where}: origins of ${name} must be a list such as ["https://shop.example"], without a path.`,
    ),
  };
}

function listOf<K extends string>(name: K, value: unknown, pattern: RegExp, error: string): { [P in K]?: string[] } {
  if (value === undefined) return {};
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string' && pattern.test(one))) {
    throw new CollectorError(error);
  }
  return { [name]: value } as { [P in K]?: string[] };
}
