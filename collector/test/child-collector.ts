import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url));

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

/** Runs the program as a process of its own, from the sources. */
export function childCollector(...args: string[]): ChildCollector {
  const child = spawn(process.execPath, ['--import', 'tsx', bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
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
