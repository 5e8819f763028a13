import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Connect } from './drive-client.js';

/** Client versions by the names under which package.json installs them; `4-min` is the minified browser bundle of the newest. */
export type ClientVersion = '1' | '2' | '3' | '4.0' | '4.5' | '4' | '4-min';

const load = createRequire(import.meta.url);

const packageOf = (version: ClientVersion) =>
  version === '4' || version === '4-min' ? 'socket.io-client' : `socket.io-client-${version}`;

/** The `io` function of that version for Node. */
export function nodeClient(version: ClientVersion): Connect {
  const loaded = load(packageOf(version));
  return loaded.io ?? loaded;
}

/** The file that a page would load by a script tag; it defines the global `io`. */
export function browserBundle(version: ClientVersion): string {
  const folder = join(dirname(load.resolve(`${packageOf(version)}/package.json`)), 'dist');
  return join(folder, version === '4-min' ? 'socket.io.min.js' : 'socket.io.js');
}
