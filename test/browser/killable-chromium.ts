import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type BrowserContext, chromium } from 'playwright-core';
import { chromiumArguments, chromiumPath } from './launch-chromium.js';

/** Chromium as a process of our own with a profile that outlives it. */
export interface KillableChromium {
  readonly context: BrowserContext;
  /** Ends it and all its children at once, as the system does when it needs the memory: nobody gets to write anything down. */
  kill(): Promise<void>;
}

export async function startKillableChromium(profile: string): Promise<KillableChromium> {
  const child = spawn(
    chromiumPath,
    ['--headless=new', ...chromiumArguments, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'],
    // A process group of its own, so that its children can be killed with it.
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  const ended = once(child, 'exit');
  const address = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
      const found = /DevTools listening on (\S+)/.exec(said);
      if (found?.[1]) resolve(found[1]);
    });
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`Chromium ended: ${said.slice(-300)}`)));
  });
  const browser = await chromium.connectOverCDP(address);
  const [context] = browser.contexts();
  if (!context) throw new Error('Chromium started without a context');
  return {
    context,
    async kill() {
      if (child.exitCode === null && child.signalCode === null && child.pid) process.kill(-child.pid, 'SIGKILL');
      await ended;
    },
  };
}
