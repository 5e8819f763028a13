import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface StartedDemo {
  readonly url: string;
  readonly dashboardUrl: string;
  /** From the start of the process to the address on the terminal. */
  readonly startedAfterMs: number;
  /** Presses Ctrl-C, which reaches every process of a terminal, or sends SIGINT to npm alone; gives the exit code. */
  interrupt(who?: 'terminal' | 'npm'): Promise<number | null>;
}

/** Runs `npm start` as a user would and waits for the addresses that it prints. */
export async function startedDemo(): Promise<StartedDemo> {
  const startedAt = Date.now();
  // A group of its own, so that the test can press Ctrl-C for all of it.
  const npm = spawn('npm', ['start'], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(npm, 'exit') as Promise<[number | null]>;
  const said = await addressesOf(npm);
  return {
    ...said,
    startedAfterMs: Date.now() - startedAt,
    interrupt: async (who = 'terminal') => {
      if (npm.pid !== undefined && npm.exitCode === null) process.kill(who === 'npm' ? npm.pid : -npm.pid, 'SIGINT');
      return (await exited)[0];
    },
  };
}

function addressesOf(npm: ChildProcess): Promise<{ url: string; dashboardUrl: string }> {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer) => {
      said += chunk;
      const url = /Open +(\S+)/.exec(said)?.[1];
      const dashboardUrl = /Dashboard +(\S+)/.exec(said)?.[1];
      if (url && dashboardUrl) resolve({ url, dashboardUrl });
    };
    npm.stdout?.on('data', listen);
    npm.stderr?.on('data', listen);
    npm.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${said}`)));
  });
}
