import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserBundle } from '../../../test/faults/_kit/client-version.js';

export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Everything that the page loads, by its path. Read once: a build that empties `dist` meanwhile does no harm. */
export function readPageFiles(): ReadonlyMap<string, PageFile> {
  const page = fileURLToPath(new URL('../page/', import.meta.url));
  const bundle = fileURLToPath(new URL('../../../dist/socket.io-diagnostics.min.js', import.meta.url));
  const paths = new Map(readdirSync(page).map((name) => [`/${name}`, join(page, name)]));
  paths.set('/socket.io.min.js', browserBundle('4-min'));
  paths.set('/socket.io-diagnostics.min.js', bundle);
  const files = [...paths].map(([path, file]) => [path, readPageFile(file)] as const);
  return new Map(files);
}

function readPageFile(file: string): PageFile {
  return { type: TYPES[extname(file)] ?? 'application/octet-stream', body: readFileSync(file) };
}
