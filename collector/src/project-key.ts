import { readFileSync } from 'node:fs';
import { CollectorError } from './collector-error.js';

/** Lets a project write, and nothing else. Pages expose it to everybody: it identifies a project and can be revoked, but it is no secret. */
export interface ProjectKey {
  /** Stands for the key in metrics and responses; the secret never appears there. */
  readonly name: string;
  readonly secret: string;
  /** Names of the apps whose records it may write; absent: any. */
  readonly apps?: readonly string[];
  /** Origins of the pages that may send, such as `https://shop.example`; absent: any. Senders without an `Origin`, such as Node, always may. */
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
    // The message of a JSON error quotes the file, which contains secrets.
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
    if (before.some((other) => other.name === name)) throw new CollectorError(`Two keys have the name ${name}.`);
    if (before.some((other) => other.secret === secret)) {
      throw new CollectorError(`The key ${name} has the same secret as another key.`);
    }
  }
  return keys;
}

function checked(value: unknown, where: string): ProjectKey {
  const { name, secret, apps, origins, ...others } = (
    typeof value === 'object' && value !== null ? value : {}
  ) as Partial<Record<keyof ProjectKey, unknown>>;
  const [unknown] = Object.keys(others);
  // A misspelled limit would have no effect.
  if (unknown !== undefined) {
    throw new CollectorError(
      `${where}: a key has an unknown field "${unknown.slice(0, 60)}"; the fields are name, secret, apps and origins.`,
    );
  }
  if (typeof name !== 'string' || !/^[\w.-]{1,64}$/.test(name)) {
    throw new CollectorError(
      `${where} needs a name for each key, made of letters, digits, ".", "_" and "-" (${where === '--key' ? 'name=secret' : '{"name": …, "secret": …}'}).`,
    );
  }
  if (typeof secret !== 'string' || !/^[\w.~-]{16,200}$/.test(secret)) {
    throw new CollectorError(
      `${where}: the secret of ${name} must consist of 16 to 200 letters, digits or ".", "_", "~", "-", which need no encoding in a URL.`,
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
