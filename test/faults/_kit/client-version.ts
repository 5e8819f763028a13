import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Connect } from './drive-client.js';

/**
 * Client versions by the names under which package.json installs them. `4-min` is the minified browser bundle of the newest, `4-msgpack`
 * the one with socket.io-msgpack-parser instead of the default parser, `4-bundled` what a bundler makes of it, with its classes.
 */
export type ClientVersion = '1' | '2' | '3' | '4.0' | '4.5' | '4' | '4-min' | '4-msgpack' | '4-bundled';

const load = createRequire(import.meta.url);

const packageOf = (version: ClientVersion) =>
  version.startsWith('4-') || version === '4' ? 'socket.io-client' : `socket.io-client-${version}`;

/** The `io` function of that version for Node. */
export function nodeClient(version: ClientVersion): Connect {
  const loaded = load(packageOf(version));
  if (version !== '4-msgpack') return loaded.io ?? loaded;
  const parser = load('socket.io-msgpack-parser');
  return (url, options) => loaded.io(url, { ...options, parser });
}

/** The transport classes of the newest client, by name. */
export async function nodeTransports(): Promise<Readonly<Record<string, unknown>>> {
  // The CommonJS entry exports only the function `io`.
  return import('socket.io-client');
}

/** What a page loads for that version: the published file, or what a bundler makes of the package. */
export async function browserClient(version: ClientVersion): Promise<string> {
  if (version !== '4-bundled') return readFile(browserBundle(version), 'utf8');
  const { outputFiles } = await build({
    stdin: {
      contents:
        "import * as client from 'socket.io-client'; Object.assign(globalThis, { io: client.io, transports: client });",
      resolveDir: dirname(fileURLToPath(import.meta.url)),
    },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
  });
  return outputFiles[0]?.text ?? '';
}

/** The file that a page would load by a script tag; it defines the global `io`. */
export function browserBundle(version: ClientVersion): string {
  const folder = join(dirname(load.resolve(`${packageOf(version)}/package.json`)), 'dist');
  const variant = { '4-min': '.min', '4-msgpack': '.msgpack.min' }[version as string] ?? '';
  return join(folder, `socket.io${variant}.js`);
}
