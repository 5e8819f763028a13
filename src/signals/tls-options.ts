import type { ClientManager } from './client-shapes.js';

const NAMES = ['ca', 'cert', 'key', 'pfx', 'passphrase', 'ciphers', 'rejectUnauthorized', 'agent'];

/**
 * TLS options that Node's client was given, so that a probe is sent under the same conditions; browsers have none. They are passed to the
 * request and kept nowhere.
 */
export function tlsOptions(manager: ClientManager): object | undefined {
  const opts = manager.engine?.opts ?? manager.opts ?? {};
  const isGiven = (name: string) =>
    opts[name] !== undefined && opts[name] !== null && (opts[name] !== false || name === 'rejectUnauthorized');
  const given: Record<string, unknown> = {};
  for (const name of NAMES.filter(isGiven)) given[name] = opts[name];
  return Object.keys(given).length > 0 ? given : undefined;
}
