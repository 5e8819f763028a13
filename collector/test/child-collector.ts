import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { bundledProgram } from './bundled-program.js';

export interface ChildCollector {
  readonly process: ChildProcess;
  /** What it printed so far. */
  readonly output: () => string;
  readonly errors: () => string;
  /** Resolves with the exit code, or with the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Resolves with the address that it printed for records, or with `undefined` when it ended before. */
  readonly recordsUrl: Promise<string | undefined>;
}

/** Runs the program as a process of its own. */
export async function childCollector(...args: string[]): Promise<ChildCollector> {
  return spawnCollector(process.execPath, [await bundledProgram(), ...args]);
}

/** As `childCollector`, called from a folder. */
export async function childCollectorIn(cwd: string, ...args: string[]): Promise<ChildCollector> {
  return spawnCollector(process.execPath, [await bundledProgram(), ...args], cwd);
}

/** As `childCollector`, which reads what another program prints. */
export async function childCollectorWith(input: Readable, ...args: string[]): Promise<ChildCollector> {
  const child = spawnCollector(process.execPath, [await bundledProgram(), ...args], process.cwd(), 'pipe');
  input.pipe(child.process.stdin as Writable);
  return child;
}

/** As `childCollector`; no file may grow beyond `maxFileKiB` there, as on a full disk. Linux only. */
export async function cramped(maxFileKiB: number, ...args: string[]): Promise<ChildCollector> {
  const script = `ulimit -S -f ${maxFileKiB}; exec "$0" "$@"`;
  return spawnCollector('bash', ['-c', script, process.execPath, await bundledProgram(), ...args]);
}

function spawnCollector(
  command: string,
  args: readonly string[],
  cwd = process.cwd(),
  stdin: 'ignore' | 'pipe' = 'ignore',
): ChildCollector {
  const child = spawn(command, args, { stdio: [stdin, 'pipe', 'pipe'], cwd }) as ChildProcessByStdio<
    Writable | null,
    Readable,
    Readable
  >;
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let output = '';
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  const printed = new Promise<string | undefined>((resolve) => {
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const url = /http:\S+\/v1\/records/.exec(output)?.[0];
      if (url !== undefined) resolve(url);
    });
    ended.then(() => resolve(undefined));
  });
  return { process: child, output: () => output, errors: () => errors, ended, recordsUrl: printed };
}
