import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll } from 'vitest';

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

let bundled: Promise<string> | undefined;

/** The program as one file, made once for a test file: it starts in a fraction of the time that the sources take. */
export function bundledProgram(): Promise<string> {
  bundled ??= bundle();
  return bundled;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function bundle(): Promise<string> {
  // As in the package: the manifest is one folder up, and the dependencies are found from there.
  const folder = mkdtempSync(join(tmpdir(), 'collector-program-'));
  folders.push(folder);
  mkdirSync(join(folder, 'bin'));
  copyFileSync(fromHere('../package.json'), join(folder, 'package.json'));
  symlinkSync(fromHere('../../node_modules'), join(folder, 'node_modules'));
  const outfile = join(folder, 'bin', 'program.js');
  await build({
    entryPoints: [fromHere('../src/bin.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
  return outfile;
}
