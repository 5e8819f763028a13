import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import type { Listening } from './listen.js';

export interface Program {
  /** Name of the command, found on PATH unless `scripts/system-packages.mjs` has put its path into this variable. */
  readonly command: string;
  readonly env: string;
  /** Files to write before it starts, by name; the folder is a fresh one and is removed when the program has ended. */
  readonly files: (place: { readonly port: number; readonly folder: string }) => Readonly<Record<string, string>>;
  readonly args: (folder: string) => readonly string[];
  /** What the program prints once it listens. */
  readonly ready: RegExp;
  readonly scheme?: 'http' | 'https';
}

/** Somebody else may take the port between requesting a free one and listening on it. */
const MAX_STARTS = 3;

/** Runs a server program of this machine, unprivileged and with a folder of its own, until it is closed. */
export async function startProgram(program: Program): Promise<Listening> {
  for (let starts = 1; ; starts += 1) {
    try {
      return await startOnce(program);
    } catch (error) {
      if (starts === MAX_STARTS || !/address already in use|cannot bind/i.test(String(error))) throw error;
    }
  }
}

async function startOnce({ command, env, files, args, ready, scheme = 'http' }: Program): Promise<Listening> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), `${command}-`));
  for (const [name, text] of Object.entries(files({ port, folder }))) await writeFile(join(folder, name), text);
  const child = spawn(process.env[env] ?? command, args(folder), {
    stdio: ['ignore', 'pipe', 'pipe'],
    // In a process group of its own: Apache ends its whole group, which would include the test.
    detached: true,
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  const gone = once(child, 'exit');
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  const close = async () => {
    end();
    await gone;
    process.off('exit', end);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await new Promise<void>((resolve, reject) => {
      let said = '';
      const listen = (chunk: Buffer) => {
        said += chunk;
        if (ready.test(said)) resolve();
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
      gone.then(([status]) => reject(new Error(`${command} ended with ${status}: ${said}`)), reject);
    });
  } catch (error) {
    if (child.pid !== undefined) await close();
    throw error;
  }
  return { port, url: `${scheme}://127.0.0.1:${port}`, close };
}
